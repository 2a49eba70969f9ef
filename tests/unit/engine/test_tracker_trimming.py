"""The cut memory of a dialogue forgets nothing that matters, and stays small."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.tracker import KEPT_TURNS, TURNS_BEFORE_FORM, UnreadableTracker, pack, trim, unpack

Event = dict[str, Any]


def action(name: str) -> Event:
    return {"event": "action", "name": name}


def slot(name: str, value: object) -> Event:
    return {"event": "slot", "name": name, "value": value}


def loop(name: str | None) -> Event:
    return {"event": "active_loop", "name": name}


def turn(text: str, *then: Event) -> list[Event]:
    """What Rasa writes for one turn: the wait, the message, what followed."""
    return [action("action_listen"), user(text), *then]


def user(text: str) -> Event:
    return {"event": "user", "text": text, "parse_data": {"text": text, "intent": {}, "entities": []}}


START = [action("action_session_start"), {"event": "session_started"}]


def chat(count: int, prefix: str = "m") -> list[Event]:
    return [event for at in range(count) for event in turn(f"{prefix}{at}", action("utter"))]


def texts(events: list[Event]) -> list[str]:
    return [event["text"] for event in events if event["event"] == "user"]


def slots(events: list[Event]) -> dict[str, Any]:
    """The slots after replaying the events, as Rasa does."""
    values: dict[str, Any] = {}
    for event in events:
        if event["event"] == "slot":
            values[event["name"]] = event["value"]
        elif event["event"] in ("reset_slots", "restart", "session_started"):
            values = {}
    return values


def active_form(events: list[Event]) -> str | None:
    name: str | None = None
    for event in events:
        if event["event"] == "active_loop":
            name = event["name"]
        elif event["event"] in ("restart", "session_started"):
            name = None
    return name


def test_a_short_dialogue_is_kept_whole() -> None:
    """Nothing is cut before there are more turns than are kept."""
    events = START + chat(KEPT_TURNS - 1)
    assert trim(events) == events[1:]


def test_the_last_turns_are_kept_as_they_were() -> None:
    """Cut before the wait that begins a turn, never inside one."""
    kept = trim(START + chat(40))
    assert texts(kept) == [f"m{at}" for at in range(40 - KEPT_TURNS, 40)]
    assert kept[0]["event"] == "session_started"
    assert kept[1] == action("action_listen")


def test_slots_outlive_the_turns_that_set_them() -> None:
    """The last value counts, and a slot that was emptied stays known as emptied."""
    events = (
        START + turn("a", slot("x", 1), slot("y", 2)) + turn("b", slot("x", 3), slot("y", None)) + chat(20)
    )
    assert slots(trim(events)) == {"x": 3, "y": None}


def test_a_form_outlives_the_turns_that_opened_it() -> None:
    """The message that opened it, its first execution and the loop stay, with a little of what came before."""
    opened = turn("open", slot("x", 1), action("form"), loop("form"), slot("requested_slot", "x"))
    kept = trim(START + chat(30) + opened + chat(30, "f"))
    assert active_form(kept) == "form"
    assert texts(kept)[: TURNS_BEFORE_FORM + 1] == ["m28", "m29", "open"]
    assert texts(kept)[TURNS_BEFORE_FORM + 1 :] == [f"f{at}" for at in range(30 - KEPT_TURNS, 30)]
    assert slots(kept) == {"x": 1, "requested_slot": "x"}


def test_a_form_that_ended_leaves_nothing() -> None:
    """Only the form in progress is kept alive."""
    opened = turn("open", action("form"), loop("form"))
    closed = turn("done", action("form"), loop(None))
    kept = trim(START + opened + chat(3) + closed + chat(20))
    assert active_form(kept) is None
    assert "open" not in texts(kept)


def test_a_form_that_refused_is_still_refusing() -> None:
    """A form that rejected its execution must not be predicted again only because the past was cut."""
    refused = {"event": "action_execution_rejected", "name": "form"}
    opened = turn("open", action("form"), loop("form"))
    assert refused["event"] in [e["event"] for e in trim(START + opened + turn("no", refused) + chat(20))]
    again = turn("yes", action("form"))
    kept = trim(START + opened + turn("no", refused) + again + chat(20))
    assert refused["event"] not in [e["event"] for e in kept]


def test_what_was_taken_back_is_gone() -> None:
    """A turn taken back sets no slot and does not count as one of the kept turns."""
    taken_back = [
        event for at in range(50) for event in [*turn(f"b{at}", slot("x", at)), {"event": "rewind"}]
    ]
    kept = trim(START + turn("a", slot("x", "kept")) + chat(2) + taken_back)
    assert texts(kept) == ["a", "m0", "m1"]
    assert slots(kept) == {"x": "kept"}


def test_nothing_from_before_a_restart_comes_back() -> None:
    kept = trim(
        START + turn("a", slot("x", 1), action("form"), loop("form")) + [{"event": "restart"}] + chat(20)
    )
    assert slots(kept) == {}
    assert active_form(kept) is None


def test_a_pause_outlives_the_cut() -> None:
    kept = trim(START + turn("a", {"event": "pause"}) + chat(20))
    assert {"event": "pause", "timestamp": None} in kept


EVENTS = st.one_of(
    st.builds(slot, st.sampled_from("xyz"), st.one_of(st.none(), st.integers(0, 3))),
    st.sampled_from(
        [
            action("utter"),
            action("form"),
            loop("form"),
            loop(None),
            {"event": "reset_slots"},
            {"event": "action_execution_rejected", "name": "form"},
            {"event": "restart"},
        ]
    ),
)
TURNS = st.lists(st.lists(EVENTS, max_size=4), max_size=30).map(
    lambda bodies: [turn(str(at), *body) for at, body in enumerate(bodies)]
)


@given(TURNS)
def test_slots_and_form_survive_any_dialogue(dialogue: list[list[Event]]) -> None:
    """Whatever happens in whatever order, the cut memory says the same about slots and form."""
    events = START + [event for one in dialogue for event in one]
    assert slots(trim(events)) == slots(events)
    assert active_form(trim(events)) == active_form(events)


@given(TURNS)
def test_cutting_every_turn_is_cutting_once(dialogue: list[list[Event]]) -> None:
    """Stored after every turn, the memory is what it would be if cut at the end only."""
    kept: list[Event] = list(START)
    for one in dialogue:
        kept = trim(kept + one)
    whole = trim(START + [event for one in dialogue for event in one])
    assert texts(kept)[-KEPT_TURNS:] == texts(whole)[-KEPT_TURNS:]
    assert (slots(kept), active_form(kept)) == (slots(whole), active_form(whole))


@given(TURNS)
def test_the_memory_is_bounded(dialogue: list[list[Event]]) -> None:
    """No dialogue, however long, keeps more than a fixed number of messages."""
    events = START + [event for one in dialogue for event in one]
    assert len(texts(trim(events))) <= KEPT_TURNS + TURNS_BEFORE_FORM + 1


def test_stored_bytes_come_back_as_the_same_events() -> None:
    """Values of NumPy's and YAML's own types become ordinary ones; a slot's emptiness is kept."""

    class YamlText(str):
        pass

    events = [
        slot("x", None),
        slot("y", {"a": [1, None]}),
        {"event": "bot", "text": YamlText("好"), "data": {"buttons": None}, "metadata": {}},
        {"event": "action", "name": "utter", "confidence": np.float64(0.5), "policy": None},
        loop(None),
    ]
    assert unpack(pack(events)) == [
        {"event": "slot", "name": "x", "value": None},
        {"event": "slot", "name": "y", "value": {"a": [1, None]}},
        {"event": "bot", "text": "好", "data": {}},
        {"event": "action", "name": "utter", "confidence": 0.5},
        {"event": "active_loop", "name": None},
    ]


def test_of_an_old_message_only_what_policies_read_is_stored() -> None:
    """Rankings and tokens of past messages are not carried along."""
    parse_data = {
        "text": "a",
        "intent": {"name": "x"},
        "entities": [],
        "intent_ranking": [1] * 70,
        "text_tokens": [],
    }
    event = {"event": "user", "text": "a", "parse_data": parse_data, "metadata": {"model_id": "m", "own": 1}}
    assert unpack(pack([event])) == [
        {
            "event": "user",
            "text": "a",
            "parse_data": {"text": "a", "intent": {"name": "x"}, "entities": []},
            "metadata": {"own": 1},
        }
    ]


@pytest.mark.parametrize("stored", [b"", b"[]", b"{}", b'{"v": 2, "events": []}', b"\x80\x04"])
def test_something_else_is_refused_not_taken_for_a_new_customer(stored: bytes) -> None:
    """A memory that cannot be read fails the turn; it never starts the dialogue anew in silence."""
    with pytest.raises(UnreadableTracker):
        unpack(stored)
