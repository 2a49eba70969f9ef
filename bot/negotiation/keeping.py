"""Was it paid: what fell due against what came in. Pure; knows neither plans nor promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.money import ZERO, Money, days_late

Payment = tuple[date, Money]  #: the day it falls due, or came in, and how much


@dataclass(frozen=True)
class Arrears:
    """What is late on a day. Nothing late: ``amount`` zero, ``since`` None, ``days`` 0."""

    amount: Money = ZERO
    since: date | None = None  #: the due day of the oldest payment that is short
    days: int = 0


def received(paid: Iterable[Payment], until: date, since: date = date.min) -> Money:
    """All that came in from ``since`` to ``until``, both days included."""
    return Money.total(amount for day, amount in paid if since <= day <= until)


def arrears(planned: Sequence[Payment], paid: Iterable[Payment], today: date, grace_days: int = 0) -> Arrears:
    """What is late on ``today``: payments cover what fell due first; the due day itself is not late."""
    left, since, short = received(paid, today), None, ZERO
    for due_on, amount in sorted(planned, key=lambda payment: payment[0]):
        covered = min(left, amount)
        left -= covered
        if covered < amount and days_late(due_on, today, grace_days):
            since = since or due_on
            short += amount - covered
    return Arrears(short, since, (today - since).days) if since else Arrears()


def all_paid(planned: Iterable[Payment], paid: Iterable[Payment], today: date) -> bool:
    """Whether everything planned has come in."""
    return received(paid, today) >= Money.total(amount for _, amount in planned)
