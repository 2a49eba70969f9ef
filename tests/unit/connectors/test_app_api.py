"""The app's doors: everybody sees his own conversation only, each entry once, in order, also over a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from connectors.app.access import Access
from connectors.app.channel import PREFIX, AppChannel, DemoCustomer
from connectors.app.signature import Key, sign
from conversation.clock import FixedClock
from conversation.errors import YixianError
from conversation.hints import NoHints
from conversation.reception import Reception
from conversation.serving import Serving
from conversation.state import Agent
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from service.limits import TokenBuckets
from service.web import _known
from tests.databases import MovableDatabase

OWN = Ed25519PrivateKey.generate()
Made = Callable[..., TestClient]


class Polling:
    """Wake-ups that ring after a moment for nothing, as a poll would."""

    @contextmanager
    def watch(self, *watched: str) -> Iterator[Polling]:
        yield self

    async def wait(self, seconds: float) -> set[str]:
        await asyncio.sleep(min(seconds, 0.02))
        return {"polled"}


@pytest.fixture
def store(sqlite: MovableDatabase, cipher: Any) -> JournalStore:
    return JournalStore(sqlite, cipher)


@pytest.fixture
def make(store: JournalStore, clock: FixedClock) -> Callable[..., AppChannel]:
    """The channel, in the demo or not."""

    def build(demo: bool = True, burst: int = 1000) -> AppChannel:
        reading = Reading(store)
        return AppChannel(
            reception=Reception(store, clock, NoHints()),
            access=Access(reading, {"own": Key(OWN.public_key(), "EdDSA", demo, True)}, clock),
            wakeups=Polling(),
            own_key=OWN,
            limiter=TokenBuckets(burst, 0.001),
            guest_limiter=TokenBuckets(5, 0.001),
            demo_customers=(lambda: [DemoCustomer("C0001", "张*", "正常")]) if demo else None,
        )

    return build


@pytest.fixture
def client(make: Callable[..., AppChannel]) -> Made:
    """``client("C0001")`` speaks for this customer, ``client(None)`` for nobody."""

    def build(subject: str | None = "C0001", clock: FixedClock | None = None, **changes: Any) -> TestClient:
        channel = make(**changes)
        app = Starlette(routes=channel.routes(), exception_handlers={YixianError: _known})
        found = TestClient(app)
        if subject is not None:
            found.headers["authorization"] = f"Bearer {sign(OWN, 'own', subject, channel.access.clock.now())}"
        return found

    return build


def opened(client: TestClient) -> str:
    answer = client.post(PREFIX + "/conversations")
    assert answer.status_code in (200, 201)
    return str(answer.json()["id"])


def say(client: TestClient, id: str, text: str = "怎么还款", source_id: str = "m1") -> Any:
    body = {"client_msg_id": source_id, "text": text}
    return client.post(f"{PREFIX}/conversations/{id}/messages", json=body)


# who sees what


def test_a_conversation_is_opened_once_and_resumed(client: Made) -> None:
    mine = client()
    first, second = mine.post(PREFIX + "/conversations"), mine.post(PREFIX + "/conversations")
    assert (first.status_code, first.json()["resumed"]) == (201, False)
    assert (second.status_code, second.json()) == (200, {"id": first.json()["id"], "resumed": True})


def test_nobody_reads_or_writes_anothers_conversation_and_it_reads_like_none(client: Made) -> None:
    mine = client("C0001")
    id = opened(mine)
    say(mine, id)
    for other in (client("C0002"), client("guest:x"), client("C00010")):
        for wanted in (id, "c_none", id[:-1], id.upper()):
            for method, path, body in (
                ("POST", "messages", {"client_msg_id": "m9", "text": "还款"}),
                ("GET", "events?after=0", None),
            ):
                answer = other.request(method, f"{PREFIX}/conversations/{wanted}/{path}", json=body)
                assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")
    assert len(mine.get(f"{PREFIX}/conversations/{id}/events").json()["events"]) == 1


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "x"])
def test_nothing_without_a_token(
    client: Made, make: Callable[..., AppChannel], authorization: str | None
) -> None:
    nobody = client(None)
    headers = {} if authorization is None else {"authorization": authorization}
    for route in make().routes():
        if isinstance(route, Route) and "conversations" in route.path:
            method = next(iter((route.methods or set()) - {"HEAD"}))
            answer = nobody.request(method, route.path.replace("{id}", "c_1"), headers=headers, json={})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")


def test_a_token_ends_in_the_middle_of_a_talk(client: Made, clock: FixedClock) -> None:
    mine = client()
    id = opened(mine)
    assert say(mine, id).status_code == 202
    clock.advance(600)
    assert say(mine, id, source_id="m2").status_code == 401


# guests and the demo


def test_a_guest_gets_a_token_a_conversation_and_no_identity(client: Made, store: JournalStore) -> None:
    guest = client(None)
    token = guest.post(PREFIX + "/guest").json()["token"]
    guest.headers["authorization"] = f"Bearer {token}"
    id = opened(guest)
    assert say(guest, id).status_code == 202
    assert Reading(store).conversation(id).identity.customer_id is None


def test_a_guest_who_renews_stays_the_same_guest(client: Made, clock: FixedClock) -> None:
    guest = client(None)
    guest.headers["authorization"] = f"Bearer {guest.post(PREFIX + '/guest').json()['token']}"
    id = opened(guest)
    clock.advance(3600)
    guest.headers["authorization"] = f"Bearer {guest.post(PREFIX + '/guest').json()['token']}"
    assert opened(guest) == id


def test_making_guests_is_slowed_for_the_address(client: Made) -> None:
    nobody = client(None)
    codes = [nobody.post(PREFIX + "/guest").status_code for _ in range(8)]
    assert codes == [200] * 5 + [429] * 3


def test_the_demo_gives_tokens_for_its_customers_only(client: Made) -> None:
    nobody = client(None)
    assert [one["customer_id"] for one in nobody.get(PREFIX + "/demo/customers").json()["customers"]] == [
        "C0001"
    ]
    assert nobody.post(PREFIX + "/demo/token", json={"customer_id": "C0001"}).json()["token"]
    assert nobody.post(PREFIX + "/demo/token", json={"customer_id": "C9999"}).status_code == 400


def test_outside_the_demo_there_is_no_demo(client: Made) -> None:
    nobody = client(None, demo=False)
    for answer in (
        nobody.get(PREFIX + "/demo/customers"),
        nobody.post(PREFIX + "/demo/token", json={"customer_id": "C0001"}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert client("C0001", demo=False).post(PREFIX + "/conversations").status_code == 401


def test_renewing_a_demo_token_does_not_log_in_again(
    client: Made, clock: FixedClock, store: JournalStore
) -> None:
    """Who said he is not the customer is not believed because his page asked for a new token."""
    page = client(None)
    first = page.post(PREFIX + "/demo/token", json={"customer_id": "C0001"}).json()["token"]
    page.headers["authorization"] = f"Bearer {first}"
    logged_in = clock.now()
    clock.advance(300)
    again = page.post(PREFIX + "/demo/token", json={"customer_id": "C0001"}).json()["token"]
    page.headers["authorization"] = f"Bearer {again}"
    id = opened(page)
    say(page, id)
    assert Reading(store).conversation(id).identity.authenticated_at == logged_in


# messages and events


def test_a_message_is_acknowledged_with_its_number_and_once(client: Made) -> None:
    mine = client()
    id = opened(mine)
    answers = [say(mine, id) for _ in range(3)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {"seq": 1})] * 3
    assert say(mine, id, "别的").status_code == 422
    assert say(mine, id, source_id="m2").json() == {"seq": 2}


def test_one_customers_flood_is_his_own(client: Made) -> None:
    flooder = client("C0001", burst=3)
    id = opened(flooder)
    codes = [say(flooder, id, source_id=f"m{n}").status_code for n in range(5)]
    assert codes == [202, 202, 202, 429, 429]
    answer = say(flooder, id, source_id="m9")
    assert answer.headers["retry-after"]


def test_events_come_after_the_cursor_with_the_desk(client: Made) -> None:
    mine = client()
    id = opened(mine)
    for n, text in enumerate(("怎么还款", "转人工")):
        say(mine, id, text, f"m{n}")
    events = mine.get(f"{PREFIX}/conversations/{id}/events", params={"after": 1}).json()
    assert [(event["seq"], event["sender"], event["client_msg_id"]) for event in events["events"]] == [
        (2, "customer", "m1"),
        (3, "system", None),
    ]
    assert events["last_seq"] == 3
    assert events["desk"] == {"state": "queued", "position": 1, "agent_name": None}
    later = mine.get(f"{PREFIX}/conversations/{id}/events", params={"after": 99}).json()
    assert (later["events"], later["last_seq"]) == ([], 3)


def test_a_long_poll_returns_when_there_is_something(
    client: Made, store: JournalStore, clock: FixedClock, sqlite: MovableDatabase
) -> None:
    mine = client()
    id = opened(mine)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(
            mine.get, f"{PREFIX}/conversations/{id}/events", params={"after": 0, "wait": 20}
        )
        say(client(), id)
        assert [event["seq"] for event in waiting.result(timeout=5).json()["events"]] == [1]


# the socket


@contextmanager
def connect(client: TestClient, id: str, after: int | str = 0) -> Iterator[Any]:
    """An open socket. The test client cancels the server's side when the block ends."""
    with (
        suppress(CancelledError),
        client.websocket_connect(f"{PREFIX}/conversations/{id}/ws?after={after}") as socket,
    ):
        yield socket


