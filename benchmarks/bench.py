"""``make bench``: stock Rasa against our path, the same model and the same words, on this machine.

Stock is ``rasa run`` with the REST channel and the SQL tracker store, and ``rasa run actions`` beside it.
Ours is the whole program (web, bot worker, Redis, database) over the app API, and the engine alone.
CPU is that of all processes of a side, descendants included, divided by the replies; the client's is not
counted. Sides run one after the other, conversations one at a time. Bounded, loopback only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Figures, Plan, measure
from benchmarks.sides import EngineOnly, Product, Side, StockRasa, Subject
from bot.engine.engine import newest
from service.settings import ROOT

RESULTS = Path(__file__).parent / "results"
SIDES: dict[str, Callable[[Subject], Side]] = {"stock": StockRasa, "engine": EngineOnly, "yixian": Product}
#: Common questions a guest may ask; each is answered by one custom action.
TEXTS = (
    "随心借的年利率是多少？",
    "提前还款要手续费吗？",
    "怎么修改银行预留手机号？",
    "人脸识别失败怎么办？",
    "征信报告上会显示吗？",
)


def table(figures: Sequence[Figures]) -> str:
    """The figures side by side, one line per measure."""
    names = list(figures[0].stretches)
    lines = [("", *(one.side for one in figures))]
    lines.append(("start, s", *(f"{one.start_seconds:.1f}" for one in figures)))
    lines.append(("start, CPU s", *(f"{one.start_cpu_seconds:.1f}" for one in figures)))
    for name in names:
        found = [one.stretches[name] for one in figures]
        lines.append(
            (f"turns {name}: CPU ms per reply", *(_parts(one.cpu_ms_by_process, 1) for one in found))
        )
        lines.append((f"turns {name}: sent to reply, p50 ms", *(f"{one.p50_ms:.0f}" for one in found)))
        lines.append((f"turns {name}: sent to reply, p95 ms", *(f"{one.p95_ms:.0f}" for one in found)))
        lines.append(
            (f"turns {name}: accepted to delivered, p50 ms", *(_ms(s.accepted_p50_ms) for s in found))
        )
        lines.append(
            (f"turns {name}: accepted to delivered, p95 ms", *(_ms(s.accepted_p95_ms) for s in found))
        )
    lines.append(("memory started, MB", *(_parts(one.memory_started_mb) for one in figures)))
    lines.append(("memory at the end, MB", *(_parts(one.memory_end_mb) for one in figures)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(figures) + 1)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines
    )


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _parts(by_process: Mapping[str, float], digits: int = 0) -> str:
    """The sum, and what it is made of."""
    parts = " + ".join(f"{name} {value:.{digits}f}" for name, value in by_process.items())
    return f"{sum(by_process.values()):.{digits}f} = {parts}" if len(by_process) > 1 else parts


def circumstances(subject: Subject, plan: Plan) -> dict[str, object]:
    """What one must know to compare the figures with others."""
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "model": subject.model.name,
        "texts": subject.texts,
        "conversations": plan.conversations,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=ROOT / "bot" / "models")
    parser.add_argument("--actions", default="bot.actions")
    parser.add_argument("--texts", default="|".join(TEXTS), help="what the customer says, separated by |")
    parser.add_argument("--sides", default=",".join(SIDES))
    parser.add_argument("--conversations", type=int, default=Plan.conversations)
    parser.add_argument("--marks", default="100,300", help="turns of the long conversation looked at")
    options = parser.parse_args(arguments)
    subject = Subject(newest(options.model), options.actions, tuple(options.texts.split("|")))
    plan = Plan(options.conversations, tuple(int(mark) for mark in options.marks.split(",")))
    figures = [measure(SIDES[name](subject), subject, plan, print) for name in options.sides.split(",")]
    print(table(figures))
    RESULTS.mkdir(exist_ok=True)
    result = {"circumstances": circumstances(subject, plan), "sides": [asdict(one) for one in figures]}
    path = RESULTS / f"bench-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
