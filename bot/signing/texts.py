"""The words of the signing page and the document: every figure from the sheet, every promise one that can be kept.

Pure. What stands here is what was told: `told` reads these very lines to say what was disclosed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.money import SHANGHAI
from bot.negotiation.disclosure import CARD_ITEMS, CardItem, Disclosure, told_by
from bot.negotiation.plan_moves import BreachRule
from bot.negotiation.plans import PlanState, due_at
from bot.plans.telling import LABELS
from bot.signing.ports import Sheet


@dataclass(frozen=True)
class Section:
    """A part of the page that is read, not filled in."""

    id: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PaymentLine:
    """One payment as it is read: ``day`` "2026-12-15", ``amount`` "1,234.56 元"."""

    label: str
    day: str
    amount: str


def payments(sheet: Sheet) -> tuple[PaymentLine, ...]:
    """All payments in order; what is paid at once is no instalment and has no number."""
    planned = sheet.terms.payments
    if len(planned) == 1:
        return (PaymentLine("一次还清", planned[0][0].isoformat(), str(planned[0][1])),)
    first = 0 if sheet.upfront else 1
    return tuple(
        PaymentLine(f"第 {number} 期" if number else "首付", day.isoformat(), str(amount))
        for number, (day, amount) in enumerate(planned, start=first)
    )


def sections(sheet: Sheet) -> tuple[Section, ...]:
    """What must be read besides the two tables."""
    found = [
        Section("made_by", "方案从哪里来", (_MADE_BY,)),
        *([_waived(sheet)] if sheet.terms.waived else []),
        Section("credit", "对征信的影响", _CREDIT),
        _breach(sheet),
        Section("after", "签署之后", _AFTER),
        *([_card(sheet)] if sheet.card else []),
        Section("person", "想找人工", (_PERSON,)),
    ]
    return tuple(found)


def lines(sheet: Sheet) -> tuple[str, ...]:
    """Everything the customer reads, line by line."""
    return (
        *(f"{line.label} {line.day} {line.amount}" for line in payments(sheet)),
        *(" ".join(filter(None, (row.name, row.payee, row.value))) for row in sheet.rows),
        *(line for section in sections(sheet) for line in section.lines),
    )


def told(sheet: Sheet) -> frozenset[Disclosure]:
    """What these lines disclose."""
    terms = sheet.terms
    return told_by(lines(sheet), terms.payments, terms.waived, terms.yearly_cost)


def card_items(sheet: Sheet) -> frozenset[CardItem]:
    """The six items of a card's agreement: all stand in the section "card", where there is one."""
    return frozenset(CardItem) if sheet.card else frozenset()


def deadline(sheet: Sheet) -> datetime | None:
    """Until when it is the customer's turn, aware UTC."""
    return due_at(sheet.state, sheet.since, sheet.terms.pay_by)


def state_label(sheet: Sheet) -> str:
    """The state in a few words; 已生效 only when the bank has acknowledged."""
    return LABELS[sheet.state]


def state_line(sheet: Sheet) -> str:
    """The state in a sentence that says whose turn it is."""
    until = deadline(sheet)
    by = f"{moment(until)} 前" if until else "期限内"
    line = _LINES[sheet.state].format(by=by)
    return f"{line}原因：{sheet.reason}" if sheet.reason and sheet.state in _WITH_REASON else line


