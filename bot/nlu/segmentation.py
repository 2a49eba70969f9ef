"""Chinese words: spaCy's Chinese pipeline segmented by jieba with the bank's own words.

Pure apart from reading its word list once. One jieba tokenizer of our own, so that no other code's
dictionary changes how we cut.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import jieba
import spacy

from bot.nlu.normalise import DATA

_CONFIG = {"nlp": {"tokenizer": {"segmenter": "jieba"}}}


@lru_cache(maxsize=1)
def pipeline() -> Any:
    """``spacy.blank("zh")`` with jieba inside; built at first use (about a second)."""
    jieba.setLogLevel(logging.WARNING)
    words = jieba.Tokenizer()
    words.load_userdict(str(DATA / "words.txt"))
    nlp: Any = spacy.blank("zh", config=_CONFIG)
    nlp.tokenizer.jieba_seg = words
    return nlp


def segmented(text: str) -> list[tuple[str, int]]:
    """The words of a text and where each starts; spaces belong to no word."""
    return [(token.text, token.idx) for token in pipeline().make_doc(text) if not token.is_space]
