"""Tickets: their clocks by law, and receipt numbers a person can read out."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from conversation.tickets import (
    KINDS,
    SHANGHAI,
    STATES,
    TERMS,
    TicketKind,
    TicketState,
    due_at,
    new_number,
    number_in,
    spoken,
)

#: Friday 2026-11-27, 23:30 in Shanghai
FRIDAY_NIGHT = datetime(2026, 11, 27, 15, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("kind", "last_day"),
    [
        (TicketKind.COMPLAINT, date(2026, 12, 12)),  # 15 days
        (TicketKind.CHARGE_DISPUTE, date(2026, 12, 12)),
        (TicketKind.CREDIT_OBJECTION, date(2026, 12, 17)),  # 20 days, 征信业管理条例 第二十五条
        (TicketKind.PERSONAL_INFORMATION, date(2026, 12, 18)),  # 15 working days: three weeks
        (TicketKind.ACCOUNT_SERVICE, date(2026, 12, 2)),  # Monday, Tuesday, Wednesday
    ],
)
def test_the_clock_counts_from_the_day_after_the_first_statement(kind: TicketKind, last_day: date) -> None:
    due = due_at(kind, FRIDAY_NIGHT).astimezone(SHANGHAI)
    assert due.date() == last_day
    assert (due.hour, due.minute, due.second) == (23, 59, 59), "the last day counts whole"


def test_the_day_is_the_customers_not_utcs() -> None:
    """An hour later it is Saturday in Shanghai, still Friday in UTC."""
    saturday = FRIDAY_NIGHT.replace(hour=16)
    assert due_at(TicketKind.COMPLAINT, saturday).astimezone(SHANGHAI).date() == date(2026, 12, 13)


def test_every_kind_and_state_has_its_words_and_every_clock_its_source() -> None:
    assert set(KINDS) == set(TERMS) == set(TicketKind)
    assert set(STATES) == set(TicketState)
    assert all(term.source and term.promise and term.days > 0 for term in TERMS.values())


def test_a_number_is_ten_digits_and_found_again_however_it_is_written() -> None:
    number = new_number()
    assert len(number) == 10
    assert number.isdigit()
    assert spoken(number).replace("-", "") == number
    for written in (number, spoken(number), spoken(number).replace("-", " "), f"回执号{number}，到哪了"):
        assert number_in(written) == number


def test_a_mistyped_digit_is_no_number_at_all() -> None:
    number = new_number(lambda below: 123_456_789)
    for place in range(10):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert number_in(wrong) is None
    assert number_in("13812345678") is None, "a phone number is not one"


def test_numbers_are_not_handed_out_in_a_row() -> None:
    assert len({new_number() for _ in range(200)}) == 200
