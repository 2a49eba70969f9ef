"""Dates money depends on: the business day, the due day with its anchor, days of interest, days late.

Never asks the clock: the caller passes the moment or the day. A due day is the contract's: it does not move
for weekends or holidays.
"""

from __future__ import annotations

from calendar import isleap
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, timezone
from fractions import Fraction

from bot.money.errors import BadDay

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991
DAYS_A_MONTH = 30  #: a year has 360 days of interest, a twelfth of it is a month
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def business_date(moment: datetime) -> date:
    """The day in Shanghai at an aware `moment`; a naive one is refused (BadDay)."""
    if moment.tzinfo is None:
        raise BadDay("时间要带时区")
    return moment.astimezone(SHANGHAI).date()


def days_of_interest(start: date, end: date) -> int:
    """Days from `start` to `end`, the first counted and the last not (算头不算尾); BadDay if reversed."""
    if end < start:
        raise BadDay(f"计息不能倒着算：{start} 到 {end}")
    return (end - start).days


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """`day` moved by `months` (may be negative) to day `anchor` (default: its own), clipped to month end.

    BadDay for an anchor that no month has and beyond the years of the calendar.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    wanted = day.day if anchor is None else anchor
    if not 1 <= wanted <= 31:
        raise BadDay(f"没有哪个月有 {wanted} 号")
    if not MINYEAR <= year <= MAXYEAR:
        raise BadDay("日期超出了日历的范围")
    return date(year, month + 1, min(wanted, _MONTH_DAYS[month] + (month == 1 and isleap(year))))


def due_dates(start: date, terms: int, anchor: int | None = None, least_days: int = 0) -> tuple[date, ...]:
    """The `terms` monthly due dates after `start`, the first in the next month.

    The due day keeps its anchor (default: the start's day) through short months: a loan of 31 January falls
    due on 28 February, then on 31 March again. With `least_days` the first due date that would come sooner
    than so many days after `start` is skipped: nobody pays an instalment the day after he signed.
    """
    wanted = start.day if anchor is None else anchor
    first = 1
    while (add_months(start, first, wanted) - start).days < least_days:
        first += 1
    return tuple(add_months(start, month, wanted) for month in range(first, first + terms))


def next_due_date(today: date, anchor: int) -> date:
    """The first due date on or after `today` for a due day `anchor`."""
    this_month = add_months(today, 0, anchor)
    return this_month if this_month >= today else add_months(today, 1, anchor)


def is_full_month(start: date, end: date) -> bool:
    """Whether `end` is the same day of the month after `start`: such a period bears a twelfth of the year's.

    From 31 January to 28 February is not: it bears 28 days.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months == 1 and start.day == end.day


def first_period_months(start: date, first_due: date) -> Fraction:
    """How long the first period is: 1 when it is a full month, else its days over 30 (ACT/360)."""
    if is_full_month(start, first_due):
        return Fraction(1)
    return Fraction(days_of_interest(start, first_due), DAYS_A_MONTH)


def days_late(due_on: date, today: date, grace_days: int = 0) -> int:
    """Days since `due_on`; 0 up to the last day of grace (宽限期), all of them after it.

    Grace is forgiven days, not a later due day: who misses it owes 罚息 from the day after the due day, as
    the bank's contract terms on 宽限期 say.
    """
    if grace_days < 0:
        raise BadDay("宽限期天数不能是负数")
    late = (today - due_on).days
    return late if late > grace_days else 0
