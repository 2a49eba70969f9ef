"""How likely a text tells of each kind of danger: small networks over the classifier's features.

Owns learning and the model's file format (numpy arrays and JSON, no pickle). Knows features as strings and
kinds as names only; which sayings were found comes in as a feature like any other (``rule:``), so that a
rule weighs what it proved to be worth.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from bot.nlu.network import Network, learn_several, logistic
from bot.nlu.vocabulary import Features, Vocabulary, learn_vocabulary

ARRAYS, NAMES = "signals.npz", "signals.json"


@dataclass(frozen=True)
class Lesson:
    """One example: its features and the kinds it tells of, often none."""

    features: Features
    kinds: frozenset[str]


@dataclass(frozen=True)
class SignalModel:
    """The network has an output for each of ``kinds``."""

    kinds: tuple[str, ...]
    vocabulary: Vocabulary
    network: Network

    def chances(self, features: Features) -> dict[str, float]:
        """A probability for each kind; they need not sum to 1, a text may tell of several or of none."""
        scores = self.network.scores(*self.vocabulary.places(features))
        return dict(zip(self.kinds, logistic(scores).tolist()))

    def save(self, folder: Path) -> None:
        arrays = {f"network_{name}": array for name, array in vars(self.network).items()}
        np.savez(folder / ARRAYS, idf=self.vocabulary.idf, **arrays)
        names = {"kinds": self.kinds, "features": list(self.vocabulary.index)}
        (folder / NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> SignalModel:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            vocabulary = Vocabulary({name: i for i, name in enumerate(names["features"])}, arrays["idf"])
            network = Network(**{field.name: arrays[f"network_{field.name}"] for field in fields(Network)})
        return cls(tuple(names["kinds"]), vocabulary, network)


def with_rules(features: Features, kinds: Iterable[str]) -> Features:
    """The features of a text and what the sayings found in it."""
    return features | {f"rule:{kind}" for kind in kinds}


def learn_signals(lessons: Sequence[Lesson], kinds: Sequence[str]) -> SignalModel:
    """A model of lessons in which each kind occurs at least once."""
    examples = [lesson.features for lesson in lessons]
    vocabulary = learn_vocabulary(examples, least=2)
    tells = np.array([[kind in lesson.kinds for kind in kinds] for lesson in lessons])
    return SignalModel(tuple(kinds), vocabulary, learn_several(vocabulary.matrix(examples), tells))
