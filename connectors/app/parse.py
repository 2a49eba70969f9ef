"""Requests of the app channel: bytes to values. Pure."""

from __future__ import annotations

import msgspec

from conversation.errors import BadRequest
from conversation.identity import Identity
from conversation.message import InboundMessage


class MessageIn(msgspec.Struct, frozen=True):
    """A message: exactly one of text (≤ 2,000 code points) and payload (a button's id)."""

    client_msg_id: str
    text: str | None = None
    payload: str | None = None


#: code points that cost as much to understand as a message does to accept
_LONG = 250


def weight(message: MessageIn) -> int:
    """What a message counts for the rate limit: 1 for a short one, 9 for the longest allowed."""
    return 1 + len(message.text or "") // _LONG


class DemoTokenIn(msgspec.Struct, frozen=True):
    customer_id: str


class Authentication(msgspec.Struct, frozen=True):
    """The first frame of a WebSocket, and every renewal."""

    token: str


def inbound(conversation_id: str, message: MessageIn, identity: Identity) -> InboundMessage:
    return InboundMessage(
        conversation_id=conversation_id,
        source_id=message.client_msg_id,
        text=message.text,
        payload=message.payload,
        identity=identity,
    )


def parse_after(written: str | None) -> int:
    """The cursor: the last seq the client has, 0 for none."""
    if written is None or written == "":
        return 0
    if not written.isascii() or not written.isdigit() or len(written) > 9:
        raise BadRequest("参数 after 应为非负整数。")
    return int(written)


def parse_wait(written: str | None) -> float:
    """Seconds a long poll may wait, at most 25."""
    if not written:
        return 0.0
    try:
        seconds = float(written)
    except ValueError:
        raise BadRequest("参数 wait 应为秒数。") from None
    if not 0 <= seconds < float("inf"):
        raise BadRequest("参数 wait 应为秒数。")
    return min(seconds, 25.0)
