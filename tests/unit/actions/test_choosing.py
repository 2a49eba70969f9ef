"""Two loans told apart the way customers do."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.acts import ActionChoose, ActionGiven
from bot.actions.choosing import pick
from bot.actions.documents import ActionDocuments
from bot.money import Dues
from tests.unit.actions.fakes import FakeBank, loan, run, yuan

FIRST = loan(id="L00301", drawn_on=date(2025, 11, 20), original=yuan("12000"))
SECOND = loan(
    id="L00302",
    drawn_on=date(2026, 1, 9),
    next_due_on=date(2026, 4, 9),
    original=yuan("8000"),
    overdue=Dues(principal=yuan("100"), interest=yuan("1")),
    overdue_since=date(2026, 3, 9),
)
CHOICES = [
    {"intent": "documents_certificate", "entities": {"loan": one.id, "matter": "contract"}}
    for one in (FIRST, SECOND)
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9号那笔", SECOND),
        ("20号的", FIRST),
        ("第二个", SECOND),
        ("第1笔", FIRST),
        ("最后一笔", SECOND),
        ("逾期的那笔", SECOND),
        ("11月借的", FIRST),
        ("尾号0302", SECOND),
        ("那笔", None),
        ("3号那笔", None),
    ],
)
def test_which_loan_is_meant(text: str, meant: object) -> None:
    assert pick(text, [FIRST, SECOND]) is meant


def test_several_are_offered_as_choices() -> None:
    bank = FakeBank(loans_=[FIRST, SECOND])
    done = run(ActionDocuments(), "documents_certificate", text="要合同", bank=bank)
    assert done.said == ["utter_which_loan"]
    assert done.choices == ["2025年11月20日 12,000.00", "2026年1月9日 8,000.00（已逾期）"]
    assert done.slots["choices"] == CHOICES


def test_a_day_in_the_question_chooses_at_once() -> None:
    bank = FakeBank(loans_=[FIRST, SECOND])
    done = run(ActionDocuments(), "documents_certificate", text="9号那笔的合同", bank=bank)
    assert done.slots["pending"]["payload"]["loan_id"] == "L00302"


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        (ActionGiven(), "give_date", "9号那笔"),
        (ActionChoose(), "choose_nth", "第二个"),
        (ActionChoose(), "choose_nth", "逾期的那个"),
    ],
)
def test_the_answer_to_which_goes_on_with_the_matter(action: object, intent: str, text: str) -> None:
    bank = FakeBank(loans_=[FIRST, SECOND])
    done = run(action, intent, text=text, bank=bank, slots={"choices": CHOICES})  # type: ignore[arg-type]
    meant = done.events[1]["parse_data"]
    assert meant["intent"]["name"] == "documents_certificate"
    assert {"entity": "loan", "value": "L00302"} in meant["entities"]


def test_an_amount_chooses_too() -> None:
    bank = FakeBank(loans_=[FIRST, SECOND])
    done = run(
        ActionGiven(), "give_amount", entities={"amount": "8000.00"}, bank=bank, slots={"choices": CHOICES}
    )
    assert {"entity": "loan", "value": "L00302"} in done.events[1]["parse_data"]["entities"]
