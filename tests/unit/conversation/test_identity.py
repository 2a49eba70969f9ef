"""Who may see account data: the verified speaker, in time, and never after he said he is someone else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from conversation.identity import GUEST, Identity, Level
from conversation.reception import current

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
VERIFIED = Identity(Level.VERIFIED, "C0001", NOW - 5 * MINUTE, NOW + 5 * MINUTE)
BOUND = Identity(Level.BOUND, "C0001")


@pytest.mark.parametrize(
    ("identity", "now", "doubted_at", "may"),
    [
        (GUEST, NOW, None, False),
        (BOUND, NOW, None, False),
        (VERIFIED, NOW, None, True),
        (VERIFIED, NOW + 5 * MINUTE, None, False),  # "until" does not include its end
        (VERIFIED, NOW + 5 * MINUTE - timedelta(microseconds=1), None, True),
        (VERIFIED, NOW, NOW - 6 * MINUTE, True),  # he logged in again after the doubt
        (VERIFIED, NOW, NOW - 5 * MINUTE, False),  # in the same moment: the doubt wins
        (VERIFIED, NOW, NOW - MINUTE, False),
        (Identity(Level.VERIFIED, "C0001", None, None), NOW, None, False),
        (Identity(Level.VERIFIED, "C0001", None, NOW + MINUTE), NOW, NOW - MINUTE, False),
    ],
)
def test_account_data_goes_to_the_verified_speaker_only(
    identity: Identity, now: datetime, doubted_at: datetime | None, may: bool
) -> None:
    assert identity.may_see_account(now, doubted_at) is may


@pytest.mark.parametrize(
    ("known", "arriving", "now_is"),
    [
        (GUEST, GUEST, GUEST),
        (GUEST, VERIFIED, VERIFIED),
        (VERIFIED, GUEST, BOUND),
        (BOUND, GUEST, BOUND),
        (VERIFIED, BOUND, BOUND),
        (BOUND, VERIFIED, VERIFIED),
    ],
)
def test_a_message_proves_what_it_proves_and_no_more(
    known: Identity, arriving: Identity, now_is: Identity
) -> None:
    assert current(known, arriving) == now_is
