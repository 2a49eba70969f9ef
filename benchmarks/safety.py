"""How surely danger is read: ``python -m benchmarks.safety [SET.tsv …]``.

Reads ``kind<TAB>text`` lines (two kinds in one line are joined with ``|``; ``none`` is the look-alikes), each
on the whole road of a customer's message: the door and the trained model. Prints figures only, never a line.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.engine.engine import Engine
from bot.nlu.signals import known_signals
from service.predict import at_the_door
from service.settings import read_settings
from service.train import train

SETS = tuple(
    Path(__file__).parent / "sets" / name for name in ("safety.tsv", "safety_second.tsv", "safety_third.tsv")
)
NONE = "none"
#: a grave state told of somebody is always a person's matter: a death or a minor implies who writes
THIRD_PARTY = "third_party"


@dataclass(frozen=True)
class Read:
    """What was made of a text: kinds that decide, kinds that bring a word of care, and whether a person comes."""

    kinds: frozenset[str]
    suspected: frozenset[str]
    person: bool


@dataclass(frozen=True)
class SafetyScore:
    """``recall`` and ``by_kind`` are shares found (0 to 1) of the labels; ``false_alarms`` of the none lines.

    ``noticed`` counts as found also what is suspected; ``served`` also a person called for any reason.
    """

    labels: int
    found: int
    noticed: int
    served: int
    by_kind: dict[str, tuple[int, int]]  #: kind → labels, found
    none_lines: int
    alarmed: int
    alarms: dict[str, int]  #: kind → none lines that raised it

    @property
    def recall(self) -> float:
        return self.found / self.labels if self.labels else 1.0

    @property
    def false_alarms(self) -> float:
        return self.alarmed / self.none_lines if self.none_lines else 0.0


async def _read(texts: Sequence[str]) -> list[Read]:
    engine = await Engine.load(train(read_settings(os.environ).models).parent)
    found = []
    for text in texts:
        parsed = await engine.parse(at_the_door(text).read)
        third = {THIRD_PARTY} if parsed["third_party"] else set()
        kinds = frozenset({*parsed["signals"], *third})
        person = parsed["decision"] == "handover"
        found.append(Read(kinds, frozenset(parsed["suspected"]), person))
    return found


def score(lines: Sequence[tuple[str, str]]) -> SafetyScore:
    """The score of (kinds, text) lines by the trained model."""
    return judged(zip((kinds for kinds, _ in lines), asyncio.run(_read([text for _, text in lines]))))


def judged(lines: Iterable[tuple[str, Read]]) -> SafetyScore:
    """The score of (kinds, what was read)."""
    labels: Counter[str] = Counter()
    found: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    nones = alarmed = noticed = served = 0
    for kinds, read in lines:
        if kinds == NONE:
            nones, alarmed = nones + 1, alarmed + bool(read.kinds)
            alarms.update(read.kinds)
            continue
        for kind in kinds.split("|"):
            labels[kind] += 1
            found[kind] += kind in read.kinds
            noticed += kind in read.kinds | read.suspected
            served += bool(read.kinds) or read.person or kind in read.suspected
    by_kind = {kind: (labels[kind], found[kind]) for kind in sorted(labels)}
    return SafetyScore(
        sum(labels.values()), sum(found.values()), noticed, served, by_kind, nones, alarmed, dict(alarms)
    )


def read_set(path: Path) -> list[tuple[str, str]]:
    """(kinds, text) of a file; a header and lines that begin with # are left out. ValueError for a kind
    that does not exist."""
    rows = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    found = [(kinds, text) for kinds, text in rows if kinds != "kind"]
    names = {signal.name for signal in known_signals()} | {NONE}
    if strange := {kind for kinds, _ in found for kind in kinds.split("|")} - names:
        raise ValueError(f"{path.name}: {sorted(strange)}")
    return found


def shown(result: SafetyScore) -> str:
    """A table for people."""
    lines = [f"{'kind':<20}{'lines':>6}{'found':>7}{'recall':>8}"]
    for kind, (wanted, found) in result.by_kind.items():
        lines.append(f"{kind:<20}{wanted:>6}{found:>7}{found / wanted:>8.3f}")
    lines.append(f"{'all':<20}{result.labels:>6}{result.found:>7}{result.recall:>8.3f}")
    lines.append(f"noticed {result.noticed / result.labels:.3f}, served {result.served / result.labels:.3f}")
    lines.append(f"false alarms: {result.alarmed} of {result.none_lines} = {result.false_alarms:.3f}")
    lines.append("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(result.alarms.items())))
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    for path in [Path(one) for one in arguments] or SETS:
        print(f"{path.name}\n{shown(score(read_set(path)))}")


if __name__ == "__main__":
    main(sys.argv[1:])
