"""The demo bank's rows, read into values and written from them.

Owns every SQL statement of the demo bank. Works on an Engine it is given (SQLite or PostgreSQL); keeps no
connection and no state between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.bank import store_tables as tables
from bot.bank.billing import BillRecord
from bot.bank.ports import (
    Acknowledgement,
    Application,
    ApplicationState,
    AutoDebit,
    BankRequest,
    BillLine,
    Customer,
    Deposit,
    LimitState,
    Payment,
    PaymentState,
    RequestState,
    Restriction,
)
from bot.bank.store_loans import LoanRecord, books_to_keep, loans, put_back
from bot.bank.store_records import carry_out
from bot.bank.store_rows import grouped, rows, rows_of
from bot.money import Money, Rate

__all__ = [
    "Connection",
    "DemoStore",
    "Engine",
    "LimitRecord",
    "LoanRecord",
    "StoredRequest",
    "World",
    "create_all",
    "loans",
]

World = Mapping[str, list[dict[str, Any]]]  #: table name (without prefix) → rows
T = TypeVar("T")


@dataclass(frozen=True)
class LimitRecord:
    """What is stored of a limit."""

    product: str
    total: Money
    state: LimitState
    reason: str


@dataclass(frozen=True)
class StoredRequest:
    """A request the bank has answered."""

    fingerprint: str
    acknowledgement: Acknowledgement


def create_all(engine: Engine) -> None:
    """Makes the demo bank's tables where they are missing."""
    tables.metadata.create_all(engine)


class DemoStore:
    """Reads and writes through `engine`, one short transaction a call."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, query: Callable[[Connection], T]) -> tuple[date, T]:
        """The day the bank was seeded for, and what `query` reads, both of the same seeding.

        A new business day may replace all rows between two statements: then the query runs again.
        """
        with self._engine.connect() as connection:
            day = _seeded_for(connection)
            while True:
                found = query(connection)
                still = _seeded_for(connection)
                if day is not None and day == still:
                    return day, found
                if still is None:
                    raise LookupError("the demo bank is not seeded")
                day = still

    def replace_all(
        self, today: date, world: Callable[[], World], again: Callable[[Connection], None]
    ) -> bool:
        """Writes the `world` of a newer day over the old one; False if the bank is as new as `today`.

        The world is made before the one transaction that writes it; of several processes one writes. `again`
        runs at its end.
        """
        with self._engine.connect() as connection:
            written = _seeded_for(connection)
        if written is not None and written >= today:
            return False
        fresh = world()
        with self._engine.begin() as connection:
            if not _claim(connection, today):
                return False
            kept = books_to_keep(connection)
            for table in reversed(tables.SEEDED):
                connection.execute(delete(table))
            for table in tables.SEEDED:
                told = fresh[table.name.removeprefix("demobank_")]
                if told:
                    connection.execute(insert(table), told)
            put_back(connection, kept)
            again(connection)
            return True

    def answered(self, key: str) -> StoredRequest | None:
        """The answer given under `key`, if any."""
        requests = tables.requests
        with self._engine.connect() as connection:
            row = connection.execute(select(requests).where(requests.c.key == key)).mappings().first()
        if row is None:
            return None
        state = RequestState(row["state"])
        return StoredRequest(
            row["fingerprint"], Acknowledgement(state, row["reference"], row["message"], row["at"])
        )

    def answer(self, request: BankRequest, payload: str, stored: StoredRequest) -> bool:
        """Writes a request with its answer and, when done, its effect; False if the key was taken."""
        given = stored.acknowledgement
        try:
            with self._engine.begin() as connection:
                connection.execute(
                    insert(tables.requests).values(
                        key=request.idempotency_key,
                        fingerprint=stored.fingerprint,
                        customer_id=request.customer_id,
                        kind=request.kind.value,
                        payload=payload,
                        state=given.state.value,
                        reference=given.reference,
                        message=given.message,
                        at=given.at,
                    )
                )
                if given.state is RequestState.DONE:
                    carry_out(connection, request)
            return True
        except IntegrityError:
            return False


def done_requests(connection: Connection) -> list[tuple[str, str, str]]:
    """(kind, customer, payload) of everything carried out, in its order."""
    requests = tables.requests
    done = select(requests.c.kind, requests.c.customer_id, requests.c.payload)
    rows = connection.execute(
        done.where(requests.c.state == RequestState.DONE.value).order_by(requests.c.at, requests.c.key)
    )
    return [(row.kind, row.customer_id, row.payload) for row in rows]


def customer(connection: Connection, customer_id: str) -> Customer | None:
    """One customer."""
    row = rows(connection, tables.customers, tables.customers.c.id == customer_id)
    stops = rows_of(connection, tables.restrictions, customer_id)
    if not row:
        return None
    fields = {key: value for key, value in row[0].items() if key != "situation"}
    restrictions = tuple(
        Restriction(each["product"], each["since"], each["reason"], each["remedy"]) for each in stops
    )
    return Customer(**fields, restrictions=restrictions)


def situations(connection: Connection) -> list[tuple[str, str, str]]:
    """(id, masked name, situation) of every customer."""
    table = tables.customers
    return [
        (row.id, row.masked_name, row.situation)
        for row in connection.execute(select(table).order_by(table.c.id))
    ]


def bills(connection: Connection, customer_id: str) -> list[BillRecord]:
    """A customer's bills with their lines."""
    rows = rows_of(connection, tables.bills, customer_id)
    lines = grouped(connection, tables.bill_lines, tables.bill_lines.c.bill_id, [row["id"] for row in rows])
    return [
        BillRecord(
            id=row["id"],
            product=row["product"],
            statement_on=row["statement_on"],
            paid=row["paid"],
            lines=tuple(BillLine(line["day"], line["text"], line["amount"]) for line in lines[row["id"]]),
            instalments=row["instalments"],
        )
        for row in rows
    ]