def token_of(client: TestClient) -> dict[str, str]:
    return {"token": client.headers["authorization"].removeprefix("Bearer ")}


def frames(socket: Any, count: int) -> list[dict[str, Any]]:
    return [socket.receive_json() for _ in range(count)]


def closed_with(socket: Any) -> int:
    """The code the server closes the socket with, whatever it says before."""
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as closed:
            return closed.code


def test_a_socket_gives_everything_after_its_cursor_once_and_then_what_comes(client: Made) -> None:
    mine = client()
    id = opened(mine)
    for n in range(5):
        say(mine, id, source_id=f"m{n}")
    with connect(mine, id, after=2) as socket:
        socket.send_json(token_of(mine))
        found = frames(socket, 5)
        assert [frame["event"]["seq"] for frame in found[:3]] == [3, 4, 5]
        assert found[3] == {"type": "desk", "desk": {"state": "bot", "position": None, "agent_name": None}}
        assert found[4] == {"type": "notice", "notice": {"banners": [], "stopped": None}}
        say(mine, id, source_id="m6")
        assert socket.receive_json()["event"]["seq"] == 6


def test_a_socket_tells_who_serves_now(client: Made, store: JournalStore, clock: FixedClock) -> None:
    mine = client()
    id = opened(mine)
    say(mine, id, "转人工")
    with connect(mine, id, after=2) as socket:
        socket.send_json(token_of(mine))
        assert socket.receive_json()["desk"] == {"state": "queued", "position": 1, "agent_name": None}
        assert socket.receive_json()["type"] == "notice"
        Serving(store, clock, NoHints()).claim(Agent("a1", "小林"), id)
        joined, desk = frames(socket, 2)
        assert (joined["event"]["sender"], desk["desk"]["agent_name"]) == ("system", "小林")


