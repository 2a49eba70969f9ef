"""What the bank's books say of a debt's payments. Asks the bank; knows no store."""

from __future__ import annotations

from bot.bank.ports import Bank, EntryKind, PaymentState
from bot.negotiation.keeping import Payment

_PAYMENTS_READ = 200
_PAID_IN = frozenset({EntryKind.PAID, EntryKind.PREPAID, EntryKind.SETTLED})


def payments_on(bank: Bank, customer_id: str, debt_id: str) -> list[Payment]:
    """What came in on a debt: a loan's ledger, or a bill's payments."""
    if any(loan.id == debt_id for loan in bank.loans(customer_id)):
        entries = bank.ledger(customer_id, debt_id)
        return [(entry.day, entry.amount) for entry in entries if entry.kind in _PAID_IN]
    paid = bank.payments(customer_id, _PAYMENTS_READ)
    return [(one.day, one.amount) for one in paid if one.target == debt_id and one.state is PaymentState.DONE]