def limits(connection: Connection, customer_id: str) -> list[LimitRecord]:
    """A customer's limits."""
    return [
        LimitRecord(row["product"], row["total"], LimitState(row["state"]), row["reason"])
        for row in rows_of(connection, tables.limits, customer_id)
    ]


def payments(connection: Connection, customer_id: str, limit: int) -> list[Payment]:
    """A customer's newest payments."""
    table = tables.payments
    newest = select(table).where(table.c.customer_id == customer_id)
    rows = connection.execute(newest.order_by(table.c.day.desc(), table.c.id.desc()).limit(limit))
    return [
        Payment(row.day, row.product, row.target, row.amount, row.by, PaymentState(row.state), row.reason)
        for row in rows
    ]


def deposits(connection: Connection, customer_id: str) -> list[Deposit]:
    """A customer's balances."""
    return [
        Deposit(
            product=row["product"],
            account_tail=row["account_tail"],
            balance=row["balance"],
            available=row["available"],
            rate=Rate.percent(row["annual_percent"]) if row["annual_percent"] else None,
            matures_on=row["matures_on"],
        )
        for row in rows_of(connection, tables.deposits, customer_id)
    ]


def auto_debits(connection: Connection, customer_id: str) -> list[AutoDebit]:
    """A customer's automatic payments."""
    table = tables.auto_debits
    found = rows(connection, table, table.c.customer_id == customer_id, table.c.product)
    return [AutoDebit(row["product"], row["on"], row["account"], row["account_tail"]) for row in found]


def applications(connection: Connection, customer_id: str) -> list[Application]:
    """A customer's applications, the newest first."""
    rows = rows_of(connection, tables.applications, customer_id)
    found = [
        Application(
            id=row["id"],
            product=row["product"],
            amount=row["amount"],
            state=ApplicationState(row["state"]),
            submitted_on=row["submitted_on"],
            reason=row["reason"],
            again_on=row["again_on"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.submitted_on, reverse=True)


def _seeded_for(connection: Connection) -> date | None:
    day: date | None = connection.execute(select(func.max(tables.meta.c.seeded_for))).scalar()
    return day


def _claim(connection: Connection, today: date) -> bool:
    meta = tables.meta
    older = update(meta).where(meta.c.id == 1, meta.c.seeded_for < today).values(seeded_for=today)
    if connection.execute(older).rowcount:
        return True
    if _seeded_for(connection) is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(meta).values(id=1, seeded_for=today))
    except IntegrityError:
        return False  # another process was first
    return True
