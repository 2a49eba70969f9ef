"""Which of an intent's topics a sentence is about, by likeness to the phrasings in its file. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

ENOUGH = 0.3


def topic_of(text: str, topics: Mapping[str, Iterable[str]]) -> str | None:
    """The topic with the phrasing most like ``text``; None when nothing is like it."""
    best, found = ENOUGH, None
    for topic, says in topics.items():
        likeness = max((_likeness(text, said) for said in says), default=0.0)
        if likeness > best:
            best, found = likeness, topic
    return found


def _likeness(one: str, other: str) -> float:
    """Shared pairs of characters over the size of both (cosine), 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / math.sqrt(len(a) * len(b)) if a and b else 0.0


def _pairs(text: str) -> set[str]:
    kept = "".join(character for character in text if character.isalnum()).lower()
    return {kept[at : at + 2] for at in range(len(kept) - 1)} | {kept[:1]} if kept else set()
