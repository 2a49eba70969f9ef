"""What customers write never reaches the process's output, whatever happens to the turn."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

ROOT = Path(__file__).parents[3]
CANARY = "金丝雀"
PROGRAM = textwrap.dedent(
    """
    import asyncio, logging, sys
    from datetime import datetime, timezone
    from pathlib import Path

    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
    from bot.engine.engine import Engine, TurnFailed, Utterance
    from bot.turn import Turn

    CANARY = sys.argv[2]
    SAID = [
        Utterance(CANARY), Utterance("我想协商还款" + CANARY), Utterance("五百" + CANARY),
        Utterance("/plan{" + CANARY), Utterance("/" + CANARY), Utterance(CANARY, "broken"),
        Utterance(CANARY, "circle"), Utterance(CANARY, "nobody_knows"), Utterance("查余额"),
        Utterance(None, "inform", {"amount": CANARY}),
    ]

    async def main():
        engine = await Engine.load(Path(sys.argv[1]), actions="tests.rasa.engine.minibot.actions")
        tracker, done, failed = None, 0, 0
        for number, utterance in enumerate(SAID):
            turn = Turn("c1", str(number), "app", datetime(2026, 3, 2, tzinfo=timezone.utc))
            try:
                tracker = (await engine.run(turn, [utterance], tracker)).tracker
                done += 1
            except TurnFailed:
                failed += 1
        print(f"done={done} failed={failed} kept={CANARY in tracker.decode()}".replace(CANARY, "?"))
        print("tensorflow" in sys.modules and sys.modules["tensorflow"].__version__)

    asyncio.run(main())
    """
)


def test_not_even_with_everything_logged(minibot: Path) -> None:
    """Root logger at debug, structlog as it comes: understood, misunderstood, failed and forged messages."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(minibot), CANARY],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "done=8 failed=2 kept=True" in run.stdout
    for output in (run.stdout, run.stderr):
        assert CANARY not in output
        assert CANARY.encode("unicode_escape").decode() not in output
    assert "DeprecationWarning" not in run.stderr
