"""A plan's life (还款方案): its states, the legal moves, who may make them, whose turn it is and until when. Pure.

One table, like conversation/escalation.py. What a move needs besides (a second person, a signature) and what it
starts is in plan_moves.py. Knows no store, no clock and no words to customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

from bot.money import SHANGHAI
from conversation.errors import IllegalMove


class PlanState(str, Enum):
    MATERIALS = "materials"  #: papers are missing; a link to hand them in was sent
    APPROVAL = "approval"  #: a second person decides
    SIGNING = "signing"  #: everything is settled but the signature
    EFFECTIVE = "effective"  #: signed; the bank's systems are being told
    RUNNING = "running"  #: the bank's systems follow it, the customer pays by it
    BREACHED = "breached"  #: too long behind; a person talks with the customer
    SETTLED = "settled"  #: ended: all paid
    REPLACED = "replaced"  #: ended: a later plan for the same debt took effect
    REJECTED = "rejected"  #: ended: not approved
    WITHDRAWN = "withdrawn"  #: ended: the customer, or an agent for him, took it back before signing
    EXPIRED = "expired"  #: ended: not signed in time


STATES: dict[PlanState, str] = {
    PlanState.MATERIALS: "待补材料",
    PlanState.APPROVAL: "待审批",
    PlanState.SIGNING: "待签署",
    PlanState.EFFECTIVE: "已生效",
    PlanState.RUNNING: "履行中",
    PlanState.BREACHED: "违约",
    PlanState.SETTLED: "已结清",
    PlanState.REPLACED: "已由新方案代替",
    PlanState.REJECTED: "未通过",
    PlanState.WITHDRAWN: "已撤回",
    PlanState.EXPIRED: "已过期",
}


class PlanStep(str, Enum):
    HAND_IN = "hand_in"
    ASK_MORE = "ask_more"
    APPROVE = "approve"
    REJECT = "reject"
    SIGN = "sign"
    START = "start"
    BREACH = "breach"
    CURE = "cure"
    SETTLE = "settle"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


STEPS: dict[tuple[PlanState, PlanStep], PlanState] = {
    (PlanState.MATERIALS, PlanStep.HAND_IN): PlanState.APPROVAL,  # papers are always read by a person
    (PlanState.MATERIALS, PlanStep.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.MATERIALS, PlanStep.EXPIRE): PlanState.EXPIRED,
    (PlanState.APPROVAL, PlanStep.ASK_MORE): PlanState.MATERIALS,
    (PlanState.APPROVAL, PlanStep.APPROVE): PlanState.SIGNING,
    (PlanState.APPROVAL, PlanStep.REJECT): PlanState.REJECTED,
    (PlanState.APPROVAL, PlanStep.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.APPROVAL, PlanStep.EXPIRE): PlanState.EXPIRED,
    (PlanState.SIGNING, PlanStep.SIGN): PlanState.EFFECTIVE,
    (PlanState.SIGNING, PlanStep.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.SIGNING, PlanStep.EXPIRE): PlanState.EXPIRED,
    (PlanState.EFFECTIVE, PlanStep.START): PlanState.RUNNING,
    (PlanState.RUNNING, PlanStep.BREACH): PlanState.BREACHED,
    (PlanState.RUNNING, PlanStep.SETTLE): PlanState.SETTLED,
    (PlanState.RUNNING, PlanStep.REPLACE): PlanState.REPLACED,
    (PlanState.BREACHED, PlanStep.CURE): PlanState.RUNNING,
    (PlanState.BREACHED, PlanStep.SETTLE): PlanState.SETTLED,
    (PlanState.BREACHED, PlanStep.REPLACE): PlanState.REPLACED,
}

#: before the signature the old contract alone counts; after it only an agreement changes the plan (民法典 第五百四十三条)
UNSIGNED = frozenset({PlanState.MATERIALS, PlanState.APPROVAL, PlanState.SIGNING})
IN_FORCE = frozenset({PlanState.EFFECTIVE, PlanState.RUNNING, PlanState.BREACHED})
ENDED = frozenset(PlanState) - UNSIGNED - IN_FORCE


class Role(str, Enum):
    CUSTOMER = "customer"
    AGENT = "agent"
    APPROVER = "approver"
    BANK = "bank"  #: its systems and clocks: they report facts and decide nothing


#: who may make a step; an approver is an agent with that right and makes an agent's steps as an agent
MAY: dict[PlanStep, frozenset[Role]] = {
    PlanStep.HAND_IN: frozenset({Role.CUSTOMER}),
    PlanStep.ASK_MORE: frozenset({Role.APPROVER}),
    PlanStep.APPROVE: frozenset({Role.APPROVER}),
    PlanStep.REJECT: frozenset({Role.APPROVER}),
    PlanStep.SIGN: frozenset({Role.CUSTOMER}),
    PlanStep.START: frozenset({Role.BANK}),
    PlanStep.BREACH: frozenset({Role.BANK}),
    PlanStep.CURE: frozenset({Role.BANK}),
    PlanStep.SETTLE: frozenset({Role.BANK}),
    PlanStep.REPLACE: frozenset({Role.BANK}),
    PlanStep.WITHDRAW: frozenset({Role.CUSTOMER, Role.AGENT}),
    PlanStep.EXPIRE: frozenset({Role.BANK}),
}

#: whose turn it is; nobody's once it has ended
OWNERS: dict[PlanState, Role] = {
    PlanState.MATERIALS: Role.CUSTOMER,
    PlanState.APPROVAL: Role.APPROVER,
    PlanState.SIGNING: Role.CUSTOMER,
    PlanState.EFFECTIVE: Role.BANK,
    PlanState.RUNNING: Role.CUSTOMER,
    PlanState.BREACHED: Role.AGENT,
}


class Unit(str, Enum):
    HOURS = "hours"
    DAYS = "days"  #: to the end of the day, counted from the day after (民法典 第二百零一条)
    WORKING_DAYS = "working_days"  #: Monday to Friday, as tickets count: never later than promised


@dataclass(frozen=True)
class Term:
    """How long a state may last, and who says so."""

    amount: int
    unit: Unit
    source: str


_OURS = "the demo bank's"
#: RUNNING has no clock of its own: its deadlines are the plan's due days
TERMS: dict[PlanState, Term] = {
    PlanState.MATERIALS: Term(7, Unit.DAYS, _OURS),
    PlanState.APPROVAL: Term(2, Unit.WORKING_DAYS, _OURS),
    PlanState.SIGNING: Term(72, Unit.HOURS, _OURS),
    PlanState.EFFECTIVE: Term(1, Unit.WORKING_DAYS, _OURS),
    PlanState.BREACHED: Term(2, Unit.WORKING_DAYS, _OURS),
}


def first_state(materials: bool, above_authority: bool) -> PlanState:
    """Where a plan begins: missing papers first; above the proposer's authority a second person decides."""
    if materials:
        return PlanState.MATERIALS
    return PlanState.APPROVAL if above_authority else PlanState.SIGNING


def stepped(state: PlanState, step: PlanStep) -> PlanState:
    """The state after the step; raises IllegalMove for any pair not in the table."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise IllegalMove(state=state.value, step=step.value) from None


def due_at(state: PlanState, since: datetime, pay_by: date) -> datetime | None:
    """Until when (aware UTC) the owner has time, from when the state began; None where no clock runs.

    An unsigned plan never outlives ``pay_by``, the day its figures hold for: it is priced anew instead.
    """
    term = TERMS.get(state)
    if term is None:
        return None
    due = _after(since, term)
    return min(due, end_of(pay_by)) if state in UNSIGNED else due


def end_of(day: date) -> datetime:
    """The last second of a day in Shanghai, as aware UTC."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(timezone.utc)


def _after(since: datetime, term: Term) -> datetime:
    if term.unit is Unit.HOURS:
        return since + timedelta(hours=term.amount)
    day, left = since.astimezone(SHANGHAI).date(), term.amount
    while left:
        day += timedelta(days=1)
        left -= term.unit is Unit.DAYS or day.weekday() < 5
    return end_of(day)
