"""What others may ask about negotiations and plans. The program's is `bot.plans.store` and `bot.plans.service`."""

from __future__ import annotations

from typing import Protocol

from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import PlanStep
from bot.negotiation.signing import Evidence
from bot.plans.records import Negotiation, OfferRecord, PlanRecord


class PlanBook(Protocol):
    """Look-ups, for actions, pages and the desk. Something of another customer is "not found"."""

    def negotiation(self, id: str) -> Negotiation:
        """Whole, with steps and offers; NegotiationNotFound."""

    def open_of(self, customer_id: str, debt_id: str) -> Negotiation | None:
        """The one open negotiation of a debt."""

    def of_conversation(self, conversation_id: str) -> list[Negotiation]:
        """Newest first."""

    def plans_of(self, customer_id: str) -> list[PlanRecord]:
        """Newest first, ended ones too."""

    def plan(self, id: str) -> PlanRecord:
        """PlanNotFound."""

    def plan_by_link(self, link: str, customer_id: str) -> PlanRecord:
        """PlanNotFound, also for another customer's."""

    def waiting_for_approval(self) -> list[PlanRecord]:
        """The longest waiting first."""

    def offer(self, negotiation_id: str, version: int) -> OfferRecord:
        """NegotiationNotFound."""


class PlanDesk(Protocol):
    """Moves. Each is one transaction, by compare-and-set on the plan's version; errors are those of plan_moves."""

    def move(self, plan_id: str, step: PlanStep, by: Party, reason: str = "") -> PlanRecord: ...

    def sign(self, link: str, customer_id: str, signature_id: str, evidence: Evidence) -> PlanRecord:
        """SigningRefused with every reason. The same signature again gives the same plan."""

    def propose(
        self, offer: OfferRecord, by: Party, materials: bool = False, above_authority: bool = False
    ) -> PlanRecord:
        """An agent's offer, kept as the next version, as a plan."""
