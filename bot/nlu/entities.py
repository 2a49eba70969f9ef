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

from bot.nlu.normalise import DATA
from bot.nlu.numbers import HAN, NUMBER, number

Found = tuple[int, int, str]


@dataclass(frozen=True)
class Entity:
    """text[start:end] of the normalised text; ``value`` as the table below says.

    product     the bank's name for it ("随心借")
    amount      元 with two decimals ("30000.00")
    term        count and unit ("12期", "10个月", "7天", "1年")
    date        as said, tidied ("明天", "15日", "下月10日", "8月15日", "周五", "月底")
    phone_tail, card_tail   the last digits ("1234")
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


# --- dates

_SMALL = r"(?:(?<![\d.,])\d{1,3}(?![\d.])|[一二两三四五六七八九十]{1,3})"
_DAY = rf"{_SMALL}[号日](?!码|线|店|楼|期|内|以内)"
_MONTH = rf"(?:(?:下下|下|上|这|每)个?|本|当|次|{_SMALL})月份?"
_WEEK = r"(?:(?:下下|下|这|本|上)个?)?(?:周|星期|礼拜)"
_DATES = re.compile(
    rf"{_MONTH}的?(?:{_DAY}|月?底|初|中旬|末)|{_DAY}"
    r"|大后天|后天|明[天日晚早]|今[天日晚早]|[昨前]天(?!还是)"
    rf"|{_WEEK}[一二三四五六日天末1-6]|(?:下下|下)个?(?:月|周|星期|礼拜)|月[底初末]"
    r"|(?:发工资|发薪|开工资)(?:那天|日|以?后)?"
)
_TIDY = (
    (re.compile(rf"{_SMALL}(?=[月号日])"), lambda match: str(int(number(match[0]) or 0))),
    (re.compile("个|的"), lambda match: ""),
    (re.compile("月份"), lambda match: "月"),
    (re.compile("号"), lambda match: "日"),
    (re.compile("星期|礼拜"), lambda match: "周"),
    (re.compile("(?<=周)[1-6]"), lambda match: "零一二三四五六"[int(match[0])]),
)


def _find_dates(text: str) -> Iterator[Found]:
    for match in _DATES.finditer(text):
        value = match[0]
        for pattern, by in _TIDY:
            value = pattern.sub(by, value)
        yield match.start(), match.end(), value


# --- terms

_TERM = re.compile(
    rf"(?<!第)(?P<n>{_SMALL}|半)(?P<u>个月|个星期|个礼拜|个周|周|星期|礼拜|期|年|天|日(?=内|以内))(?!利率|化|级|限|轻|纪)"
)
_UNITS = {"个星期": "周", "个礼拜": "周", "个周": "周", "星期": "周", "礼拜": "周", "日": "天"}
_HALVES = {"年": "6个月", "个月": "15天"}


def _find_terms(text: str) -> Iterator[Found]:
    for match in _TERM.finditer(text):
        unit = _UNITS.get(match["u"], match["u"])
        count = None if match["n"] == "半" else number(match["n"])
        value = f"{int(count)}{unit}" if count else _HALVES.get(unit) if count is None else None
        if value:
            yield match.start(), match.end(), value


# --- amounts

#: a number begins where its run of digits does: tried at every digit, a long run would take forever
_AMOUNTS = re.compile(
    rf"[¥￥]\s?(?P<mark>{NUMBER})"
    rf"|(?<![\d{HAN}])(?P<unit>{NUMBER})\s?(?:多|来|几)?\s?(?:元|块钱|块|圆|人民币|rmb)"
    r"|(?<!\d)(?P<short>\d+(?:\.\d+)?[wk]\d?)(?![a-z\d])"
)
_NUMBER = re.compile(NUMBER)
_SPENT = re.compile(
    r"(?:[借还贷提取转扣存欠付交充花]|额度|金额|本金|账单|最[多低高少])(?:[了到出过我款钱是为呢共掉完上现] ?)*$"
)
_MANY = re.compile(r"\s?[%个次笔人家张条倍名]")
_COUNTED = re.compile(r"\s?[%个次笔天年月期号日点分小岁位家张条人倍秒折:楼度级遍部项种类\-]")
_ALONE = re.compile(r"\s*(?:大概|差不多)?(?:\d+(?:\.\d+)?)(?:左右|吧|行吗|可以吗|多)?\s*")


def _find_amounts(text: str) -> Iterator[Found]:
    ends = 0
    for match in _AMOUNTS.finditer(text):
        value = number(match["mark"] or match["unit"] or match["short"])
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
        if not value or counted or text[: match.start()].endswith((":", ".", "-")):
            continue
        spent = match[0][0].isdigit() and value >= 10 and bool(_SPENT.search(text[: match.start()]))
        if scaled or spent or (alone and value >= 100):
            yield match.start(), match.end(), f"{value:.2f}"


FINDERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    ("product", _find_products),
    ("phone_tail", _tails(card=False)),
    ("card_tail", _tails(card=True)),
    ("date", _find_dates),
    ("term", _find_terms),
    ("amount", _find_amounts),
)
