"""The console's doors: nothing without a session, no change without its token, every answer a clear one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from conversation import hints as topics
from conversation.clock import FixedClock
from conversation.errors import YixianError
from conversation.hints import NoHints
from conversation.identity import Identity, Level
from conversation.message import InboundMessage
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from escalation import agents as module
from escalation.agents import Agents
from escalation.console.api import PREFIX, ConsoleApi
from escalation.console.door import Door
from escalation.console.view import ConsoleView
from escalation.store.agent_store import AgentStore
from service.limits import TokenBuckets
from service.web import _known
from tests.databases import MovableDatabase, dump

PASSWORD = "correct horse battery"
ORIGIN = "http://testserver"


class Polling:
    """Wake-ups that always ring after a moment, as a poll would."""

    @contextmanager
    def watch(self, *watched: str) -> Iterator[Polling]:
        yield self

    async def wait(self, seconds: float) -> set[str]:
        await asyncio.sleep(0.02)
        return {topics.FEED}


@pytest.fixture
def store(sqlite: MovableDatabase, cipher: Any) -> JournalStore:
    return JournalStore(sqlite, cipher)


@pytest.fixture
def api(
    sqlite: MovableDatabase, store: JournalStore, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> ConsoleApi:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module.PasswordHasher, "from_parameters", staticmethod(lambda _: cheap))
    agents = Agents(AgentStore(sqlite), clock)
    agents.add("xiaolin", "小林", "agent", PASSWORD)
    agents.add("xiaochen", "小陈", "agent", PASSWORD)
    return ConsoleApi(
        agents=agents,
        serving=Serving(store, clock, NoHints()),
        view=ConsoleView(Reading(store), lambda _: "张*"),
        hints=NoHints(),
        wakeups=Polling(),
        login_limiter=TokenBuckets(20, 0.001),
        door=Door(),
        secure_cookie=True,
    )


@pytest.fixture
def new_client(api: ConsoleApi) -> Callable[[], TestClient]:
    app = Starlette(routes=api.routes(), exception_handlers={YixianError: _known})
    return lambda: TestClient(app, base_url="https://testserver", raise_server_exceptions=True)


@pytest.fixture
def log_in(new_client: Callable[[], TestClient]) -> Callable[[str], TestClient]:
    def enter(username: str) -> TestClient:
        client = new_client()
        answer = client.post(PREFIX + "/login", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        return client

    return enter


@pytest.fixture
def desk(log_in: Callable[[str], TestClient]) -> TestClient:
    return log_in("xiaolin")


@pytest.fixture
def waiting(store: JournalStore, clock: FixedClock) -> str:
    """A customer in the queue."""
    reception = Reception(store, clock, NoHints())
    talk, _ = reception.open("app", "customer:C0001", Identity(Level.BOUND, "C0001"))
    for n, text in enumerate(("我的手机13812345678", "转人工")):
        reception.receive(InboundMessage(talk.id, f"m{n}", text, identity=talk.identity))
    return talk.id


def routes(api: ConsoleApi) -> list[tuple[str, str]]:
    """Every route but the log-in, as (method, path of one conversation)."""
    found = []
    for route in api.routes():
        if isinstance(route, Route) and not route.path.endswith("/login"):
            method = next(iter((route.methods or set()) - {"HEAD"}))
            found.append((method, route.path))
    return found


def test_there_is_something_to_guard(api: ConsoleApi) -> None:
    assert len(routes(api)) == 14


def test_no_route_answers_without_a_session(
    api: ConsoleApi, new_client: Callable[[], TestClient], waiting: str, sqlite: MovableDatabase
) -> None:
    before = dump(sqlite)
    for cookie in (None, "x", ""):
        client = new_client()
        if cookie is not None:
            client.cookies.set("yixian_desk", cookie)
        for method, path in routes(api):
            answer = client.request(method, path.replace("{id}", waiting), json={})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated"), path
    assert dump(sqlite) == before


def test_no_route_changes_anything_without_the_sessions_own_token(
    api: ConsoleApi, log_in: Callable[[str], TestClient], waiting: str, sqlite: MovableDatabase
) -> None:
    mine, others = log_in("xiaolin"), log_in("xiaochen").headers["x-csrf-token"]
    del mine.headers["x-csrf-token"]
    before = dump(sqlite)
    for token in (None, "", "x", others):
        headers = {"x-csrf-token": token} if token is not None else {}
        for method, path in routes(api):
            if method == "GET":
                continue
            answer = mine.request(method, path.replace("{id}", waiting), json={"epoch": 1}, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), path
    assert dump(sqlite) == before


def test_no_get_changes_anything(
    api: ConsoleApi, desk: TestClient, waiting: str, sqlite: MovableDatabase
) -> None:
    """They need no token, so they must not be worth forging."""
    before = dump(sqlite)
    for method, path in routes(api):
        if method == "GET":
            assert desk.get(path.replace("{id}", waiting)).status_code == 200
    assert dump(sqlite) == before


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(new_client: Callable[[], TestClient]) -> None:
    answer = new_client().post(PREFIX + "/login", json={"username": "xiaolin", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    for attribute in ("httponly", "secure", "samesite=strict", "path=/"):
        assert attribute in cookie


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""]
)
def test_a_form_of_another_site_cannot_log_in(new_client: Callable[[], TestClient], kind: str) -> None:
    body = b'{"username":"xiaolin","password":"correct horse battery"}'
    answer = new_client().post(PREFIX + "/login", content=body, headers={"content-type": kind})
    assert answer.status_code == 403


def test_guessing_passwords_is_slowed_for_the_address(new_client: Callable[[], TestClient]) -> None:
    codes = [
        new_client().post(PREFIX + "/login", json={"username": f"n{n}", "password": "x"}).status_code
        for n in range(25)
    ]
    assert codes[:20] == [401] * 20
    assert set(codes[20:]) == {429}


def test_the_road_of_a_chat(desk: TestClient, waiting: str, log_in: Callable[[str], TestClient]) -> None:
    listed = desk.get(PREFIX + "/conversations", params={"tab": "queued"}).json()
    assert [one["id"] for one in listed["conversations"]] == [waiting]
    assert listed["counts"] == {"mine": 0, "queued": 1, "bot": 0, "closed": 0}
    summary = desk.post(PREFIX + "/claim-next").json()["summary"]
    assert (summary["id"], summary["desk"], summary["customer"]["masked_name"]) == (waiting, "human", "张*")
    path = f"{PREFIX}/conversations/{waiting}"
    reply = {"client_msg_id": "r1", "text": "您好", "epoch": summary["epoch"]}
    assert desk.post(path + "/messages", json=reply).status_code == 202
    assert (
        desk.post(path + "/messages", json=reply).json() == desk.post(path + "/messages", json=reply).json()
    )
    other = log_in("xiaochen")
    assert other.post(path + "/claim").status_code == 409
    assert other.post(path + "/messages", json=reply | {"client_msg_id": "r2"}).status_code == 409
    detail = desk.get(path).json()
    assert detail["events"][0]["text"] == "我的手机138****5678"
    assert "13812345678" not in str(detail)
    assert desk.post(path + "/notes", json={"text": "备注"}).status_code == 201
    closed = desk.post(path + "/close", json={"epoch": summary["epoch"], "reason": "solved"})
    assert closed.json()["summary"]["desk"] == "closed"
    assert desk.post(path + "/messages", json=reply | {"client_msg_id": "r3"}).status_code == 409


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/conversations?tab=x", 400),
        ("/conversations?tab=", 400),
        ("/conversations?limit=x", 400),
        ("/conversations?limit=-1", 400),
        ("/conversations?tab=bot&before=yesterday", 400),
        ("/conversations?tab=bot&before=2026-01-01T00:00:00", 400),
        ("/conversations?tab=queued&before=x", 400),
        ("/conversations/c_none", 404),
        ("/conversations/%00", 404),
        ("/conversations/c_none/events", 404),
        ("/conversations/c_none/events?after=x", 400),
    ],
)
def test_a_wrong_question_gets_a_clear_answer(desk: TestClient, path: str, status: int) -> None:
    answer = desk.get(PREFIX + path)
    assert answer.status_code == status
    assert not answer.json()["error"]["message"].isascii()


# live


def read_until(socket: Any, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = socket.receive_json()
        if frame["type"] == kind:
            return frame


@contextmanager
def connect(client: TestClient, cursor: str = "", origin: str = "https://testserver") -> Iterator[Any]:
    """An open socket. The test client cancels the server's side when the block ends."""
    address = f"wss://testserver{PREFIX}/ws?cursor={cursor}"
    with suppress(CancelledError), client.websocket_connect(address, headers={"origin": origin}) as socket:
        yield socket


