"""Days as customers say them become days of the calendar, or a question back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.dates import day_of, find

TUESDAY = date(2026, 11, 24)


def day(text: str, today: date = TUESDAY) -> date | None:
    ((_, _, said),) = find(text)
    return day_of(said, today)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天还", date(2026, 11, 25)),
        ("明早", date(2026, 11, 25)),
        ("大后天", date(2026, 11, 27)),
        ("15号", date(2026, 12, 15)),
        ("28日", date(2026, 11, 28)),
        ("下个月15号", date(2026, 12, 15)),
        ("下下个月3号", date(2027, 1, 3)),
        ("这个月28", date(2026, 11, 28)),
        ("十二月五号", date(2026, 12, 5)),
        ("12.5号", date(2026, 12, 5)),
        ("12/5还", date(2026, 12, 5)),
        ("2027年1月1日", date(2027, 1, 1)),
        ("2026-12-01", date(2026, 12, 1)),
        ("月底", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("年底", date(2026, 12, 31)),
        ("元旦", date(2027, 1, 1)),
        ("周五", date(2026, 11, 27)),
        ("周一", date(2026, 11, 30)),
        ("这周五", date(2026, 11, 27)),
        ("下周五", date(2026, 12, 4)),
        ("下礼拜天", date(2026, 12, 6)),
        ("三天后", date(2026, 11, 27)),
        ("再过5天", date(2026, 11, 29)),
        ("一个星期后", date(2026, 12, 1)),
        ("俩月后", date(2027, 1, 24)),
        ("半个月以后", date(2026, 12, 9)),
        ("一年后", date(2027, 11, 24)),
        ("昨天", date(2026, 11, 23)),
    ],
)
def test_a_certain_day_is_reckoned_from_the_day_of_the_talk(text: str, expected: date) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "发工资以后",
        "过几天",
        "过两天",
        "下个月",
        "周末",
        "过完年",
        "国庆后",
        "周二",
        "24号",
        "31号那天",
        "月初",
        "10月25号",
    ],
)
def test_what_a_person_would_ask_back_is_no_day(text: str) -> None:
    """Nobody's pay day is known; "周二" on a Tuesday, "24号" on the 24th and a day just over may mean two."""
    assert day(text) is None


def test_a_month_ends_where_it_ends() -> None:
    assert day("一个月后", date(2027, 1, 31)) == date(2027, 2, 28)
    assert day("月底", date(2028, 2, 3)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["3期", "12个月", "五号线", "三天两头", "一年", "24小时", "日利率", "千万别", "两个月没还"]
)
def test_lengths_and_figures_of_speech_are_no_days(text: str) -> None:
    assert list(find(text)) == []
