"""Short words on cards and in answers, from words.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    return content


def word(key: str) -> str:
    """The word under this key; KeyError when words.yml has none."""
    return str(_words()[key])


def words(key: str) -> list[str]:
    """The list under this key."""
    return [str(one) for one in _words()[key]]
