"""Two requests in one message, with the trained model: both found, and a long single request left alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.engine.engine import Engine

ROWS = Path(__file__).with_name("two_requests.tsv")
PRECISION, RECALL = 0.95, 0.80


def rows() -> list[tuple[str, str, str]]:
    """(first, second, text); "-" twice for one request."""
    lines = (line.split("\t") for line in ROWS.read_text("utf-8").splitlines() if line[:1] != "#")
    return [(first, second, text) for first, second, text in lines]


async def _seconds(engine: Engine) -> list[frozenset[str]]:
    parsed = [await engine.parse(text) for *_, text in rows()]
    return [
        frozenset((line["verdict"]["name"], second)) if (second := line.get("second")) else frozenset()
        for line in parsed
    ]


def test_two_requests_are_found_and_one_request_is_not_torn_apart(assistant: Engine) -> None:
    found = asyncio.run(_seconds(assistant))
    wanted = [frozenset() if first == "-" else frozenset((first, second)) for first, second, _ in rows()]
    assert sum(map(bool, wanted)) >= 60
    assert len(wanted) - sum(map(bool, wanted)) >= 100
    right = sum(bool(got) and got == want for got, want in zip(found, wanted))
    assert right / sum(map(bool, found)) >= PRECISION
    assert right / sum(map(bool, wanted)) >= RECALL
