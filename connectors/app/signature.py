"""Bearer tokens of the app channel: who signed, for whom, how long. Pure but for the key it is given.

A token is a JWT with aud "yixian-app", sub (customer id, or "guest:…"), iat, exp ≤ 10 minutes later and
optionally auth_time, the moment the customer himself logged in (iat is not: a renewal moves it). The algorithm comes from the key, never
from the token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from conversation.errors import NotAuthenticated
from conversation.identity import GUEST, Identity, Level
from conversation.text import storable

AUDIENCE = "yixian-app"
LIFE = timedelta(minutes=10)
MAX_SUBJECT = 64  #: what the journal keeps of a customer's id
LEEWAY = timedelta(seconds=5)
GUEST_PREFIX = "guest:"


@dataclass(frozen=True)
class Key:
    """A public key with the one algorithm it is used with, and for whom it may speak."""

    public: Any
    algorithm: str
    customers: bool
    guests: bool


def check_key(public: Any, algorithm: str) -> None:
    """ValueError when no token could ever be checked with this key by this algorithm."""
    try:
        jwt.get_algorithm_by_name(algorithm).prepare_key(public)
    except (jwt.PyJWTError, NotImplementedError, TypeError, AttributeError) as error:
        raise ValueError(f"the key does not fit the algorithm {algorithm!r}") from error


@dataclass(frozen=True)
class Bearer:
    """A verified token: ``user`` names the person in this channel; ``expires_at`` aware UTC."""

    user: str
    identity: Identity
    expires_at: datetime

    @property
    def is_guest(self) -> bool:
        return self.identity.customer_id is None


def read_bearer(
    token: str, keys: Mapping[str, Key], now: datetime, grace: timedelta = timedelta(0)
) -> Bearer:
    """The bearer of this token; NotAuthenticated for anything expired, forged or out of form.

    ``grace`` lets a token that ran out not longer ago than that still be exchanged for a new one.
    """
    try:
        key = keys[str(jwt.get_unverified_header(token).get("kid"))]
        claims = jwt.decode(
            token,
            key.public,
            algorithms=[key.algorithm],
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "sub", "aud"], "verify_exp": False, "verify_iat": False},
        )
        return _bearer(claims, key, now, grace)
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise NotAuthenticated() from error


def _bearer(claims: Mapping[str, Any], key: Key, now: datetime, grace: timedelta) -> Bearer:
    subject = str(claims["sub"])
    issued, expires = _moment(claims["iat"]), _moment(claims["exp"])
    if not 0 < len(subject) <= MAX_SUBJECT or not storable(subject) or expires - issued > LIFE:
        raise NotAuthenticated()
    if issued > now + LEEWAY or expires + grace <= now:
        raise NotAuthenticated()
    if subject.startswith(GUEST_PREFIX):
        if not key.guests:
            raise NotAuthenticated()
        return Bearer(subject, GUEST, expires)
    if not key.customers:
        raise NotAuthenticated()
    # a token that does not tell the login proves who he is, but never a login newer than a doubt
    logged_in = _moment(claims["auth_time"]) if "auth_time" in claims else None
    identity = Identity(Level.VERIFIED, subject, logged_in, expires)
    return Bearer(f"customer:{subject}", identity, expires)


def _moment(seconds: Any) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise NotAuthenticated()
    return datetime.fromtimestamp(seconds, timezone.utc)


def sign(
    private_key: Any, key_id: str, subject: str, now: datetime, logged_in: datetime | None = None
) -> str:
    """A token of ten minutes, for guests and the demo; a real bank's app signs its own."""
    claims: dict[str, Any] = {"aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + LIFE}
    if logged_in is not None:
        claims["auth_time"] = logged_in.timestamp()
    return jwt.encode(claims, private_key, algorithm="EdDSA", headers={"kid": key_id})
