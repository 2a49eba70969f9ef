"""The app channel's WebSocket: the same journal entries, pushed; resumed by ``after``, nothing lost.

The first frame authenticates; a later one renews. Each socket keeps only its cursor: a reader who does
not read is cut off after ten seconds and holds up nobody. Nor does one who opens many sockets, or who
renews without end: a conversation has so many sockets here, and renewals are read one a second.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.app.access import Access
from connectors.app.parse import Authentication, parse_after
from connectors.app.send import (
    DeskFrame,
    EventFrame,
    NoticeFrame,
    NoticeOut,
    Ping,
    TypingFrame,
    desk_out,
    event_out,
    notice_out,
)
from connectors.app.signature import Bearer
from connectors.http import close_socket, parse_body, receive_frame, send_frame
from conversation import hints as topics
from conversation.controls import Notice
from conversation.desk import Desk
from conversation.errors import ConversationNotFound, NotAuthenticated, RateLimited, YixianError
from conversation.hints import Wakeups

FIRST_FRAME_SECONDS = 5.0
PING_SECONDS = 20.0
QUEUE_SECONDS = 3.0  #: how often a waiting customer's place is looked up
RENEWAL_SECONDS = 1.0  #: a token costs a signature's check: not more often than this
MAX_SOCKETS = 20  #: of one conversation in this process; every entry goes to each of them

BAD_FRAME, EXPIRED, NOT_YOURS, UNKNOWN, TOO_SLOW, TOO_MANY = 4400, 4401, 4403, 4404, 4409, 4429


@dataclass
class Viewer:
    """One open socket: the live token and the last entry it was given."""

    socket: WebSocket
    conversation_id: str
    bearer: Bearer
    cursor: int
    desk: Any = None
    notice: NoticeOut | None = None  # as last sent

    async def send(self, frame: Any) -> None:
        await send_frame(self.socket, frame)


class AppSocket:
    def __init__(self, access: Access, wakeups: Wakeups, notice: Callable[[], Notice] = Notice) -> None:
        self._notice = notice
        self._access = access
        self._wakeups = wakeups
        self._open: Counter[str] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            viewer = await self._admit(socket)
            with self._seat(viewer.conversation_id):
                await self._run(viewer)
        except WebSocketDisconnect:
            return
        except (asyncio.TimeoutError, TimeoutError):
            await close_socket(socket, TOO_SLOW)
        except ConversationNotFound:
            await close_socket(socket, UNKNOWN)
        except NotAuthenticated:
            await close_socket(socket, EXPIRED)
        except RateLimited:
            await close_socket(socket, TOO_MANY)
        except YixianError:
            await close_socket(socket, BAD_FRAME)

    async def _admit(self, socket: WebSocket) -> Viewer:
        cursor = parse_after(socket.query_params.get("after"))
        try:
            bearer = self._bearer(await asyncio.wait_for(receive_frame(socket), FIRST_FRAME_SECONDS))
        except (asyncio.TimeoutError, TimeoutError):
            raise NotAuthenticated() from None
        talk = await asyncio.to_thread(self._access.mine, socket.path_params["id"], bearer)
        return Viewer(socket, talk.id, bearer, cursor)

    @contextmanager
    def _seat(self, conversation_id: str) -> Iterator[None]:
        """RateLimited when the conversation has all its sockets."""
        if self._open[conversation_id] >= MAX_SOCKETS:
            raise RateLimited()
        self._open[conversation_id] += 1
        try:
            yield
        finally:
            self._open[conversation_id] -= 1
            if not self._open[conversation_id]:
                del self._open[conversation_id]

    def _bearer(self, frame: bytes) -> Bearer:
        return self._access.bearer(parse_body(frame, Authentication).token)

    async def _run(self, viewer: Viewer) -> None:
        tasks = [asyncio.create_task(self._push(viewer)), asyncio.create_task(self._listen(viewer))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, viewer: Viewer) -> None:
        """Renewals of the token; the person behind a socket may not change."""
        while True:
            bearer = self._bearer(await receive_frame(viewer.socket))
            if bearer.user != viewer.bearer.user:
                raise NotAuthenticated()
            viewer.bearer = bearer
            await asyncio.sleep(RENEWAL_SECONDS)

    async def _push(self, viewer: Viewer) -> None:
        id = viewer.conversation_id
        with self._wakeups.watch(topics.conversation(id), topics.agent_types(id), topics.NOTICE) as bell:
            while True:
                await self._send_news(viewer)
                left = (viewer.bearer.expires_at - self._access.clock.now()).total_seconds()
                if left <= 0:
                    raise NotAuthenticated()
                waiting = viewer.desk is not None and viewer.desk.state == Desk.QUEUED.value
                rung = await bell.wait(min(left, QUEUE_SECONDS if waiting else PING_SECONDS))
                if topics.agent_types(id) in rung:
                    await viewer.send(TypingFrame("agent", True))
                elif not rung:
                    await viewer.send(Ping())

    async def _send_news(self, viewer: Viewer) -> None:
        while True:
            news = await asyncio.to_thread(self._access.reading.news, viewer.conversation_id, viewer.cursor)
            for event in news.events:
                await viewer.send(EventFrame(event_out(event)))
                viewer.cursor = event.seq
            if viewer.cursor >= news.conversation.last_seq:
                break
        desk = desk_out(news)
        if desk != viewer.desk:
            viewer.desk = desk
            await viewer.send(DeskFrame(desk))
        notice = notice_out(self._notice())
        if notice != viewer.notice:
            viewer.notice = notice
            await viewer.send(NoticeFrame(notice))
