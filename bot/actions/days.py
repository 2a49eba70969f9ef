"""Which days an uncertain saying may mean, for asking back.

Pure: a saying as bot.nlu.dates tidies it and the day of the talk (Asia/Shanghai). Must not know why the day is
wanted.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.nlu.dates import day_of

OFFERED = 3
#: days of the month offered where only a part of one was named, or only the pay
_PARTS = {"初": (1, 5, 10), "中旬": (11, 15, 20), "": (1, 10, 20), "工资": (5, 10, 15)}
_WEEK = re.compile(r"(下下|下)周")
_OF_WEEK = re.compile(r"周[一二三四五六日]")
_OF_MONTH = re.compile(r"(?:(下下|下|本)?月|(\d+)月)?(\d+)日")
_PART = re.compile(r"(下下|下|本)?月(初|中旬|)")
_PAY = re.compile("(?:发工资|发薪|开工资)")
_AHEAD = {None: 0, "本": 0, "下": 1, "下下": 2}


def possible_days(said: str, today: date) -> tuple[date, ...]:
    """Two or three days from ``today`` on, the earliest first; one where only one makes sense; empty when
    nobody could tell ("年后")."""
    return tuple(sorted({day for day in _days(said, today) if day >= today}))[:OFFERED]


def _days(said: str, today: date) -> list[date]:
    if _OF_WEEK.fullmatch(said):
        return [today, today + timedelta(days=7)]
    if said == "周末":
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        return [saturday, saturday + timedelta(days=1)]
    if said == "过几天":
        return [today + timedelta(days=ahead) for ahead in (3, 5, 7)]
    if week := _WEEK.fullmatch(said):
        monday = today + timedelta(days=7 * _AHEAD[week[1]] - today.weekday())
        return [monday, monday + timedelta(days=2), monday + timedelta(days=4)]
    if part := _PART.fullmatch(said):
        return _of_months(_PARTS[part[2]], today, _AHEAD[part[1]], bool(part[1]))
    if _PAY.match(said):
        return _of_months(_PARTS["工资"], today, 0, False)
    return _numbered(said, today)


def _numbered(said: str, today: date) -> list[date]:
    """ "15日" on the 15th: today or next month; "2月30日": the last day of that month, or the day after."""
    match = _OF_MONTH.fullmatch(said)
    if match is None or not 1 <= int(match[3]) <= 31:
        return []
    if match[2] and not 1 <= int(match[2]) <= 12:
        return []
    day = int(match[3])
    if match[2]:
        first = date(today.year + (int(match[2]) < today.month), int(match[2]), 1)
        meant = _clipped(first, 0, day)
        return [meant, meant + timedelta(days=1)] if meant.day != day else [_clipped(today, 1, day), meant]
    ahead = _AHEAD[match[1]]
    near = _clipped(today, ahead, day)
    return [near, _clipped(today, ahead + 1, day)] if near.day == day else [near, near + timedelta(days=1)]


def _of_months(days: tuple[int, ...], today: date, ahead: int, only: bool) -> list[date]:
    """These days of that month; without a month named also of the next, where they are over."""
    found = [_clipped(today, ahead, day) for day in days]
    return found if only else [day if day >= today else _clipped(today, ahead + 1, day.day) for day in found]


def _clipped(today: date, ahead: int, day: int) -> date:
    """The day of the month ``ahead`` months from this, or that month's last."""
    months = today.year * 12 + today.month - 1 + ahead
    first = date(months // 12, months % 12 + 1, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(day, length))


_WEEKDAYS = "一二三四五六日"


def said_day(day: date, today: date) -> str:
    """3月20日（周五）, with the year where it is not this one."""
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def written_day(day: date) -> str:
    """The same as bot.nlu.dates writes it: certain on every day."""
    return f"{day.year}年{day.month}月{day.day}日"


def resolved(said: str, today: date) -> str:
    """The day meant, for the person who reads it; with what was said, which stays alone where it is uncertain."""
    day = day_of(said, today)
    if day is None:
        return said
    return said_day(day, today) if said == written_day(day) else f"{said_day(day, today)}，原话“{said}”"
