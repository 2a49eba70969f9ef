"""Banks to hold the port's promises against: on SQLite, on PostgreSQL, and over HTTP."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import create_engine

from bot.bank.codec import to_wire
from bot.bank.demo_bank import DemoBank
from bot.bank.errors import BankError
from bot.bank.http_bank import HttpBank
from bot.bank.ports import BankRequest, RequestKind
from bot.bank.store import create_all
from bot.bank.store_tables import metadata
from conversation.clock import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    """Half past ten on 12 March 2026 in Shanghai, until moved."""
    return FixedClock(datetime(2026, 3, 12, 2, 30, tzinfo=timezone.utc))


@pytest.fixture(scope="session")
def bank_postgres(make_postgres):
    """A PostgreSQL database for the bank alone."""
    engine = create_engine(make_postgres(), future=True)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(quick_folder):
    file = quick_folder / f"bank-{uuid4().hex}.db"
    engine = create_engine(f"sqlite:///{file}", future=True)
    create_all(engine)
    yield engine
    engine.dispose()
    file.unlink()


@pytest.fixture
def postgres_engine(bank_postgres):
    create_all(bank_postgres)
    yield bank_postgres
    metadata.drop_all(bank_postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    """Each database in turn."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture(params=["sqlite", "postgres", "http"])
def bank(request, clock):
    """Each implementation of the port in turn, all over the same demo customers."""
    if request.param != "http":
        yield DemoBank(request.getfixturevalue(f"{request.param}_engine"), clock.now)
        return
    behind = DemoBank(request.getfixturevalue("sqlite_engine"), clock.now)
    over_http = HttpBank("https://bank.example", "t", httpx.MockTransport(lambda asked: serve(behind, asked)))
    yield over_http
    over_http.close()


def serve(bank: DemoBank, asked: httpx.Request) -> httpx.Response:
    """The wire contract's other side, over a demo bank."""
    try:
        return httpx.Response(200, json=to_wire(_answer(bank, asked)))
    except BankError as error:
        return httpx.Response(error.status, json={"error": {"code": error.code, "message": error.message}})


def _answer(bank: DemoBank, asked: httpx.Request):
    if asked.method == "POST":
        body = json.loads(asked.content)
        key = asked.headers["Idempotency-Key"]
        return bank.request(BankRequest(RequestKind(body["kind"]), body["customer_id"], body["payload"], key))
    _, _, who, *rest = asked.url.path.split("/")
    query = dict(asked.url.params)
    if not rest:
        return bank.customer(who)
    if len(rest) == 1:
        look_up = getattr(bank, rest[0].replace("-", "_"))
        return look_up(who, int(query["limit"])) if "limit" in query else look_up(who)
    _, loan_id, what = rest
    if what == "settlement":
        return bank.settlement(who, loan_id, date.fromisoformat(query["day"]))
    return getattr(bank, what)(who, loan_id)
