"""What customers say they can pay: which sum is a month's, which at hand, which later, and what they propose."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.money import Money
from bot.nlu.means import SaidMeans, is_vague, means_in

TODAY = date(2026, 3, 12)


def yuan(**said: Any) -> SaidMeans:
    sums = {
        name: Money(value * 100)
        for name, value in said.items()
        if name in ("monthly", "later", "at_hand", "replaces")
    }
    return SaidMeans(**{**said, **sums})


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2000", yuan(monthly=2000)),
        ("每个月500到800,手里有3000", yuan(monthly=500, at_hand=3000)),
        ("工资4500能拿一千", yuan(monthly=1000)),
        ("我欠了3万,每个月最多给1000", yuan(monthly=1000)),
        ("除去房租吃饭,一个月剩九百", yuan(monthly=900)),
        ("一千五以下每月没问题", yuan(monthly=1500)),
        ("不是3000,是2000", yuan(monthly=2000, replaces=3000)),
        ("我每月收入3000", yuan()),
        ("每月收入3000,能还800", yuan(monthly=800)),
        ("现在每月500,三个月后能还2000", yuan(monthly=500, later=2000, recovers_in=3)),
        ("每月最多还1500,存款有两万", yuan(monthly=1500, at_hand=20000)),
        ("一分钱都没有", yuan(monthly=0, at_hand=0)),
        ("失业了,没收入", yuan(monthly=0)),
        ("没有存款", yuan(at_hand=0)),
        ("分24期,每期800", yuan(monthly=800, terms=24)),
        ("12期不够,18期可以吗", yuan(terms=18)),
        ("我先还五千,剩下的分12期", yuan(at_hand=5000, terms=12)),
        ("缓两个月再还", yuan(starts_in=2)),
        ("下个月开始行不行", yuan(starts_in=1)),
        ("前两个月先不还,从第三个月开始", yuan(starts_in=2)),
        ("3000太多了,每月1500行不行", yuan(monthly=1500, too_much=True)),
        ("再少点", yuan(too_much=True)),
        ("先还本金行吗", yuan(principal_first=True)),
        ("会上征信吗", yuan()),
    ],
)
def test_each_sum_has_its_part(text: str, means: SaidMeans) -> None:
    assert means_in(text, TODAY) == means


def test_a_bare_answer_is_to_the_question_that_was_asked() -> None:
    assert means_in("没有", TODAY, "hand").at_hand == Money(0)
    assert means_in("没有", TODAY, "month").monthly == Money(0)
    assert means_in("3000", TODAY, "hand").at_hand == Money(300000)
    assert means_in("1500", TODAY, "later").later == Money(150000)


@pytest.mark.parametrize(
    ("text", "vague"), [("说不准", True), ("看情况吧", True), ("不知道还1000行不行", False)]
)
def test_who_says_that_he_cannot_tell_is_understood(text: str, vague: bool) -> None:
    assert is_vague(text) is vague


def test_better_times_in_another_clause_are_no_means_of_today() -> None:
    said = means_in("大概三个月后，每月能还2000", TODAY, "later")
    assert (said.monthly, said.later, said.recovers_in) == (None, Money(200000), 3)
    assert means_in("积蓄用完了，以后每个月能还800", TODAY).monthly == Money(80000)


def test_asked_what_is_at_hand_a_reason_for_nothing_is_nothing() -> None:
    assert means_in("积蓄都看病用完了", TODAY, "hand").at_hand == Money(0)
