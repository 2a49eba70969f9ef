"""The check of one answer file: from its text to an entry, or to everything that is wrong with it, by line.

The same check runs when the program starts, when operations staff type, and when they submit. Pure: takes
the text and what may be referred to; knows neither files nor the database, nor Rasa.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from bot.bank.errors import FigureMissing
from bot.bank.products import Products
from bot.knowledge.entry import Answer, Entry

MAX_SHORT = 80
MAX_ASK = 14
MAX_TEXT = 16_000  #: characters of a whole file
DEFAULT_REVIEW_DAYS = 180
MAX_REVIEW_DAYS = 730
UNREADABLE = "这里的写法读不出来。请看缩进、冒号后的空格和引号；以 { 开头的内容要整句加引号。"

_PATH = re.compile(r"\{([^{}]+)\}")
_FIGURE = re.compile(r"\d[\d,.]*\s*(?:%|％|元|‰)")
_WEB = re.compile(r"https?://|www\.", re.IGNORECASE)
_NEEDED = ("intent", "title", "ask", "updated", "owner", "review_by", "answers")
_KEYS = {*_NEEDED, "review_days", "related", "account"}
_ANSWER_KEYS = {"product", "topic", "says", "short", "detail", "next"}
_SAID = ("short", "detail", "next")

Path = tuple[Any, ...]


@dataclass(frozen=True)
class Problem:
    """``line`` counts from 1; ``message`` is Chinese and says what to do."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.message}"


@dataclass(frozen=True)
class Checked:
    """``entry`` is None exactly when there are problems; warnings do not stop a submission."""

    entry: Entry | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass
class _File:
    """One file under the check: its values, where each stands, and what was found."""

    products: Products
    content: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def wrong(self, message: str, *path: Any) -> None:
        self.problems.append(Problem(self.line(path), message))

    def line(self, path: Path) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def check(
    text: str, intent: str, products: Products, intents: Collection[str] | None = None, revision: int = 0
) -> Checked:
    """Check the file of ``intent``; ``intents`` are those that ``related`` may name (None: not looked at)."""
    file = _File(products)
    if _read(file, text):
        _check_head(file, intent)
        _check_dates(file)
        _check_related(file, intent, intents)
        answers = tuple(_answers(file, intent, revision))
        if not file.problems:
            return Checked(_entry(file.content, answers, revision), (), tuple(file.warnings))
    problems = sorted(file.problems, key=lambda problem: problem.line)
    return Checked(None, tuple(problems), tuple(file.warnings))


# reading


def _read(file: _File, text: str) -> bool:
    if len(text) > MAX_TEXT:
        file.wrong(f"全文超过 {MAX_TEXT} 个字。")
        return False
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                file.problems.append(
                    Problem(_line(event.start_mark), "不能用 & 和 * 引用别处，请直接写出来。")
                )
                return False
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        file.problems.append(Problem(_line(error.problem_mark), UNREADABLE))
        return False
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        place = (
            1 if not isinstance(error, yaml.reader.ReaderError) else text.count("\n", 0, error.position) + 1
        )
        file.problems.append(Problem(place, UNREADABLE))
        return False
    if node is None or not isinstance(content, dict):
        file.wrong("最外层应是“名称: 内容”。")
        return False
    _note_lines(file, node, ())
    file.content = content
    return True


def _line(mark: Any) -> int:
    return 1 if mark is None else int(mark.line) + 1


def _note_lines(file: _File, node: yaml.Node, path: Path) -> None:
    file.lines[path] = _line(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, key.value)
            if place in file.lines:
                file.problems.append(Problem(_line(key.start_mark), f"{key.value} 写了两次。"))
            _note_lines(file, value, place)
            file.lines[place] = _line(key.start_mark)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(file, value, (*path, number))


# the head


def _check_head(file: _File, intent: str) -> None:
    content = file.content
    for key in content:
        if key not in _KEYS:
            file.wrong(f"不认识 {key}，可以写的有 {'、'.join(sorted(_KEYS))}。", key)
    missing = [key for key in _NEEDED if content.get(key) in (None, "", [])]
    if missing:
        file.wrong(f"缺少 {'、'.join(missing)}。")
    for key in ("intent", "title", "ask", "owner"):
        if key in content and key not in missing and not isinstance(content[key], str):
            file.wrong(f"{key} 应是文字。", key)
    if "intent" not in missing and content["intent"] != intent:
        file.wrong(f"intent 写的是 {content['intent']}，应与文件名相同，写 {intent}。", "intent")
    if len(str(content.get("ask") or "")) > MAX_ASK:
        file.wrong(f"ask 超过 {MAX_ASK} 个字。", "ask")
    if not isinstance(content.get("account", False), bool):
        file.wrong("account 应写 true 或 false。", "account")


