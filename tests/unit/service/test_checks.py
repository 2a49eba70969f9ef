"""``make check`` tells the truth: a failed check fails it, a missing tool fails it, a skipped one is not counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from service import checks
from service.checks import Check, Result


def test_a_command_that_fails_is_a_failed_check_with_its_output() -> None:
    result = checks.run(Check("x", (sys.executable, "-c", "print('why'); raise SystemExit(3)")))
    assert not result.passed
    assert result.output == "why"


def test_a_command_that_is_missing_is_a_failed_check() -> None:
    """Never "passed" because nothing ran."""
    assert not checks.run(Check("x", ("no-such-program-here",))).passed


def test_a_command_that_does_not_end_is_a_failed_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIMIT_SECONDS", 0.2)
    assert not checks.run(Check("x", (sys.executable, "-c", "import time; time.sleep(30)"))).passed


def test_the_pages_are_checked_where_their_packages_are_installed(tmp_path: Path) -> None:
    assert not any("页面" in check.name for check in checks.checks(tmp_path, npm="npm"))
    (tmp_path / "node_modules").mkdir()
    assert [check.name for check in checks.checks(tmp_path, npm="npm")][:2] == ["页面类型", "页面测试"]
    assert not any("页面" in check.name for check in checks.checks(tmp_path, npm=None))


def test_data_is_checked_as_soon_as_its_checks_are_there(tmp_path: Path) -> None:
    assert "训练数据与配置" not in [check.name for check in checks.checks(tmp_path)]
    (tmp_path / "tests/unit/data").mkdir(parents=True)
    assert "训练数据与配置" not in [check.name for check in checks.checks(tmp_path)]
    (tmp_path / "tests/unit/data/test_near.py").touch()
    assert "训练数据与配置" in [check.name for check in checks.checks(tmp_path)]


def test_the_summary_names_what_failed() -> None:
    good, bad = (Result(Check(name, ()), name == "a", "", 1.0) for name in "ab")
    assert checks.summary([good], 12.4) == "1 项检查全部通过，用时 12 秒。"
    assert checks.summary([good, bad], 1.0) == "2 项检查中 1 项未通过：b。"
