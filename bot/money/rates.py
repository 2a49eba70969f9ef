"""One rate of interest, said once and never confused: a year's, a month's or a day's.

Owns `Rate`. Conventions of the bank: a month is a year's twelfth, a day a year's 360th (ACT/360).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bot.money.errors import BadRate
from bot.money.money import Exact, Rounding, exact, round_ratio

MONTHS_A_YEAR = 12
DAYS_A_YEAR = 360  #: ACT/360: what the bank charges by
CALENDAR_DAYS_A_YEAR = 365  #: what the courts' 24% ceiling counts by


@dataclass(frozen=True, order=True)
class Rate:
    """An exact annual rate (0.18 = 18% a year), never negative (BadRate). Build it with one of the class methods."""

    annual: Fraction

    def __post_init__(self) -> None:
        if type(self.annual) is not Fraction:
            raise TypeError('Rate keeps an exact Fraction; use Rate.percent("18.00")')
        if self.annual < 0:
            raise BadRate("利率不能是负数")

    @classmethod
    def percent(cls, a_year: Exact) -> Rate:
        """So many per cent a year: Rate.percent("18.00")."""
        return cls(exact(a_year) / 100)

    @classmethod
    def monthly_percent(cls, a_month: Exact) -> Rate:
        """So many per cent a month; a year has twelve."""
        return cls(exact(a_month) / 100 * MONTHS_A_YEAR)

    @classmethod
    def daily_percent(cls, a_day: Exact) -> Rate:
        """So many per cent a day; a year has 360: Rate.daily_percent("0.05") is 18% a year."""
        return cls(exact(a_day) / 100 * DAYS_A_YEAR)

    @property
    def monthly(self) -> Fraction:
        """The month's rate."""
        return self.annual / MONTHS_A_YEAR

    @property
    def daily(self) -> Fraction:
        """The day's rate."""
        return self.annual / DAYS_A_YEAR

    def times(self, multiple: Exact) -> Rate:
        """This rate times an exact multiple."""
        return Rate(self.annual * exact(multiple))

    def render(self, places: int = 2) -> str:
        """ "18.00%" (a year's rate), rounded half up to `places` decimals."""
        scale: int = 10**places
        units = round_ratio(self.annual.numerator * 100 * scale, self.annual.denominator, Rounding.HALF_UP)
        whole, rest = divmod(units, scale)
        return f"{whole}.{rest:0{places}d}%" if places else f"{whole}%"

    def __str__(self) -> str:
        return self.render()


NO_INTEREST = Rate(Fraction(0))
