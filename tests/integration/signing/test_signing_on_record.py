"""Signing over the real records, on both databases: one signature, one set of orders to the bank, the chat told once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.negotiation.plans import PlanState
from bot.negotiation.signing import SigningRules
from bot.plans.errors import PlanNotFound
from bot.plans.records import PlanRecord
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from bot.signing.recorded import RecordedSheets
from bot.signing.service import Signing
from bot.signing.store import SigningStore
from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.state import Conversation
from conversation.store import tables
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from tests.databases import MovableDatabase
from tests.sheets import CUSTOMER, Telephone, draw_up

READING = SigningRules().reading.total_seconds()


@pytest.fixture
def plans(store: JournalStore, database: MovableDatabase, clock: FixedClock) -> Plans:
    return Plans(store, PlanStore(database), clock, NoHints())


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def signing(
    plans: Plans, telephone: Telephone, database: MovableDatabase, cipher: Cipher, clock: FixedClock
) -> Signing:
    sheets = RecordedSheets(plans.book, plans)
    return Signing(sheets, SigningStore(database, cipher), telephone, lambda id: "王*", clock)


@pytest.fixture
def drawn(
    plans: Plans, store: JournalStore, clock: FixedClock, make_conversation: Callable[..., Conversation]
) -> Callable[..., PlanRecord]:
    now = clock.now()
    talk = make_conversation(identity=Identity(Level.VERIFIED, CUSTOMER, now, now + timedelta(minutes=10)))
    return lambda **more: draw_up(plans, store, now, talk.id, CUSTOMER, "L9", **more)


def test_many_tabs_sign_once_and_the_bank_is_asked_once(
    signing: Signing,
    drawn: Callable[..., PlanRecord],
    telephone: Telephone,
    clock: FixedClock,
    database: MovableDatabase,
    reading: Reading,
) -> None:
    record = drawn()
    mark = signing.show(record.link, CUSTOMER).fingerprint
    clock.advance(READING)
    signing.confirm_table(record.link, CUSTOMER, mark)
    signing.confirm_plan(record.link, CUSTOMER, mark)
    signing.send_code(record.link, CUSTOMER)
    signing.enter_code(record.link, CUSTOMER, telephone.codes[-1])

    def press(tab: int) -> Any:
        return signing.sign(record.link, CUSTOMER, f"s_press_{tab}", mark)

    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(press, range(8)))
    assert {(one.state, one.signed_at) for one in seen} == {("effective", seen[0].signed_at)}
    with database.read() as connection:
        keys = connection.execute(sa.select(tables.outbox.c.idempotency_key)).scalars().all()
    assert len(keys) == len(set(keys)) == 3
    told = [event.text for event in reading.news(record.conversation_id, 0).events if event.card]
    assert sum("已提交" in (text or "") for text in told) == 1
    assert mark in signing.document(record.link, CUSTOMER)[1].decode()


def test_papers_bring_the_plan_to_its_approver(
    signing: Signing, drawn: Callable[..., PlanRecord], plans: Plans
) -> None:
    record = drawn(materials=True)
    signing.add_paper(record.link, CUSTOMER, "病历.jpg", b"\xff\xd8\xff\xe0photo")
    assert signing.hand_in(record.link, CUSTOMER).state_label == "待审批"
    assert [one.plan.id for one in plans.book.waiting_for_approval()] == [record.plan.id]
    assert plans.book.plan(record.plan.id).plan.state is PlanState.APPROVAL


def test_a_plan_of_somebody_else_does_not_exist(signing: Signing, drawn: Callable[..., PlanRecord]) -> None:
    record = drawn()
    for step in (signing.look, signing.show, signing.send_code, signing.document, signing.hand_in):
        with pytest.raises(PlanNotFound):
            step(record.link, "C0001")
