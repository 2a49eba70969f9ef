"""Browsers an agent has logged in with before: a stranger's guesses lock the account to strangers only.

Without them anybody who knows the agents' names could lock the whole desk out, five guesses each. A device's
token is the agent's id, a random number, and a MAC keyed by the hash of his password: nothing of it is
stored, and a new password ends all of them. A known browser has five guesses of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

MOST_REMEMBERED = 10_000


def device_token(agent_id: str, password_hash: str) -> str:
    """A new device's token for this agent and password."""
    number = secrets.token_hex(16)
    return f"{agent_id}.{number}.{_mac(agent_id, number, password_hash)}"


def is_known_device(token: str | None, agent_id: str, password_hash: str) -> bool:
    """Whether the token was given to a browser of this agent, since he has this password."""
    owner, _, rest = (token or "").partition(".")
    number, _, mac = rest.partition(".")
    expected = _mac(agent_id, number, password_hash)
    return owner == agent_id and hmac.compare_digest(mac.encode(), expected.encode())


def _mac(agent_id: str, number: str, password_hash: str) -> str:
    said = f"device\0{agent_id}\0{number}".encode("utf-8", "surrogateescape")
    return hmac.new(password_hash.encode(), said, hashlib.sha256).hexdigest()


class Guesses:
    """Wrong passwords of each known device in this process; ``most`` of them lock it for a while."""

    def __init__(self, most: int, lock: timedelta) -> None:
        self._most = most
        self._lock = lock
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()
        self._guard = threading.Lock()

    def used_up(self, token: str, now: datetime) -> bool:
        with self._guard:
            return len(self._recent(token, now)) >= self._most

    def count(self, token: str, now: datetime) -> None:
        with self._guard:
            self._wrong[token] = [*self._recent(token, now), now]
            self._wrong.move_to_end(token)
            if len(self._wrong) > MOST_REMEMBERED:
                self._wrong.popitem(last=False)

    def _recent(self, token: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._wrong.get(token, ()) if now < moment + self._lock]