def moment(at: datetime) -> str:
    """ "12 月 3 日 18:05", as people in Shanghai read it."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"


def day(of: date) -> str:
    """ "2026 年 12 月 3 日"."""
    return f"{of.year} 年 {of.month} 月 {of.day} 日"


_RULE = BreachRule()
_MADE_BY = "本方案由 AI 智能客服按银行授权的规则计算。金额在签署截止日之前不会变。"
_PERSON = "对方案有疑问、不同意由 AI 给出方案，或者想换一种还法，随时可以在聊天里点“转人工”，由工作人员重新看。不签署，原合同照旧。"
_CREDIT = (
    "签署方案不会删除或改写已经报送征信的逾期记录。逾期还清后，不良记录从还清那天起保留 5 年，到期由征信机构删除。",
    "签署后，银行按方案和您的实际还款如实报送征信。谁都不能承诺提前删除真实的记录。",
)
_AFTER = (
    "原来的自动扣款会暂停，不会重复扣；按方案还款期间停止催收。",
    "签署后先显示“已提交”，银行系统确认之后显示“已生效”，我们会在聊天里告诉您。",
    "签署后可以下载协议。方案生效后要再改，需要双方重新商量一致。",
)


def _waived(sheet: Sheet) -> Section:
    told = (
        f"减免罚息和费用共 {sheet.terms.waived}，条件是按方案按时还清。",
        "没有按方案还清的，减免不再算数，按原合同计算；已经还的钱都会算进去。",
    )
    return Section("waived", "减免什么，有什么条件", told)


def _breach(sheet: Sheet) -> Section:
    charged = "、".join(
        f"{row.name.partition('（')[0]}（{row.value}）" for row in sheet.rows if "逾期" in row.name
    )
    price = (
        f"没有按时还的部分，从到期第二天起按合同收{charged}。"
        if charged
        else "没有按时还清的，方案不再有效，欠款按原合同继续计算。"
    )
    late = f"迟了超过 {_RULE.days_late} 天还没有补上，方案算违约，工作人员会先联系您一起看怎么办；补上之后方案继续有效。"
    return Section("breach", "没有按方案还会怎样", (price, late, "还款有困难，请在到期前告诉我们。"))


def _card(sheet: Sheet) -> Section:
    """《商业银行信用卡业务监督管理办法》 第七十条: the agreement's six items; a card's debt only."""
    terms = sheet.terms
    values = {
        CardItem.BALANCE: f"截至 {day(terms.priced_on)} 共欠 {terms.owed}，人民币；明细见费用表。",
        CardItem.REPAYMENT: f"人民币，共 {len(terms.payments)} 笔，日期和金额见还款计划。",
        CardItem.CHARGES: "还款期间只收费用表列出的项目，不收表外费用。",
        CardItem.NO_NEW_CARD: "结清之前，您承诺不再向任何银行申领信用卡。",
        CardItem.DUTIES: "您按计划还款，银行按方案停止催收；违约的后果见“没有按方案还会怎样”。",
        CardItem.OTHER: "其他事项按原合同执行。",
    }
    return Section(
        "card", "信用卡分期约定", tuple(f"{CARD_ITEMS[item]}：{values[item]}" for item in CardItem)
    )


_LINES: dict[PlanState, str] = {
    PlanState.MATERIALS: "请在 {by}上传材料，提交后由工作人员审核。",
    PlanState.APPROVAL: "材料和方案正在由工作人员审核，最晚 {by}有结果。通过后会在聊天里通知您来签署。",
    PlanState.SIGNING: "请在 {by}看清费用并签署。签署之前，原合同照旧。",
    PlanState.EFFECTIVE: "您已签署，正在等银行系统确认，最晚 {by}完成。确认后显示“已生效”。",
    PlanState.RUNNING: "银行已确认，方案生效。请按计划还款。",
    PlanState.BREACHED: "有还款没有按时到账，方案算作违约。补上之后继续有效，有困难请联系人工。",
    PlanState.SETTLED: "这份方案已经全部还清。",
    PlanState.REPLACED: "这笔欠款已有新的方案，以新方案为准。",
    PlanState.REJECTED: "这份方案没有通过审核，可以回到聊天再商量。",
    PlanState.WITHDRAWN: "这份方案已撤回，可以回到聊天再商量。",
    PlanState.EXPIRED: "这份方案已过有效期，金额会有变化。回到聊天，我按今天的情况重新算一份。",
}
_WITH_REASON = frozenset({PlanState.MATERIALS, PlanState.REJECTED, PlanState.WITHDRAWN})
