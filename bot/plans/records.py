"""What is kept of a negotiation: its debt as it was, every step with its reasons, every offer whole. Frozen values.

A negotiation can be played again from its record alone: the debt's snapshot, the versions of mandate and model, and
the replies in order. Nothing of the customer's person is in it but his id; what he said stands in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bot.negotiation.plan_moves import Plan
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.signing import Terms, fingerprint
from bot.negotiation.values import Debt


class NegotiationState(str, Enum):
    OPEN = "open"
    AGREED = "agreed"  #: a plan was drawn up
    HANDED_OVER = "handed_over"  #: a person goes on
    STOPPED = "stopped"  #: the customer wants no more of it
    LAPSED = "lapsed"  #: nobody came back to it in time


STATES: dict[NegotiationState, str] = {
    NegotiationState.OPEN: "协商中",
    NegotiationState.AGREED: "已谈成方案",
    NegotiationState.HANDED_OVER: "已转人工",
    NegotiationState.STOPPED: "客户不谈了",
    NegotiationState.LAPSED: "已过期",
}


@dataclass(frozen=True)
class ReasonCode:
    """A rule of the talk and the figures it went by, as text."""

    rule: str
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Step:
    """One reply of the customer and the move made on it. ``number`` counts from 0 (the opening, without a reply)."""

    number: int
    at: datetime
    reply: dict[
        str, Any
    ]  #: as `bot.negotiation.replay` writes it; the opening's: {due_day, penalty_multiple}
    action: str  #: the move's `Action`
    reasons: tuple[ReasonCode, ...]
    offer_version: int | None = None


@dataclass(frozen=True)
class OfferRecord:
    """An offer as it was told: frozen, the same for customer, page, document and agent until ``pay_by``."""

    negotiation_id: str
    version: int  #: from 1
    priced: PricedOffer
    made_by: str  #: "bot" or an agent's id
    made_at: datetime
    reasons: tuple[ReasonCode, ...] = ()
    override: str = ""  #: why an agent's offer leaves what the bot offered; "" for the bot's own

    @property
    def terms(self) -> Terms:
        """What would be signed."""
        return terms_of(self.priced)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.terms)

    @property
    def pay_by(self) -> date:
        return self.priced.pay_by


def terms_of(priced: PricedOffer) -> Terms:
    """An offer's figures as they are signed."""
    return Terms(
        debt_id=priced.debt_id,
        priced_on=priced.priced_on,
        pay_by=priced.pay_by,
        owed=priced.owed.total,
        waived=priced.waived,
        payments=tuple((payment.due_on, payment.amount) for payment in priced.payments),
        yearly_cost=priced.yearly,
    )


@dataclass(frozen=True)
class Negotiation:
    """One bargaining over one debt. ``debt`` as the books showed it on ``day``."""

    id: str
    conversation_id: str
    customer_id: str
    debt: Debt
    day: date
    mandate_version: str
    model_version: str
    state: NegotiationState
    opened_at: datetime
    updated_at: datetime
    steps: tuple[Step, ...] = ()
    offers: tuple[OfferRecord, ...] = ()

    @property
    def standing(self) -> OfferRecord | None:
        """The offer made last."""
        return self.offers[-1] if self.offers else None


class ConsentKind(str, Enum):
    SENSITIVE = "sensitive"  #: to be asked about income or illness (个人信息保护法 第二十九条)
    COST_TABLE = "cost_table"  #: the table was shown and confirmed in the chat


@dataclass(frozen=True)
class Consent:
    """A consent given, or refused; refusing costs nothing."""

    negotiation_id: str
    kind: ConsentKind
    given: bool
    at: datetime
    offer_version: int | None = None


@dataclass(frozen=True)
class PlanRecord:
    """A plan with where it comes from. ``link`` opens its signing page: unguessable, and useless without a log-in."""

    plan: Plan
    negotiation_id: str
    offer_version: int
    conversation_id: str
    link: str
    opened_at: datetime


@dataclass(frozen=True)
class NegotiationStep:
    """What a turn wants kept, staged as an effect and written when the turn commits.

    ``negotiation`` carries the header only (no steps, no offers) and is created by the first step. The same step number
    again changes nothing. ``plan`` draws up a plan of ``offer_version``.
    """

    negotiation: Negotiation
    step: Step
    state: NegotiationState
    offer: OfferRecord | None = None
    consents: tuple[Consent, ...] = ()
    plan: PlanRecord | None = None
