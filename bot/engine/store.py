"""Rasa's tracker store over the running turn: what it loads came with the turn, what it saves leaves with it.

Nothing here touches a database; the worker commits the tracker with the replies and effects.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.engine import tracker as memory


@dataclass
class Running:
    """What Rasa works on in one turn."""

    stored: bytes | None
    tracker: DialogueStateTracker | None = None
    parsed: dict[str, Any] = field(default_factory=dict)  #: the current utterance as understood
    actions: list[str] = field(default_factory=list)  #: run for the current utterance


running: ContextVar[Running] = ContextVar("running")

_kinds: dict[str, Any] = {}


class TurnTrackerStore(TrackerStore):  # type: ignore[misc]
    """One tracker: that of the running turn."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = running.get()
        if turn.tracker is None and turn.stored is not None:
            turn.tracker = rebuild(sender_id, turn.stored, self.domain)
        return turn.tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        running.get().tracker = tracker


def rebuild(sender_id: str, stored: bytes, domain: Domain) -> DialogueStateTracker:
    """The tracker of a packed history; UnreadableTracker if it is none."""
    events = [event_from(entry) for entry in memory.unpack(stored)]
    return DialogueStateTracker.from_events(sender_id, events, domain.slots, domain=domain)


def packed(tracker: DialogueStateTracker) -> bytes:
    """The stored form of a tracker after a turn, trimmed."""
    return memory.pack(memory.trim([event.as_dict() for event in tracker.events]))


def event_from(entry: dict[str, Any]) -> Event:
    """As ``Event.from_parameters``, which walks all event classes anew for every event."""
    if not _kinds:
        _kinds.update((kind.type_name, kind) for kind in reversed(all_subclasses(Event)))
    return _kinds[entry["event"]]._from_parameters(entry)
