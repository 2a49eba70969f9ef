"""Pictures of how well questions are understood: what is taken for what, and what a confidence is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

BINS = 10


def confusion(pairs: Sequence[tuple[str, str]], path: Path) -> None:
    """``pairs`` of (meant, read): a square a pair, dark where a share of the meant was read so."""
    names = sorted({meant for meant, _ in pairs})
    place = {name: at for at, name in enumerate(names)}
    shares = np.zeros((len(names), len(names)))
    totals = Counter(meant for meant, _ in pairs)
    for (meant, read), count in Counter(pairs).items():
        if read in place:
            shares[place[meant], place[read]] = count / totals[meant]
    figure, axes = plt.subplots(figsize=(16, 15))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_xlabel("read as")
    axes.set_ylabel("meant")
    axes.set_title("What is taken for what (share of the questions meant)")
    figure.colorbar(image, ax=axes, shrink=0.6)
    _save(figure, path)


def reliability(judged: dict[str, Sequence[tuple[float, bool]]], path: Path) -> None:
    """A line for each name in ``judged``: of the questions read at a confidence, how many were read right."""
    figure, axes = plt.subplots(figsize=(7, 7))
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    for name, pairs in judged.items():
        points = _points(pairs)
        axes.plot([x for x, _, _ in points], [y for _, y, _ in points], marker="o", label=name)
        for x, y, count in points:
            axes.annotate(str(count), (x, y), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share read right (figures: questions)")
    axes.set_title("What a confidence is worth")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.legend()
    _save(figure, path)


def _points(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    groups = [[] for _ in range(BINS)]  # type: list[list[tuple[float, bool]]]
    for confidence, right in pairs:
        groups[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return [
        (float(np.mean([c for c, _ in group])), float(np.mean([r for _, r in group])), len(group))
        for group in groups
        if group
    ]


def expected_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean distance between confidence and truth over the bins, weighed by how full they are."""
    points = _points(pairs)
    return sum(abs(x - y) * count for x, y, count in points) / max(1, len(pairs))


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
