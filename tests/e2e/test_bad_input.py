"""Bad input at the real server: a clear error or plain text, nothing lost, nobody else slowed."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

import jwt
import pytest
import websockets
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.harness import Customer, Program

pytestmark = pytest.mark.model


def error_of(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error"}
    assert body["error"]["message"]
    assert "Traceback" not in answer.text
    return answer.status_code, body["error"]["code"]


@pytest.fixture
def guest(program: Program) -> Customer:
    return program.guest()


@pytest.mark.parametrize("text", ["", "   ", "\u3000\n\t", "\u200b\u200d"])
def test_an_empty_message_is_a_clear_error(guest: Customer, text: str) -> None:
    assert error_of(guest.post(text=text)) == (400, "empty_text")


def test_an_emoji_is_plain_text_and_gets_an_answer(guest: Customer) -> None:
    assert guest.ask("😭😭")["text"]


def test_two_thousand_characters_pass_and_one_more_is_refused(guest: Customer) -> None:
    assert guest.post(text="还" * 2000).status_code == 202
    assert error_of(guest.post(text="还" * 2001)) == (413, "text_too_long")


@pytest.mark.parametrize(
    "text", ["/restart", "/greet", '/human_agent{"x": 1}', "／restart", "\u3000/restart", "\u200b/bill_query"]
)
def test_a_leading_slash_is_never_an_intent(guest: Customer, text: str) -> None:
    """Nothing is looked up, no history is reset: the talk before it is still there, an answer comes."""
    guest.ask("怎么提前还款")
    answer = guest.hear(guest.say(text))
    assert answer["text"]
    assert answer["card"] is None
    assert [event["seq"] for event in guest.events] == list(range(1, len(guest.events) + 1))


def test_control_characters_are_taken_out(guest: Customer) -> None:
    seq = guest.say("怎么\x00还\x07款\u202e")
    guest.hear(seq)
    stored = next(event for event in guest.events if event["seq"] == seq)
    assert stored["text"] == "怎么还款"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b'{"client_msg_id": 5, "text": "x"}', b"\xff\xfe", b'{"text": "x"}'],
)
def test_a_malformed_body_is_a_clear_error(program: Program, guest: Customer, body: bytes) -> None:
    answer = program.http.post(guest.path + "/messages", content=body, headers=guest.headers)
    assert error_of(answer) in ((400, "malformed_json"), (400, "wrong_shape"))


def test_a_lone_surrogate_is_refused(program: Program, guest: Customer) -> None:
    body = b'{"client_msg_id": "s", "text": "\\ud83d"}'
    answer = program.http.post(guest.path + "/messages", content=body, headers=guest.headers)
    assert error_of(answer)[0] == 400


def test_a_huge_body_is_refused_quickly(program: Program, guest: Customer) -> None:
    began = time.monotonic()
    answer = program.http.post(guest.path + "/messages", content=b"x" * 5_000_000, headers=guest.headers)
    assert error_of(answer) == (413, "body_too_large")
    assert time.monotonic() - began < 2


def test_an_unknown_conversation_and_somebody_elses_read_the_same(program: Program, guest: Customer) -> None:
    other = program.customer("C0003")
    answers = []
    for id in ("c_nobody", other.id):
        path = f"/api/app/v1/conversations/{id}"
        body = {"client_msg_id": "x", "text": "怎么还款"}
        answers.append(program.http.post(path + "/messages", json=body, headers=guest.headers))
        answers.append(program.http.get(path + "/events", headers=guest.headers))
    assert {error_of(answer) for answer in answers} == {(404, "conversation_not_found")}
    assert len({answer.text for answer in answers}) == 1


def forged(**changes: Any) -> str:
    now = int(time.time())
    claims = {"aud": "yixian-app", "sub": "C0001", "iat": now, "exp": now + 600, **changes}
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": "own"})


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        forged(),
        forged(exp=1),
        jwt.encode({"sub": "C0001", "aud": "yixian-app", "exp": 9999999999}, "", algorithm="none"),
        jwt.encode({"sub": "C0001"}, "secret" * 8, algorithm="HS256", headers={"kid": "own"}),
        jwt.encode({"sub": "C0001"}, "secret" * 8, algorithm="HS256", headers={"kid": "../../etc/passwd"}),
    ],
)
def test_a_forged_or_expired_token_opens_nothing(program: Program, guest: Customer, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    for method, path in (
        ("POST", "/api/app/v1/conversations"),
        ("POST", guest.path + "/messages"),
        ("GET", guest.path + "/events"),
    ):
        assert error_of(program.http.request(method, path, headers=headers)) == (401, "not_authenticated")


def test_the_same_id_with_another_text_is_refused_and_the_first_stays(guest: Customer) -> None:
    first = guest.post(client_msg_id="one", text="怎么还款")
    again = guest.post(client_msg_id="one", text="怎么还款")
    assert first.json() == again.json()
    assert error_of(guest.post(client_msg_id="one", text="别的")) == (422, "client_msg_id_reused")


def test_a_made_up_button_is_refused(guest: Customer) -> None:
    assert error_of(guest.post(payload="b_made_up")) == (422, "unknown_payload")
    assert error_of(guest.post(payload="/bill_query")) == (422, "unknown_payload")


def test_a_button_of_another_conversation_is_refused(program: Program) -> None:
    one, two = program.guest(), program.guest()
    buttons = one.ask("有点问题")["buttons"]
    assert buttons, "an unclear message is answered with choices"
    assert error_of(two.post(payload=buttons[0]["payload"])) == (422, "unknown_payload")
    assert one.post(payload=buttons[0]["payload"]).status_code == 202


def test_too_many_messages_at_once_are_slowed_for_that_customer_only(program: Program) -> None:
    """The flood is told 429; another customer is answered as always."""
    flooding, other = program.guest(), program.guest()
    codes = {flooding.post(text=f"第{n}条").status_code for n in range(1100)}
    assert codes == {202, 429}
    assert other.ask("怎么还款")["text"]


async def test_a_socket_that_never_reads_slows_nobody(program: Program) -> None:
    """Its own connection fills up and is cut; another customer's answer comes as always."""
    lazy = await asyncio.to_thread(program.guest)
    url = program.address.replace("http", "ws") + f"{lazy.path}/ws?after=0"
    async with websockets.connect(url, max_queue=1, read_limit=1024) as socket:
        await socket.send(json.dumps({"token": lazy.token}))
        for _ in range(30):
            await asyncio.to_thread(lazy.post, text="长" * 1500, client_msg_id=uuid.uuid4().hex)
        other = await asyncio.to_thread(program.guest)
        began = time.monotonic()
        await asyncio.to_thread(other.ask, "怎么还款")
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("first", ["", "{", "[]", '{"token": "x"}', '{"csrf": "x"}'])
async def test_a_socket_with_a_bad_first_frame_is_closed(program: Program, first: str) -> None:
    guest = await asyncio.to_thread(program.guest)
    url = program.address.replace("http", "ws") + f"{guest.path}/ws?after=0"
    async with websockets.connect(url) as socket:
        await socket.send(first)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.code in (4400, 4401)


async def test_somebody_elses_socket_reads_like_one_that_does_not_exist(program: Program) -> None:
    guest, other = await asyncio.to_thread(program.guest), await asyncio.to_thread(program.guest)
    codes = []
    for id in (other.id, "c_nobody"):
        url = program.address.replace("http", "ws") + f"/api/app/v1/conversations/{id}/ws"
        async with websockets.connect(url) as socket:
            await socket.send(json.dumps({"token": guest.token}))
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 10)
            codes.append(closed.value.code)
    assert codes == [4404, 4404]
