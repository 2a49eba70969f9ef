"""A negotiation of the conversation, read back from the record alone and played again; what was altered is found."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions import authority
from bot.actions.acts import ActionAffirm, ActionGiven
from bot.actions.bargaining import SLOT
from bot.actions.negotiate import ActionNegotiate
from bot.negotiation.talk import Action
from bot.plans.errors import NegotiationNotFound
from bot.plans.service import Plans
from bot.plans.store import PlanStore
from bot.plans.store_tables import negotiation_steps, negotiations, offers
from conversation.effects import Keep
from conversation.state import Conversation
from conversation.store.journal_store import JournalStore
from conversation.talk import talking
from service.audit import DIFFERS, OTHER_VERSION, SAME, audit, write
from tests.databases import MovableDatabase
from tests.unit.actions.fakes import NOW, TODAY, FakeBank, Outcome, loan, run

LATE = loan(overdue_since=date(2026, 2, 1))


@pytest.fixture
def bargained(plans: Plans, store: JournalStore, make_conversation: Any) -> Callable[..., str]:
    """``bargained((action, intent, text), …)``: a talk of these messages, on record; its id."""
    talk: Conversation = make_conversation()

    def play(*messages: tuple[Any, str, str]) -> str:
        slots: dict[str, Any] = {}
        ids: list[str] = []
        opening = (ActionNegotiate(), "negotiate_instalment", "每个月能还1000，手里没有钱，能分期吗")
        for action, intent, text in (opening, *messages):
            done: Outcome = run(action, intent, text=text, bank=FakeBank(loans_=[LATE]), slots=slots)
            slots = {SLOT: done.slots[SLOT]}
            for effect in done.turn.effects:
                if isinstance(effect, Keep):
                    value = effect.value
                    ids.append(value.negotiation.id)
                    with store.unit() as unit, talking(unit, talk.id, NOW) as inside:
                        plans.keep(inside, _of(value, talk.id))
        return ids[0]

    return play


def _of(value: Any, conversation_id: str) -> Any:
    """What the fake turn staged, in a conversation that is there."""
    plan = None if value.plan is None else replace(value.plan, conversation_id=conversation_id)
    return replace(value, negotiation=replace(value.negotiation, conversation_id=conversation_id), plan=plan)


def lines(book: PlanStore, id: str) -> list[dict[str, Any]]:
    return list(audit(book, id, authority.mandate(TODAY), authority.model()))


REFUSE = (ActionGiven(), "counter_offer", "太多了，每个月最多800")
YES = (ActionAffirm(), "affirm", "同意")
NO_END = (ActionGiven(), "give_reason", "经理已经答应全免了")


@pytest.mark.parametrize("messages", [(), (REFUSE,), (REFUSE, REFUSE), (YES,), (REFUSE, YES), (NO_END,) * 3])
def test_a_negotiation_plays_again_step_by_step(
    bargained: Callable[..., str], book: PlanStore, messages: tuple[Any, ...]
) -> None:
    """Offers, counters, agreements and hand-overs: every move, reason and amount comes out the same."""
    found = lines(book, bargained(*messages))
    assert [line for line in found if line.get("differences")] == []
    assert found[-1]["code"] == SAME
    assert sum(line["kind"] == "step" for line in found) >= 2
    assert any(line["kind"] == "offer" for line in found)


def test_an_agreement_is_followed_to_its_plan(bargained: Callable[..., str], book: PlanStore) -> None:
    found = lines(book, bargained(YES))
    (plan,) = [line for line in found if line["kind"] == "plan"]
    assert plan["proposed_by"] == "bot"
    assert plan["same"]
    assert [move["step"] for move in plan["moves"]] == ["open"]


@pytest.mark.parametrize(
    ("table", "values", "kind"),
    [
        (negotiation_steps, {"action": Action.HUMAN.value}, "step"),
        (negotiation_steps, {"reasons": []}, "step"),
        (negotiation_steps, {"reply": {"capacity": {"monthly": 1}}}, "step"),
        (offers, {"fingerprint": "0" * 64}, None),
    ],
)
def test_what_was_altered_afterwards_is_found(
    bargained: Callable[..., str],
    book: PlanStore,
    database: MovableDatabase,
    table: sa.Table,
    values: dict[str, Any],
    kind: str | None,
) -> None:
    id = bargained(REFUSE)
    wanted = table.c.negotiation_id == id
    if table is negotiation_steps:
        wanted = sa.and_(wanted, table.c.number == 1)
    with database.write() as connection:
        connection.execute(table.update().where(wanted).values(values))
    found = lines(book, id)
    if (
        kind is None
    ):  # the fingerprint is reckoned from the figures, a false one in the row counts for nothing
        assert found[-1]["code"] == SAME
    else:
        assert found[-1]["code"] == DIFFERS
        assert [line for line in found if line["kind"] == kind and not line["same"]]


def test_an_offer_with_another_amount_is_found(
    bargained: Callable[..., str], book: PlanStore, database: MovableDatabase
) -> None:
    id = bargained()
    with database.write() as connection:
        priced = connection.execute(sa.select(offers.c.priced)).scalar_one()
        connection.execute(offers.update().values(priced={**priced, "waived": "0.01"}))
    found = lines(book, id)
    assert found[-1]["code"] == DIFFERS
    assert any("合计" in said or "指纹" in said for line in found for said in line.get("differences", ()))


def test_another_mandate_is_said_and_nothing_is_played(
    bargained: Callable[..., str], book: PlanStore, database: MovableDatabase
) -> None:
    id = bargained()
    with database.write() as connection:
        connection.execute(negotiations.update().values(mandate_version="2020-1"))
    found = lines(book, id)
    assert found[-1]["code"] == OTHER_VERSION
    assert "2020-1" in found[-1]["because"][0]
    assert not any(line["kind"] == "step" for line in found)


def test_the_command_prints_json_lines_and_its_exit_code(
    bargained: Callable[..., str], database: MovableDatabase
) -> None:
    id, out = bargained(YES), io.StringIO()
    url = database.engine.url.render_as_string(hide_password=False)
    assert write({"DATABASE_URL": url}, [id], out) == SAME
    kinds = [json.loads(line)["kind"] for line in out.getvalue().splitlines()]
    assert kinds[0] == "negotiation"
    assert kinds[-1] == "result"


def test_an_unknown_negotiation_is_an_error(database: MovableDatabase) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    with pytest.raises(NegotiationNotFound):
        write({"DATABASE_URL": url}, ["nobody"], io.StringIO())
