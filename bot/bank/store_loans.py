"""The demo bank's loans: their books read and written, a signed plan booked, and kept when a new day is seeded.

A loan whose plan was signed keeps its books from then on; every other one is told afresh each business day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.bank import ledger
from bot.bank import store_tables as tables
from bot.bank.agreed import Agreement, PlanOrder, payments_of, payments_text
from bot.bank.errors import BankUnavailable
from bot.bank.ledger import Account, LedgerError, Plan
from bot.bank.ports import Creditor, EntryKind, Json, LedgerEntry, RequestKind, RequestState
from bot.bank.store_rows import grouped, rows, rows_of
from bot.bank.told import told_on
from bot.money import Dues, Method, Rate

#: while a plan is kept: what the bank has stopped for one loan
_STOPS = (RequestKind.SUSPEND_DEBIT, RequestKind.STOP_COLLECTION)


@dataclass(frozen=True)
class LoanRecord:
    """What is stored of a loan; the rest is reckoned."""

    id: str
    product: str
    creditor: Creditor
    creditor_name: str
    legal_stage: bool
    dispute_open: bool
    hardship: bool
    plans: tuple[Plan, ...]
    entries: tuple[LedgerEntry, ...]
    stopped: frozenset[RequestKind] = frozenset()

    @property
    def account(self) -> Account:
        """The account, reckoned again."""
        return ledger.replay(self.plans, self.entries)


def loans(connection: Connection, customer_id: str) -> list[LoanRecord]:
    """A customer's loans with their plans and entries."""
    found = rows_of(connection, tables.loans, customer_id)
    ids = [row["id"] for row in found]
    plans = grouped(connection, tables.plans, tables.plans.c.loan_id, ids)
    entries = grouped(connection, tables.entries, tables.entries.c.loan_id, ids)
    agreed = _agreements(connection, ids)
    stopped = _stopped(connection, customer_id)
    return [
        LoanRecord(
            id=row["id"],
            product=row["product"],
            creditor=Creditor(row["creditor"]),
            creditor_name=row["creditor_name"],
            legal_stage=row["legal_stage"],
            dispute_open=row["dispute_open"],
            hardship=row["hardship"],
            plans=tuple(_plan(plan, agreed) for plan in plans[row["id"]]),
            entries=tuple(map(_entry, entries[row["id"]])),
            stopped=frozenset(kind for kind, loan_id in stopped if loan_id == row["id"]),
        )
        for row in found
    ]


def plan_row(loan_id: str, number: int, plan: Plan) -> dict[str, Any]:
    """A plan as it is stored, but for its agreement."""
    return {
        "loan_id": loan_id,
        "number": number,
        "start": plan.start,
        "principal": plan.principal,
        "carried": plan.carried,
        "annual_percent": str(plan.rate.annual * 100),
        "method": plan.method.value,
        "terms": plan.terms,
        "anchor": plan.anchor,
        "penalty_multiple": plan.penalty_multiple,
    }


def entry_row(loan_id: str, entry: LedgerEntry) -> dict[str, Any]:
    """An entry as it is stored."""
    return {
        "loan_id": loan_id,
        "number": entry.number,
        "day": entry.day,
        "kind": entry.kind.value,
        "amount": entry.amount,
        **dict(entry.parts.parts()),
        "balance": entry.balance,
    }


def books_on(connection: Connection, customer_id: str, loan_id: str, day: date) -> Account | None:
    """The books a plan priced on `day` is booked on; None where the customer has no such loan.

    The loan's own, unless the demo has told it afresh since that day.
    """
    record = next((each for each in loans(connection, customer_id) if each.id == loan_id), None)
    if record is None:
        return None
    told_for = connection.execute(select(func.max(tables.meta.c.seeded_for))).scalar_one()
    if day >= told_for or any(plan.agreement for plan in record.plans):
        return record.account
    return told_on(loan_id, record.plans[0].penalty_multiple, day)


