"""The demo bank: the port over seeded rows, so that everything runs without a real bank.

Owns what the demo answers and what it refuses. Every figure is reckoned for today by `ledger` and `billing`;
today comes from the injected clock. On a new business day the bank writes itself afresh before it answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from bot.bank import ledger, store, store_loans, store_records
from bot.bank.billing import BillTerms, bill_on
from bot.bank.demo_decisions import decide
from bot.bank.errors import (
    BadBankRequest,
    BankUnavailable,
    CustomerNotFound,
    IdempotencyConflict,
    LoanNotFound,
)
from bot.bank.ledger import Account
from bot.bank.port_records import Access, Card, Draw, MadeRequest, Transaction
from bot.bank.ports import (
    Acknowledgement,
    Application,
    AutoDebit,
    BankRequest,
    Bill,
    BillState,
    Customer,
    Deposit,
    EntryKind,
    InstalmentState,
    LedgerEntry,
    Limit,
    Loan,
    LoanState,
    Payment,
    PlannedInstalment,
    RequestKind,
    SettlementQuote,
)
from bot.bank.products import Products
from bot.bank.seed import seed
from bot.bank.store import Connection, DemoStore, Engine, LimitRecord, LoanRecord, StoredRequest
from bot.money import ZERO, Method, Money, business_date

T = TypeVar("T")

_PAYLOADS: Mapping[RequestKind, Mapping[str, type]] = {
    RequestKind.ISSUE_CERTIFICATE: {"loan_id": str},
    RequestKind.SET_AUTO_DEBIT: {"product": str, "on": bool},
    RequestKind.ISSUE_DOCUMENT: {"loan_id": str, "document": str},
    RequestKind.CANCEL_APPLICATION: {"application_id": str},
    RequestKind.CALL_AGAIN: {"application_id": str},
    RequestKind.RETRY_DEBIT: {"loan_id": str},
    RequestKind.BILL_INSTALMENTS: {"bill_id": str, "terms": int},
    RequestKind.UNBIND_CARD: {"card_id": str},
    RequestKind.CLOSE_PRODUCT: {"product": str},
    RequestKind.REPORT_LOSS: {"what": str},
    RequestKind.STOP_PAYMENT: {},
    RequestKind.CHANGE_PLAN: {
        "loan_id": str,
        "plan_id": str,
        "priced_on": str,
        "owed": int,
        "waived": int,
        "at_once": int,
        "pause": int,
        "payments": str,
        "signed_at": str,
    },
    RequestKind.SUSPEND_DEBIT: {"loan_id": str, "plan_id": str},
    RequestKind.STOP_COLLECTION: {"loan_id": str, "plan_id": str},
}
_URGENCY = {LoanState.OVERDUE: 0, LoanState.DUE_TODAY: 1, LoanState.CURRENT: 2, LoanState.SETTLED: 3}


@dataclass(frozen=True)
class DemoCustomer:
    """A customer one may be, for the demo's login page."""

    id: str
    masked_name: str
    situation: str  #: Chinese, what this customer is good for showing


