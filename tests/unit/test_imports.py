"""The reader behind the architecture tests sees what Python would do."""

from __future__ import annotations

import ast

from tests.unit.imports import calls_at_import, read, used_names

SOURCE = """
import os.path
from typing import TYPE_CHECKING
from conversation import desk, hints as topics
from . import values
from .errors import Broken
from ..turn import Turn

if TYPE_CHECKING:
    from bot.engine.runtime import Runtime
else:
    import struct

def load():
    from service.composition import build_core
"""
MODULES = frozenset({"conversation.desk", "conversation.hints", "bot.engine.values", "bot.engine.errors"})


def test_every_import_is_found_with_its_full_name() -> None:
    """A module taken from a package counts as that module; relative imports are resolved."""
    source = read("bot/engine/sample.py", SOURCE, MODULES)
    assert [found.module for found in source.imports] == [
        "os.path",
        "typing",
        "conversation.desk",
        "conversation.hints",
        "bot.engine.values",
        "bot.engine.errors",
        "bot.turn",
        "bot.engine.runtime",
        "struct",
        "service.composition",
    ]


def test_imports_for_types_and_late_imports_are_told_apart() -> None:
    """``if TYPE_CHECKING`` never runs; an import inside a function runs later."""
    source = read("bot/engine/sample.py", SOURCE, MODULES)
    assert [found.module for found in source.imports if found.typing] == ["bot.engine.runtime"]
    assert [found.module for found in source.imports if found.late] == ["service.composition"]


def test_relative_imports_of_a_package_start_at_the_package() -> None:
    source = read("bot/money/__init__.py", "from .money import Money", frozenset())
    assert [found.module for found in source.imports] == ["bot.money.money"]


def test_only_what_runs_at_import_counts_as_called_at_import() -> None:
    """Defaults, decorators and class bodies run at import; bodies of functions and the main guard do not."""
    tree = ast.parse(
        "a = first()\n"
        "@second()\n"
        "def f(x=third()):\n    late()\n"
        "class C:\n    d = fourth.fifth()\n    def g(self):\n        late()\n"
        "k = lambda: late()\n"
        "if __name__ == '__main__':\n    late()\n"
    )
    assert {name for _, name in calls_at_import(tree)} == {"first", "second", "third", "fourth.fifth"}


def test_names_are_found_however_deep() -> None:
    names = {name for _, name in used_names(ast.parse("x = [datetime.datetime.now() for _ in os.environ]"))}
    assert {"datetime.datetime.now", "os.environ"} <= names
