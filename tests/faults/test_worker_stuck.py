"""A bot worker that hangs (synchronous code cannot be cancelled) is replaced; its customers are answered."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from conversation.store import tables as t
from conversation.store.database import Database
from tests.checkers import assert_sound, rows
from tests.faults.test_worker_killed import Talking, children
from tests.harness import running, until

#: the parent gives a turn 13 s, a new child loads in some more
REPLACED_SECONDS = 45.0


@pytest.mark.long
@pytest.mark.model
def test_a_frozen_worker_is_replaced_and_its_turns_are_answered(tmp_path: Path) -> None:
    """Frozen in the middle of a turn: the parent ends it, others take its turns, nobody hears silence."""
    with running(tmp_path, BOT_WORKERS="1", TURN_PATIENCE_SECONDS="120") as program:
        database = Database(program.settings.database_url)
        talking = [Talking(program.guest(), seed) for seed in range(4)]
        for talker in talking:
            talker.start()
        (child,) = children(program)
        until(lambda: rows(database, t.turns, state="running"), 20)
        child.send_signal(signal.SIGSTOP)
        frozen = time.monotonic()
        time.sleep(2)
        for talker in talking:
            talker.stop.set()
            talker.join()
        until(lambda: all(turn.state == "done" for turn in rows(database, t.turns)), REPLACED_SECONDS)
        print(f"\nfrozen to answered: {time.monotonic() - frozen:.1f} s")
        for talker in talking:
            assert_sound(database, talker.customer.id, talker.acknowledged)
        assert not child.is_running() or child.status() == "zombie"
        database.dispose()
