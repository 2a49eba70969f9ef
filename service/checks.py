"""``make check``: style, types, import rules, data, and the pages' own checks; one summary at the end.

Each check is a command; its output is shown only when it fails. Two run at a time, for it should take
less than a minute. Knows the tools, not what they look for: their rules are in pyproject.toml, in
tests/unit and in the pages' package.json.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "bin"  #: where Node.js is when PATH has none
AT_ONCE = 2
LIMIT_SECONDS = 300
PYTEST = ("-m", "pytest", "-q", "--tb=short")

RULES = (
    "tests/unit/test_imports.py",
    "tests/unit/test_architecture.py",
    "tests/unit/test_repository.py",
    "tests/unit/test_docs.py",
)
#: what holds configuration, training data, answers and mandate together; a path counts once tests are there
DATA = (
    "tests/unit/test_wiring.py",
    "tests/unit/data",
    "tests/unit/knowledge",
    "tests/unit/negotiation/test_mandate_file.py",
    "tests/unit/negotiation/test_never.py",
    "tests/unit/negotiation/test_never_said.py",
)


@dataclass(frozen=True)
class Check:
    """``command`` runs from the root; it passed when it ends with 0."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    check: Check
    passed: bool
    output: str
    seconds: float


def checks(root: Path = ROOT, python: str = sys.executable, npm: str | None = None) -> list[Check]:
    """What there is to check here, the slowest first. The pages need npm and installed packages."""
    data = tuple(path for path in DATA if (root / path).is_file() or any((root / path).rglob("test_*.py")))
    found = [
        Check("架构、仓库与文档规则", (python, *PYTEST, *RULES)),
        Check("类型 mypy", (python, "-m", "mypy")),
        Check("代码检查 ruff", (python, "-m", "ruff", "check", "--quiet", ".")),
        Check("代码格式 ruff", (python, "-m", "ruff", "format", "--check", "--quiet", ".")),
    ]
    if data:
        found.insert(0, Check("训练数据与配置", (python, *PYTEST, *data)))
    if npm is not None and (root / "node_modules").is_dir():
        found.insert(0, Check("页面类型", (npm, "run", "types", "--silent")))
        found.insert(1, Check("页面测试", (npm, "test", "--silent")))
    return found


def run(check: Check) -> Result:
    """Run one check; a command that is missing or does not end counts as failed."""
    began = time.monotonic()
    tools = os.pathsep.join([os.environ.get("PATH", os.defpath), str(TOOLS)])
    try:
        done = subprocess.run(
            check.command,
            cwd=ROOT,
            env={**os.environ, "PATH": tools},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT_SECONDS,
            text=True,
            errors="replace",
        )
        passed, output = done.returncode == 0, done.stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        passed, output = False, str(error)
    return Result(check, passed, output.strip(), time.monotonic() - began)


def run_all(wanted: Sequence[Check]) -> list[Result]:
    """All results in the order of ending, each told as it ends."""
    results = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, future in enumerate(as_completed([pool.submit(run, check) for check in wanted]), start=1):
            result = future.result()
            results.append(result)
            word = "通过" if result.passed else "未通过"
            say(f"[{number}/{len(wanted)}] {result.check.name}：{word}（{result.seconds:.1f} 秒）")
    return results


def summary(results: Sequence[Result], seconds: float) -> str:
    """One line: how many passed, and the names of those that did not."""
    failed = [result.check.name for result in results if not result.passed]
    if not failed:
        return f"{len(results)} 项检查全部通过，用时 {seconds:.0f} 秒。"
    return f"{len(results)} 项检查中 {len(failed)} 项未通过：{'、'.join(failed)}。"


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    began = time.monotonic()
    npm = shutil.which("npm") or shutil.which("npm", path=str(TOOLS))
    if npm is None or not (ROOT / "node_modules").is_dir():
        say("页面检查跳过：没有 npm 或 node_modules，运行 make setup 会装好。")
    results = run_all(checks(npm=npm))
    for result in results:
        if not result.passed:
            say(f"\n── {result.check.name} ──\n{result.output}")
    say(summary(results, time.monotonic() - began))
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
