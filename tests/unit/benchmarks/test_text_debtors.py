"""The debtors who type: what they name is known, what they hear is read rightly, and they keep the simulator's rules."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from benchmarks.simulator import accepts, make
from benchmarks.text_debtors import HELD_OUT, LOOKED_AT, TONES, Figures, in_han, lines, render, spellings
from benchmarks.text_level import concessions
from benchmarks.text_play import MANIPULATIONS, SIGNAL_MOVES, Debtor, Ended, Heard, heard, rounded, terms_of
from bot.actions.offer_words import is_no
from bot.money import Money
from bot.nlu.entities import entities_in


def test_every_move_has_lines_in_every_tone_and_half() -> None:
    for move, tones in lines().items():
        assert set(tones) == set(TONES), move
        assert sum(len(texts) for texts in tones.values()) >= 15, move
        assert all(texts[HELD_OUT::2] and texts[LOOKED_AT::2] for texts in tones.values()), move


def test_all_lines_of_a_move_name_the_same_figures() -> None:
    """A line that leaves a figure out would count as misread what was never said."""
    for move, tones in lines().items():
        named = {frozenset(re.findall(r"{(\w+)}", text)) for texts in tones.values() for text in texts}
        assert len(named) == 1, (move, named)


@pytest.mark.parametrize("yuan", [80, 250, 1100, 2500, 3000, 12_000, 20_500, 45_300])
def test_every_spelling_of_a_sum_means_that_sum(yuan: int) -> None:
    for spelt in spellings(yuan):
        (found,) = [one for one in entities_in(f"我能还{spelt}，行吗") if one.entity == "amount"]
        assert Money.parse(found.value) == Money(yuan * 100), spelt


def test_numbers_in_full() -> None:
    assert [in_han(n) for n in (250, 2500, 1050, 12_030)] == [
        "二百五十",
        "两千五百",
        "一千零五十",
        "一万两千零三十",
    ]


def test_the_same_seed_types_the_same() -> None:
    said = [render("means", Figures(1200, 3000), "angry", HELD_OUT, random.Random(5)) for _ in range(2)]
    assert said[0] == said[1]
    assert said[0].figures == Figures(1200, 3000)


def test_what_he_says_he_has_is_never_more_than_it_is() -> None:
    assert [rounded(x) for x in (0, 87.5, 349.9, 2437.2)] == [0, 80, 300, 2400]


CARD: dict[str, Any] = {
    "kind": "offer",
    "terms": {"kind": "plan", "terms": 12, "waiver": 25, "down": 5, "pause": 0},
}


def event(text: str, card: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "card": card}


def test_the_bots_answers_are_told_apart() -> None:
    assert heard([event("请告诉我三件事，大概的数就行")], "bot").kind == "ask"
    offer = heard([event("分 12 期还", CARD), event("觉得行就回“同意”")], "bot")
    assert offer.kind == "offer"
    assert tuple(terms_of(offer.card or {})) == ("plan", 12, 0.25, 0.05, 0)
    assert heard([event("正在排队")], "queued").with_person


def talk(case: Any, seed: int, manipulates: bool = False) -> Debtor:
    """A scripted bot: asks, then offers one plan again and again, reads back what was agreed."""
    debtor = Debtor(case, random.Random(seed), HELD_OUT, manipulates)
    words, answer = debtor.opens(), Heard("ask", "", None, with_person=False)
    while words and debtor.ended is None:
        words = debtor.hears(answer)
        agreed = bool(debtor.said) and debtor.said[-1].move == "accept"
        kind = "read_back" if agreed else "offer"
        answer = Heard(kind, "", None if agreed else CARD, with_person=bool(debtor.signal_said))
    return debtor


def test_a_debtor_keeps_the_simulators_rules() -> None:
    """He agrees only to what he accepts in that turn, and never stays longer than his patience."""
    for number, case in enumerate(make(60, 5)):
        debtor = talk(case, number)
        assert debtor.ended is not Ended.STUCK
        assert debtor.turns <= case.hidden.patience + 1
        if debtor.agreed is not None:
            assert accepts(case, debtor.agreed, debtor.turns)


def test_a_signal_is_said_by_whom_it_concerns_alone() -> None:
    for number, case in enumerate(make(80, 6)):
        said = talk(case, number).signal_said
        assert not said or said in SIGNAL_MOVES[case.hidden.escalate]


def test_only_a_twin_pleads() -> None:
    for number, case in enumerate(make(30, 7)):
        assert not {one.move for one in talk(case, number).said} & set(MANIPULATIONS)
    assert {one.move for one in talk(next(make(1, 8)), 1, manipulates=True).said} & set(MANIPULATIONS)


def test_no_twins_no_concessions() -> None:
    assert concessions([], [])["milder_than_the_honest"] == 0


def test_a_no_at_the_end_of_a_reason_is_heard_and_a_question_is_not() -> None:
    assert is_no("扣掉房租就不够吃饭了，这样不行")
    assert not is_no("每月1000行不行")
