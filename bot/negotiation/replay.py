"""A talk as data, and played again from it: its replies in order are all there is to keep. Pure.

The same debt, mandate, model and replies give the same moves: that is what an audit plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.money import Money
from bot.negotiation.talk import Counter, Move, Reply, Talk, begin, next_move
from bot.negotiation.values import Capacity

Data = dict[str, Any]


def written(reply: Reply) -> Data:
    """A reply as JSON-ready data; sums are whole 分."""
    data: Data = {}
    if reply.accepted:
        data["accepted"] = True
    if reply.signal:
        data["signal"] = reply.signal
    if reply.capacity is not None:
        data["capacity"] = _plain(vars(reply.capacity))
    if reply.counter is not None:
        data["counter"] = _plain(vars(reply.counter))
    return data


def read(data: Data) -> Reply:
    """The reply that was written; KeyError or TypeError where it was not."""
    told, wished = data.get("capacity"), data.get("counter")
    return Reply(
        accepted=bool(data.get("accepted")),
        signal=str(data.get("signal", "")),
        capacity=Capacity(**_sums(told, ("monthly", "later", "at_hand"))) if told is not None else None,
        counter=Counter(**_sums(wished, ("monthly", "upfront"))) if wished is not None else None,
    )


def replayed(talk: Talk, replies: Sequence[Data]) -> tuple[Talk, list[Move]]:
    """The talk after its replies, with every move made: the opening, and one for each reply."""
    talk, move = begin(talk)
    moves = [move]
    for data in replies:
        talk, move = next_move(talk, read(data))
        moves.append(move)
    return talk, moves


def _plain(values: Data) -> Data:
    return {
        name: value.fen if isinstance(value, Money) else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def _sums(data: Data, names: tuple[str, ...]) -> Data:
    return {name: Money(value) if name in names else value for name, value in data.items()}
