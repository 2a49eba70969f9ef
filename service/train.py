"""``make train``: a new model when what it is made of has changed, and only then.

The model's name carries a hash of its sources, so a model that fits is recognised without opening it.
Rasa and the learning libraries run in this process only.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from service.settings import ROOT, read_settings

KEPT = 3  #: models that stay on disk, for going back

#: what a model is made of; answers in bot/data/knowledge are read when the program starts, not learned
SOURCES = (
    "config.yml",
    "domain.yml",
    "bot/data/*/nlu*.yml",
    "bot/data/*/rules.yml",
    "bot/data/*/stories.yml",
    "bot/data/*/responses.yml",
    "bot/nlu/*.py",
    "bot/nlu/data/*",
    "bot/nlu/data/signals/*",
    "bot/nlu/data/signals/said/*",
)


def sources(root: Path = ROOT) -> list[Path]:
    """The files a model is made of, in a fixed order."""
    return sorted(path for pattern in SOURCES for path in root.glob(pattern) if path.is_file())


def fingerprint(root: Path = ROOT) -> str:
    """Changes exactly when a source, its name or Rasa's version does."""
    import importlib.metadata

    digest = hashlib.sha256(importlib.metadata.version("rasa").encode())
    for path in sources(root):
        digest.update(f"\0{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def train(models: Path, root: Path = ROOT) -> Path:
    """The model of today's sources, trained now if there is none; SystemExit with Rasa's words if it fails."""
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models):
        model = models / f"yixian-{fingerprint(root)}.tar.gz"
        if not model.exists():
            _say(f"训练模型（{len(sources(root))} 个源文件有变化）…")
            started = time.monotonic()
            _train_into(model, root)
            _say(f"模型已训练好：{model.name}，用时 {time.monotonic() - started:.0f} 秒。")
            _forget_old(models)
        model.touch()  # the newest one is loaded, also after going back to older sources
        return model


def _train_into(model: Path, root: Path) -> None:
    from bot.engine.prepare import prepare

    _say("  读取训练数据，载入 Rasa …")
    prepare()
    from rasa.model_training import train as rasa_train

    _say("  学习意图、校准置信度、检查规则 …")
    half_done = model.parent / "making" / model.name  # never seen by whoever loads the newest
    with _quiet(), _inside(root):
        result = rasa_train(
            domain="domain.yml",
            config="config.yml",
            training_files="bot/data",
            output=str(half_done.parent),
            fixed_model_name=half_done.name,
            force_training=True,
        )
    if result.code != 0:
        raise SystemExit("模型没有训练成功。")
    half_done.rename(model)
    half_done.parent.rmdir()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Rasa's own words appear only when it fails."""
    words = io.StringIO()
    try:
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
            yield
    except BaseException:
        sys.stderr.write(words.getvalue())
        raise


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Rasa reads its files and keeps its cache relative to the working directory."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def _alone(models: Path) -> Iterator[None]:
    """One training at a time; a second one waits, and then finds its model."""
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(models: Path) -> None:
    by_age = sorted(models.glob("yixian-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for model in by_age[KEPT:]:
        model.unlink()


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    train(read_settings(os.environ).models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
