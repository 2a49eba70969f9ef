"""The arithmetic of the benchmark: what is divided by what."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench import table
from benchmarks.measure import Figures, Plan, Silent, measure, percentile, stretch
from benchmarks.processes import Usage
from benchmarks.sides import Answer, Subject


def test_percentiles_are_values_that_were_measured() -> None:
    """Nearest rank, no interpolation."""
    assert percentile([5, 1, 4, 2, 3], 50) == 3
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([7], 95) == 7


def test_cpu_is_shared_among_the_replies() -> None:
    answers = [Answer(["好"], 0.010, 0.005), Answer(["好"], 0.030, 0.020)]
    before, after = {"a": Usage(1.0, 0), "b": Usage(2.0, 0)}, {"a": Usage(1.04, 0), "b": Usage(2.01, 0)}
    figures = stretch(answers, before, after)
    assert (figures.turns, figures.cpu_ms) == (2, 25.0)
    assert figures.cpu_ms_by_process == {"a": 20.0, "b": 5.0}
    assert (figures.p50_ms, figures.p95_ms) == (10.0, 30.0)
    assert (figures.accepted_p50_ms, figures.accepted_p95_ms) == (5.0, 20.0)


class FakeSide:
    """Ten milliseconds of CPU for every answer; can be told to fall silent."""

    name = "fake"

    def __init__(self, silent_after: int = 10**6) -> None:
        self.said: list[tuple[str, str]] = []
        self.stopped = False
        self._silent_after = silent_after

    def start(self) -> None:
        pass

    def say(self, conversation: str, text: str) -> Answer:
        self.said.append((conversation, text))
        return Answer(["好"] if len(self.said) <= self._silent_after else [], 0.001)

    def usage(self) -> dict[str, Usage]:
        return {"one": Usage(1.0 + 0.01 * len(self.said), 50 * 2**20), "two": Usage(0.5, 2**20)}

    def stop(self) -> None:
        self.stopped = True


SUBJECT = Subject(model=Path("m"), actions="a", texts=("甲", "乙"))


def test_the_long_conversation_is_one_conversation() -> None:
    """The turns at the marks are looked at, those before them are played too."""
    side = FakeSide()
    figures = measure(side, SUBJECT, Plan(conversations=2, marks=(40, 100)), lambda line: None)
    assert sum(1 for conversation, _ in side.said if conversation == "long") == 100
    assert list(figures.stretches) == ["1-20", "21-40", "81-100"]
    assert {one.cpu_ms for one in figures.stretches.values()} == {10.0}
    assert figures.start_cpu_seconds == 1.5
    assert figures.memory_end_mb == {"one": 50, "two": 1}
    assert side.stopped


def test_a_side_that_does_not_answer_is_not_measured() -> None:
    """Silence is fast; it must not count as an answer."""
    side = FakeSide(silent_after=45)
    with pytest.raises(Silent):
        measure(side, SUBJECT, Plan(conversations=2, marks=(40,)), lambda line: None)
    assert side.stopped


def test_the_table_has_a_column_for_each_side() -> None:
    figures = [measure(FakeSide(), SUBJECT, Plan(1, (40,)), lambda line: None) for _ in range(2)]
    assert isinstance(figures[0], Figures)
    header, *lines = table(figures).splitlines()
    assert header.split() == ["fake", "fake"]
    (cpu,) = [line for line in lines if line.startswith("turns 1-20: CPU ms per reply")]
    assert cpu.count("10.0 = one 10.0 + two 0.0") == 2
