"""The stand-in for TensorFlow may be imported and subclassed, but never computes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any, Union

import pytest

from bot.engine import tensorflow_stub


@pytest.fixture
def tensorflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The dummy, put in place for one test only."""
    for name in [name for name in sys.modules if name.partition(".")[0] in tensorflow_stub.ROOTS]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    assert tensorflow_stub.install()
    yield importlib.import_module("tensorflow")
    for name in [name for name in sys.modules if name.partition(".")[0] in tensorflow_stub.ROOTS]:
        del sys.modules[name]


def test_what_rasa_does_while_importing_works(tensorflow: Any) -> None:
    """Base classes, decorators with and without arguments, annotations, sub-modules."""
    from tensorflow.keras.utils import Sequence  # type: ignore[import-untyped]

    class Callback(tensorflow.keras.callbacks.Callback):  # type: ignore[misc,name-defined]
        @tensorflow.function
        def one(self) -> int:
            return 1

        @tensorflow.function(experimental_relax_shapes=True)
        def two(self) -> int:
            return 2

    assert issubclass(Callback, tensorflow.keras.callbacks.Callback)
    assert (Callback.one(None), Callback.two(None)) == (1, 2)
    assert Union[tensorflow.Tensor, Sequence, None]


def test_computing_with_it_is_an_error_not_nonsense(tensorflow: Any) -> None:
    """A pipeline with a neural network says at once what it needs."""

    class Layer(tensorflow.keras.layers.Layer):  # type: ignore[misc,name-defined]
        pass

    with pytest.raises(tensorflow_stub.TensorFlowSwitchedOff):
        Layer()


def test_the_real_one_is_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once imported, TensorFlow stays."""
    monkeypatch.setattr(
        sys, "meta_path", [f for f in sys.meta_path if not isinstance(f, tensorflow_stub.StubFinder)]
    )
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    assert not tensorflow_stub.install()


def test_libraries_that_can_do_without_it_do(tensorflow: Any) -> None:
    """spaCy's probe for TensorFlow finds none, instead of a dummy to count devices of."""
    with pytest.raises(ImportError):
        importlib.import_module(tensorflow_stub.SPACY_PROBE)
