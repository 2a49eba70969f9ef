"""The negotiator: asks what the customer can pay, offers within it, gives way, and calls a person in time.

Owns the order of a talk as frozen values: `begin` asks, `next_move(state, reply)` answers. Any signal that needs
a person ends the bargaining at once. Every move carries `Reason`s: which rule, by which figures, so that an
auditor can play the talk again. Knows no words and no customer: only what he said he can pay. Which offers are
legal comes in from the mandate; which of them is best from `choice` by a model a bank learns from its cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.money import Money
from bot.negotiation.choice import (
    DEMO_MEANS,
    NONE_REFUSED,
    PLACE,
    Means,
    Option,
    Outlook,
    Refused,
    growth,
    never_dearer,
    options,
)
from bot.negotiation.debtors import Debtors
from bot.negotiation.terms import Asked, Pricing, asked
from bot.negotiation.values import Capacity, Debt, Offer, OfferKind


class Rule(str, Enum):
    """Why a move was made; the figures beside it make it replayable."""

    ASK_FIRST = "ask_first"  #: what he can pay is not known yet
    SIGNAL = "signal"  #: something was said that needs a person
    NO_AUTHORITY = "no_authority"  #: the mandate allows no offer on this debt
    NOTHING_AFFORDABLE = "nothing_affordable"  #: no legal offer within what he can pay
    BEST_EXPECTED = "best_expected"  #: the highest expected value of what he can pay
    NEVER_DEARER = "never_dearer"  #: kept below the offer he refused
    COUNTER_MET = "counter_met"  #: his own proposal is legal and affordable
    COUNTER_NEAREST = "counter_nearest"  #: the legal offer nearest to his proposal
    PERSON_WORTH_MORE = "person_worth_more"  #: every other offer is worth less than a person's help
    AGREED = "agreed"


class Action(str, Enum):
    ASK = "ask"
    OFFER = "offer"
    HUMAN = "human"
    DONE = "done"


@dataclass(frozen=True)
class Reason:
    """``figures``: name and value as text, in the order they are explained."""

    rule: Rule
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Move:
    """What the bot does next; ``offer`` and ``asked`` for an offer and for what was agreed."""

    action: Action
    reasons: tuple[Reason, ...]
    offer: Offer | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class Counter:
    """The customer's own proposal; what he did not name is None. ``terms`` 1 or ``upfront``: pays at once."""

    monthly: Money | None = None
    terms: int | None = None
    upfront: Money | None = None
    starts_in: int | None = None  #: months he asks to wait


@dataclass(frozen=True)
class Reply:
    """What the customer said to the last move."""

    accepted: bool = False
    signal: str = ""  #: why a person is needed; empty: nothing
    capacity: Capacity | None = None
    counter: Counter | None = None


@dataclass(frozen=True)
class Talk:
    """Where a negotiation stands. ``legal``: what the mandate allows today."""

    debt: Debt
    legal: tuple[Offer, ...]
    model: Debtors
    means: Means = DEMO_MEANS
    pricing: Pricing = asked
    turn: int = 1
    told: Capacity | None = None
    choices: tuple[Option, ...] = ()
    refused: Refused = NONE_REFUSED
    standing: int | None = None  #: the option offered last
    ended: bool = False


def begin(talk: Talk) -> tuple[Talk, Move]:
    """The first move: a question, or a person where the bot may offer nothing."""
    if not talk.legal:
        return _person(talk, Reason(Rule.NO_AUTHORITY, (("debt", talk.debt.total.text),)))
    return talk, Move(Action.ASK, (Reason(Rule.ASK_FIRST),))


def next_move(talk: Talk, reply: Reply) -> tuple[Talk, Move]:
    """The answer to a reply. After the end (a person, an agreement) every reply is a person's (ValueError)."""
    if talk.ended:
        raise ValueError("this negotiation has ended")
    if reply.signal:
        return _person(talk, Reason(Rule.SIGNAL, (("signal", reply.signal),)))
    if reply.accepted and talk.standing is not None:
        return _agreed(talk, talk.choices[talk.standing])
    passed = _passed(talk)
    if reply.capacity is not None:
        passed = _understood(passed, reply.capacity)
    if passed.told is None:
        return passed, Move(Action.ASK, (Reason(Rule.ASK_FIRST),))
    if not passed.choices:
        figures = (("monthly", passed.told.monthly.text), ("at_hand", passed.told.at_hand.text))
        return _person(passed, Reason(Rule.NOTHING_AFFORDABLE, figures))
    if reply.counter is not None:
        met = _nearest(passed, reply.counter)
        if met is not None:
            return _offered(passed, met, _counter_reason(passed.choices[met], reply.counter))
    return _best(passed)


