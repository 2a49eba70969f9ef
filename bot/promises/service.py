"""Promises written, reminded of and judged: the moves, each in one transaction.

Owns what happens when; the rules are `bot.negotiation.promises` and `reminding`, the rows `store`. Several processes
may run the clock at once: each move is a compare-and-set beside its words in the journal, so each happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.bank.errors import BankError
from bot.bank.ports import Bank
from bot.money import SHANGHAI, Money, business_date
from bot.negotiation.keeping import received
from bot.negotiation.promises import Kept, PromiseRules, kept, needs_person
from bot.negotiation.reminding import Medium, NotNow, by_day
from bot.promises import store, texts
from bot.promises.books import payments_on
from bot.promises.contacting import may_contact
from bot.promises.records import (
    RULES,
    CancelPromise,
    Contact,
    MakePromise,
    PromiseRecord,
    PromiseState,
    StopReminder,
    earlier,
    ended,
    next_try,
)
from conversation import hints as topics
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.escalation import Reason
from conversation.hints import Hints
from conversation.message import Button, Choice, Sender
from conversation.reception import Reception
from conversation.state import Entry, new_id
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.talk import Talk, talking

#: how long a button of a morning's word works
BUTTON_LIFE = timedelta(days=7)
#: its own choices: what the customer can do about it
_SHOW = Choice(texts.SHOW, "promise_state", {})
_ANOTHER = Choice(texts.ANOTHER_DAY, "promise_to_pay", {})
_PERSON = Choice(texts.PERSON, "human_agent", {})


def keep(talk: Talk, value: object) -> None:
    """Writes what a turn staged, in its transaction: the keeper under `PROMISE`."""
    if isinstance(value, MakePromise):
        _make(talk, value)
    elif isinstance(value, CancelPromise):
        _end_open(talk, value.id, value.customer_id, PromiseState.CANCELLED)
    elif isinstance(value, StopReminder):
        record = _open_one(talk, value.id, value.customer_id)
        if record is not None:
            store.change(talk.unit.connection, record, replace(record, remind_at=None))
    else:
        raise TypeError(type(value).__name__)


def _make(talk: Talk, made: MakePromise) -> None:
    if made.instead_of is not None:
        _end_open(talk, made.instead_of, made.record.customer_id, PromiseState.REPLACED)
    known = store.promise(talk.unit.connection, made.record.promise.id)
    if known is None and not store.add(talk.unit, made.record):
        talk.notice(texts.TAKEN)


def _end_open(talk: Talk, id: str, customer_id: str, state: PromiseState) -> None:
    record = _open_one(talk, id, customer_id)
    if record is not None:
        after = replace(record, state=state, ended_at=talk.at, remind_at=None, judge_at=None)
        store.change(talk.unit.connection, record, after)


def _open_one(talk: Talk, id: str, customer_id: str) -> PromiseRecord | None:
    """This customer's promise while it stands."""
    record = store.promise(talk.unit.connection, id)
    his = record is not None and record.customer_id == customer_id and record.state is PromiseState.OPEN
    return record if his else None


