"""Digits and letters however they are written, as plain ones, with the way back to the original. Pure.

Full width, circled and spelled digits (６, ⑥, 六, 陆) become "6"; marks that show nothing are dropped.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SPELLED = dict(
    zip("零〇一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖", "0011223456789123456789"),
)


@dataclass(frozen=True)
class Folded:
    """``origin[n]`` is the place in the original of the n-th character of ``text``."""

    text: str
    origin: tuple[int, ...]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original; marks dropped behind it belong to it."""
        last = self.origin[end - 1] + 1
        while last < len(self.original) and not _plain(self.original[last]):
            last += 1
        return self.origin[start], last


def fold(text: str) -> Folded:
    written: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for plain in _plain(character):
            written.append(plain)
            origin.append(place)
    return Folded("".join(written), tuple(origin), text)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What the character reads as; empty for marks and invisible format characters."""
    if character in _SPELLED:
        return _SPELLED[character]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    value = unicodedata.decimal(character, None)
    return str(value) if value is not None else unicodedata.normalize("NFKC", character)
