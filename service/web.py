"""The web process: channels, console, pages, health. Stateless; run as many as needed.

``python -m service.web`` serves until SIGTERM. Every error leaves as JSON with a code and a Chinese
sentence; never a stack trace.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.bank.ports import Bank
from bot.plans.clock import PlanClock
from bot.promises.service import Promises
from connectors.app.access import CHANNEL, Access
from connectors.app.channel import AppChannel
from connectors.http import json_response
from connectors.signing.channel import SigningChannel
from conversation import hints as topics
from conversation.controlling import Controlling
from conversation.errors import YixianError
from conversation.store.control_store import ControlStore
from escalation.agents import Agents
from escalation.console.api import ConsoleApi
from escalation.console.door import Door
from escalation.console.knowledge_api import KnowledgeApi
from escalation.console.knowledge_view import KnowledgeView
from escalation.console.plan_api import PlanApi
from escalation.console.view import ConsoleView
from escalation.store.agent_store import AgentStore
from service.composition import (
    Core,
    build_bank,
    build_core,
    build_demo_bank,
    build_editing,
    build_operations,
    build_plans_desk,
    build_signing,
)
from service.debt_clock import DebtClock
from service.demo import DemoCustomers, MaskedNames
from service.keys import load_app_keys, load_own_key
from service.limits import TokenBuckets
from service.live import Live
from service.live_poll import ChangePoll
from service.logs import configure_logs
from service.metrics import serve_metrics
from service.openapi import openapi
from service.operations import Operations
from service.security import SecurityHeaders
from service.settings import ROOT, WrongSetting, read_settings
from service.timers import Timers

PAGES = {"/chat": ROOT / "connectors/app/page/dist", "/console": ROOT / "escalation/console/page/dist"}
DB_THREADS = 8  #: below the pool's size, so that a request never waits for a connection

log = structlog.get_logger(__name__)


def build_app(core: Core) -> Starlette:
    """The application over one core; starts nothing before its lifespan."""
    settings = core.settings
    bank = build_bank(settings, core.clock)
    live = Live(settings.redis_url, ChangePoll(core.reading))
    operations = build_operations(core)
    timers = Timers(
        core.turns, core.relay, core.store, bank, live, core.clock, settings.turn_patience_seconds
    )

    debt_clock = DebtClock(
        Promises(core.store, core.reception, bank, core.clock, core.hints),
        PlanClock(core.plans, bank, core.clock),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threads = ThreadPoolExecutor(DB_THREADS, thread_name_prefix="db")
        asyncio.get_running_loop().set_default_executor(threads)
        following = asyncio.create_task(operations.follow(live, lambda: live.ring(topics.NOTICE)))
        async with live.running(), timers.running(), debt_clock.running():
            yield
        following.cancel()
        core.database.dispose()

    app_api = app_channel(core, live, operations)
    routes: list[BaseRoute] = [
        *app_api.routes(),
        *signing_channel(core, bank, app_api).routes(),
        *console_api(core, bank, live, operations).routes(),
        Route("/healthz", _healthz),
        Route("/readyz", _Ready(core).check),
        Route("/openapi.json", _openapi),
        Route("/", lambda request: RedirectResponse("/chat/")),
        *_pages(),
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={YixianError: _known, HTTPException: _http, Exception: _unknown},
    )
    app.add_middleware(SecurityHeaders)
    return app


def app_channel(core: Core, live: Live, operations: Operations) -> AppChannel:
    settings = core.settings
    own = load_own_key(settings)
    return AppChannel(
        reception=core.reception,
        access=Access(core.reading, load_app_keys(settings, own), core.clock),
        wakeups=live,
        own_key=own,
        limiter=TokenBuckets(settings.message_burst, settings.message_rate),
        guest_limiter=TokenBuckets(100, 2),
        demo_customers=DemoCustomers(build_demo_bank(settings, core.clock)) if settings.demo else None,
        notice=partial(operations.notice, CHANNEL),
    )


def signing_channel(core: Core, bank: Bank, app: AppChannel) -> SigningChannel:
    """The signing page believes the same tokens as the chat page."""
    return SigningChannel(
        desk=build_signing(core, bank, MaskedNames(bank)),
        identity_of=lambda request: app.bearer_of(request).identity,
        limiter=TokenBuckets(core.settings.message_burst, core.settings.message_rate),
    )


def console_api(core: Core, bank: Bank, live: Live, operations: Operations) -> ConsoleApi:
    return ConsoleApi(
        agents=Agents(AgentStore(core.database), core.clock),
        serving=core.serving,
        view=ConsoleView(core.reading, MaskedNames(bank)),
        hints=core.hints,
        wakeups=live,
        login_limiter=TokenBuckets(20, 0.5),
        door=Door(),
        secure_cookie=not core.settings.demo,
        knowledge=knowledge_api(core, operations),
        plans=PlanApi(build_plans_desk(core, bank, AgentStore(core.database).names)),
    )


def knowledge_api(core: Core, operations: Operations) -> KnowledgeApi:
    controlling = Controlling(ControlStore(core.database), core.clock, core.hints)
    return KnowledgeApi(KnowledgeView(build_editing(core), controlling, lambda: operations.library))


def _pages() -> list[BaseRoute]:
    """Built front ends; a page that is not built yet is a clear 404, not a crash."""
    routes: list[BaseRoute] = []
    signing = PAGES["/chat"] / "sign.html"
    if signing.is_file():
        routes.append(Route("/chat/sign/{link}", lambda request: FileResponse(signing)))
    for path, folder in PAGES.items():
        if folder.is_dir():
            routes.append(Route(path, lambda request, to=path: RedirectResponse(to + "/")))  # type: ignore[misc]
            routes.append(Mount(path, StaticFiles(directory=folder, html=True)))
    return routes


async def _healthz(request: Request) -> Response:
    return json_response({"ok": True})


class _Ready:
    """Ready when the database answers and its schema is there."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def check(self, request: Request) -> Response:
        counts = await asyncio.to_thread(self._core.reading.counts)
        return json_response(
            {"ready": True, "conversations": counts["bot"] + counts["queued"] + counts["human"]}
        )


async def _openapi(request: Request) -> Response:
    return json_response(openapi())


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, YixianError)
    return error_response(error.code, error.message, error.status)


_HTTP_CODES = {
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。"),
}


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = _HTTP_CODES.get(error.status_code, ("bad_request", "请求无法处理。"))
    return error_response(code, message, error.status_code)


async def _unknown(request: Request, error: Exception) -> Response:
    log.error("request_failed", path=request.url.path, error=type(error).__name__)
    return error_response(YixianError.code, YixianError().message, 500)


def error_response(code: str, message: str, status: int) -> Response:
    response = json_response({"error": {"code": code, "message": message}}, status)
    if status in (429, 503):
        response.headers["retry-after"] = "2"
    return response


def main() -> int:
    configure_logs()
    try:
        core = build_core(read_settings(os.environ))
        app: Any = build_app(core)
    except WrongSetting as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 2
    settings = core.settings
    if settings.metrics_port:
        serve_metrics(core.reading, settings.metrics_host, settings.metrics_port)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        ws="wsproto",
        ws_max_size=16 * 1024,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
