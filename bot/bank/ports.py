"""The bank's systems as a port: what the assistant may look up and what it may ask for.

Owns the `Bank` protocol and its frozen values. Amounts are Money, days are the bank's business days
(Asia/Shanghai), moments are aware UTC. Knows no SQL, no HTTP and no demo.

Every look-up takes the customer's id and answers for that customer only; something that belongs to
another customer is "not found", the same as something that does not exist. All may raise
`BankUnavailable` (worth trying again), `CustomerNotFound` and, where a loan is named, `LoanNotFound`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from bot.bank.port_records import Access, Card, Draw, MadeRequest, Transaction
from bot.money import ZERO, Dues, Method, Money, Rate

Json = str | int | bool | None


@dataclass(frozen=True)
class Restriction:
    """Something the bank has stopped, and the way out."""

    product: str
    since: date
    reason: str  #: Chinese, may be told to the customer
    remedy: str  #: what the customer can do


@dataclass(frozen=True)
class Customer:
    """Who is speaking, already masked: no full name, number or address leaves the bank."""

    id: str
    masked_name: str  #: 王*
    salutation: str  #: 王先生
    phone_tail: str  #: last four digits
    language: str = "zh-CN"
    elderly: bool = False  #: 60 or older: larger steps, earlier human
    hearing_impaired: bool = False  #: never send to the telephone
    restrictions: tuple[Restriction, ...] = ()


class LimitState(str, Enum):
    """Why a limit is what it is."""

    NORMAL = "normal"
    NONE = "none"  #: no limit granted
    REDUCED = "reduced"
    FROZEN = "frozen"


@dataclass(frozen=True)
class Limit:
    """A credit limit of one product."""

    product: str
    total: Money
    used: Money
    state: LimitState
    reason: str = ""  #: Chinese, empty when normal

    @property
    def available(self) -> Money:
        """What may be borrowed now."""
        return max(self.total - self.used, ZERO) if self.state in _USABLE else ZERO


_USABLE = (LimitState.NORMAL, LimitState.REDUCED)


class Creditor(str, Enum):
    """Whom the debt is owed to; only OWN debts may be negotiated by the assistant."""

    OWN = "own"  #: the bank
    PARTNER = "partner"  #: lent together with a partner bank
    GUARANTEED = "guaranteed"  #: a guarantor has paid and is owed now
    SOLD = "sold"  #: transferred to another creditor


class LoanState(str, Enum):
    """Where a loan stands today."""

    CURRENT = "current"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    SETTLED = "settled"


@dataclass(frozen=True)
class Loan:
    """One loan on one day, as its ledger stands."""

    id: str
    product: str
    method: Method
    rate: Rate
    penalty_multiple: str  #: the contract's 罚息倍数, "1.5"
    drawn_on: date
    original: Money  #: what was borrowed
    terms: int  #: instalments of the plan in force; 1 for 随借随还
    instalments_paid: int
    outstanding: Money  #: all principal left, overdue or not
    overdue: Dues  #: what fell due before today and is unpaid, with 罚息 and 复利 up to today
    accrued: Money  #: normal interest since the last due date, not billed yet
    carried: Money  #: old interest of a plan that is not due yet
    next_due_on: date | None  #: the next instalment from today on; None when nothing more falls due
    next_due: Money  #: that instalment alone, without what is overdue
    as_of: date
    overdue_since: date | None = None
    settled_on: date | None = None
    creditor: Creditor = Creditor.OWN
    creditor_name: str = ""  #: who, when it is not the bank
    restructurings: int = 0  #: earlier changes of plan
    legal_stage: bool = False  #: with lawyers or a court
    dispute_open: bool = False
    hardship: bool = False  #: a hardship is on record
    debit_suspended: bool = False  #: 代扣 is off for this loan while a signed plan is kept
    collection_stopped: bool = False  #: 停催, the same

    @property
    def instalments_left(self) -> int:
        """Instalments not fully paid."""
        return self.terms - self.instalments_paid

    @property
    def overdue_days(self) -> int:
        """Days since the oldest unpaid instalment fell due; 0 on the due day itself."""
        return (self.as_of - self.overdue_since).days if self.overdue_since else 0

    @property
    def state(self) -> LoanState:
        """Where the loan stands on `as_of`."""
        if self.settled_on is not None:
            return LoanState.SETTLED
        if self.overdue_since is not None:
            return LoanState.OVERDUE
        return LoanState.DUE_TODAY if self.next_due_on == self.as_of else LoanState.CURRENT

    @property
    def to_pay_now(self) -> Money:
        """What puts the loan in order today: all that is overdue, and an instalment due today."""
        today = self.next_due if self.next_due_on == self.as_of else ZERO
        return self.overdue.total + today

    @property
    def penalties(self) -> Money:
        """罚息 and 复利 up to today."""
        return self.overdue.penalty + self.overdue.compound


class InstalmentState(str, Enum):
    """One instalment today."""

    PAID = "paid"
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    FUTURE = "future"


@dataclass(frozen=True)
class PlannedInstalment:
    """One instalment of the plan in force: what was planned and what is left of it."""

    number: int  #: from 1
    due_on: date
    principal: Money
    interest: Money  #: with old interest the plan carries
    left: Money  #: unpaid today, with 罚息 and 复利
    state: InstalmentState

    @property
    def payment(self) -> Money:
        """The planned amount."""
        return self.principal + self.interest


class EntryKind(str, Enum):
    """What a ledger entry books."""

    DRAWN = "drawn"  #: 放款
    PAID = "paid"  #: 还款
    PREPAID = "prepaid"  #: 部分提前还款
    SETTLED = "settled"  #: 结清
    WAIVED = "waived"  #: 减免
    RESTRUCTURED = "restructured"  #: a new plan from here


@dataclass(frozen=True)
class LedgerEntry:
    """One booking on a loan; `parts` says what it was for, `balance` the principal left after it."""

    number: int
    day: date
    kind: EntryKind
    amount: Money
    parts: Dues
    balance: Money


@dataclass(frozen=True)
class SettlementQuote:
    """What clears a loan on `day` if nothing is paid until then."""

    loan_id: str
    day: date
    parts: Dues

    @property
    def total(self) -> Money:
        """The amount to pay."""
        return self.parts.total


class BillState(str, Enum):
    """A pay-later bill today."""

    UNBILLED = "unbilled"  #: this month's purchases so far, no statement yet
    OPEN = "open"  #: statement out, due day or grace not passed
    OVERDUE = "overdue"
    PAID = "paid"
    INSTALMENTS = "instalments"  #: turned into instalments


@dataclass(frozen=True)
class BillLine:
    """One line of a bill; a refund is negative."""

    day: date
    text: str
    amount: Money


@dataclass(frozen=True)
class BillPlan:
    """A bill paid in instalments with a fee each."""

    terms: int
    billed: int  #: instalments that already stand on a bill
    principal: Money
    fee_per_term: Money
    outstanding: Money  #: principal not on a bill yet
    next_on: date | None  #: due date of the next one to be billed
    next_amount: Money
    yearly_cost: Rate  #: APR, simple, by monthly IRR


@dataclass(frozen=True)
class Bill:
    """One month of pay-later."""

    id: str
    product: str
    statement_on: date
    due_on: date
    amount: Money
    minimum: Money  #: 最低还款额
    paid: Money
    penalty: Money  #: 罚息 up to today, zero within the days of grace
    state: BillState
    overdue_days: int = 0  #: 0 within the days of grace
    lines: tuple[BillLine, ...] = ()
    plan: BillPlan | None = None

    @property
    def left(self) -> Money:
        """What is still to be paid, with 罚息; nothing once it is paid by instalments or is a credit."""
        settled = self.state is BillState.INSTALMENTS
        return ZERO if settled else max(self.amount - self.paid, ZERO) + self.penalty


class PaymentState(str, Enum):
    """What became of a payment."""

    DONE = "done"
    FAILED = "failed"
    PROCESSING = "processing"  #: taken from the account, not booked yet


@dataclass(frozen=True)
class Payment:
    """A repayment or the attempt at one."""

    day: date
    product: str
    target: str  #: id of the loan or bill
    amount: Money
    by: str  #: 自动扣款 or 主动还款
    state: PaymentState
    reason: str = ""  #: Chinese, why it failed


@dataclass(frozen=True)
class Deposit:
    """Money the customer has at the bank."""

    product: str
    account_tail: str
    balance: Money
    available: Money
    rate: Rate | None = None
    matures_on: date | None = None


@dataclass(frozen=True)
class AutoDebit:
    """Whether and from where a product's instalments are taken."""

    product: str
    on: bool
    account: str  #: 电子账户 or the card's bank
    account_tail: str


