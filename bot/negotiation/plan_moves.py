"""Making a move of a plan: who may, what it needs, what the bank must then do. Pure.

The table is in plans.py. A move gives the plan as it is then and effects with idempotency keys for the outbox; the
same signature or acknowledgement twice changes nothing. Knows no store and no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from bot.money import business_date
from bot.negotiation.keeping import Payment, all_paid, arrears
from bot.negotiation.plan_errors import (
    NotYourMove,
    OfferLapsed,
    ProposerMayNotApprove,
    ReasonMissing,
    SignedDifferently,
)
from bot.negotiation.plans import MAY, UNSIGNED, PlanState, PlanStep, Role, due_at, first_state, stepped
from bot.negotiation.signing import Signature
from conversation.errors import IllegalMove


class PlanEffect(str, Enum):
    SEND_UPLOAD_LINK = "send_upload_link"
    TELL_APPROVER = "tell_approver"
    SEND_SIGNING_LINK = "send_signing_link"
    BOOK_SCHEDULE = "book_schedule"  #: the ledger follows the plan's instalments
    SUSPEND_DEBIT = "suspend_debit"  #: the old 代扣: nobody is charged by two plans
    STOP_COLLECTION = "stop_collection"  #: 停催, as long as the plan is kept
    SEND_DOCUMENT = "send_document"
    SEND_PAY_LINK = "send_pay_link"
    TELL_CUSTOMER = "tell_customer"
    TELL_AGENT = "tell_agent"
    SEND_SETTLED_PROOF = "send_settled_proof"  #: 结清证明


#: what entering a state starts. A breach starts no collection: a person talks with the customer first
STARTS: dict[PlanState, tuple[PlanEffect, ...]] = {
    PlanState.MATERIALS: (PlanEffect.SEND_UPLOAD_LINK,),
    PlanState.APPROVAL: (PlanEffect.TELL_APPROVER,),
    PlanState.SIGNING: (PlanEffect.SEND_SIGNING_LINK,),
    PlanState.EFFECTIVE: (
        PlanEffect.SUSPEND_DEBIT,
        PlanEffect.STOP_COLLECTION,
        PlanEffect.BOOK_SCHEDULE,
        PlanEffect.SEND_DOCUMENT,
        PlanEffect.SEND_PAY_LINK,
    ),
    PlanState.RUNNING: (PlanEffect.STOP_COLLECTION, PlanEffect.TELL_CUSTOMER),
    PlanState.BREACHED: (PlanEffect.TELL_CUSTOMER, PlanEffect.TELL_AGENT),
    PlanState.SETTLED: (PlanEffect.SEND_SETTLED_PROOF, PlanEffect.TELL_CUSTOMER),
    PlanState.REPLACED: (),
    PlanState.REJECTED: (PlanEffect.TELL_CUSTOMER,),
    PlanState.WITHDRAWN: (PlanEffect.TELL_CUSTOMER,),
    PlanState.EXPIRED: (PlanEffect.TELL_CUSTOMER,),
}

#: until the bank has acknowledged these the customer hears 已提交, not 已生效
NEEDED_TO_START = frozenset({PlanEffect.SUSPEND_DEBIT, PlanEffect.STOP_COLLECTION, PlanEffect.BOOK_SCHEDULE})


@dataclass(frozen=True)
class Party:
    """Who makes a move: a role and the person's id (the customer's, the agent's); the bank's systems have none."""

    role: Role
    id: str = ""


BANK = Party(Role.BANK)


@dataclass(frozen=True)
class Plan:
    """A plan on record. ``proposed_by`` is an agent's id or "bot"; ``fingerprint`` of the frozen offer."""

    id: str
    debt_id: str
    customer_id: str
    proposed_by: str
    fingerprint: str
    payments: tuple[Payment, ...]
    pay_by: date  #: the last day the offer's figures hold
    state: PlanState
    since: datetime  #: when the state began
    version: int = 1  #: counts moves; part of every idempotency key
    signature: Signature | None = None
    acknowledged: frozenset[PlanEffect] = frozenset()
    reason: str = ""  #: the last move's, where it needs one


@dataclass(frozen=True)
class Staged:
    """An effect for the outbox; the same key is carried out once."""

    effect: PlanEffect
    key: str


@dataclass(frozen=True)
class Moved:
    """The plan after a move, and what is to be done."""

    plan: Plan
    effects: tuple[Staged, ...] = ()


def opened(
    id: str,
    debt_id: str,
    customer_id: str,
    proposed_by: str,
    fingerprint: str,
    payments: Sequence[Payment],
    pay_by: date,
    at: datetime,
    materials: bool,
    above_authority: bool,
) -> Moved:
    """A new plan in its first state."""
    state = first_state(materials, above_authority)
    plan = Plan(id, debt_id, customer_id, proposed_by, fingerprint, tuple(payments), pay_by, state, at)
    return Moved(plan, started(plan))


