"""Dates money depends on: the business day, the due day with its anchor, days of interest.

Never asks the clock: the caller passes the moment or the day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991


def business_date(moment: datetime) -> date:
    """The day in Shanghai at an aware `moment`; a naive one is refused (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return moment.astimezone(SHANGHAI).date()


def days_of_interest(start: date, end: date) -> int:
    """Days from `start` to `end`, the first counted and the last not (算头不算尾); ValueError if reversed."""
    if end < start:
        raise ValueError(f"interest cannot run backwards: {start} to {end}")
    return (end - start).days


def add_months(day: date, months: int, anchor: int | None = None) -> date:
    """`day` moved by `months` (may be negative) to day `anchor` (default: its own), clipped to month end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    wanted = day.day if anchor is None else anchor
    if not 1 <= wanted <= 31:
        raise ValueError(f"no month has a day {wanted}")
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


def due_dates(start: date, terms: int, anchor: int | None = None) -> tuple[date, ...]:
    """The `terms` monthly due dates after `start`.

    The due day keeps its anchor (default: the start's day) through short months: a loan of 31 January falls
    due on 28 February, then on 31 March again.
    """
    wanted = start.day if anchor is None else anchor
    return tuple(add_months(start, month, wanted) for month in range(1, terms + 1))


def next_due_date(today: date, anchor: int) -> date:
    """The first due date on or after `today` for a due day `anchor`."""
    this_month = add_months(today, 0, anchor)
    return this_month if this_month >= today else add_months(today, 1, anchor)
