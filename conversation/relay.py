"""The outbox relay's side of the journal: items are claimed, tried, and their result is told.

An item is tried until the other system has answered; its idempotency key makes the repeats harmless.
The customer hears 已提交 from the turn and 已生效 (or why not) from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from conversation import hints as topics
from conversation import notices
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.escalation import Reason
from conversation.hints import Hints
from conversation.state import OutboxItem, new_token
from conversation.store.journal_store import JournalStore
from conversation.store.rows import outbox_from
from conversation.talk import Talk, talking

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 12


@dataclass(frozen=True)
class Answer:
    """What the other system said: ``state`` done or refused, a sentence for the customer, its reference."""

    state: str
    message: str
    reference: str | None = None


#: hears of the end of an item it put there, inside the transaction; ``None``: nobody answered
Owner = Callable[[Talk, OutboxItem, "Answer | None"], None]


class Relay:
    """An item whose payload names an ``owner`` is answered to that part of the program, which tells the customer;
    any other one is told here."""

    def __init__(
        self, store: JournalStore, clock: Clock, hints: Hints, owners: Mapping[str, Owner] | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._hints = hints
        self._owners = owners or {}

    def claim(self, topic: str) -> OutboxItem | None:
        """The next due item, held for 30 s; None when nothing is due."""
        if not self._store.has_due_outbox(topic):
            return None
        with self._store.unit() as unit:
            row = unit.due_outbox(topic)
            if row is None:
                return None
            token = new_token()
            unit.update_outbox(row.id, token=token, attempts=row.attempts + 1, next_at=unit.now + LEASE)
            return replace(outbox_from(row), token=token, attempts=row.attempts + 1)

    def answered(self, item: OutboxItem, answer: Answer) -> None:
        """The other system answered for good: record it and tell the customer. A stale holder is ignored."""
        result: dict[str, Any] = {
            "state": answer.state,
            "reference": answer.reference,
            "message": answer.message,
        }
        form = notices.DONE if answer.state == "done" else notices.REFUSED
        text = form.format(summary=_summary(item), message=answer.message)
        tell = self._owned(item, answer) or (lambda talk: talk.notice(text))
        self._end(item, "done", tell, result=result)

    def failed(self, item: OutboxItem, error: str, final: bool = False) -> None:
        """No answer: try again later, each time later; after the last try (or when trying again cannot
        help: ``final``) a person follows it up."""
        if item.attempts < MAX_ATTEMPTS and not final:
            wait = timedelta(seconds=min(2**item.attempts, 300))
            with self._store.unit() as unit:
                if unit.outbox_row(item.id).token == item.token:
                    unit.update_outbox(item.id, token=None, next_at=unit.now + wait, error=error[:2000])
            return
        tell = self._owned(item, None) or (lambda talk: _call_person(talk, _summary(item)))
        self._end(item, "dead", tell, error=error[:2000])

    def _owned(self, item: OutboxItem, answer: Answer | None) -> Callable[[Talk], object] | None:
        owner = self._owners.get(item.payload.get("owner", ""))
        return None if owner is None else lambda talk: owner(talk, item, answer)

    def _end(self, item: OutboxItem, state: str, tell: Callable[[Talk], object], **values: Any) -> None:
        with self._store.unit() as unit, talking(unit, item.conversation_id, self._clock.now()) as talk:
            row = unit.outbox_row(item.id)
            if row.state != "pending" or row.token != item.token:
                return
            unit.update_outbox(item.id, state=state, token=None, finished_at=talk.at, **values)
            tell(talk)
        self._hints.publish(topics.conversation(item.conversation_id), topics.FEED)


def _summary(item: OutboxItem) -> str:
    return str(item.payload.get("summary", "业务"))


def _call_person(talk: Talk, summary: str) -> None:
    """Into an open conversation; a closed one can only tell the customer to come back."""
    closed = talk.state.desk is Desk.CLOSED
    talk.notice((notices.STUCK_AFTER_CLOSE if closed else notices.STUCK).format(summary=summary))
    if talk.state.desk is Desk.BOT:
        talk.escalate(Reason.ACCOUNT_SERVICE)
