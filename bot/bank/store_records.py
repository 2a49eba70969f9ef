"""Cards, pay-outs, movements, access and past requests: read from the demo bank's rows.

Owns the queries beside `store`, and the effects of the requests about them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from bot.bank import store_tables as tables
from bot.bank.port_records import (
    Access,
    Card,
    CardState,
    Draw,
    DrawState,
    MadeRequest,
    Transaction,
    TransactionState,
)
from bot.bank.ports import (
    ApplicationState,
    BankRequest,
    Json,
    LimitState,
    RequestKind,
    subject_of,
)
from bot.bank.store_loans import book_plan
from bot.money import ZERO

CLOSED = "已按您的申请关闭"
CANCELLED = "已按您的申请撤销"
CALLING_AGAIN = "已重新安排电话核实，请留意来电"


def cards(connection: Connection, customer_id: str) -> list[Card]:
    """A customer's cards."""
    t = tables.cards
    rows = connection.execute(select(t).where(t.c.customer_id == customer_id).order_by(t.c.id))
    return [Card(row.id, row.bank, row.tail, CardState(row.state), row.debited) for row in rows]


def draws(connection: Connection, customer_id: str) -> list[Draw]:
    """A customer's pay-outs, the newest first."""
    t = tables.draws
    query = select(t).where(t.c.customer_id == customer_id).order_by(t.c.day.desc(), t.c.id)
    return [
        Draw(
            row.id,
            row.product,
            row.day,
            row.amount,
            row.account,
            row.account_tail,
            DrawState(row.state),
            row.reason,
        )
        for row in connection.execute(query)
    ]


def transactions(connection: Connection, customer_id: str, limit: int) -> list[Transaction]:
    """A customer's newest movements."""
    t = tables.transactions
    query = select(t).where(t.c.customer_id == customer_id).order_by(t.c.day.desc(), t.c.id.desc())
    return [
        Transaction(row.day, row.text, row.amount, row.account_tail, TransactionState(row.state), row.reason)
        for row in connection.execute(query.limit(limit))
    ]


def access(connection: Connection, customer_id: str) -> Access | None:
    """How a customer may log in."""
    t = tables.access
    row = connection.execute(select(t).where(t.c.customer_id == customer_id)).mappings().first()
    if row is None:
        return None
    fields = {name: value for name, value in row.items() if name != "customer_id"}
    others = tuple(filter(None, str(fields["other_phone_tails"]).split(",")))
    return Access(**{**fields, "other_phone_tails": others})


def requests(connection: Connection, customer_id: str) -> list[MadeRequest]:
    """What a customer asked for, the newest first."""
    t = tables.requests
    query = select(t).where(t.c.customer_id == customer_id).order_by(t.c.at.desc(), t.c.key)
    return [
        MadeRequest(
            row.kind,
            subject_of(RequestKind(row.kind), json.loads(row.payload)),
            row.state,
            row.reference,
            row.message,
            row.at,
        )
        for row in connection.execute(query)
    ]


def carry_out(connection: Connection, request: BankRequest) -> None:
    """The effect of a request on the bank's rows; papers and calls leave none but a word."""
    if request.kind in _EFFECTS:
        _EFFECTS[request.kind](connection, request.customer_id, request.payload)


def _set_auto_debit(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    t = tables.auto_debits
    his = update(t).where(t.c.customer_id == who, t.c.product == payload["product"])
    connection.execute(his.values(on=payload["on"]))


def _cancel(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    _set_application(
        connection, who, payload, state=ApplicationState.CANCELLED.value, reason=CANCELLED, again_on=None
    )


def _call_again(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    _set_application(connection, who, payload, reason=CALLING_AGAIN)


def _set_application(connection: Connection, who: str, payload: Mapping[str, Json], **values: Any) -> None:
    t = tables.applications
    his = update(t).where(t.c.customer_id == who, t.c.id == payload["application_id"])
    connection.execute(his.values(**values))


def _instalments(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    t = tables.bills
    his = update(t).where(t.c.customer_id == who, t.c.id == payload["bill_id"])
    connection.execute(his.values(instalments=payload["terms"]))


def _unbind(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    t = tables.cards
    connection.execute(delete(t).where(t.c.customer_id == who, t.c.id == payload["card_id"]))


def _close(connection: Connection, who: str, payload: Mapping[str, Json]) -> None:
    t = tables.limits
    his = update(t).where(t.c.customer_id == who, t.c.product == payload["product"])
    connection.execute(his.values(total=ZERO, state=LimitState.NONE.value, reason=CLOSED))


_EFFECTS: Mapping[RequestKind, Callable[[Connection, str, Mapping[str, Json]], None]] = {
    RequestKind.SET_AUTO_DEBIT: _set_auto_debit,
    RequestKind.CANCEL_APPLICATION: _cancel,
    RequestKind.CALL_AGAIN: _call_again,
    RequestKind.BILL_INSTALMENTS: _instalments,
    RequestKind.UNBIND_CARD: _unbind,
    RequestKind.CLOSE_PRODUCT: _close,
    RequestKind.CHANGE_PLAN: book_plan,
}