def test_the_socket_tells_what_changed_after_the_cursor(
    desk: TestClient, waiting: str, log_in: Callable[[str], TestClient]
) -> None:
    cursor = desk.get(PREFIX + "/conversations").json()["cursor"]
    log_in("xiaochen").post(f"{PREFIX}/conversations/{waiting}/claim")
    with connect(desk, cursor) as socket:
        socket.send_json({"csrf": desk.headers["x-csrf-token"]})
        frame = read_until(socket, "feed")
    assert [item["kind"] for item in frame["items"]] == ["event", "summary"]
    assert frame["items"][1]["summary"]["agent"]["name"] == "小陈"
    assert frame["counts"]["queued"] == 0
    assert frame["cursor"] != cursor


@pytest.mark.parametrize("cursor", ["x", "99.99", "9" * 40 + ".1", "1.5%00"])
def test_a_cursor_nobody_gave_starts_anew(desk: TestClient, waiting: str, cursor: str) -> None:
    with connect(desk, cursor) as socket:
        socket.send_json({"csrf": desk.headers["x-csrf-token"]})
        assert read_until(socket, "resync")


def closed_with(socket: Any) -> int:
    """The code the server closes the socket with, whatever it says before."""
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as closed:
            return closed.code


@pytest.mark.parametrize("first", ['{"csrf":"x"}', '{"csrf":""}', "{}", "x", "[]", '{"csrf":1}', "[" * 5000])
def test_a_socket_without_the_sessions_token_is_closed(desk: TestClient, first: str) -> None:
    with connect(desk) as socket:
        socket.send_text(first)
        assert closed_with(socket) in (4400, 4403)


@pytest.mark.parametrize("origin", ["https://evil.cn", "null", "http://[::1", ""])
def test_a_socket_of_another_site_is_refused(desk: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), connect(desk, origin=origin):
        pass


def test_a_socket_without_a_session_is_closed(new_client: Callable[[], TestClient]) -> None:
    with connect(new_client()) as socket:
        assert closed_with(socket) == 4401


def test_logging_out_closes_the_open_socket(desk: TestClient) -> None:
    with connect(desk) as socket:
        socket.send_json({"csrf": desk.headers["x-csrf-token"]})
        desk.post(PREFIX + "/logout")
        assert closed_with(socket) == 4401
