"""Short words on cards and in answers, from words.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    content: dict[str, str] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    return content


def word(key: str) -> str:
    """The word under this key; KeyError when words.yml has none."""
    return _words()[key]
