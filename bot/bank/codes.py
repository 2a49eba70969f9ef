"""One-time codes to the customer's own telephone: the bank knows the number, nobody else does.

The code is made and checked by who asks for the proof; the bank only carries it. Knows no plan and no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.bank.ports import Bank


@dataclass(frozen=True)
class CodeSent:
    """Where a code went: the number's last four digits. ``shown`` is the code, in the demo only."""

    phone_tail: str
    shown: str = ""


class CodeSender(Protocol):
    """Errors: BankUnavailable, CustomerNotFound."""

    def send_code(self, customer_id: str, code: str) -> CodeSent:
        """Sends the code to the number the bank has on record."""


@dataclass(frozen=True)
class DemoCodes:
    """The demo sends nothing: it gives the code back, to be shown beside the tail of the customer's number."""

    bank: Bank

    def send_code(self, customer_id: str, code: str) -> CodeSent:
        """See `CodeSender`."""
        return CodeSent(self.bank.customer(customer_id).phone_tail, code)
