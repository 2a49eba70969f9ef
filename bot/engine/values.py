"""What goes into a turn and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conversation.effects import Effect
from conversation.message import Reply


@dataclass(frozen=True)
class Utterance:
    """One thing the customer said: normalised, masked text, or a button he chose.

    With ``intent`` set it is a button: nothing is parsed, ``entities`` (name → value) are taken as they
    are, and ``text`` is the button's title if the dialogue should see one.
    """

    text: str | None = None
    intent: str | None = None
    entities: dict[str, Any] | None = None


@dataclass(frozen=True)
class TurnResult:
    """What a turn came to; nothing of it has happened yet.

    ``answers`` are "intent@version" of every answer shown. ``tracker`` is the dialogue's new memory, to be
    stored as it is. ``trace`` is {"utterances": [{"intent", "confidence", "decision", "actions"}]}.
    """

    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]
    answers: tuple[str, ...]
    tracker: bytes
    trace: dict[str, Any]
    model_version: str
