"""What an action may return: Rasa's schema of events, compiled once and asked by the event's kind.

Rasa compiles the schema anew for every action and tries every event against all 23 kinds.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

#: Timers and who may speak are the program's: Rasa's reminders die with the process, its pause is silence.
FORBIDDEN = frozenset({"reminder", "cancel_reminder", "pause"})


def _validator(kind: dict[str, Any]) -> Any:
    return Draft202012Validator(
        {
            "type": "object",
            "properties": {**EVENT_SCHEMA["properties"], **kind["properties"]},
            "required": ["event", *kind.get("required", ())],
        }
    )


_kinds = {kind["properties"]["event"]["const"]: _validator(kind) for kind in EVENT_SCHEMA["oneOf"]}


def flaw(result: dict[str, Any], slots: Container[str]) -> str | None:
    """What is wrong with an action's result, without quoting it; None if nothing is.

    ``slots`` are the domain's: Rasa ignores a slot it does not know.
    """
    for number, event in enumerate(result["events"]):
        kind = event.get("event") if isinstance(event, dict) else None
        if kind not in _kinds or kind in FORBIDDEN:
            return f"event {number} is of no kind an action may return"
        if not _kinds[kind].is_valid(event):
            return f"event {number} ({kind}) is incomplete or of the wrong types"
        if kind == "slot" and event["name"] not in slots:
            return f"event {number} sets a slot the domain does not have"
    return None
