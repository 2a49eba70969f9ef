"""Rasa component: which intent, by a model over characters, words and concepts (see linear.py)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bank_tokenizer import BankTokenizer
from bot.nlu.decision import Guess
from bot.nlu.features import features, words_of
from bot.nlu.linear import IntentModel, learn
from bot.nlu.parts import Clause, clauses
from bot.nlu.segmentation import segmented

#: whether the message has a single word the model has ever seen
KNOWN = "known_words"
#: the message's clauses (parts.py), each with its likeliest intent or act
CLAUSES = "clauses"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BankClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Ranks all intents and dialogue acts with calibrated confidences."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None) -> None:
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
    ) -> BankClassifier:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BankClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._model = learn([_features(m) for m in examples], [m.get(INTENT) for m in examples])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._model is not None, "process is called on a loaded model only"
        for message in messages:
            seen = _features(message)
            ranking = [{"name": name, "confidence": chance} for name, chance in self._model.ranking(seen)]
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(KNOWN, self._model.knows(words_of(seen)))
            message.set(CLAUSES, [(one, self._guess(one)) for one in clauses(message.get(TEXT) or "")])
        return messages

    def _guess(self, clause: Clause) -> Guess:
        assert self._model is not None
        seen = features(clause.text, [word for word, _ in segmented(clause.text)])
        return Guess(*self._model.ranking(seen)[0])


def _features(message: Message) -> set[str]:
    return features(message.get(TEXT) or "", [token.text for token in message.get(TOKENS_NAMES[TEXT]) or ()])
