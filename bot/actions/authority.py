"""What bargaining works with: the mandate, the model of debtors, and a loan as the debt it is about.

Reads the data files once a day; a mandate that is faulty or has ended allows nothing, and a person takes over.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import structlog

from bot.bank.ports import Creditor as BankCreditor
from bot.bank.ports import Loan, SettlementQuote
from bot.bank.products import Products
from bot.negotiation import values
from bot.negotiation.debtors import Debtors, read_model
from bot.negotiation.mandate import Mandate
from bot.negotiation.mandate_file import MandateFaulty, load_mandate
from bot.negotiation.pricing import Contract, PricedOffer, priced
from bot.negotiation.terms import Asked
from bot.negotiation.values import Debt, Offer

MODEL_FILE = Path(values.__file__).parent / "data" / "debtors.json"
LOAN = "随心借"
_CREDITORS = {one: values.Creditor(one.value) for one in BankCreditor}

log = structlog.get_logger(__name__)


@lru_cache(maxsize=2)
def mandate(today: date, products: tuple[str, ...] = (LOAN,)) -> Mandate | None:
    """The mandate in force; None where there is none to rely on."""
    try:
        return load_mandate(products, today)
    except MandateFaulty as faulty:
        log.error("mandate_faulty", faults=len(faulty.faults))
        return None


@lru_cache(maxsize=1)
def model() -> Debtors:
    """What the bank learned from its own cases."""
    return read_model(MODEL_FILE.read_bytes())


def debt_of(loan: Loan, quote: SettlementQuote) -> Debt:
    """The loan as it is bargained about on the quote's day: everything owed, overdue or not."""
    owed = quote.parts
    months = (quote.day.year - loan.drawn_on.year) * 12 + quote.day.month - loan.drawn_on.month
    return Debt(
        id=loan.id,
        product=loan.product,
        principal=owed.principal,
        interest=owed.interest,
        penalty=owed.penalty + owed.compound,
        fee=owed.fee,
        rate=loan.rate,
        overdue_days=loan.overdue_days,
        remaining_terms=max(1, loan.instalments_left),
        elapsed_terms=max(0, months),
        creditor=_CREDITORS[loan.creditor],
        restructurings=loan.restructurings,
        legal_stage=loan.legal_stage,
    )


def contract_of(products: Products, found: Mandate, penalty_multiple: str) -> Contract:
    """What pricing needs besides the debt."""
    lender = products.text("bank.名称")
    return Contract(lender, penalty_multiple, found.offer_days, found.least_days)


def amounts(offer: PricedOffer) -> Asked:
    """A priced offer as the talk weighs it."""
    monthly = offer.instalments
    first = 1 if not monthly else max(1, _months(offer.priced_on, monthly[0].due_on))
    return Asked(offer.down, offer.monthly, first, len(monthly))


def price(debt: Debt, offer: Offer, day: date, due_day: int, contract: Contract) -> PricedOffer:
    """The one price that is weighed, told, shown and signed."""
    return priced(debt, offer, day, due_day, contract)


def _months(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month