class ApplicationState(str, Enum):
    """Where an application stands."""

    REVIEWING = "reviewing"
    CALL_PENDING = "call_pending"  #: the verification call has not been answered
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Application:
    """A request for a limit or a loan."""

    id: str
    product: str
    amount: Money
    state: ApplicationState
    submitted_on: date
    reason: str = ""  #: Chinese, may be told to the customer
    again_on: date | None = None  #: when he may apply again, or the next call comes


class RequestKind(str, Enum):
    """What the assistant may ask the bank to do, with the payload each needs."""

    ISSUE_CERTIFICATE = "issue_certificate"  #: 结清证明: {"loan_id": text}
    SET_AUTO_DEBIT = "set_auto_debit"  #: {"product": text, "on": bool}
    REPORT_LOSS = "report_loss"  #: 口头挂失: {"what": "card"}; undone by the verified road only
    STOP_PAYMENT = "stop_payment"  #: 紧急止付, nothing goes out: {}; undone by the verified road only
    ISSUE_DOCUMENT = "issue_document"  #: 合同, 还款流水, 利息发票: {"loan_id": text, "document": text}
    CANCEL_APPLICATION = "cancel_application"  #: {"application_id": text}
    CALL_AGAIN = "call_again"  #: the verification call: {"application_id": text}
    RETRY_DEBIT = "retry_debit"  #: take today's debt again: {"loan_id": text}
    BILL_INSTALMENTS = "bill_instalments"  #: {"bill_id": text, "terms": int}
    UNBIND_CARD = "unbind_card"  #: {"card_id": text}
    CLOSE_PRODUCT = "close_product"  #: {"product": text}
    #: a signed plan, booked from the day it was priced on: {"loan_id": text, "plan_id": text, "priced_on": day,
    #: "owed": fen on that day, "waived": fen of it, "at_once": fen (0 or the first payment), "pause": months,
    #: "payments": "2026-12-05:120034 …" (day and fen), "signed_at": text}; refused where it does not fit the books
    CHANGE_PLAN = "change_plan"
    SUSPEND_DEBIT = "suspend_debit"  #: of one loan, while a plan is kept: {"loan_id": text, "plan_id": text}
    STOP_COLLECTION = "stop_collection"  #: 停催, while a plan is kept: {"loan_id": text, "plan_id": text}


