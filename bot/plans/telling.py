"""What a customer is told when his plan moves: one sentence and one card. Facts, days and the way on; nothing to frighten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.money import SHANGHAI
from bot.negotiation.plan_moves import Plan
from bot.negotiation.plans import STATES, PlanState, due_at
from bot.plans.records import PlanRecord

TITLE = "还款方案"

#: a plan's state in a customer's ears: 已生效 is the bank's word, a signature alone is 已提交
LABELS: dict[PlanState, str] = {**STATES, PlanState.EFFECTIVE: "已提交", PlanState.RUNNING: "已生效"}

SENTENCES: dict[PlanState, str] = {
    PlanState.MATERIALS: "这份方案还需要您补充材料，请在 {due} 前从下面的链接上传。",
    PlanState.APPROVAL: "这份方案要再由一位工作人员审批，最晚 {due} 给您答复，有结果马上在这里告诉您。",
    PlanState.SIGNING: "方案已经准备好。请在 {due} 前打开签署页，看清费用后本人签署；没有签署，原来的约定不变。",
    PlanState.EFFECTIVE: "方案已签署，已提交银行系统。正在暂停原来的自动扣款、停止催收并登记新的还款计划，办好马上告诉您。",
    PlanState.RUNNING: "方案已生效：原来的自动扣款已暂停，催收已停止，以后按方案里的日期和金额还款。",
    PlanState.SETTLED: "方案里的每一笔都还清了，这笔借款已结清，结清证明正在为您开具。",
    PlanState.REJECTED: "这份方案没有通过审批，原来的约定不变。您可以让工作人员和您一起再看别的办法。",
    PlanState.WITHDRAWN: "这份方案已撤回，原来的约定不变。需要时随时可以重新谈。",
    PlanState.EXPIRED: "这份方案过了有效期，没有生效，原来的约定不变。需要的话，我按今天的情况重新算一份。",
}
PAY_LINK = "第一笔请在 {day} 前还 {amount}，可以从下面的链接付款。"
STUCK = "方案登记的时间比平时长，您签署的内容有效，不用重复操作。正在请工作人员跟进。"


def sentence(plan: Plan) -> str | None:
    """None where another rule writes the words (a breach: `plan_moves.breach_notice`)."""
    form = SENTENCES.get(plan.state)
    return None if form is None else form.format(due=_moment(due_at(plan.state, plan.since, plan.pay_by)))


def card(record: PlanRecord) -> dict[str, Any]:
    """The plan as a card: state, amounts and days, and the link of its page while there is something to do there."""
    plan = record.plan
    first_day, first = plan.payments[0]
    rows = [
        {"label": "状态", "value": LABELS[plan.state]},
        {"label": "共还", "value": f"{sum((a for _, a in plan.payments[1:]), first)}"},
        {"label": "期数", "value": f"{len(plan.payments)} 笔"},
        {"label": "第一笔", "value": f"{first_day:%Y-%m-%d} 前还 {first}"},
    ]
    due = due_at(plan.state, plan.since, plan.pay_by)
    if due is not None:
        rows.append({"label": "期限", "value": _moment(due)})
    shown: dict[str, Any] = {"kind": "plan", "title": TITLE, "state": plan.state.value, "rows": rows}
    if plan.state in _ON_THE_PAGE:
        shown |= {"link": page_of(record), "link_title": _ON_THE_PAGE[plan.state]}
    return shown


def page_of(record: PlanRecord) -> str:
    """Where the plan is read, completed, signed, downloaded and paid."""
    return f"/chat/sign/{record.link}"


_ON_THE_PAGE: dict[PlanState, str] = {
    PlanState.MATERIALS: "上传材料",
    PlanState.SIGNING: "查看并签署",
    PlanState.EFFECTIVE: "查看方案",
    PlanState.RUNNING: "查看方案和还款",
    PlanState.BREACHED: "查看方案和还款",
    PlanState.SETTLED: "查看方案",
}


def _moment(due: datetime | None) -> str:
    if due is None:
        return ""
    local = due.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d %H:%M}"
