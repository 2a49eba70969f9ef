"""Rates as customers say them: 24%, 百分之十二, 万分之五, 日息万5, 3个点, 年化18.

Pure. Finds rates and gives them in per cent; must not know what they are the rate of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.numbers import HAN, NUMBER, number

_SPOKEN = "点[零〇一二三四五六七八九]+?(?=一[天日年]|[^零〇一二三四五六七八九]|$)"  #: 二点五
_PERCENT = re.compile(
    rf"(?<![\d.])(?P<a>\d+(?:\.\d+)?)\s?%|百分之\s?(?P<b>百|{NUMBER}(?:{_SPOKEN})?)"
    rf"|千分之(?P<c>{NUMBER}(?:{_SPOKEN})?)|万分之(?P<d>{NUMBER}(?:{_SPOKEN})?)"
    r"|(?<![\d.])(?P<e>\d+(?:\.\d+)?|\d点\d|[一二两三四五六七八九十]{1,3}点[一二三四五六七八九]|[一二两三四五六七八九十]{1,3}|半)个(?:百分)?点(?!赞|击|心|位)"
    rf"|(?<![\d.{HAN}百佰千仟万亿])(?<!\d[wk])(?P<g>{NUMBER})(?=的年化)"
    rf"|(?<![\d{HAN}百千])万(?P<h>[1-9](?:\.\d+)?|[二三四五六七八九](?:点[一二三四五六七八九])?|(?<=[息率]万)一)(?!(?!一[天日])[\d.{HAN}百千万亿元块个分人名张])"
    r"|(?<=年化|利率|利息)(?:是|为|才|要|到|达到?|:)?\s?(?P<f>\d{1,2}(?:\.\d+)?)(?![\d.%元块万千百天期个年月号日毛角多几])"
    rf"|(?<=年化)(?:是|为|才|要|到|达到?)?(?P<i>[一二三四五六七八九十]{{1,3}}(?:{_SPOKEN})?)(?![百千万元块个天期年月])"
)
#: a rate beside a rate needs no word of its own: 年化18还是24
_BESIDE = re.compile(
    r"(?:还是|或者?|[降涨升调改变]?[到成为]|[和跟与、-])\s?(\d{1,2}(?:\.\d+)?)(?![\d.%元块万千百天期个年月号日毛角多几笔次人\-*])"
)
_PARTS = {"a": 1, "b": 1, "c": 10, "d": 100, "e": 1, "f": 1, "g": 1, "h": 100, "i": 1}


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, per cent without zeros behind) of every rate a normalised text names."""
    for match in _PERCENT.finditer(text):
        part = next(name for name in _PARTS if match[name])
        value = _rate(match[part])
        if value is not None:
            plain = f"{value / _PARTS[part]:f}"
            yield match.start(), match.end(), plain.rstrip("0").rstrip(".") if "." in plain else plain
            beside = _BESIDE.match(text, match.end()) if part in "afg" else None
            if beside:
                yield beside.start(1), beside.end(1), beside[1]


def _rate(said: str) -> Decimal | None:
    """半, 百, 18.5, 十二, 二点五, 3点5."""
    if said in ("半", "百"):
        return Decimal("0.5" if said == "半" else 100)
    whole, _, rest = said.partition("点")
    value, digits = number(whole), number(f"零{rest}") if rest else Decimal(0)
    return None if value is None or digits is None else value + digits / 10 ** len(rest)
