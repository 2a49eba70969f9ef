"""Promises on record: made with the turn, reminded of once and by day, judged by the bank's books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from bot.bank.errors import BankUnavailable
from bot.bank.ports import EntryKind
from bot.money import SHANGHAI, Money, business_date
from bot.negotiation.promises import Promise
from bot.promises import service, store, texts
from bot.promises.records import CancelPromise, MakePromise, PromiseRecord, PromiseState, recorded
from conversation.clock import FixedClock
from conversation.desk import Desk
from conversation.effects import DoubtSpeaker, Escalate, Keep, OpenTicket
from conversation.escalation import Reason
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.message import Event
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.tickets import TicketKind
from conversation.turning import Turns

Make = Callable[..., Any]
CUSTOMER = "C0005"


@dataclass
class Books:
    """A bank of which only the books are looked at."""

    paid: list[tuple[date, Money]] = field(default_factory=list)
    down: bool = False

    def loans(self, customer_id: str) -> tuple[Any, ...]:
        if self.down:
            raise BankUnavailable()
        return (SimpleNamespace(id="L1"), SimpleNamespace(id="L2"))

    def ledger(self, customer_id: str, loan_id: str) -> tuple[Any, ...]:
        if self.down:
            raise BankUnavailable()
        return tuple(SimpleNamespace(day=d, amount=a, kind=EntryKind.PAID) for d, a in self.paid)


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def turns(store: JournalStore, clock: FixedClock) -> Turns:
    return Turns(store, clock, NoHints(), {"promise": service.keep})


@pytest.fixture
def promises(store: JournalStore, reception: Reception, books: Books, clock: FixedClock) -> service.Promises:
    return service.Promises(store, reception, books, clock, NoHints())  # type: ignore[arg-type]


@dataclass
class World:
    """A verified customer with a conversation; ``promise`` makes one through a turn."""

    talk: Any
    say: Make
    answer: Make
    clock: FixedClock
    reading: Reading
    book: store.PromiseStore

    def promise(self, days: int = 5, debt: str = "L1", id: str = "r1", instead_of: str | None = None) -> None:
        made = Promise(
            id, debt, business_date(self.clock.now()) + timedelta(days=days), Money(200_000), self.clock.now()
        )
        record = recorded(made, CUSTOMER, self.talk.id, "随心借")
        self.stage(Keep("promise", MakePromise(record, instead_of)))

    def stage(self, *effects: Any) -> None:
        self.say(self.talk.id, "15号还2000")
        self.answer("好的", effects=effects)

    def state(self) -> PromiseState:
        """Of the newest."""
        return self.records[0].state

    @property
    def records(self) -> list[PromiseRecord]:
        return self.book.of_customer(CUSTOMER)

    def heard(self) -> list[Event]:
        """What the clock said."""
        own = {texts.BROKEN, texts.BROKEN_AGAIN, texts.PARTLY}
        said = self.reading.events(self.talk.id, 0)
        return [e for e in said if e.text and (e.text in own or e.text.startswith("您好，您和我们约好"))]

    def at(self, days: int, hour: int = 10, minute: int = 5) -> None:
        """The clock, so many days after the start, at that hour in Shanghai."""
        day = START_DAY + timedelta(days=days)
        self.clock.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(
            timezone.utc
        )


START_DAY = date(2026, 3, 2)


@pytest.fixture
def world(
    make_conversation: Make, say: Make, answer: Make, clock: FixedClock, reading: Reading, database: Any
) -> World:
    now = clock.now()
    identity = Identity(Level.VERIFIED, CUSTOMER, now, now + timedelta(minutes=10))
    talk = make_conversation(channel_user=CUSTOMER, identity=identity)
    return World(talk, say, answer, clock, reading, store.PromiseStore(database))


def test_a_promise_is_kept_with_its_turn_and_once(world: World) -> None:
    world.promise()
    (kept,) = world.records
    assert (kept.promise.amount, kept.promise.day) == (Money(200_000), START_DAY + timedelta(days=5))
    assert (kept.state, kept.conversation_id) == (PromiseState.OPEN, world.talk.id)
    world.stage(Keep("promise", MakePromise(kept)))
    assert world.records == [kept]


def test_a_discarded_turn_promises_nothing(world: World, turns: Turns) -> None:
    world.say(world.talk.id, "15号还")
    claim = turns.claim("worker")
    assert claim is not None
    turns.fail(claim, "broken")
    assert world.records == []


def test_a_second_open_promise_of_a_debt_is_told_not_kept(world: World) -> None:
    world.promise()
    world.promise(id="r2")
    assert [one.promise.id for one in world.records] == ["r1"]
    assert world.reading.events(world.talk.id, 0)[-1].text == texts.TAKEN
    world.promise(id="r3", debt="L2")
    assert len(world.records) == 2


def test_a_changed_promise_takes_the_place_of_the_old_one(world: World) -> None:
    world.promise()
    world.promise(days=7, id="r2", instead_of="r1")
    assert {one.promise.id: one.state for one in world.records} == {
        "r1": PromiseState.REPLACED,
        "r2": PromiseState.OPEN,
    }


def test_a_promise_is_taken_back_by_its_customer_only(world: World) -> None:
    world.promise()
    world.stage(Keep("promise", CancelPromise("r1", "C0999")))
    assert world.state() is PromiseState.OPEN
    world.stage(Keep("promise", CancelPromise("r1", CUSTOMER)))
    assert world.state() is PromiseState.CANCELLED
    assert (world.records[0].remind_at, world.records[0].judge_at) == (None, None)


def test_one_reminder_comes_the_morning_before_and_tells_no_figures(
    world: World, promises: service.Promises
) -> None:
    world.promise()
    world.at(3, 23)
    assert promises.remind_due() == 0
    world.at(4)
    assert promises.remind_due() == 1
    assert promises.remind_due() == 0
    world.at(5)
    assert promises.remind_due() == 0
    (said,) = world.heard()
    assert [one.title for one in said.buttons] == [texts.SHOW, texts.ANOTHER_DAY]
    assert not any(word in (said.text or "") for word in ("2000", "2,000", "还款", "欠", "逾期", "随心借"))
    assert [one.about for one in world.book.contacts_of(CUSTOMER)] == ["promise_reminder"]


def test_who_has_paid_already_is_not_reminded(world: World, promises: service.Promises, books: Books) -> None:
    world.promise()
    books.paid = [(START_DAY + timedelta(days=2), Money(200_000))]
    world.at(4)
    assert promises.remind_due() == 0
    assert world.state() is PromiseState.KEPT
    assert world.heard() == []


@pytest.mark.parametrize("hour", [0, 7, 22, 23])
def test_nobody_is_reminded_at_night(world: World, promises: service.Promises, hour: int) -> None:
    world.promise()
    world.at(5, hour, 30)
    assert promises.remind_due() == 0
    assert world.heard() == []


def test_two_processes_with_the_same_due_promise_remind_once(
    world: World, promises: service.Promises
) -> None:
    world.promise()
    world.at(4)
    (due,) = world.book.to_remind(world.clock.now())
    assert [promises._remind(due), promises._remind(due)] == [True, False]
    assert len(world.heard()) == 1


def test_two_promises_are_not_reminded_of_on_one_day(world: World, promises: service.Promises) -> None:
    world.promise()
    world.promise(id="r2", debt="L2")
    world.at(4)
    assert promises.remind_due() == 1
    world.at(4, 15)
    assert promises.remind_due() == 0
    world.at(5)
    assert promises.remind_due() == 1


@pytest.mark.parametrize(
    "effects",
    [
        (OpenTicket(TicketKind.COMPLAINT),),
        (OpenTicket(TicketKind.CHARGE_DISPUTE),),
        (Escalate(Reason.VULNERABLE),),
        (Escalate(Reason.COLLECTION_CONDUCT),),
        (DoubtSpeaker(),),
    ],
)
def test_who_complained_or_needs_care_is_not_reminded(
    world: World, promises: service.Promises, effects: tuple[Any, ...]
) -> None:
    world.promise()
    world.clock.advance(3600)
    world.stage(*effects)
    for day in (4, 5, 6):
        world.at(day)
        assert promises.remind_due() == 0
    assert world.heard() == []


def test_a_promise_kept_needs_no_word(world: World, promises: service.Promises, books: Books) -> None:
    world.promise()
    books.paid = [(START_DAY + timedelta(days=5), Money(200_000))]
    world.at(6)
    assert promises.judge_due() == 1
    assert world.state() is PromiseState.KEPT
    assert world.heard() == []


def test_a_transfer_may_arrive_the_day_after(world: World, promises: service.Promises, books: Books) -> None:
    world.promise()
    world.at(6)
    assert promises.judge_due() == 0
    books.paid = [(START_DAY + timedelta(days=6), Money(200_000))]
    world.at(7)
    assert promises.judge_due() == 1
    assert world.state() is PromiseState.KEPT


def test_a_broken_promise_gets_one_gentle_word_in_the_morning(
    world: World, promises: service.Promises, books: Books
) -> None:
    world.promise()
    books.paid = [(START_DAY - timedelta(days=1), Money(200_000))]  # before it was promised
    world.at(7, 7)
    assert promises.judge_due() == 0
    world.at(7)
    assert promises.judge_due() == 1
    assert promises.judge_due() == 0
    (said,) = world.heard()
    assert said.text == texts.BROKEN
    assert [one.title for one in said.buttons] == [texts.SHOW, texts.ANOTHER_DAY, texts.PERSON]
    assert world.reading.conversation(world.talk.id).desk is Desk.BOT


def test_a_promise_partly_kept_is_thanked_for(world: World, promises: service.Promises, books: Books) -> None:
    world.promise()
    books.paid = [(START_DAY + timedelta(days=5), Money(50_000))]
    world.at(6)
    promises.judge_due()
    world.at(7)
    promises.judge_due()
    assert (world.state(), world.records[0].came) == (PromiseState.PARTLY, Money(50_000))
    assert [one.text for one in world.heard()] == [texts.PARTLY]


def test_the_second_broken_promise_brings_a_person_with_the_facts(
    world: World, promises: service.Promises
) -> None:
    world.promise()
    for day in (6, 7):
        world.at(day)
        promises.judge_due()
    world.promise(id="r2")
    for day in (13, 14):
        world.at(day)
        promises.judge_due()
    assert [one.text for one in world.heard()][-1] == texts.BROKEN_AGAIN
    overview = world.reading.overview(world.talk.id)
    assert overview.conversation.desk is Desk.QUEUED
    assert overview.escalation is not None
    assert overview.escalation.reason is Reason.NEGOTIATION
    assert overview.escalation.facts[texts.FACT_BROKEN] == "2 次"


def test_a_bank_that_is_down_judges_nobody(world: World, promises: service.Promises, books: Books) -> None:
    world.promise()
    books.down = True
    world.at(7)
    with pytest.raises(BankUnavailable):
        promises.judge_due()
    assert world.state() is PromiseState.OPEN
    books.down = False
    world.at(8)
    promises.judge_due()
    assert world.state() is PromiseState.BROKEN


def test_a_closed_conversation_is_followed_into_the_customers_open_one(
    world: World, promises: service.Promises, serving: Serving, agent: Any, reception: Reception
) -> None:
    world.promise()
    state = world.reading.conversation(world.talk.id)
    taken = serving.claim(agent, state.id)
    serving.close(agent, state.id, taken.epoch)
    world.at(4)
    assert promises.remind_due() == 1
    now_open, resumed = reception.open(state.channel, state.channel_user, state.identity)
    assert resumed
    assert world.heard() == []
    world.talk = now_open
    assert len(world.heard()) == 1


def test_a_record_that_changed_meanwhile_is_not_written_over(
    world: World, promises: service.Promises, database: Any
) -> None:
    world.promise()
    (before,) = world.records
    with database.write() as connection:
        assert store.change(connection, before, replace(before, remind_at=None))
        assert not store.change(connection, before, replace(before, state=PromiseState.KEPT))
    assert world.state() is PromiseState.OPEN


def test_a_plan_in_force_takes_the_promises_place(
    world: World, promises: service.Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its days say when what is paid; nobody is reminded of, or reproached with, the older word."""
    world.promise()
    monkeypatch.setattr(store, "has_plan", lambda *_: True)
    world.at(4)
    assert promises.remind_due() == 0
    world.at(7)
    assert promises.judge_due() == 1
    assert world.state() is PromiseState.REPLACED
    assert world.heard() == []
