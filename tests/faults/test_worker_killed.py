"""A bot worker is killed in the middle of turns; nothing is lost, nothing is said twice."""

from __future__ import annotations

import random
import signal
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


def kill_mid_turn(database: Database) -> None:
    """SIGKILL a child in the middle of a turn: frozen first, so that it is certain that it still has it.

    Then wait until what it had is answered: a turn that took three workers with it goes to a person, and
    rightly so.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for turn in rows(database, t.turns, state="running"):
            victim = psutil.Process(int(turn.worker.rsplit(":", 1)[1]))
            victim.send_signal(signal.SIGSTOP)
            (now,) = rows(database, t.turns, id=turn.id)
            if (now.state, now.token) == ("running", turn.token):
                victim.kill()
                until(lambda: not _being_taken_over(database), 60, "the turns of the dead are not answered")
                return
            victim.send_signal(signal.SIGCONT)
    raise AssertionError("no turn was ever seen running")


def prove(var: Path, kills: int, talkers: int) -> None:
    with running(var, BOT_WORKERS="2", TURN_PATIENCE_SECONDS="300") as program:
        database = Database(program.settings.database_url)
        talking = [Talking(program.guest(), seed) for seed in range(talkers)]
        for talker in talking:
            talker.start()
        try:
            for _ in range(kills):
                kill_mid_turn(database)
                time.sleep(random.uniform(0.5, 3.0))
        finally:
            for talker in talking:
                talker.stop.set()
        for talker in talking:
            talker.join()
        until(lambda: not _open_turns(database), 120, "turns are still open")
        retried = [turn for turn in rows(database, t.turns) if turn.attempts > 1]
        for talker in talking:
            assert_sound(database, talker.customer.id, talker.acknowledged)
        total = sum(len(talker.acknowledged) for talker in talking)
        print(f"\n{kills} kills, {total} messages acknowledged, {len(retried)} turns taken over, 0 lost")
        assert len(retried) >= kills / 2, "the killed turns were not the ones taken over"
        assert {turn.outcome for turn in rows(database, t.turns)} <= {"answered"}
        database.dispose()


def _being_taken_over(database: Database) -> bool:
    turns = rows(database, t.turns)
    return any(turn.state != "done" and (turn.attempts > 1 or not turn.token) for turn in turns)


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
