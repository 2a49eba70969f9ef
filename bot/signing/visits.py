"""A customer's way through the signing page: shown, read, checked, proved. Pure; the store keeps it.

The server alone measures: the reading time runs from the first showing of these very terms, and other terms begin
anew. A code is known here by a keyed hash only; it lasts five minutes and stands five wrong entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest

from bot.negotiation.signing import Confirmed, Evidence, Place, Refusal, SigningRules
from bot.signing.errors import (
    CodeExpired,
    CodeTooSoon,
    CodeUsedUp,
    CodeWrong,
    NoCode,
    Refused,
    TooManyCodes,
)
from conversation.errors import YixianError

CODE_LIFE = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODE_TRIES = 5
CODES_A_DAY = 5
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Visit:
    """Where the customer stands; moments are aware UTC, None: not yet."""

    plan_id: str
    fingerprint: str
    shown_at: datetime | None = None
    table_at: datetime | None = None  #: the cost table was confirmed
    plan_at: datetime | None = None  #: the payments were confirmed
    code: str | None = None  #: keyed hash
    code_at: datetime | None = None
    code_tries: int = 0
    codes: int = 0  #: sent since ``codes_since``
    codes_since: datetime | None = None
    verified_at: datetime | None = None


def shown(visit: Visit, fingerprint: str, now: datetime) -> Visit:
    """The terms are on the screen; the same again changes nothing, others begin anew (but not the codes' count)."""
    if visit.fingerprint == fingerprint and visit.shown_at is not None:
        return visit
    counted = Visit(visit.plan_id, fingerprint, codes=visit.codes, codes_since=visit.codes_since)
    return replace(counted, shown_at=now, code_at=visit.code_at)


def reading_left(visit: Visit, now: datetime, rules: SigningRules) -> timedelta:
    """How long the cost table must still be read."""
    if visit.table_at is not None:
        return timedelta(0)
    if visit.shown_at is None:
        return rules.reading
    return max(timedelta(0), visit.shown_at + rules.reading - now)


def table_confirmed(visit: Visit, fingerprint: str, now: datetime, rules: SigningRules) -> Visit:
    """The cost table was read and confirmed. Refused: another one, never shown, too soon."""
    if visit.shown_at is None:
        raise Refused(Refusal.TABLE_NOT_SHOWN)
    if visit.fingerprint != fingerprint:
        raise Refused(Refusal.TABLE_OF_ANOTHER)
    if reading_left(visit, now, rules):
        raise Refused(Refusal.TABLE_READ_TOO_SHORT)
    return replace(visit, table_at=visit.table_at or now)


def plan_confirmed(visit: Visit, fingerprint: str, now: datetime) -> Visit:
    """The payments were checked and confirmed. Refused: other ones, never shown."""
    if visit.shown_at is None:
        raise Refused(Refusal.NOT_READ_BACK)
    if visit.fingerprint != fingerprint:
        raise Refused(Refusal.READ_BACK_OF_ANOTHER)
    return replace(visit, plan_at=visit.plan_at or now)


def code_wait(visit: Visit, now: datetime) -> timedelta:
    """How long until the next code may be asked for."""
    if visit.code_at is None:
        return timedelta(0)
    return max(timedelta(0), visit.code_at + CODE_PAUSE - now)


def code_sent(visit: Visit, code: str, now: datetime) -> Visit:
    """A new code is on its way (``code``: its keyed hash); an older one no longer counts.

    Errors: CodeTooSoon, TooManyCodes.
    """
    if code_wait(visit, now):
        raise CodeTooSoon()
    today = visit.codes_since is not None and now - visit.codes_since < DAY
    if today and visit.codes >= CODES_A_DAY:
        raise TooManyCodes()
    count = visit.codes + 1 if today else 1
    since = visit.codes_since if today else now
    return replace(visit, code=code, code_at=now, code_tries=0, codes=count, codes_since=since)


def code_entered(visit: Visit, code: str, now: datetime) -> tuple[Visit, YixianError | None]:
    """The visit after an entry (``code``: its keyed hash), and what was wrong with it. A code counts once."""
    if visit.code is None or visit.code_at is None:
        return visit, NoCode()
    if now - visit.code_at > CODE_LIFE:
        return replace(visit, code=None), CodeExpired()
    if compare_digest(visit.code, code):
        return replace(visit, code=None, verified_at=now), None
    tries = visit.code_tries + 1
    if tries >= CODE_TRIES:
        return replace(visit, code=None, code_tries=tries), CodeUsedUp()
    left = CODE_TRIES - tries
    wrong = CodeWrong(f"验证码不对，请核对短信后再输入，还可以试 {left} 次。")
    return replace(visit, code_tries=tries), wrong


def verified_left(visit: Visit, now: datetime, rules: SigningRules) -> timedelta:
    """How long the proof still counts."""
    if visit.verified_at is None:
        return timedelta(0)
    return max(timedelta(0), visit.verified_at + rules.verification - now)


def evidence(visit: Visit, customer_id: str, told: Evidence) -> Evidence:
    """What is on record of this visit; ``told`` holds what the page disclosed."""

    def confirmed(at: datetime | None) -> Confirmed | None:
        return Confirmed(visit.fingerprint, visit.shown_at, at) if visit.shown_at and at else None

    return replace(
        told,
        place=Place.SIGNING_PAGE,
        cost_table=confirmed(visit.table_at),
        read_back=confirmed(visit.plan_at),
        verified_at=visit.verified_at,
        verified_as=customer_id if visit.verified_at else "",
    )
