"""What the person who goes on has to know of a bargaining, as one value. Pure.

Owns which facts: what the customer said he can pay, every offer with his answer to it, what he proposed himself, by
which rule it ended and what may be taken up again. Knows no words and no amounts but the talk's own; made from the
replies and moves that are on record, so that the card and the audit cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.negotiation.screen import Stop
from bot.negotiation.talk import Action, Counter, Move, Reason, Reply
from bot.negotiation.values import Capacity, Offer


class Answer(str, Enum):
    """What became of an offer."""

    REFUSED = "refused"
    COUNTERED = "countered"  #: he proposed something else
    NEW_MEANS = "new_means"  #: he named other figures of what he can pay
    ACCEPTED = "accepted"  #: in words; not signed
    STOPPED = "stopped"  #: something was said that ended the bargaining
    OPEN = "open"  #: not answered yet


@dataclass(frozen=True)
class OfferMade:
    """An offer as it was told, in order, with his answer; ``counter`` what he proposed instead."""

    offer: Offer
    answer: Answer
    counter: Counter | None = None


@dataclass(frozen=True)
class HandoverFacts:
    """``told`` is the last he said he can pay; ``reasons`` those of the last move; ``stop`` why it ended, if it did."""

    told: Capacity | None
    offers: tuple[OfferMade, ...]
    wished: tuple[Counter, ...]  #: his own proposals, in order
    reasons: tuple[Reason, ...]
    stop: Stop | None

    @property
    def refused(self) -> tuple[Offer, ...]:
        """What need not be offered to him again."""
        return tuple(one.offer for one in self.offers if one.answer in (Answer.REFUSED, Answer.COUNTERED))


def handover_facts(
    replies: Sequence[Reply], moves: Sequence[Move], stop: Stop | None = None
) -> HandoverFacts:
    """The facts of a talk: the opening move, then one move for each reply (`replay.replayed`).

    ``stop``: what ended it in a message that was no reply of the talk. ValueError when the two do not fit together.
    """
    if len(moves) != len(replies) + 1:
        raise ValueError("a talk has one move more than replies")
    answers = [*replies, None]
    offers = tuple(
        OfferMade(move.offer, _answer(reply, stop), reply.counter if reply is not None else None)
        for move, reply in zip(moves, answers)
        if move.action is Action.OFFER and move.offer is not None
    )
    capacities = [reply.capacity for reply in replies if reply.capacity is not None]
    return HandoverFacts(
        told=capacities[-1] if capacities else None,
        offers=offers,
        wished=tuple(reply.counter for reply in replies if reply.counter is not None),
        reasons=moves[-1].reasons,
        stop=stop,
    )


def _answer(reply: Reply | None, stop: Stop | None) -> Answer:
    if reply is None:
        return Answer.OPEN if stop is None else Answer.STOPPED
    if reply.signal:
        return Answer.STOPPED
    if reply.accepted:
        return Answer.ACCEPTED
    if reply.counter is not None:
        return Answer.COUNTERED
    return Answer.NEW_MEANS if reply.capacity is not None else Answer.REFUSED
