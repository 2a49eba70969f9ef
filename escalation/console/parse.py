"""Requests of the console: bytes to values. Pure; bodies are read like the app channel's."""

from __future__ import annotations

import msgspec


class LoginIn(msgspec.Struct, frozen=True):
    username: str
    password: str


class PresenceIn(msgspec.Struct, frozen=True):
    presence: str


class ReplyIn(msgspec.Struct, frozen=True):
    """``epoch`` is the one of the summary the agent saw when writing."""

    client_msg_id: str
    text: str
    epoch: int


class EpochIn(msgspec.Struct, frozen=True):
    epoch: int
    reason: str | None = None


class NoteIn(msgspec.Struct, frozen=True):
    text: str


class TypingIn(msgspec.Struct, frozen=True):
    on: bool


class Hello(msgspec.Struct, frozen=True):
    """The first frame of the console's WebSocket."""

    csrf: str
