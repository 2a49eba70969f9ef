"""``make evaluate [REAL=file.tsv] [STOCK=0]``: how well customers are understood, all figures in one run.

Cross-validation on our own utterances (with whole groups of look-alikes held out), the questions
written apart from them (sets/questions.tsv), a file of real questions where one is given (``intent<TAB>text``),
safety, entities, the time of one parse; beside it, on the same texts, the stock Chinese configuration of Rasa. Writes
results/evaluate.json, results/confusion.png and results/reliability.png. Nothing is learned from what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import entities, pictures, safety, stock_nlu
from benchmarks.understanding import (
    RESULTS,
    Score,
    cross_validated,
    judged,
    labelled,
    predictions,
    utterances,
)
from bot.nlu.decision import Decision, handling_table

SETS = Path(__file__).parent / "sets"
Rows = list[tuple[str, str]]
Lines = list[dict[str, Any]]


def own_figures(rows: Rows) -> dict[str, float]:
    """Top-1 and top-3 of models that have seen nothing like the example."""
    top1, top3 = cross_validated(rows, grouped=True)
    _say(f"own utterances, whole groups held out ({len(rows)}): top-1 {top1:.1%}, top-3 {top3:.1%}")
    return {"top1": top1, "top3": top3}


def ours(name: str, rows: Rows) -> tuple[Score, Lines]:
    lines = asyncio.run(predictions(rows))
    score = judged(rows, lines)
    outside = "—" if score.out_of_scope_recall is None else f"{score.out_of_scope_recall:.1%}"
    _say(
        f"{name} ({score.lines}): top-1 {score.top1:.1%}, top-3 {score.top3:.1%}, decided {score.decided:.1%} "
        f"(right {score.precision:.1%}), out-of-scope recall {outside}, refused falsely {score.false_refusals:.1%}"
    )
    return score, lines


def stock(name: str, rows: Rows) -> dict[str, float]:
    """Top-1 and top-3 of the stock configuration over the intents (dialogue acts left out, as with ours)."""
    known = handling_table()
    ranked = [
        [one for one, _ in line if one in known] for line in stock_nlu.rankings([text for _, text in rows])
    ]
    top1 = sum(line[:1] == [intent] for (intent, _), line in zip(rows, ranked)) / len(rows)
    top3 = sum(intent in line[:3] for (intent, _), line in zip(rows, ranked)) / len(rows)
    _say(f"{name} ({len(rows)}), stock Rasa: top-1 {top1:.1%}, top-3 {top3:.1%}")
    return {"top1": top1, "top3": top3}


def parse_times(rows: Rows) -> dict[str, float]:
    """Milliseconds of one parse in this process, p50 and p95."""
    import os

    from bot.engine.engine import Engine
    from service.settings import read_settings

    async def measured() -> list[float]:
        engine = await Engine.load(read_settings(os.environ).models)
        took = []
        for _, text in rows[:50] + rows:
            began = time.perf_counter()
            await engine.parse(text)
            took.append((time.perf_counter() - began) * 1000)
        return sorted(took[50:])

    took = asyncio.run(measured())
    figures = {"p50": took[len(took) // 2], "p95": took[int(len(took) * 0.95)]}
    _say(f"one parse: p50 {figures['p50']:.1f} ms, p95 {figures['p95']:.1f} ms")
    return figures


def confidences(rows: Rows, lines: Lines) -> list[tuple[float, bool]]:
    first = [line["ranking"][0] for line in lines]
    return [(one["confidence"], one["intent"] == intent) for (intent, _), one in zip(rows, first)]


def reading(rows: Rows, lines: Lines) -> list[tuple[str, str]]:
    """(meant, read) where something was decided; asked back counts as such."""
    return [
        (intent, "asked back" if line["decision"] == Decision.CLARIFY.value else line["intent"])
        for (intent, _), line in zip(rows, lines)
    ]


def main(arguments: Sequence[str]) -> int:
    real, with_stock = (arguments[0] if arguments else ""), "0" not in arguments[1:]
    RESULTS.mkdir(exist_ok=True)
    sets = {"questions": labelled(SETS / "questions.tsv")}
    if real:
        sets["real questions"] = labelled(Path(real))
    found: dict[str, Any] = {"own": own_figures(utterances())}
    curves = {}
    for name, rows in sets.items():
        score, lines = ours(name, rows)
        found[name] = asdict(score)
        curves[name] = confidences(rows, lines)
        found[name]["calibration_error"] = pictures.expected_error(curves[name])
        if name == "questions":
            pictures.confusion(reading(rows, lines), RESULTS / "confusion.png")
        if with_stock:
            found[name]["stock"] = stock(name, rows)
    pictures.reliability(curves, RESULTS / "reliability.png")
    found["parse_ms"] = parse_times(sets["questions"])
    found["entities"] = _entities()
    found["safety"] = _safety()
    (RESULTS / "evaluate.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    _say(f"图表和明细：{RESULTS}")
    return 0


def _entities() -> dict[str, Any]:
    scores = entities.scored(entities.labelled())
    _say(entities.shown(scores))
    return {kind: asdict(one) | {"f1": one.f1} for kind, one in scores.items()}


def _safety() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in safety.SETS:
        score = safety.score(safety.read_set(path))
        _say(f"{path.name} ({score.labels} labels):\n{safety.shown(score)}")
        found[path.name] = asdict(score)
    return found


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
