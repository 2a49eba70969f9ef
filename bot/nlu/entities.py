"""What a text names: products, amounts, terms, dates, number tails. Rules over normalised text.

Pure. Finds and values; must not know today's date (a date stays as said, see dates.py), the customer or
the intent. No two findings overlap; the earlier kind in ``FINDERS`` wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import yaml

from bot.nlu import dates
from bot.nlu.dates import SMALL, Found
from bot.nlu.normalise import DATA
from bot.nlu.numbers import HAN, NUMBER, number


@dataclass(frozen=True)
class Entity:
    """text[start:end] of the normalised text; ``value`` as the table below says.

    product     the bank's name for it ("随心借")
    amount      元 with two decimals ("30000.00")
    term        count and unit ("12期", "10个月", "7天", "1年"); 一年半 is "18个月"
    date        as said, tidied ("明天", "15日", "下月10日", "8月15日", "周五", "3天后"): dates.day_of makes it a day
    percent     per cent without zeros behind ("0.05" for 万分之五)
    phone_tail, card_tail   the last digits ("1234")
    phone, card, id_card, email   the placeholder the door put in ("<手机号>"): what it was is not known here
    """

    entity: str
    value: str
    start: int
    end: int


def entities_in(text: str) -> list[Entity]:
    """All entities of a normalised text, from left to right."""
    found: list[Entity] = []
    for name, find in FINDERS:
        for start, end, value in list(find(text)):
            found.append(Entity(name, value, start, end))
            text = text[:start] + _TAKEN * (end - start) + text[end:]
    return sorted(found, key=lambda entity: entity.start)


#: stands for text that is already an entity; matches nothing
_TAKEN = "\0"


# --- products

_NOT_A_NAME = re.compile(r"随借随还|不定期|定期(?=还|扣|更新|检查|修改|给|付)|(?:在|于|的)月付")


@lru_cache(maxsize=1)
def _products() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern with a group per product, and which product a group means."""
    table = yaml.safe_load((DATA / "products.yml").read_text(encoding="utf-8"))
    groups, meaning = [], {}
    for index, (product, ways) in enumerate(table.items()):
        names = [re.escape(name) for name in sorted(ways["names"], key=len, reverse=True)]
        spellings = ["".join(f"[{position}]" for position in way) for way in ways.get("spellings", [])]
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
    r"(?:尾号|后四位|后4位|末四位|末4位|最后四位)(?:是|为|:|数)?\s*(?P<a>\d{4})(?!\d)|(?<!\d)(?P<b>\d{4})(?:结尾|的尾号|尾号)"
)


def _tails(card: bool) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for match in _TAIL.finditer(text):
            around = text[max(0, match.start() - 6) : match.start()] + text[match.end() : match.end() + 4]
            if ("卡" in around) is card:
                group = "a" if match["a"] else "b"
                yield match.start(group), match.end(group), match[group]

    return find


# --- terms

_TERM = re.compile(
    rf"(?<!第)(?P<n>{SMALL}|半|俩)(?P<u>个半月|个月|个星期|个礼拜|个周|周|星期|礼拜|期|年半|年|天|日(?=内|以内)|次(?=还|付))"
    r"(?!利率|化|级|限|轻|纪)|(?<![\d一二三四五六七八九十])(?P<pair>俩月)|(?<=分)(?P<times>\d{1,2}|[一二三四五六七八九十]{1,3})次"
)
_UNITS = {"个星期": "周", "个礼拜": "周", "个周": "周", "星期": "周", "礼拜": "周", "日": "天", "次": "期"}
_HALVES = {"年": "6个月", "个月": "15天"}
_AND_A_HALF = {"年半": (12, 6, "个月"), "个半月": (30, 15, "天")}


def _find_terms(text: str) -> Iterator[Found]:
    for match in _TERM.finditer(text):
        value = _said_term(match)
        if value:
            yield match.start(), match.end(), value


def _said_term(match: re.Match[str]) -> str | None:
    if match["pair"]:
        return "2个月"
    return f"{int(number(match['times']) or 0)}期" if match["times"] else _length(match["n"], match["u"])


def _length(said: str, unit: str) -> str | None:
    count = number("两" if said == "俩" else said) if said != "半" else None
    if count is None:
        return _HALVES.get(_UNITS.get(unit, unit))
    if unit in _AND_A_HALF:
        each, half, plain = _AND_A_HALF[unit]
        return f"{int(count) * each + half}{plain}"
    return f"{int(count)}{_UNITS.get(unit, unit)}" if count else None


