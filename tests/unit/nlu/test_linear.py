"""The linear model: learns, says how sure it is, survives the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.features import features, words_of
from bot.nlu.linear import IntentModel, folds, learn

EXAMPLES = [
    *((f"还款{tail}", "repay") for tail in ("怎么还", "在哪还", "方法", "入口", "步骤", "渠道")),
    *((f"额度{tail}", "limit") for tail in ("多少", "怎么查", "在哪看", "是几", "查询", "高吗")),
    *((f"投诉{tail}", "complaint") for tail in ("你们", "客服", "电话", "这里", "银行", "催收")),
]
SEEN = [features(text, [text[:2], text[2:]]) for text, _ in EXAMPLES]
LABELS = [label for _, label in EXAMPLES]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return learn(SEEN, LABELS)


def test_it_knows_what_it_was_taught(model: IntentModel) -> None:
    assert [model.ranking(seen)[0][0] for seen in SEEN] == LABELS


def test_confidences_are_probabilities_and_sorted(model: IntentModel) -> None:
    ranking = model.ranking(features("额度怎么还", ["额度", "怎么还"]))
    chances = [chance for _, chance in ranking]
    assert sum(chances) == pytest.approx(1, abs=1e-5)
    assert chances == sorted(chances, reverse=True)


def test_it_is_less_sure_of_what_it_never_saw(model: IntentModel) -> None:
    known, unknown = model.ranking(SEEN[0])[0][1], model.ranking(features("xyz", ["xyz"]))[0][1]
    assert unknown < known
    assert not model.knows(words_of(features("xyz", ["xyz"])))
    assert model.knows(words_of(SEEN[0]))


def test_saved_and_read_again_it_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.read(tmp_path)
    assert all(again.ranking(seen) == model.ranking(seen) for seen in SEEN)


def test_learning_is_repeatable(model: IntentModel) -> None:
    again = learn(SEEN, LABELS)
    assert np.array_equal(again.weights, model.weights)
    assert np.array_equal(again.network.inner, model.network.inner)


def test_look_alikes_share_a_fold() -> None:
    """Else the model would be asked what it has just read."""
    twice = [*SEEN, *SEEN]
    fold = folds(twice, [*LABELS, *LABELS])
    assert all(fold[place] == fold[place + len(SEEN)] for place in range(len(SEEN)))
