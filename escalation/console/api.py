"""The console's HTTP API: log in, lists, one conversation, and what an agent does with it. Thin.

A session cookie says who; every request that changes something also carries the session's CSRF token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from connectors.http import Limiter, json_response, parse_body, read_body
from conversation import hints as topics
from conversation.errors import BadRequest, Forbidden, RateLimited
from conversation.hints import Hints, Wakeups
from conversation.serving import Serving
from conversation.state import Conversation
from escalation.agents import DEVICE_COOKIE, DEVICE_LIFE, SESSION_COOKIE, SESSION_LIFE, Agents, Session
from escalation.console import parse, render
from escalation.console.door import Door
from escalation.console.knowledge_api import KnowledgeApi
from escalation.console.plan_api import PlanApi
from escalation.console.socket import ConsoleSocket
from escalation.console.view import ConsoleView
from escalation.rights import rights_of

PREFIX = "/api/desk/v1"
MAX_PAGE = 100

Handler = Callable[[Request, Session], Awaitable[Response]]


@dataclass(frozen=True)
class ConsoleApi:
    agents: Agents
    serving: Serving
    view: ConsoleView
    hints: Hints
    wakeups: Wakeups
    login_limiter: Limiter
    door: Door
    secure_cookie: bool
    knowledge: KnowledgeApi | None = None
    plans: PlanApi | None = None

    def routes(self) -> list[BaseRoute]:
        one = PREFIX + "/conversations/{id}"
        return [
            Route(PREFIX + "/login", self.log_in, methods=["POST"]),
            self._route(PREFIX + "/logout", self.log_out, "POST"),
            self._route(PREFIX + "/me", self.me, "GET"),
            self._route(PREFIX + "/presence", self.set_presence, "PUT"),
            self._route(PREFIX + "/conversations", self.list, "GET"),
            self._route(PREFIX + "/claim-next", self.claim_next, "POST"),
            self._route(one, self.show, "GET"),
            self._route(one + "/events", self.events, "GET"),
            self._route(one + "/claim", self.claim, "POST"),
            self._route(one + "/messages", self.reply, "POST"),
            self._route(one + "/handback", self.hand_back, "POST"),
            self._route(one + "/close", self.close, "POST"),
            self._route(one + "/release", self.release, "POST"),
            self._route(one + "/notes", self.note, "POST"),
            self._route(one + "/typing", self.typing, "POST"),
            *(self.knowledge.routes(PREFIX, self._route) if self.knowledge else ()),
            *(self.plans.routes(PREFIX, self._route) if self.plans else ()),
            WebSocketRoute(PREFIX + "/ws", ConsoleSocket(self.agents, self.view, self.wakeups).serve),
        ]

    def _route(self, path: str, handler: Handler, method: str) -> Route:
        return Route(path, partial(self._authorised, handler), methods=[method])

    async def _authorised(self, handler: Handler, request: Request) -> Response:
        session = await asyncio.to_thread(self.agents.session, request.cookies.get(SESSION_COOKIE))
        if request.method != "GET":
            self.agents.require_csrf(session, request.headers.get("x-csrf-token"))
        return await handler(request, session)

    # session

    async def log_in(self, request: Request) -> Response:
        if not self.login_limiter.allow(request.client.host if request.client else "?"):
            raise RateLimited()
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise Forbidden()  # a form on another site cannot send JSON without asking first
        wanted = parse_body(await read_body(request), parse.LoginIn)
        device = request.cookies.get(DEVICE_COOKIE)
        cookie, session = await self.door.through(
            self.agents.log_in, wanted.username, wanted.password, device
        )
        device = await asyncio.to_thread(self.agents.device, wanted.username, device)
        response = json_response(
            {"agent": _agent(session), "csrf": session.csrf, "presence": session.presence}
        )
        self._set_cookie(response, SESSION_COOKIE, cookie, SESSION_LIFE, "/")
        self._set_cookie(response, DEVICE_COOKIE, device, DEVICE_LIFE, PREFIX + "/login")
        return response

    def _set_cookie(self, response: Response, name: str, value: str, life: timedelta, path: str) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(life.total_seconds()),
            path=path,
            secure=self.secure_cookie,
            httponly=True,
            samesite="strict",
        )

    async def log_out(self, request: Request, session: Session) -> Response:
        await asyncio.to_thread(self.agents.log_out, session)
        response = Response(status_code=204)
        response.delete_cookie(SESSION_COOKIE, path="/")
        return response

    async def me(self, request: Request, session: Session) -> Response:
        return json_response({"agent": _agent(session), "csrf": session.csrf, "presence": session.presence})

    async def set_presence(self, request: Request, session: Session) -> Response:
        wanted = parse_body(await read_body(request), parse.PresenceIn).presence
        await asyncio.to_thread(self.agents.set_presence, session, wanted)
        return json_response({"presence": wanted})

    # reading

    async def list(self, request: Request, session: Session) -> Response:
        tab = request.query_params.get("tab", "queued")
        limit = max(1, min(_whole(request.query_params.get("limit") or "50"), MAX_PAGE))
        before = request.query_params.get("before")
        return json_response(await asyncio.to_thread(self.view.page, tab, session.agent.id, before, limit))

    async def show(self, request: Request, session: Session) -> Response:
        return json_response(await asyncio.to_thread(self.view.detail, request.path_params["id"]))

    async def events(self, request: Request, session: Session) -> Response:
        id = request.path_params["id"]
        after = _whole(request.query_params.get("after"))
        talk = await asyncio.to_thread(self.view.reading.conversation, id)
        events = await asyncio.to_thread(self.view.reading.events, id, after)
        last_seq = events[-1].seq if events else min(after, talk.last_seq)
        return json_response({"events": [render.event_out(event) for event in events], "last_seq": last_seq})

    # serving

    async def claim(self, request: Request, session: Session) -> Response:
        return await self._moved(self.serving.claim, session.agent, request.path_params["id"])

    async def claim_next(self, request: Request, session: Session) -> Response:
        return await self._moved(self.serving.claim_next, session.agent)

    async def hand_back(self, request: Request, session: Session) -> Response:
        epoch = parse_body(await read_body(request), parse.EpochIn).epoch
        return await self._moved(self.serving.hand_back, session.agent, request.path_params["id"], epoch)

    async def release(self, request: Request, session: Session) -> Response:
        epoch = parse_body(await read_body(request), parse.EpochIn).epoch
        return await self._moved(self.serving.release, session.agent, request.path_params["id"], epoch)

    async def close(self, request: Request, session: Session) -> Response:
        wanted = parse_body(await read_body(request), parse.EpochIn)
        id, outcome = request.path_params["id"], wanted.reason or "answered"
        return await self._moved(self.serving.close, session.agent, id, wanted.epoch, outcome)

    async def _moved(self, move: Callable[..., Conversation], *arguments: Any) -> Response:
        talk = await asyncio.to_thread(move, *arguments)
        return json_response({"summary": await asyncio.to_thread(self.view.summary, talk.id)})

    async def reply(self, request: Request, session: Session) -> Response:
        said = parse_body(await read_body(request), parse.ReplyIn)
        receipt = await asyncio.to_thread(
            self.serving.reply,
            session.agent,
            request.path_params["id"],
            said.epoch,
            said.client_msg_id,
            said.text,
        )
        return json_response({"seq": receipt.seq}, 202)

    async def note(self, request: Request, session: Session) -> Response:
        text = parse_body(await read_body(request), parse.NoteIn).text
        note = await asyncio.to_thread(self.serving.note, session.agent, request.path_params["id"], text)
        return json_response({"note": render.note_out(note)}, 201)

    async def typing(self, request: Request, session: Session) -> Response:
        on = parse_body(await read_body(request), parse.TypingIn).on
        talk = await asyncio.to_thread(self.view.reading.conversation, request.path_params["id"])
        if on and talk.agent_id == session.agent.id:
            await asyncio.to_thread(self.hints.publish, topics.agent_types(talk.id))
        return Response(status_code=204)


def _agent(session: Session) -> dict[str, Any]:
    rights = sorted(right.value for right in rights_of(session.role))
    return {"id": session.agent.id, "name": session.agent.name, "role": session.role, "rights": rights}


def _whole(written: str | None) -> int:
    if not written:
        return 0
    if not written.isascii() or not written.isdigit() or len(written) > 9:
        raise BadRequest("参数 after 和 limit 应为非负整数。")
    return int(written)
