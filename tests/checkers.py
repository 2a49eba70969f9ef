"""What must be true of the journal after any history of faults; read straight from the tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from conversation.store import tables as t
from conversation.store.database import Database


def rows(database: Database, table: sa.Table, **where: Any) -> list[Any]:
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
    with database.read() as connection:
        return connection.execute(query).all()


def assert_sound(database: Database, conversation_id: str, acknowledged: Iterable[int]) -> None:
    """Gap-free seq; every acknowledged message there once and in exactly one ended turn; turns in order;
    every answered turn has its reply, after its messages and written once."""
    messages = sorted(rows(database, t.messages, conversation_id=conversation_id), key=lambda m: m.seq)
    turns = sorted(rows(database, t.turns, conversation_id=conversation_id), key=lambda turn: turn.from_seq)
    seqs = [message.seq for message in messages]
    assert seqs == list(range(1, len(seqs) + 1)), f"gap or double in {seqs}"
    assert all(turn.state == "done" for turn in turns), [turn.state for turn in turns]
    for before, after in itertools.pairwise(turns):
        assert before.to_seq < after.from_seq, "turns overlap"
    customer = {message.seq for message in messages if message.sender == "customer"}
    for seq in acknowledged:
        assert seq in customer, f"acknowledged message {seq} is lost"
        covering = [turn for turn in turns if turn.from_seq <= seq <= turn.to_seq]
        assert len(covering) == 1, f"message {seq} is covered by {len(covering)} turns"
    _assert_replies(messages, turns)


def _assert_replies(messages: list[Any], turns: list[Any]) -> None:
    by_turn: dict[str, list[Any]] = {}
    for message in messages:
        if message.turn_id is not None:
            by_turn.setdefault(message.turn_id, []).append(message)
    for turn in turns:
        replies = by_turn.pop(turn.id, [])
        if turn.outcome == "answered":
            assert replies, f"turn {turn.from_seq}…{turn.to_seq} was answered with silence"
        seqs = [reply.seq for reply in replies]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))) if seqs else True, (
            "a turn's replies are one block"
        )
        assert all(seq > turn.to_seq for seq in seqs)
    assert not by_turn, "replies of no turn"
