"""Stands in for TensorFlow, which Rasa imports even when no component of the pipeline uses it.

``rasa.core.policies.policy`` reaches ``rasa.utils.tensorflow.callback`` through a chain of module-level
imports, so a bot without neural networks still pays some 350 MB and ten seconds. ``install()`` puts a
finder in front of the import system that answers ``import tensorflow`` with dummies: they may be named,
subclassed and used as decorators (all that happens at import), and raise as soon as a component really
wants to compute with them.

Must not know: Rasa, or anything else of the project.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from abc import ABCMeta
from collections.abc import Sequence
from typing import Any

ROOTS = frozenset(
    {
        "tensorflow",
        "tensorflow_addons",
        "tensorflow_hub",
        "tensorflow_probability",
        "tensorflow_text",
        "keras",
    }
)

#: spaCy (thinc) imports this to learn whether TensorFlow is there and how many devices it has
SPACY_PROBE = "tensorflow.experimental.dlpack"


class TensorFlowSwitchedOff(ImportError):
    """A component needs the real TensorFlow: prepare the process with ``stub_tensorflow=False``."""


class _Named(ABCMeta):
    """Metaclass of the dummies: every attribute is another dummy, calling one works as a decorator."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        dummy = _dummy(f"{cls.__name__}.{name}")
        setattr(cls, name, dummy)
        return dummy

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not cls.__dict__.get("_is_dummy"):
            raise TensorFlowSwitchedOff(f"{cls.__module__}.{cls.__name__} needs the real TensorFlow")
        if len(args) == 1 and not kwargs and isinstance(args[0], (type, types.FunctionType)):
            return args[0]
        return cls


def _dummy(name: str) -> Any:
    return _Named(name, (), {"_is_dummy": True, "__module__": __name__})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        dummy = _dummy(name)
        setattr(self, name, dummy)
        return dummy


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and makes the dummy modules; leaves every other import alone."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in ROOTS:
            return None
        if fullname == SPACY_PROBE:
            raise ModuleNotFoundError(f"no {fullname} here: spaCy does without TensorFlow", name=fullname)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__["__version__"] = "0.0.0"


def install() -> bool:
    """Put the dummies in place; False (and nothing done) if the real TensorFlow is already imported."""
    if installed():
        return True
    if "tensorflow" in sys.modules:
        return False
    sys.meta_path.insert(0, StubFinder())
    return True


def installed() -> bool:
    return any(isinstance(finder, StubFinder) for finder in sys.meta_path)
