"""What a text names: products, amounts, terms, dates, number tails. Rules over normalised text.

Pure. Finds and values; must not know today's date (a date stays as said, see dates.py), the customer or
the intent. No two findings overlap; the earlier kind in ``FINDERS`` wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.nlu import amounts, dates, rates, terms
from bot.nlu.dates import Found
from bot.nlu.normalise import DATA


@dataclass(frozen=True)
class Entity:
    """text[start:end] of the normalised text; ``value`` as the table below says.

    product     the bank's name for it ("随心借")
    amount      元 with two decimals ("30000.00")
    term        count and unit ("12期", "10个月", "7天", "1年"); 一年半 is "18个月", 两周 "14天"
    date        as said, tidied ("明天", "15日", "下月10日", "8月15日", "周五", "3天后"): dates.day_of makes it a day
    percent     per cent without zeros behind ("0.05" for 万分之五)
    phone_tail, card_tail   the last digits ("1234")
    phone, card_number, id_card, email   the placeholder the door put in ("<手机号>"): what it was is not known here
    """

    entity: str
    value: str
    start: int
    end: int


def entities_in(text: str) -> list[Entity]:
    """All entities of a normalised text, from left to right."""
    found: list[Entity] = []
    text = _IDIOMS.sub(lambda match: _TAKEN * len(match[0]), text)
    for name, find in FINDERS:
        for start, end, value in list(find(text)):
            found.append(Entity(name, value, start, end))
            text = text[:start] + _TAKEN * (end - start) + text[end:]
    return sorted(found, key=lambda entity: entity.start)


#: stands for text that is already an entity; matches nothing
_TAKEN = "\0"

#: words that hold a numeral and count nothing; a full set is neither possible nor needed
_IDIOMS = re.compile(
    r"剩下|(?<!剩)余下|一次(?=性|还|付|结|全)|一块儿|(?<=在|起)一块|一天到晚|一天天|一年到头|三天两头|十万火急|[七7]日年化|最后一天"
    r"|一毛钱|九牛一毛|3\.15|双十一|双11|双十二|双12|618|[一二三两]手|一分钱|一分(?=没|都|也|不)|千零一夜"
    r"|每[天日月年](?=[^\d一二三四五六七八九十号的]|$)|(?:一天|一次)比一[天次]|百分[百之]百(?=通过|没|能|可以|会)"
    r"|(?:一[定共旦律键切下些向并再概]|(?<![周期拜])一[直起般样半边会度早时方声辈路心旁刻致味贯])(?![千万百元块])"
    r"|(?<!之)一点(?![\d零一二三四五六七八九])|(?<![\d零一二两三四五六七八九十百千几多])(?:万一|千万(?![元块]))|就怕万一|不怕一万"
)


# --- products

_NOT_A_NAME = re.compile(r"随借随还|不定期|定期(?=还|扣|更新|检查|修改|给|付)|(?:在|于|的)月付")


@lru_cache(maxsize=1)
def _products() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern with a group per product, and which product a group means."""
    table = yaml.safe_load((DATA / "products.yml").read_text(encoding="utf-8"))
    groups, meaning = [], {}
    for index, (product, ways) in enumerate(table.items()):
        names = [re.escape(name) for name in sorted(ways["names"], key=len, reverse=True)]
        spellings = [r"\s?".join(f"[{position}]" for position in way) for way in ways.get("spellings", [])]
        groups.append(f"(?P<p{index}>{'|'.join(names + spellings)})")
        meaning[f"p{index}"] = product
    return re.compile("|".join(groups)), meaning


def _find_products(text: str) -> Iterator[Found]:
    pattern, meaning = _products()
    excluded = [match.span() for match in _NOT_A_NAME.finditer(text)]
    for match in pattern.finditer(text):
        inside = any(start < match.end() and match.start() < end for start, end in excluded)
        if not inside and match.lastgroup is not None:
            yield match.start(), match.end(), meaning[match.lastgroup]


# --- tails of numbers

_TAIL = re.compile(
    r"(?:尾号|尾数|末尾|后四位|后4位|末四位|末4位|最后四位)(?:是|为|:|数)?\s*[(【\[]?(?P<a>\d{4})(?!\d)"
    r"|(?<!\d)(?P<b>\d{4})(?:结尾|(?:[这那]?张?的?)尾号|[这那]张尾号)"
)
_OF_PHONE = re.compile("手机|电话|号码")


def _tails(phone: bool) -> Callable[[str], Iterator[Found]]:
    """A tail is a card's unless a telephone is named beside it."""

    def find(text: str) -> Iterator[Found]:
        for match in _TAIL.finditer(text):
            around = text[max(0, match.start() - 6) : match.start()] + text[match.end() : match.end() + 5]
            if bool(_OF_PHONE.search(around) and "卡" not in around) is phone:
                group = "a" if match["a"] else "b"
                yield match.start(group), match.end(group), match[group]

    return find


# --- what the door took out

_PERSONAL = {"手机号": "phone", "银行卡号": "card_number", "身份证号": "id_card", "邮箱": "email"}


def _marks(kind: str) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for match in re.finditer(f"<{kind}>", text):
            yield match.start(), match.end(), match[0]

    return find


FINDERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    ("product", _find_products),
    ("phone_tail", _tails(phone=True)),
    ("card_tail", _tails(phone=False)),
    *((name, _marks(kind)) for kind, name in _PERSONAL.items()),
    ("date", dates.find),
    ("percent", rates.find),
    ("term", terms.find),
    ("amount", amounts.find),
)
