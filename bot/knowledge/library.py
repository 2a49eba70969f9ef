"""The library of answers: one entry per intent, from the files under bot/data/knowledge or newer revisions.

Every file is checked (bot.knowledge.checking); one that is wrong is an error that names file and line.
Knows nothing of Rasa.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.bank.products import Products
from bot.knowledge.checking import check
from bot.knowledge.entry import Answer, Entry


class BadKnowledge(ValueError):
    """A knowledge file is wrong; the message says which and where, in Chinese."""


class Library:
    """All entries, checked. Never changes: a revision makes a new one. Build it with ``load``."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(entries)

    @classmethod
    def load(cls, folder: Path, products: Products) -> Library:
        """Reads every .yml of the folder; BadKnowledge when something is wrong."""
        return cls.of(read_texts(folder), products)

    @classmethod
    def of(cls, texts: Mapping[str, str], products: Products) -> Library:
        """The library of these files (intent → text); BadKnowledge when something is wrong."""
        entries: dict[str, Entry] = {}
        for intent, text in texts.items():
            checked = check(text, intent, products, texts)
            if checked.entry is None:
                raise BadKnowledge(f"{intent}.yml {'；'.join(map(str, checked.problems))}")
            entries[intent] = checked.entry
        return cls(entries)

    def with_entries(self, entries: Iterable[Entry]) -> Library:
        """This library with some entries replaced."""
        return Library({**self._entries, **{entry.intent: entry for entry in entries}})

    def __contains__(self, intent: str) -> bool:
        return intent in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def entry(self, intent: str) -> Entry:
        """The entry of an intent; KeyError."""
        return self._entries[intent]

    def answer(self, intent: str, product: str | None = None, topic: str | None = None) -> Answer:
        """The answer for this product or topic, else the one for all."""
        answers = self._entries[intent].answers
        if product is not None:
            for named, _, _, answer in answers:
                if named == product:
                    return answer
        wanted = topic or "default"
        by_topic = next((answer for _, named, _, answer in answers if named == wanted), None)
        return by_topic or next(answer for named, _, _, answer in answers if named is None)

    def topics(self, intent: str) -> dict[str, tuple[str, ...]]:
        """Topic → phrasings, of an intent whose answers differ by topic."""
        return {topic: says for _, topic, says, _ in self._entries[intent].answers if topic is not None}


def read_texts(folder: Path) -> dict[str, str]:
    """Intent → text of every .yml of the folder, in order of name; BadKnowledge when there is none."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadKnowledge(f"知识文件夹 {folder.name} 里没有答案文件。")
    try:
        return {file.stem: file.read_text("utf-8") for file in files}
    except (OSError, UnicodeDecodeError) as error:
        raise BadKnowledge(f"知识文件夹 {folder.name} 里有文件读不出来：{error}") from error
