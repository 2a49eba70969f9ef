"""What the signing page needs of others: the plans on record, and a way to send a code. Values and protocols only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.money import CostRow
from bot.negotiation.plan_moves import PlanEffect
from bot.negotiation.plans import PlanState
from bot.negotiation.signing import Evidence, Signature, Terms


@dataclass(frozen=True)
class Sheet:
    """A plan on record, with the frozen offer it was made of. Moments are aware UTC."""

    plan_id: str
    number: str  #: what people call it by
    customer_id: str
    product: str  #: Chinese
    state: PlanState
    since: datetime  #: when the state began
    terms: Terms
    fingerprint: str  #: of the frozen offer; ``terms`` are what would be booked
    rows: tuple[CostRow, ...]
    upfront: bool = False  #: the first payment is made at once, before the first instalment
    card: bool = False  #: a credit card's debt
    wanted: tuple[str, ...] = ()  #: the papers asked for, in Chinese
    reason: str = ""  #: the last move's
    signature: Signature | None = None
    acknowledged: frozenset[PlanEffect] = frozenset()


class Sheets(Protocol):
    """The plans behind links. Errors: a plan of somebody else is "not found"; and what plan_moves refuses."""

    def of_link(self, link: str, customer_id: str) -> Sheet:
        """The plan of a link."""

    def sign(self, link: str, customer_id: str, signature_id: str, evidence: Evidence) -> Sheet:
        """The plan, signed on the record; a second time changes nothing."""

    def hand_in(self, link: str, customer_id: str) -> Sheet:
        """The plan, waiting for approval now that its papers are there."""
