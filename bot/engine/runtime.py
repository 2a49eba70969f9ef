"""Rasa's message processor, made to work on the running turn and to fail aloud.

Imports Rasa: reach it through ``Engine.load``, which prepares the process first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasa.core.actions.forms  # noqa: F401  (imported late by Rasa; its logger must be silenced too)
from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.actions import Executor, InProcessActions, describe, fail, skip_second_validation
from bot.engine.errors import ActionFailed, EngineError, TurnFailed
from bot.engine.guard import neutralise
from bot.engine.output import Collector
from bot.engine.prepare import silence_rasa_loggers
from bot.engine.responses import Responses
from bot.engine.spoken import broken_rules
from bot.engine.store import Running, TurnTrackerStore, packed, running
from bot.engine.tracker import KEPT_TURNS
from bot.engine.values import TurnResult, Utterance
from bot.turn import Turn, current_turn, enter_turn


class Processor(MessageProcessor):  # type: ignore[misc]
    """Stock Rasa carries on after a failed action and after its circuit breaker; here both end the turn."""

    def __init__(self, model: Path, actions: InProcessActions) -> None:
        responses = Responses({})
        super().__init__(
            str(model),
            TurnTrackerStore(None),
            InMemoryLockStore(),
            responses,
            action_endpoint=actions,
            on_circuit_break=_circuit_break,
        )
        self.tracker_store.domain = self.domain
        responses.responses = self.domain.responses
        actions.serve(self.domain)

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        await super()._handle_message_with_tracker(message, tracker)
        running.get().parsed = tracker.latest_message.parse_data

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: Responses,
        prediction: PolicyPrediction,
    ) -> bool:
        running.get().actions.append(action.name())
        more: bool = await super()._run_action(_Watched(action), tracker, output_channel, nlg, prediction)
        if current_turn().failures:
            raise TurnFailed(current_turn().failures)
        return more

    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        """Never: a session that expires drops the form in progress. Closing the conversation ends it."""
        return False


class _Watched:
    """An action whose failure is recorded before Rasa swallows it."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await self._action.run(*args, **kwargs)
        except (ActionExecutionRejection, ActionFailed):
            raise
        except Exception as error:
            raise fail(self._action.name(), describe(error)) from error


def _circuit_break(tracker: DialogueStateTracker, output_channel: OutputChannel, nlg: Responses) -> None:
    raise fail("circuit_breaker", "the dialogue goes in circles")


class Runtime:
    """One loaded model and its actions."""

    def __init__(self, model: Path, actions: str, action_limit: float) -> None:
        self._executor = Executor(actions)
        self.processor = Processor(model, InProcessActions(self._executor, action_limit))
        skip_second_validation()
        silence_rasa_loggers()
        _check_domain(self.processor.domain, self._executor)
        _check_history(self.processor)

    @property
    def overruns(self) -> int:
        return len(self._executor.overruns)

    async def parse(self, text: str) -> dict[str, Any]:
        parsed: dict[str, Any] = await self.processor.parse_message(UserMessage(neutralise(text)))
        return parsed

    async def run(
        self, turn: Turn, utterances: Sequence[Utterance], stored: bytes | None, model_version: str
    ) -> TurnResult:
        """See ``Engine.run``. Sets context variables: run it in a task of its own."""
        enter_turn(turn)
        state = Running(stored)
        running.set(state)
        output = Collector(turn.channel)
        trace = []
        for utterance in utterances:
            state.actions = []
            await self.processor.handle_message(_message(turn, utterance, output))
            trace.append({**_understood(state.parsed), "actions": state.actions})
        if turn.failures:
            raise TurnFailed(turn.failures)
        if broken := broken_rules(turn, output.replies):
            raise fail("spoken", f"must never be said: {', '.join(broken)}")
        if not output.replies and not turn.effects:
            raise fail("turn", "the bot had nothing to say")
        return TurnResult(
            replies=tuple(output.replies),
            effects=tuple(turn.effects),
            answers=tuple(turn.answers),
            tracker=packed(state.tracker),
            trace={"utterances": trace},
            model_version=model_version,
        )


def _message(turn: Turn, utterance: Utterance, output: Collector) -> UserMessage:
    text, parse_data = utterance.text, None
    if utterance.intent is None:
        text = neutralise(text or "")
    else:
        entities = utterance.entities or {}
        text = text or f"/{utterance.intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}"
        intent = {"name": utterance.intent, "confidence": 1.0}
        parse_data = {
            "text": text,
            "intent": intent,
            "intent_ranking": [intent],
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        }
    return UserMessage(text, output, turn.conversation_id, parse_data=parse_data, input_channel=turn.channel)


def _understood(parsed: dict[str, Any]) -> dict[str, Any]:
    intent = parsed.get("intent") or {}
    confidence = intent.get("confidence")
    return {
        "intent": intent.get("name"),
        "confidence": None if confidence is None else round(float(confidence), 4),
        "decision": parsed.get("decision"),
    }


def _check_domain(domain: Domain, executor: Executor) -> None:
    """EngineError if the model names actions nobody wrote, or buttons nobody could press."""
    missing = sorted(
        name for name in domain.user_actions if not name.startswith("utter_") and name not in executor.actions
    )
    if missing:
        raise EngineError(f"actions of the model without code: {', '.join(missing)}")
    for name, variations in domain.responses.items():
        for variation in variations:
            for button in variation.get("buttons") or ():
                intent = button["payload"].removeprefix("/").partition("{")[0]
                if intent not in domain.intents:
                    raise EngineError(f"button of {name} with an unknown intent: {button['payload']}")


def _check_history(processor: Processor) -> None:
    """EngineError if a policy looks further back than the stored memory reaches."""
    for name, node in processor.model_metadata.predict_schema.nodes.items():
        if (node.config.get("max_history") or 0) > KEPT_TURNS:
            raise EngineError(f"{name} looks back further than the {KEPT_TURNS} turns that are kept")
