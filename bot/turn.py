"""The turn an action runs in: who speaks, what time it is, and where effects are staged.

A contextvar, because up to eight turns of different conversations interleave in one worker.
Knows nothing of Rasa; actions and the engine share it.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from conversation.clock import SystemClock
from conversation.effects import Effect
from conversation.identity import GUEST, Identity


@dataclass(frozen=True)
class Failure:
    """An action that raised or overran; the worker discards a turn that has one."""

    action: str
    error: str


@dataclass
class Turn:
    """The only mutable thing an action touches. ``now`` is aware UTC and fixed for the turn."""

    conversation_id: str
    turn_id: str
    channel: str
    now: datetime
    identity: Identity = GUEST
    doubted_at: datetime | None = None  #: when the speaker said he is someone else
    effects: list[Effect] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  #: "intent@version" of every answer shown
    failures: list[Failure] = field(default_factory=list)

    def stage(self, effect: Effect) -> None:
        """Remember an effect; it happens only if the turn commits."""
        self.effects.append(effect)

    @property
    def customer_id(self) -> str | None:
        """The customer whose account may be shown now, or None."""
        allowed = self.identity.may_see_account(self.now, self.doubted_at)
        return self.identity.customer_id if allowed else None


_current: ContextVar[Turn] = ContextVar("turn")


def current_turn() -> Turn:
    """The running turn.

    Where nobody began one (``rasa shell``, ``rasa run actions``) it is a guest's, and what it stages is
    carried out by nobody.
    """
    turn = _current.get(None)
    if turn is None:
        turn = Turn("rasa", "rasa", "rasa", SystemClock().now())
        _current.set(turn)
    return turn


def enter_turn(turn: Turn) -> None:
    """Make it current for this task and what it starts (each turn runs in an asyncio task of its own)."""
    _current.set(turn)
