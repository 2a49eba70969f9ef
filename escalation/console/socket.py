"""The console's WebSocket: everything that changes, in commit order, behind an opaque cursor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.http import close_socket, parse_body, send_frame
from conversation import hints as topics
from conversation.errors import YixianError
from conversation.store.reading import FeedItem
from escalation.agents import Session
from escalation.console import render
from escalation.console.parse import Hello

if TYPE_CHECKING:
    from escalation.console.api import ConsoleApi

FIRST_FRAME_SECONDS = 5.0
PING_SECONDS = 20.0
BAD_FRAME, EXPIRED, FORBIDDEN, TOO_SLOW = 4400, 4401, 4403, 4409


class ConsoleSocket:
    def __init__(self, api: ConsoleApi) -> None:
        self._api = api

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
        from escalation.console.api import COOKIE

        return await asyncio.to_thread(self._api.agents.session, socket.cookies.get(COOKIE))

    async def _admit(self, socket: WebSocket) -> Session:
        session = await self._session(socket)
        first = await asyncio.wait_for(socket.receive_text(), FIRST_FRAME_SECONDS)
        self._api.agents.require_csrf(session, parse_body(first.encode(), Hello).csrf)
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
        cursor = socket.query_params.get("cursor") or await asyncio.to_thread(self._api.reading.feed_end)
        with self._api.wakeups.watch(topics.FEED) as bell:
            while True:
                cursor = await self._send_news(socket, session, cursor)
                if not await bell.wait(PING_SECONDS):
                    await send_frame(socket, {"type": "ping"})
                await self._session(socket)  # a closed or disabled session ends the socket

    async def _send_news(self, socket: WebSocket, session: Session, cursor: str) -> str:
        while True:
            found = await asyncio.to_thread(self._api.reading.feed, cursor)
            if found is None:
                await send_frame(socket, {"type": "resync"})
                return await asyncio.to_thread(self._api.reading.feed_end)
            items, cursor = found
            if not items:
                return cursor
            frame = await asyncio.to_thread(self._frame, items, cursor, session)
            await send_frame(socket, frame)

    def _frame(self, items: list[FeedItem], cursor: str, session: Session) -> dict[str, Any]:
        news: list[dict[str, Any]] = []
        for item in items:
            id = item.conversation_id
            if item.note_id is not None:
                note = render.note_out(self._api.reading.note(item.note_id))
                news.append({"kind": "note", "conversation_id": id, "note": note})
            for event in self._api.reading.events(id, item.after_seq, item.seq - item.after_seq):
                news.append({"kind": "event", "conversation_id": id, "event": render.event_out(event)})
        for id in dict.fromkeys(item.conversation_id for item in items):
            news.append({"kind": "summary", "summary": self._api.summary(self._api.reading.overview(id))})
        return {"type": "feed", "cursor": cursor, "items": news, "counts": self._api.counts(session)}


def same_origin(origin: str | None, host: str | None) -> bool:
    """A page of another site may not open this socket with the agent's cookie."""
    return bool(origin and host and urlsplit(origin).netloc == host)


async def _drain(socket: WebSocket) -> None:
    """Notice the other side going away; what it says after the first frame means nothing."""
    while True:
        await socket.receive_text()
