"""What an agent reads of a negotiation and its plans, as JSON-ready values in Chinese. Pure over the records.

The customer's own card stands in it unchanged. Knows no mandate, no bank and no HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.actions.offer_card import card, in_one_line
from bot.actions.words import word
from bot.money import Money
from bot.negotiation.mandate import Limits
from bot.negotiation.plan_moves import overdue
from bot.negotiation.plans import OWNERS, STATES, Role, due_at
from bot.negotiation.refusals import Refusal
from bot.negotiation.values import Debt
from bot.plans.records import STATES as NEGOTIATION_STATES
from bot.plans.records import Negotiation, OfferRecord, PlanRecord, ReasonCode

Data = dict[str, Any]
Names = Callable[[str], str]

OWNER_NAMES: Mapping[Role, str] = {
    Role.CUSTOMER: "客户",
    Role.AGENT: "坐席",
    Role.APPROVER: "审批人",
    Role.BANK: "银行系统",
}
STEP_NAMES: Mapping[str, str] = {
    "open": "提出",
    "hand_in": "交材料",
    "ask_more": "要求补材料",
    "approve": "审批通过",
    "reject": "没有通过",
    "sign": "客户签署",
    "start": "银行办妥",
    "breach": "没有按约还",
    "cure": "已补上",
    "settle": "还清",
    "replace": "由新方案代替",
    "withdraw": "撤回",
    "expire": "过期",
}
#: why an offer was made, for the agent; a figure that was not recorded leaves its form out
REASONS: Mapping[str, tuple[str, ...]] = {
    "best_expected": (
        "在他说的能力之内，谈得成、也还得下去的可能最大（每期最多 {monthly}，占他说的 {share}）",
        "在他说的能力之内，谈得成、也还得下去的可能最大",
    ),
    "never_dearer": ("不比他刚拒绝的更重（上一次每期 {before}）", "不比他刚拒绝的更重"),
    "counter_met": ("他自己提的办法，授权之内，他也还得起",),
    "counter_nearest": ("授权之内离他提的办法最近的一个",),
    "agreed": ("他口头同意了",),
    "departs": ("和当时还有效的第 {from_version} 版报价不同",),
    "beyond_mandate": ("超出授权：{said}",),
}


def negotiation_out(found: Negotiation, standing: OfferRecord | None, names: Names) -> Data:
    """The negotiation with every offer as the customer saw it, his answers, and what he said he can pay."""
    return {
        "id": found.id,
        "product": found.debt.product,
        "debt_id": found.debt.id,
        "state": _coded(found.state.value, NEGOTIATION_STATES[found.state]),
        "opened_at": found.opened_at.isoformat(),
        "day": found.day.isoformat(),
        "mandate_version": found.mandate_version,
        "model_version": found.model_version,
        "told": _told(found),
        "offers": [_offer(found, made, names) for made in found.offers],
        "standing": None if standing is None else standing.version,
    }


def authority_out(debt: Debt, left: Limits | Refusal) -> Data:
    """Today's debt and what the mandate leaves of it; ``refused``: why it leaves nothing."""
    owed = [
        ("本金", debt.principal),
        ("利息", debt.interest),
        ("罚息、复利", debt.penalty),
        ("费用", debt.fee),
        ("合计", debt.total),
    ]
    shown: Data = {
        "debt": [{"label": label, "value": f"{amount.text} 元"} for label, amount in owed if amount.fen],
        "overdue_days": debt.overdue_days,
        "refused": left.reason if isinstance(left, Refusal) else None,
        "terms": [],
        "plan_waivers": [],
        "downs": [],
        "lump_waivers": [],
        "pauses": [],
        "rows": [],
    }
    return shown if isinstance(left, Refusal) else shown | _limits(debt, left)


def authority_unknown(because: str) -> Data:
    """Where today's books cannot be read."""
    lists: Data = {name: [] for name in ("terms", "plan_waivers", "downs", "lump_waivers", "pauses")}
    return {"debt": [], "overdue_days": 0, "refused": because, "rows": [], **lists}


