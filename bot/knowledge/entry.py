"""The values of the knowledge: one answer, and the entry of one intent. Pure; read by checking.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Answer:
    """What is said: ``short`` first, ``detail`` and ``next`` may be empty."""

    intent: str
    short: str
    detail: str
    next: str
    version: str  #: content hash, after "r7." for revision 7; with the intent it identifies the wording

    @property
    def key(self) -> str:
        return f"{self.intent}@{self.version}"


@dataclass(frozen=True)
class Entry:
    """One file: the answers to one intent, how people ask for it, what is near, and who looks after it."""

    intent: str
    title: str
    ask: str
    related: tuple[str, ...]
    account: bool
    answers: tuple[tuple[str | None, str | None, tuple[str, ...], Answer], ...]
    updated: date
    owner: str
    review_by: date
    review_days: int
    revision: int  #: 0: the file that came with the program; else the number of operations' revision

    def stale(self, today: date) -> str | None:
        """Why somebody must look at it again, in Chinese; None while it is fresh."""
        if today > self.review_by:
            return f"应于 {self.review_by:%Y-%m-%d} 前复核"
        if today > self.updated + timedelta(days=self.review_days):
            return f"{(today - self.updated).days} 天没有更新，超过 {self.review_days} 天"
        return None
