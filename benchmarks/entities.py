"""How well what a text names is found: ``python -m benchmarks.entities [FILE.jsonl]``.

The labelled lines (sets/entities.jsonl) take the road of a message: the door, the reading, the rules. A finding is
right when kind and value are; a day counts as what it comes to on the line's date, or as "asked back".
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.nlu.dates import day_of
from bot.nlu.entities import Entity, entities_in
from bot.nlu.homophones import readable
from service.predict import at_the_door

SET = Path(__file__).parent / "sets" / "entities.jsonl"
ASKED_BACK = "?"
#: what the door took out: only that it was found counts; the set says "card" for a card's number
PERSONAL = {"phone": "phone", "card_number": "card", "id_card": "id_card", "email": "email"}

Named = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """Counts over all lines: right, found though it is not there, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def labelled(path: Path = SET) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def named(text: str, today: date) -> Counter[Named]:
    """What our rules find in a customer's text, days reckoned from ``today``."""
    read = readable(at_the_door(text).read).text
    return Counter((PERSONAL.get(one.entity, one.entity), _value(one, today)) for one in entities_in(read))


def _value(one: Entity, today: date) -> str:
    if one.entity in PERSONAL:
        return ""
    if one.entity == "date":
        day = day_of(one.value, today)
        return day.isoformat() if day else ASKED_BACK
    return one.value


def expected(line: dict[str, Any]) -> Counter[Named]:
    return Counter((one["entity"], _label(one)) for one in line["entities"])


def _label(one: dict[str, Any]) -> str:
    if one["entity"] in PERSONAL.values():
        return ""
    return ASKED_BACK if one.get("ambiguous") or one["value"] is None else str(one["value"])


def scored(lines: Iterable[dict[str, Any]]) -> dict[str, Found]:
    """Figures for each kind."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for line in lines:
        ours, theirs = named(line["text"], date.fromisoformat(line["today"])), expected(line)
        for counter, these in ((right, ours & theirs), (wrong, ours - theirs), (missed, theirs - ours)):
            counter.update({kind: 0 for kind, _ in these})
            for (kind, _), times in these.items():
                counter[kind] += times
    kinds = sorted({*right, *wrong, *missed})
    return {kind: Found(right[kind], wrong[kind], missed[kind]) for kind in kinds}


def shown(scores: dict[str, Found]) -> str:
    head = f"{'kind':12} {'labelled':>8} {'precision':>9} {'recall':>7} {'F1':>6}"
    rows = [
        f"{kind:12} {one.right + one.missed:8} {one.precision:9.3f} {one.recall:7.3f} {one.f1:6.3f}"
        for kind, one in scores.items()
    ]
    return "\n".join([head, *rows])


def main(arguments: Sequence[str]) -> int:
    print(shown(scored(labelled(Path(arguments[0]) if arguments else SET))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
