"""Measures one side: start, short conversations, one long one. Pure arithmetic at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.processes import Usage
from benchmarks.sides import Answer, Side, Subject

WINDOW = 20  #: turns over which a figure "at turn N" is averaged


class Silent(RuntimeError):
    """A side did not answer: the comparison would be worth nothing."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: conversations of 20 turns, and the turns of the long one looked at."""

    conversations: int = 10
    marks: tuple[int, ...] = (100, 300)


@dataclass(frozen=True)
class Stretch:
    """Some turns in a row: milliseconds of CPU per reply, over all processes and by process, and
    latencies in ms."""

    turns: int
    cpu_ms: float
    cpu_ms_by_process: dict[str, float]
    p50_ms: float
    p95_ms: float
    accepted_p50_ms: float | None
    accepted_p95_ms: float | None


@dataclass(frozen=True)
class Figures:
    """``memory_mb`` by process, as started and at the end; ``stretches`` by name ("1-20", "at 100")."""

    side: str
    start_seconds: float
    start_cpu_seconds: float
    memory_started_mb: dict[str, int]
    memory_end_mb: dict[str, int]
    stretches: dict[str, Stretch] = field(default_factory=dict)


def measure(side: Side, subject: Subject, plan: Plan, say: Callable[[str], None]) -> Figures:
    """Run the plan on a side that is not started yet; it is stopped afterwards, whatever happens.

    Raises Silent.
    """
    began = time.perf_counter()
    try:
        side.start()
        seconds = time.perf_counter() - began
        started = side.usage()
        say(f"{side.name}: started in {seconds:.1f} s")
        for number in range(2):
            _turns(side, subject, f"warm-{number}", range(WINDOW))
        stretches = {f"1-{WINDOW}": _short(side, subject, plan)}
        for name, stretch in _long(side, subject, plan):
            stretches[name] = stretch
            say(f"{side.name}: turns {name}: {stretch.cpu_ms:.1f} ms CPU, p50 {stretch.p50_ms:.0f} ms")
        return Figures(
            side.name,
            round(seconds, 2),
            round(_cpu(started), 2),
            _megabytes(started),
            _megabytes(side.usage()),
            stretches,
        )
    finally:
        side.stop()


def _short(side: Side, subject: Subject, plan: Plan) -> Stretch:
    before, answers = side.usage(), []
    for number in range(plan.conversations):
        answers += _turns(side, subject, f"short-{number}", range(WINDOW))
    return stretch(answers, before, side.usage())


def _long(side: Side, subject: Subject, plan: Plan) -> Iterator[tuple[str, Stretch]]:
    done = 0
    for mark in plan.marks:
        _turns(side, subject, "long", range(done, mark - WINDOW))
        before = side.usage()
        answers = _turns(side, subject, "long", range(mark - WINDOW, mark))
        done = mark
        yield f"{mark - WINDOW + 1}-{mark}", stretch(answers, before, side.usage())


def _turns(side: Side, subject: Subject, conversation: str, numbers: range) -> list[Answer]:
    answers = []
    for number in numbers:
        text = subject.texts[number % len(subject.texts)]
        answer = side.say(conversation, text)
        if not any(answer.texts):
            raise Silent(f"{side.name} did not answer {text!r} at turn {number + 1}")
        answers.append(answer)
    return answers


def stretch(answers: Sequence[Answer], before: dict[str, Usage], after: dict[str, Usage]) -> Stretch:
    """The figures of some turns; the processes' usage was taken around them."""
    sent = [answer.since_sent for answer in answers]
    accepted = [answer.since_accepted for answer in answers if answer.since_accepted is not None]
    shares = {name: 1000 * (after[name].cpu - before[name].cpu) / len(answers) for name in after}
    return Stretch(
        turns=len(answers),
        cpu_ms=round(sum(shares.values()), 2),
        cpu_ms_by_process={name: round(share, 2) for name, share in shares.items()},
        p50_ms=_ms(sent, 50),
        p95_ms=_ms(sent, 95),
        accepted_p50_ms=_ms(accepted, 50) if accepted else None,
        accepted_p95_ms=_ms(accepted, 95) if accepted else None,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Nearest rank: the smallest value that at least ``percent`` % of the values do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def _ms(seconds: Sequence[float], percent: int) -> float:
    return round(1000 * percentile(seconds, percent), 1)


def _cpu(used: dict[str, Usage]) -> float:
    return sum(one.cpu for one in used.values())


def _megabytes(used: dict[str, Usage]) -> dict[str, int]:
    return {name: one.memory // 2**20 for name, one in used.items()}
