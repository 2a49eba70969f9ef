"""A model is trained when what it is made of has changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import train


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (
        "config.yml",
        "domain.yml",
        "bot/data/repay/nlu.yml",
        "bot/nlu/features.py",
        "bot/nlu/data/words.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "bot/data/knowledge").mkdir()
    (tmp_path / "bot/data/knowledge/repay_how.yml").write_text("an answer", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["config.yml", "bot/data/repay/nlu.yml", "bot/nlu/features.py", "bot/nlu/data/words.txt"]
)
def test_every_source_counts(root: Path, name: str) -> None:
    before = train.fingerprint(root)
    (root / name).write_text("changed", "utf-8")
    assert train.fingerprint(root) != before


def test_an_answer_is_no_source(root: Path) -> None:
    """Operations staff edit answers without training."""
    before = train.fingerprint(root)
    (root / "bot/data/knowledge/repay_how.yml").write_text("a better answer", "utf-8")
    assert train.fingerprint(root) == before


def test_an_unchanged_source_is_not_trained_again_and_its_model_is_the_newest(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(
        train, "_train_into", lambda model, root: (made.append(model), model.write_text("a model"))
    )
    models = root / "models"
    first = train.train(models, root)
    (root / "config.yml").write_text("changed", "utf-8")
    second = train.train(models, root)
    (root / "config.yml").write_text("config.yml", "utf-8")
    assert train.train(models, root) == first
    assert made == [first, second]
    assert max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime_ns) == first


def test_old_models_are_forgotten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "_train_into", lambda model, root: model.write_text("a model"))
    for number in range(6):
        (root / "config.yml").write_text(str(number), "utf-8")
        train.train(root / "models", root)
    assert len(list((root / "models").glob("*.tar.gz"))) == train.KEPT
