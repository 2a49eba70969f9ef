"""When a debtor may be contacted, and when a promise is reminded of. Pure.

How often he was contacted is a central count over all channels and agencies, handed in. Knows no store and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from enum import Enum

from bot.money import SHANGHAI
from bot.negotiation.promises import Promise

#: GB/T 45251-2025 and 中国银行业协会 2026-01-30: nobody is contacted from 22:00 to 08:00
OPENS, CLOSES = time(8), time(22)


class Medium(str, Enum):
    MESSAGE = "message"  #: app, WeChat, text message
    VOICE = "voice"


@dataclass(frozen=True)
class ContactLimits:
    """How often a debtor may be contacted. No source counts messages: those two figures are the demo bank's."""

    calls_a_day: int = 3  #: effective voice calls, GB/T 45251-2025
    tries_a_day: int = 6  #: unanswered, to one number: 中国银行业协会 2026-01-30
    messages_a_day: int = 1
    messages_a_week: int = 3


@dataclass(frozen=True)
class Contacted:
    """The central count for one debtor, of all channels and agencies together. ``held``: nobody may contact him now
    (stopped by himself, a complaint, a dispute, a plan that is kept, a road to a person)."""

    calls_today: int = 0
    tries_today: int = 0
    messages_today: int = 0
    messages_week: int = 0
    held: bool = False


class NotNow(str, Enum):
    """Why a reminder is not sent now."""

    HELD = "held"
    NIGHT = "night"
    TOO_OFTEN_TODAY = "too_often_today"
    TOO_OFTEN_THIS_WEEK = "too_often_this_week"


def may_remind(
    now: datetime, medium: Medium, counted: Contacted, limits: ContactLimits = ContactLimits()
) -> NotNow | None:
    """Why no reminder may go out now; None: it may. To be asked again at the moment of sending."""
    if counted.held:
        return NotNow.HELD
    if not by_day(now):
        return NotNow.NIGHT
    if medium is Medium.VOICE:
        often = counted.calls_today >= limits.calls_a_day or counted.tries_today >= limits.tries_a_day
        return NotNow.TOO_OFTEN_TODAY if often else None
    if counted.messages_today >= limits.messages_a_day:
        return NotNow.TOO_OFTEN_TODAY
    return NotNow.TOO_OFTEN_THIS_WEEK if counted.messages_week >= limits.messages_a_week else None


def by_day(moment: datetime) -> bool:
    """Whether a customer may be contacted at this aware moment: 08:00 to before 22:00, Asia/Shanghai."""
    return OPENS <= moment.astimezone(SHANGHAI).time() < CLOSES


def next_by_day(moment: datetime) -> datetime:
    """The moment itself, or the next 08:00 in Shanghai; aware UTC."""
    if by_day(moment):
        return moment.astimezone(timezone.utc)
    there = moment.astimezone(SHANGHAI)
    day = there.date() + timedelta(days=there.time() >= CLOSES)
    return datetime.combine(day, OPENS, SHANGHAI).astimezone(timezone.utc)


#: days from the promised day → the hour in Shanghai; the demo bank's: the day before, and the day itself
_PLANNED = ((-1, time(10)), (0, time(10)))


def reminders(promise: Promise) -> tuple[datetime, ...]:
    """When to remind of a promise, aware UTC, by day only; none on the day it was made or before."""
    days = ((promise.day + timedelta(days=ahead), at) for ahead, at in _PLANNED)
    wanted = (datetime.combine(day, at, SHANGHAI) for day, at in days if day > promise.made_on)
    return tuple(next_by_day(moment) for moment in wanted)
