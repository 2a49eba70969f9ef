"""Floods of one customer, or of nobody in particular, at the real server: they are stopped, others are served.

The bounds on time are generous; before the floods were bounded, others waited for ten seconds and more.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import websockets

from connectors.app.socket import MAX_SOCKETS
from tests.harness import Customer, Program

pytestmark = pytest.mark.model

#: different ones in turn: who asks the same again and again is brought to a person
QUESTIONS = ("怎么提前还款", "客服电话是多少", "利息怎么算")
PATIENCE = 4.0  #: seconds within which somebody else is answered, whatever goes on


@contextmanager
def meanwhile(*attacks: Callable[[Callable[[], bool]], None]) -> Iterator[None]:
    """Each attack runs in a thread of its own until the block ends; it is given a function to ask."""
    over = threading.Event()
    threads = [threading.Thread(target=attack, args=(over.is_set,), daemon=True) for attack in attacks]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def slowest_answer(program: Program, times: int = 5) -> float:
    """Of several questions of another guest, how long the slowest took."""
    other, slowest = program.guest(), 0.0
    for number in range(times):
        began = time.monotonic()
        other.ask(QUESTIONS[number % len(QUESTIONS)])
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def socket_of(customer: Customer) -> str:
    return customer.program.address.replace("http", "ws") + f"{customer.path}/ws?after=0"


@pytest.mark.parametrize("text", ["ﷺ" * 2000, "1" * 2000, "我是他" * 600, "还款利息怎么算" * 280])
def test_long_messages_without_end_do_not_silence_the_bot_for_others(program: Program, text: str) -> None:
    flooding = program.guest()

    def flood(over: Callable[[], bool]) -> None:
        while not over():
            flooding.post(text=text)

    with meanwhile(flood):
        assert slowest_answer(program) < PATIENCE


def test_two_hundred_logins_at_once_do_not_hold_up_customers(program: Program) -> None:
    def guess(over: Callable[[], bool]) -> None:
        with httpx.Client(base_url=program.address, timeout=60) as client:
            while not over():
                name = f"{threading.get_native_id()}"
                headers = {"x-forwarded-for": f"10.0.{int(name) % 250}.{time.monotonic_ns() % 250}"}
                client.post("/api/desk/v1/login", json={"username": name, "password": "x"}, headers=headers)

    with meanwhile(*[guess] * 40):
        assert slowest_answer(program) < PATIENCE


def test_a_socket_that_renews_without_end_holds_up_nobody(program: Program) -> None:
    guest = program.guest()

    async def renew(over: Callable[[], bool]) -> None:
        frame = json.dumps({"token": guest.token})
        try:
            async with websockets.connect(socket_of(guest), close_timeout=1) as socket:
                while not over():
                    await asyncio.wait_for(socket.send(frame), 1)
        except (websockets.ConnectionClosed, asyncio.TimeoutError):
            return

    with meanwhile(lambda over: asyncio.run(renew(over))):
        assert slowest_answer(program) < PATIENCE


async def test_a_conversation_has_only_so_many_sockets(program: Program) -> None:
    """The one too many is told so; a place that becomes free can be taken."""
    guest = await asyncio.to_thread(program.guest)
    sockets = []
    for _ in range(MAX_SOCKETS):
        socket = await websockets.connect(socket_of(guest))
        await socket.send(json.dumps({"token": guest.token}))
        assert json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] == "desk"
        sockets.append(socket)
    assert await _closed_with(guest) == 4429
    await sockets[0].close()
    await asyncio.sleep(0.5)
    async with websockets.connect(socket_of(guest)) as again:
        await again.send(json.dumps({"token": guest.token}))
        assert json.loads(await asyncio.wait_for(again.recv(), 10))["type"] == "desk"
    for socket in sockets[1:]:
        await socket.close()


async def _closed_with(guest: Customer) -> int:
    async with websockets.connect(socket_of(guest)) as socket:
        await socket.send(json.dumps({"token": guest.token}))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 10)
        return int(closed.value.code)


@pytest.mark.parametrize("frame", [b"\x00\xff", b'{"token": "x"}', '{"token":' + "[" * 6000, "x" * 9000])
async def test_a_frame_that_is_no_short_text_is_refused_as_such(program: Program, frame: Any) -> None:
    guest = await asyncio.to_thread(program.guest)
    async with websockets.connect(socket_of(guest)) as socket:
        await socket.send(frame)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.code == 4400


def test_opening_without_end_is_slowed(program: Program) -> None:
    guest = program.guest()
    with httpx.Client(base_url=program.address, timeout=30) as client:
        codes = [
            client.post("/api/app/v1/conversations", headers=guest.headers).status_code for _ in range(1100)
        ]
    assert set(codes) == {200, 429}
