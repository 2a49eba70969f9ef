"""What a turn is about to say, held to the rules of what must never be said. The last door: it fails closed.

A turn whose words break a rule is a failed turn: nothing of it is sent, no effect is carried out, and after the last
try a person is called. Our texts are checked before a release too (tests/unit/negotiation/test_never_said.py); here
it is about what was filled in and composed. Knows no rule: those are bot/negotiation/data/never.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.negotiation.never import Context, Grade, forbidden
from bot.negotiation.never_file import the_rules
from bot.turn import Turn
from conversation.message import Reply


def broken_rules(turn: Turn, replies: Iterable[Reply]) -> tuple[str, ...]:
    """The codes of the rules the turn's replies break, each once; () when they may be sent."""
    context = Context(at=turn.now, debtor=turn.doubted_at is None)
    found = (
        breach.code
        for reply in replies
        for breach in forbidden(_whole(reply), the_rules(), context)
        if breach.grade is Grade.BLOCK
    )
    return tuple(dict.fromkeys(found))


def _whole(reply: Reply) -> str:
    """Text, buttons and card as one text, a line each."""
    titles = (choice.title for choice in reply.choices)
    return "\n".join([reply.text or "", *titles, *_strings(reply.card)])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)