class DemoBank:
    """The port `Bank` over the demo tables of `engine` (`store.create_all` has run).

    `now` gives the moment, aware; nothing here asks the clock otherwise.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime], products: Products | None = None) -> None:
        self._engine = engine
        self._store = DemoStore(engine)
        self._now = now
        self._products = products or Products.load()
        self._seeded: date | None = None

    def customers(self) -> tuple[DemoCustomer, ...]:
        """Everybody there is; the demo's own, not part of the port."""
        _, rows = self._read(store.situations)
        return tuple(DemoCustomer(*row) for row in rows)

    def customer(self, customer_id: str) -> Customer:
        """Who this is."""
        _, who = self._read(lambda connection: store.customer(connection, customer_id))
        if who is None:
            raise CustomerNotFound()
        return who

    def limits(self, customer_id: str) -> tuple[Limit, ...]:
        """Credit limits; used is what is owed in principal."""
        _, records = self._of(customer_id, store.limits)
        owed = self._principal_owed(customer_id) if records else {}
        return tuple(_limit(record, owed) for record in records)

    def loans(self, customer_id: str) -> tuple[Loan, ...]:
        """All loans, the most urgent first."""
        today, records = self._of(customer_id, store.loans)
        found = (_loan(record, record.account, today) for record in records)
        return tuple(sorted(found, key=_urgency))

    def instalments(self, customer_id: str, loan_id: str) -> tuple[PlannedInstalment, ...]:
        """The plan in force of one loan."""
        today, record = self._loan(customer_id, loan_id)
        return _planned(record.account, today)

    def ledger(self, customer_id: str, loan_id: str) -> tuple[LedgerEntry, ...]:
        """Everything booked on one loan, oldest first."""
        return self._loan(customer_id, loan_id)[1].entries

    def books_on(self, customer_id: str, loan_id: str, day: date) -> Account:
        """The books a plan priced on `day` is booked on; the demo's own, not part of the port."""
        _, found = self._of(
            customer_id, lambda connection, who: store_loans.books_on(connection, who, loan_id, day)
        )
        if found is None:
            raise LoanNotFound()
        return found

    def settlement(self, customer_id: str, loan_id: str, day: date) -> SettlementQuote:
        """What clears the loan on `day`."""
        today, record = self._loan(customer_id, loan_id)
        if day < today:
            raise BadBankRequest("结清金额只能按今天或以后的日期试算。")
        return SettlementQuote(loan_id, day, ledger.settlement(record.account, day))

    def bills(self, customer_id: str) -> tuple[Bill, ...]:
        """Pay-later bills, the newest first."""
        today, records = self._of(customer_id, store.bills)
        found = (bill_on(each, BillTerms.of(self._products, each.product), today) for each in records)
        return tuple(sorted(found, key=lambda bill: bill.statement_on, reverse=True))

    def payments(self, customer_id: str, limit: int = 10) -> tuple[Payment, ...]:
        """Recent payments, the newest first."""
        _, rows = self._of(customer_id, lambda connection, who: store.payments(connection, who, limit))
        return tuple(rows)

    def deposits(self, customer_id: str) -> tuple[Deposit, ...]:
        """Balances."""
        return tuple(self._of(customer_id, store.deposits)[1])

    def auto_debit(self, customer_id: str) -> tuple[AutoDebit, ...]:
        """代扣, one a product."""
        return tuple(self._of(customer_id, store.auto_debits)[1])

    def applications(self, customer_id: str) -> tuple[Application, ...]:
        """Applications, the newest first."""
        return tuple(self._of(customer_id, store.applications)[1])

    def cards(self, customer_id: str) -> tuple[Card, ...]:
        """Bound cards."""
        return tuple(self._of(customer_id, store_records.cards)[1])

    def draws(self, customer_id: str) -> tuple[Draw, ...]:
        """Pay-outs, the newest first."""
        return tuple(self._of(customer_id, store_records.draws)[1])

    def transactions(self, customer_id: str, limit: int = 10) -> tuple[Transaction, ...]:
        """Movements, the newest first."""
        newest = partial(store_records.transactions, limit=limit)
        return tuple(self._of(customer_id, newest)[1])

    def access(self, customer_id: str) -> Access:
        """Log-in and checks."""
        found = self._of(customer_id, store_records.access)[1]
        return found or Access(self.customer(customer_id).phone_tail)  # seeded before the table was there

    def requests(self, customer_id: str) -> tuple[MadeRequest, ...]:
        """What was asked, the newest first."""
        return tuple(self._of(customer_id, store_records.requests)[1])

    def request(self, request: BankRequest) -> Acknowledgement:
        """Carries a request out, once a key."""
        _check_payload(request)
        payload = json.dumps(dict(request.payload), sort_keys=True, ensure_ascii=False)
        fingerprint = _digest(request.kind.value, request.customer_id, payload)
        known = self._store.answered(request.idempotency_key)
        if known is None:
            given = self._decide(request)
            if self._store.answer(request, payload, StoredRequest(fingerprint, given)):
                return given
            known = self._store.answered(request.idempotency_key)
        if known is None:
            raise BankUnavailable(cause="somebody else wrote the same books")
        if known.fingerprint != fingerprint:
            raise IdempotencyConflict()
        return known.acknowledgement

    def _decide(self, request: BankRequest) -> Acknowledgement:
        moment = self._now()
        state, message = decide(self, self._products, request, business_date(moment))
        reference = f"YX{business_date(moment):%Y%m%d}{_digest(request.idempotency_key)[:8].upper()}"
        return Acknowledgement(state, reference, message, moment)

    def _principal_owed(self, customer_id: str) -> Mapping[str, Money]:
        owed: dict[str, Money] = {}
        for loan in self.loans(customer_id):
            owed[loan.product] = owed.get(loan.product, ZERO) + loan.outstanding
        for bill in self.bills(customer_id):
            owed[bill.product] = owed.get(bill.product, ZERO) + _bill_principal(bill)
        return owed

    def _loan(self, customer_id: str, loan_id: str) -> tuple[date, LoanRecord]:
        today, records = self._of(customer_id, store.loans)
        for record in records:
            if record.id == loan_id:
                return today, record
        raise LoanNotFound()

    def _of(self, customer_id: str, query: Callable[[Connection, str], T]) -> tuple[date, T]:
        """`query` for a customer there is, with today."""

        def both(connection: Connection) -> tuple[Customer | None, T]:
            return store.customer(connection, customer_id), query(connection, customer_id)

        today, (who, found) = self._read(both)
        if who is None:
            raise CustomerNotFound()
        return today, found

    def _read(self, query: Callable[[Connection], T]) -> tuple[date, T]:
        """What `query` finds, with the bank's day: today, or the seeding's if that is ahead of our clock."""
        today = business_date(self._now())
        if self._seeded is None or self._seeded < today:
            seed(self._engine, today, self._products)
            self._seeded = today
        seeded, found = self._store.read(query)
        return max(today, seeded), found


