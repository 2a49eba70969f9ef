"""A bot worker is killed in the middle of turns; nothing is lost, nothing is said twice."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import psutil
import pytest

from conversation.store import tables as t
from conversation.store.database import Database
from tests.checkers import assert_sound, rows
from tests.harness import Customer, Program, running, until

QUESTIONS = (
    "怎么还款",
    "提前还款要手续费吗",
    "逾期会上征信吗",
    "利息怎么算的",
    "我的额度是多少",
    "客服电话多少",
)


def children(program: Program) -> list[psutil.Process]:
    """The Rasa processes under the worker's watching parent."""
    process = program.services["worker"].process
    assert process is not None
    found = psutil.Process(process.pid).children()
    return [child for child in found if "spawn_main" in " ".join(child.cmdline())]


class Talking(threading.Thread):
    """A customer who goes on asking until told to stop; remembers every acknowledged message."""

    def __init__(self, customer: Customer, seed: int) -> None:
        super().__init__(daemon=True)
        self.customer = customer
        self.acknowledged: list[int] = []
        self.stop = threading.Event()
        self._random = random.Random(seed)

    def run(self) -> None:
        while not self.stop.is_set():
            answer = self.customer.post(text=self._random.choice(QUESTIONS))
            if answer.status_code == 202:
                self.acknowledged.append(answer.json()["seq"])
            self.stop.wait(self._random.uniform(0.05, 0.5))


def kill_mid_turn(program: Program, database: Database) -> bool:
    """SIGKILL the child that is running a turn right now; False when none was caught in time."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if rows(database, t.turns, state="running"):
            victims = children(program)
            if victims:
                random.choice(victims).kill()
                return True
    return False


def prove(var: Path, kills: int, talkers: int) -> None:
    with running(var, BOT_WORKERS="2") as program:
        database = Database(program.settings.database_url)
        talking = [Talking(program.guest(), seed) for seed in range(talkers)]
        for talker in talking:
            talker.start()
        killed = 0
        while killed < kills:
            killed += kill_mid_turn(program, database)
            time.sleep(random.uniform(0.5, 3.0))
        for talker in talking:
            talker.stop.set()
        for talker in talking:
            talker.join()
        until(lambda: not _open_turns(database), 120, "turns are still open")
        retried = [turn for turn in rows(database, t.turns) if turn.attempts > 1]
        for talker in talking:
            assert_sound(database, talker.customer.id, talker.acknowledged)
        total = sum(len(talker.acknowledged) for talker in talking)
        print(f"\n{killed} kills, {total} messages acknowledged, {len(retried)} turns taken over, 0 lost")
        assert retried, "no kill hit a running turn: the proof proves nothing"
        assert {turn.outcome for turn in rows(database, t.turns)} <= {"answered"}
        database.dispose()


def _open_turns(database: Database) -> bool:
    return any(turn.state != "done" for turn in rows(database, t.turns))


@pytest.mark.model
def test_two_kills_in_the_middle_of_turns_lose_nothing(tmp_path: Path) -> None:
    """The short run of the proof below."""
    prove(tmp_path, kills=2, talkers=4)


@pytest.mark.long
@pytest.mark.model
def test_twenty_kills_in_the_middle_of_turns_lose_nothing(tmp_path: Path) -> None:
    """Every acknowledged message is covered by exactly one committed turn, in order."""
    prove(tmp_path, kills=20, talkers=8)