@pytest.mark.parametrize("first", ["", "x", "{}", "[]", '{"token":1}', "[" * 5000, "x" * 9000])
def test_a_first_frame_that_is_no_token_closes_the_socket(client: Made, first: str) -> None:
    mine = client()
    with connect(mine, opened(mine)) as socket:
        socket.send_text(first)
        assert closed_with(socket) == 4400


def test_a_forged_token_closes_the_socket(client: Made) -> None:
    mine = client()
    with connect(mine, opened(mine)) as socket:
        socket.send_json({"token": "x.y.z"})
        assert closed_with(socket) == 4401


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "%00"])
def test_a_cursor_that_is_none_closes_the_socket(client: Made, after: str) -> None:
    mine = client()
    with connect(mine, opened(mine), after) as socket:
        assert closed_with(socket) == 4400


def test_anothers_conversation_and_none_close_alike(client: Made) -> None:
    mine, other = client("C0001"), client("C0002")
    id = opened(mine)
    for wanted in (id, "c_none"):
        with connect(other, wanted) as socket:
            socket.send_json(token_of(other))
            assert closed_with(socket) == 4404


def test_a_socket_ends_with_its_token_and_goes_on_with_a_new_one(client: Made, clock: FixedClock) -> None:
    mine = client()
    id = opened(mine)
    with connect(mine, id) as socket:
        socket.send_json(token_of(mine))
        frames(socket, 2)
        clock.advance(500)
        renewed = client()
        socket.send_json(token_of(renewed))
        asyncio.run(asyncio.sleep(0.1))
        clock.advance(200)
        say(client(), id)
        assert socket.receive_json()["event"]["seq"] == 1
        clock.advance(400)
        assert closed_with(socket) == 4401


def test_nobody_else_may_renew_a_socket(client: Made) -> None:
    mine, other = client("C0001"), client("C0002")
    with connect(mine, opened(mine)) as socket:
        socket.send_json(token_of(mine))
        socket.receive_json()
        socket.send_json(token_of(other))
        assert closed_with(socket) == 4401
