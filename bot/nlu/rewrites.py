"""One way of saying for many: what the classifier reads instead of the customer's own words.

Pure. Input-method slips (预期 for 逾期), dialect, courtesies, and a sign for each named thing, so that
"借呗借3万" and "随薪借借二万" look alike. Never shown, never stored; offsets are lost on purpose.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.entities import Entity
from bot.nlu.normalise import DATA

#: what a named thing reads as; letters no lower-cased text holds
SIGNS = {
    "随心借": "L",
    "随心花": "P",
    "活期盈": "C",
    "定期存款": "D",
    "电子账户": "E",
    "amount": "¥",
    "term": "T",
    "date": "R",
    "percent": "0%",
    "phone_tail": "N",
    "card_tail": "N",
}


@lru_cache(maxsize=1)
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    lines = (DATA / "rewrites.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((re.compile(old), new) for old, new in pairs)


def with_signs(text: str, entities: list[Entity]) -> str:
    """The text with its entities replaced by their signs; ``entities`` from left to right."""
    parts: list[str] = []
    at = 0
    for entity in entities:
        sign = SIGNS.get(entity.value if entity.entity == "product" else entity.entity)
        if sign is None:  # a placeholder says already what it stands for
            continue
        parts += [text[at : entity.start], sign]
        at = entity.end
    return re.sub(r"\d+", "0", "".join([*parts, text[at:]]))


def rewritten(text: str) -> str:
    """Slips, dialect and courtesies replaced, rule after rule; a text of courtesies alone stays."""
    for old, new in _rewrites():
        text = old.sub(new, text)
    return text
