"""The console's WebSocket: everything that changes, in commit order, behind an opaque cursor."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.http import close_socket, parse_body, receive_frame, send_frame
from conversation import hints as topics
from conversation.errors import YixianError
from conversation.hints import Wakeups
from escalation.agents import SESSION_COOKIE, Agents, Session
from escalation.console.parse import Hello
from escalation.console.view import ConsoleView

FIRST_FRAME_SECONDS = 5.0
PING_SECONDS = 20.0
BAD_FRAME, EXPIRED, FORBIDDEN, TOO_SLOW = 4400, 4401, 4403, 4409


class ConsoleSocket:
    def __init__(self, agents: Agents, view: ConsoleView, wakeups: Wakeups) -> None:
        self._agents = agents
        self._view = view
        self._wakeups = wakeups

    async def serve(self, socket: WebSocket) -> None:
        if not same_origin(socket.headers.get("origin"), socket.headers.get("host")):
            await socket.close(FORBIDDEN)
            return
        await socket.accept()
        try:
            session = await self._admit(socket)
            await self._run(socket, session)
        except WebSocketDisconnect:
            return
        except (asyncio.TimeoutError, TimeoutError):
            await close_socket(socket, TOO_SLOW)
        except YixianError as error:
            await close_socket(socket, {401: EXPIRED, 403: FORBIDDEN}.get(error.status, BAD_FRAME))

    async def _session(self, socket: WebSocket) -> Session:
        return await asyncio.to_thread(self._agents.session, socket.cookies.get(SESSION_COOKIE), used=False)

    async def _admit(self, socket: WebSocket) -> Session:
        session = await self._session(socket)
        first = await asyncio.wait_for(receive_frame(socket), FIRST_FRAME_SECONDS)
        self._agents.require_csrf(session, parse_body(first, Hello).csrf)
        return session

    async def _run(self, socket: WebSocket, session: Session) -> None:
        tasks = [asyncio.create_task(self._push(socket, session)), asyncio.create_task(_drain(socket))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _push(self, socket: WebSocket, session: Session) -> None:
        cursor = socket.query_params.get("cursor") or await asyncio.to_thread(self._view.reading.feed_end)
        with self._wakeups.watch(topics.FEED) as bell:
            while True:
                cursor = await self._send_news(socket, session, cursor)
                if not await bell.wait(PING_SECONDS):
                    await send_frame(socket, {"type": "ping"})
                await self._session(socket)  # a closed or disabled session ends the socket

    async def _send_news(self, socket: WebSocket, session: Session, cursor: str) -> str:
        while True:
            found = await asyncio.to_thread(self._view.reading.feed, cursor)
            if found is None:
                await send_frame(socket, {"type": "resync"})
                return await asyncio.to_thread(self._view.reading.feed_end)
            items, cursor = found
            if not items:
                return cursor
            frame = await asyncio.to_thread(self._view.feed_frame, items, cursor, session.agent.id)
            await send_frame(socket, frame)


def same_origin(origin: str | None, host: str | None) -> bool:
    """A page of another site may not open this socket with the agent's cookie."""
    try:
        return bool(origin and host and urlsplit(origin).netloc == host)
    except ValueError:  # not an address at all
        return False


async def _drain(socket: WebSocket) -> None:
    """Notice the other side going away; what it says after the first frame means nothing."""
    while True:
        await receive_frame(socket)
