"""An uncertain day becomes two or three days a customer can choose from."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.actions.days import possible_days, resolved, said_day, written_day
from bot.nlu.dates import day_of

TODAY = date(2026, 3, 12)  # a Thursday


def days(*written: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(f"2026-{one}") for one in written)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("12日", days("03-12", "04-12")),
        ("周四", days("03-12", "03-19")),
        ("周末", days("03-14", "03-15")),
        ("过几天", days("03-15", "03-17", "03-19")),
        ("下周", days("03-16", "03-18", "03-20")),
        ("下月", days("04-01", "04-10", "04-20")),
        ("下月初", days("04-01", "04-05", "04-10")),
        ("月初", days("04-01", "04-05", "04-10")),
        ("发工资以后", days("03-15", "04-05", "04-10")),
        ("4月31日", days("04-30", "05-01")),
        ("2月1日", (date(2026, 4, 1), date(2027, 2, 1))),
        ("年后", ()),
        ("99日", ()),
    ],
)
def test_possible_days(said: str, meant: tuple[date, ...]) -> None:
    assert possible_days(said, TODAY) == meant


@given(
    st.sampled_from(["12日", "31日", "30日", "周四", "周末", "过几天", "下周", "下月", "下月中旬", "发工资"]),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_days_offered_are_never_over_and_certain_once_chosen(said: str, today: date) -> None:
    for day in possible_days(said, today):
        assert today <= day < today + timedelta(days=100)
        assert day_of(written_day(day), today) == day


def test_a_person_reads_the_day_and_the_words() -> None:
    assert resolved("明天", TODAY) == "3月13日（周五），原话“明天”"
    assert resolved("2026年4月12日", TODAY) == "4月12日（周日）"
    assert resolved("年后", TODAY) == "年后"
    assert said_day(date(2027, 1, 1), TODAY) == "2027年1月1日（周五）"
