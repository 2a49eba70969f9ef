"""The networks: learn what no line can part, are as many as are said, forget nothing in being laid side by side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.nlu.network import HIDDEN, NETWORKS, Network, learn_network, softmax

#: either of two words alone means one thing, both or neither (only a third word) another
ROWS = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] * 200, dtype=np.float32)
LABELS = ["one", "one", "other", "other"] * 200
ONES = np.ones(3, dtype=np.float32)


@pytest.fixture(scope="module")
def network() -> Network:
    return learn_network(csr_matrix(ROWS), LABELS)


def _likeliest(network: Network, row: np.ndarray) -> int:
    places = np.flatnonzero(row)
    return int(network.scores(places, ONES[places]).argmax())


def test_it_learns_what_no_straight_line_can_part(network: Network) -> None:
    assert [_likeliest(network, row) for row in ROWS[:4]] == [0, 0, 1, 1]


def test_several_networks_lie_side_by_side(network: Network) -> None:
    assert network.inner.shape == (3, HIDDEN * NETWORKS)
    assert network.outer.shape == (HIDDEN * NETWORKS, 2)
    assert network.inner.dtype == np.float16


def test_each_network_is_another(network: Network) -> None:
    first, second = network.inner[:, :HIDDEN], network.inner[:, HIDDEN : 2 * HIDDEN]
    assert not np.array_equal(first, second)


def test_features_beyond_its_own_are_not_read(network: Network) -> None:
    own = network.scores(np.array([0, 2]), ONES[:2])
    assert np.allclose(own, network.scores(np.array([0, 2, 7]), ONES))


def test_a_text_without_a_known_feature_still_has_scores(network: Network) -> None:
    assert np.isfinite(network.scores(np.array([], dtype=np.int64), ONES[:0])).all()


def test_softmax_does_not_overflow() -> None:
    assert softmax(np.array([[1000.0, 0.0]], dtype=np.float32))[0] == pytest.approx([1.0, 0.0])
