"""Fragments: what "那利息呢", "没接到", "第二个" or "都不是" mean after what was said before.

Pure rules over following.yml. Knows texts, topics and intents; must not know Rasa, the customer or the bank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LONGEST = 16  #: characters of a tidied fragment; a longer text says what it means
NEARLY = 0.75  #: likeness from which a text is one of the words offered

SAME, DETAIL, MORE, PERSON, ME = "same", "detail", "more", "person", "me"


@dataclass(frozen=True)
class Fragment:
    """One row of the table; ``means`` is topic → intent (or one of the five words above)."""

    name: str
    says: re.Pattern[str]
    means: Mapping[str, str]
    otherwise: str | None


@dataclass(frozen=True)
class Table:
    """following.yml, read."""

    fragments: tuple[Fragment, ...]
    other_product: re.Pattern[str]
    closed: frozenset[str]
    savings: frozenset[str]
    savings_serve: frozenset[str]
    credit_never: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """The table; KeyError or re.error when the file is out of form."""
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    products = content["products"]
    return Table(
        fragments=tuple(_fragment(name, row) for name, row in content["fragments"].items()),
        other_product=re.compile(content["other_product"]),
        closed=frozenset(content["closed"]),
        savings=frozenset(products["savings"]),
        savings_serve=frozenset(products["savings_serve"]),
        credit_never=frozenset(products["credit_never"]),
    )


def _fragment(name: str, row: Mapping[str, Any]) -> Fragment:
    means = {topic: intent for intent, topics in row.get("means", {}).items() for topic in topics}
    return Fragment(name, re.compile(row["says"]), means, row.get("else"))


_MARKS = re.compile(r"[\s,，.。!！?？~～…、:：;；\"'“”‘’()（）]+")
_HEAD = re.compile(r"^(?:(?:哦|噢|嗯|额|呃|好的?|喂|请问|问一?下|那么|那)+(?=.))")
_TAIL = re.compile(r"(?<=.)(?:呢|啊|呀|吧|哦|哈|啦|嘛|吗|么|喔|诶|欸|了|的|额|谢谢)+$")


def tidied(text: str) -> str:
    """The text without marks, spaces, a leading "那" and closing particles."""
    plain = _MARKS.sub("", text)
    return _TAIL.sub("", _HEAD.sub("", plain)) or plain


def meaning(text: str, topic: str | None) -> str | None:
    """The intent a fragment means after ``topic``, or SAME, DETAIL, MORE, PERSON, ME; None when it is no fragment."""
    if topic is None or topic in table().closed:
        return None
    ways = (tidied(text), _MARKS.sub("", text))
    if len(ways[1]) > LONGEST:
        return None
    for row in table().fragments:
        if any(row.says.fullmatch(way) for way in ways):
            return row.means.get(topic, row.otherwise)
    return None


def only_product(rest: str) -> bool:
    """Whether what is left of a text without the product's name asks nothing of its own ("那…呢")."""
    plain = _MARKS.sub("", rest)
    return bool(table().other_product.fullmatch(_TAIL.sub("", plain) if len(plain) > 1 else _particle(plain)))


def _particle(plain: str) -> str:
    return "" if plain in "呢吗啊呀吧么的" else plain


def serves(product: str, intent: str) -> bool:
    """Whether a product named before is meant by a later question that names none."""
    known = table()
    return intent in known.savings_serve if product in known.savings else intent not in known.credit_never


# --- choosing

_NTH = (re.compile(r"[一1①]|头一|前面|上面"), re.compile(r"[二2②两]|中间"), re.compile(r"[三3③]"))
_LAST = re.compile(r"最后|后面|末|下面")
_BARE = re.compile(
    r"(?:我?(?:就|想|要|是|问|说的是|问的是)*选?(?:择)?)?(?:第|头|最后|中间|前面|后面|上面|下面)?(?:那|这)?"
    r"[一二三两1-3①-③]?(?:个|项|条|种|号|一个|那个)?"
)
_NONE = re.compile(
    r"(?:这|以上|上面)?(?:几|三|两|些)?个?(?:都|全|全都|通通|统统|一个都)(?:不是|不对|没有|不沾边)(?:我想问的?|我要的?|我问的?)?"
    r"|(?:没有|不是)(?:我)?(?:想问|要问|想要|要|问)(?:的)?|没有一个是?|(?:都)?没有对的|其他问题|别的问题|问的?不是这些?"
)


def place(text: str, count: int) -> int | None:
    """Which of ``count`` things "第二个", "最后一个" means, from 0; None when it cannot be told."""
    if count and _LAST.search(text):
        return count - 1
    found = next((at for at, words in enumerate(_NTH) if words.search(text)), None)
    return found if found is not None and found < count else None


def chosen(text: str, offered: Sequence[str]) -> int | None:
    """Which of the titles offered a text chooses: by number alone, by its words, exactly or nearly."""
    plain = tidied(text)
    if _BARE.fullmatch(plain):
        return place(plain, len(offered))
    likeness = [_alike(plain, tidied(title)) for title in offered]
    best = max(likeness, default=0.0)
    return likeness.index(best) if best >= NEARLY else None


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def none_of_them(text: str) -> bool:
    """ "都不是": none of what was offered."""
    return bool(_NONE.fullmatch(tidied(text)) or _NONE.fullmatch(_MARKS.sub("", text)))


_ONE = re.compile(
    r"(?:我?(?:说|问)的?是|就是|就|那|我)?(?:(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[号日]|第(?P<nth>[一二三四五1-5]))"
    r"(?:借的|还的|扣的|到期的|要还的|的)?(?:那|这)?一?(?:笔|次|期|张|条)"
)


@dataclass(frozen=True)
class One:
    """One of several shown, by its day ("3月9号那笔") or its place from 0 ("第二笔")."""

    month: int | None
    day: int | None
    nth: int | None


def names_one(text: str) -> One | None:
    """Which one a text names, if that is all it says."""
    match = _ONE.fullmatch(tidied(text))
    if match is None:
        return None
    month, day = (int(match[name]) if match[name] else None for name in ("month", "day"))
    nth = "一二三四五".find(match["nth"]) if match["nth"] and not match["nth"].isdigit() else None
    return One(month, day, int(match["nth"]) - 1 if match["nth"] and match["nth"].isdigit() else nth)
