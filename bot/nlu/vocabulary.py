"""Which features a model knows, and what each weighs: rarer is heavier, and every text has length one.

Pure. Knows features as strings only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Features = set[str]
TWICE = 2  #: a feature that is shared is in so many examples


@dataclass(frozen=True)
class Vocabulary:
    """``index``: a feature's place; ``idf``: the weight of each place."""

    index: dict[str, int]
    idf: Floats

    def places(self, features: Features) -> tuple[NDArray[np.int64], Floats]:
        """The places of a text's known features and their values; the features' order does not matter."""
        known = sorted(self.index[name] for name in features if name in self.index)
        places = np.array(known, dtype=np.int64)
        values = self.idf[places]
        return places, values / (float(np.linalg.norm(values)) or 1.0)

    def matrix(self, examples: Sequence[Features]) -> Any:
        """A sparse row per example."""
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        known = [sorted(self.index[name] for name in example if name in self.index) for example in examples]
        starts = np.cumsum([0, *(len(row) for row in known)])
        places = np.array([place for row in known for place in row], dtype=np.int32)
        shape = (len(examples), len(self.index))
        return normalize(csr_matrix((self.idf[places], places, starts), shape=shape))


def learn_vocabulary(examples: Sequence[Features], least: int = 1) -> Vocabulary:
    """The features that ``least`` examples or more have; those of several examples come first."""
    counts = Counter(name for example in examples for name in example)
    known = (name for name, count in counts.items() if count >= least)
    names = sorted(known, key=lambda name: (counts[name] < TWICE, name))
    idf = np.log((1 + len(examples)) / (1 + np.array([counts[name] for name in names]))) + 1
    return Vocabulary({name: place for place, name in enumerate(names)}, idf.astype(np.float32))


def shared(matrix: Any) -> int:
    """How many of the first features of a learned vocabulary ``TWICE`` examples or more of its matrix have."""
    return int((matrix.getnnz(axis=0) >= TWICE).sum())
