"""How well questions are understood: ``python -m benchmarks.understanding [LABELLED.tsv]``.

Without a file: five-fold cross-validation on the project's own utterances, once split at random and once
with whole groups of look-alikes held out (closer to customers, who write what no author thought of).
With a file of ``intent<TAB>text`` lines (a header line is allowed): the trained model as ``make predict``
runs it. Prints tables, writes JSON beside the other results. Nothing is learned from the file.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.engine.prepare import prepare
from bot.nlu.decision import OUT_OF_SCOPE, Decision, handling_table

prepare()

from bot.nlu import linear  # noqa: E402  (spaCy must be imported after the process is prepared)
from bot.nlu.features import features  # noqa: E402
from bot.nlu.homophones import readable  # noqa: E402
from bot.nlu.segmentation import segmented  # noqa: E402
from service.predict import predict  # noqa: E402
from service.settings import read_settings  # noqa: E402
from service.train import train  # noqa: E402
from service.utterances import utterances  # noqa: E402

RESULTS = Path(__file__).parent / "results"
WORST = 15
SHARPNESS = 5.5  #: about what training finds; it moves hits by nothing that can be seen


@dataclass(frozen=True)
class Score:
    """Shares of all lines, 0 to 1. ``precision`` is of the lines that were not asked back about."""

    lines: int
    top1: float
    top3: float
    decided: float
    precision: float
    right_when_asked_back: float  #: the right meaning among the first three, of the lines asked back about
    out_of_scope_recall: float | None
    false_refusals: float
    by_intent: dict[str, tuple[int, float, float]]
    confusions: list[tuple[str, str, int]]


def cross_validated(rows: Sequence[tuple[str, str]], grouped: bool) -> tuple[float, float]:
    """Top-1 and top-3 of a model that has not seen the example (or, grouped, nothing like it)."""
    labels = [intent for intent, _ in rows]
    seen = [
        features(text, [word for word, _ in segmented(text)]) for text in (readable(t).text for _, t in rows)
    ]
    fold = linear.folds(seen, labels) if grouped else np.random.default_rng(0).integers(0, 5, len(rows))
    scores = linear.chances_out_of_fold(seen, labels, fold, SHARPNESS)
    names = sorted(set(labels))
    order = np.argsort(-scores, axis=1)[:, :3]
    hits = np.array([[names[place] == label for place in row] for row, label in zip(order, labels)])
    return float(hits[:, 0].mean()), float(hits.any(axis=1).mean())


def labelled(path: Path) -> list[tuple[str, str]]:
    """(intent, text) of a file; lines whose first column is no intent (a header) are left out."""
    rows = (line.rstrip("\r\n").partition("\t") for line in path.read_text("utf-8").splitlines())
    return [(intent, text) for intent, _, text in rows if intent in handling_table()]


def judged(rows: Sequence[tuple[str, str]], lines: Sequence[dict[str, Any]]) -> Score:
    """What predictions are worth against the labels."""
    first, among, by_intent, confusions = [], [], defaultdict(list), Counter[tuple[str, str]]()
    for (intent, _), line in zip(rows, lines):
        ranked = [guess["intent"] for guess in line["ranking"][:3]]
        first.append(ranked[0] == intent)
        among.append(intent in ranked)
        by_intent[intent].append((first[-1], among[-1]))
        confusions[intent, ranked[0]] += ranked[0] != intent
    asked = [line["decision"] == Decision.CLARIFY.value for line in lines]
    refused = [line["decision"] == Decision.OUT_OF_SCOPE.value for line in lines]
    outside = [intent == OUT_OF_SCOPE for intent, _ in rows]
    right = [line["intent"] == intent for (intent, _), line in zip(rows, lines)]
    return Score(
        lines=len(rows),
        top1=_share(first),
        top3=_share(among),
        decided=1 - _share(asked),
        precision=_share([ok for ok, back in zip(right, asked) if not back]),
        right_when_asked_back=_share([ok for ok, back in zip(among, asked) if back]),
        out_of_scope_recall=_share([no for no, out in zip(refused, outside) if out])
        if any(outside)
        else None,
        false_refusals=_share([no for no, out in zip(refused, outside) if not out]),
        by_intent={
            intent: (len(hits), _share([one for one, _ in hits]), _share([three for _, three in hits]))
            for intent, hits in sorted(by_intent.items())
        },
        confusions=[(*pair, count) for pair, count in confusions.most_common(WORST) if count],
    )


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def shown(score: Score, seconds: float) -> str:
    head = [
        f"lines {score.lines}, {score.lines / seconds:.0f} a second with loading",
        f"top-1 {score.top1:.1%}   top-3 {score.top3:.1%}",
        f"decided {score.decided:.1%}, of these right {score.precision:.1%}",
        f"asked back: right meaning among the first three {score.right_when_asked_back:.1%}",
        f"false refusals {score.false_refusals:.1%}"
        + (
            f"   out-of-scope recall {score.out_of_scope_recall:.1%}"
            if score.out_of_scope_recall is not None
            else ""
        ),
    ]
    rows = [f"{i:26} {n:4}  {a:6.1%} {b:6.1%}" for i, (n, a, b) in score.by_intent.items()]
    mixed = [f"{count:3} × {one} read as {other}" for one, other, count in score.confusions]
    return "\n".join([*head, "", f"{'intent':26} {'n':>4}  {'top-1':>6} {'top-3':>6}", *rows, "", *mixed])


async def predictions(rows: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    out = io.StringIO()
    await predict([f"{text}\n" for _, text in rows], out, train(read_settings(os.environ).models).parent)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def main(arguments: Sequence[str]) -> int:
    RESULTS.mkdir(exist_ok=True)
    if not arguments:
        rows = utterances()
        figures = {name: cross_validated(rows, name == "grouped") for name in ("random", "grouped")}
        for name, (top1, top3) in figures.items():
            print(f"{name:8} split of {len(rows)} utterances: top-1 {top1:.1%}, top-3 {top3:.1%}")
        (RESULTS / "understanding_own.json").write_text(json.dumps(figures, indent=1), "utf-8")
        return 0
    rows = labelled(Path(arguments[0]))
    started = time.monotonic()
    score = judged(rows, asyncio.run(predictions(rows)))
    print(shown(score, time.monotonic() - started))
    (RESULTS / "understanding_file.json").write_text(json.dumps(asdict(score), indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
