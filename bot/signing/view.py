"""The page's state as one value, ready for JSON: what is shown, what is done, what may be done next. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.money import business_date
from bot.negotiation.plans import IN_FORCE, PlanState
from bot.negotiation.signing import Evidence, Place, Refusal, SigningRules, refusals
from bot.signing import texts, visits
from bot.signing.papers import MAX_BYTES, MAX_PAPERS, Paper
from bot.signing.ports import Sheet
from bot.signing.texts import PaymentLine, Section
from bot.signing.visits import Visit


@dataclass(frozen=True)
class CostLine:
    name: str
    payee: str
    value: str


@dataclass(frozen=True)
class Problem:
    """Why this offer can no longer be signed."""

    code: str
    message: str


@dataclass(frozen=True)
class Steps:
    """How far the customer is. Seconds are whole, rounded up."""

    reading_seconds: int
    reading_left: int
    table_confirmed: bool
    plan_confirmed: bool
    code_sent: bool
    code_wait: int
    verified: bool
    verified_left: int


@dataclass(frozen=True)
class PaperLine:
    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Papers:
    """What is asked for, what is there, what is allowed; sizes in bytes."""

    wanted: tuple[str, ...]
    handed_in: tuple[PaperLine, ...]
    max_bytes: int = MAX_BYTES
    max_count: int = MAX_PAPERS


@dataclass(frozen=True)
class Pay:
    """The next payment of a signed plan."""

    label: str
    day: str
    amount: str


@dataclass(frozen=True)
class SheetOut:
    """Everything the page at /chat/sign/{link} shows."""

    number: str
    product: str
    state: str
    state_label: str
    state_line: str
    fingerprint: str
    priced_on: str
    pay_by: str
    owed: str
    waived: str | None
    total: str
    yearly: str | None
    payments: tuple[PaymentLine, ...]
    costs: tuple[CostLine, ...]
    sections: tuple[Section, ...]
    steps: Steps
    papers: Papers
    signed_at: str | None
    document: bool
    pay: Pay | None
    problem: Problem | None


#: what the customer cannot mend on the page: it leads back to the chat
_OF_THE_OFFER = (
    Refusal.OFFER_EXPIRED,
    Refusal.OFFER_CHANGED,
    Refusal.COST_ABOVE_CEILING,
    Refusal.CARD_TERM_TOO_LONG,
    Refusal.NOT_DISCLOSED,
    Refusal.CARD_ITEMS_MISSING,
)


def sheet_out(
    sheet: Sheet, visit: Visit, papers: Iterable[Paper], now: datetime, rules: SigningRules
) -> SheetOut:
    """The page of a plan at ``now``."""
    terms = sheet.terms
    signed = sheet.signature is not None
    return SheetOut(
        number=sheet.number,
        product=sheet.product,
        state=sheet.state.value,
        state_label=texts.state_label(sheet),
        state_line=texts.state_line(sheet),
        fingerprint=sheet.fingerprint,
        priced_on=terms.priced_on.isoformat(),
        pay_by=terms.pay_by.isoformat(),
        owed=str(terms.owed),
        waived=str(terms.waived) if terms.waived else None,
        total=str(terms.total),
        yearly=terms.yearly_cost.render() if terms.yearly_cost else None,
        payments=texts.payments(sheet),
        costs=tuple(CostLine(row.name, row.payee, row.value) for row in sheet.rows),
        sections=texts.sections(sheet),
        steps=_steps(visit, now, rules),
        papers=Papers(sheet.wanted, tuple(PaperLine(one.id, one.name, one.size) for one in papers)),
        signed_at=sheet.signature.at.isoformat() if sheet.signature else None,
        document=signed,
        pay=_pay(sheet, now) if signed and sheet.state in IN_FORCE else None,
        problem=_problem(refusal_of(sheet, now, rules)),
    )


def told(sheet: Sheet) -> Evidence:
    """What the page discloses, as evidence."""
    return Evidence(Place.SIGNING_PAGE, disclosed=texts.told(sheet), card_items=texts.card_items(sheet))


def refusal_of(sheet: Sheet, now: datetime, rules: SigningRules) -> Refusal | None:
    """Why the offer itself can no longer be signed; None while it can, or was."""
    if sheet.state is not PlanState.SIGNING:
        return None
    until = texts.deadline(sheet)
    if until is not None and now > until:
        return Refusal.OFFER_EXPIRED
    found = refusals(sheet.terms, sheet.fingerprint, sheet.customer_id, told(sheet), now, sheet.card, rules)
    return next((one for one in found if one in _OF_THE_OFFER), None)


def _problem(refusal: Refusal | None) -> Problem | None:
    return None if refusal is None else Problem(refusal.value, refusal.sentence)


def _steps(visit: Visit, now: datetime, rules: SigningRules) -> Steps:
    left = visits.verified_left(visit, now, rules)
    return Steps(
        reading_seconds=_seconds(rules.reading),
        reading_left=_seconds(visits.reading_left(visit, now, rules)),
        table_confirmed=visit.table_at is not None,
        plan_confirmed=visit.plan_at is not None,
        code_sent=visit.code is not None,
        code_wait=_seconds(visits.code_wait(visit, now)),
        verified=bool(left),
        verified_left=_seconds(left),
    )


def _pay(sheet: Sheet, now: datetime) -> Pay | None:
    """The next payment by its day; None after the last. What came in the ledger knows, not this page."""
    today = business_date(now).isoformat()
    left = (line for line in texts.payments(sheet) if line.day >= today)
    return next((Pay(line.label, line.day, line.amount) for line in left), None)


def _seconds(length: timedelta) -> int:
    return math.ceil(length.total_seconds())