def _check_dates(file: _File) -> None:
    for key in ("updated", "review_by"):
        if file.content.get(key) and _day(file.content[key]) is None:
            file.wrong(f"{key} 应是日期，如 2026-11-23。", key)
    updated, review_by = _day(file.content.get("updated")), _day(file.content.get("review_by"))
    if updated and review_by and review_by <= updated:
        file.wrong("review_by（下次复核日）要晚于 updated。", "review_by")
    days = file.content.get("review_days", DEFAULT_REVIEW_DAYS)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MAX_REVIEW_DAYS:
        file.wrong(f"review_days 应是 1 到 {MAX_REVIEW_DAYS} 的天数。", "review_days")


def _day(written: Any) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def _check_related(file: _File, intent: str, intents: Collection[str] | None) -> None:
    related = file.content.get("related") or []
    if not isinstance(related, list):
        file.wrong("related 应是一列 intent，如 [early_repay]。", "related")
        return
    for number, name in enumerate(related):
        if name == intent:
            file.wrong("related 里不用写自己。", "related", number)
        elif intents is not None and name not in intents:
            file.wrong(f"related 里的 {name} 没有答案文件。", "related", number)


# the answers


def _answers(
    file: _File, intent: str, revision: int
) -> Iterator[tuple[str | None, str | None, tuple[str, ...], Answer]]:
    written = file.content.get("answers") or []
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        file.wrong("answers 应是一列答案，每条以“- ”开头。", "answers")
        return
    if written and not any("product" not in one for one in written):
        file.wrong("answers 里要有一条不写 product 的通用答案。", "answers")
    seen: set[tuple[Any, Any]] = set()
    for number, one in enumerate(written):
        _check_answer(file, number, one, seen)
        texts = [_filled(file, str(one.get(key) or "").strip(), number, key) for key in _SAID]
        if len(texts[0]) > MAX_SHORT:
            message = f"short 填入数字后有 {len(texts[0])} 个字，超过 {MAX_SHORT} 个字：{texts[0]}"
            file.wrong(message, "answers", number, "short")
        says = one.get("says") or ()
        if not isinstance(says, (list, tuple)):
            file.wrong("says 应是一列说法。", "answers", number, "says")
            says = ()
        answer = Answer(intent, texts[0], texts[1], texts[2], _version(texts, revision))
        yield one.get("product"), one.get("topic"), tuple(map(str, says)), answer


def _check_answer(file: _File, number: int, one: Mapping[str, Any], seen: set[tuple[Any, Any]]) -> None:
    place = ("answers", number)
    for key in one:
        if key not in _ANSWER_KEYS:
            file.wrong(f"答案里不认识 {key}。", *place, key)
    if not str(one.get("short") or "").strip():
        file.wrong("答案要有 short（先说的短答案）。", *place)
    for key in _SAID:
        if not isinstance(one.get(key) or "", str):
            file.wrong(f"{key} 应是文字。", *place, key)
    product = one.get("product")
    if product is not None and product not in file.products.names:
        file.wrong(f"没有产品“{product}”，有：{'、'.join(file.products.names)}。", *place, "product")
    which = (str(product), str(one.get("topic")))
    if which in seen:
        file.wrong("前面已有同一产品、同一 topic 的答案，这一条永远用不到。", *place)
    seen.add(which)


def _filled(file: _File, text: str, number: int, key: str) -> str:
    def figure(match: re.Match[str]) -> str:
        try:
            return written_out(file.products.text(match[1]))
        except FigureMissing as error:
            file.wrong(error.message, "answers", number, key)
            return match[0]

    if _WEB.search(text):
        file.wrong("网址会变也可能被冒充，请写 App 里的路径。", "answers", number, key)
    rest = _PATH.sub("", text)
    if "{" in rest or "}" in rest:
        file.wrong("花括号没有成对，数字的路径写成 {产品.名称}。", "answers", number, key)
    for found in _FIGURE.findall(rest):
        place = Problem(file.line(("answers", number, key)), f"“{found}”是手写的，请尽量用产品资料的路径。")
        file.warnings.append(place)
    return _PATH.sub(figure, text)


def written_out(figure: str) -> str:
    """A figure as people write it: 200000.00 → 200,000; 7.20 → 7.2; other texts stay."""
    if not re.fullmatch(r"\d+(\.\d+)?", figure):
        return figure
    whole, _, part = figure.partition(".")
    return f"{int(whole):,}" + (f".{part.rstrip('0')}" if part.rstrip("0") else "")


def _version(texts: list[str], revision: int) -> str:
    """A hash of what is said; operations' revisions also carry their number, so that an audit finds the file."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:10]
    return f"r{revision}.{digest}" if revision else digest


def _entry(content: Mapping[str, Any], answers: tuple[Any, ...], revision: int) -> Entry:
    updated, review_by = _day(content["updated"]), _day(content["review_by"])
    assert updated is not None
    assert review_by is not None
    return Entry(
        intent=content["intent"],
        title=content["title"],
        ask=content["ask"],
        related=tuple(content.get("related") or ()),
        account=bool(content.get("account")),
        answers=answers,
        updated=updated,
        owner=content["owner"],
        review_by=review_by,
        review_days=content.get("review_days", DEFAULT_REVIEW_DAYS),
        revision=revision,
    )
