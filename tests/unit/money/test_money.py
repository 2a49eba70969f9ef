"""What an amount of money promises: exact to the 分, never a float, never a lost 分."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import ZERO, Money, Rounding

FEN = st.integers(min_value=0, max_value=500_000_000)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("12,345.67", 1234567),
        ("12345.6", 1234560),
        ("0.01", 1),
        ("¥80", 8000),
        ("-1,000.50", -100050),
        ("1,234.56 元", 123456),
        (" 5000000 ", 500000000),
    ],
)
def test_an_amount_is_read_as_people_write_it(written, fen):
    """Thousands separators, one or two decimals, ¥ and 元 are understood."""
    assert Money.parse(written) == Money(fen)


@pytest.mark.parametrize("written", ["", "12.345", "1,23.00", "12,3456", "一百", "1e5", "٣", "12..3", "+5"])
def test_an_amount_that_is_not_clear_is_refused_in_chinese(written):
    """A third decimal or a misplaced comma is never guessed at."""
    with pytest.raises(ValueError, match="看不懂的金额"):
        Money.parse(written)


@pytest.mark.parametrize("value", [1.0, True, "100", None, Decimal("1")])
def test_money_takes_only_whole_fen(value):
    """A float, a bool, text or a Decimal is a programming error."""
    with pytest.raises(TypeError):
        Money(value)


@pytest.mark.parametrize("other", [1, 1.0, "1", Decimal(1), None])
def test_money_does_not_mix_with_anything_else(other):
    """Adding, subtracting or ordering Money with another type is a TypeError, and it never equals one."""
    for mix in (lambda: Money(1) + other, lambda: Money(1) - other, lambda: Money(1) < other):
        with pytest.raises(TypeError):
            mix()
    assert Money(1) != other


@pytest.mark.parametrize("factor", [1.5, True])
def test_money_is_never_multiplied_by_a_float_or_a_bool(factor):
    """0.1 as a float is not a tenth."""
    for multiply in (lambda: Money(100) * factor, lambda: Money(100).times(factor)):
        with pytest.raises(TypeError):
            multiply()


def test_an_amount_is_shown_as_customers_read_it():
    """Thousands separated, two decimals, 元 behind."""
    assert str(Money(123456)) == "1,234.56 元"
    assert Money(-5).text == "-0.05"
    assert Money(50000000000).render() == "500,000,000.00 元"


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_what_is_shown_reads_back_the_same(fen):
    """parse undoes render."""
    assert Money.parse(Money(fen).render()) == Money(fen)


def test_halves_of_a_fen_go_up_when_booked_and_down_when_told():
    """HALF_UP is the default; affordability rounds DOWN."""
    assert Money(1).times(Fraction(1, 2)) == Money(1)
    assert Money(-1).times(Fraction(1, 2)) == Money(-1)
    assert Money(3).times("0.5", Rounding.DOWN) == Money(1)
    assert Money(3).times("0.4", Rounding.UP) == Money(2)
    assert Money.from_yuan(Decimal("0.005")) == Money(1)
    assert Money.parse("10000").percent("0.6") == Money.parse("60")


@given(FEN, st.integers(min_value=1, max_value=360))
def test_parts_sum_to_the_whole_and_none_is_negative(fen, parts):
    """A split loses no 分, and all parts but the last differ only when the amount runs out."""
    split = Money(fen).split(parts)
    assert len(split) == parts
    assert Money.total(split) == Money(fen)
    assert min(split) >= ZERO


def test_a_thousand_in_three():
    """Each part half up, the last takes the remainder."""
    assert [part.text for part in Money.parse("1000").split(3)] == ["333.33", "333.33", "333.34"]


@given(st.lists(FEN, min_size=1, max_size=8), st.fractions(min_value=0, max_value=1))
def test_shares_sum_to_the_whole_and_none_exceeds_its_weight(weights, part):
    """A payment shared over debts never overpays one of them."""
    if not sum(weights):
        with pytest.raises(ValueError):
            Money(1).share_out([Money(weight) for weight in weights])
        return
    amount = Money(sum(weights)).times(part, Rounding.DOWN)
    shares = amount.share_out([Money(weight) for weight in weights])
    assert Money.total(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert ZERO <= share <= Money(weight)
        assert abs(share.fen - Fraction(amount.fen * weight, sum(weights))) < 1


def test_money_is_a_value():
    """Frozen, hashable, ordered, false when zero; copies and pickles as itself."""
    with pytest.raises(AttributeError):
        Money(1).fen = 2  # type: ignore[misc]
    assert len({Money(1), Money(1), Money(2)}) == 2
    assert not ZERO
    assert Money(1)
    assert max(Money(3), Money(2)) == Money(3)
    assert pickle.loads(pickle.dumps(Money(7))) == copy.deepcopy(Money(7)) == Money(7)
