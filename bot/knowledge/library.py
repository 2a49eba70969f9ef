"""The library of answers: one file per intent under bot/data/knowledge.

Checks everything when it is loaded: a file that is out of form, names a figure that does not exist, or
refers to an intent without a file is an error that names file and place. Knows nothing of Rasa.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.bank.errors import FigureMissing
from bot.bank.products import Products

_PATH = re.compile(r"\{([^{}]+)\}")
_KEYS = {"intent", "title", "ask", "updated", "answers", "related", "account"}
_ANSWER_KEYS = {"product", "topic", "says", "short", "detail", "next"}
MAX_SHORT = 80
MAX_ASK = 14


class BadKnowledge(ValueError):
    """A knowledge file is wrong; the message says which and where, in Chinese."""


@dataclass(frozen=True)
class Answer:
    """What is said: ``short`` first, ``detail`` and ``next`` may be empty."""

    intent: str
    short: str
    detail: str
    next: str
    version: str  #: content hash; with the intent it identifies the wording for an audit

    @property
    def key(self) -> str:
        return f"{self.intent}@{self.version}"


@dataclass(frozen=True)
class Entry:
    """One file: the answers to one intent, how people ask for it, and what is near."""

    intent: str
    title: str
    ask: str
    related: tuple[str, ...]
    account: bool
    answers: tuple[tuple[str | None, str | None, tuple[str, ...], Answer], ...]


class Library:
    """All entries, checked. Build it with ``load``."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(entries)

    @classmethod
    def load(cls, folder: Path, products: Products) -> Library:
        """Reads every .yml of the folder; BadKnowledge on the first thing that is wrong."""
        files = sorted(folder.glob("*.yml"))
        if not files:
            raise BadKnowledge(f"知识文件夹 {folder.name} 里没有答案文件。")
        entries = {entry.intent: entry for entry in (_read(file, products) for file in files)}
        for entry in entries.values():
            missing = [intent for intent in entry.related if intent not in entries]
            if missing:
                raise BadKnowledge(f"{entry.intent}.yml：related 里的 {'、'.join(missing)} 没有答案文件。")
        return cls(entries)

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


def _read(file: Path, products: Products) -> Entry:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadKnowledge(f"{file.name} 读不出来：{error}") from error
    _check_form(file, content)
    answers = tuple(_answer(file, content["intent"], written, products) for written in content["answers"])
    return Entry(
        intent=content["intent"],
        title=content["title"],
        ask=content["ask"],
        related=tuple(content.get("related") or ()),
        account=bool(content.get("account")),
        answers=answers,
    )


def _check_form(file: Path, content: Any) -> None:
    if not isinstance(content, dict):
        raise BadKnowledge(f"{file.name}：最外层应是“名称: 内容”。")
    unknown = set(content) - _KEYS
    missing = {"intent", "title", "ask", "answers"} - set(content)
    if unknown or missing:
        raise BadKnowledge(f"{file.name}：多出 {sorted(unknown)}，缺少 {sorted(missing)}。")
    if content["intent"] != file.stem:
        raise BadKnowledge(f"{file.name}：intent 写的是 {content['intent']}，应与文件名相同。")
    if len(content["ask"]) > MAX_ASK:
        raise BadKnowledge(f"{file.name}：ask 超过 {MAX_ASK} 个字。")
    answers = content["answers"]
    if not isinstance(answers, list) or not any("product" not in answer for answer in answers):
        raise BadKnowledge(f"{file.name}：answers 里要有一条不写 product 的通用答案。")


def _answer(
    file: Path, intent: str, written: Mapping[str, Any], products: Products
) -> tuple[str | None, str | None, tuple[str, ...], Answer]:
    unknown = set(written) - _ANSWER_KEYS
    if unknown or "short" not in written:
        raise BadKnowledge(f"{file.name}：答案要有 short，不能有 {sorted(unknown)}。")
    texts = [
        _filled(file, str(written.get(key) or "").strip(), products) for key in ("short", "detail", "next")
    ]
    if len(texts[0]) > MAX_SHORT:
        raise BadKnowledge(f"{file.name}：short 填入数字后超过 {MAX_SHORT} 个字：{texts[0]}")
    version = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]
    answer = Answer(intent, texts[0], texts[1], texts[2], version)
    return written.get("product"), written.get("topic"), tuple(map(str, written.get("says") or ())), answer


def _filled(file: Path, text: str, products: Products) -> str:
    def figure(match: re.Match[str]) -> str:
        try:
            return written_out(products.text(match[1]))
        except FigureMissing as error:
            raise BadKnowledge(f"{file.name}：{error.message}") from error

    return _PATH.sub(figure, text)


def written_out(figure: str) -> str:
    """A figure as people write it: 200000.00 → 200,000; 7.20 → 7.2; other texts stay."""
    if not re.fullmatch(r"\d+(\.\d+)?", figure):
        return figure
    whole, _, part = figure.partition(".")
    return f"{int(whole):,}" + (f".{part.rstrip('0')}" if part.rstrip("0") else "")
