"""``make predict``: what the assistant understands of a file of questions, one JSON line a question.

The road of a real message up to the decision: cleaned and redacted as at the door, parsed by the trained
model, decided without context. No policies, no effects, no database.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot.engine.engine import Engine
from conversation.errors import YixianError
from conversation.privacy import findings_in
from conversation.text import cleaned
from service.settings import read_settings

RANKED = 5


@dataclass(frozen=True)
class Door:
    """What the model reads of a text, and where each of its characters came from (code points)."""

    read: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where read[start:end] was written; the whole of what was taken out for a placeholder."""
        return self.starts[start], self.ends[end - 1]


def at_the_door(text: str) -> Door:
    """The text cleaned and redacted as ingress does; nothing to read where ingress refuses it."""
    try:
        clean = cleaned(text)
    except YixianError:
        return Door("", (), ())
    kept = list(_aligned(clean, text))
    read, at = "", 0
    starts: list[int] = []
    ends: list[int] = []
    for finding in findings_in(clean):
        mark = f"<{finding.kind.value}>"
        read += clean[at : finding.start] + mark
        starts += kept[at : finding.start] + [kept[finding.start]] * len(mark)
        ends += [place + 1 for place in kept[at : finding.start]] + [kept[finding.end - 1] + 1] * len(mark)
        at = finding.end
    starts += kept[at:]
    ends += [place + 1 for place in kept[at:]]
    return Door(read + clean[at:], tuple(starts), tuple(ends))


def _aligned(clean: str, text: str) -> Iterator[int]:
    """Where in the text each character of its cleaned form stands; cleaning only leaves characters out."""
    at = 0
    for character in clean:
        while text[at] != character and not (character == "\n" and text[at] == "\r"):
            at += 1
        yield at
        at += 1


def described(text: str, door: Door, parsed: dict[str, Any]) -> dict[str, Any]:
    """One line of the output: see the outside contract (make predict)."""
    verdict = parsed["verdict"]
    return {
        "text": text,
        "intent": verdict["name"],
        "confidence": round(verdict["confidence"], 4),
        "ranking": [
            {"intent": guess["name"], "confidence": round(guess["confidence"], 4)}
            for guess in parsed["intent_ranking"][:RANKED]
        ],
        "entities": [_placed(entity, door) for entity in parsed["entities"]],
        "decision": parsed["decision"],
    }


def _placed(entity: dict[str, Any], door: Door) -> dict[str, Any]:
    start, end = door.span(entity["start"], entity["end"])
    return {"entity": entity["entity"], "value": entity["value"], "start": start, "end": end}


async def predict(lines: Iterable[str], out: TextIO, models: Path) -> int:
    """Writes a line for each line; returns how many."""
    engine = await Engine.load(models)
    count = 0
    for line in lines:
        text = line.rstrip("\r\n")
        door = at_the_door(text)
        parsed = await engine.parse(door.read)
        out.write(json.dumps(described(text, door, parsed), ensure_ascii=False) + "\n")
        count += 1
    return count


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not all(arguments):
        print("用法：make predict IN=问题.txt OUT=结果.jsonl（每行一个问题，UTF-8）", file=sys.stderr)
        return 2
    questions, predictions = Path(arguments[0]), Path(arguments[1])
    if not questions.is_file():
        print(f"找不到文件：{questions}", file=sys.stderr)
        return 2
    models = read_settings(os.environ).models
    started = time.monotonic()
    with (
        questions.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines,
        predictions.open("w", encoding="utf-8") as out,
    ):
        count = asyncio.run(predict(lines, out, models))
    print(f"{count} 行，用时 {time.monotonic() - started:.1f} 秒：{predictions}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
