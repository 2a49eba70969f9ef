"""Who speaks for the bank: its numbers and commissioned companies, looked up exactly.

Owns data/contacts.yml. A number or name that is not in it is never confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

import yaml


class Standing(str, Enum):
    """Whether it is ours."""

    OURS = "ours"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"  #: nothing was named that can be looked up


@dataclass(frozen=True)
class Contact:
    """``name`` as it was named (or as listed); ``what`` says what a listed one does, Chinese."""

    standing: Standing
    name: str = ""
    what: str = ""


@dataclass(frozen=True)
class Contacts:
    """The whole list: number → what, company → what."""

    numbers: dict[str, str]
    companies: dict[str, str]


@lru_cache(maxsize=1)
def contacts() -> Contacts:
    """The list as it is in the file."""
    table = yaml.safe_load(Path(__file__).with_name("data").joinpath("contacts.yml").read_text("utf-8"))
    return Contacts(dict(table["numbers"]), dict(table["companies"]))


_NUMBER = re.compile(r"(?<!\d)\+?\d[\d -]{3,18}\d(?!\d)")
_COMPANY = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:资产管理|资产|律师事务所|律所|信息咨询|商务服务|信息科技|金融服务|金服|外包|法务)"
)
_BEFORE = re.compile(
    r"^.*(?:自称是?|有个叫|有家叫|叫做?|一家|一个|这家|那家|这个|那个|有家|有个|说是|来自|收到|接到|是|的)"
)


def standing_of(text: str) -> Contact:
    """What is said of the number or company in a customer's text; a listed one only when exactly named."""
    known = contacts()
    for written in _NUMBER.findall(text):
        digits = re.sub(r"\D", "", written)
        if digits in known.numbers:
            return Contact(Standing.OURS, digits, known.numbers[digits])
        return Contact(Standing.NOT_OURS, written.strip())
    for name, what in known.companies.items():
        if name in text:
            return Contact(Standing.OURS, name, what)
    found = _COMPANY.search(text)
    name = _BEFORE.sub("", found[0]) if found else ""
    return Contact(Standing.NOT_OURS, name) if len(name) > 2 else Contact(Standing.UNKNOWN)
