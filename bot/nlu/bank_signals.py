"""Rasa component: which dangers and rights the message tells of, for the decider.

Learns from what people write in danger (data/signals/said/, one file an author) and from our utterances of
everyday matters. Sets ``signal_chances`` in the message: kind → probability.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bank_tokenizer import BankTokenizer
from bot.nlu.signal_lessons import lessons, seen_in
from bot.nlu.signal_model import SignalModel, learn_signals
from bot.nlu.signals import known_signals

CHANCES = "signal_chances"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BankSignals(GraphComponent):  # type: ignore[misc]
    """How likely each kind of danger is in the message."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: SignalModel | None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        return [BankTokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BankSignals:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BankSignals:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, SignalModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        self._model = learn_signals(
            list(lessons(_utterances(training_data))), [signal.name for signal in known_signals()]
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._model is not None, "process is called on a loaded model only"
        for message in messages:
            message.set(CHANCES, self._model.chances(seen_in(message.get(TEXT) or "")))
        return messages


def _utterances(training_data: TrainingData) -> Iterable[tuple[str, str]]:
    """(intent, normalised text) of our own utterances."""
    for message in training_data.intent_examples:
        if message.get(TEXT):
            yield message.get(INTENT), message.get(TEXT)
