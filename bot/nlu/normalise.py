"""Customer text as the models read it: one writing for each way of typing the same thing.

Pure. Owns widths, scripts, invisible characters, emoji, menu residue
and leading slashes, and the map back to the text as written (code points). Must not know words (homophones.py mends
them), products or intents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from opencc import OpenCC

DATA = Path(__file__).parent / "data"
#: characters read at most: a few of Unicode's fold into eighteen each, and would make a long text a book
LONGEST = 2000


@dataclass(frozen=True)
class Normalised:
    """``text`` and, for each of its characters, where it began and ended in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's [start, end) that text[start:end] was written as; end must be over start."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True)
class _Piece:
    character: str
    start: int
    end: int


def normalise(text: str) -> Normalised:
    """NFKC, Simplified, lower case, single spaces; without controls, emoji, menu residue, slash in front.

    Never fails; a text of nothing but noise becomes "".
    """
    pieces = _simplified(_composed(text))
    for clean in (_without_emoji_codes, _without_head, _letters_as_digits, _calmed, _spaced):
        pieces = clean(pieces)
    return Normalised(
        "".join(p.character for p in pieces),
        tuple(p.start for p in pieces),
        tuple(p.end for p in pieces),
    )


def _composed(text: str) -> list[_Piece]:
    """NFKC cluster by cluster (a base and its combining marks), so that every result knows its origin."""
    pieces: list[_Piece] = []
    start = 0
    while start < len(text) and len(pieces) < LONGEST:
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        for character in unicodedata.normalize("NFKC", text[start:end]).lower():
            kept = _kept(character)
            if kept:
                pieces.append(_Piece(kept, start, end))
        start = end
    return pieces


def _kept(character: str) -> str:
    """The character, a space for what separates, "" for what carries nothing."""
    category = unicodedata.category(character)
    if category[0] == "Z" or character in "\t\n\r":
        return " "
    if (
        category in ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Sk")
        or character in "\u3164\u115f\u1160\u2800"
    ):
        return ""
    return " " if category == "So" else character


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _words(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _simplified(pieces: list[_Piece]) -> list[_Piece]:
    """By words where OpenCC knows them (乾隆 stays), always a character for a character."""
    text = "".join(p.character for p in pieces)
    simple = _converter().convert(text)
    if len(simple) != len(text):
        simple = "".join((_converter().convert(character) or character)[0] for character in text)
    return _rewritten(pieces, simple)


def _rewritten(pieces: list[_Piece], text: str) -> list[_Piece]:
    """The same pieces with other characters, as many as before."""
    return [_Piece(character, p.start, p.end) for character, p in zip(text, pieces)]


@lru_cache(maxsize=1)
def _emoji_codes() -> re.Pattern[str]:
    names = sorted({name.lower() for name in _words("emoji_codes.txt")}, key=len, reverse=True)
    either = "|".join(map(re.escape, names))
    return re.compile(rf"\[(?:{either})\]|/(?:{either})(?=$|[/\s,.。!?\[~…])")


def _without_emoji_codes(pieces: list[_Piece]) -> list[_Piece]:
    return _cut(pieces, _emoji_codes())


_HEAD = re.compile(r"^[\s/\\]*(?:[(\[【]?\d{1,2}[)\]】]?\s*[#:.、,)]\s*(?=[^\W\d_]))?[\s/\\]*")


def _without_head(pieces: list[_Piece]) -> list[_Piece]:
    """No menu number in front ("3#", "1:") and no slash: a slash would be a command to Rasa."""
    return _cut(pieces, _HEAD, count=1)


def _cut(pieces: list[_Piece], pattern: re.Pattern[str], count: int = 0) -> list[_Piece]:
    text = "".join(p.character for p in pieces)
    kept: list[_Piece] = []
    at = 0
    for number, match in enumerate(pattern.finditer(text)):
        if count and number >= count:
            break
        kept += pieces[at : match.start()]
        at = match.end()
    return kept + pieces[at:]


_DIGIT_NEAR_O = re.compile(r"(?<=\d)o+(?![a-z])")
_ONE = re.compile(r"(?<![a-z\d])[li](?=[o\d]{3})")


def _letters_as_digits(pieces: list[_Piece]) -> list[_Piece]:
    """ "5OOO元" is an amount: the letter O after a digit reads 0, "l000" a thousand."""
    text = "".join(p.character for p in pieces)
    places = {i for match in _DIGIT_NEAR_O.finditer(text) for i in range(match.start(), match.end())}
    ones = {match.start() for match in _ONE.finditer(text)}
    digits = {**dict.fromkeys(places, "0"), **dict.fromkeys(ones, "1")}
    return [_Piece(digits.get(i, p.character), p.start, p.end) for i, p in enumerate(pieces)]


def _calmed(pieces: list[_Piece]) -> list[_Piece]:
    """Three of a kind are enough: "！！！！！！" and "哈哈哈哈" say no more than "！！！" and "哈哈哈"."""
    kept: list[_Piece] = []
    for piece in pieces:
        run = [p.character for p in kept[-3:]]
        if len(run) < 3 or piece.character.isdigit() or any(c != piece.character for c in run):
            kept.append(piece)
    return kept


def _spaced(pieces: list[_Piece]) -> list[_Piece]:
    """Single spaces, none at the ends: customers use them as commas."""
    kept: list[_Piece] = []
    for piece in pieces:
        if piece.character != " " or (kept and kept[-1].character != " "):
            kept.append(piece)
    if kept and kept[-1].character == " ":
        kept.pop()
    return kept
