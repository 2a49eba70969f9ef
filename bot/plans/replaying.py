"""A negotiation played again from its record, step by step, and where what was done differs from what is played.

Takes the record, the mandate and the model of its versions; gives JSON-ready lines in the order things happened. Reads
no database and no clock. An agent's offers are not played (he is no rule) but priced and asked of the mandate again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.bank.codec import to_wire
from bot.money import MoneyError
from bot.negotiation.debtors import Debtors
from bot.negotiation.mandate import Mandate, allowed, legal_offers
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.replay import read
from bot.negotiation.signing import fingerprint
from bot.negotiation.talk import Action, Move, Talk, begin, next_move
from bot.negotiation.terms import Asked
from bot.negotiation.values import Debt, Offer
from bot.plans.records import (
    STATES,
    Consent,
    Negotiation,
    OfferRecord,
    PlanRecord,
    ReasonCode,
    Step,
    terms_of,
)

Line = dict[str, Any]
Price = Callable[[Debt, Offer, date], PricedOffer]
BOT = "bot"


@dataclass(frozen=True)
class Rules:
    """What the negotiation is played by; ``price`` takes the day it is priced on."""

    mandate: Mandate
    model: Debtors
    price: Price
    amounts: Callable[[PricedOffer], Asked]


def differing_versions(found: Negotiation, mandate: Mandate | None, model: Debtors) -> list[str]:
    """Why it cannot be played by these rules, in words; empty: it can."""
    said = []
    if mandate is None or mandate.version != found.mandate_version:
        has = "没有" if mandate is None else mandate.version
        said.append(f"当时的授权书版本是 {found.mandate_version}，现在的是 {has}")
    if model.version != found.model_version:
        said.append(f"当时的模型版本是 {found.model_version}，现在的是 {model.version}")
    return said


def due_day_of(found: Negotiation) -> int:
    """The day of the month instalments fall on: kept with the opening, else the latest of any offer's; 28 where
    nothing was offered."""
    kept = next((step.reply.get("due_day") for step in found.steps if step.number == 0), None)
    if isinstance(kept, int):
        return kept
    days = [one.due_on.day for offer in found.offers for one in offer.priced.instalments]
    return max(days, default=28)


def played(found: Negotiation, rules: Rules) -> Iterator[Line]:
    """One line for each step, ``same`` or with its ``differences``; then one for each offer."""
    by_version = {offer.version: offer for offer in found.offers}

    def pricing(debt: Debt, offer: Offer) -> Asked:
        return rules.amounts(rules.price(debt, offer, found.day))

    legal = legal_offers(rules.mandate, found.debt, found.day)
    talk: Talk | None = Talk(found.debt, legal, rules.model, pricing=pricing)
    for step in found.steps:
        talk, line = _step(step, talk, by_version)
        yield line
    for offer in found.offers:
        yield _offer(found, offer, rules)


def _step(step: Step, talk: Talk | None, offers: dict[int, OfferRecord]) -> tuple[Talk | None, Line]:
    """The talk one reply further; None once it cannot be played on."""
    line: Line = {
        "kind": "step",
        "number": step.number,
        "at": step.at.isoformat(),
        "reply": step.reply,
        "action": step.action,
        "reasons": _codes(step.reasons),
        "offer_version": step.offer_version,
    }
    if talk is None:
        return None, line | {"same": False, "differences": ["前面的步骤已经不同，这一步无法重演"]}
    try:
        talk, move = begin(talk) if step.number == 0 else next_move(talk, read(step.reply))
    except (KeyError, TypeError, ValueError, MoneyError) as error:
        return None, line | {"same": False, "differences": [f"无法重演：{type(error).__name__}"]}
    offer = None if step.offer_version is None else offers.get(step.offer_version)
    found = [*_of_move(step, move), *_of_offer(step, move, offer)]
    return talk, line | {"same": not found, "differences": found}


def _of_move(step: Step, move: Move) -> Iterator[str]:
    if step.action != move.action.value:
        yield f"记录的动作是 {step.action}，重演得到 {move.action.value}"
    again = tuple(ReasonCode(one.rule.value, one.figures) for one in move.reasons)
    if step.reasons != again:
        yield f"记录的理由是 {_codes(step.reasons)}，重演得到 {_codes(again)}"


def _of_offer(step: Step, move: Move, offer: OfferRecord | None) -> Iterator[str]:
    if step.offer_version is None or move.action not in (Action.OFFER, Action.DONE):
        return
    if offer is None:
        yield f"第 {step.offer_version} 版报价没有记录"
    elif move.offer != offer.priced.offer:
        yield f"记录的报价是 {to_wire(offer.priced.offer)}，重演得到 {to_wire(move.offer)}"


def _offer(found: Negotiation, made: OfferRecord, rules: Rules) -> Line:
    """An offer with its figures reckoned again and the mandate asked again."""
    debt = found.debt if made.made_by == BOT else _as_priced(found, made)
    differences = list(_repriced(made, debt, rules))
    refused = allowed(rules.mandate, debt, made.priced.offer, made.priced.priced_on)
    if refused is not None and not made.override:
        differences.append(f"授权书不允许这份报价，也没有越权说明：{refused.reason}")
    return {
        "kind": "offer",
        "version": made.version,
        "at": made.made_at.isoformat(),
        "made_by": made.made_by,
        "offer": to_wire(made.priced.offer),
        "total": made.priced.total.text,
        "pay_by": made.pay_by.isoformat(),
        "fingerprint": made.fingerprint,
        "reasons": _codes(made.reasons),
        "override": made.override,
        "mandate": "within" if refused is None else refused.code,
        "same": not differences,
        "differences": differences,
    }


def _repriced(made: OfferRecord, debt: Debt, rules: Rules) -> Iterator[str]:
    try:
        again = rules.price(debt, made.priced.offer, made.priced.priced_on)
    except MoneyError as error:
        yield f"报价无法重新计算：{type(error).__name__}"
        return
    if again != made.priced:
        yield f"记录的合计是 {made.priced.total.text}，重新计算是 {again.total.text}"
    if fingerprint(terms_of(again)) != made.fingerprint:
        yield "报价的指纹和金额对不上"


def _as_priced(found: Negotiation, made: OfferRecord) -> Debt:
    """The debt of an agent's offer: the books of the day it was priced, as the offer carries them."""
    owed, days = made.priced.owed, (made.priced.priced_on - found.day).days
    return replace(
        found.debt,
        principal=owed.principal,
        interest=owed.interest,
        penalty=owed.penalty + owed.compound,
        fee=owed.fee,
        overdue_days=found.debt.overdue_days + days if found.debt.overdue_days else 0,
    )


