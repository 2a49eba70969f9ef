"""From a signature to the bank's books, on both databases: as signed, once, whoever dies in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.bank.demo_bank import DemoBank
from bot.bank.ports import BankRequest, EntryKind, RequestKind
from bot.bank.store import create_all
from bot.money import business_date
from bot.negotiation.disclosure import Disclosure
from bot.negotiation.plans import PlanState
from bot.negotiation.signing import Confirmed, Evidence, Place
from bot.negotiation.values import Offer, OfferKind
from bot.plans.records import PlanRecord
from bot.plans.service import Plans
from conversation.clock import FixedClock
from conversation.identity import Identity, Level
from conversation.relay import LEASE, Answer, Relay
from conversation.state import Conversation, OutboxItem
from conversation.store.journal_store import JournalStore
from tests.databases import MovableDatabase
from tests.sheets import draw_up

WHO, LOAN = "C0009", "L00091"


@pytest.fixture
def bank(clock: FixedClock) -> DemoBank:
    engine = create_engine(
        "sqlite://", future=True, poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    create_all(engine)
    return DemoBank(engine, clock.now)


@pytest.fixture
def drawn(
    make_conversation: Callable[..., Conversation],
    plans: Plans,
    store: JournalStore,
    bank: DemoBank,
    clock: FixedClock,
) -> PlanRecord:
    """A plan with a down payment and half the charges waived, priced from the bank's books."""
    now = clock.now()
    talk = make_conversation(identity=Identity(Level.VERIFIED, WHO, now, now + timedelta(minutes=10)))
    owed = bank.settlement(WHO, LOAN, business_date(now)).parts
    offer = Offer(OfferKind.PLAN, terms=12, waiver=50, down=5)
    return draw_up(plans, store, now, talk.id, WHO, LOAN, offer, owed=owed, rate=bank.loans(WHO)[0].rate)


@pytest.fixture
def signed(drawn: PlanRecord, plans: Plans, clock: FixedClock) -> PlanRecord:
    now = clock.now()
    read = Confirmed(drawn.plan.fingerprint, now - timedelta(seconds=40), now - timedelta(seconds=5))
    proof = Evidence(Place.SIGNING_PAGE, read, read, now - timedelta(seconds=30), WHO, frozenset(Disclosure))
    return plans.sign(drawn.link, WHO, "s1", proof)


def ask(bank: DemoBank, item: OutboxItem) -> Answer:
    """What the relay's loop does with an item."""
    wanted = item.payload
    kind = RequestKind(wanted["kind"])
    request = BankRequest(kind, wanted["customer_id"], wanted["payload"], item.idempotency_key)
    said = bank.request(request)
    return Answer(said.state.value, said.message, said.reference)


def deliver(relay: Relay, bank: DemoBank) -> int:
    count = 0
    while (item := relay.claim("bank")) is not None:
        relay.answered(item, ask(bank, item))
        count += 1
    return count


def booked_as_signed(bank: DemoBank, record: PlanRecord) -> bool:
    planned = bank.instalments(WHO, LOAN)
    changes = [one for one in bank.ledger(WHO, LOAN) if one.kind is EntryKind.RESTRUCTURED]
    return len(changes) == 1 and tuple((one.due_on, one.payment) for one in planned) == record.plan.payments


def test_what_was_signed_is_what_the_bank_books(
    signed: PlanRecord, plans: Plans, relay: Relay, bank: DemoBank
) -> None:
    """The amounts and days to the 分, 代扣 and 催收 stopped, and only then 已生效."""
    assert signed.plan.state is PlanState.EFFECTIVE
    deliver(relay, bank)
    assert plans.book.plan(signed.plan.id).plan.state is PlanState.RUNNING
    assert booked_as_signed(bank, signed)
    loan = bank.loans(WHO)[0]
    assert (loan.debit_suspended, loan.collection_stopped, loan.overdue_days) == (True, True, 0)


def test_who_dies_after_the_bank_acted_leaves_it_done_once(
    signed: PlanRecord, plans: Plans, relay: Relay, bank: DemoBank, database: MovableDatabase
) -> None:
    """Each order was carried out and its carrier died before saying so: the next one asks again, nothing is doubled."""
    for _ in range(3):
        item = relay.claim("bank")
        assert item is not None
        ask(bank, item)
    assert relay.claim("bank") is None
    assert plans.book.plan(signed.plan.id).plan.state is PlanState.EFFECTIVE
    database.later = LEASE + timedelta(seconds=1)
    deliver(relay, bank)
    assert plans.book.plan(signed.plan.id).plan.state is PlanState.RUNNING
    assert booked_as_signed(bank, signed)


def test_a_plan_signed_a_day_after_it_was_offered_is_booked_as_offered(
    drawn: PlanRecord, plans: Plans, relay: Relay, bank: DemoBank, clock: FixedClock
) -> None:
    clock.advance(24 * 60 * 60)
    now = clock.now()
    read = Confirmed(drawn.plan.fingerprint, now - timedelta(seconds=40), now - timedelta(seconds=5))
    proof = Evidence(Place.SIGNING_PAGE, read, read, now - timedelta(seconds=30), WHO, frozenset(Disclosure))
    record = plans.sign(drawn.link, WHO, "s1", proof)
    deliver(relay, bank)
    assert plans.book.plan(record.plan.id).plan.state is PlanState.RUNNING
    assert booked_as_signed(bank, record)
