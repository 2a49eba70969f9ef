"""The doors to answers, banners and switches: open by right, never by being logged in alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.bank.products import Products
from bot.knowledge.editing import Editing
from bot.knowledge.library import Library, read_texts
from bot.knowledge.store import RevisionStore
from conversation.clock import FixedClock
from conversation.controlling import Controlling
from conversation.errors import YixianError
from conversation.hints import NoHints
from conversation.serving import Serving
from conversation.store.control_store import ControlStore
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from escalation import agents as module
from escalation.agents import Agents
from escalation.console.api import PREFIX, ConsoleApi
from escalation.console.door import Door
from escalation.console.knowledge_api import KnowledgeApi
from escalation.console.knowledge_view import KnowledgeView
from escalation.console.view import ConsoleView
from escalation.store.agent_store import AgentStore
from service.composition import KNOWLEDGE
from service.limits import TokenBuckets
from service.web import _known
from tests.databases import MovableDatabase

PASSWORD = "correct horse battery"
PRODUCTS, TEXTS = Products.load(), read_texts(KNOWLEDGE)
LIBRARY = Library.of(TEXTS, PRODUCTS)
BANNER = {"text": "转账延迟，正在恢复", "scope": "all", "reason": "告警"}
SWITCH = {"kind": "topic", "name": "transfer_rule", "stopped": True, "reason": "有误"}


@pytest.fixture
def enter(
    sqlite: MovableDatabase, cipher: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], TestClient]:
    """``enter("editor")`` logs in somebody with this role."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module.PasswordHasher, "from_parameters", staticmethod(lambda _: cheap))
    agents, store = Agents(AgentStore(sqlite), clock), JournalStore(sqlite, cipher)
    editing = Editing(RevisionStore(sqlite), TEXTS, PRODUCTS, clock, NoHints())
    controlling = Controlling(ControlStore(sqlite), clock, NoHints())
    api = ConsoleApi(
        agents=agents,
        serving=Serving(store, clock, NoHints()),
        view=ConsoleView(Reading(store), lambda _: "张*"),
        hints=NoHints(),
        wakeups=None,  # type: ignore[arg-type]
        login_limiter=TokenBuckets(20, 0.001),
        door=Door(),
        secure_cookie=False,
        knowledge=KnowledgeApi(KnowledgeView(editing, controlling, lambda: LIBRARY)),
    )
    app = Starlette(routes=api.routes(), exception_handlers={YixianError: _known})

    def log_in(role: str) -> TestClient:
        agents.add(role, role, role, PASSWORD)
        client = TestClient(app)
        answer = client.post(PREFIX + "/login", json={"username": role, "password": PASSWORD}).json()
        client.headers["x-csrf-token"] = answer["csrf"]
        return client

    return log_in


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("GET", "/suggestions?q=转账", None, {"agent", "editor", "supervisor"}),
        ("GET", "/knowledge", None, {"editor", "supervisor"}),
        ("GET", "/knowledge/transfer_rule", None, {"editor", "supervisor"}),
        ("POST", "/knowledge/transfer_rule/check", {"text": "x"}, {"editor", "supervisor"}),
        ("GET", "/controls", None, {"editor", "supervisor"}),
        ("POST", "/banners", BANNER, {"editor", "supervisor"}),
        ("PUT", "/switches", SWITCH, {"supervisor"}),
    ],
)
def test_every_door_is_open_to_its_roles_only(
    enter: Callable[[str], TestClient], method: str, path: str, body: Any, allowed: set[str]
) -> None:
    for role in ("agent", "editor", "supervisor"):
        status = enter(role).request(method, PREFIX + path, json=body).status_code
        assert (status < 300) == (role in allowed), (role, status)
        assert status < 300 or status == 403


def test_a_proposal_is_seen_decided_by_another_and_kept_in_the_history(
    enter: Callable[[str], TestClient],
) -> None:
    one, other = enter("editor"), enter("supervisor")
    at = PREFIX + "/knowledge/transfer_rule"
    detail = one.get(at).json()
    assert detail["preview"]
    assert detail["base"] == 0
    text = detail["text"].replace("title: ", "title: 新的", 1)
    made = one.post(at + "/revisions", json={"text": text, "base": 0, "reason": "改标题"})
    id = made.json()["revision"]["id"]
    assert made.status_code == 201
    shown = other.get(f"{PREFIX}/revisions/{id}").json()
    assert {line["kind"] for line in shown["diff"]} >= {"added", "removed"}
    own = one.post(f"{PREFIX}/revisions/{id}/approve", json={})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "own_change")
    assert other.post(f"{PREFIX}/revisions/{id}/approve", json={}).status_code == 200
    assert other.post(f"{PREFIX}/revisions/{id}/approve", json={}).status_code == 409
    assert one.get(at).json()["history"][0]["checker_name"] == "supervisor"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/knowledge/no_such", None, 404),
        ("/revisions/no_such", None, 404),
        ("/revisions/no_such/approve", {}, 404),
        ("/revisions/x/burn", {}, 400),
        ("/knowledge/transfer_rule/revisions", {"text": "x", "base": 0, "reason": "改"}, 422),
        ("/banners", {**BANNER, "text": "长" * 121}, 400),
        ("/banners", {**BANNER, "ends_at": "2020-01-01T00:00:00+08:00"}, 400),
        ("/banners", {**BANNER, "ends_at": "明天"}, 400),
        ("/banners", {**BANNER, "ends_at": "2027-01-01T00:00:00"}, 400),
        ("/banners", {**BANNER, "scope": "topic", "names": ["no_such"]}, 400),
        ("/banners", {**BANNER, "reason": " "}, 400),
    ],
)
def test_what_does_not_fit_is_a_clear_error(
    enter: Callable[[str], TestClient], path: str, body: Any, status: int
) -> None:
    client = enter("supervisor")
    answer = client.get(PREFIX + path) if body is None else client.post(PREFIX + path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("name", ["no_such", "human_agent"])
def test_what_is_not_there_or_must_stay_cannot_be_stopped(
    enter: Callable[[str], TestClient], name: str
) -> None:
    answer = enter("supervisor").put(PREFIX + "/switches", json={**SWITCH, "name": name})
    assert answer.status_code == 400
