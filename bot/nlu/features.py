"""What the intent classifier sees of a text: characters, words, products named, and what it talks about.

Pure. A feature is a short string; counting is not needed, customers' sentences are short. Intents do not
depend on the product, so products leave the sentence and stay as a feature of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.nlu.entities import entities_in
from bot.nlu.normalise import DATA
from bot.nlu.rewrites import SIGNS, rewritten, with_signs

LONGEST = 2

_MASKED = re.compile(r"\*+")
_BRAND = re.compile(r"(?:蚂蚁|马蚁|支付宝|京东|微众|微信)(?:的)?(?=[LP])")
_PRODUCT = re.compile(r"[LP]的?")
_OTHERS = "别人家的"
_FOREIGN = "外:"
_NAMED = frozenset(SIGNS.values()) | {f"e:{sign}" for sign in SIGNS.values()}


def features(text: str, words: Sequence[str]) -> set[str]:
    """The features of a normalised text whose words are known."""
    signed = with_signs(masked := _MASKED.sub("9", text), entities_in(masked))
    products = {f"e:{sign}" for sign in "LPCDE" if sign in signed}
    plain = rewritten(_PRODUCT.sub("", _BRAND.sub("", signed)))
    return (
        _character_grams(f"^{plain}$")
        | {f"w:{word}" for word in words}
        | products
        | _talk(plain, bool(products))
    )


def _character_grams(text: str) -> set[str]:
    return {
        text[start : start + length]
        for length in range(1, LONGEST + 1)
        for start in range(len(text) - length + 1)
    }


def words_of(features_: set[str]) -> set[str]:
    """The features that are whole words or named things: without a known one the model knows nothing."""
    return {
        name for name in features_ if name in _NAMED or (name[:2] == "w:" and any(map(str.isalnum, name[2:])))
    }


@lru_cache(maxsize=1)
def _concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = (DATA / "concepts.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((name, re.compile(pattern)) for name, pattern in pairs)


def _talk(text: str, ours: bool) -> set[str]:
    """The concepts of the sentence.

    Other firms count only where no product of ours is named: "支付宝里的花呗" is about the product.
    """
    named = [name for name, pattern in _concepts() if pattern.search(text) and not (ours and name == _OTHERS)]
    foreign = {"k:外人"} if not ours and any(name.startswith(_FOREIGN) for name in named) else set()
    return {f"k:{name}" for name in named} | foreign
