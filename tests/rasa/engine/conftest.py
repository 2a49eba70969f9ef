"""The tiny bot, trained once per content: the archive is kept in the temporary folder under its hash."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.engine.engine import Engine
from bot.engine.prepare import prepare
from bot.turn import Turn

MINIBOT = Path(__file__).parent / "minibot"
ACTIONS = "tests.rasa.engine.minibot.actions"
ACTION_LIMIT = 1.0

_counter = itertools.count()


def new_turn(conversation_id: str = "c1", channel: str = "app") -> Turn:
    """A turn nobody has run yet."""
    return Turn(
        conversation_id, f"t{next(_counter)}", channel, datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc)
    )


@pytest.fixture(scope="session")
def minibot() -> Path:
    """The trained archive; training takes some seconds the first time."""
    sources = sorted(path for path in MINIBOT.rglob("*") if path.suffix in (".yml", ".py"))
    content = b"".join(path.read_bytes() for path in sources if path.name != "actions.py")
    folder = Path(tempfile.gettempdir()) / f"minibot-{hashlib.sha256(content).hexdigest()[:16]}"
    archive = folder / "minibot.tar.gz"
    if not archive.exists():
        with tempfile.TemporaryDirectory() as scratch:
            _train(Path(scratch))
            folder.mkdir(exist_ok=True)
            shutil.move(Path(scratch) / "minibot.tar.gz", archive)
    return archive


def _train(out: Path) -> None:
    prepare()
    from rasa.model_training import train

    result = train(
        domain=str(MINIBOT / "domain.yml"),
        config=str(MINIBOT / "config.yml"),
        training_files=str(MINIBOT / "data"),
        output=str(out),
        fixed_model_name="minibot",
    )
    assert result.code == 0


@pytest.fixture(scope="session")
def engine(minibot: Path) -> Iterator[Engine]:
    """The tiny bot, loaded; actions are cut after one second."""
    yield asyncio.run(Engine.load(minibot, actions=ACTIONS, action_limit=ACTION_LIMIT))
    from tests.rasa.engine.minibot.actions import Hang

    Hang.released.set()


@pytest.fixture
def turn() -> Callable[..., Turn]:
    return new_turn
