"""Reads the product's sources without running them: who imports what, where, and when.

For the architecture tests. Knows the shape of the tree, not the rules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: the product; tests and benchmarks may use whatever they need
PACKAGES = ("bot", "connectors", "conversation", "escalation", "service")
_NOT_OURS = {"node_modules", "dist", "models", "__pycache__"}


@dataclass(frozen=True)
class Import:
    """``module`` imported by ``file``: ``from a import b`` gives "a.b" where that is a module of ours.

    ``typing`` is true under ``if TYPE_CHECKING``, ``late`` inside a function.
    """

    file: str
    line: int
    module: str
    typing: bool
    late: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def within(self, *packages: str) -> bool:
        """Is the module one of these, or inside one of these?"""
        return any(self.module == name or self.module.startswith(name + ".") for name in packages)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


@dataclass(frozen=True)
class Source:
    """One Python file: ``path`` from the root with forward slashes, ``module`` its dotted name."""

    path: str
    module: str
    tree: ast.Module = field(compare=False, repr=False)
    imports: tuple[Import, ...] = field(compare=False, repr=False)

    @property
    def package(self) -> str:
        """The package the module is in; of a package's __init__ the package itself."""
        return self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]


@lru_cache(maxsize=1)
def product() -> tuple[Source, ...]:
    """Every Python file of the product, in order of path."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    names = sorted(path.relative_to(ROOT).as_posix() for path in found if not _NOT_OURS & set(path.parts))
    modules = frozenset(module_name(name) for name in names)
    return tuple(read(name, (ROOT / name).read_text("utf-8"), modules) for name in names)


def read(path: str, text: str, modules: frozenset[str] = frozenset()) -> Source:
    """One file, given as text; ``modules`` are the dotted names known to be modules."""
    tree = ast.parse(text, path)
    source = Source(path, module_name(path), tree, ())
    found = tuple(_imports(source, tree, modules, typing=False, late=False))
    return Source(path, source.module, tree, found)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(
    source: Source, node: ast.AST, modules: frozenset[str], *, typing: bool, late: bool
) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            for name in _names(source, child, modules):
                yield Import(source.path, child.lineno, name, typing, late)
        elif isinstance(child, ast.If) and _is_type_checking(child.test):
            for part, only_typing in ((child.body, True), (child.orelse, typing)):
                yield from _imports(source, ast.Module(part, []), modules, typing=only_typing, late=late)
        else:
            inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            yield from _imports(source, child, modules, typing=typing, late=late or inside)


def _names(source: Source, node: ast.Import | ast.ImportFrom, modules: frozenset[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        parents = source.package.split(".")
        base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [node.module])])
    inner = [f"{base}.{alias.name}" for alias in node.names]
    return [name if name in modules else base for name in inner]


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or attribute chain, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def used_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every name and attribute chain; of ``a.b`` also ``a``."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            name = dotted(node)
            if name:
                yield node.lineno, name


def calls_at_import(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every call that runs when the module is imported."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        elif isinstance(node, ast.Lambda) or _is_main_guard(node):
            continue
        else:
            if isinstance(node, ast.Call):
                yield node.lineno, dotted(node.func)
            waiting += list(ast.iter_child_nodes(node))


def _is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