# --- rates

_PERCENT = re.compile(
    rf"(?P<a>\d+(?:\.\d+)?)\s?%|百分之(?P<b>{NUMBER})|千分之(?P<c>{NUMBER})|万分之(?P<d>{NUMBER})"
    r"|(?<![\d.])(?P<e>\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|半)个(?:百分)?点(?!赞|击|心|位)"
    r"|(?<=年化|利率|利息)(?:是|为|才|要|到|达到?|:)?\s?(?P<f>\d{1,2}(?:\.\d+)?)(?![\d.%元块万千百天期个年月号日])"
)
_PARTS = {"a": 1, "b": 1, "c": 10, "d": 100, "e": 1, "f": 1}


def _find_percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        part = next(name for name in _PARTS if match[name])
        value = Decimal("0.5") if match[part] == "半" else number(match[part])
        if value is not None:
            plain = f"{value / _PARTS[part]:f}"
            yield match.start(), match.end(), plain.rstrip("0").rstrip(".") if "." in plain else plain


# --- what the door took out

_PERSONAL = {"手机号": "phone", "银行卡号": "card", "身份证号": "id_card", "邮箱": "email"}


def _marks(kind: str) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for match in re.finditer(f"<{kind}>", text):
            yield match.start(), match.end(), match[0]

    return find


# --- amounts

#: a number begins where its run of digits does: tried at every digit, a long run would take forever
_AMOUNTS = re.compile(
    rf"[¥￥]\s?(?P<mark>{NUMBER})"
    rf"|(?<![\d{HAN}第])(?P<about>[\d{HAN}百千]+)(?:来|多|几)(?P<scale>[百千万])(?!分|个|次|人)"
    rf"|(?<![\d{HAN}])(?P<unit>{NUMBER})\s?(?:多|来|几)?\s?(?:元|块钱|块|圆|人民币|rmb)"
    r"|(?<!\d)(?P<short>\d+(?:\.\d+)?[wk]\d?)(?![a-z\d])"
)
_NUMBER = re.compile(NUMBER)
_SPENT = re.compile(
    r"(?:[借还贷提取转扣存欠付交充花]|额度|金额|本金|账单|最[多低高少])(?:[了到出过我款钱是为呢共掉完上现] ?)*$"
)
_MANY = re.compile(r"\s?[%个次笔人家张条倍名]")
_COUNTED = re.compile(r"\s?[%个次笔天年月期号日点分小岁位家张条人倍秒折:楼度级遍部项种类\-]")
#: hotlines everybody knows are no sums
_HOTLINE = re.compile(r"1[12]0|119|122|123\d\d|955\d\d|96110|100\d\d|400\d{7}")
_ALONE = re.compile(r"\s*(?:大概|差不多)?(?:\d+(?:\.\d+)?)(?:左右|吧|行吗|可以吗|多)?\s*")


def _find_amounts(text: str) -> Iterator[Found]:
    ends = 0
    for match in _AMOUNTS.finditer(text):
        said = match["mark"] or match["unit"] or match["short"] or f"{match['about']}{match['scale']}"
        value = number(said)
        if value:
            ends = match.end()
            yield match.start(), ends, f"{value:.2f}"
            text = text[: match.start()] + _TAKEN * (ends - match.start()) + text[ends:]
    yield from _bare_amounts(text)


def _bare_amounts(text: str) -> Iterator[Found]:
    """Numbers without 元: "借3万", "2千5", "还2000", "1500"; never rates, counts, years or clock times."""
    alone = bool(_ALONE.fullmatch(text))
    for match in _NUMBER.finditer(text):
        value = number(match[0])
        scaled = bool(re.search("[百千万亿wk]", match[0])) and (value or 0) >= 100
        counted = (_MANY if scaled else _COUNTED).match(text, match.end())
        if (
            not value
            or counted
            or _HOTLINE.fullmatch(match[0])
            or text[: match.start()].endswith((":", ".", "-"))
        ):
            continue
        spent = match[0][0].isdigit() and value >= 10 and bool(_SPENT.search(text[: match.start()]))
        if scaled or spent or (alone and value >= 100):
            yield match.start(), match.end(), f"{value:.2f}"


FINDERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    ("product", _find_products),
    ("phone_tail", _tails(card=False)),
    ("card_tail", _tails(card=True)),
    *((name, _marks(kind)) for kind, name in _PERSONAL.items()),
    ("date", dates.find),
    ("percent", _find_percents),
    ("term", _find_terms),
    ("amount", _find_amounts),
)
