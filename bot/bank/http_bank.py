"""The port over HTTP, for a bank's own systems behind an API gateway.

Thin: paths, timeouts, the idempotency header and the mapping of errors. The wire form is `codec`'s.

    GET  /customers/{id}                                   GET  /customers/{id}/deposits
    GET  /customers/{id}/limits                            GET  /customers/{id}/auto-debit
    GET  /customers/{id}/loans                             GET  /customers/{id}/applications
    GET  /customers/{id}/loans/{loan}/instalments          GET  /customers/{id}/bills
    GET  /customers/{id}/loans/{loan}/ledger               GET  /customers/{id}/payments?limit=10
    GET  /customers/{id}/loans/{loan}/settlement?day=…
    GET  /customers/{id}/cards                             GET  /customers/{id}/draws
    GET  /customers/{id}/transactions?limit=10             GET  /customers/{id}/access
    GET  /customers/{id}/requests
    POST /customers/{id}/codes   {"code"}: a one-time code to the number on record → {"phone_tail"}
    POST /requests   Idempotency-Key: …   {"kind", "customer_id", "payload"}

Errors carry {"error": {"code", "message"}} with the codes of `errors`; the bank's own message is never shown
to a customer. A timeout or 5xx is `BankUnavailable`; nothing is tried again here: the outbox does that, with
the same key.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx

from bot.bank.codec import WireError, from_wire, to_wire
from bot.bank.codes import CodeSent
from bot.bank.errors import (
    BadBankRequest,
    BankError,
    BankUnavailable,
    CustomerNotFound,
    IdempotencyConflict,
    LoanNotFound,
)
from bot.bank.port_records import Access, Card, Draw, MadeRequest, Transaction
from bot.bank.ports import (
    Acknowledgement,
    Application,
    AutoDebit,
    BankRequest,
    Bill,
    Customer,
    Deposit,
    LedgerEntry,
    Limit,
    Loan,
    Payment,
    PlannedInstalment,
    SettlementQuote,
)

T = TypeVar("T")

#: A look-up must leave the turn (10 s) time for an answer.
TIMEOUT = httpx.Timeout(4.0, connect=1.5)

_BY_CODE: dict[str, type[BankError]] = {
    error.code: error
    for error in (BadBankRequest, BankUnavailable, CustomerNotFound, IdempotencyConflict, LoanNotFound)
}
_BUSY = (408, 425, 429)


class HttpBank:
    """The port `Bank` at `base_url`, authenticated by a bearer `token`. Safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._client = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=timeout,
            transport=transport,
        )

    def close(self) -> None:
        """Gives its connections back."""
        self._client.close()

    def customer(self, customer_id: str) -> Customer:
        """Who this is."""
        return self._get(Customer, _path("customers", customer_id))

    def limits(self, customer_id: str) -> tuple[Limit, ...]:
        """Credit limits."""
        return self._list(Limit, customer_id, "limits")

    def loans(self, customer_id: str) -> tuple[Loan, ...]:
        """All loans, the most urgent first."""
        return self._list(Loan, customer_id, "loans")

    def instalments(self, customer_id: str, loan_id: str) -> tuple[PlannedInstalment, ...]:
        """The plan in force of one loan."""
        return self._list(PlannedInstalment, customer_id, "loans", loan_id, "instalments")

    def ledger(self, customer_id: str, loan_id: str) -> tuple[LedgerEntry, ...]:
        """Everything booked on one loan."""
        return self._list(LedgerEntry, customer_id, "loans", loan_id, "ledger")

    def settlement(self, customer_id: str, loan_id: str, day: date) -> SettlementQuote:
        """What clears the loan on `day`."""
        path = _path("customers", customer_id, "loans", loan_id, "settlement")
        return self._get(SettlementQuote, path, day=day.isoformat())

    def bills(self, customer_id: str) -> tuple[Bill, ...]:
        """Pay-later bills, the newest first."""
        return self._list(Bill, customer_id, "bills")

    def payments(self, customer_id: str, limit: int = 10) -> tuple[Payment, ...]:
        """Recent payments, the newest first."""
        return self._list(Payment, customer_id, "payments", limit=str(limit))

    def deposits(self, customer_id: str) -> tuple[Deposit, ...]:
        """Balances."""
        return self._list(Deposit, customer_id, "deposits")

    def auto_debit(self, customer_id: str) -> tuple[AutoDebit, ...]:
        """代扣, one a product."""
        return self._list(AutoDebit, customer_id, "auto-debit")

    def applications(self, customer_id: str) -> tuple[Application, ...]:
        """Applications, the newest first."""
        return self._list(Application, customer_id, "applications")

    def cards(self, customer_id: str) -> tuple[Card, ...]:
        """Bound cards."""
        return self._list(Card, customer_id, "cards")

    def draws(self, customer_id: str) -> tuple[Draw, ...]:
        """Pay-outs, the newest first."""
        return self._list(Draw, customer_id, "draws")

    def transactions(self, customer_id: str, limit: int = 10) -> tuple[Transaction, ...]:
        """Movements, the newest first."""
        return self._list(Transaction, customer_id, "transactions", limit=str(limit))

    def access(self, customer_id: str) -> Access:
        """Log-in and checks."""
        return self._get(Access, _path("customers", customer_id, "access"))

    def requests(self, customer_id: str) -> tuple[MadeRequest, ...]:
        """What was asked, the newest first."""
        return self._list(MadeRequest, customer_id, "requests")

    def request(self, request: BankRequest) -> Acknowledgement:
        """Asks for something, once a key."""
        body = {
            "kind": request.kind.value,
            "customer_id": request.customer_id,
            "payload": to_wire(request.payload),
        }
        headers = {"Idempotency-Key": request.idempotency_key}
        return cast(
            Acknowledgement, self._call(Acknowledgement, "POST", "/requests", json=body, headers=headers)
        )

    def send_code(self, customer_id: str, code: str) -> CodeSent:
        """A one-time code to the customer's own number; see `bot.bank.codes.CodeSender`."""
        sent: CodeSent = self._call(
            CodeSent, "POST", _path("customers", customer_id, "codes"), json={"code": code}
        )
        return CodeSent(sent.phone_tail)  # a bank's code is never shown

    def _get(self, wanted: type[T], path: str, **query: str) -> T:
        return cast(T, self._call(wanted, "GET", path, params=query))

    def _list(self, item: type[T], customer_id: str, *rest: str, **query: str) -> tuple[T, ...]:
        path = _path("customers", customer_id, *rest)
        return cast("tuple[T, ...]", self._call(tuple[item, ...], "GET", path, params=query))  # type: ignore[valid-type]

    def _call(self, wanted: Any, method: str, path: str, **options: Any) -> Any:
        try:
            response = self._client.request(method, path, **options)
        except httpx.RequestError as error:
            raise BankUnavailable(cause=type(error).__name__) from error
        if not response.is_success:
            raise _error(response)
        try:
            return from_wire(wanted, response.json())
        except (WireError, ValueError) as error:
            raise BankError(cause=str(error)) from error


def _path(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _error(response: httpx.Response) -> BankError:
    code = ""
    with suppress(ValueError, KeyError, TypeError):  # a gateway's own page: the status says enough
        code = str(response.json()["error"]["code"])
    if response.status_code >= 500 or response.status_code in _BUSY:
        return BankUnavailable(status=response.status_code)
    return _BY_CODE.get(code, BankError)(status=response.status_code)
