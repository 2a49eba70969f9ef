"""Runs custom actions in process: the rasa_sdk executor without its HTTP server.

Stock Rasa posts to an action server with a time limit of 300 s, checks every answer against a schema it
compiles anew (30 ms), and goes on without a word when the action failed. Here an action has ``time_limit``
seconds, the schema is compiled once, and whatever goes wrong is recorded in the running turn.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Action, ActionExecutionRejection, Tracker
from rasa_sdk.utils import all_subclasses

from bot.engine.errors import ActionFailed
from bot.engine.results import flaw
from bot.turn import Failure, current_turn

TIME_LIMIT = 5.0
#: Threads for actions. One whose action overran is lost until the action's own call ends.
THREADS = 32


def fail(action: str, error: str) -> ActionFailed:
    """Record a failure in the running turn; raise what comes back."""
    current_turn().failures.append(Failure(action, error))
    return ActionFailed(f"{action}: {error}")


def describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


class Executor(ActionExecutor):  # type: ignore[misc]
    """The actions of one package. Each call gets a thread, and an event loop in it, so that no action, well
    written or not, can stall the turns of others; ``current_turn`` works there as well.

    ``overruns`` are the calls given up on whose threads are still busy.
    """

    def __init__(self, package: str) -> None:
        super().__init__()
        self.overruns: set[Future[Any]] = set()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="action")
        self._package = package
        self._import_submodules(package)
        self._register_all_actions()

    def _register_all_actions(self) -> None:
        for action in all_subclasses(Action):
            if _belongs(action.__module__, self._package) and not inspect.isabstract(action):
                self.register_action(action)

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """Events and messages of the action the call names, as it returned them."""
        action = self.actions[call["next_action"]]
        dispatcher, tracker = CollectingDispatcher(), Tracker.from_dict(call["tracker"])
        context = contextvars.copy_context()
        future = self._threads.submit(context.run, _complete, action, dispatcher, tracker, call["domain"])
        try:
            events = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.done():
                self.overruns.add(future)
                future.add_done_callback(self.overruns.discard)
            raise
        return {"events": list(events or []), "responses": dispatcher.messages}


class _Loops(threading.local):
    """The event loop of each of the executor's threads."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()


_loops = _Loops()


def _complete(action: Callable[..., Any], *arguments: Any) -> Any:
    result = action(*arguments)
    return _loops.loop.run_until_complete(result) if inspect.isawaitable(result) else result


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """Rasa's action endpoint, without a network."""

    def __init__(self, executor: Executor, time_limit: float = TIME_LIMIT) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = executor
        self._time_limit = time_limit
        self._domain: dict[str, Any] = {}
        self._slots: frozenset[str] = frozenset()

    def serve(self, domain: Domain) -> None:
        """Every action gets the domain (form validation needs it), made into a dict once."""
        self._domain = domain.as_dict()
        self._slots = frozenset(slot.name for slot in domain.slots)

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run the action of the call in ``kwargs["json"]``; see ``EndpointConfig.request``."""
        call = {**kwargs["json"], "domain": self._domain}
        name: str = call["next_action"]
        try:
            result = await asyncio.wait_for(self._executor.run(call), self._time_limit)
        except ActionExecutionRejection as rejection:
            said = json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            raise ClientResponseError(400, "rejected", said) from rejection
        except asyncio.TimeoutError as error:
            raise fail(name, f"no answer within {self._time_limit:g} s") from error
        except Exception as error:
            raise fail(name, describe(error)) from error
        wrong = flaw(result, self._slots)
        if wrong is not None:
            raise fail(name, wrong)
        return result


def skip_second_validation() -> None:
    """The endpoint has checked the result; Rasa's own check would take 30 ms more."""
    RemoteAction._validate_action_result = lambda self, result: True


def _belongs(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
