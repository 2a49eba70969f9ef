"""What can go wrong between the assistant and the bank's systems.

Docstrings are what a person reads; `BankUnavailable` alone is worth trying again.
"""

from __future__ import annotations

from conversation.errors import YixianError


class BankError(YixianError):
    """银行系统没有完成这个操作，请稍后再试或转人工处理。"""

    code = "bank_error"
    status = 502


class BankUnavailable(BankError):
    """银行系统暂时没有响应，请稍后再试。"""

    code = "bank_unavailable"
    status = 503


class CustomerNotFound(BankError):
    """没有查到这位客户的资料。"""

    code = "customer_not_found"
    status = 404


class LoanNotFound(BankError):
    """没有查到这笔借款，请在 App 的“我的借款”里核对。"""

    code = "loan_not_found"
    status = 404


class BadBankRequest(BankError):
    """这个业务请求不完整，银行无法受理。"""

    code = "bad_bank_request"
    status = 422


class IdempotencyConflict(BankError):
    """同一个业务编号已用于另一项请求，请换一个编号重新提交。"""

    code = "idempotency_conflict"
    status = 409


class FigureMissing(BankError):
    """产品资料里缺少需要的数值。"""

    code = "figure_missing"
    status = 500
