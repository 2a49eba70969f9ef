"""The plans on record as the signing page needs them: a plan and its frozen offer put together to a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from bot.money import ZERO
from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.signing import Evidence
from bot.plans.ports import PlanBook, PlanDesk
from bot.plans.records import OfferRecord, PlanRecord
from bot.signing.ports import Sheet

#: what helps to understand a hardship; an approver may ask for something else in his own words
PAPERS = ("能说明困难情形的材料，例如失业证明、病历或诊断证明", "最近的收入证明或工资流水")


@dataclass(frozen=True)
class RecordedSheets:
    """`Sheets` over the records."""

    book: PlanBook
    desk: PlanDesk

    def of_link(self, link: str, customer_id: str) -> Sheet:
        """The plan of a link; PlanNotFound, also for another customer's."""
        return self._sheet(self.book.plan_by_link(link, customer_id))

    def sign(self, link: str, customer_id: str, signature_id: str, evidence: Evidence) -> Sheet:
        """The plan, signed; the record's own rules refuse what this page let through."""
        return self._sheet(self.desk.sign(link, customer_id, signature_id, evidence))

    def hand_in(self, link: str, customer_id: str) -> Sheet:
        """The plan, waiting for approval."""
        record = self.book.plan_by_link(link, customer_id)
        by = Party(Role.CUSTOMER, customer_id)
        return self._sheet(self.desk.move(record.plan.id, PlanStep.HAND_IN, by))

    def _sheet(self, record: PlanRecord) -> Sheet:
        offer = self.book.offer(record.negotiation_id, record.offer_version)
        product = self.book.negotiation(record.negotiation_id).debt.product
        return sheet_of(record, offer, product)


def sheet_of(record: PlanRecord, offer: OfferRecord, product: str) -> Sheet:
    """``terms`` are the offer's; the fingerprint is the plan's, so that any difference refuses the signature."""
    plan = record.plan
    return Sheet(
        plan_id=plan.id,
        number=number_of(plan.id),
        customer_id=plan.customer_id,
        product=product,
        state=plan.state,
        since=plan.since,
        terms=offer.terms,
        fingerprint=plan.fingerprint,
        rows=offer.priced.rows,
        upfront=offer.priced.down > ZERO,
        wanted=PAPERS if plan.state is PlanState.MATERIALS else (),
        reason=plan.reason,
        signature=plan.signature,
        acknowledged=plan.acknowledged,
    )


def number_of(plan_id: str) -> str:
    """What people call a plan by: eight signs, "3F9A 07C2"."""
    mark = sha256(plan_id.encode()).hexdigest()[:8].upper()
    return f"{mark[:4]} {mark[4:]}"
