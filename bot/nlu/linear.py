"""The intent model: a linear one and small networks (network.py), their probabilities mixed.

Owns learning, calibration and the model's file format (numpy arrays and JSON, no pickle). Knows features
as strings only; nothing of Rasa, Chinese or intents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.network import Network, learn_network, softmax
from bot.nlu.vocabulary import Features, Floats, Vocabulary, learn_vocabulary, shared

PENALTY = 0.5  #: LinearSVC's C; 0.3 to 1.0 differ by half a point
NETWORK = 0.75  #: the networks' part in the mixture; 0.6 to 0.8 hit alike, the loss is least here
FOLDS = 5
ARRAYS, NAMES = "linear.npz", "linear.json"


@dataclass(frozen=True)
class IntentModel:
    """``weights`` has a row per feature; ``labels`` name its columns; ``sharpness`` makes scores probabilities.

    The network reads the first features of the vocabulary only: those that more than one example has.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    sharpness: float
    network: Network

    def chances(self, features: Features) -> Floats:
        """A probability for each label; the features' order does not matter."""
        places, values = self.vocabulary.places(features)
        linear = (values @ self.weights[places] + self.bias) * self.sharpness
        chances: Floats = mixed(linear[None, :], self.network.scores(places, values)[None, :])[0]
        return chances

    def ranking(self, features: Features) -> list[tuple[str, float]]:
        """All labels with their probabilities, the likeliest first."""
        chances = self.chances(features)
        return [(self.labels[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]

    def knows(self, features: Features) -> bool:
        """Whether any of the features was seen in training."""
        return any(name in self.vocabulary.index for name in features)

    def save(self, folder: Path) -> None:
        own = {"idf": self.vocabulary.idf, "weights": self.weights, "bias": self.bias}
        np.savez(folder / ARRAYS, **own, **{f"network_{name}": a for name, a in vars(self.network).items()})
        names = {"labels": self.labels, "features": list(self.vocabulary.index), "sharpness": self.sharpness}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            idf, weights, bias = arrays["idf"], arrays["weights"], arrays["bias"]
            network = Network(**{field.name: arrays[f"network_{field.name}"] for field in fields(Network)})
        vocabulary = Vocabulary({name: place for place, name in enumerate(names["features"])}, idf)
        return cls(tuple(names["labels"]), vocabulary, weights, bias, names["sharpness"], network)


def learn(examples: Sequence[Features], labels: Sequence[str], sharpness: float | None = None) -> IntentModel:
    """A model of examples of three labels or more; ``sharpness`` is found by cross-validation unless given."""
    if sharpness is None:
        sharpness = _sharpness(out_of_fold(examples, labels, folds(examples, labels)), labels)
    vocabulary = learn_vocabulary(examples)
    matrix = vocabulary.matrix(examples)
    machine = _fitted(matrix, labels)
    return IntentModel(
        tuple(machine.classes_),
        vocabulary,
        np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        machine.intercept_.astype(np.float32),
        sharpness,
        learn_network(matrix[:, : max(1, shared(matrix))], labels),
    )


def mixed(linear: Floats, network: Floats) -> Floats:
    """Probabilities of a row per text from both models' scores."""
    result: Floats = (1 - NETWORK) * softmax(linear) + NETWORK * softmax(network)
    return result


def out_of_fold(examples: Sequence[Features], labels: Sequence[str], fold: NDArray[np.int64]) -> Floats:
    """The linear scores of each example (a column per label, sorted) by a model that saw nothing of its fold."""
    scores = np.zeros((len(examples), len(set(labels))), dtype=np.float32)
    for number in sorted(set(fold)):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        seen = [examples[i] for i in inside]
        vocabulary = learn_vocabulary(seen)
        machine = _fitted(vocabulary.matrix(seen), [labels[i] for i in inside])
        scores[outside] = machine.decision_function(vocabulary.matrix([examples[i] for i in outside]))
    return scores


def chances_out_of_fold(
    examples: Sequence[Features], labels: Sequence[str], fold: NDArray[np.int64], sharpness: float
) -> Floats:
    """The whole model's probabilities of each example (a column per label, sorted), its fold unseen."""
    chances = np.zeros((len(examples), len(set(labels))), dtype=np.float32)
    for number in sorted(set(fold)):
        inside = np.flatnonzero(fold != number)
        model = learn([examples[i] for i in inside], [labels[i] for i in inside], sharpness)
        for place in np.flatnonzero(fold == number):
            chances[place] = model.chances(examples[place])
    return chances


def folds(examples: Sequence[Features], labels: Sequence[str]) -> NDArray[np.int64]:
    """A fold per example; of each label, look-alikes share one and folds are about equally full.

    Whole groups are held out together: customers do not write what the data's authors wrote, and a
    random split would make the model too sure of itself.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    matrix = learn_vocabulary(examples).matrix(examples)
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


def _fitted(matrix: Any, labels: Sequence[str]) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=PENALTY, random_state=0).fit(matrix, labels)