def _limits(debt: Debt, left: Limits) -> Data:
    days = f"{left.days.least} 天起" if left.days.most is None else f"{left.days.least}–{left.days.most} 天"
    rows = [
        ("授权书", left.version),
        ("逾期档", days if debt.overdue_days else "还没有逾期"),
        ("重新分期", f"最长 {max(left.terms)} 期" if left.terms else "这一档不允许"),
        ("分期减免息费", _most(left.plan_waivers) if left.terms else ""),
        ("首付", f"最低 {min(left.downs)}%" if left.terms and left.downs else ""),
        ("一次还清减免息费", _most(left.lump_waivers) if left.lump_waivers else "这一档不允许"),
        ("延后还款", f"最长 {max(left.pauses)} 个月" if left.pauses else "这一档不允许"),
        ("本金和合同利息", "任何人都不能减免"),
    ]
    return {
        "terms": list(left.terms),
        "plan_waivers": list(left.plan_waivers),
        "downs": list(left.downs),
        "lump_waivers": list(left.lump_waivers),
        "pauses": list(left.pauses),
        "rows": [{"label": label, "value": value} for label, value in rows if value],
    }


def plan_out(record: PlanRecord, moves: Sequence[Data], names: Names, now: datetime) -> Data:
    """A plan: its state, whose turn it is and until when, and everything that was done with it."""
    plan = record.plan
    owner, due = OWNERS.get(plan.state), due_at(plan.state, plan.since, plan.pay_by)
    return {
        "id": plan.id,
        "negotiation_id": record.negotiation_id,
        "conversation_id": record.conversation_id,
        "offer_version": record.offer_version,
        "state": _coded(plan.state.value, STATES[plan.state]),
        "owner": None if owner is None else OWNER_NAMES[owner],
        "due_at": None if due is None else due.isoformat(),
        "late": overdue(plan, now),
        "since": plan.since.isoformat(),
        "proposed_by": {"id": plan.proposed_by, "name": names(plan.proposed_by)},
        "signed_at": None if plan.signature is None else plan.signature.at.isoformat(),
        "moves": [
            {
                "name": STEP_NAMES.get(move["step"], move["step"]),
                "by": _by(move, names),
                "at": move["at"].isoformat(),
                "reason": move["reason"],
            }
            for move in moves
        ],
    }


def reason_words(reasons: Sequence[ReasonCode]) -> list[str]:
    """Why, in words; a rule this version does not know is named by its code."""
    return [_reason(one) for one in reasons]


def _reason(code: ReasonCode) -> str:
    figures = dict(code.figures)
    for form in REASONS.get(code.rule, ()):
        try:
            return form.format(**figures)
        except KeyError:
            continue
    return code.rule


def _by(move: Data, names: Names) -> str:
    role = Role(move["by_role"])
    if role in (Role.AGENT, Role.APPROVER) or move["step"] == "open":
        return names(str(move["by_id"]))
    return OWNER_NAMES[role]


def _offer(found: Negotiation, made: OfferRecord, names: Names) -> Data:
    terms = made.priced.offer
    return {
        "version": made.version,
        "line": in_one_line(made.priced),
        "card": card(found.debt, made.priced),
        "wanted": {
            "kind": terms.kind.value,
            "terms": terms.terms,
            "waiver": terms.waiver,
            "down": terms.down,
            "pause": terms.pause,
        },
        "made_by": {"id": made.made_by, "name": names(made.made_by)},
        "made_at": made.made_at.isoformat(),
        "pay_by": made.pay_by.isoformat(),
        "answer": _answer(found, made.version),
        "reasons": reason_words(made.reasons),
        "override": made.override,
    }


def _told(found: Negotiation) -> list[Data]:
    """What he said he can pay, the last he said."""
    told = [step.reply["capacity"] for step in found.steps if "capacity" in step.reply]
    if not told:
        return []
    names = {"monthly": word("means_monthly"), "at_hand": word("means_at_hand"), "later": word("means_later")}
    last = told[-1]
    rows = [{"label": names[name], "value": f"{Money(last[name]).text} 元"} for name in names if name in last]
    if "recovers_in" in last:
        rows.append({"label": "恢复", "value": word("means_recovers").format(months=last["recovers_in"])})
    return rows


def _answer(found: Negotiation, version: int) -> str | None:
    """What he said to the offer; None while he has not answered, or where it was not the talk's."""
    at = next((one.number for one in found.steps if one.offer_version == version), None)
    after = [one for one in found.steps if at is not None and one.number > at]
    if not after:
        return None
    reply = after[0].reply
    for name, said in (
        ("signal", "stopped"),
        ("accepted", "accepted"),
        ("counter", "countered"),
        ("capacity", "new_means"),
    ):
        if reply.get(name):
            return word(f"answer_{said}")
    return word("answer_refused")


def _most(steps: Sequence[int]) -> str:
    return f"最多 {max(steps)}%" if steps and max(steps) else "不能减免"


def _coded(code: str, label: str) -> Data:
    return {"code": code, "label": label}