class Promises:
    """The clock's moves. ``bank`` is asked outside every transaction."""

    def __init__(
        self,
        journal: JournalStore,
        reception: Reception,
        bank: Bank,
        clock: Clock,
        hints: Hints,
        rules: PromiseRules = RULES,
    ) -> None:
        self._journal = journal
        self._reception = reception
        self._bank = bank
        self._clock = clock
        self._hints = hints
        self._rules = rules
        self._store = store.PromiseStore(journal.database)
        self._reading = Reading(journal)

    def remind_due(self) -> int:
        """Reminds of every promise whose time has come, by day only; how many were reminded. BankError as below."""
        now = self._clock.now()
        return _each(self._remind, self._store.to_remind(now) if by_day(now) else [])

    def judge_due(self) -> int:
        """Looks the promises whose day has passed up in the bank's books, by day only; how many ended.

        One whose books cannot be read is looked at again the next time, and holds up no other; the first such
        BankError is raised at the end.
        """
        now = self._clock.now()
        return _each(self._judge, self._store.to_judge(now) if by_day(now) else [])

    # reminding

    def _remind(self, record: PromiseRecord) -> bool:
        now = self._clock.now()
        if self._as_booked(record, now)[0] is Kept.KEPT:
            self._judge(record)
            return False
        place = self._place_of(record)
        with self._journal.unit() as unit, talking(unit, place, now) as talk:
            current = store.promise(unit.connection, record.promise.id)
            if current != record:
                return False
            if _refused(talk, record) is not None or business_date(now) > record.promise.day:
                store.change(unit.connection, record, replace(record, remind_at=next_try(record, now)))
                return False
            if not store.change(unit.connection, record, replace(record, remind_at=None)):
                return False
            day = record.promise.day
            text = texts.REMINDER.format(day=f"{day.month} 月 {day.day} 日")
            _say(talk, record, "promise_reminder", text, (_SHOW, _ANOTHER))
        self._tell(place)
        return True

    # judging

    def _judge(self, record: PromiseRecord) -> bool:
        now = self._clock.now()
        how, came = self._as_booked(record, now)
        after, place = ended(record, how, came, now), self._place_of(record)
        with self._journal.unit() as unit, talking(unit, place, now) as talk:
            planned = _has_plan(talk, record)
            if planned:
                after = replace(
                    after, state=PromiseState.REPLACED, judge_at=None, remind_at=None, ended_at=now
                )
            if not store.change(unit.connection, record, after):
                return False
            if how in _WORDS and not planned:
                self._word(talk, after, how)
        self._tell(place)
        return after.state is not PromiseState.OPEN

    def _as_booked(self, record: PromiseRecord, now: datetime) -> tuple[Kept, Money]:
        """How it stands by the bank's books, and what came in."""
        today, debt = business_date(now), record.promise.debt_id
        paid = payments_on(self._bank, record.customer_id, debt)
        return kept(record.promise, paid, today, self._rules), received(paid, today, record.promise.made_on)

    def _word(self, talk: Talk, record: PromiseRecord, how: Kept) -> None:
        """A gentle word where one may be said; after the second broken promise on the debt, a person."""
        refused = _refused(talk, record)
        his = _ended_on(talk, record)
        person = how is Kept.BROKEN and needs_person(earlier(his), self._rules)
        if refused is None:
            text = texts.BROKEN_AGAIN if person else _WORDS[how]
            _say(talk, record, f"promise_{how.value}", text, () if person else (_SHOW, _ANOTHER, _PERSON))
        if person and refused is not NotNow.HELD and talk.state.desk is Desk.BOT:
            talk.escalate(Reason.NEGOTIATION, "negotiation", _facts(his))

    # both

    def _place_of(self, record: PromiseRecord) -> str:
        """The conversation to speak in: the customer's open one on that channel, a new one where all are closed."""
        talk = self._reading.conversation(record.conversation_id)
        if talk.desk is not Desk.CLOSED:
            return talk.id
        now_open, _ = self._reception.open(talk.channel, talk.channel_user, talk.identity)
        return now_open.id

    def _tell(self, place: str) -> None:
        self._hints.publish(topics.conversation(place), topics.FEED)


def _each(work: Callable[[PromiseRecord], bool], records: Iterable[PromiseRecord]) -> int:
    """How many did it; a BankError holds up no other record, the first one is raised at the end."""
    count, failed = 0, None
    for record in records:
        try:
            count += work(record)
        except BankError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return count


_WORDS = {Kept.BROKEN: texts.BROKEN, Kept.PARTLY: texts.PARTLY}


def _has_plan(talk: Talk, record: PromiseRecord) -> bool:
    """A plan that was signed meanwhile takes the promise's place."""
    return store.has_plan(talk.unit.connection, record.customer_id, record.promise.debt_id)


def _ended_on(talk: Talk, record: PromiseRecord) -> list[PromiseRecord]:
    """The promises on this debt that have ended."""
    his = store.of_debt(talk.unit.connection, record.customer_id, record.promise.debt_id)
    return [one for one in his if one.state is not PromiseState.OPEN]


def _refused(talk: Talk, record: PromiseRecord) -> NotNow | None:
    """Why nothing may be said now: asked inside the transaction that would say it."""
    if _has_plan(talk, record):
        return NotNow.HELD
    return may_contact(talk, record.customer_id, record.conversation_id, record.promise.made_at)


def _say(talk: Talk, record: PromiseRecord, about: str, text: str, choices: Iterable[Choice]) -> None:
    """The words, once: the contact's key is the promise and what is said of it."""
    key = f"{about}:{record.promise.id}"
    place = talk.state.id
    contact = Contact(key, record.customer_id, place, Medium.MESSAGE, about, talk.at)
    if not store.log(talk.unit, contact):
        return
    buttons = []
    for choice in choices:
        button = Button(choice.title, new_id("b"))
        talk.unit.add_button(place, button.payload, choice, talk.at + BUTTON_LIFE)
        buttons.append(button)
    talk.append(Entry(Sender.BOT, text, buttons=tuple(buttons)))


def _facts(his: list[PromiseRecord]) -> dict[str, str]:
    """For the person who takes over: figures are for him, not for the chat."""
    broken = [one for one in his if one.state is PromiseState.BROKEN]
    last = max(broken, key=lambda one: one.promise.day)
    made = last.promise.made_at.astimezone(SHANGHAI)
    return {
        texts.FACT_BROKEN: f"{len(broken)} 次",
        texts.FACT_LAST: f"{made.month}月{made.day}日约定 {last.promise.day.month}月{last.promise.day.day}日前还"
        f" {last.promise.amount}（{last.product}）",
    }
