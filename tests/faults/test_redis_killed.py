"""Redis carries hints only: killed, everything is slower and nothing is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from conversation.store import tables as t
from conversation.store.database import Database
from tests.checkers import assert_sound, rows
from tests.faults.test_worker_killed import Talking
from tests.harness import running, until


def prove(var: Path, seconds: float, talkers: int) -> None:
    with running(var) as program:
        database = Database(program.settings.database_url)
        talking = [Talking(program.guest(), seed) for seed in range(talkers)]
        for talker in talking:
            talker.start()
        time.sleep(seconds)
        program.kill("redis")
        time.sleep(seconds)
        asked = time.monotonic()
        program.guest().ask("怎么还款")
        without = time.monotonic() - asked
        program.restart("redis")
        time.sleep(seconds)
        for talker in talking:
            talker.stop.set()
            talker.join()
        until(lambda: all(turn.state == "done" for turn in rows(database, t.turns)), 60)
        for talker in talking:
            assert talker.acknowledged
            assert_sound(database, talker.customer.id, talker.acknowledged)
        print(f"\nan answer without Redis took {without:.2f} s")
        assert without < 5.0
        database.dispose()


@pytest.mark.model
def test_redis_killed_in_mid_traffic_loses_nothing(tmp_path: Path) -> None:
    prove(tmp_path, seconds=2.0, talkers=3)


@pytest.mark.long
@pytest.mark.model
def test_redis_killed_under_longer_traffic_loses_nothing(tmp_path: Path) -> None:
    prove(tmp_path, seconds=20.0, talkers=8)
