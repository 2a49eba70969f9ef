"""Training utterances as data: all of them, how alike they are within an intent, what contradicts another.

``python -m service.utterances`` prints what to mend. Pure but for reading the files; knows no model. Likeness is
Jaccard's of character pairs over the normalised text without marks.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.homophones import readable

ROOT = Path(__file__).resolve().parent.parent
ALIKE = 0.8  #: one word of a long text changed; in a text of five characters any changed word is less alike
_MARKS = re.compile(r"[\W_]+")
_PARTICLES = "啊呀呢吗嘛么吧哦呗啦了哈"

Row = tuple[str, str]


@dataclass(frozen=True)
class Pair:
    """Two utterances and how alike they are, 0 to 1."""

    one: Row
    other: Row
    likeness: float


def utterances(root: Path = ROOT) -> list[Row]:
    """(intent, text) of all training data, dialogue acts too."""
    found = []
    for path in sorted((root / "bot" / "data").glob("*/nlu*.yml")):
        for one in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = (line.strip() for line in one["examples"].splitlines())
            found += [(one["intent"], line[2:]) for line in lines if line.startswith("- ")]
    return found


def bare(text: str) -> str:
    """What is compared: normalised, without marks and spaces."""
    return _MARKS.sub("", readable(text).text)


def _pairs_of(text: str) -> set[str]:
    """The character pairs, without what only ends a sentence."""
    plain = bare(text)
    framed = f"^{plain.rstrip(_PARTICLES) or plain}$"
    return {framed[i : i + 2] for i in range(len(framed) - 1)}


def contradictions(rows: Sequence[Row]) -> list[Pair]:
    """The same text under two intents."""
    seen: dict[str, Row] = {}
    found = []
    for row in rows:
        first = seen.setdefault(bare(row[1]), row)
        if first[0] != row[0]:
            found.append(Pair(first, row, 1.0))
    return found


def repeated(rows: Sequence[Row]) -> list[Pair]:
    """Each utterance that is at least ALIKE to an earlier one of its intent, with the most alike."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row)
    return [pair for group in groups.values() for pair in _repeated(group)]


def _repeated(group: Sequence[Row]) -> list[Pair]:
    """Compares only texts that share a character pair, by an index of pairs."""
    index: dict[str, list[int]] = defaultdict(list)
    sizes: list[int] = []
    found = []
    for place, row in enumerate(group):
        pairs = _pairs_of(row[1])
        shared: dict[int, int] = defaultdict(int)
        for pair in pairs:
            for earlier in index[pair]:
                shared[earlier] += 1
            index[pair].append(place)
        sizes.append(len(pairs))
        best = max(((n / (sizes[e] + len(pairs) - n), e) for e, n in shared.items()), default=(0.0, -1))
        if best[0] >= ALIKE:
            found.append(Pair(group[best[1]], row, best[0]))
    return found


def main() -> int:
    rows = utterances()
    twice, against = repeated(rows), contradictions(rows)
    for pair in [*against, *twice]:
        print(f"{pair.likeness:.2f}  {pair.one[0]}: {pair.one[1]}  ~  {pair.other[0]}: {pair.other[1]}")
    print(f"{len(rows)} 句：相近 {len(twice)}（{len(twice) / len(rows):.1%}），矛盾 {len(against)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
