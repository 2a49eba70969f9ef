"""Revisions of answers: which is in force when, what differs, and the library that results. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.bank.products import Products
from bot.knowledge.checking import check
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from conversation.four_eyes import LIVE, State


@dataclass(frozen=True)
class Revision:
    """One proposed or decided version of an answer's file; ``number`` 0 would be the program's own."""

    id: str
    intent: str
    number: int
    base: int
    text: str
    restores: int | None
    state: State
    reason: str
    effective_from: datetime
    maker_id: str
    maker_name: str
    made_at: datetime
    checker_id: str | None
    checker_name: str | None
    checked_at: datetime | None
    comment: str | None


def newest(revisions: Iterable[Revision]) -> int:
    """The number a new revision has to be written from: the last one approved, in force or not yet; else 0."""
    return max((one.number for one in revisions if one.state in LIVE), default=0)


def candidates(revisions: Iterable[Revision], now: datetime) -> dict[str, list[Revision]]:
    """Intent → its live revisions whose day has come, the one in force first: the last approved counts."""
    found: dict[str, list[Revision]] = {}
    for one in sorted(revisions, key=lambda one: -one.number):
        if one.state in LIVE and one.effective_from <= now:
            found.setdefault(one.intent, []).append(one)
    return found


def in_force(
    seed: Library, products: Products, revisions: Mapping[str, list[Revision]]
) -> tuple[Library, tuple[str, ...]]:
    """The library with every first usable candidate, and why others were passed over.

    A revision can stop fitting when a release renames a figure: the one before it speaks then, never nobody.
    """
    intents = {entry.intent for entry in seed}
    entries: list[Entry] = []
    unusable: list[str] = []
    for intent, ones in revisions.items():
        for one in ones if intent in intents else ():
            checked = check(one.text, intent, products, intents, one.number)
            if checked.entry is not None:
                entries.append(checked.entry)
                break
            unusable.append(f"{intent}@r{one.number} {checked.problems[0]}")
    return seed.with_entries(entries), tuple(unusable)


def difference(before: str, after: str) -> list[dict[str, str]]:
    """The changed lines with three around them: kind is same, added, removed or gap."""
    kinds = {" ": "same", "+": "added", "-": "removed"}
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=3, lineterm=""))[2:]
    return [
        {"kind": "gap", "text": ""} if line.startswith("@@") else {"kind": kinds[line[0]], "text": line[1:]}
        for line in lines
    ]
