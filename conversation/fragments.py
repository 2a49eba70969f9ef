"""Fragments: people write one thought in several messages. Which of a turn's messages belong together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversation.state import Said
from conversation.text import looks_complete, looks_unfinished

#: a text this short (in code points) is a piece of its neighbour, unless both ask by themselves
SHORT = 6


@dataclass(frozen=True)
class Piece:
    """One thing to understand: a text made of one or more messages, or a chosen button."""

    text: str | None
    choice: dict[str, Any] | None = None


def pieces(said: Sequence[Said]) -> list[Piece]:
    """The messages in order; a text joins the one before it when either is a mere fragment.

    Two complete questions stay two; a button always stands alone.
    """
    found: list[Piece] = []
    for one in said:
        before = found[-1] if found else None
        if one.choice is not None:
            found.append(Piece(one.text, one.choice))
        elif before is not None and before.choice is None and _belong(before.text or "", one.text or ""):
            found[-1] = Piece(f"{before.text} {one.text}")
        else:
            found.append(Piece(one.text))
    return found


def _belong(before: str, after: str) -> bool:
    if looks_unfinished(before):
        return True
    short = len(before) <= SHORT or len(after) <= SHORT
    return short and not (looks_complete(before) and looks_complete(after))
