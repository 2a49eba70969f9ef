"""Rasa component: entities by rules, with offsets in the text as the customer wrote it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.bank_normaliser import normalised_of
from bot.nlu.entities import Entity, entities_in
from bot.nlu.normalise import Normalised

FOUND = "found_entities"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BankEntities(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds what ``entities_in`` finds; keeps the plain findings for the classifier."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BankEntities:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            normalised = normalised_of(message)
            found = entities_in(normalised.text)
            described = self.add_extractor_name([_described(entity, normalised) for entity in found])
            message.set(FOUND, found)
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *described], add_to_output=True)
        return messages


def _described(entity: Entity, normalised: Normalised) -> dict[str, Any]:
    start, end = normalised.span(entity.start, entity.end)
    return {"entity": entity.entity, "value": entity.value, "start": start, "end": end}
