"""A linear intent model: learns weights for features, gives calibrated probabilities.

Owns learning, calibration and the model's file format (numpy arrays and JSON, no pickle). Knows features
as strings only; nothing of Rasa, Chinese or intents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Features = set[str]

PENALTY = 0.5  #: LinearSVC's C; 0.3 to 1.0 differ by half a point
FOLDS = 5
ARRAYS, NAMES = "linear.npz", "linear.json"


@dataclass(frozen=True)
class LinearModel:
    """``weights`` has a row per feature; ``labels`` name its columns; ``sharpness`` makes scores probabilities."""

    labels: tuple[str, ...]
    index: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    sharpness: float

    def scores(self, features: Features) -> Floats:
        """One number a label, the larger the likelier; the features' order does not matter."""
        known = sorted(self.index[name] for name in features if name in self.index)
        if not known:
            return self.bias
        values = self.idf[known]
        result: Floats = values / np.linalg.norm(values) @ self.weights[known] + self.bias
        return result

    def ranking(self, features: Features) -> list[tuple[str, float]]:
        """All labels with their probabilities, the likeliest first."""
        chances = softmax(self.scores(features)[None, :] * self.sharpness)[0]
        return [(self.labels[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]

    def knows(self, features: Features) -> bool:
        """Whether any of the features was seen in training."""
        return any(name in self.index for name in features)

    def save(self, folder: Path) -> None:
        np.savez(folder / ARRAYS, idf=self.idf, weights=self.weights, bias=self.bias)
        names = {"labels": self.labels, "features": list(self.index), "sharpness": self.sharpness}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            idf, weights, bias = arrays["idf"], arrays["weights"], arrays["bias"]
        index = {name: place for place, name in enumerate(names["features"])}
        return cls(tuple(names["labels"]), index, idf, weights, bias, names["sharpness"])


def learn(examples: Sequence[Features], labels: Sequence[str], sharpness: float | None = None) -> LinearModel:
    """A model of the examples; ``sharpness`` is found by cross-validation unless given."""
    if sharpness is None:
        sharpness = _sharpness(out_of_fold(examples, labels, folds(examples, labels)), labels)
    index, idf = _vocabulary(examples)
    machine = _fitted(_matrix(examples, index, idf), labels)
    return LinearModel(
        tuple(machine.classes_),
        index,
        idf,
        np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        machine.intercept_.astype(np.float32),
        sharpness,
    )


def out_of_fold(examples: Sequence[Features], labels: Sequence[str], fold: NDArray[np.int64]) -> Floats:
    """Scores of each example (a column per label, sorted) by a model that saw nothing of its fold."""
    scores = np.zeros((len(examples), len(set(labels))), dtype=np.float32)
    for number in sorted(set(fold)):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        seen = [examples[i] for i in inside]
        index, idf = _vocabulary(seen)
        machine = _fitted(_matrix(seen, index, idf), [labels[i] for i in inside])
        scores[outside] = machine.decision_function(_matrix([examples[i] for i in outside], index, idf))
    return scores


def folds(examples: Sequence[Features], labels: Sequence[str]) -> NDArray[np.int64]:
    """A fold per example; of each label, look-alikes share one and folds are about equally full.

    Whole groups are held out together: customers do not write what the data's authors wrote, and a
    random split would make the model too sure of itself.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    index, idf = _vocabulary(examples)
    matrix = _matrix(examples, index, idf)
    size = max(2, min(80, min(matrix.shape) - 1))
    places = TruncatedSVD(size, random_state=0).fit_transform(matrix)
    fold = np.zeros(len(examples), dtype=np.int64)
    for label in sorted(set(labels)):
        own = np.flatnonzero(np.asarray(labels) == label)
        groups = max(1, min(15, len(own) // 3))
        group = KMeans(groups, n_init=1, random_state=0).fit_predict(places[own])
        filled = [0] * FOLDS
        for number, _ in Counter(group).most_common():
            emptiest = filled.index(min(filled))
            fold[own[group == number]] = emptiest
            filled[emptiest] += int((group == number).sum())
    return fold


def _sharpness(scores: Floats, labels: Sequence[str]) -> float:
    """The factor on scores that makes the right labels likeliest (temperature scaling)."""
    order = {label: place for place, label in enumerate(sorted(set(labels)))}
    right = np.array([order[label] for label in labels])
    candidates = np.arange(1.0, 8.01, 0.1)
    losses = [-np.log(softmax(scores * c)[np.arange(len(right)), right] + 1e-12).mean() for c in candidates]
    return float(round(candidates[int(np.argmin(losses))], 1))


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def _vocabulary(examples: Sequence[Features]) -> tuple[dict[str, int], Floats]:
    counts = Counter(name for example in examples for name in example)
    names = sorted(counts)
    idf = np.log((1 + len(examples)) / (1 + np.array([counts[name] for name in names]))) + 1
    return {name: place for place, name in enumerate(names)}, idf.astype(np.float32)


def _matrix(examples: Sequence[Features], index: dict[str, int], idf: Floats) -> Any:
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    known = [sorted(index[name] for name in example if name in index) for example in examples]
    starts = np.cumsum([0, *(len(row) for row in known)])
    places = np.array([place for row in known for place in row], dtype=np.int32)
    return normalize(csr_matrix((idf[places], places, starts), shape=(len(examples), len(index))))


def _fitted(matrix: Any, labels: Sequence[str]) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=PENALTY, random_state=0).fit(matrix, labels)
