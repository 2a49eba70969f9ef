"""Repayment plans on their signing page: one kept in memory by the pure moves, or a real one drawn up on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.bank.codes import CodeSent
from bot.money import Dues, Money, Rate, business_date
from bot.negotiation import plan_moves, signing
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.pricing import Contract, PricedOffer, priced
from bot.negotiation.signing import Evidence, Signature
from bot.negotiation.values import Debt, Offer, OfferKind
from bot.plans.records import (
    Negotiation,
    NegotiationState,
    NegotiationStep,
    OfferRecord,
    PlanRecord,
    Step,
    terms_of,
)
from bot.plans.service import Plans, plan_of
from bot.signing.ports import Sheet
from conversation.clock import Clock
from conversation.errors import ConversationNotFound
from conversation.state import new_id
from conversation.store.journal_store import JournalStore
from conversation.talk import talking

LINK = "pl_4f9a8c1e2b7d"
CUSTOMER = "C0009"
DEBT = Debt(
    "L9",
    "随心借",
    Money(2_000_000),
    Money(60_000),
    Money(45_000),
    Money(5_000),
    Rate.percent("14.40"),
    overdue_days=45,
    remaining_terms=12,
)
OFFER = Offer(OfferKind.PLAN, terms=12, waiver=50, down=5)
CONTRACT = Contract("一线银行", "1.5", offer_days=3, least_days=10)


def offered(today: date, offer: Offer = OFFER) -> PricedOffer:
    """An offer for a debt of 21,100 元, priced on ``today``."""
    return priced(DEBT, offer, today, 15, CONTRACT)


def sheet(offer: PricedOffer, since: datetime, state: PlanState = PlanState.SIGNING) -> Sheet:
    """The plan made of an offer."""
    terms = terms_of(offer)
    return Sheet(
        plan_id="p_" + offer.priced_on.isoformat(),
        number="3F9A 07C2",
        customer_id=CUSTOMER,
        product="随心借",
        state=state,
        since=since,
        terms=terms,
        fingerprint=signing.fingerprint(terms),
        rows=offer.rows,
        upfront=bool(offer.down),
        wanted=("收入证明",) if state is PlanState.MATERIALS else (),
    )


class MemorySheets:
    """`Sheets` over one plan; every move is plan_moves'."""

    def __init__(self, kept: Sheet, clock: Clock) -> None:
        self.kept = kept
        self.clock = clock
        self.signed = 0

    def of_link(self, link: str, customer_id: str) -> Sheet:
        if link != LINK or customer_id != self.kept.customer_id:
            raise ConversationNotFound()
        return self.kept

    def sign(self, link: str, customer_id: str, signature_id: str, evidence: Evidence) -> Sheet:
        self.of_link(link, customer_id)
        now = self.clock.now()
        made = signing.signed(
            signature_id, self.kept.terms, self.kept.fingerprint, customer_id, evidence, now, self.kept.card
        )
        assert isinstance(made, Signature), made
        self.signed += self.kept.signature is None
        self._take(plan_moves.sign(self._plan(), made).plan)
        return self.kept

    def hand_in(self, link: str, customer_id: str) -> Sheet:
        self.of_link(link, customer_id)
        by = plan_moves.Party(Role.CUSTOMER, customer_id)
        self._take(plan_moves.moved(self._plan(), PlanStep.HAND_IN, by, self.clock.now()).plan)
        return self.kept

    def _plan(self) -> plan_moves.Plan:
        s = self.kept
        return plan_moves.Plan(
            s.plan_id,
            s.terms.debt_id,
            s.customer_id,
            "bot",
            s.fingerprint,
            s.terms.payments,
            s.terms.pay_by,
            s.state,
            s.since,
            signature=s.signature,
        )

    def _take(self, plan: plan_moves.Plan) -> None:
        self.kept = replace(self.kept, state=plan.state, since=plan.since, signature=plan.signature)


class Telephone:
    """Where codes arrive."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def send_code(self, customer_id: str, code: str) -> CodeSent:
        self.codes.append(code)
        return CodeSent("6688")


def draw_up(
    plans: Plans,
    store: JournalStore,
    now: datetime,
    conversation_id: str,
    customer_id: str,
    loan_id: str,
    offer: Offer = OFFER,
    materials: bool = False,
    owed: Dues | None = None,
    rate: Rate = DEBT.rate,
) -> PlanRecord:
    """A plan in the program's own records, as a turn that agreed on it would leave it; ``owed`` and ``rate`` by the bank's
    books where it shall book the plan."""
    debt = replace(DEBT, id=loan_id, rate=rate)
    if owed is not None:
        debt = replace(
            debt,
            principal=owed.principal,
            interest=owed.interest,
            penalty=owed.penalty + owed.compound,
            fee=owed.fee,
        )
    header = Negotiation(
        id=new_id("n"),
        conversation_id=conversation_id,
        customer_id=customer_id,
        debt=debt,
        day=business_date(now),
        mandate_version="test",
        model_version="test",
        state=NegotiationState.AGREED,
        opened_at=now,
        updated_at=now,
    )
    made = OfferRecord(header.id, 1, priced(debt, offer, header.day, 15, CONTRACT), "bot", now)
    plan = plan_of(header, made, "bot", now, materials=materials)
    step = Step(0, now, {}, "done", (), 1)
    with store.unit() as unit, talking(unit, conversation_id, now) as talk:
        plans.keep(talk, NegotiationStep(header, step, NegotiationState.AGREED, made, plan=plan))
    return plan
