"""Who is asked for when a matter needs a person, and what he is told."""

from __future__ import annotations

from typing import NamedTuple

from bot.actions.days import resolved
from bot.actions.talk import Talk
from bot.actions.words import word
from bot.bank.errors import BankUnavailable
from bot.bank.ports import LoanState
from bot.money import business_date
from bot.promises.records import PromiseState
from conversation.effects import Escalate, OpenTicket
from conversation.escalation import Reason
from conversation.tickets import TicketKind


class Route(NamedTuple):
    """Why a person, and which skill serves it."""

    reason: Reason
    skill: str


ROUTES: dict[str, Route] = {
    "human_agent": Route(Reason.CUSTOMER_ASKED, "general"),
    "complaint": Route(Reason.COMPLAINT, "complaint"),
    "fraud_report": Route(Reason.FRAUD, "fraud"),
    "card_loss_freeze": Route(Reason.CARD_LOSS, "fraud"),
    "charge_dispute": Route(Reason.CHARGE_DISPUTE, "general"),
    "collection_conduct": Route(Reason.COLLECTION_CONDUCT, "complaint"),
    "vulnerable_customer": Route(Reason.VULNERABLE, "general"),
    "negotiate_extension": Route(Reason.NEGOTIATION, "negotiation"),
    "negotiate_reduction": Route(Reason.NEGOTIATION, "negotiation"),
    "negotiate_instalment": Route(Reason.NEGOTIATION, "negotiation"),
    "hardship_cannot_pay": Route(Reason.NEGOTIATION, "negotiation"),
    "promise_to_pay": Route(Reason.NEGOTIATION, "negotiation"),
}

#: signals whose intent alone would be answered, not handed over
_SIGNALS = {
    "credit_objection": Route(Reason.CREDIT_OBJECTION, "general"),
    "data_request": Route(Reason.PERSONAL_INFORMATION, "general"),
}

#: reasons whose matter is registered with a receipt before a person is called
TICKETS: dict[Reason, TicketKind] = {
    Reason.COMPLAINT: TicketKind.COMPLAINT,
    Reason.COLLECTION_CONDUCT: TicketKind.COMPLAINT,
    Reason.CHARGE_DISPUTE: TicketKind.CHARGE_DISPUTE,
    Reason.CREDIT_OBJECTION: TicketKind.CREDIT_OBJECTION,
    Reason.PERSONAL_INFORMATION: TicketKind.PERSONAL_INFORMATION,
}

_NAMED = ("product", "amount", "term", "date")


def route_of_signal(signal: str | None) -> Route | None:
    return _SIGNALS.get(signal or "")


def bring_person(talk: Talk, route: Route, intent: str | None, more: dict[str, str] | None = None) -> None:
    """Stage the hand-over with what is known; what the law gives a clock is registered first."""
    facts = {**facts_of(talk, intent), **(more or {})}
    if route.reason in TICKETS:
        talk.stage(OpenTicket(TICKETS[route.reason], facts=facts))
    talk.stage(Escalate(route.reason, route.skill, facts))


def facts_of(talk: Talk, intent: str | None) -> dict[str, str]:
    """The card's lines: the matter, what the customer named, and what is overdue on his own account."""
    facts = {word("matter"): talk.services.knowledge.entry(intent).title} if intent else {}
    facts |= {word(name): value for name in _NAMED if (value := talk.entity(name))}
    if said := talk.entity("date"):
        facts[word("date")] = resolved(said, business_date(talk.turn.now))
    return {**facts, **_overdue(talk), **_promised(talk)}


def _promised(talk: Talk) -> dict[str, str]:
    """The day he promised to pay on, while it stands; only for the verified speaker."""
    his = talk.services.promises.of_customer(talk.customer_id) if talk.customer_id else []
    standing = [one for one in his if one.state is PromiseState.OPEN]
    said = (f"{one.promise.day:%Y-%m-%d} 前还 {one.promise.amount}（{one.product}）" for one in standing)
    return {word("promise"): "；".join(said)} if standing else {}


def _overdue(talk: Talk) -> dict[str, str]:
    """Only for the verified speaker; a bank that does not answer keeps nobody from a person."""
    if talk.customer_id is None:
        return {}
    try:
        loans = talk.services.bank.loans(talk.customer_id)
    except BankUnavailable:
        return {}
    late = [loan for loan in loans if loan.state is LoanState.OVERDUE]
    if not late:
        return {}
    owed = sum((loan.to_pay_now for loan in late[1:]), late[0].to_pay_now)
    return {word("overdue_days"): str(max(loan.overdue_days for loan in late)), word("owed"): owed.text}