#: what tells requests of one kind apart
SUBJECTS: Mapping[RequestKind, tuple[str, ...]] = {
    RequestKind.ISSUE_CERTIFICATE: ("loan_id",),
    RequestKind.SET_AUTO_DEBIT: ("product", "on"),
    RequestKind.ISSUE_DOCUMENT: ("loan_id", "document"),
    RequestKind.CANCEL_APPLICATION: ("application_id",),
    RequestKind.CALL_AGAIN: ("application_id",),
    RequestKind.RETRY_DEBIT: ("loan_id",),
    RequestKind.BILL_INSTALMENTS: ("bill_id",),
    RequestKind.UNBIND_CARD: ("card_id",),
    RequestKind.CLOSE_PRODUCT: ("product",),
    RequestKind.CHANGE_PLAN: ("loan_id", "plan_id"),
    RequestKind.SUSPEND_DEBIT: ("loan_id", "plan_id"),
    RequestKind.STOP_COLLECTION: ("loan_id", "plan_id"),
    RequestKind.REPORT_LOSS: ("what",),
    RequestKind.STOP_PAYMENT: (),
}


def subject_of(kind: RequestKind, payload: Mapping[str, Json]) -> str:
    """What a request is about, as text."""
    return " ".join(str(payload[name]) for name in SUBJECTS[kind])


@dataclass(frozen=True)
class BankRequest:
    """Something the bank is asked to do, once per key."""

    kind: RequestKind
    customer_id: str
    payload: Mapping[str, Json]
    idempotency_key: str


class RequestState(str, Enum):
    """The bank's word on a request."""

    ACCEPTED = "accepted"  #: taken, not carried out yet: 已提交
    DONE = "done"  #: carried out: 已生效
    REFUSED = "refused"  #: not possible; the message says why


@dataclass(frozen=True)
class Acknowledgement:
    """The bank's answer to a request."""

    state: RequestState
    reference: str  #: the bank's own number
    message: str  #: Chinese, may be told to the customer
    at: datetime  #: aware UTC


class Bank(Protocol):
    """The bank. Read-only but for `request`."""

    def customer(self, customer_id: str) -> Customer:
        """Who this is."""

    def limits(self, customer_id: str) -> tuple[Limit, ...]:
        """Credit limits, one a product."""

    def loans(self, customer_id: str) -> tuple[Loan, ...]:
        """All loans as they stand today, settled ones too, the most urgent first."""

    def instalments(self, customer_id: str, loan_id: str) -> tuple[PlannedInstalment, ...]:
        """The plan in force of one loan."""

    def ledger(self, customer_id: str, loan_id: str) -> tuple[LedgerEntry, ...]:
        """Everything booked on one loan, oldest first."""

    def settlement(self, customer_id: str, loan_id: str, day: date) -> SettlementQuote:
        """What clears the loan on `day`, today or later (else BadBankRequest)."""

    def bills(self, customer_id: str) -> tuple[Bill, ...]:
        """Pay-later bills, the newest first."""

    def payments(self, customer_id: str, limit: int = 10) -> tuple[Payment, ...]:
        """Recent repayments, failed ones too, the newest first."""

    def deposits(self, customer_id: str) -> tuple[Deposit, ...]:
        """Balances."""

    def auto_debit(self, customer_id: str) -> tuple[AutoDebit, ...]:
        """代扣, one a product."""

    def applications(self, customer_id: str) -> tuple[Application, ...]:
        """Applications, the newest first."""

    def cards(self, customer_id: str) -> tuple[Card, ...]:
        """Bound cards of other banks."""

    def draws(self, customer_id: str) -> tuple[Draw, ...]:
        """Borrowing and its pay-outs, failed ones too, the newest first."""

    def transactions(self, customer_id: str, limit: int = 10) -> tuple[Transaction, ...]:
        """Movements on his accounts, the newest first."""

    def access(self, customer_id: str) -> Access:
        """Log-in, codes, passwords and identity checks."""

    def requests(self, customer_id: str) -> tuple[MadeRequest, ...]:
        """What was asked of the bank, the newest first."""

    def request(self, request: BankRequest) -> Acknowledgement:
        """Asks for something, once: the same key again gets the same acknowledgement.

        `IdempotencyConflict` when the key was used for another request, `BadBankRequest` when the
        payload is not the kind's.
        """
