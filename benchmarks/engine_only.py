"""The engine in a process of its own, for the benchmark: a line ``[conversation, text]`` in, a line of the
bot's words out."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from bot.engine.engine import Engine, Utterance
from bot.turn import Turn


async def serve(model: Path, actions: str) -> None:
    engine = await Engine.load(model, actions=actions)
    trackers: dict[str, bytes] = {}
    print("ready", flush=True)
    for number, line in enumerate(sys.stdin):
        conversation, text = json.loads(line)
        turn = Turn(conversation, str(number), "app", datetime.now(timezone.utc))
        result = await engine.run(turn, [Utterance(text)], trackers.get(conversation))
        trackers[conversation] = result.tracker
        print(json.dumps([reply.text or "" for reply in result.replies]), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
