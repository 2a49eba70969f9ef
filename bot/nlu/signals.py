"""Sayings that decide by themselves: danger to life, regulators, lawyers, minors, personal-data rights.

Pure. The data barely holds them, the law does: they are read by rules a person can check (data/signals.yml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.nlu.normalise import DATA


@dataclass(frozen=True)
class Signal:
    """``intent`` is what the message is; ``handover`` when that intent alone would not bring a person."""

    name: str
    intent: str
    handover: bool = False


@lru_cache(maxsize=1)
def _signals() -> tuple[tuple[Signal, re.Pattern[str]], ...]:
    table = yaml.safe_load((DATA / "signals.yml").read_text(encoding="utf-8"))
    return tuple(
        (Signal(name, rule["intent"], rule.get("handover", False)), re.compile("|".join(rule["says"])))
        for name, rule in table.items()
    )


def signal_in(text: str) -> Signal | None:
    """The first signal of a normalised text, if any."""
    return next((signal for signal, pattern in _signals() if pattern.search(text)), None)
