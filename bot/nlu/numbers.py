"""Numbers as customers write them: 3万, 2千5, 1.5w, 二万二千, 十三, 5,000.

Pure. ``NUMBER`` is the pattern others build on, ``number`` the value. Knows no unit and no meaning.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = dict(
    zip("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, *range(1, 10)))
)
_SCALES = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "亿": 100_000_000,
}

#: Chinese numerals a number may begin with
HAN = "零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾"

#: two numerals that mean "about so many" (三四天, 三五百)
ROUGHLY = "(?:一二|一两|二三|两三|三四|四五|五六|六七|七八|八九|三五)"

#: a run of digits, Chinese numerals and scales. One character at a time on purpose: a pattern that knew
#: more of what a number is would take exponential time on what is none; ``number`` decides.
NUMBER = rf"[\d{HAN}](?:[\d{HAN}百佰千仟万亿]|\.(?=\d)|,(?=\d\d\d(?!\d))|[wk](?![a-z]))*"


def number(text: str) -> Decimal | None:
    """The value of a text that matches NUMBER, or None where it is no number after all ("1.2.3")."""
    text = text.replace(",", "").replace("廿", "二十").replace("卅", "三十").lower()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return Decimal(text)
    if re.fullmatch(ROUGHLY, text):
        return Decimal(_DIGITS[text[0]])
    if re.fullmatch(r"[零〇一二两三四五六七八九]{2,}", text):
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    return _scaled(text)


def _scaled(text: str) -> Decimal | None:
    """Reads 亿, 万 sections, then 千百十; a last lone digit counts the next smaller scale (2千5 = 2500).

    Of two numerals side by side (七八百, 十五六万) the first counts: so much it is at least.
    """
    total = section = Decimal(0)
    digit: Decimal | None = None
    last_scale = 0
    for token in re.findall(r"\d+(?:\.\d+)?|.", text):
        if token[0].isdigit() or token in _DIGITS:
            if not digit or token[0].isdigit():
                digit = Decimal(token) if token[0].isdigit() else Decimal(_DIGITS[token])
            last_scale = 0 if token in "零〇" else last_scale
            continue
        if token not in _SCALES:
            return None
        scale = _SCALES[token]
        if scale >= 10_000:
            total = (total + section + (digit or 0) or Decimal(1)) * scale
            section = Decimal(0)
        else:
            section += (digit if digit is not None else Decimal(1)) * scale
        digit, last_scale = None, scale
    if digit is not None:
        short = last_scale >= 100 and digit < 10 and not text.endswith("十")
        section += digit * (last_scale // 10 if short else 1)
    return total + section
