"""What is kept of a promise (还款承诺) and of every contact because of a debt. Frozen values.

The rules are `bot.negotiation.promises` and `reminding`; here is what stands in the tables. Knows no store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

from bot.money import SHANGHAI, ZERO, Money
from bot.negotiation.promises import Kept, Promise, PromiseRules
from bot.negotiation.reminding import Contacted, Medium, reminders
from conversation.tickets import TicketKind

PROMISE = "promise"  #: under this name a turn's promises are staged (`conversation.effects.Keep`)
RULES = PromiseRules()
#: while a ticket of these kinds is open nobody is reminded of a debt
NO_REMINDER = (TicketKind.COMPLAINT, TicketKind.CHARGE_DISPUTE, TicketKind.CREDIT_OBJECTION)
#: the demo bank's hour for a word in the morning
MORNING = time(10)


class PromiseState(str, Enum):
    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    REPLACED = "replaced"  #: the customer named another day or sum
    CANCELLED = "cancelled"  #: the customer took it back


STATES: dict[PromiseState, str] = {
    PromiseState.OPEN: "未到期",
    PromiseState.KEPT: "已兑现",
    PromiseState.PARTLY: "部分兑现",
    PromiseState.BROKEN: "未兑现",
    PromiseState.REPLACED: "已改期",
    PromiseState.CANCELLED: "已取消",
}

#: how an ended promise counts for the next one; one that was changed or taken back in time counts for nothing
_COUNTS = {
    PromiseState.OPEN: Kept.OPEN,
    PromiseState.KEPT: Kept.KEPT,
    PromiseState.PARTLY: Kept.PARTLY,
    PromiseState.BROKEN: Kept.BROKEN,
}


@dataclass(frozen=True)
class PromiseRecord:
    """A promise with whose it is and what the clock does next. Moments are aware UTC."""

    promise: Promise
    customer_id: str
    conversation_id: str
    product: str  #: the bank's name for it, for people
    state: PromiseState
    remind_at: datetime | None  #: the one reminder; None: none, or done with
    judge_at: datetime | None  #: when the bank's books are looked at; None once it has ended
    version: int = 1  #: counts changes; every change is by compare-and-set on it
    came: Money = ZERO  #: what had come in when it ended
    ended_at: datetime | None = None


@dataclass(frozen=True)
class MakePromise:
    """Staged by a turn: this promise, in the place of another one of the same debt."""

    record: PromiseRecord
    instead_of: str | None = None


@dataclass(frozen=True)
class CancelPromise:
    """Staged by a turn: the customer takes it back."""

    id: str
    customer_id: str


@dataclass(frozen=True)
class StopReminder:
    """Staged by a turn: the promise stands, nobody reminds of it."""

    id: str
    customer_id: str


@dataclass(frozen=True)
class Contact:
    """Somebody was contacted because of a debt; the same key is one contact."""

    key: str
    customer_id: str
    conversation_id: str
    medium: Medium
    about: str  #: promise_reminder, promise_broken, promise_partly, plan_breach
    at: datetime


def recorded(
    promise: Promise,
    customer_id: str,
    conversation_id: str,
    product: str,
    rules: PromiseRules = RULES,
) -> PromiseRecord:
    """A new promise with its clock: one reminder, the earliest the rules plan, and the first look at the books."""
    planned = reminders(promise)
    return PromiseRecord(
        promise=promise,
        customer_id=customer_id,
        conversation_id=conversation_id,
        product=product,
        state=PromiseState.OPEN,
        remind_at=planned[0] if planned else None,
        judge_at=morning_of(promise.day + timedelta(days=rules.booking_days)),
    )


def earlier(records: Iterable[PromiseRecord], instead_of: str | None = None) -> tuple[Kept, ...]:
    """How the promises on a debt ended or stand, for `may_promise`; without the one that is being changed."""
    counted = (one for one in records if one.promise.id != instead_of)
    return tuple(_COUNTS[one.state] for one in counted if one.state in _COUNTS)


def morning_of(day: date) -> datetime:
    """The hour of that day at which a word may be said, aware UTC."""
    return datetime.combine(day, MORNING, SHANGHAI).astimezone(timezone.utc)


def next_try(record: PromiseRecord, now: datetime) -> datetime | None:
    """When to try again to remind of it after something stood in the way: the next morning, up to its day."""
    tomorrow = morning_of(now.astimezone(SHANGHAI).date() + timedelta(days=1))
    return tomorrow if tomorrow <= morning_of(record.promise.day) else None


def counted(moments: Iterable[tuple[Medium, datetime]], now: datetime, held: bool) -> Contacted:
    """The central count from the log: today in Shanghai, and the seven days that end today."""
    today = now.astimezone(SHANGHAI).date()
    days = [at.astimezone(SHANGHAI).date() for medium, at in moments if medium is Medium.MESSAGE]
    week = sum(today - timedelta(days=6) <= day <= today for day in days)
    return Contacted(messages_today=sum(day == today for day in days), messages_week=week, held=held)


def ended(record: PromiseRecord, how: Kept, came: Money, now: datetime) -> PromiseRecord:
    """The promise as the books judge it; OPEN: looked at again the next morning."""
    if how is Kept.OPEN:
        return replace(record, judge_at=morning_of(now.astimezone(SHANGHAI).date() + timedelta(days=1)))
    state = PromiseState(how.value)
    return replace(record, state=state, came=came, ended_at=now, remind_at=None, judge_at=None)