def header(found: Negotiation) -> Line:
    """What was bargained about, and by which versions."""
    return {
        "kind": "negotiation",
        "id": found.id,
        "conversation_id": found.conversation_id,
        "customer_id": found.customer_id,
        "day": found.day.isoformat(),
        "mandate": found.mandate_version,
        "model": found.model_version,
        "state": found.state.value,
        "state_name": STATES[found.state],
        "opened_at": found.opened_at.isoformat(),
        "debt": to_wire(found.debt),
    }


def consents_out(consents: Sequence[Consent]) -> Iterator[Line]:
    for one in consents:
        yield {
            "kind": "consent",
            "of": one.kind.value,
            "given": one.given,
            "at": one.at.isoformat(),
            "offer_version": one.offer_version,
        }


def plan_out(record: PlanRecord, moves: Sequence[dict[str, Any]], offers: Sequence[OfferRecord]) -> Line:
    """A plan with every move on it. ``same``: it is the plan of the offer that it names."""
    plan = record.plan
    offer = next((one for one in offers if one.version == record.offer_version), None)
    differences = []
    if offer is None:
        differences.append(f"第 {record.offer_version} 版报价没有记录")
    elif (plan.fingerprint, plan.payments) != (offer.fingerprint, offer.terms.payments):
        differences.append(f"方案和第 {offer.version} 版报价不一致")
    if plan.signature is not None and plan.signature.fingerprint != plan.fingerprint:
        differences.append("签署的内容和方案不一致")
    return {
        "kind": "plan",
        "id": plan.id,
        "offer_version": record.offer_version,
        "proposed_by": plan.proposed_by,
        "state": plan.state.value,
        "signed_at": None if plan.signature is None else plan.signature.at.isoformat(),
        "moves": [
            {
                "step": move["step"],
                "state": move["state"],
                "by": f"{move['by_role']} {move['by_id']}".strip(),
                "at": move["at"].isoformat(),
                "reason": move["reason"],
            }
            for move in moves
        ],
        "same": not differences,
        "differences": differences,
    }


def _codes(reasons: Sequence[ReasonCode]) -> list[Line]:
    return [{"rule": one.rule, "figures": dict(one.figures)} for one in reasons]
