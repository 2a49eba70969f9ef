"""Rasa component: tokens by spaCy and jieba with the bank's words (see segmentation.py)."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.segmentation import segmented


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BankTokenizer(Tokenizer):  # type: ignore[misc]
    """Cuts normalised Chinese text into words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "jieba"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(word, start) for word, start in segmented(message.get(attribute))]
