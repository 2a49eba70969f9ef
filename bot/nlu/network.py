"""Small networks beside the linear model: one hidden layer each, which brings likewise-used words together.

Owns their learning and their arithmetic in numpy. Knows features as row numbers only; nothing of Rasa, Chinese or
intents. scipy and scikit-learn are needed for learning, never for reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NETWORKS = 3  #: that differ by their first weights and the order of examples; five are hardly better
HIDDEN = 128  #: units of each
DROPPED = 0.5  #: the share of units silenced while learning, others at each step
EPOCHS = 10  #: more learns the authors by heart
BATCH = 128
SPEED = 0.002  #: Adam's learning rate
CALM = 0.85  #: the scores' factor, under one: networks are surer than they are right
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8  # Adam's decay rates and guard, as its authors chose them


def softmax(scores: Floats) -> Floats:
    """Probabilities of a row of scores each."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def logistic(scores: Floats) -> Floats:
    """The probability of each score by itself."""
    result: Floats = 1 / (1 + np.exp(-scores))
    return result


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
    """Of a sparse matrix with a row per example, each of one label; the outputs are alphabetical."""
    names, right = np.unique(np.asarray(labels), return_inverse=True)
    return _side_by_side(matrix, np.eye(len(names), dtype=np.float32)[right], softmax, CALM)


def learn_several(matrix: Any, tells: NDArray[np.bool_]) -> Network:
    """Of examples each of which tells of some things or of none: ``tells`` has a column for each output."""
    return _side_by_side(matrix, tells.astype(np.float32), logistic, 1.0)


def _side_by_side(matrix: Any, wanted: Floats, chances: Callable[[Floats], Floats], calm: float) -> Network:
    """Several networks as one wide one.

    With their last weights divided by their number, the sum of the units is the mean of the networks' scores.
    """
    from sklearn.preprocessing import normalize

    rows = normalize(matrix).astype(np.float32)
    learned = [_learned(rows, wanted, chances, seed) for seed in range(NETWORKS)]
    share = np.float32(calm / NETWORKS)
    return Network(
        np.hstack([one.inner.value.astype(np.float16) for one in learned]),
        np.concatenate([one.inner_bias.value for one in learned]),
        np.vstack([one.outer.value for one in learned]) * share,
        np.sum([one.outer_bias.value for one in learned], axis=0) * share,
    )


@dataclass
class _Weights:
    """An array that Adam moves, with its running means of slopes and of their squares."""

    value: Floats
    mean: Floats
    square: Floats

    @classmethod
    def drawn(cls, random: np.random.Generator, shape: tuple[int, ...], bound: float) -> _Weights:
        value = random.uniform(-bound, bound, shape).astype(np.float32)
        return cls(value, np.zeros_like(value), np.zeros_like(value))

    def move(self, slope: Floats, step: float, rows: Any = slice(None)) -> None:
        """Against the slope, in ``rows`` alone: a feature rests while no example has it."""
        mean, square = self.mean[rows], self.square[rows]
        self.mean[rows] = mean = mean + np.float32(1 - _FIRST) * (slope - mean)
        self.square[rows] = square = square + np.float32(1 - _SECOND) * (slope * slope - square)
        self.value[rows] -= np.float32(step) * mean / (np.sqrt(square) + np.float32(_TINY))


@dataclass(frozen=True)
class _Learner:
    """The weights of one network on their way."""

    inner: _Weights
    inner_bias: _Weights
    outer: _Weights
    outer_bias: _Weights
    chances: Callable[[Floats], Floats]

    @classmethod
    def fresh(
        cls, random: np.random.Generator, features: int, labels: int, chances: Callable[[Floats], Floats]
    ) -> _Learner:
        inner, outer = np.sqrt(6 / (features + HIDDEN)), np.sqrt(6 / (HIDDEN + labels))
        return cls(
            _Weights.drawn(random, (features, HIDDEN), inner),
            _Weights.drawn(random, (HIDDEN,), inner),
            _Weights.drawn(random, (HIDDEN, labels), outer),
            _Weights.drawn(random, (labels,), outer),
            chances,
        )

    def learn(self, batch: Any, wanted: Floats, heard: Floats, step: float) -> None:
        """One step over examples (a sparse row each); ``heard`` is 0 for a silenced unit of an example."""
        columns, places = np.unique(batch.indices, return_inverse=True)
        dense = type(batch)((batch.data, places, batch.indptr), shape=(batch.shape[0], len(columns)))
        before = dense @ self.inner.value[columns] + self.inner_bias.value
        hidden = np.maximum(before, 0) * heard
        slope = self.chances(hidden @ self.outer.value + self.outer_bias.value) - wanted
        slope /= len(wanted)
        deep = (slope @ self.outer.value.T) * heard * (before > 0)
        self.outer.move(hidden.T @ slope, step)
        self.outer_bias.move(slope.sum(axis=0), step)
        self.inner.move(dense.T @ deep, step, columns)
        self.inner_bias.move(deep.sum(axis=0), step)


def _learned(rows: Any, wanted: Floats, chances: Callable[[Floats], Floats], seed: int) -> _Learner:
    """One network, learned with Adam from rows of length one."""
    random = np.random.default_rng(seed)
    learner = _Learner.fresh(random, rows.shape[1], wanted.shape[1], chances)
    steps = 0
    for _ in range(EPOCHS):
        order = random.permutation(rows.shape[0])
        for start in range(0, len(order), BATCH):
            steps += 1
            chosen = order[start : start + BATCH]
            heard = (random.random((len(chosen), HIDDEN)) >= DROPPED).astype(np.float32)
            speed = SPEED * np.sqrt(1 - _SECOND**steps) / (1 - _FIRST**steps)
            learner.learn(rows[chosen], wanted[chosen], heard / np.float32(1 - DROPPED), speed)
    return learner
