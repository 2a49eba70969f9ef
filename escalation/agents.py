"""Agents: who may enter the console, with which password, in which session.

Passwords are argon2id (RFC 9106, low-memory profile); hashing is limited to two at a time, or logging
in would itself be a way to stop the machine. Wrong name and wrong password read the same. A session is
a random cookie whose hash is stored; it ends after 12 hours, 60 minutes without use, or a new password.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from conversation.clock import Clock
from conversation.errors import Forbidden, NotAuthenticated
from conversation.state import Agent
from escalation.devices import Guesses, device_token, is_known_device
from escalation.store.agent_store import AgentRow, AgentStore

SESSION_COOKIE = "yixian_desk"
DEVICE_COOKIE = "yixian_desk_device"
DEVICE_LIFE = timedelta(days=90)
SESSION_LIFE = timedelta(hours=12)
IDLE_LIFE = timedelta(minutes=60)
MAX_FAILED = 5
LOCK = timedelta(minutes=15)
PRESENCES = frozenset({"online", "busy", "offline"})


class WrongPassword(NotAuthenticated):
    """账号或密码不正确。连续输错 5 次会锁定 15 分钟，忘记密码请联系主管。"""

    code = "wrong_password"


@dataclass(frozen=True)
class Session:
    """A live login: the agent, his role and presence, and the token every writing request repeats."""

    agent: Agent
    role: str
    presence: str
    csrf: str
    id_hash: str


class Agents:
    def __init__(self, store: AgentStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._hashing = threading.Semaphore(2)
        self._no_one = self._hash(secrets.token_hex(8))
        self._guesses = Guesses(MAX_FAILED, LOCK)

    def add(self, username: str, name: str, role: str, password: str) -> None:
        """Create an agent, or give an existing one this name, role and password."""
        self._store.put(username, name, role, self._hash(password), self._clock.now())

    def exists(self, username: str) -> bool:
        return self._store.by_username(username) is not None

    def log_in(self, username: str, password: str, device: str | None = None) -> tuple[str, Session]:
        """The cookie and the session; WrongPassword, which reads the same for an unknown name, a wrong
        password and a locked account, so that nobody learns which accounts exist. ``device`` is the token
        of a browser used before, if it has one: an account locked by others' guesses is open to it."""
        now = self._clock.now()
        row = self._store.by_username(username[:64])
        right = self._verify(row.password_hash if row else self._no_one, password[:200])
        if row is None:
            raise WrongPassword()
        known = device if is_known_device(device, row.id, row.password_hash) else None
        locked = self._is_locked(row, known, now)
        if row.disabled or locked or not right:
            if not locked:
                self._count_failure(row, known, now)
            raise WrongPassword()
        cookie = secrets.token_urlsafe(32)
        session = replace(_session(row, secrets.token_urlsafe(24), _hashed(cookie)), presence="online")
        self._store.open_session(session.id_hash, row.id, session.csrf, now, now + SESSION_LIFE)
        self._store.set_presence(row.id, session.presence)
        return cookie, session

    def _is_locked(self, row: AgentRow, known: str | None, now: datetime) -> bool:
        if known is not None:
            return self._guesses.used_up(known, now)
        return row.locked_until is not None and row.locked_until > now

    def _count_failure(self, row: AgentRow, known: str | None, now: datetime) -> None:
        if known is not None:
            self._guesses.count(known, now)
        else:
            self._store.count_failure(row.id, MAX_FAILED, now + LOCK)

    def device(self, username: str, device: str | None = None) -> str:
        """The token for the browser that has just logged in: the one it has if it is good, else a new one."""
        row = self._store.by_username(username[:64])
        if row is None:
            raise NotAuthenticated()
        if device is not None and is_known_device(device, row.id, row.password_hash):
            return device
        return device_token(row.id, row.password_hash)

    def session(self, cookie: str | None, used: bool = True) -> Session:
        """The live session of this cookie; NotAuthenticated. ``used`` False only looks: a page that is
        merely open must not keep a session alive."""
        if not cookie:
            raise NotAuthenticated()
        now = self._clock.now()
        id_hash = _hashed(cookie)
        found = self._store.session(id_hash)
        if found is None or found.agent.disabled:
            raise NotAuthenticated()
        if now >= found.expires_at or now >= found.seen_at + IDLE_LIFE:
            raise NotAuthenticated()
        if used and now - found.seen_at > timedelta(minutes=1):
            self._store.touch(id_hash, now)
        return _session(found.agent, found.csrf, id_hash)

    def require_csrf(self, session: Session, token: str | None) -> None:
        if not token or not hmac.compare_digest(token.encode(), session.csrf.encode()):
            raise Forbidden("页面已过期，请刷新后重试。")

    def log_out(self, session: Session) -> None:
        self._store.close_session(session.id_hash)
        self._store.set_presence(session.agent.id, "offline")

    def set_presence(self, session: Session, presence: str) -> None:
        if presence not in PRESENCES:
            raise Forbidden("状态只能是在线、忙碌或离线。")
        self._store.set_presence(session.agent.id, presence)

    def _hash(self, password: str) -> str:
        with self._hashing:
            return str(self._hasher.hash(password))

    def _verify(self, password_hash: str, password: str) -> bool:
        with self._hashing:
            try:
                return bool(self._hasher.verify(password_hash, password))
            except (VerificationError, InvalidHashError):
                return False


def _session(row: AgentRow, csrf: str, id_hash: str) -> Session:
    return Session(Agent(row.id, row.name), row.role, row.presence, csrf, id_hash)


def _hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
