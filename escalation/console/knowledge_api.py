"""The console's API for answers, banners and switches. Thin: rights here, rules in bot.knowledge and conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.knowledge.suggest import suggest
from connectors.http import json_response, parse_body, read_body
from conversation.errors import BadRequest, Forbidden
from conversation.four_eyes import Move
from escalation.agents import Session
from escalation.console import parse
from escalation.console.knowledge_view import KnowledgeView, checked_out, revision_out
from escalation.rights import Right, rights_of

MAX_QUERY = 200

Guard = Callable[[str, Any, str], Route]


@dataclass(frozen=True)
class KnowledgeApi:
    view: KnowledgeView

    def routes(self, prefix: str, guarded: Guard) -> list[BaseRoute]:
        """``guarded(path, handler, method)`` makes a route that knows the session."""
        one, revision = prefix + "/knowledge/{intent}", prefix + "/revisions/{id}"
        return [
            guarded(prefix + "/knowledge", self.overview, "GET"),
            guarded(prefix + "/suggestions", self.suggest, "GET"),
            guarded(one, self.entry, "GET"),
            guarded(one + "/check", self.check, "POST"),
            guarded(one + "/revisions", self.submit, "POST"),
            guarded(one + "/rollback", self.roll_back, "POST"),
            guarded(revision, self.revision, "GET"),
            guarded(revision + "/{move}", self.decide, "POST"),
            guarded(prefix + "/controls", self.controls, "GET"),
            guarded(prefix + "/banners", self.announce, "POST"),
            guarded(prefix + "/banners/{id}/{move}", self.decide_banner, "POST"),
            guarded(prefix + "/switches", self.switch, "PUT"),
        ]

    # answers

    async def suggest(self, request: Request, session: Session) -> Response:
        """Ranked answers for what an agent types; every agent may."""
        text = request.query_params.get("q", "")[:MAX_QUERY]
        found = await asyncio.to_thread(suggest, text, tuple(self.view.library()))
        return json_response({"suggestions": found})

    async def overview(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        return json_response(await asyncio.to_thread(self.view.overview))

    async def entry(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        return json_response(await asyncio.to_thread(self.view.entry, request.path_params["intent"]))

    async def revision(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        return json_response(await asyncio.to_thread(self.view.revision, request.path_params["id"]))

    async def check(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        text = parse_body(await read_body(request), parse.AnswerIn).text
        checked = await asyncio.to_thread(self.view.editing.check, request.path_params["intent"], text)
        return json_response(checked_out(checked))

    async def submit(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        wanted = parse_body(await read_body(request), parse.RevisionIn)
        made = await asyncio.to_thread(
            self.view.editing.submit,
            session.agent,
            request.path_params["intent"],
            wanted.text,
            wanted.base,
            wanted.reason,
            parse.moment(wanted.effective_from),
        )
        return json_response({"revision": revision_out(made)}, 201)

    async def roll_back(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        wanted = parse_body(await read_body(request), parse.RollbackIn)
        made = await asyncio.to_thread(
            self.view.editing.roll_back,
            session.agent,
            request.path_params["intent"],
            wanted.to,
            wanted.reason,
            wanted.emergency,
        )
        return json_response({"revision": revision_out(made)}, 201)

    async def decide(self, request: Request, session: Session) -> Response:
        _require(session, Right.KNOWLEDGE)
        comment = parse_body(await read_body(request), parse.CommentIn).comment
        made = await asyncio.to_thread(
            self.view.editing.decide, session.agent, request.path_params["id"], _move(request), comment
        )
        return json_response({"revision": revision_out(made)})

    # banners and switches

    async def controls(self, request: Request, session: Session) -> Response:
        _require(session, Right.BANNERS)
        return json_response(await asyncio.to_thread(self.view.controls))

    async def announce(self, request: Request, session: Session) -> Response:
        _require(session, Right.BANNERS)
        wanted = parse_body(await read_body(request), parse.BannerIn)
        self.view.require_known(wanted.scope, wanted.names)
        await asyncio.to_thread(
            self.view.controlling.announce,
            session.agent,
            wanted.text,
            wanted.scope,
            tuple(wanted.names),
            wanted.reason,
            parse.moment(wanted.ends_at),
            parse.moment(wanted.starts_at),
            wanted.emergency,
        )
        return json_response(await asyncio.to_thread(self.view.controls), 201)

    async def decide_banner(self, request: Request, session: Session) -> Response:
        _require(session, Right.BANNERS)
        comment = parse_body(await read_body(request), parse.CommentIn).comment
        id, move = request.path_params["id"], _move(request)
        await asyncio.to_thread(self.view.controlling.decide, session.agent, id, move, comment)
        return json_response(await asyncio.to_thread(self.view.controls))

    async def switch(self, request: Request, session: Session) -> Response:
        _require(session, Right.SWITCHES)
        wanted = parse_body(await read_body(request), parse.SwitchIn)
        self.view.require_known(wanted.kind, [wanted.name])
        await asyncio.to_thread(
            self.view.controlling.switch,
            session.agent,
            wanted.kind,
            wanted.name,
            wanted.stopped,
            wanted.reason,
        )
        return json_response(await asyncio.to_thread(self.view.controls))


def _require(session: Session, right: Right) -> None:
    if right not in rights_of(session.role):
        raise Forbidden()


def _move(request: Request) -> Move:
    try:
        return Move(request.path_params["move"])
    except ValueError:
        raise BadRequest() from None
