"""The app channel's HTTP: tokens, conversations, messages, events by long poll. Thin.

Who may see what is decided in access.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from connectors.app import signature
from connectors.app.access import CHANNEL, Access
from connectors.app.parse import DemoTokenIn, MessageIn, inbound, parse_after, parse_wait, weight
from connectors.app.send import EventsOut, desk_out, event_out, notice_out
from connectors.app.signature import Bearer
from connectors.app.socket import AppSocket
from connectors.http import Limiter, json_response, parse_body, read_body
from conversation import hints as topics
from conversation.controls import ChannelStopped, Notice
from conversation.errors import BadRequest, NotAuthenticated, RateLimited, YixianError
from conversation.hints import Wakeups
from conversation.reception import Receipt, Reception
from conversation.state import new_id

PREFIX = "/api/app/v1"
#: how long after its end a guest's or demo customer's token may still be exchanged for a new one
RENEWABLE = timedelta(hours=24)


class NotInDemo(YixianError):
    """这个地址只在演示环境提供。"""

    code = "not_found"
    status = 404


@dataclass(frozen=True)
class DemoCustomer:
    customer_id: str
    name: str
    summary: str


@dataclass(frozen=True)
class AppChannel:
    """``demo_customers`` is None outside demo mode; ``own_key`` signs guests' tokens."""

    reception: Reception
    access: Access
    wakeups: Wakeups
    own_key: Any
    limiter: Limiter
    guest_limiter: Limiter
    demo_customers: Callable[[], list[DemoCustomer]] | None
    notice: Callable[[], Notice] = Notice

    def routes(self) -> list[BaseRoute]:
        at = PREFIX + "/conversations"
        return [
            Route(PREFIX + "/guest", self.guest, methods=["POST"]),
            Route(PREFIX + "/demo/customers", self.list_demo_customers, methods=["GET"]),
            Route(PREFIX + "/demo/token", self.demo_token, methods=["POST"]),
            Route(PREFIX + "/notice", self.show_notice, methods=["GET"]),
            Route(at, self.open, methods=["POST"]),
            Route(at + "/{id}/messages", self.receive, methods=["POST"]),
            Route(at + "/{id}/events", self.events, methods=["GET"]),
            WebSocketRoute(at + "/{id}/ws", AppSocket(self.access, self.wakeups, self.notice).serve),
        ]

    # tokens

    async def guest(self, request: Request) -> Response:
        if not self.guest_limiter.allow(request.client.host if request.client else "?"):
            raise RateLimited()
        old = self._old_bearer(request)
        user = old.user if old is not None and old.is_guest else new_id("guest").replace("_", ":", 1)
        return json_response({"token": signature.sign(self.own_key, "own", user, self.access.clock.now())})

    async def list_demo_customers(self, request: Request) -> Response:
        if self.demo_customers is None:
            raise NotInDemo()
        customers = await asyncio.to_thread(self.demo_customers)
        return json_response({"customers": customers})

    async def demo_token(self, request: Request) -> Response:
        if self.demo_customers is None:
            raise NotInDemo()
        wanted = parse_body(await read_body(request), DemoTokenIn).customer_id
        customers = await asyncio.to_thread(self.demo_customers)
        if wanted not in {customer.customer_id for customer in customers}:
            raise BadRequest("没有这个演示客户。")
        now = self.access.clock.now()
        token = signature.sign(self.own_key, "own", wanted, now, self._logged_in(request, wanted, now))
        return json_response({"token": token})

    def _logged_in(self, request: Request, customer_id: str, now: datetime) -> datetime:
        """When the customer logged in: a renewal with his old token keeps the time, else it is now."""
        old = self._old_bearer(request)
        if old is None or old.identity.customer_id != customer_id:
            return now
        return old.identity.authenticated_at or now

    def _old_bearer(self, request: Request) -> Bearer | None:
        """The token sent along to be renewed; None when there is none that still can be."""
        try:
            return self.bearer_of(request, RENEWABLE)
        except NotAuthenticated:
            return None

    def bearer_of(self, request: Request, grace: timedelta = timedelta(0)) -> Bearer:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise NotAuthenticated()
        return self.access.bearer(token.strip(), grace)

    # what everybody is told

    async def show_notice(self, request: Request) -> Response:
        """Also for who has no token yet."""
        return json_response(notice_out(self.notice()))

    def _refuse_when_stopped(self) -> None:
        stopped = self.notice().stopped
        if stopped is not None:
            raise ChannelStopped(stopped)

    # conversations

    async def open(self, request: Request) -> Response:
        bearer = self.bearer_of(request)
        self._refuse_when_stopped()
        if not self.limiter.allow(bearer.user):
            raise RateLimited()
        talk, resumed = await asyncio.to_thread(self.reception.open, CHANNEL, bearer.user, bearer.identity)
        return json_response({"id": talk.id, "resumed": resumed}, 200 if resumed else 201)

    async def receive(self, request: Request) -> Response:
        bearer = self.bearer_of(request)
        self._refuse_when_stopped()
        id = request.path_params["id"]
        message = parse_body(await read_body(request), MessageIn)
        receipt = await asyncio.to_thread(self._receive, id, message, bearer)
        return json_response({"seq": receipt.seq}, 202)

    def _receive(self, conversation_id: str, message: MessageIn, bearer: Bearer) -> Receipt:
        talk = self.access.mine(conversation_id, bearer)
        if not self.limiter.allow(talk.id, weight(message)):
            raise RateLimited()
        return self.reception.receive(inbound(talk.id, message, bearer.identity))

    async def events(self, request: Request) -> Response:
        bearer = self.bearer_of(request)
        id = request.path_params["id"]
        after = parse_after(request.query_params.get("after"))
        wait = parse_wait(request.query_params.get("wait"))
        with self.wakeups.watch(topics.conversation(id)) as bell:
            news = await asyncio.to_thread(self.access.news, id, after, bearer)
            deadline = asyncio.get_running_loop().time() + wait
            while not news.events and (left := deadline - asyncio.get_running_loop().time()) > 0:
                await bell.wait(left)
                news = await asyncio.to_thread(self.access.news, id, after, bearer)
        events = [event_out(event) for event in news.events]
        last_seq = events[-1].seq if events else min(after, news.conversation.last_seq)
        return json_response(EventsOut(events, last_seq, desk_out(news), notice_out(self.notice())))
