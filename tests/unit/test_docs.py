"""The documents say what the program does: settings, commands, log events, metrics, links."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.unit.imports import ROOT, dotted, product

README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"
PAGES = sorted([README, ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


@lru_cache(maxsize=1)
def settings() -> dict[str, str]:
    """Variable → its default as written in service/settings.py, "" where it is none or computed."""
    tree = ast.parse((ROOT / "service" / "settings.py").read_text("utf-8"))
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp) and isinstance(node.values[0], ast.Call):
            name = _variable(node.values[0])
            if name and isinstance(node.values[1], ast.Constant):
                found[name] = str(node.values[1].value or "")
        elif isinstance(node, ast.Call):
            name = _variable(node)
            if name:
                default = node.args[2] if dotted(node.func).startswith("_") else None
                value = default.value if isinstance(default, ast.Constant) else ""
                found.setdefault(name, str(int(value)) if isinstance(value, (bool, int)) else str(value))
    return found


def _variable(call: ast.Call) -> str:
    """The name a call reads: environment.get("X") or _integer(environment, "X", …)."""
    position = {"environment.get": 0, "_integer": 1, "_truth": 1}.get(dotted(call.func))
    if position is None or len(call.args) <= position:
        return ""
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def table(text: str, heading: str) -> dict[str, list[str]]:
    """The first table under a heading: first cell → the other cells."""
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return {row[0].strip(" `"): [cell.strip() for cell in row[1:]] for row in rows[2:]}


def test_the_settings_are_read_from_the_source() -> None:
    """Guards the tests below against reading nothing."""
    assert settings()["PORT"] == "8000"
    assert settings()["DEMO"] == "1"
    assert settings()["HOST"] == "127.0.0.1"
    assert {"REDIS_URL", "DATABASE_URL", "METRICS_PORT"} <= set(settings())


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert set(table(README.read_text("utf-8"), "Settings")) == set(settings())


def test_the_readme_gives_the_right_defaults() -> None:
    """Where the source has a plain value, the table has the same."""
    written = table(README.read_text("utf-8"), "Settings")
    wrong = {
        name: (default, written[name][0])
        for name, default in settings().items()
        if default not in ("", "0") and name in written and f"`{default}`" != written[name][0]
    }
    assert not wrong


def test_the_documents_name_only_commands_that_exist() -> None:
    """Every `make x` in a document is a target of the Makefile, and every target is in the README."""
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:^|[`\s])make ([a-z]+)\b", page.read_text("utf-8"), re.MULTILINE)
        if not _in_prose(name)
    }
    assert named <= targets, named - targets
    said = README.read_text("utf-8") + (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert not [name for name in targets if not re.search(rf"`?{name}\b", said)]


def _in_prose(name: str) -> bool:
    return name in {"them", "sure", "it"}


def test_every_module_a_document_starts_exists() -> None:
    modules = {source.module for source in product()}
    named = {
        name
        for page in [*PAGES, *(ROOT / "deploy").rglob("*")]
        if page.is_file()
        for name in re.findall(r'-m",? "?(service\.[a-z_.]+[a-z])', page.read_text("utf-8"))
        + re.findall(r"-m (service\.[a-z_.]+[a-z])", page.read_text("utf-8"))
    }
    assert named
    assert named <= modules, named - modules


def test_every_log_event_is_explained() -> None:
    """And no explained one is gone."""
    events = {
        argument.value
        for source in product()
        if source.path.startswith("service/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and re.fullmatch(r"log\.(debug|info|warning|error)", dotted(node.func))
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert set(table(OPERATIONS.read_text("utf-8"), "Log events")) == events


def test_every_metric_is_explained() -> None:
    metrics = set(re.findall(r'"(yixian_\w+)"', (ROOT / "service" / "metrics.py").read_text("utf-8")))
    said = OPERATIONS.read_text("utf-8")
    assert metrics
    assert not [name for name in metrics if name not in said]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Relative links name files that exist, and headings that are there."""
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            wrong.append(target)
    assert not wrong


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")
    assert not [page.name for page in folder.glob("0*.md") if f"({page.name})" not in index]
