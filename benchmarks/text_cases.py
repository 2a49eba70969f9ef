"""The simulator's people as customers of the demo bank, so that what they owe is what the bank's books say.

Owns the stories seeded and the facts read back: a case's debt is the seeded loan's, to the 分; only the person (income,
savings, patience …) stays the simulator's. Writes a bank database before the program starts on it; nothing of the product
is changed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.simulator import LEGAL_STAGE, NOTHING, OVER_AUTHORITY, Case, limits
from bot.actions.authority import debt_of
from bot.bank.demo_bank import DemoBank
from bot.bank.products import Products
from bot.bank.seed import demo_world
from bot.bank.store import DemoStore, Engine, create_all
from bot.negotiation.values import Debt
from conversation.clock import Clock


@dataclass(frozen=True)
class Client:
    """A case with the customer he is: ``case.public`` is what the bank's books say of ``debt``."""

    customer_id: str
    case: Case
    debt: Debt


def stories(people: Sequence[Case]) -> list[dict[str, Any]]:
    """A demo customer for each case, with one loan overdue as long as the case's, nothing of it paid."""
    return [_story(number, case) for number, case in enumerate(people)]


def customer_id(number: int) -> str:
    return f"T{number:05d}"


def _story(number: int, case: Case) -> dict[str, Any]:
    debt = case.public
    rate, terms = f"{Decimal(str(debt['rate'])) * 100:.2f}", debt["remaining_terms"]
    earlier = {"rate": rate, "terms": 24, "paid": 1, "behind": 40}
    loan = {
        "amount": f"{debt['principal']:.2f}",
        "rate": rate,
        "terms": terms,
        "paid": 0,
        "due": -debt["dpd"],
    }
    if debt["prior_restructures"]:
        loan["history"] = [earlier] * debt["prior_restructures"]
    if debt["legal_stage"]:
        loan["legal_stage"] = True
    return {
        "id": customer_id(number),
        "name": "试算",
        "gender": debt["segment"]["sex"],
        "phone": f"{number % 10_000:04d}",
        "situation": "文字谈判的试算客户",
        "loans": [loan],
    }


def seed(engine: Engine, people: Sequence[Case], today: date) -> None:
    """The bank's tables with these customers and nobody else, written for ``today``."""
    create_all(engine)
    told = stories(people)
    DemoStore(engine).replace_all(today, lambda: demo_world(today, Products.load(), told), lambda _: None)


def clients(engine: Engine, people: Sequence[Case], clock: Clock, today: date) -> list[Client]:
    """Each case with its debt as the bank tells it, read apart from the program under test."""
    bank = DemoBank(engine, clock.now)
    return [_client(bank, customer_id(number), case, today) for number, case in enumerate(people)]


def _client(bank: DemoBank, who: str, case: Case, today: date) -> Client:
    (loan,) = bank.loans(who)
    debt = debt_of(loan, bank.settlement(who, loan.id, today))
    sums = {name: float(getattr(debt, name).yuan) for name in ("principal", "interest", "penalty", "fee")}
    public = {
        **case.public,
        **sums,
        "amount_total": float(debt.total.yuan),
        "dpd": debt.overdue_days,
        "remaining_terms": debt.remaining_terms,
        "prior_restructures": debt.restructurings,
    }
    return Client(who, Case(public, replace(case.hidden, escalate=_flag(public, case.hidden.escalate))), debt)


def _flag(public: dict[str, Any], flag: str) -> str:
    """What needs a person by the books, where nothing else does."""
    if flag not in (NOTHING, LEGAL_STAGE, OVER_AUTHORITY):
        return flag
    if public["legal_stage"]:
        return LEGAL_STAGE
    return OVER_AUTHORITY if limits(public) is None else NOTHING
