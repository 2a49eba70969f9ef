"""A signed repayment plan as the bank books it: the amounts and days as signed, split into what each is for.

PURE. Owns the order's form on the wire and the split. The amounts are never reckoned again: the customer pays what he
signed. Old interest and charges that were not waived are spread evenly and bear nothing; interest is the month's on
what is left, an odd first period by its days, a pause's spread over the payments after it; the rest is principal, and
the last payment clears it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.money import (
    ZERO,
    Money,
    Rate,
    Schedule,
    add_months,
    first_period_interest,
    interest_between,
    monthly_interest,
)


@dataclass(frozen=True)
class Agreement:
    """What was signed. ``at_once`` is the first payment where it comes before the instalments, else zero."""

    payments: tuple[tuple[date, Money], ...]
    at_once: Money = ZERO
    pause: int = 0  #: months without payment that were agreed

    @property
    def upfront(self) -> int:
        """How many payments come before the instalments: 0 or 1."""
        return 1 if self.at_once else 0

    @property
    def anchor(self) -> int:
        """The due day; a month that has none is clipped, so the largest is the one meant."""
        return max(day.day for day, _ in self.payments[self.upfront :] or self.payments)


@dataclass(frozen=True)
class PlanOrder:
    """What the bank is told of a signed plan. ``owed`` and ``waived`` are of ``priced_on``, from when it runs."""

    plan_id: str
    priced_on: date
    owed: Money
    waived: Money
    agreement: Agreement

    @classmethod
    def read(cls, payload: Mapping[str, object]) -> PlanOrder:
        """The order out of a CHANGE_PLAN payload; ValueError where a day or an amount is none."""
        agreement = Agreement(
            payments_of(str(payload["payments"])), _fen(payload["at_once"]), int(str(payload["pause"]))
        )
        days = [day for day, _ in agreement.payments]
        priced_on = date.fromisoformat(str(payload["priced_on"]))
        if days != sorted(days) or days[0] < priced_on or agreement.pause < 0:
            raise ValueError("the payments are not in order")
        if not all(amount for _, amount in agreement.payments):
            raise ValueError("a payment of nothing")
        if agreement.at_once not in (ZERO, agreement.payments[0][1]):
            raise ValueError("what is paid at once is not the first payment")
        owed, waived = _fen(payload["owed"]), _fen(payload["waived"])
        return cls(str(payload["plan_id"]), priced_on, owed, waived, agreement)

    def written(self) -> dict[str, str | int]:
        """As `read` reads it."""
        return {
            "plan_id": self.plan_id,
            "priced_on": self.priced_on.isoformat(),
            "owed": self.owed.fen,
            "waived": self.waived.fen,
            "at_once": self.agreement.at_once.fen,
            "pause": self.agreement.pause,
            "payments": payments_text(self.agreement.payments),
        }


def payments_text(payments: Sequence[tuple[date, Money]]) -> str:
    """ "2026-12-05:120034 2027-01-05:120034": days and whole fen."""
    return " ".join(f"{day.isoformat()}:{amount.fen}" for day, amount in payments)


def payments_of(text: str) -> tuple[tuple[date, Money], ...]:
    """The payments again; ValueError where it is not such a text or is empty."""
    pairs = [each.split(":") for each in text.split(" ")]
    return tuple((date.fromisoformat(day), _fen(int(fen))) for day, fen in pairs)


@dataclass(frozen=True)
class Split:
    """The payments by kind, one row each; ``deferred`` is the part of the interest that a pause brought."""

    schedule: Schedule
    deferred: tuple[Money, ...]


def split(agreement: Agreement, start: date, principal: Money, carried: Money, rate: Rate) -> Split:
    """What each payment is for; ValueError where they do not repay principal and carried, or not only them and interest."""
    down_carried = min(agreement.at_once, carried)
    down_principal = agreement.at_once - down_carried
    left, old = principal - down_principal, carried - down_carried
    months = agreement.payments[agreement.upfront :]
    if left < ZERO or (not months and (left or old)):
        raise ValueError("the payments do not repay what is owed")
    deferred = _deferred(agreement, start, left, rate, months)
    rows = [(down_principal.fen, 0, down_carried.fen)] if agreement.upfront else []
    rows += _rows(months, start, left, old, rate, deferred if agreement.pause else None)
    principals, interests, carrieds = zip(*rows, strict=True)
    schedule = Schedule(principals, interests, carrieds, (0,) * len(rows))
    return Split(schedule, ((ZERO,) * agreement.upfront) + deferred)


def _deferred(
    agreement: Agreement, start: date, left: Money, rate: Rate, months: Sequence[tuple[date, Money]]
) -> tuple[Money, ...]:
    """The interest of the pause, by the day until a month before the first instalment, spread over them."""
    if not agreement.pause:
        return (ZERO,) * len(months)
    resumes = max(start, add_months(months[0][0], -1, agreement.anchor))
    return tuple(interest_between(left, rate, start, resumes).split(len(months)))


def _rows(
    months: Sequence[tuple[date, Money]],
    start: date,
    left: Money,
    old: Money,
    rate: Rate,
    deferred: Sequence[Money] | None,
) -> Iterator[tuple[int, int, int]]:
    """(principal, interest, carried) in fen, month by month."""
    for number, (day, amount) in enumerate(months):
        carried = old.split(len(months))[number]
        interest = monthly_interest(left, rate)
        if deferred is not None:
            interest += deferred[number]
        elif number == 0:
            interest = first_period_interest(left, rate, start, day)
        rest = amount - carried
        part = left if number + 1 == len(months) else min(left, max(rest - interest, ZERO))
        if rest < part:
            raise ValueError("the payments do not repay what is owed")
        yield part.fen, (rest - part).fen, carried.fen
        left = left - part


def _fen(value: object) -> Money:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no amount in fen")
    return Money(value)
