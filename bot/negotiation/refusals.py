"""Why something may not be offered: codes an auditor can count, and a sentence for the agent who takes over.

Owns the words. They are read by agents, never sent to customers. Knows no limits: who refuses fills in the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Why(str, Enum):
    """One ground of refusal. ``reason`` may hold {placeholders} that `refuse` fills."""

    reason: str

    def __new__(cls, code: str, reason: str) -> Why:
        member = str.__new__(cls, code)
        member._value_ = code
        member.reason = reason
        return member

    # the debt: nothing may be offered, a person takes over
    MANDATE_NOT_VALID = "mandate_not_valid", "授权书 {version} 只在 {start} 至 {end} 有效，今天不能用。"
    PRODUCT_NOT_COVERED = "product_not_covered", "授权书没有写“{product}”，由人工处理。"
    DEBT_SOLD = "debt_sold", "债权已经转让，本行不再是债权人，不能协商，请告知客户联系现债权人。"
    PARTNER_DEBT = "partner_debt", "这是与合作机构共同发放的贷款，授权书不含此类债权，由人工与合作机构商定。"
    GUARANTEED_DEBT = "guaranteed_debt", "这笔贷款有担保方，授权书不含此类债权，由人工与担保方商定。"
    CREDITOR_NOT_COVERED = "creditor_not_covered", "授权书不含此类债权，由人工处理。"
    LEGAL_STAGE = "legal_stage", "已进入律师或法院程序，由人工处理。"
    THIRD_PLAN = "third_plan", "此前已重组 {count} 次，授权书最多允许 {most} 次之后再谈，由人工处理。"
    OVER_AMOUNT = "over_amount", "欠款 {total} 超过授权上限 {most}，由人工处理。"
    NOTHING_OWED = "nothing_owed", "这笔贷款没有欠款，没有可以协商的。"
    NOT_YET_DUE = "not_yet_due", "还没有逾期，授权书不含未到期的贷款，由人工处理。"
    OVERDUE_NOT_COVERED = "overdue_not_covered", "逾期 {days} 天不在授权书的任何一档，由人工处理。"
    ELAPSED_OUTSIDE = "elapsed_outside", "已过 {months} 个月，授权书要求在 {least} 到 {most} 个月之间。"
    REMAINING_OUTSIDE = "remaining_outside", "剩余 {months} 个月，授权书要求在 {least} 到 {most} 个月之间。"
    COST_OVER_CEILING = "cost_over_ceiling", "利息、罚息和费用合计已超过年化 24%，由人工核减后再谈。"

    # the offer: this one may not be made, another may
    MALFORMED = "malformed", "方案的写法不对，这种方案没有这些内容。"
    KIND_NOT_ALLOWED = "kind_not_allowed", "授权书在这一档不允许“{kind}”。"
    TERMS_TOO_MANY = "terms_too_many", "{terms} 期超过授权的最长 {most} 期。"
    TERMS_NOT_OFFERED = "terms_not_offered", "{terms} 期不在授权书的可选期数里。"
    TOTAL_TERM_TOO_LONG = "total_term_too_long", "连同已过的 {elapsed} 个月，总期限超过 {most} 个月的上限。"
    WAIVER_TOO_HIGH = "waiver_too_high", "减免 {waiver}% 超过授权的最高 {most}%。"
    WAIVER_NOT_OFFERED = "waiver_not_offered", "减免 {waiver}% 不在授权书的可选比例里。"
    DOWN_TOO_LOW = "down_too_low", "首付 {down}% 低于授权要求的最低 {least}%。"
    DOWN_NOT_OFFERED = "down_not_offered", "首付 {down}% 不在授权书的可选比例里。"
    PAUSE_TOO_LONG = "pause_too_long", "延后 {pause} 个月超过授权的最长 {most} 个月。"
    EXTENSION_AFTER_MATURITY = (
        "extension_after_maturity",
        "贷款期限已届满，不能再展期（民法典678条），只能协商变更还款计划（民法典543条）。",
    )
    EXTENSION_BEYOND_RULES = (
        "extension_beyond_rules",
        "延后 {pause} 个月超出规定：一年以内的贷款累计不超过原期限，一年以上的不超过总期限上限。",
    )
    NO_PRINCIPAL = "no_principal", "没有剩余本金，不能分期，也不能延后。"
    OFFER_OVER_CEILING = "offer_over_ceiling", "这个方案的综合成本超过年化 24%，由人工处理。"


@dataclass(frozen=True)
class Refusal:
    """A refusal with its reason in Chinese, for the agent."""

    why: Why
    reason: str

    @property
    def code(self) -> str:
        """What an audit counts by."""
        return str(self.why.value)


def refuse(why: Why, **figures: object) -> Refusal:
    """The refusal with its figures filled in."""
    return Refusal(why, why.reason.format(**figures))
