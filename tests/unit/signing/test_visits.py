"""The way through the signing page: read long enough, by the server's clock; a code once, briefly, few tries."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.negotiation.signing import Refusal, SigningRules
from bot.signing import visits
from bot.signing.errors import (
    CodeExpired,
    CodeTooSoon,
    CodeUsedUp,
    CodeWrong,
    NoCode,
    Refused,
    TooManyCodes,
)
from bot.signing.visits import CODE_LIFE, CODE_PAUSE, CODE_TRIES, CODES_A_DAY, DAY, Visit

NOW = datetime(2026, 11, 27, 4, tzinfo=timezone.utc)
RULES = SigningRules()
MOMENT = timedelta(microseconds=1)
FRESH = Visit("P1", "")
SHOWN = visits.shown(FRESH, "F", NOW)


def test_the_reading_time_runs_from_the_first_showing_and_a_reload_neither_shortens_nor_lengthens_it() -> (
    None
):
    assert visits.shown(SHOWN, "F", NOW + timedelta(seconds=9)) == SHOWN
    assert visits.reading_left(SHOWN, NOW + timedelta(seconds=9), RULES) == RULES.reading - timedelta(
        seconds=9
    )


def test_a_moment_too_early_is_refused_and_the_moment_itself_counts() -> None:
    with pytest.raises(Refused) as refused:
        visits.table_confirmed(SHOWN, "F", NOW + RULES.reading - MOMENT, RULES)
    assert refused.value.code == Refusal.TABLE_READ_TOO_SHORT.value
    assert visits.table_confirmed(SHOWN, "F", NOW + RULES.reading, RULES).table_at == NOW + RULES.reading


def test_other_terms_begin_anew() -> None:
    """What was read, checked and proved of one offer counts nothing for another; the codes' count stays."""
    done = visits.table_confirmed(SHOWN, "F", NOW + RULES.reading, RULES)
    done = visits.plan_confirmed(visits.code_sent(done, "h", NOW), "F", NOW)
    done, _ = visits.code_entered(done, "h", NOW)
    other = visits.shown(done, "G", NOW + DAY / 2)
    assert (other.table_at, other.plan_at, other.verified_at, other.code) == (None,) * 4
    assert other.codes == 1
    with pytest.raises(Refused):
        visits.table_confirmed(done, "G", NOW + DAY, RULES)
    with pytest.raises(Refused):
        visits.plan_confirmed(done, "G", NOW + DAY)


def test_what_was_never_shown_is_not_confirmed() -> None:
    for confirm in (
        lambda: visits.table_confirmed(FRESH, "F", NOW, RULES),
        lambda: visits.plan_confirmed(FRESH, "F", NOW),
    ):
        with pytest.raises(Refused):
            confirm()


def test_a_code_counts_once() -> None:
    sent = visits.code_sent(SHOWN, "h", NOW)
    proved, wrong = visits.code_entered(sent, "h", NOW + MOMENT)
    assert wrong is None
    assert proved.verified_at == NOW + MOMENT
    assert isinstance(visits.code_entered(proved, "h", NOW + MOMENT)[1], NoCode)


def test_a_code_expires() -> None:
    sent = visits.code_sent(SHOWN, "h", NOW)
    assert visits.code_entered(sent, "h", NOW + CODE_LIFE)[1] is None
    late, wrong = visits.code_entered(sent, "h", NOW + CODE_LIFE + MOMENT)
    assert isinstance(wrong, CodeExpired)
    assert late.verified_at is None


def test_a_code_stands_few_tries_and_then_not_even_the_right_one_counts() -> None:
    visit = visits.code_sent(SHOWN, "h", NOW)
    for _ in range(CODE_TRIES - 1):
        visit, wrong = visits.code_entered(visit, "x", NOW)
        assert isinstance(wrong, CodeWrong)
    visit, wrong = visits.code_entered(visit, "x", NOW)
    assert isinstance(wrong, CodeUsedUp)
    assert isinstance(visits.code_entered(visit, "h", NOW)[1], NoCode)


def test_codes_are_sent_with_pauses_and_only_so_many_a_day() -> None:
    visit, now = SHOWN, NOW
    for _ in range(CODES_A_DAY):
        visit = visits.code_sent(visit, "h", now)
        with pytest.raises(CodeTooSoon):
            visits.code_sent(visit, "h", now + CODE_PAUSE - MOMENT)
        now += CODE_PAUSE
    with pytest.raises(TooManyCodes):
        visits.code_sent(visit, "h", now)
    assert visits.code_sent(visit, "h", NOW + DAY).codes == 1


def test_a_new_code_makes_the_old_one_worthless() -> None:
    visit = visits.code_sent(visits.code_sent(SHOWN, "old", NOW), "new", NOW + CODE_PAUSE)
    assert isinstance(visits.code_entered(visit, "old", NOW + CODE_PAUSE)[1], CodeWrong)


def test_the_proof_lasts_as_long_as_the_rules_say() -> None:
    proved, _ = visits.code_entered(visits.code_sent(SHOWN, "h", NOW), "h", NOW)
    assert visits.verified_left(proved, NOW + RULES.verification - MOMENT, RULES) == MOMENT
    assert not visits.verified_left(proved, NOW + RULES.verification, RULES)
