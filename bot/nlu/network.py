"""A small network beside the linear model: one hidden layer, which brings likewise-used words together.

Owns its learning and its arithmetic in numpy. Knows features as row numbers only; nothing of Rasa, Chinese or
intents. scikit-learn is needed for learning, never for reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HIDDEN = 128  #: units
EPOCHS = 6  #: more learns the authors by heart
BATCH = 128
SPEED = 0.002  #: Adam's learning rate


@dataclass(frozen=True)
class Network:
    """``inner`` has a row per feature and a column per unit, ``outer`` a row per unit and a column per label."""

    inner: NDArray[np.float16]
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    @property
    def features(self) -> int:
        """How many features it reads: the first so many of the vocabulary."""
        return len(self.inner)

    def scores(self, places: NDArray[np.int64], values: Floats) -> Floats:
        """A log-probability per label, up to a constant, of a text's features and their values."""
        known = places < self.features
        values = values[known]
        length = float(np.linalg.norm(values)) or 1.0
        hidden = values / length @ self.inner[places[known]].astype(np.float32) + self.inner_bias
        result: Floats = np.maximum(hidden, 0) @ self.outer + self.outer_bias
        return result


def learn_network(matrix: Any, labels: Sequence[str]) -> Network:
    """A network of a sparse matrix with a row per example; its labels' order is alphabetical."""
    return _learned(matrix, labels, sorted(set(labels)), EPOCHS)


def learn_several(matrix: Any, tells: NDArray[np.int64], epochs: int) -> Network:
    """A network whose outputs are each true or false by themselves; ``tells`` has a row of 0 and 1 per example."""
    return _learned(matrix, tells, list(range(tells.shape[1])), epochs)


def _learned(matrix: Any, labels: Any, classes: list[Any], epochs: int) -> Network:
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import normalize

    machine = MLPClassifier((HIDDEN,), batch_size=BATCH, learning_rate_init=SPEED, random_state=0)
    rows = normalize(matrix).astype(np.float32)
    machine.batch_size = min(BATCH, rows.shape[0])
    for _ in range(epochs):
        machine.partial_fit(rows, labels, classes)
    inner, outer = machine.coefs_
    inner_bias, outer_bias = machine.intercepts_
    return Network(
        inner.astype(np.float16),
        inner_bias.astype(np.float32),
        np.ascontiguousarray(outer, dtype=np.float32),
        outer_bias.astype(np.float32),
    )
