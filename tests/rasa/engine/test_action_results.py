"""What an action may hand back, and what is taken for a mistake."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")

SLOTS = {"amount", "requested_slot"}


def judged(*events: Any) -> str | None:
    from bot.engine.results import flaw

    return flaw({"events": list(events), "responses": []}, SLOTS)


@pytest.mark.parametrize(
    "event",
    [
        {"event": "slot", "name": "amount", "value": None, "timestamp": None},
        {"event": "slot", "name": "requested_slot", "value": "amount"},
        {"event": "followup", "name": "action_listen"},
        {"event": "active_loop", "name": None},
        {"event": "rewind"},
    ],
)
def test_ordinary_events_are_taken(event: dict[str, Any]) -> None:
    assert judged(event) is None


@pytest.mark.parametrize(
    "event",
    [
        {"event": "slot", "name": "amount"},
        {"event": "slot", "name": 3, "value": 1},
        {"event": "slot", "name": "amuont", "value": 1},
        {"event": "entities", "entities": [{"value": 1}]},
        {"event": "no_such_thing"},
        {"name": "amount", "value": 1},
        {"event": "slot", "name": "amount", "value": 1, "timestamp": "today"},
        "slot",
        None,
    ],
)
def test_mistakes_are_found(event: Any) -> None:
    """Also a misspelt slot, which Rasa only logs, and an event without a kind, which the SDK drops."""
    assert judged({"event": "rewind"}, event) is not None


@pytest.mark.parametrize("kind", ["reminder", "cancel_reminder", "pause"])
def test_timers_and_silence_are_not_for_actions(kind: str) -> None:
    """A reminder dies with the process; a paused dialogue answers nobody."""
    event = {"event": kind, "name": "x", "intent": "x", "date_time": "2026-01-01T00:00:00+08:00"}
    assert judged(event) is not None


def test_a_complaint_quotes_nothing() -> None:
    """It goes to the log; the event may hold a customer's words."""
    assert "13800138000" not in str(judged({"event": "slot", "name": "amount", "x": "13800138000"}))
