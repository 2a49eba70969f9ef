"""One amount of money, exact to the 分, and the roundings the bank books with.

Owns `Money` and nothing else. Knows no rate, no date, no product. Floats never enter: a float would make
two engines disagree by a 分, and a customer is told one of the two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from bot.money.errors import BadAmount, BadNumber

Exact = int | str | Decimal | Fraction

_YUAN = re.compile(
    r"(?P<sign>-?)[¥￥]?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<cents>[0-9]{1,2}))?\s*元?"
)
_MOST_DIGITS = 40


class Rounding(Enum):
    """What happens to a part of a 分."""

    HALF_UP = "half_up"  #: every booked amount: a half goes away from zero
    DOWN = "down"  #: towards zero: what a customer can afford is never rounded up
    UP = "up"  #: away from zero


def exact(value: Exact) -> Fraction:
    """`value` as an exact fraction.

    TypeError for float and bool. BadNumber for what is not finite or beyond 40 digits, and for text that is
    no number, has an exponent or more than 40 characters: nobody writes a rate like that.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal, Fraction)):
        raise TypeError(
            f"an exact number is needed (int, str, Decimal or Fraction), not {type(value).__name__}"
        )
    if isinstance(value, str) and (len(value) > _MOST_DIGITS or "e" in value.lower()):
        raise BadNumber(f"看不懂的数：“{value[:_MOST_DIGITS]}”")
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS):
        raise BadNumber(f"看不懂的数：“{value}”")
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise BadNumber(f"看不懂的数：“{value}”") from error


def round_ratio(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """`numerator / denominator` (denominator > 0) as a whole number, rounded as told."""
    size = abs(numerator)
    if rounding is Rounding.HALF_UP:
        whole = (2 * size + denominator) // (2 * denominator)
    elif rounding is Rounding.DOWN:
        whole = size // denominator
    else:
        whole = -(-size // denominator)
    return whole if numerator >= 0 else -whole


@dataclass(frozen=True, order=True)
class Money:
    """An amount in whole 分 (1 元 = 100 分); negative amounts are allowed, parts of a 分 are not.

    Adds, subtracts and compares with Money only (anything else: TypeError) and multiplies by whole numbers.
    Everything that may round says so by name: `times`, `percent`, `split`.
    """

    __slots__ = ("fen",)
    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"Money takes whole fen (int), not {type(self.fen).__name__}")

    def __reduce__(self) -> tuple[type[Money], tuple[int]]:
        return Money, (self.fen,)

    @classmethod
    def parse(cls, text: str) -> Money:
        """The amount written as "12,345.67", "12345", "¥80" or "1,234.56 元"; else BadAmount."""
        if not isinstance(text, str):
            raise TypeError(f"Money.parse reads text, not {type(text).__name__}")
        found = _YUAN.fullmatch(text.strip())
        if found is None:
            raise BadAmount(f"看不懂的金额：“{text}”，请写成 12,345.67 这样，最多两位小数")
        whole = int(found["whole"].replace(",", ""))
        fen = whole * 100 + int((found["cents"] or "0").ljust(2, "0"))
        return cls(-fen if found["sign"] else fen)

    @classmethod
    def from_yuan(cls, yuan: int | Decimal | Fraction, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """`yuan` 元 as Money, rounded to the 分."""
        amount = exact(yuan) * 100
        return cls(round_ratio(amount.numerator, amount.denominator, rounding))

    @staticmethod
    def total(amounts: Iterable[Money]) -> Money:
        """The sum; of nothing, zero."""
        return sum(amounts, ZERO)

    @property
    def yuan(self) -> Decimal:
        """The amount in 元 as an exact Decimal with two places."""
        return Decimal(self.fen).scaleb(-2)

    @property
    def text(self) -> str:
        """ "1,234.56": digits only, as used inside tables and files."""
        return f"{self.yuan:,.2f}"

    def render(self) -> str:
        """ "1,234.56 元", as a customer reads it."""
        return f"{self.text} 元"

    def __str__(self) -> str:
        return self.render()

    def __bool__(self) -> bool:
        return self.fen != 0

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __abs__(self) -> Money:
        return Money(abs(self.fen))

    def __mul__(self, count: int) -> Money:
        return Money(self.fen * count) if type(count) is int else NotImplemented

    __rmul__ = __mul__

    def times(self, factor: Exact, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """This amount times an exact factor, rounded once, to the 分."""
        exactly = exact(factor)
        return Money(round_ratio(self.fen * exactly.numerator, exactly.denominator, rounding))

    def percent(self, per_cent: Exact, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """`per_cent` % of this amount: `Money.parse("200").percent("0.6")` is 1.20 元."""
        return self.times(exact(per_cent) / 100, rounding)

    def ratio(self, whole: Money) -> Fraction:
        """What part of `whole` this is, exactly; BadAmount when `whole` is zero."""
        if not whole:
            raise BadAmount("零元没有占比")
        return Fraction(self.fen, whole.fen)

    def split(self, parts: int) -> tuple[Money, ...]:
        """`parts` equal amounts that sum to this one: each rounded half up, the last takes the remainder.

        Where rounding up would use the amount up early, the parts after that are zero, never negative.
        Needs a non-negative amount and at least one part (BadAmount).
        """
        return tuple(map(Money, split_fen(self.fen, parts)))

    def share_out(self, weights: Sequence[Money]) -> tuple[Money, ...]:
        """This amount in proportion to `weights`, summing to it exactly.

        No share is more than a 分 from its exact value, and none exceeds its weight while this amount is at
        most their sum: a payment shared over debts never overpays one of them. BadAmount for weights that are
        negative or all zero.
        """
        whole = sum(weight.fen for weight in weights)
        if whole <= 0 or any(weight.fen < 0 for weight in weights):
            raise BadAmount("分摊的份额不能是负数，也不能全是零")
        edges, reached = [0], 0
        for weight in weights:
            reached += weight.fen
            edges.append(round_ratio(self.fen * reached, whole, Rounding.DOWN))
        return tuple(Money(after - before) for before, after in pairwise(edges))


def split_fen(fen: int, parts: int) -> list[int]:
    """`Money.split` on bare fen, for the inner loops of this package."""
    if fen < 0 or parts < 1:
        raise BadAmount("只有不小于零的金额能分成一份或多份")
    each, left, out = round_ratio(fen, parts), fen, []
    for _ in range(parts - 1):
        part = min(each, left)
        out.append(part)
        left -= part
    out.append(left)
    return out


ZERO = Money(0)
