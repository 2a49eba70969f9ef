"""Slips of the input method mended: the bank's words written with other characters of the same sound.

Pure. "戒不了" is no word, sounds like 借不了, and is mended; a run that is a word of its own (预期, 体现, 休息)
is left alone here: those few need their context and stand in data/rewrites.txt. Lengths never change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import jieba
from pypinyin import Style, pinyin

from bot.nlu.normalise import DATA, Normalised, normalise

WORDS = DATA / "sounds.txt"
LONGEST = 4  #: characters of a word that is mended
_SAME = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_NASAL = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=8192)
def sound(character: str) -> str:
    """The toneless syllable as most people type it: zh = z, ang = an …; the character itself for other marks."""
    syllable = pinyin(character, style=Style.NORMAL, errors="default")[0][0]
    for long, short in _SAME:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _NASAL:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable


@lru_cache(maxsize=1)
def _listed() -> tuple[str, ...]:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _words() -> dict[tuple[str, ...], str]:
    """Sound → the bank's word, for words of two to four characters that no other of them sounds like."""
    found: dict[tuple[str, ...], set[str]] = {}
    for word in _listed():
        if word[0] != "!":
            found.setdefault(tuple(map(sound, word)), set()).add(word)
    return {key: words.pop() for key, words in found.items() if len(words) == 1}


@lru_cache(maxsize=1)
def _left_alone() -> frozenset[str]:
    """Runs that people mean as they write them though no dictionary has them."""
    return frozenset(word[1:] for word in _listed() if word[0] == "!")


@lru_cache(maxsize=1)
def _dictionary() -> jieba.Tokenizer:
    """General Chinese, without the bank's words: what it knows is no slip."""
    jieba.setLogLevel(60)
    general = jieba.Tokenizer()
    general.initialize()
    return general


def readable(text: str) -> Normalised:
    """What every model reads of a text: normalised, then mended. The one way in, for training and for talk."""
    normal = normalise(text)
    return replace(normal, text=mended(normal.text))


def mended(text: str) -> str:
    """A normalised text with its slips mended; of overlapping ones the longest, then the first, counts."""
    characters = list(text)
    taken = [False] * len(text)
    for start, word in sorted(_slips(text), key=lambda slip: (-len(slip[1]), slip[0])):
        place = range(start, start + len(word))
        if not any(taken[i] for i in place):
            for i, character in zip(place, word):
                characters[i], taken[i] = character, True
    return "".join(characters)


def _slips(text: str) -> Iterator[tuple[int, str]]:
    sounds = [sound(c) if "一" <= c <= "鿿" else c for c in text]
    cuts: set[int] | None = None
    for length in range(2, LONGEST + 1):
        for start in range(len(text) - length + 1):
            word = _words().get(tuple(sounds[start : start + length]))
            if word is None or (written := text[start : start + length]) == word:
                continue
            cuts = _cuts(text) if cuts is None else cuts
            if _is_slip(written, word, start, cuts):
                yield start, word


def _is_slip(written: str, word: str, start: int, cuts: set[int]) -> bool:
    """No word of its own, no part of others: general Chinese cuts at both its ends and, if it has words inside,
    they are single characters."""
    if (
        written in _left_alone()
        or _dictionary().FREQ.get(written)
        or not {start, start + len(written)} <= cuts
    ):
        return False
    inside = range(start, start + len(written))
    whole = [i for i in inside if i not in cuts]
    kept = sum(a == b for a, b in zip(written, word))
    return not whole or (len(word) > 2 and kept * 2 >= len(word))


def _cuts(text: str) -> set[int]:
    """Where general Chinese puts borders between words, the ends too."""
    borders, at = {0}, 0
    for word in _dictionary().cut(text, HMM=False):
        at += len(word)
        borders.add(at)
    return borders
