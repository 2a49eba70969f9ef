"""The console's API for negotiations and plans. Thin: rights here, rules in bot.plans and bot.negotiation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.plans.desk import PlansDesk
from connectors.http import json_response, parse_body, read_body
from conversation.errors import Forbidden
from escalation.agents import Session
from escalation.console import parse
from escalation.rights import Right, rights_of

Guard = Callable[[str, Any, str], Route]


@dataclass(frozen=True)
class PlanApi:
    desk: PlansDesk

    def routes(self, prefix: str, guarded: Guard) -> list[BaseRoute]:
        """``guarded(path, handler, method)`` makes a route that knows the session."""
        plan = prefix + "/plans/{id}"
        return [
            guarded(prefix + "/conversations/{id}/negotiations", self.negotiations, "GET"),
            guarded(prefix + "/negotiations/{id}/quote", self.quote, "POST"),
            guarded(prefix + "/negotiations/{id}/offers", self.send, "POST"),
            guarded(prefix + "/approvals", self.approvals, "GET"),
            guarded(plan + "/withdraw", self.withdraw, "POST"),
            guarded(plan + "/papers/{paper}", self.paper, "GET"),
            guarded(plan + "/{decision}", self.decide, "POST"),
        ]

    async def negotiations(self, request: Request, session: Session) -> Response:
        """What was bargained in a conversation; every agent may see it, as he may the conversation."""
        return json_response(await asyncio.to_thread(self.desk.of_conversation, request.path_params["id"]))

    async def quote(self, request: Request, session: Session) -> Response:
        wanted = parse_body(await read_body(request), parse.OfferIn)
        id, terms = request.path_params["id"], msgspec.structs.asdict(wanted)
        return json_response(await asyncio.to_thread(self.desk.quote, id, terms))

    async def send(self, request: Request, session: Session) -> Response:
        wanted = parse_body(await read_body(request), parse.SendOfferIn)
        plan = await asyncio.to_thread(
            self.desk.send,
            session.agent,
            request.path_params["id"],
            wanted.epoch,
            msgspec.structs.asdict(wanted.offer),
            wanted.reason,
            wanted.papers,
        )
        return json_response({"plan": plan}, 201)

    async def approvals(self, request: Request, session: Session) -> Response:
        _require(session)
        return json_response(await asyncio.to_thread(self.desk.waiting))

    async def decide(self, request: Request, session: Session) -> Response:
        _require(session)
        reason = parse_body(await read_body(request), parse.CommentIn).comment
        id, decision = request.path_params["id"], request.path_params["decision"]
        plan = await asyncio.to_thread(self.desk.decide, session.agent, id, decision, reason)
        return json_response({"plan": plan})

    async def withdraw(self, request: Request, session: Session) -> Response:
        reason = parse_body(await read_body(request), parse.CommentIn).comment
        id = request.path_params["id"]
        plan = await asyncio.to_thread(self.desk.withdraw, session.agent, id, reason)
        return json_response({"plan": plan})

    async def paper(self, request: Request, session: Session) -> Response:
        """Never shown in the page: what a customer sent is only ever saved."""
        _require(session)
        id, paper = request.path_params["id"], request.path_params["paper"]
        media_type, content = await asyncio.to_thread(self.desk.paper, id, paper)
        headers = {"content-disposition": "attachment", "cache-control": "no-store"}
        return Response(content, media_type=media_type, headers=headers)


def _require(session: Session) -> None:
    if Right.APPROVALS not in rights_of(session.role):
        raise Forbidden()
