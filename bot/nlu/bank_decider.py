"""Rasa component, the last one: what the message comes to, for the policies and for whoever asks.

Sets ``decision`` and ``verdict`` (the intent of the 70 and its confidence) in the output. The intent the
policies see is the meaning taken, a dialogue act, or one of two pseudo intents: ``unclear`` where we
must ask back, ``third_party`` where somebody else speaks. ``intent_ranking`` keeps the meanings. ``second``
is one more intent of the 70 that the message asks for; without one the field is absent (Rasa drops None).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.bank_classifier import CLAUSES, KNOWN
from bot.nlu.bank_signals import CHANCES, BankSignals
from bot.nlu.reading import Reading, read


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class BankDecider(GraphComponent):  # type: ignore[misc]
    """Applies ``reading.read`` to what the classifier ranked."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [BankSignals]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BankDecider:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = [
                (guess["name"], guess["confidence"]) for guess in message.get(INTENT_RANKING_KEY) or ()
            ]
            text, known = message.get(TEXT) or "", bool(message.get(KNOWN))
            _describe(message, read(text, ranking, known, message.get(CLAUSES) or (), message.get(CHANCES)))
        return messages


def _describe(message: Message, reading: Reading) -> None:
    meanings = [{"name": guess.intent, "confidence": guess.confidence} for guess in reading.meanings]
    message.set(INTENT, {"name": reading.intent, "confidence": reading.confidence}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, meanings, add_to_output=True)
    message.set("decision", reading.verdict.decision.value, add_to_output=True)
    verdict = {"name": reading.verdict.intent, "confidence": reading.verdict.confidence}
    message.set("verdict", verdict, add_to_output=True)
    message.set("third_party", reading.third_party, add_to_output=True)
    message.set("signal", reading.signal, add_to_output=True)
    message.set("signals", list(reading.signals), add_to_output=True)
    message.set("suspected", list(reading.suspected), add_to_output=True)
    message.set("known", reading.known, add_to_output=True)
    message.set("second", reading.second, add_to_output=True)
