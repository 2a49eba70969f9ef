"""Answers for what somebody types into a search box: ranked by shared pairs of characters. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.entry import Entry

#: how much a match in each part of an entry counts
ASKED, ANSWERED, DETAILED = 3.0, 1.5, 0.5


@dataclass(frozen=True)
class Suggestion:
    """``score`` is the share of what was typed that the entry has, weighted: only good for ordering."""

    intent: str
    title: str
    ask: str
    short: str
    detail: str
    next: str
    score: float


def suggest(text: str, entries: Iterable[Entry], limit: int = 5) -> list[Suggestion]:
    """The likeliest answers, best first; rare pairs of characters count more than common ones."""
    wanted = _pairs(text)
    weighted = [(entry, _parts(entry)) for entry in entries]
    seen = Counter(pair for _, parts in weighted for pair in parts)
    known = [pair for pair in wanted if pair in seen]
    whole = sum(math.log(1 + len(weighted) / seen[pair]) for pair in known) or 1.0
    found = []
    for entry, parts in weighted:
        weight = sum(parts.get(pair, 0.0) * math.log(1 + len(weighted) / seen[pair]) for pair in known)
        if weight:
            found.append(_suggestion(entry, wanted, round(weight / whole, 3)))
    return sorted(found, key=lambda one: (-one.score, one.intent))[:limit]


def _parts(entry: Entry) -> dict[str, float]:
    """Pair → the weight of the best place it stands in."""
    parts: dict[str, float] = {}
    for _, _, says, answer in entry.answers:
        for text, weight in ((answer.detail + answer.next, DETAILED), (answer.short, ANSWERED)):
            parts.update({pair: max(weight, parts.get(pair, 0.0)) for pair in _pairs(text)})
        for said in says:
            parts.update(dict.fromkeys(_pairs(said), ASKED))
    parts.update(dict.fromkeys(_pairs(entry.title) | _pairs(entry.ask) | {entry.intent}, ASKED))
    return parts


def _suggestion(entry: Entry, wanted: set[str], score: float) -> Suggestion:
    """With the one of its answers that shares most with what was typed."""
    general = [answer for product, _, _, answer in entry.answers if product is None]
    others = [answer for product, _, _, answer in entry.answers if product is not None]
    best = max([*general, *others], key=lambda one: len(wanted & _pairs(one.short + one.detail)))
    return Suggestion(entry.intent, entry.title, entry.ask, best.short, best.detail, best.next, score)


def _pairs(text: str) -> set[str]:
    kept = "".join(character for character in text if character.isalnum()).lower()
    return {kept[at : at + 2] for at in range(len(kept) - 1)} or ({kept} if kept else set())
