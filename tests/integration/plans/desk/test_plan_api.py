"""The console's doors to negotiations and plans: the agent's card, his offers, and the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.actions.offer_card import card
from bot.plans.desk import PlansDesk
from bot.plans.proposing import Proposing
from bot.plans.records import Negotiation
from bot.plans.service import Plans
from bot.signing.papers import Paper
from bot.signing.store import SigningStore
from conversation.clock import FixedClock
from conversation.errors import YixianError
from conversation.hints import NoHints
from conversation.serving import Serving
from conversation.state import Agent, Conversation
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from escalation import agents as module
from escalation.agents import Agents
from escalation.console.api import PREFIX, ConsoleApi
from escalation.console.door import Door
from escalation.console.plan_api import PlanApi
from escalation.console.view import ConsoleView
from escalation.store.agent_store import AgentStore
from service.limits import TokenBuckets
from service.web import _known
from tests.databases import MovableDatabase

PASSWORD = "correct horse battery"
WHY = "客户有医院证明，家人手术后半年恢复"
LIN = Agent("A1", "小林")  # who took the conversation over
Enter = Callable[[str], TestClient]


@pytest.fixture
def papers(database: MovableDatabase, cipher: Any) -> SigningStore:
    return SigningStore(database, cipher)


@pytest.fixture
def enter(
    database: MovableDatabase,
    cipher: Any,
    clock: FixedClock,
    plans: Plans,
    proposing: Proposing,
    papers: SigningStore,
    monkeypatch: pytest.MonkeyPatch,
) -> Enter:
    """``enter("supervisor")`` logs in somebody with this role."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module.PasswordHasher, "from_parameters", staticmethod(lambda _: cheap))
    people, store = AgentStore(database), JournalStore(database, cipher)
    agents = Agents(people, clock)
    api = ConsoleApi(
        agents=agents,
        serving=Serving(store, clock, NoHints()),
        view=ConsoleView(Reading(store), lambda _: "王*"),
        hints=NoHints(),
        wakeups=None,  # type: ignore[arg-type]
        login_limiter=TokenBuckets(20, 0.001),
        door=Door(),
        secure_cookie=False,
        plans=PlanApi(PlansDesk(plans, proposing, papers, people.names, clock)),
    )
    app = Starlette(routes=api.routes(), exception_handlers={YixianError: _known})

    def log_in(role: str) -> TestClient:
        agents.add(role, f"名字{role}", role, PASSWORD)
        client = TestClient(app)
        answer = client.post(PREFIX + "/login", json={"username": role, "password": PASSWORD}).json()
        client.headers["x-csrf-token"] = answer["csrf"]
        return client

    return log_in


@pytest.fixture
def serve(serving: Serving, served: Conversation, found: Negotiation) -> Callable[[TestClient], Any]:
    """The client takes the conversation; what it may then send."""

    def run(client: TestClient) -> Callable[..., Any]:
        serving.release(LIN, served.id, served.epoch)
        epoch = client.post(f"{PREFIX}/conversations/{served.id}/claim", json={}).json()["summary"]["epoch"]

        def send(terms: int, reason: str = "", **more: Any) -> Any:
            body = {"offer": {"kind": "plan", "terms": terms}, "epoch": epoch, "reason": reason, **more}
            return client.post(f"{PREFIX}/negotiations/{found.id}/offers", json=body)

        return send

    return run


def test_the_agent_sees_the_very_card_and_the_authority_left(
    enter: Enter, served: Conversation, found: Negotiation
) -> None:
    answer = enter("agent").get(f"{PREFIX}/conversations/{served.id}/negotiations")
    (shown,) = answer.json()["negotiations"]
    assert shown["offers"][0]["card"] == card(found.debt, found.offers[0].priced)
    assert shown["offers"][0]["made_by"]["name"] == "机器人"
    assert shown["standing"] == 1
    assert shown["authority"]["refused"] is None
    assert {"label": "本金和合同利息", "value": "任何人都不能减免"} in shown["authority"]["rows"]


def test_a_quote_says_who_may_and_what_it_costs(enter: Enter, found: Negotiation) -> None:
    client = enter("agent")

    def quote(**offer: Any) -> Any:
        return client.post(f"{PREFIX}/negotiations/{found.id}/quote", json={"kind": "plan", **offer}).json()

    within, beyond, never = quote(terms=24), quote(terms=48), quote(terms=59)
    assert (within["says"], within["needs_reason"], within["because"]) == ("within", True, None)
    assert within["card"]["total"]
    assert (beyond["says"], beyond["because"]) == ("second_person", "48 期超过授权的最长 24 期。")
    assert (never["says"], never["card"]) == ("never", None)


