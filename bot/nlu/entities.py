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

#: behind these even the smallest coin is a sum: 扣了一毛钱
_PAID = "".join(
    f"(?<!{word})" for word in ("扣", "扣了", "扣我", "差", "收了", "转了", "退了", "打了", "付了")
)
#: words that hold a numeral and count nothing; a full set is neither possible nor needed
_IDIOMS = re.compile(
    r"剩下|(?<!剩)余下|一次(?=性|还|付|结|全)|一块儿|(?<=在|起)一块|一天到晚|一天天|一年到头|三天两头|十万火急|[七7]日年化|最后一天"
    rf"|{_PAID}一[毛分]钱|一[毛分]钱?(?=[没都也不]|[借还取拿退]不)|九牛一毛|3\.15|双十一|双11|双十二|双12|618|(?<![周期拜])[一二三两]手|一元二次|沪深300|360(?=借条|那边|数科|金融)|千零一夜"
    r"|每[天日月年](?=[^\d一二三四五六七八九十号的]|$)|(?:一天|一次)比一[天次]|百分[百之]百(?=通过|没|能|可以|会)"
    r"|(?:一[定共旦律键切下些向并再概]|(?<![周期拜])一[直起般样半边会度早时方声辈路心旁刻致味贯])(?![千万百元块])"
    r"|(?<!之)一点(?![\d零一二三四五六七八九])|(?<![\d零一二两三四五六七八九十百千几多])(?:万一|千万(?![元块]))|就怕万一|不怕一万"
)


# --- products

_NOT_A_NAME = re.compile(
    r"随借随还|不定期|定期(?=还|扣|更新|检查|修改|给|付)|(?:在|于|的)月付|[一1]类[户卡]\S{0,2}[二2]类户|[二2]类户\S{0,2}[一1三3]类[户卡]"
)


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

_FOUR = r"(?P<{0}>\d{{4}})(?!\d|[.,]\d|\s?[元块万千年])"
_TAIL = re.compile(
    r"(?:尾号|尾数|末尾|后四位|后4位|末四位|末4位|最后四位)"
    rf"(?:数?[\s(【\[:]*|[\s:填写输搞弄记错了不对改换变更新旧成为到应该是我的]{{1,12}}){_FOUR.format('a')}"
    r"|(?<!\d)(?P<b>\d{4})(?:结尾|(?:[这那]?张?的?)尾号|[这那]张尾号)"
    rf"|[这那][个张]卡(?:号|是)?\s?{_FOUR.format('c')}|(?<![\d存了有额剩差转钱扣还借欠.])(?P<d>\d{{4}})[这那]张(?:银行|储蓄|工资)?卡"
)
#: one more of the same kind: 尾号5174和2683, 1234换成5678
_MORE = re.compile(rf"(?:和|跟|与|及|、|/|还是|或者?|[换改变]成了?|[换改]到|而?不是)\s?{_FOUR.format('e')}")
_NAMED = re.compile("(?P<phone>手机|电话|号码)|卡")


def _tails(phone: bool) -> Callable[[str], Iterator[Found]]:
    """A tail is a card's unless a telephone is named beside it."""

    def find(text: str) -> Iterator[Found]:
        for match in _TAIL.finditer(text):
            if _of_phone(match) is phone:
                tail: re.Match[str] | None = match
                while tail is not None:
                    group = tail.lastgroup or ""
                    yield tail.start(group), tail.end(group), tail[group]
                    tail = _MORE.match(text, tail.end(group))

    return find


def _of_phone(tail: re.Match[str]) -> bool:
    """The nearest word before says whose number it is, else the first behind."""
    before = list(_NAMED.finditer(tail.string, max(0, tail.start() - 6), tail.start()))
    said = before[-1] if before else _NAMED.search(tail.string, tail.start(), tail.end() + 5)
    return said is not None and said["phone"] is not None


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
