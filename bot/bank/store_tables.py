"""The demo bank's tables, all named demobank_…, on SQLite and PostgreSQL alike.

Owns columns and how values lie in them: amounts are whole fen in BIGINT, days are dates, moments aware UTC.
"""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.money import Dues, Money

metadata = MetaData()


class Fen(TypeDecorator):  # type: ignore[misc]
    """Money as whole fen; anything that is not Money is refused by the attribute it lacks."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Money to fen."""
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        """Fen to Money."""
        return None if value is None else Money(value)


class Moment(TypeDecorator):  # type: ignore[misc]
    """An aware UTC moment; SQLite keeps no zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Any aware moment to UTC; a naive one is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        return None if value is None else value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC again."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def _table(name: str, *columns: Column | Index) -> Table:
    return Table(f"demobank_{name}", metadata, *columns)


def _customer() -> Column:
    return Column("customer_id", String(16), ForeignKey("demobank_customers.id"), nullable=False, index=True)


meta = _table("meta", Column("id", Integer, primary_key=True), Column("seeded_for", Date, nullable=False))

customers = _table(
    "customers",
    Column("id", String(16), primary_key=True),
    Column("masked_name", String(8), nullable=False),
    Column("salutation", String(16), nullable=False),
    Column("phone_tail", String(4), nullable=False),
    Column("language", String(16), nullable=False),
    Column("elderly", Boolean, nullable=False),
    Column("hearing_impaired", Boolean, nullable=False),
    Column("situation", Text, nullable=False),
)

restrictions = _table(
    "restrictions",
    Column("id", Integer, primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("since", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

limits = _table(
    "limits",
    Column("id", Integer, primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("total", Fen, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

loans = _table(
    "loans",
    Column("id", String(16), primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("creditor", String(16), nullable=False),
    Column("creditor_name", String(64), nullable=False),
    Column("legal_stage", Boolean, nullable=False),
    Column("dispute_open", Boolean, nullable=False),
    Column("hardship", Boolean, nullable=False),
)

plans = _table(
    "plans",
    Column("loan_id", String(16), ForeignKey("demobank_loans.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("start", Date, nullable=False),
    Column("principal", Fen, nullable=False),
    Column("carried", Fen, nullable=False),
    Column("annual_percent", String(32), nullable=False),
    Column("method", String(16), nullable=False),
    Column("terms", Integer, nullable=False),
    Column("anchor", Integer, nullable=False),
    Column("penalty_multiple", String(16), nullable=False),
)

entries = _table(
    "entries",
    Column("loan_id", String(16), ForeignKey("demobank_loans.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("amount", Fen, nullable=False),
    *(Column(kind, Fen, nullable=False) for kind, _ in Dues().parts()),
    Column("balance", Fen, nullable=False),
)

#: what was signed, of the plans that are booked as signed; stays when a new day is seeded
agreements = _table(
    "agreements",
    Column("loan_id", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),  # the plan's
    Column("plan_id", String(64), nullable=False),
    Column("at_once", Fen, nullable=False),
    Column("pause", Integer, nullable=False),
    Column("payments", Text, nullable=False),  # as `agreed.payments_text` writes them
)

bills = _table(
    "bills",
    Column("id", String(32), primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("statement_on", Date, nullable=False),
    Column("paid", Fen, nullable=False),
    Column("instalments", Integer),
)

bill_lines = _table(
    "bill_lines",
    Column("bill_id", String(32), ForeignKey("demobank_bills.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", Fen, nullable=False),
)

payments = _table(
    "payments",
    Column("id", Integer, primary_key=True),
    _customer(),
    Column("day", Date, nullable=False),
    Column("product", String(32), nullable=False),
    Column("target", String(32), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("by", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

deposits = _table(
    "deposits",
    Column("id", Integer, primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("account_tail", String(4), nullable=False),
    Column("balance", Fen, nullable=False),
    Column("available", Fen, nullable=False),
    Column("annual_percent", String(32)),
    Column("matures_on", Date),
)

auto_debits = _table(
    "auto_debits",
    Column("customer_id", String(16), ForeignKey("demobank_customers.id"), primary_key=True),
    Column("product", String(32), primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("account", String(32), nullable=False),
    Column("account_tail", String(4), nullable=False),
)

applications = _table(
    "applications",
    Column("id", String(16), primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("state", String(16), nullable=False),
    Column("submitted_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("again_on", Date),
)

cards = _table(
    "cards",
    Column("id", String(16), primary_key=True),
    _customer(),
    Column("bank", String(32), nullable=False),
    Column("tail", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("debited", Boolean, nullable=False),
)

draws = _table(
    "draws",
    Column("id", String(16), primary_key=True),
    _customer(),
    Column("product", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("account", String(32), nullable=False),
    Column("account_tail", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

transactions = _table(
    "transactions",
    Column("id", Integer, primary_key=True),
    _customer(),
    Column("day", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("account_tail", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
)

access = _table(
    "access",
    Column("customer_id", String(16), ForeignKey("demobank_customers.id"), primary_key=True),
    Column("phone_tail", String(4), nullable=False),
    Column("password_locked_until", Date),
    Column("identity_stopped_until", Date),
    Column("identity_reason", Text, nullable=False),
    Column("codes_stopped_until", Date),
    Column("codes_reason", Text, nullable=False),
    Column("other_phone_tails", String(64), nullable=False),  # with commas between
)

requests = _table(
    "requests",
    Column("key", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("customer_id", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

#: What a new business day writes afresh, parents first; meta, agreements and requests stay.
SEEDED = (
    customers, restrictions, limits, loans, plans, entries, bills, bill_lines,
    payments, deposits, auto_debits, applications, cards, draws, transactions, access,
)  # fmt: skip
