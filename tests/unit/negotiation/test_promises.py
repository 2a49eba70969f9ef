"""Promises to pay: taken within limits, reminded of by day and seldom, and judged by what came in."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import SHANGHAI, ZERO, Money
from bot.negotiation.keeping import arrears, received
from bot.negotiation.promises import (
    KEPT,
    Kept,
    Promise,
    PromiseRefusal,
    PromiseRules,
    kept,
    may_promise,
    needs_person,
    refusal_text,
)
from bot.negotiation.reminding import (
    Contacted,
    Medium,
    NotNow,
    by_day,
    may_remind,
    next_by_day,
    reminders,
)

TODAY = date(2026, 11, 27)
OWED = Money(500_000)
PROMISE = Promise("R1", "L1", date(2026, 12, 2), Money(100_000), datetime(2026, 11, 27, 12, tzinfo=SHANGHAI))


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("ahead", "fen", "owed", "earlier", "refusal"),
    [
        (0, 10_000, OWED, (), None),
        (14, 500_000, OWED, (Kept.KEPT, Kept.BROKEN, Kept.PARTLY), None),
        (3, 5_000, Money(5_000), (), None),  # all that is owed, although it is little
        (-1, 10_000, OWED, (), PromiseRefusal.DAY_PAST),
        (15, 10_000, OWED, (), PromiseRefusal.DAY_TOO_FAR),
        (3, 9_999, OWED, (), PromiseRefusal.TOO_LITTLE),
        (3, 500_001, OWED, (), PromiseRefusal.MORE_THAN_OWED),
        (3, 10_000, ZERO, (), PromiseRefusal.NOTHING_OWED),
        (3, 10_000, OWED, (Kept.OPEN,), PromiseRefusal.OPEN_ALREADY),
        (3, 10_000, OWED, (Kept.BROKEN, Kept.KEPT, Kept.BROKEN), PromiseRefusal.TO_A_PERSON),
    ],
)
def test_a_promise_is_taken_within_its_limits(ahead, fen, owed, earlier, refusal) -> None:
    assert may_promise(day(ahead), Money(fen), owed, TODAY, earlier) is refusal


def test_the_limits_are_parameters() -> None:
    rules = PromiseRules(within_days=3, least=Money(1), broken_to_person=1)
    assert may_promise(day(4), Money(1), OWED, TODAY, (), rules) is PromiseRefusal.DAY_TOO_FAR
    assert may_promise(day(3), Money(1), OWED, TODAY, (), rules) is None
    assert may_promise(day(3), Money(1), OWED, TODAY, (Kept.BROKEN,), rules) is PromiseRefusal.TO_A_PERSON


def test_a_refusal_says_what_would_do() -> None:
    assert "12 月 11 日" in refusal_text(PromiseRefusal.DAY_TOO_FAR, OWED, TODAY)
    assert "100.00 元" in refusal_text(PromiseRefusal.TOO_LITTLE, OWED, TODAY)
    for refusal in PromiseRefusal:
        assert "{" not in refusal_text(refusal, OWED, TODAY)


@pytest.mark.parametrize(
    ("paid", "ahead", "ended"),
    [
        ([], 5, Kept.OPEN),  # the promised day itself
        ([], 6, Kept.OPEN),  # a transfer may be booked the day after
        ([], 7, Kept.BROKEN),
        ([(day(2), Money(40_000))], 7, Kept.PARTLY),
        ([(day(2), Money(40_000)), (day(5), Money(60_000))], 5, Kept.KEPT),
        ([(day(6), Money(100_000))], 9, Kept.KEPT),
        ([(day(7), Money(100_000))], 9, Kept.BROKEN),  # too late
        ([(day(-1), Money(100_000))], 9, Kept.BROKEN),  # paid before it was promised
        ([(day(0), Money(100_000))], 0, Kept.KEPT),
        ([(day(5), Money(100_000))], 4, Kept.OPEN),  # not yet come in
    ],
)
def test_a_promise_is_judged_by_what_came_in_time(paid, ahead, ended) -> None:
    assert kept(PROMISE, paid, day(ahead)) is ended


def test_every_ending_has_its_word_and_partly_kept_is_not_broken() -> None:
    assert set(KEPT) == set(Kept)
    assert not needs_person([Kept.PARTLY] * 5 + [Kept.BROKEN])
    assert needs_person([Kept.BROKEN, Kept.BROKEN])


def test_a_late_hour_is_still_the_customers_day() -> None:
    """00:30 in Shanghai is the day before in UTC."""
    late = Promise("R", "L", TODAY, Money(1), datetime(2026, 11, 26, 16, 30, tzinfo=timezone.utc))
    assert late.made_on == TODAY


# ── Reminders ────────────────────────────────────────────────────────────────────────────────────────


@given(st.dates(date(2026, 11, 27), date(2027, 3, 1)))
def test_reminders_come_by_day_never_before_the_promise_and_at_most_twice(promised: date) -> None:
    planned = reminders(Promise("R", "L", promised, Money(1), PROMISE.made_at))
    assert len(planned) <= 2
    assert all(by_day(moment) and moment > PROMISE.made_at for moment in planned)
    assert len({moment.astimezone(SHANGHAI).date() for moment in planned}) == len(planned)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(timezone.utc)))
def test_the_next_hour_by_day_is_never_at_night_and_never_earlier(moment: datetime) -> None:
    there = next_by_day(moment)
    assert by_day(there)
    assert moment <= there <= moment + timedelta(hours=10)


@pytest.mark.parametrize(
    ("hour", "minute", "second", "allowed"),
    [(7, 59, 59, False), (8, 0, 0, True), (21, 59, 59, True), (22, 0, 0, False), (0, 0, 0, False)],
)
def test_nobody_is_contacted_from_22_to_8(hour: int, minute: int, second: int, allowed: bool) -> None:
    moment = datetime(2026, 11, 27, hour, minute, second, tzinfo=SHANGHAI).astimezone(timezone.utc)
    assert by_day(moment) is allowed
    assert may_remind(moment, Medium.MESSAGE, Contacted()) is (None if allowed else NotNow.NIGHT)


@pytest.mark.parametrize(
    ("medium", "counted", "why"),
    [
        (Medium.MESSAGE, Contacted(messages_today=1), NotNow.TOO_OFTEN_TODAY),
        (Medium.MESSAGE, Contacted(messages_week=3), NotNow.TOO_OFTEN_THIS_WEEK),
        (Medium.MESSAGE, Contacted(calls_today=9, messages_week=2), None),
        (Medium.VOICE, Contacted(calls_today=2, tries_today=5), None),
        (Medium.VOICE, Contacted(calls_today=3), NotNow.TOO_OFTEN_TODAY),  # GB/T 45251-2025
        (Medium.VOICE, Contacted(tries_today=6), NotNow.TOO_OFTEN_TODAY),  # 中国银行业协会 2026-01-30
        (Medium.VOICE, Contacted(held=True), NotNow.HELD),
        (Medium.MESSAGE, Contacted(held=True), NotNow.HELD),
    ],
)
def test_nobody_is_contacted_too_often_or_after_he_said_stop(medium, counted, why) -> None:
    assert may_remind(datetime(2026, 11, 27, 12, tzinfo=SHANGHAI), medium, counted) is why


# ── What came in ─────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10_000))), st.integers(0, 80))
def test_what_is_late_is_what_fell_due_and_did_not_come(payments, ahead) -> None:
    """The sum is the same however the payments were cut."""
    planned = [(day(number * 10), Money(3_333)) for number in range(6)]
    paid = [(day(after), Money(fen)) for after, fen in payments]
    late = arrears(planned, paid, day(ahead))
    fallen = Money.total(amount for due, amount in planned if due < day(ahead))
    assert late.amount == max(fallen - received(paid, day(ahead)), ZERO)
    assert (late.since is None) == (late.days == 0) == (not late.amount)
