"""One thought in several messages is one thing to understand; two questions stay two."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from conversation.fragments import Piece, pieces
from conversation.state import Said

CHOICE = {"intent": "repay_how", "entities": {}}


def said(*texts: str | None) -> list[Said]:
    """None stands for a pressed button."""
    return [
        Said(n, text if text is not None else "怎么还款", None if text is not None else CHOICE)
        for n, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        ([], []),
        (["怎么还款"], ["怎么还款"]),
        (["你好", "我想提前还清这笔借款"], ["你好 我想提前还清这笔借款"]),
        (["我想问一下", "提前还款要手续费吗"], ["我想问一下 提前还款要手续费吗"]),
        (["提前还款要手续费吗", "急"], ["提前还款要手续费吗 急"]),
        (["提前还款要手续费吗", "我的额度为什么降低了"], ["提前还款要手续费吗", "我的额度为什么降低了"]),
        (["怎么还款", "额度多少"], ["怎么还款", "额度多少"]),
        (["利息多少", "会上征信吗"], ["利息多少", "会上征信吗"]),
        (["怎么还款", "急"], ["怎么还款 急"]),
        (["我想把这笔借款提前还清", "要手续费吗"], ["我想把这笔借款提前还清 要手续费吗"]),
        (["随心借", "利息多少"], ["随心借 利息多少"]),
        (["提前还款", "要手续费吗"], ["提前还款 要手续费吗"]),
        (["没扣款成功", "怎么办"], ["没扣款成功 怎么办"]),
        (["我的额度为什么降低了", "为什么"], ["我的额度为什么降低了 为什么"]),
        (["我上个月借的那一笔，", "利息怎么多了这么多"], ["我上个月借的那一笔， 利息怎么多了这么多"]),
    ],
)
def test_fragments_join_and_whole_questions_stay(texts: list[str], read: list[str]) -> None:
    assert [piece.text for piece in pieces(said(*texts))] == read


def test_a_button_always_stands_alone() -> None:
    found = pieces(said("你好", None, "急", None))
    assert found == [Piece("你好"), Piece("怎么还款", CHOICE), Piece("急"), Piece("怎么还款", CHOICE)]


@given(st.lists(st.one_of(st.none(), st.text(alphabet="怎么还款，我想问一下", min_size=1, max_size=12))))
def test_nothing_said_is_lost_and_the_order_stays(texts: list[str | None]) -> None:
    found = pieces(said(*texts))
    assert " ".join(piece.text or "" for piece in found) == " ".join(one.text or "" for one in said(*texts))
    assert sum(piece.choice is not None for piece in found) == texts.count(None)
