"""What can be wrong with a move of a plan: a code for programs, a Chinese sentence for people."""

from __future__ import annotations

from conversation.errors import YixianError


class PlanError(YixianError):
    """这个还款方案现在不能这样处理。"""

    code = "plan_error"
    status = 409


class NotYourMove(PlanError):
    """这一步不由您来办。"""

    code = "not_your_move"
    status = 403


class ProposerMayNotApprove(PlanError):
    """提出方案的人不能自己审批，请另一位有权限的同事处理。"""

    code = "proposer_may_not_approve"
    status = 403


class ReasonMissing(PlanError):
    """请写明原因，客户和之后处理的同事都要看到。"""

    code = "reason_missing"
    status = 422


class OfferLapsed(PlanError):
    """这份方案的数字已过有效期，请按今天的情况重新算一份。"""

    code = "offer_lapsed"


class SignedDifferently(PlanError):
    """签署的内容和这份方案不一致，没有生效，请重新核对。"""

    code = "signed_differently"
