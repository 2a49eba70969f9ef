"""The stock Chinese configuration on our own utterances, for ``make evaluate``.

Trained once for each state of the utterances (kept under benchmarks/results by their hash) in a process of its own:
it needs the real TensorFlow. ``python -m benchmarks.stock_nlu MODEL IN OUT`` reads a text a line and writes a JSON
ranking a line.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from service.settings import ROOT

CONFIG = Path(__file__).parent / "stock_nlu.yml"
RESULTS = Path(__file__).parent / "results"


def files() -> list[Path]:
    """The utterances it is trained on: all of ours."""
    return sorted((ROOT / "bot" / "data").glob("*/nlu*.yml"))


def fingerprint() -> str:
    digest = hashlib.sha256(CONFIG.read_bytes())
    for path in files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def model() -> Path:
    """The trained stock model, trained now where there is none (more than half an hour on two cores)."""
    found = RESULTS / f"stock-{fingerprint()}.tar.gz"
    if not found.exists():
        print("训练对照模型（Rasa 原配置，半小时以上，只训练一次）…", flush=True)
        RESULTS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            for path in files():
                shutil.copy(path, Path(folder) / f"{path.parent.name}_{path.name}")
            _train(Path(folder), found)
    return found


def _train(data: Path, found: Path) -> None:
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", str(CONFIG), "--nlu", str(data)]
    named = ["--out", str(found.parent), "--fixed-model-name", found.name.removesuffix(".tar.gz")]
    done = subprocess.run(
        [*command, *named], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode or not found.exists():
        raise SystemExit(f"对照模型没有训练成：\n{done.stdout[-2000:]}")


def rankings(texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """(intent, confidence), the likeliest first, for each text; Rasa's own fallback is left out."""
    trained = model()
    asked, answered = RESULTS / "stock_in.txt", RESULTS / "stock_out.jsonl"
    asked.write_text("".join(f"{text}\n" for text in texts), "utf-8")
    command = [sys.executable, "-m", "benchmarks.stock_nlu", str(trained), str(asked), str(answered)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lines = (json.loads(line) for line in answered.read_text("utf-8").splitlines())
    return [[(name, float(chance)) for name, chance in line] for line in lines]


async def _answer(trained: str, asked: Path, answered: Path) -> None:
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=trained)
    with answered.open("w", encoding="utf-8") as out:
        for text in asked.read_text("utf-8").splitlines():
            parsed = await agent.parse_message(text)
            ranking = [
                (one["name"], one["confidence"])
                for one in parsed["intent_ranking"]
                if one["name"] != "nlu_fallback"
            ]
            out.write(json.dumps(ranking, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    asyncio.run(_answer(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
