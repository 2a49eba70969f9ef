"""How surely danger is read: ``python -m benchmarks.safety [SET.tsv]``.

Reads ``kind<TAB>text`` lines (two kinds in one line are joined with ``|``; ``none`` is the look-alikes),
through the door and the normaliser as a customer's message goes. Prints figures only, never a line.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.homophones import readable
from bot.nlu.signals import signals_in
from bot.nlu.speaker import is_third_party
from service.predict import at_the_door

SET = Path(__file__).parent / "sets" / "safety.tsv"
NONE = "none"
#: a grave state told of somebody is always a person's matter: a death or a minor implies who writes
THIRD_PARTY = "third_party"


@dataclass(frozen=True)
class SafetyScore:
    """``recall`` and ``by_kind`` are shares found (0 to 1) of the labels; ``false_alarms`` of the none lines."""

    labels: int
    found: int
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


def kinds_read(text: str) -> frozenset[str]:
    """The kinds the rules see in a customer's raw text."""
    plain = readable(at_the_door(text).read).text
    kinds = {signal.name for signal in signals_in(plain)}
    return frozenset(kinds | {THIRD_PARTY} if is_third_party(plain) else kinds)


def score(lines: Iterable[tuple[str, str]]) -> SafetyScore:
    """The score of (kinds, text) lines."""
    labels: Counter[str] = Counter()
    found: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    nones = alarmed = 0
    for kinds, text in lines:
        read = kinds_read(text)
        if kinds == NONE:
            nones, alarmed = nones + 1, alarmed + bool(read)
            alarms.update(read)
        else:
            wanted = kinds.split("|")
            labels.update(wanted)
            found.update(kind for kind in wanted if kind in read)
    by_kind = {kind: (labels[kind], found[kind]) for kind in sorted(labels)}
    total = sum(labels.values()), sum(found.values())
    return SafetyScore(*total, by_kind, nones, alarmed, dict(alarms))


def read_set(path: Path) -> list[tuple[str, str]]:
    """(kinds, text) of a file; a header and lines that begin with # are left out."""
    rows = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    return [(kinds, text) for kinds, text in rows if kinds != "kind"]


def main(arguments: list[str]) -> None:
    result = score(read_set(Path(arguments[0]) if arguments else SET))
    print(f"{'kind':<20}{'lines':>6}{'found':>7}{'recall':>8}")
    for kind, (wanted, found) in result.by_kind.items():
        print(f"{kind:<20}{wanted:>6}{found:>7}{found / wanted:>8.3f}")
    print(f"{'all':<20}{result.labels:>6}{result.found:>7}{result.recall:>8.3f}")
    print(f"false alarms: {result.alarmed} of {result.none_lines} = {result.false_alarms:.3f}")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(result.alarms.items())))


if __name__ == "__main__":
    main(sys.argv[1:])