def moved(plan: Plan, step: PlanStep, by: Party, at: datetime, reason: str = "") -> Moved:
    """The plan after a step that needs no signature and no acknowledgement.

    Errors: IllegalMove, NotYourMove, ProposerMayNotApprove, ReasonMissing, OfferLapsed.
    """
    if step in (PlanStep.SIGN, PlanStep.START):
        raise IllegalMove("这一步由签署和银行回执完成。", step=step.value)
    _may(plan, step, by)
    if (step in _REASONED or (step is PlanStep.WITHDRAW and by.role is Role.AGENT)) and not reason.strip():
        raise ReasonMissing()
    if step in (PlanStep.APPROVE, PlanStep.HAND_IN) and _lapsed(plan, at):
        raise OfferLapsed()
    return _moved(plan, step, at, reason)


def sign(plan: Plan, signature: Signature) -> Moved:
    """The plan with its signature. A signature of the same terms that comes again changes nothing, in any state.

    Errors: IllegalMove, NotYourMove, SignedDifferently, OfferLapsed.
    """
    if signature.customer_id != plan.customer_id:
        raise NotYourMove()
    if signature.fingerprint != plan.fingerprint:
        raise SignedDifferently()
    if plan.signature is not None:
        return Moved(plan)
    stepped(plan.state, PlanStep.SIGN)
    if _lapsed(plan, signature.at):
        raise OfferLapsed()
    return _moved(replace(plan, signature=signature), PlanStep.SIGN, signature.at)


def acknowledged(plan: Plan, effect: PlanEffect, at: datetime) -> Moved:
    """The bank has carried an effect out; with the last one needed the plan runs. Twice changes nothing."""
    known = replace(plan, acknowledged=plan.acknowledged | {effect})
    if plan.state is PlanState.EFFECTIVE and known.acknowledged >= NEEDED_TO_START:
        return _moved(known, PlanStep.START, at)
    return Moved(known)


@dataclass(frozen=True)
class BreachRule:
    """When a plan counts as broken (违约): more than so many days late. The demo bank's.

    Being late has the contract's price from the first day; this is only when a person must talk.
    """

    days_late: int = 10
    grace_days: int = 0


def due_step(
    plan: Plan, paid: Sequence[Payment], now: datetime, rule: BreachRule = BreachRule()
) -> PlanStep | None:
    """What the clock or the ledger makes of a plan now; None while nothing does.

    An approver who is late costs the customer nothing: such a plan lapses only with its figures, and `overdue`
    tells of it before.
    """
    if plan.state in UNSIGNED:
        late = plan.state is not PlanState.APPROVAL and overdue(plan, now)
        return PlanStep.EXPIRE if late or _lapsed(plan, now) else None
    if plan.state not in (PlanState.RUNNING, PlanState.BREACHED):
        return None
    today = business_date(now)
    if all_paid(plan.payments, paid, today):
        return PlanStep.SETTLE
    behind = arrears(plan.payments, paid, today, rule.grace_days)
    if plan.state is PlanState.BREACHED:
        return None if behind.amount else PlanStep.CURE
    return PlanStep.BREACH if behind.days > rule.days_late else None


def overdue(plan: Plan, now: datetime) -> bool:
    """Whether the owner of the state has let his time pass."""
    due = due_at(plan.state, plan.since, plan.pay_by)
    return due is not None and now > due


def breach_notice(plan: Plan, paid: Sequence[Payment], now: datetime) -> str:
    """What a customer reads when his plan counts as broken: facts and two ways out, nothing to frighten him."""
    behind = arrears(plan.payments, paid, business_date(now))
    since = f"{behind.since.month} 月 {behind.since.day} 日" if behind.since else "今天"
    return (
        f"您的还款方案从 {since} 起少还了 {behind.amount}，已经 {behind.days} 天，按方案算作没有履行。"
        "补上这笔，方案就继续有效；现在有困难，请告诉我们，工作人员和您一起看怎么办。"
    )


_REASONED = frozenset({PlanStep.ASK_MORE, PlanStep.REJECT})


def _lapsed(plan: Plan, at: datetime) -> bool:
    return business_date(at) > plan.pay_by


def _may(plan: Plan, step: PlanStep, by: Party) -> None:
    if by.role not in MAY[step]:
        raise NotYourMove(step=step.value)
    if by.role is Role.CUSTOMER and by.id != plan.customer_id:
        raise NotYourMove(step=step.value)
    if by.role in (Role.AGENT, Role.APPROVER) and not by.id:
        raise NotYourMove(step=step.value)
    if by.role is Role.APPROVER and by.id == plan.proposed_by:
        raise ProposerMayNotApprove(step=step.value)


def _moved(plan: Plan, step: PlanStep, at: datetime, reason: str = "") -> Moved:
    state = stepped(plan.state, step)
    after = replace(plan, state=state, since=at, version=plan.version + 1, reason=reason.strip())
    return Moved(after, started(after))


def started(plan: Plan) -> tuple[Staged, ...]:
    keys = ((effect, f"plan:{plan.id}:{plan.version}:{effect.value}") for effect in STARTS[plan.state])
    return tuple(Staged(effect, key) for effect, key in keys)
