"""Requests of the console: bytes to values. Pure; bodies are read like the app channel's."""

from __future__ import annotations

from datetime import datetime

import msgspec

from conversation.errors import BadRequest


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


class AnswerIn(msgspec.Struct, frozen=True):
    """The whole text of an answer's file."""

    text: str


class RevisionIn(msgspec.Struct, frozen=True):
    """``base`` is the number the text was written from; ``effective_from`` ISO-8601 with zone, else at once."""

    text: str
    base: int
    reason: str
    effective_from: str | None = None


class RollbackIn(msgspec.Struct, frozen=True):
    """``to`` is the number to bring back, 0 for the program's own."""

    to: int
    reason: str
    emergency: bool = False


class CommentIn(msgspec.Struct, frozen=True):
    comment: str = ""


class BannerIn(msgspec.Struct, frozen=True):
    """``scope`` is all, channel or topic; moments are ISO-8601 with zone."""

    text: str
    scope: str
    reason: str
    names: list[str] = []
    starts_at: str | None = None
    ends_at: str | None = None
    emergency: bool = False


class SwitchIn(msgspec.Struct, frozen=True):
    """``kind`` is topic, channel or negotiation (without a name)."""

    kind: str
    stopped: bool
    reason: str
    name: str = ""


class OfferIn(msgspec.Struct, frozen=True):
    """What kind of plan; the server reckons the rest. ``kind`` is lump, plan or ext; per cents and months."""

    kind: str
    terms: int = 0
    waiver: int = 0
    down: int = 0
    pause: int = 0


class SendOfferIn(msgspec.Struct, frozen=True):
    """``papers``: the customer must hand in papers first."""

    offer: OfferIn
    epoch: int
    reason: str = ""
    papers: bool = False


def moment(written: str | None) -> datetime | None:
    """An aware moment; BadRequest for anything else."""
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        raise BadRequest("时间应写成 2026-11-24T10:00:00+08:00 的样子。") from None
    if found.tzinfo is None:
        raise BadRequest("时间要带时区，如 2026-11-24T10:00:00+08:00。")
    return found