def _passed(talk: Talk) -> Talk:
    """One turn later; the standing offer is now a refused one."""
    refused = talk.refused
    if talk.standing is not None:
        places = list(refused)
        places[PLACE[talk.choices[talk.standing].offer.kind]] = talk.standing
        refused = (places[0], places[1], places[2])
    return replace(talk, turn=talk.turn + 1, refused=refused, standing=None)


def _understood(talk: Talk, told: Capacity) -> Talk:
    """New figures: the offers he can pay are found anew; what he refused before is kept where it still counts."""
    found = options(talk.debt, talk.legal, told, talk.model, talk.means, talk.pricing)
    known = {option.offer: index for index, option in enumerate(found)}
    kept = [known.get(talk.choices[index].offer) if index is not None else None for index in talk.refused]
    return replace(talk, told=told, choices=found, refused=(kept[0], kept[1], kept[2]))


def _best(talk: Talk) -> tuple[Talk, Move]:
    assert talk.told is not None
    outlook = Outlook(talk.choices, talk.model, talk.means, float(talk.debt.total.yuan), growth(talk.told))
    pick = outlook.pick(talk.turn, talk.refused)
    worth = (("expected", f"{pick.expected:.2f}"), ("turn", str(talk.turn)), ("model", talk.model.version))
    if pick.option is None:
        return _person(talk, Reason(Rule.PERSON_WORTH_MORE, worth))
    reasons = [Reason(Rule.BEST_EXPECTED, (*worth, ("yes", f"{pick.yes:.3f}"), *_within(pick.option)))]
    last = talk.refused[PLACE[pick.option.offer.kind]]
    if last is not None:
        before = talk.choices[last].asked.monthly
        reasons.append(Reason(Rule.NEVER_DEARER, (("before", before.text),)))
    return _offered(talk, talk.choices.index(pick.option), *reasons)


def _within(option: Option) -> tuple[tuple[str, str], ...]:
    return (
        ("monthly", option.asked.monthly.text),
        ("upfront", option.asked.upfront.text),
        ("share", f"{option.said.share:.3f}"),
    )


def _offered(talk: Talk, index: int, *reasons: Reason) -> tuple[Talk, Move]:
    option = talk.choices[index]
    return replace(talk, standing=index), Move(Action.OFFER, reasons, option.offer, option.asked)


def _person(talk: Talk, reason: Reason) -> tuple[Talk, Move]:
    return replace(talk, ended=True), Move(Action.HUMAN, (reason,))


def _agreed(talk: Talk, option: Option) -> tuple[Talk, Move]:
    reason = Reason(Rule.AGREED, _within(option))
    return replace(talk, ended=True), Move(Action.DONE, (reason,), option.offer, option.asked)


def _fits(option: Option, counter: Counter) -> bool:
    """Whether an option is no harder than what the customer proposed."""
    lump = option.offer.kind is OfferKind.LUMP
    if counter.monthly is not None and (lump or option.asked.monthly > counter.monthly):
        return False
    if counter.upfront is not None and option.asked.upfront > counter.upfront:
        return False
    if counter.terms is not None and (0 if lump else option.asked.count) < (
        counter.terms if counter.terms > 1 else 0
    ):
        return False
    return counter.starts_in is None or option.asked.first > counter.starts_in


def _nearest(talk: Talk, counter: Counter) -> int | None:
    """The dearest option no harder than his proposal, worth more than a person, never dearer than before."""
    floor = _floor(talk)
    for index, option in enumerate(talk.choices):
        last = talk.refused[PLACE[option.offer.kind]]
        allowed = last is None or (never_dearer(option, talk.choices[last]) and index != last)
        if allowed and option.value > floor and _fits(option, counter):
            return index
    return None


def _floor(talk: Talk) -> float:
    nobody = Outlook((), talk.model, talk.means, float(talk.debt.total.yuan), 0.0)
    return nobody.pick(talk.turn, NONE_REFUSED).expected


def _counter_reason(option: Option, counter: Counter) -> Reason:
    exact = (counter.terms is None or counter.terms == option.asked.count) and (
        counter.monthly is None or counter.monthly == option.asked.monthly
    )
    wished = [(name, str(value)) for name, value in vars(counter).items() if value is not None]
    return Reason(Rule.COUNTER_MET if exact else Rule.COUNTER_NEAREST, (*wished, *_within(option)))
