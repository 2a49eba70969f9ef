"""What a simulated debtor types: each of his moves as Chinese turns, whose true figures are known.

Owns the rendering: which line (`debtor_turns.yml`, two halves: one to look at, one held out), how a sum is spelt, slips
of the input method, several messages. Pure, and seeded: the same `random.Random` state gives the same turn. Knows no
simulator and no bot.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LINES = Path(__file__).parent / "debtor_turns.yml"
TONES = ("worried", "curt", "angry", "story", "dialect")
LOOKED_AT, HELD_OUT = 0, 1
#: how often a turn has a slip of the input method
SLIPS = 0.12
#: never in a figure, and never where the slip is another real word of banking that changes what is meant
_SLIPS = (("还", "换"), ("逾期", "预期"), ("手里", "手理"), ("恢复", "灰复"), ("现在", "先在"), ("分期", "分其"),
          ("每个月", "每各月"), ("存款", "存宽"), ("工资", "公资"), ("转人工", "转人公"))  # fmt: skip
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Figures:
    """What a turn truly names: sums in whole 元, ``months`` until better times, ``terms`` of his own plan."""

    monthly: int | None = None
    hand: int | None = None
    later: int | None = None
    months: int | None = None
    terms: int | None = None
    wrong: int | None = None  #: named only to be taken back


NONE = Figures()


@dataclass(frozen=True)
class Said:
    """One turn: its messages in order, the move they make, and what they truly name."""

    messages: tuple[str, ...]
    move: str
    tone: str
    figures: Figures

    @property
    def text(self) -> str:
        return " ".join(self.messages)


@cache
def lines() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Move → tone → lines, as written."""
    read = yaml.safe_load(LINES.read_text("utf-8"))
    return {move: {tone: tuple(texts) for tone, texts in tones.items()} for move, tones in read.items()}


def line(move: str, tone: str, half: int, chance: random.Random) -> str:
    """A line of one half; KeyError for a move nobody wrote."""
    return chance.choice(lines()[move][tone][half::2])


def render(move: str, figures: Figures, tone: str, half: int, chance: random.Random) -> Said:
    """The move as it is typed: line, spellings, slips; "|" and sometimes a comma part messages."""
    template = line(move, tone, half, chance)
    slipped = _slip(template, chance) if chance.random() < SLIPS else template
    named = {"monthly": figures.monthly, "hand": figures.hand, "later": figures.later, "wrong": figures.wrong}
    words = {name: spell(sum_, chance) for name, sum_ in named.items() if sum_ is not None}
    if figures.months is not None:
        words["months"] = _count(figures.months, chance)
    if figures.terms is not None:
        words["terms"] = str(figures.terms)
    return Said(tuple(_messages(slipped, chance, words)), move, tone, figures)


def spell(yuan: int, chance: random.Random) -> str:
    """A sum in one of the ways people type it; every way means exactly ``yuan``."""
    return chance.choice(spellings(yuan))


def spellings(yuan: int) -> tuple[str, ...]:
    """All ways: 2500, 2500块, 2500元, 2500块钱, 两千五, 两千五百块, 2千5, 2.5k; 一万二, 1.2万, 1万2, 1.2w."""
    plain, han = str(yuan), in_han(yuan)
    found = [plain, plain + "块", plain + "元", plain + "块钱", han + "块", han + "元", han + "块钱"]
    if yuan >= 100:
        found.append(han)
    if yuan >= 1000 and yuan % 100 == 0:
        found += _short(yuan, 1000, "千", "k") if yuan < 10_000 else []
    if yuan >= 10_000 and yuan % 1000 == 0:
        found += _short(yuan, 10_000, "万", "w")
    return tuple(found)


def _short(yuan: int, unit: int, han: str, letter: str) -> list[str]:
    whole, rest = divmod(yuan, unit)
    decimal = f"{yuan / unit:g}"
    tenth = rest * 10 // unit
    if not rest:
        return [f"{whole}{han}", f"{whole}{letter}"]
    colloquial = [f"{whole}{han}{tenth}", f"{_han_head(whole)}{han}{_DIGITS[tenth]}"]
    return [*colloquial, f"{decimal}{han}", f"{decimal}{letter}"]


def _han_head(number: int) -> str:
    return "两" if number == 2 else in_han(number)


def in_han(number: int) -> str:
    """A whole number below 亿 in full: 2500 → 两千五百, 12030 → 一万两千零三十."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return _han_head(high) + "万" + (gap + in_han(low) if low else "")
    if number == 0:
        return "零"
    words, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            head = "两" if digit == 2 and unit >= 1000 else _DIGITS[digit]
            words += ("零" if skipped and words else "") + head + name
            skipped = False
        else:
            skipped = bool(words)
    return words


def _count(number: int, chance: random.Random) -> str:
    return str(number) if chance.random() < 0.5 else _han_head(number)


def _slip(template: str, chance: random.Random) -> str:
    """One slip where one can be made."""
    can = [pair for pair in _SLIPS if pair[0] in template]
    return template.replace(*chance.choice(can), 1) if can else template


def _messages(template: str, chance: random.Random, words: Mapping[str, str]) -> list[str]:
    """Two messages now and then, never parted inside a correction ("不是3000，是2000")."""
    parts = template.split("|")
    if len(parts) == 1 and "不是" not in template and template.count("，") == 1 and chance.random() < 0.15:
        parts = template.split("，")
    return [part.strip().format(**words) for part in parts if part.strip()]
