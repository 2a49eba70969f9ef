"""What the reader of danger learns from, and what it sees of a text.

``data/signals/said/*.tsv``: ``kinds<TAB>text`` by several authors who had not seen the rules; two kinds are
joined with ``|``, ``none`` is the same words with an ordinary meaning. ``data/signals/utterances.tsv`` labels
those of our own utterances that come near a kind; the other everyday ones tell of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.nlu.decision import Handling, handling_table
from bot.nlu.features import features
from bot.nlu.homophones import readable
from bot.nlu.segmentation import segmented
from bot.nlu.signal_model import Lesson, with_rules
from bot.nlu.signals import FOLDER, known_signals, signals_in
from bot.nlu.vocabulary import Features

NONE = "none"
SAID, OURS = FOLDER / "said", FOLDER / "utterances.tsv"


def seen_in(text: str) -> Features:
    """What the model sees of a normalised text."""
    seen = features(text, [word for word, _ in segmented(text)])
    return with_rules(seen, [signal.name for signal in signals_in(text)])


def lessons(utterances: Iterable[tuple[str, str]]) -> Iterator[Lesson]:
    """Lessons of the authors' lines and of our own utterances, given as (intent, normalised text)."""
    for path in sorted(SAID.glob("*.tsv")):
        for kinds, text in labelled(path):
            yield Lesson(seen_in(readable(text).text), kinds)
    judged = {readable(text).text: kinds for kinds, text in labelled(OURS)}
    near = _near()
    for intent, text in utterances:
        if text in judged:
            yield Lesson(seen_in(text), judged[text])
        elif intent not in near:
            yield Lesson(seen_in(text), frozenset())


def labelled(path: Path) -> list[tuple[frozenset[str], str]]:
    """(kinds, text) of a file; lines that begin with # are remarks."""
    rows = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    return [(frozenset() if kinds == NONE else frozenset(kinds.split("|")), text) for kinds, text in rows]


def _near() -> frozenset[str]:
    """Intents whose utterances may tell of danger: without a label they teach nothing."""
    escalated = {intent for intent, how in handling_table().items() if how is Handling.ESCALATE}
    return frozenset(escalated | {signal.intent for signal in known_signals()})