def book_plan(connection: Connection, customer_id: str, payload: Mapping[str, Json]) -> None:
    """Books a signed plan. BankUnavailable when the loan's books have moved since it was decided: ask again."""
    order, loan_id = PlanOrder.read(payload), str(payload["loan_id"])
    before = books_on(connection, customer_id, loan_id, order.priced_on)
    try:
        after = before and ledger.agree(before, order.priced_on, order.waived, order.agreement)
    except LedgerError as error:
        raise BankUnavailable(cause="the books have moved") from error
    if after is None:
        raise BankUnavailable(cause="the loan is not told of")
    for table in (tables.plans, tables.entries):
        connection.execute(delete(table).where(table.c.loan_id == loan_id))
    number = len(after.plans)
    plans = [plan_row(loan_id, each, plan) for each, plan in enumerate(after.plans, start=1)]
    connection.execute(insert(tables.plans), plans)
    connection.execute(insert(tables.entries), [entry_row(loan_id, entry) for entry in after.entries])
    connection.execute(
        insert(tables.agreements).values(
            loan_id=loan_id,
            number=number,
            plan_id=order.plan_id,
            at_once=order.agreement.at_once,
            pause=order.agreement.pause,
            payments=payments_text(order.agreement.payments),
        )
    )


#: what a loan's books are, by the column that names the loan
_BOOKS = ((tables.plans, "loan_id"), (tables.entries, "loan_id"), (tables.payments, "target"))

Kept = list[tuple[Any, str, list[dict[str, Any]]]]


def books_to_keep(connection: Connection) -> Kept:
    """The books of every loan whose plan was signed."""
    ids = list(connection.execute(select(tables.agreements.c.loan_id).distinct()).scalars())
    return [
        (table, column, [dict(row) for row in rows(connection, table, table.c[column].in_(ids))])
        for table, column in _BOOKS
        if ids
    ]


def put_back(connection: Connection, kept: Kept) -> None:
    """The kept books instead of those just seeded, for the loans that are still told of."""
    told = set(connection.execute(select(tables.loans.c.id)).scalars())
    for table, column, found in kept:
        mine = [{name: row[name] for name in row if name != "id"} for row in found if row[column] in told]
        if mine:
            connection.execute(delete(table).where(table.c[column].in_({row[column] for row in mine})))
            connection.execute(insert(table), mine)


def _stopped(connection: Connection, customer_id: str) -> list[tuple[RequestKind, str]]:
    t = tables.requests
    kinds = [kind.value for kind in _STOPS]
    his = (t.c.customer_id == customer_id) & t.c.kind.in_(kinds) & (t.c.state == RequestState.DONE.value)
    return [
        (RequestKind(row["kind"]), json.loads(row["payload"])["loan_id"]) for row in rows(connection, t, his)
    ]


def _agreements(connection: Connection, ids: list[str]) -> dict[tuple[str, int], Agreement]:
    found = rows(connection, tables.agreements, tables.agreements.c.loan_id.in_(ids))
    return {
        (row["loan_id"], row["number"]): Agreement(payments_of(row["payments"]), row["at_once"], row["pause"])
        for row in found
    }


def _plan(row: Mapping[str, Any], agreed: Mapping[tuple[str, int], Agreement]) -> Plan:
    return Plan(
        start=row["start"],
        principal=row["principal"],
        rate=Rate.percent(row["annual_percent"]),
        method=Method(row["method"]),
        terms=row["terms"],
        anchor=row["anchor"],
        penalty_multiple=row["penalty_multiple"],
        carried=row["carried"],
        agreement=agreed.get((row["loan_id"], row["number"])),
    )


def _entry(row: Mapping[str, Any]) -> LedgerEntry:
    parts = Dues(**{kind: row[kind] for kind, _ in Dues().parts()})
    return LedgerEntry(
        row["number"], row["day"], EntryKind(row["kind"]), row["amount"], parts, row["balance"]
    )
