"""Rasa component: the message text is normalised first of all, in training and in prediction.

The text as written stays under ``text_original``; entities give their offsets in it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.homophones import readable
from bot.nlu.normalise import Normalised

ORIGINAL = "text_original"
NORMALISED = "normalised"


def normalised_of(message: Message) -> Normalised:
    """What the normaliser made of the message, with the map back to the original."""
    known = message.get(NORMALISED)
    return known if isinstance(known, Normalised) else readable(message.get(TEXT) or "")


# Only tokenizers and featurizers run over training data in Rasa's graph: hence the type.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class BankNormaliser(GraphComponent):  # type: ignore[misc]
    """Applies ``readable`` to every message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BankNormaliser:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                result = readable(text)
                message.set(ORIGINAL, text, add_to_output=True)
                message.set(NORMALISED, result)
                message.set(TEXT, result.text, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples lose annotated entities: their offsets no longer hold and rules find them."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                message.set(TEXT, readable(message.get(TEXT)).text)
        return training_data
