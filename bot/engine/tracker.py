"""The dialogue's memory as stored: event dicts in Rasa's wire format, cut so that a turn costs the same
on the thousandth message as on the fifth.

Replaying the cut events must leave Rasa in the state the full history would have left: same slots, same
active form, same recent states for the policies. Dropping old events alone forgets slots and forms, so
the cut history begins with a head that rebuilds them. Pure; must not import Rasa.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

Event = dict[str, Any]

#: Turns kept as they were. Rules and stories may look back no further than this.
KEPT_TURNS = 6
#: Turns kept before the one that opened the form in progress: once the form ends, policies look back to it.
TURNS_BEFORE_FORM = 2

_VERSION = 1
_PARSED = ("text", "intent", "entities")
_STAMPS = ("model_id", "assistant_id")


class UnreadableTracker(ValueError):
    """The stored bytes are not a tracker this version can read."""


def pack(events: Sequence[Event]) -> bytes:
    """Stored form of the events: JSON, with what nobody reads again left out."""
    return msgspec.json.encode({"v": _VERSION, "events": [_slim(event) for event in events]}, enc_hook=_plain)


def unpack(stored: bytes) -> list[Event]:
    """The event dicts of ``pack``; UnreadableTracker if it is something else."""
    try:
        content = msgspec.json.decode(stored)
        if content["v"] != _VERSION:
            raise UnreadableTracker(f"tracker of version {content['v']}")
        events: list[Event] = content["events"]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise UnreadableTracker(str(error)) from error
    return events


def trim(events: Sequence[Event], turns: int = KEPT_TURNS) -> list[Event]:
    """The last ``turns`` turns, behind a head that rebuilds everything older they depend on.

    ``events`` end with a whole turn. Turns that were taken back do not count and are dropped.
    """
    events = _applied(events)
    cut = _start_of_turn(events, turns)
    if cut == 0:
        return events
    old, tail = events[:cut], events[cut:]
    opening = _opening(old)
    if opening is None:
        return [*_head(old), *tail]
    start = _start_of_turn(old[: opening + 1], 1 + TURNS_BEFORE_FORM)
    kept, middle = old[start : opening + 1], old[opening + 1 :]
    return [*_head(old[:start]), *kept, *_changes(middle), *tail]


def _start_of_turn(events: Sequence[Event], turns: int) -> int:
    """Index of the ``action_listen`` that begins the ``turns``-th last turn; 0 if there are fewer."""
    for at in range(len(events) - 1, -1, -1):
        if events[at]["event"] == "user":
            turns -= 1
            if turns == 0:
                return _listen_before(events, at)
    return 0


def _listen_before(events: Sequence[Event], at: int) -> int:
    while at > 0 and not _is_action(events[at], "action_listen"):
        at -= 1
    return at


def _opening(events: Sequence[Event]) -> int | None:
    """Index of the event that opened the form still active after ``events``, or None."""
    for at in range(len(events) - 1, -1, -1):
        if events[at]["event"] == "active_loop":
            return at if events[at]["name"] else None
    return None


def _applied(events: Sequence[Event]) -> list[Event]:
    """The events that still count: none before a restart or session start, none that were taken back."""
    done: list[Event] = []
    for event in events:
        kind = event["event"]
        if kind in ("restart", "session_started"):
            done = [event]
        elif kind == "undo":
            _take_back(done, "action")
        elif kind == "rewind":
            _take_back(done, "user")
            _take_back(done, "action")
        else:
            done.append(event)
    return done


def _take_back(done: list[Event], kind: str) -> None:
    while done:
        if done.pop()["event"] == kind:
            return


@dataclass
class _State:
    """What a run of events leaves behind, besides the policies' recent states."""

    slots: dict[str, Any] = field(default_factory=dict)
    reset: bool = False
    paused: bool | None = None
    rejected: str | None = None


def _state(events: Iterable[Event]) -> _State:
    state = _State()
    for event in events:
        kind = event["event"]
        if kind == "slot":
            state.slots[event["name"]] = event["value"]
        elif kind == "reset_slots":
            state.slots, state.reset = {}, True
        elif kind in ("pause", "resume"):
            state.paused = kind == "pause"
        elif kind == "action_execution_rejected":
            state.rejected = event["name"]
        elif kind == "action" and event["name"] == state.rejected:
            state.rejected = None
    return state


def _changes(events: Sequence[Event]) -> list[Event]:
    """The shortest events with the lasting effect of ``events``."""
    if not events:
        return []
    state, at = _state(events), events[-1].get("timestamp")
    short: list[Event] = [{"event": "reset_slots", "timestamp": at}] if state.reset else []
    short += [{"event": "slot", "timestamp": at, "name": n, "value": v} for n, v in state.slots.items()]
    if state.paused is not None:
        short.append({"event": "pause" if state.paused else "resume", "timestamp": at})
    if state.rejected is not None:
        short.append({"event": "action_execution_rejected", "timestamp": at, "name": state.rejected})
    return short


def _head(events: Sequence[Event]) -> list[Event]:
    """A session start and the lasting effect of ``events``, which no form outlives."""
    if not events:
        return []
    changes = [event for event in _changes(events) if event["event"] != "action_execution_rejected"]
    return [{"event": "session_started", "timestamp": events[0].get("timestamp")}, *changes]


def _plain(value: Any) -> str | float | list[Any]:
    """Values of YAML's and NumPy's own types as the ordinary ones they stand for."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (tuple, list)):
        return list(value)
    return float(value)


def _is_action(event: Event, name: str) -> bool:
    return event["event"] == "action" and event.get("name") == name


def _slim(event: Event) -> Event:
    """Without empty fields, per-event stamps, and the parts of old parse results that only the turn itself used."""
    slim = {key: value for key, value in event.items() if value is not None and value != {}}
    if event["event"] == "slot":
        slim["value"] = event["value"]
    if event["event"] == "active_loop":
        slim["name"] = event["name"]
    if event["event"] == "user":
        slim["parse_data"] = {key: event["parse_data"].get(key) for key in _PARSED}
    if "metadata" in slim:
        slim["metadata"] = {key: value for key, value in slim["metadata"].items() if key not in _STAMPS}
    if event["event"] == "bot":
        slim["data"] = {key: value for key, value in (event.get("data") or {}).items() if value}
    return slim
