"""Turns: claimed with a lease and a fencing token, committed in one short transaction, never lost.

A turn covers a range of the customer's messages. Messages that arrive while it runs join it (it is run
again over all of them, at most three times); every message received at desk bot is covered by exactly
one turn that ends: answered, superseded (the desk moved) or given up (apology and a person).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from conversation import hints as topics
from conversation import notices
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.effects import AskBank, DoubtSpeaker, Effect, Escalate, Keep, OpenTicket
from conversation.errors import TurnLost
from conversation.escalation import Reason
from conversation.hints import Hints
from conversation.message import Button, Choice, Reply, Sender
from conversation.registering import register
from conversation.state import Claim, Entry, TurnRow, new_id, new_token
from conversation.store.journal_store import JournalStore
from conversation.store.unit import Unit
from conversation.talk import Talk, talking

LEASE = timedelta(seconds=20)  #: outlives the turn limit of 10 s
MAX_ATTEMPTS = 3
MAX_RUNS = 3  #: how often a turn is run again because the customer went on writing
#: what one turn takes on of what waits (messages, code points): the rest is the next turn's, so that nobody's
#: flood makes a turn too long to end, and others come between
MAX_MESSAGES, MAX_LENGTH = 20, 4000
BUTTON_LIFE = timedelta(hours=24)
RETRY_AFTER = timedelta(milliseconds=500)


#: writes what a turn wants kept, inside the turn's transaction; the same value again must change nothing
Keeper = Callable[[Talk, Any], None]


@dataclass(frozen=True)
class Outcome:
    """What the bot made of a turn; see TurnResult of the engine."""

    replies: tuple[Reply, ...]
    tracker: bytes
    model_version: str
    effects: tuple[Effect, ...] = ()
    answers: tuple[str, ...] = ()
    trace: dict[str, Any] = field(default_factory=dict)


class Turns:
    def __init__(
        self, store: JournalStore, clock: Clock, hints: Hints, keepers: Mapping[str, Keeper] | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._hints = hints
        self._keepers = keepers or {}

    def claim(self, worker: str) -> Claim | None:
        """The oldest claimable turn, leased to ``worker``; None when there is nothing to do."""
        with self._store.unit() as unit:
            turns = unit.claimable_turns(MAX_ATTEMPTS)
            if not turns:
                return None
            turn = turns[0]
            claim = bounded(unit.claim_of(replace(turn, token=new_token(), attempts=turn.attempts + 1)))
            unit.update_turn(
                turn.id,
                state="running",
                to_seq=claim.to_seq,
                token=claim.token,
                worker=worker,
                attempts=claim.attempt,
                lease_until=unit.now + LEASE,
            )
            return replace(claim, more=len(turns) > 1)

    def has_work(self) -> bool:
        """Whether a claim may find something: a read, for polling (writers are precious on SQLite)."""
        return self._store.has_claimable_turn(MAX_ATTEMPTS)

    def commit(self, claim: Claim, outcome: Outcome) -> Claim | None:
        """Everything of the turn in one transaction; None when done, or the claim to run again because
        the customer went on writing. TurnLost when token or epoch are no longer ours: throw away."""
        with self._store.unit() as unit, talking(unit, claim.conversation_id, self._clock.now()) as talk:
            turn = self._held(unit, talk, claim)
            last = talk.state.last_customer_seq
            joins = last > claim.to_seq and claim.run < MAX_RUNS and not claim.full
            if joins or _knows_too_much(talk, claim):
                return self._joined(unit, turn, claim)
            self._answer(talk, turn, claim, outcome)
            if last > claim.to_seq:
                self._cover_rest(talk, turn, claim.to_seq, last)
        news = [topics.conversation(claim.conversation_id), topics.FEED]
        news += [topics.TURNS] if last > claim.to_seq else []
        news += (
            [topics.OUTBOX] if any(isinstance(effect, (AskBank, Keep)) for effect in outcome.effects) else []
        )
        self._hints.publish(*news)
        return None

    def _held(self, unit: Unit, talk: Talk, claim: Claim) -> TurnRow:
        turn = unit.turn(claim.turn_id)
        if turn.state != "running" or turn.token != claim.token or talk.state.epoch != claim.epoch:
            raise TurnLost()
        return turn

    def _joined(self, unit: Unit, turn: TurnRow, claim: Claim) -> Claim:
        again = bounded(unit.claim_of(turn))
        unit.update_turn(turn.id, to_seq=again.to_seq, lease_until=unit.now + LEASE)
        return replace(again, run=claim.run + 1)

    def _cover_rest(self, talk: Talk, turn: TurnRow, answered_to: int, last: int) -> None:
        """What was said during the last run: the next turn's or, when this one called a person, left to
        the person; the turn that called him covers it."""
        if talk.state.desk is Desk.BOT:
            talk.open_turn(answered_to + 1, last, talk.unit.now)
        else:
            talk.unit.update_turn(turn.id, to_seq=last)

    def _answer(self, talk: Talk, turn: TurnRow, claim: Claim, outcome: Outcome) -> None:
        unit = talk.unit
        for reply in outcome.replies:
            talk.append(self._entry(talk, turn, reply, outcome))
        unit.save_tracker(talk.state.id, outcome.tracker, outcome.model_version)
        talk.end_turn(
            turn,
            "answered",
            claim.to_seq,
            trace=outcome.trace,
            model_version=outcome.model_version,
            error=None,
        )
        for position, effect in enumerate(outcome.effects):
            self._carry_out(talk, turn, claim, position, effect)

    def _entry(self, talk: Talk, turn: TurnRow, reply: Reply, outcome: Outcome) -> Entry:
        return Entry(
            Sender.BOT,
            reply.text,
            buttons=tuple(self._button(talk, choice) for choice in reply.choices),
            card=reply.card,
            turn_id=turn.id,
            model_version=outcome.model_version,
            answers=outcome.answers,
        )

    def _button(self, talk: Talk, choice: Choice) -> Button:
        button = Button(choice.title, new_id("b"))
        talk.unit.add_button(talk.state.id, button.payload, choice, talk.at + BUTTON_LIFE)
        return button

    def _carry_out(self, talk: Talk, turn: TurnRow, claim: Claim, position: int, effect: Effect) -> None:
        if isinstance(effect, Escalate):
            if talk.state.desk is Desk.BOT:
                talk.escalate(effect.reason, effect.skill, effect.facts)
        elif isinstance(effect, OpenTicket):
            register(talk, effect, talk.unit.customer_rows(talk.state.id, turn.from_seq, claim.to_seq))
        elif isinstance(effect, DoubtSpeaker):
            talk.state = replace(talk.state, doubted_at=talk.at)
        elif isinstance(effect, Keep):
            self._keepers[effect.what](talk, effect.value)
        elif isinstance(effect, AskBank):
            talk.unit.add_outbox(
                id=new_id("o"),
                topic="bank",
                conversation_id=talk.state.id,
                idempotency_key=f"{turn.id}:{position}",
                payload={
                    "kind": effect.kind,
                    "customer_id": effect.customer_id,
                    "payload": effect.payload,
                    "summary": effect.summary,
                },
                state="pending",
                attempts=0,
                next_at=talk.unit.now,
                created_at=talk.at,
            )

    def fail(self, claim: Claim, error: str) -> None:
        """The attempt failed: give the turn back for another one, soon. Stale claims are ignored."""
        with self._store.unit() as unit:
            unit.lock(claim.conversation_id)
            turn = unit.turn(claim.turn_id)
            if turn.state == "running" and turn.token == claim.token:
                unit.update_turn(
                    turn.id,
                    state="waiting",
                    token=None,
                    lease_until=None,
                    not_before=unit.now + RETRY_AFTER * turn.attempts,
                    error=error[:2000],
                )
        self._hints.publish(topics.TURNS)

    def release_worker(self, worker: str) -> int:
        """A worker is known to be dead: give its turns to the others now, before the lease runs out."""
        with self._store.unit() as unit:
            released = unit.release_turns_of(worker)
        if released:
            self._hints.publish(topics.TURNS)
        return released

    def give_up_overdue(self, patience: timedelta) -> int:
        """End the turns nobody will answer: attempts used up, or waiting longer than ``patience`` (no
        worker alive). Each ends with an apology and a person. Returns how many; safe to run anywhere."""
        turns, now = self._store.open_turns()
        return sum(self._give_up(turn, patience) for turn in turns if is_overdue(turn, now, patience))

    def _give_up(self, overdue: TurnRow, patience: timedelta) -> int:
        with self._store.unit() as unit, talking(unit, overdue.conversation_id, self._clock.now()) as talk:
            turn = unit.turn(overdue.id)
            if not is_overdue(turn, unit.now, patience):
                return 0
            talk.end_turn(turn, "gave_up", talk.state.last_customer_seq)
            if talk.state.desk is Desk.BOT:
                talk.append(Entry(Sender.SYSTEM, notices.GAVE_UP, turn_id=turn.id))
                talk.escalate(Reason.BOT_FAILED if turn.attempts else Reason.NO_WORKER)
        self._hints.publish(topics.conversation(overdue.conversation_id), topics.FEED)
        return 1


def bounded(claim: Claim) -> Claim:
    """The claim over as many of its messages, at least one, as one turn takes on."""
    length = 0
    for count, said in enumerate(claim.said):
        length += len(said.text or "")
        if count and (count >= MAX_MESSAGES or length > MAX_LENGTH):
            kept = claim.said[:count]
            return replace(claim, said=kept, to_seq=kept[-1].seq, full=True)
    return claim


def is_overdue(turn: TurnRow, now: datetime, patience: timedelta) -> bool:
    """Nobody will answer it any more: no live lease, and the attempts are used up or it waited too long."""
    if turn.state == "done":
        return False
    if turn.state == "running" and turn.lease_until is not None and turn.lease_until >= now:
        return False
    return turn.attempts >= MAX_ATTEMPTS or turn.created_at + patience < now


def _knows_too_much(talk: Talk, claim: Claim) -> bool:
    """The turn ran for a verified speaker who meanwhile said that he is somebody else. Happens once a turn:
    the next claim knows."""
    now = talk.state
    return claim.identity.may_see_account(talk.at, claim.doubted_at) and not now.identity.may_see_account(
        talk.at, now.doubted_at
    )
