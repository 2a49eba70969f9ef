"""The engine as the rest of the program sees it: load a model, parse a text, run a turn.

Importing this module does not import Rasa (seconds and megabytes); ``Engine.load`` does.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.engine.errors import ActionFailed, EngineError, TurnFailed
from bot.engine.prepare import prepare
from bot.engine.values import TurnResult, Utterance
from bot.turn import Failure, Turn

if TYPE_CHECKING:
    from bot.engine.runtime import Runtime

__all__ = ["ACTION_LIMIT", "TURN_LIMIT", "Engine", "EngineError", "TurnFailed", "TurnResult", "Utterance"]

ACTION_LIMIT = 5.0  #: seconds an action may take
TURN_LIMIT = 10.0  #: seconds a turn may take, shorter than its lease


class Engine:
    """One model in this process. Turns of different conversations may run at the same time in one event
    loop; two turns of one conversation may not."""

    def __init__(self, runtime: Runtime, model_version: str, turn_limit: float) -> None:
        self._runtime = runtime
        self._turn_limit = turn_limit
        self.model_version = model_version

    @classmethod
    async def load(
        cls,
        model: Path,
        *,
        actions: str = "bot.actions",
        sha256: str | None = None,
        action_limit: float = ACTION_LIMIT,
        turn_limit: float = TURN_LIMIT,
        stub_tensorflow: bool = True,
    ) -> Engine:
        """Load a trained model (a ``.tar.gz``, or a folder: its newest one) and the package of its actions.

        Blocks the event loop for seconds. EngineError if there is no model, if it does not have the
        given ``sha256``, or if model and actions do not fit together.
        """
        archive = newest(model)
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if sha256 is not None and digest != sha256:
            raise EngineError(f"{archive.name} is not the model that was approved")
        prepare(stub_tensorflow)
        from threadpoolctl import threadpool_limits

        from bot.engine.runtime import Runtime

        runtime = Runtime(archive, actions, action_limit)
        await runtime.parse("你好")  # what components load at first use, no customer waits for
        # a text is a handful of rows: a second thread gains nothing and spins for 25 ms after each product
        threadpool_limits(1, user_api="blas")
        return cls(runtime, f"{archive.name.removesuffix('.tar.gz')}@{digest[:12]}", turn_limit)

    @property
    def overruns(self) -> int:
        """Actions given up on that still occupy a thread: a worker with many of them should be replaced."""
        return self._runtime.overruns

    async def parse(self, text: str) -> dict[str, Any]:
        """What the pipeline understands of a normalised, masked text: Rasa's parse result."""
        return await self._runtime.parse(text)

    async def run(self, turn: Turn, utterances: Sequence[Utterance], tracker: bytes | None) -> TurnResult:
        """Run the utterances of a turn in order on one tracker (None: a new conversation).

        TurnFailed if anything went wrong, if it took too long, or if there would be neither a reply nor
        an effect. Nothing is kept in the engine: the same call may be made again, with a fresh ``turn``.
        """
        work = self._runtime.run(turn, utterances, tracker, self.model_version)
        try:
            return await asyncio.wait_for(work, self._turn_limit)
        except (TurnFailed, ActionFailed) as error:
            raise TurnFailed(turn.failures) from error
        except asyncio.TimeoutError as error:
            failure = Failure("turn", f"not done within {self._turn_limit:g} s")
            raise TurnFailed([*turn.failures, failure]) from error
        except Exception as error:
            failure = Failure("engine", f"{type(error).__name__}: {error}"[:300])
            raise TurnFailed([*turn.failures, failure]) from error


def newest(model: Path) -> Path:
    """The model archive itself, or the newest one in a folder; EngineError if there is none."""
    if model.is_file():
        return model
    archives = sorted(model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise EngineError(f"no trained model in {model}")
    return archives[-1]
