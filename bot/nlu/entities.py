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

#: numbers that count nothing; a full set is neither possible nor needed
_IDIOMS = re.compile(
    r"一次(?=性|还|付|结|全)|一块儿|(?<=在|起)一块|一天到晚|三天两头|十万火急|七日年化|最后一天|一毛钱|3\.15|双十一|双11|双十二|双12|618|[一二三两]手"
    r"|一分钱|(?<!每)一天(?=能|最多|可以|限|转|几次)|每[天日月年](?=[^\d]|$)"
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
    r"|(?<!\d)(?P<b>\d{4})(?:结尾|的尾号|尾号)"
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


# --- terms

_TERM = re.compile(
    rf"(?<!第)(?P<n>{SMALL}|半|俩)\s?(?P<u>个半月|个月|个星期|个礼拜|个周|周(?!岁)|星期|礼拜|期|年半|年|个?季度|天|日(?=内|以内)|次(?=还|付))"
    r"(?!化|级|限|轻|纪)|(?<![\d一二三四五六七八九十])(?P<pair>[俩仨]月)|(?<=分)(?P<times>\d{1,2}|[一二三四五六七八九十]{1,3})次"
)
_UNITS = {"个星期": "周", "个礼拜": "周", "个周": "周", "星期": "周", "礼拜": "周", "日": "天", "次": "期"}
_HALVES = {"年": "6个月", "个月": "15天"}
_IN_OTHERS = {"周": (7, "天"), "个季度": (3, "个月"), "季度": (3, "个月")}
_AND_A_HALF = {"年半": (12, 6, "个月"), "个半月": (30, 15, "天")}


def _find_terms(text: str) -> Iterator[Found]:
    for match in _TERM.finditer(text):
        value = _said_term(match)
        if value:
            yield match.start(), match.end(), value


def _said_term(match: re.Match[str]) -> str | None:
    if match["pair"]:
        return "2个月" if match["pair"][0] == "俩" else "3个月"
    return f"{int(number(match['times']) or 0)}期" if match["times"] else _length(match["n"], match["u"])


def _length(said: str, unit: str) -> str | None:
    count = number("两" if said == "俩" else said) if said != "半" else None
    if count is None:
        return _HALVES.get(_UNITS.get(unit, unit))
    if unit in _AND_A_HALF:
        each, half, plain = _AND_A_HALF[unit]
        return f"{int(count) * each + half}{plain}"
    each, plain = _IN_OTHERS.get(_UNITS.get(unit, unit), (1, _UNITS.get(unit, unit)))
    return f"{int(count) * each}{plain}" if count else None


# --- rates

_PERCENT = re.compile(
    rf"(?<![\d.])(?P<a>\d+(?:\.\d+)?)\s?%|百分之\s?(?P<b>百|{NUMBER}(?:点[零〇一二三四五六七八九]+?(?=一[天日年]|[^零〇一二三四五六七八九]|$))?)|千分之(?P<c>{NUMBER})|万分之(?P<d>{NUMBER})"
    r"|(?<![\d.])(?P<e>\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}|半)个(?:百分)?点(?!赞|击|心|位)"
    rf"|(?P<g>{NUMBER})(?=的年化)|(?<![\d{HAN}百千])万(?P<h>[1-9一二三四五六七八九])(?=$|[,。的 日利每吗啊一?])"
    r"|(?<=年化|利率|利息)(?:是|为|才|要|到|达到?|:)?\s?(?P<f>\d{1,2}(?:\.\d+)?)(?![\d.%元块万千百天期个年月号日])"
)
_PARTS = {"a": 1, "b": 1, "c": 10, "d": 100, "e": 1, "f": 1, "g": 1, "h": 100}


def _rate(said: str) -> Decimal | None:
    """半, 百, 18.5, 十二, 二点五."""
    if said in ("半", "百"):
        return Decimal("0.5" if said == "半" else 100)
    whole, _, rest = said.partition("点")
    value, digits = number(whole), number(f"零{rest}") if rest else Decimal(0)
    return None if value is None or digits is None else value + digits / 10 ** len(rest)


def _find_percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        part = next(name for name in _PARTS if match[name])
        value = _rate(match[part])
        if value is not None:
            plain = f"{value / _PARTS[part]:f}"
            yield match.start(), match.end(), plain.rstrip("0").rstrip(".") if "." in plain else plain


# --- what the door took out

_PERSONAL = {"手机号": "phone", "银行卡号": "card_number", "身份证号": "id_card", "邮箱": "email"}


def _marks(kind: str) -> Callable[[str], Iterator[Found]]:
    def find(text: str) -> Iterator[Found]:
        for match in re.finditer(f"<{kind}>", text):
            yield match.start(), match.end(), match[0]

    return find


# --- amounts

#: a number begins where its run of digits does: tried at every digit, a long run would take forever
_AMOUNTS = re.compile(
    rf"[¥￥]\s?(?P<mark>{NUMBER})"
    r"|(?<![\d一二两三四五六七八九十百千])(?P<handful>[百千万])把(?:块钱?|元|人民币)?"
    rf"|(?<![\d.{HAN}])(?P<yuan>{NUMBER})(?:元|块)零?(?P<jiao>[\d一二两三四五六七八九])[毛角]?(?![\d{HAN}百千万个天期遍次笔张条年月])"
    rf"|(?<![\d.{HAN}])(?P<dime>{NUMBER})[毛角](?!票)"
    rf"|(?<![\d.{HAN}第])(?P<about>[\d{HAN}百千]+)(?:来|多|几)(?P<scale>[百千万])(?!分|个|次|人)"
    rf"|(?<![\d.{HAN}])(?P<unit>{NUMBER})\s?(?:多|来|几)?\s?(?:元|块钱|块|圆|人民币|rmb|蚊)"
    r"|(?<![\d.])(?P<short>\d+(?:\.\d+)?[wk]\d?)(?![a-z\d])"
)
_NUMBER = re.compile(NUMBER)
_SPENT = re.compile(
    r"(?:[借还贷提取转扣存欠付交充花拿入降减满剩差少收给用]|额度|金额|本金|账单|最[多低高少]|利息|罚息|[降到还]到)(?:[了到出过我款钱是为呢共掉完上现] ?)*$"
)
_MANY = re.compile(r"\s?[%个次笔人家张条倍名]")
_COUNTED = re.compile(
    r"\s?[%个次笔天年月期号日点小岁位家张条人倍秒折:楼度级遍部项种类\-]|\s?分(?![期\d一二三四五六七八九十\0])"
)
#: hotlines everybody knows are no sums
_HOTLINE = re.compile(r"1[12]0|119|122|123\d\d|955\d\d|96110|100\d\d|400\d{7}")
#: a run of three to seven digits is a sum unless what stands before makes it a number of something
_PLAIN = re.compile(r"(?!20[12]\d$|19\d\d$)(?:[1-9]\d{2,6}(?:\.\d{1,2})?|\d{1,2}\.\d\d)")
_NO_SUM = re.compile(
    r"(?:代码|错误|报错|页面|编号|工号|单号|型号|房|码|第|版本?|年|[a-z]|[尾末后]\S{0,3}|电话|热线)\s?:?\s?$"
)
_CONTEXT = 24  #: characters before a number that say what it is; more would make long texts slow
_ALONE = re.compile(r"\s*(?:大概|差不多)?(?:\d+(?:\.\d+)?)(?:左右|吧|行吗|可以吗|多)?\s*")


def _sum(match: re.Match[str]) -> Decimal | None:
    """元 of one of the forms of ``_AMOUNTS``; 43块6 is 43.60."""
    if match["handful"]:
        return number(f"一{match['handful']}")
    if match["yuan"]:
        whole, tenth = number(match["yuan"]), number(match["jiao"])
        return None if whole is None or tenth is None else whole + tenth / 10
    if match["dime"]:
        tenths = number(match["dime"])
        return None if tenths is None else tenths / 10
    return number(match["mark"] or match["unit"] or match["short"] or f"{match['about']}{match['scale']}")


def _find_amounts(text: str) -> Iterator[Found]:
    ends = 0
    for match in _AMOUNTS.finditer(text):
        value = _sum(match)
        if value:
            ends = match.end()
            yield match.start(), ends, f"{value:.2f}"
            text = text[: match.start()] + _TAKEN * (ends - match.start()) + text[ends:]
    yield from _bare_amounts(text)


def _number(said: str) -> Decimal | None:
    """ "800两次" runs on into the next word: its digits count."""
    digits = re.match(r"\d+", said)
    return number(said) or (number(digits[0]) if digits else None)


def _bare_amounts(text: str) -> Iterator[Found]:
    """Numbers without 元: "借3万", "2千5", "还2000", "1500"; never rates, counts, years or clock times."""
    alone = bool(_ALONE.fullmatch(text))
    for match in _NUMBER.finditer(text):
        value = _number(match[0])
        scaled = bool(re.search("[百佰千仟万亿wk]", match[0])) and (value or 0) >= 100
        counted = (_MANY if scaled else _COUNTED).match(text, match.end())
        before = text[max(0, match.start() - _CONTEXT) : match.start()]
        if not value or counted or before.endswith((":", ".", "-")):
            continue
        spent = match[0][0].isdigit() and value >= 10 and bool(_SPENT.search(before))
        hotline = bool(_HOTLINE.fullmatch(match[0]))
        plain = bool(_PLAIN.fullmatch(match[0])) and not _NO_SUM.search(before) and not hotline
        if scaled or spent or (alone and value >= 100 and not hotline) or plain:
            yield match.start(), match.end(), f"{value:.2f}"


FINDERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    ("product", _find_products),
    ("phone_tail", _tails(phone=True)),
    ("card_tail", _tails(phone=False)),
    *((name, _marks(kind)) for kind, name in _PERSONAL.items()),
    ("date", dates.find),
    ("percent", _find_percents),
    ("term", _find_terms),
    ("amount", _find_amounts),
)
