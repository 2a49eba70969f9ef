"""What can go wrong with negotiations and plans on record, beside `bot.negotiation.plan_errors`."""

from __future__ import annotations

from conversation.errors import YixianError


class NegotiationNotFound(YixianError):
    """没有找到这次协商，请刷新后再看。"""

    code = "negotiation_not_found"
    status = 404


class NegotiationOpen(YixianError):
    """这笔借款已经有一个正在进行的协商，请接着那一个谈。"""

    code = "negotiation_open"
    status = 409


class PlanNotFound(YixianError):
    """没有找到这份还款方案，链接可能不完整，请从聊天里重新打开。"""

    code = "plan_not_found"
    status = 404


class PlanChanged(YixianError):
    """这份方案刚刚有了变化，请刷新后再看。"""

    code = "plan_changed"
    status = 409


class SigningRefused(YixianError):
    """现在还不能签署。"""

    code = "signing_refused"
    status = 422


class BeyondAuthority(YixianError):
    """这个方案谁都不能提出，请换一个。"""

    code = "beyond_authority"
    status = 422


class OverrideUnexplained(YixianError):
    """这个方案和客户手里的报价不同，或超出授权，请写明原因（至少 8 个字），会永久留档。"""

    code = "override_unexplained"
    status = 422