def _loan(record: LoanRecord, account: Account, today: date) -> Loan:
    stands = ledger.position(account, today)
    return Loan(
        id=record.id,
        product=record.product,
        method=account.plan.method,
        rate=account.plan.rate,
        penalty_multiple=account.plan.penalty_multiple,
        drawn_on=account.plans[0].start,
        original=account.plans[0].principal,
        terms=len(account.obligations),
        instalments_paid=stands.instalments_paid,
        outstanding=stands.outstanding,
        overdue=stands.overdue,
        accrued=stands.accrued,
        carried=stands.carried,
        next_due_on=stands.next_due_on,
        next_due=stands.next_due,
        as_of=today,
        overdue_since=stands.overdue_since,
        settled_on=account.settled_on,
        creditor=record.creditor,
        creditor_name=record.creditor_name,
        restructurings=sum(entry.kind is EntryKind.RESTRUCTURED for entry in record.entries),
        legal_stage=record.legal_stage,
        dispute_open=record.dispute_open,
        hardship=record.hardship,
        debit_suspended=RequestKind.SUSPEND_DEBIT in record.stopped,
        collection_stopped=RequestKind.STOP_COLLECTION in record.stopped,
    )


def _urgency(loan: Loan) -> tuple[int, int, date, str]:
    return _URGENCY[loan.state], -loan.overdue_days, loan.next_due_on or date.max, loan.id


def _planned(account: Account, today: date) -> tuple[PlannedInstalment, ...]:
    if account.plan.method is Method.ON_DEMAND:
        owed = account.obligations[0].dues
        planned = [(account.outstanding, owed.interest)]
    else:
        planned = [(month.principal, month.interest + month.carried) for month in account.plan.schedule()]
    return tuple(
        PlannedInstalment(
            number=each.number,
            due_on=each.due_on,
            principal=principal,
            interest=interest,
            left=each.dues.total,
            state=_instalment_state(each.due_on, each.dues.total, today),
        )
        for each, (principal, interest) in zip(ledger.unpaid(account, today), planned, strict=True)
    )


def _instalment_state(due_on: date, left: Money, today: date) -> InstalmentState:
    if not left:
        return InstalmentState.PAID
    if due_on == today:
        return InstalmentState.DUE_TODAY
    return InstalmentState.OVERDUE if due_on < today else InstalmentState.FUTURE


def _limit(record: LimitRecord, owed: Mapping[str, Money]) -> Limit:
    used = max(owed.get(record.product, ZERO), ZERO)  # refunds may leave a credit
    return Limit(record.product, record.total, used, record.state, record.reason)


def _bill_principal(bill: Bill) -> Money:
    if bill.plan is not None:
        return bill.plan.outstanding
    return ZERO if bill.state is BillState.PAID else bill.amount - bill.paid


def _check_payload(request: BankRequest) -> None:
    wanted = _PAYLOADS[request.kind]
    if not request.idempotency_key or set(request.payload) != set(wanted):
        raise BadBankRequest()
    if any(type(request.payload[name]) is not kind for name, kind in wanted.items()):
        raise BadBankRequest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
