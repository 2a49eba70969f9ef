"""The signing page's HTTP: the plan behind a link, its confirmations, code, signature, papers. Thin.

Only the verified customer whose plan it is gets past `customer`; everything is decided behind `Desk`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connectors.http import Limiter, json_response, parse_body, read_body
from connectors.signing.parse import (
    CodeIn,
    ConfirmIn,
    SignIn,
    parse_code,
    parse_link,
    parse_name,
    parse_signature_id,
)
from conversation.errors import BadRequest, RateLimited, YixianError
from conversation.identity import Identity

PREFIX = "/api/app/v1/plans/{link}"
#: a little above what a paper may have, so that the paper's own error tells its size
MAX_UPLOAD = 8 * 1024 * 1024 + 64 * 1024

T = TypeVar("T")


class NotACustomer(YixianError):
    """请先登录：只有借款人本人登录后才能查看和签署方案。"""

    code = "not_a_customer"
    status = 403


class PlanNotFound(YixianError):
    """没有找到这份方案。请核对链接，并用借款人本人的账号登录后打开。"""

    code = "plan_not_found"
    status = 404


class Desk(Protocol):
    """What the page may do; every call blocks and gives a JSON-ready value or raises YixianError."""

    def look(self, link: str, customer_id: str) -> Any: ...
    def show(self, link: str, customer_id: str) -> Any: ...
    def confirm_table(self, link: str, customer_id: str, fingerprint: str) -> Any: ...
    def confirm_plan(self, link: str, customer_id: str, fingerprint: str) -> Any: ...
    def send_code(self, link: str, customer_id: str) -> Any: ...
    def enter_code(self, link: str, customer_id: str, code: str) -> Any: ...
    def sign(self, link: str, customer_id: str, signature_id: str, fingerprint: str) -> Any: ...
    def document(self, link: str, customer_id: str) -> tuple[str, bytes]: ...
    def add_paper(self, link: str, customer_id: str, name: str, content: bytes) -> Any: ...
    def remove_paper(self, link: str, customer_id: str, paper_id: str) -> Any: ...
    def hand_in(self, link: str, customer_id: str) -> Any: ...


@dataclass(frozen=True)
class SigningChannel:
    """``identity_of`` reads the bearer token: NotAuthenticated."""

    desk: Desk
    identity_of: Callable[[Request], Identity]
    limiter: Limiter

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PREFIX, self.look, methods=["GET"]),
            Route(PREFIX + "/shown", self.show, methods=["POST"]),
            Route(PREFIX + "/confirm", self.confirm, methods=["POST"]),
            Route(PREFIX + "/code", self.send_code, methods=["POST"]),
            Route(PREFIX + "/verify", self.verify, methods=["POST"]),
            Route(PREFIX + "/sign", self.sign, methods=["POST"]),
            Route(PREFIX + "/document", self.document, methods=["GET"]),
            Route(PREFIX + "/papers", self.add_paper, methods=["POST"]),
            Route(PREFIX + "/papers/{paper}", self.remove_paper, methods=["DELETE"]),
            Route(PREFIX + "/hand-in", self.hand_in, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        return json_response(await self._on(request, self.desk.look))

    async def show(self, request: Request) -> Response:
        return json_response(await self._on(request, self.desk.show))

    async def confirm(self, request: Request) -> Response:
        link, customer_id = self._who(request)
        said = parse_body(await read_body(request), ConfirmIn)
        steps = {"cost_table": self.desk.confirm_table, "plan": self.desk.confirm_plan}
        if said.what not in steps:
            raise BadRequest("what 应为 cost_table 或 plan。")
        return json_response(await asyncio.to_thread(steps[said.what], link, customer_id, said.fingerprint))

    async def send_code(self, request: Request) -> Response:
        return json_response(await self._on(request, self.desk.send_code))

    async def verify(self, request: Request) -> Response:
        link, customer_id = self._who(request)
        code = parse_code(parse_body(await read_body(request), CodeIn).code)
        return json_response(await asyncio.to_thread(self.desk.enter_code, link, customer_id, code))

    async def sign(self, request: Request) -> Response:
        link, customer_id = self._who(request)
        said = parse_body(await read_body(request), SignIn)
        id = parse_signature_id(said.signature_id)
        return json_response(await asyncio.to_thread(self.desk.sign, link, customer_id, id, said.fingerprint))

    async def document(self, request: Request) -> Response:
        number, content = await self._on(request, self.desk.document)
        name = quote(f"还款方案协议-{number}.html")
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(content, media_type="text/html", headers=headers)

    async def add_paper(self, request: Request) -> Response:
        link, customer_id = self._who(request)
        name = parse_name(request.headers.get("x-file-name"))
        content = await read_body(request, MAX_UPLOAD)
        added = await asyncio.to_thread(self.desk.add_paper, link, customer_id, name, content)
        return json_response(added, 201)

    async def remove_paper(self, request: Request) -> Response:
        link, customer_id = self._who(request)
        paper: str = request.path_params["paper"]
        return json_response(await asyncio.to_thread(self.desk.remove_paper, link, customer_id, paper))

    async def hand_in(self, request: Request) -> Response:
        return json_response(await self._on(request, self.desk.hand_in))

    async def _on(self, request: Request, call: Callable[[str, str], T]) -> T:
        link, customer_id = self._who(request)
        return await asyncio.to_thread(call, link, customer_id)

    def _who(self, request: Request) -> tuple[str, str]:
        """The link's token and the customer; NotAuthenticated, NotACustomer, PlanNotFound, RateLimited."""
        identity = self.identity_of(request)
        if identity.customer_id is None:
            raise NotACustomer()
        if not self.limiter.allow(identity.customer_id):
            raise RateLimited()
        link = parse_link(request.path_params["link"])
        if link is None:
            raise PlanNotFound()
        return link, identity.customer_id
