"""What can be wrong with what the money maths is given.

One tree: catch `MoneyError`. Each class has a code for programs; its docstring is what a person reads. Every
one is a ValueError too. A wrong *type* (a float, a bool, text for Money) is a programming error: TypeError.
"""

from __future__ import annotations

from conversation.errors import YixianError


class MoneyError(YixianError, ValueError):
    """这笔账算不出来，请核对金额、期数、利率和日期。"""

    code = "money_error"
    status = 422


class BadAmount(MoneyError):
    """金额不对，请写成 12,345.67 这样，不能是负数，最多两位小数。"""

    code = "bad_amount"


class BadNumber(MoneyError):
    """这个数看不懂，请写成 18 或 0.05 这样。"""

    code = "bad_number"


class BadRate(MoneyError):
    """利率不对，不能是负数，罚息倍数要在 1 到 1.5 之间。"""

    code = "bad_rate"


class BadTerms(MoneyError):
    """期数要在 1 到 360 之间。"""

    code = "bad_terms"


class BadDay(MoneyError):
    """日期不对，请核对先后顺序和还款日。"""

    code = "bad_day"


class BadAllocation(MoneyError):
    """还款冲抵的顺序或者债务编号不对。"""

    code = "bad_allocation"


class BadCashflow(MoneyError):
    """这些收付算不出年化利率，请核对金额和月份。"""

    code = "bad_cashflow"


class NoSchedule(MoneyError):
    """这种还款方式没有按月的还款计划。"""

    code = "no_schedule"


class NeverRepaid(MoneyError):
    """按这个金额还不清，请每期多还一些。"""

    code = "never_repaid"
