"""The frontier of uplift and breach: the negotiator at many prices for a plan beyond the customer's means, and for
an agreement with somebody who needed a person.

``python -m benchmarks.frontier SEED…`` plays 1,200 people a seed (for trying: 3000 on) and writes
``benchmarks/results/negotiation.json`` and ``.png``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.baselines import gives_way_with_time
from benchmarks.negotiator import MODEL, negotiator
from benchmarks.scoring import Agent, judge, uplift
from benchmarks.simulator import Best, Case, best, make
from bot.negotiation.choice import DEMO_MEANS, Means
from bot.negotiation.debtors import read_model

RESULTS = Path(__file__).resolve().parent / "results"
COUNT = 1200
TRIED = (
    *(Means(monthly=share, breach_share=3.0) for share in (0.4, 0.55, 0.65, 0.75, 0.85)),
    *(Means(breach_share=price) for price in (10.0, 3.0, 1.0, 0.3, 0.0, -0.3, -1.0)),
    *(Means(breach_share=3.0, late_share=price) for price in (3.0, 10.0, 30.0)),
    DEMO_MEANS,
)


class Point(NamedTuple):
    """One setting's figures; ``late``: agreements with people who needed a person, of all who were played."""

    name: str
    uplift: float
    breach: float
    turns: float
    late: int


def point(name: str, cases: Sequence[Case], oracle: Sequence[Best | None], agent: Agent) -> Point:
    talks = judge(cases, agent, oracle)
    deals = [talk for talk in talks if talk.record.signed and not talk.needs_person]
    breached = sum(talk.breach for talk in deals)
    late = sum(talk.record.signed is not None and talk.needs_person for talk in talks)
    turns = sum(talk.record.turns for talk in deals) / max(1, len(deals))
    return Point(
        name, round(uplift(talks), 4), round(breached / max(1, len(deals)), 4), round(turns, 2), late
    )


def points(seeds: Sequence[int]) -> list[Point]:
    """The baseline first, then every setting tried, on the same people."""
    cases = [case for seed in seeds for case in make(COUNT, seed)]
    oracle, model = [best(case) for case in cases], read_model(MODEL.read_bytes())
    found = [point("B8", cases, oracle, gives_way_with_time)]
    for means in TRIED:
        name = f"share {means.monthly:g}, price {means.breach_share:g}, late {means.late_share:g}"
        name = f"shipped: {name}" if means == DEMO_MEANS else name
        found.append(point(name, cases, oracle, negotiator(model, means)))
    return found


def draw(found: Sequence[Point], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(8, 6))
    for at, name, uplifted in ((p.breach, p.name, p.uplift) for p in found):
        axes.scatter(at, uplifted, color="tab:red" if name == "B8" else "tab:blue")
        axes.annotate(name, (at, uplifted), textcoords="offset points", xytext=(6, 3), fontsize=7)
    axes.axvline(0.005, linestyle=":", color="grey")
    axes.set_xlabel("signed plans beyond the customer's means")
    axes.set_ylabel("uplift captured")
    axes.set_title("What a breach buys")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    RESULTS.mkdir(exist_ok=True)
    figures = points([int(seed) for seed in sys.argv[1:]] or [1000])
    (RESULTS / "negotiation.json").write_text(json.dumps([p._asdict() for p in figures], indent=1), "utf-8")
    draw(figures, RESULTS / "negotiation.png")
    for figure in figures:
        print(*figure)
