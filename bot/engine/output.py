"""Collects what the bot says in a turn, in our own values instead of a channel's format."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.core.channels.channel import OutputChannel

from conversation.message import Choice, Reply

_PAYLOAD = re.compile(r"/(?P<intent>[^{@/\s]+)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)


class BadButton(ValueError):
    """A response or action made a button whose payload is not ``/intent`` or ``/intent{json}``."""


class Collector(OutputChannel):  # type: ignore[misc]
    """The output channel of one turn; ``channel`` picks channel-specific response variations."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.replies: list[Reply] = []

    def name(self) -> str:
        return self.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One Rasa message (text, buttons, custom) becomes one Reply; an empty one becomes none."""
        reply = Reply(
            text=_text(message.get("text")),
            choices=tuple(choice(button) for button in message.get("buttons") or ()),
            card=message.get("custom") or None,
        )
        if reply.text or reply.choices or reply.card:
            self.replies.append(reply)


def choice(button: dict[str, Any]) -> Choice:
    """A Rasa button (``title``, ``payload``) as a Choice; BadButton if the payload is something else."""
    match = _PAYLOAD.fullmatch(button.get("payload") or "")
    if match is None or not button.get("title"):
        raise BadButton(str(button.get("payload")))
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError as error:
        raise BadButton(str(button["payload"])) from error
    return Choice(str(button["title"]), match["intent"], entities)


def _text(text: str | None) -> str | None:
    return str(text).strip() or None if text else None
