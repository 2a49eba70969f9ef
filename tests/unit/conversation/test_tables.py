"""The two tables of legal moves, pair by pair, and that they fit each other."""

from __future__ import annotations

from itertools import product

import pytest

from conversation.desk import MOVES, Desk, Move, moved
from conversation.errors import IllegalMove
from conversation.escalation import (
    ENDED,
    IN_QUEUE,
    LABELS,
    PRIORITY,
    STEPS,
    WITH_AGENT,
    Reason,
    State,
    Step,
    priority,
    stepped,
)

B, Q, H, C = Desk.BOT, Desk.QUEUED, Desk.HUMAN, Desk.CLOSED

#: written down once more, as the design says it: a slip in the code's table shows as a difference
ALLOWED_MOVES = {
    ("bot", "escalate", "queued"),
    ("bot", "take_over", "human"),
    ("bot", "close", "closed"),
    ("queued", "claim", "human"),
    ("queued", "leave_queue", "bot"),
    ("queued", "close", "closed"),
    ("human", "release", "queued"),
    ("human", "hand_back", "bot"),
    ("human", "close", "closed"),
}
ALLOWED_STEPS = {
    ("waiting", "offer", "offered"),
    ("waiting", "claim", "active"),
    ("waiting", "arrange_callback", "callback_due"),
    ("waiting", "abandon", "abandoned"),
    ("waiting", "resolve", "resolved"),
    ("offered", "decline", "waiting"),
    ("offered", "claim", "active"),
    ("offered", "abandon", "abandoned"),
    ("offered", "resolve", "resolved"),
    ("callback_due", "claim", "active"),
    ("callback_due", "abandon", "abandoned"),
    ("callback_due", "resolve", "resolved"),
    ("active", "hold", "on_hold"),
    ("active", "release", "waiting"),
    ("active", "wrap", "wrapping"),
    ("active", "resolve", "resolved"),
    ("active", "return", "returned"),
    ("on_hold", "resume", "active"),
    ("on_hold", "release", "waiting"),
    ("on_hold", "wrap", "wrapping"),
    ("on_hold", "resolve", "resolved"),
    ("on_hold", "return", "returned"),
    ("wrapping", "resolve", "resolved"),
}


@pytest.mark.parametrize(("desk", "move"), product(Desk, Move))
def test_every_pair_of_desk_and_move(desk: Desk, move: Move) -> None:
    targets = {to for at, how, to in ALLOWED_MOVES if (at, how) == (desk.value, move.value)}
    if targets:
        assert {moved(desk, move).value} == targets
    else:
        with pytest.raises(IllegalMove) as refused:
            moved(desk, move)
        assert refused.value.fields == {"desk": desk.value, "move": move.value}


@pytest.mark.parametrize(("state", "step"), product(State, Step))
def test_every_pair_of_state_and_step(state: State, step: Step) -> None:
    targets = {to for at, how, to in ALLOWED_STEPS if (at, how) == (state.value, step.value)}
    if targets:
        assert {stepped(state, step).value} == targets
    else:
        with pytest.raises(IllegalMove):
            stepped(state, step)


def test_nothing_else_is_in_the_tables() -> None:
    assert {(a.value, b.value, c.value) for (a, b), c in MOVES.items()} == ALLOWED_MOVES
    assert {(a.value, b.value, c.value) for (a, b), c in STEPS.items()} == ALLOWED_STEPS


def test_no_move_stays_where_it_is() -> None:
    """The epoch rises with every move, so a move that moves nothing would fence off writers for nothing."""
    assert all(desk is not target for (desk, _), target in MOVES.items())


def test_the_end_is_the_end() -> None:
    assert not [move for desk, move in MOVES if desk is Desk.CLOSED]
    assert not [step for state, step in STEPS if state in ENDED]


def test_every_state_can_come_to_an_end() -> None:
    ending = set(ENDED)
    for _ in State:
        ending |= {state for (state, _), target in STEPS.items() if target in ending}
    assert ending == set(State)


#: which step goes with which move, and where the record stands before and after it
TOGETHER = {
    (Q, Move.CLAIM): (IN_QUEUE, Step.CLAIM, WITH_AGENT),
    (Q, Move.LEAVE_QUEUE): (IN_QUEUE, Step.ABANDON, ENDED),
    (Q, Move.CLOSE): (IN_QUEUE, Step.RESOLVE, ENDED),
    (H, Move.RELEASE): (WITH_AGENT, Step.RELEASE, IN_QUEUE),
    (H, Move.HAND_BACK): (WITH_AGENT, Step.RETURN, ENDED),
    (H, Move.CLOSE): (WITH_AGENT, Step.RESOLVE, ENDED),
}


@pytest.mark.parametrize(("at", "what"), TOGETHER.items())
def test_a_desk_move_always_finds_its_step(
    at: tuple[Desk, Move], what: tuple[frozenset[State], Step, frozenset[State]]
) -> None:
    """Whatever the record's fine state, the move the desk allows is allowed to the record too."""
    before, step, after = what
    assert at in MOVES
    for state in before:
        assert stepped(state, step) in after


def test_every_reason_has_a_label_people_can_read() -> None:
    assert set(LABELS) == set(Reason)
    assert len(set(LABELS.values())) == len(Reason)
    assert all(label and not label.isascii() for label in LABELS.values())


def test_the_most_vulnerable_are_served_first_and_everybody_else_after_the_named() -> None:
    order = sorted(Reason, key=priority, reverse=True)
    assert order[:4] == [Reason.SELF_HARM, Reason.FRAUD, Reason.CARD_LOSS, Reason.VULNERABLE]
    assert priority(Reason.CUSTOMER_ASKED) == min(map(priority, Reason))
    assert min(PRIORITY.values()) > priority(Reason.CUSTOMER_ASKED)
