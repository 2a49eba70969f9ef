"""Who is speaking, and how sure we are: the identity levels of an inbound message.

none      a guest, or a channel user nobody has bound to a customer
bound     the channel account belongs to a customer; says nothing about who holds the phone
verified  the customer proved himself (bank login, step-up) until a moment in time
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Level(str, Enum):
    NONE = "none"
    BOUND = "bound"
    VERIFIED = "verified"


@dataclass(frozen=True)
class Identity:
    """``customer_id`` is None exactly at level none; both times are aware UTC, set only when verified."""

    level: Level = Level.NONE
    customer_id: str | None = None
    authenticated_at: datetime | None = None
    verified_until: datetime | None = None

    def may_see_account(self, now: datetime, doubted_at: datetime | None = None) -> bool:
        """Account data goes to the verified speaker only, and never after he said he is someone else.

        ``doubted_at`` is when the speaker said so; a login later than that lifts the doubt.
        """
        if self.level is not Level.VERIFIED or self.verified_until is None:
            return False
        if now >= self.verified_until:
            return False
        if doubted_at is None:
            return True
        return self.authenticated_at is not None and self.authenticated_at > doubted_at


GUEST = Identity()
