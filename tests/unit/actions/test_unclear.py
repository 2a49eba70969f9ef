"""Not understood: a question with choices first, a person the second time."""

from __future__ import annotations

from typing import Any

from bot.actions.unclear import ActionClarify
from conversation.effects import Escalate
from conversation.escalation import Reason
from tests.unit.actions.fakes import LIBRARY, Outcome, guest

RANKING = [
    {"name": name}
    for name in ("chitchat", "repay_how", "out_of_scope", "early_repay", "bill_query", "password")
]


def clarify(**more: Any) -> Outcome:
    return guest(ActionClarify(), "unclear", **{"intent_ranking": RANKING, **more})


def test_the_likeliest_questions_in_the_customers_words_and_a_person() -> None:
    done = clarify()
    asks = [LIBRARY.entry(name).ask for name in ("repay_how", "early_repay", "bill_query")]
    assert done.said == ["utter_clarify"]
    assert done.choices == [*asks, "转人工"]
    assert done.slots == {"misses": 1, "choices": ["repay_how", "early_repay", "bill_query"]}


def test_nonsense_is_asked_about_with_what_people_ask_most() -> None:
    done = clarify(known=False)
    assert done.said == ["utter_clarify_nothing"]
    assert LIBRARY.entry("bill_query").ask in done.choices


def test_the_second_miss_in_a_row_brings_a_person_with_what_was_guessed() -> None:
    done = clarify(slots={"misses": 1})
    (effect,) = done.turn.effects
    assert isinstance(effect, Escalate)
    assert effect.reason is Reason.TWO_MISSES
    assert LIBRARY.entry("repay_how").title in effect.facts["可能想问"]
    assert done.slots["misses"] == 0
