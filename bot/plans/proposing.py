"""What the agent who took over may do with a negotiation: send the standing offer again, or another one.

The server reckons every figure; the agent chooses what kind of plan. Within the mandate it goes to the customer; beyond
it a second person decides, and the law's limits nobody lifts (bot/negotiation/beyond.py). Whatever departs from an offer
that still stands, or from the mandate, needs a reason, which is kept with the offer for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.actions import authority
from bot.actions.offer_card import card
from bot.bank.errors import LoanNotFound
from bot.bank.ports import Bank, Loan
from bot.bank.products import Products
from bot.money import MoneyError, business_date
from bot.negotiation.beyond import Says, Verdict, verdict
from bot.negotiation.mandate import Limits, limits
from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import IN_FORCE, PlanState, Role
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.refusals import Refusal, Why, refuse
from bot.negotiation.values import Debt, Offer
from bot.plans.errors import BeyondAuthority, OverrideUnexplained
from bot.plans.records import Negotiation, OfferRecord, PlanRecord, ReasonCode
from bot.plans.replaying import due_day_of
from bot.plans.service import Plans
from conversation.clock import Clock
from conversation.message import Sender
from conversation.serving import require_served_by
from conversation.state import Agent, Entry
from conversation.talk import Talk

LEAST_REASON = 8  #: characters: "同意" alone explains nothing
BEYOND = "beyond_mandate"
_SHOWN = frozenset({PlanState.SIGNING}) | IN_FORCE
OFFERED = "这是为您准备的还款方案，请核对每一笔金额和日期。"


@dataclass(frozen=True)
class Quote:
    """An offer reckoned on today's books. ``departs``: another offer still stands. ``priced`` None: it may never be
    made, or cannot be reckoned."""

    offer: Offer
    debt: Debt
    verdict: Verdict
    priced: PricedOffer | None
    departs: bool

    @property
    def needs_reason(self) -> bool:
        return self.departs or self.verdict.says is Says.SECOND_PERSON


class Proposing:
    def __init__(self, plans: Plans, bank: Bank, products: Products, clock: Clock) -> None:
        self._plans = plans
        self._bank = bank
        self._products = products
        self._clock = clock

    def authority_left(self, found: Negotiation) -> tuple[Debt, Limits | Refusal]:
        """Today's debt, and what the mandate still allows on it or why nothing."""
        today = self._today()
        debt, _ = self._debt_now(found, today)
        mandate = authority.mandate(today)
        return debt, _no_mandate() if mandate is None else limits(mandate, debt, today)

    def quote(self, found: Negotiation, offer: Offer) -> Quote:
        """What it would cost and who may make it. The standing offer is quoted as it stands, frozen."""
        today = self._today()
        standing = self.standing(found)
        debt, loan = self._debt_now(found, today)
        mandate = authority.mandate(today)
        if standing is not None and standing.priced.offer == offer:
            said = Verdict(Says.NEVER, _no_mandate()) if mandate is None else Verdict(Says.WITHIN)
            return Quote(offer, found.debt, said, standing.priced, departs=False)
        if mandate is None:
            return Quote(offer, debt, Verdict(Says.NEVER, _no_mandate()), None, departs=False)
        said, figures = verdict(mandate, debt, offer, today), None
        if said.says is not Says.NEVER:
            contract = authority.contract_of(self._products, mandate, loan.penalty_multiple)
            try:
                figures = authority.price(debt, offer, today, due_day_of(found), contract)
            except MoneyError:
                said = Verdict(Says.NEVER, refuse(Why.MALFORMED))
        return Quote(offer, debt, said, figures, departs=standing is not None)

    def standing(self, found: Negotiation) -> OfferRecord | None:
        """The last offer the customer was shown, while it may still be taken. One beyond the mandate was shown only
        once it was approved."""
        plans = [
            one for one in self._plans.book.plans_of(found.customer_id) if one.negotiation_id == found.id
        ]
        approved = {one.offer_version for one in plans if one.plan.state in _SHOWN}
        shown = [one for one in found.offers if not is_beyond(one) or one.version in approved]
        return shown[-1] if shown and shown[-1].priced.open_on(self._today()) else None

    def send(
        self,
        agent: Agent,
        found: Negotiation,
        epoch: int,
        offer: Offer,
        reason: str = "",
        materials: bool = False,
    ) -> PlanRecord:
        """The offer as a plan: to the customer, or to a second person first. The standing offer goes again as it is.

        BeyondAuthority where nobody may make it; OverrideUnexplained without a reason that is needed; StaleEpoch for
        who does not serve the conversation; BankError where today's books cannot be read.
        """
        quote, reason = self.quote(found, offer), reason.strip()
        if quote.verdict.says is Says.NEVER or quote.priced is None:
            refusal = quote.verdict.refusal
            raise BeyondAuthority(refusal.reason if refusal is not None else None)
        if quote.needs_reason and len(reason) < LEAST_REASON:
            raise OverrideUnexplained()
        above = quote.verdict.says is Says.SECOND_PERSON
        made = self._record(agent, found, quote, reason)
        return self._plans.propose(
            made,
            Party(Role.AGENT, agent.id),
            materials,
            above,
            _first(agent, epoch, None if above else quote),
        )

    def _record(self, agent: Agent, found: Negotiation, quote: Quote, reason: str) -> OfferRecord:
        standing = self.standing(found)
        assert quote.priced is not None
        if standing is not None and not quote.departs:
            return standing
        version = (found.standing.version if found.standing is not None else 0) + 1
        reasons = []
        if standing is not None:
            reasons.append(ReasonCode("departs", (("from_version", str(standing.version)),)))
        if (refusal := quote.verdict.refusal) is not None:
            reasons.append(ReasonCode(BEYOND, (("why", refusal.code), ("said", refusal.reason))))
        override = reason if quote.needs_reason else ""
        now = self._clock.now()
        return OfferRecord(found.id, version, quote.priced, agent.id, now, tuple(reasons), override)

    def _debt_now(self, found: Negotiation, today: date) -> tuple[Debt, Loan]:
        customer, id = found.customer_id, found.debt.id
        loan = next((one for one in self._bank.loans(customer) if one.id == id), None)
        if loan is None:
            raise LoanNotFound()
        return authority.debt_of(loan, self._bank.settlement(customer, id, today)), loan

    def _today(self) -> date:
        return business_date(self._clock.now())


def is_beyond(made: OfferRecord) -> bool:
    """Whether the mandate did not allow it, so that a second person had to decide."""
    return any(reason.rule == BEYOND for reason in made.reasons)


def _first(agent: Agent, epoch: int, shown: Quote | None) -> Callable[[Talk], None]:
    """Before the plan is drawn up: only who serves the conversation may; the customer sees the whole offer.

    One that a second person has not approved yet is not shown: it would be taken for a promise.
    """

    def run(talk: Talk) -> None:
        require_served_by(talk, agent, epoch)
        if shown is not None and shown.priced is not None:
            talk.note_first_reply()
            offer = card(shown.debt, shown.priced)
            talk.append(Entry(Sender.AGENT, OFFERED, card=offer, agent_id=agent.id, agent_name=agent.name))

    return run


def _no_mandate() -> Refusal:
    return Refusal(Why.MANDATE_NOT_VALID, "现在没有可用的授权书，不能提出方案。")
