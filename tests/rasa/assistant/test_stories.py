"""The stories of tests/rasa/stories, by Rasa's own test command, with the trained model."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from service.settings import ROOT, read_settings
from service.train import train

pytestmark = [pytest.mark.model]

STORIES = ROOT / "tests" / "rasa" / "stories"
JOURNEYS = {"apply", "limit", "repay", "overdue", "account", "service", "acts"}


def test_there_are_sixty_stories_over_all_journeys() -> None:
    files = {
        path.stem.removeprefix("test_"): yaml.safe_load(path.read_text("utf-8"))
        for path in STORIES.glob("*.yml")
    }
    assert set(files) == JOURNEYS
    assert sum(len(content["stories"]) for content in files.values()) >= 60


def test_every_intent_answered_by_a_rule_is_in_a_story() -> None:
    """Pseudo intents and dialogue acts among them."""
    told = {
        step["intent"]
        for path in STORIES.glob("*.yml")
        for story in yaml.safe_load(path.read_text("utf-8"))["stories"]
        for step in story["steps"]
        if "intent" in step
    }
    ruled = {
        step["intent"]
        for path in (ROOT / "bot" / "data").glob("*/rules.yml")
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert ruled <= told


def test_rasas_own_command_finds_every_story_right(tmp_path: Path) -> None:
    model = train(read_settings(os.environ).models)
    rasa = shutil.which("rasa", path=str(ROOT / ".venv" / "bin"))
    assert rasa is not None
    done = subprocess.run(
        [
            rasa,
            "test",
            "core",
            "--stories",
            str(STORIES),
            "--model",
            str(model),
            "--out",
            str(tmp_path),
            "--no-plot",
        ],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    failed = tmp_path / "failed_test_stories.yml"
    assert "# None of the test stories failed" in failed.read_text("utf-8"), failed.read_text("utf-8")[:2000]