def test_beyond_authority_goes_to_the_approver_who_sees_why_and_decides(
    enter: Enter, serve: Callable[[TestClient], Any]
) -> None:
    agent, boss = enter("agent"), enter("supervisor")
    send = serve(agent)
    assert send(48).status_code == 422
    sent = send(48, WHY)
    assert sent.status_code == 201
    plan = sent.json()["plan"]
    assert (plan["state"]["label"], plan["owner"]) == ("待审批", "审批人")
    assert plan["due_at"]
    (waiting,) = boss.get(f"{PREFIX}/approvals").json()["plans"]
    assert waiting["offer"]["override"] == WHY
    assert "超出授权：48 期超过授权的最长 24 期。" in waiting["offer"]["reasons"]
    decided = boss.post(f"{PREFIX}/plans/{plan['id']}/approve", json={})
    assert decided.json()["plan"]["state"]["code"] == "signing"
    assert [move["by"] for move in decided.json()["plan"]["moves"]] == ["名字agent", "名字supervisor"]


def test_asking_for_more_papers_and_rejecting_need_a_reason(
    enter: Enter, serve: Callable[[TestClient], Any]
) -> None:
    agent, boss = enter("agent"), enter("supervisor")
    plan = serve(agent)(48, WHY).json()["plan"]
    at = f"{PREFIX}/plans/{plan['id']}"
    for decision in ("ask_more", "reject"):
        assert boss.post(f"{at}/{decision}", json={"comment": " "}).status_code == 422
    more = boss.post(f"{at}/ask_more", json={"comment": "请补收入证明"}).json()["plan"]
    assert (more["state"]["code"], more["owner"]) == ("materials", "客户")


def test_nobody_decides_his_own_proposal(enter: Enter, serve: Callable[[TestClient], Any]) -> None:
    boss = enter("supervisor")
    plan = serve(boss)(48, WHY).json()["plan"]
    refused = boss.post(f"{PREFIX}/plans/{plan['id']}/approve", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "proposer_may_not_approve")


@pytest.mark.parametrize("role", ["agent", "editor"])
def test_deciding_is_a_right(enter: Enter, serve: Callable[[TestClient], Any], role: str) -> None:
    other = enter(role)
    plan = serve(enter("supervisor"))(48, WHY).json()["plan"]
    assert other.get(f"{PREFIX}/approvals").status_code == 403
    for decision in ("approve", "reject", "ask_more"):
        assert other.post(f"{PREFIX}/plans/{plan['id']}/{decision}", json={}).status_code == 403
    assert other.get(f"{PREFIX}/plans/{plan['id']}/papers/x").status_code == 403


def test_the_approver_reads_papers_as_files_only(
    enter: Enter, serve: Callable[[TestClient], Any], papers: SigningStore, clock: FixedClock
) -> None:
    agent, boss = enter("agent"), enter("supervisor")
    plan = serve(agent)(48, WHY, papers=True).json()["plan"]
    assert plan["state"]["code"] == "materials"
    kept = papers.add_paper(
        Paper("pa1", plan["id"], "病历.jpg", "image/jpeg", 5, clock.now()), b"\xff\xd8\xffxx"
    )
    answer = boss.get(f"{PREFIX}/plans/{plan['id']}/papers/{kept.id}")
    assert answer.content == b"\xff\xd8\xffxx"
    assert answer.headers["content-disposition"] == "attachment"
    assert boss.get(f"{PREFIX}/plans/{plan['id']}/papers/other").status_code == 404


def test_an_agent_takes_an_unsigned_plan_back(enter: Enter, serve: Callable[[TestClient], Any]) -> None:
    agent = enter("agent")
    plan = serve(agent)(24, WHY).json()["plan"]
    back = agent.post(f"{PREFIX}/plans/{plan['id']}/withdraw", json={"comment": "客户改主意"})
    assert back.json()["plan"]["state"]["code"] == "withdrawn"


def test_who_does_not_serve_the_customer_sends_nothing(
    enter: Enter, served: Conversation, found: Negotiation
) -> None:
    body = {"offer": {"kind": "plan", "terms": 12}, "epoch": served.epoch}
    answer = enter("agent").post(f"{PREFIX}/negotiations/{found.id}/offers", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale_epoch")


def test_nonsense_is_a_clear_error(enter: Enter, found: Negotiation) -> None:
    client = enter("supervisor")
    quote = f"{PREFIX}/negotiations/{found.id}/quote"
    assert client.post(quote, json={"kind": "gift"}).status_code == 400
    assert client.post(quote, json={"kind": "plan", "terms": "12"}).status_code == 400
    assert client.post(f"{PREFIX}/negotiations/nobody/quote", json={"kind": "lump"}).status_code == 404
    assert client.post(f"{PREFIX}/plans/nobody/approve", json={}).status_code == 404
