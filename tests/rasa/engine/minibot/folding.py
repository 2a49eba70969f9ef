"""A tokenizer that folds and drops characters before Rasa's slash handler looks, as a real pipeline may."""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BankFoldingTokenizer(Tokenizer):  # type: ignore[misc]
    """NFKC, without zero-width characters; the whole text is one token."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            folded = unicodedata.normalize("NFKC", message.get(TEXT) or "")
            message.set(TEXT, "".join(char for char in folded if unicodedata.category(char) != "Cf"))
        processed: list[Message] = super().process(messages)
        return processed

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(message.get(attribute), 0)]
