"""What can go wrong when the engine loads a model or runs a turn. None of it is for customers' eyes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn import Failure


class EngineError(Exception):
    """The model and the program do not fit together: do not start."""


class ActionFailed(Exception):
    """An action raised, overran or broke its contract; already recorded in the turn's failures."""


class TurnFailed(Exception):
    """The turn must be thrown away, tracker and effects with it.

    ``failures`` says why, in the order things went wrong; never empty.
    """

    def __init__(self, failures: Sequence[Failure]) -> None:
        self.failures = tuple(failures)
        super().__init__("; ".join(f"{failure.action}: {failure.error}" for failure in self.failures))
