"""Yes, no, the second one, an amount alone: meant for what came before, and harmless otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions.acts import ActionAffirm, ActionChoose, ActionDeny, ActionGiven
from bot.actions.documents import ActionDocuments
from bot.actions.following import place
from bot.bank.ports import LoanState
from conversation.effects import AskBank
from tests.unit.actions.fakes import FakeBank, guest, loan, run

SETTLED = loan(settled_on=date(2026, 2, 1), outstanding=loan().carried)
PENDING = {
    "pending": {
        "kind": "issue_certificate",
        "payload": {"loan_id": "L1"},
        "summary": "结清证明",
        "matter": "documents_certificate",
        "age": 0,
    }
}


def test_a_settled_loan_is_offered_and_nothing_happens_before_the_yes() -> None:
    assert SETTLED.state is LoanState.SETTLED
    done = run(ActionDocuments(), "documents_certificate", bank=FakeBank(loans_=[loan(id="L9"), SETTLED]))
    assert done.said == ["utter_certificate_confirm"]
    assert done.choices == ["确认办理", "先不办"]
    assert done.slots["pending"] == PENDING["pending"]
    assert done.turn.effects == []


def test_several_settled_loans_are_a_choice() -> None:
    other = loan(id="L2", settled_on=date(2026, 2, 1))
    bank = FakeBank(loans_=[SETTLED, other])
    assert run(ActionDocuments(), "documents_certificate", bank=bank).said == ["utter_which_loan"]
    chosen = run(ActionDocuments(), "documents_certificate", bank=bank, entities={"loan": "L2"})
    assert chosen.slots["pending"]["payload"]["loan_id"] == "L2"


def test_the_yes_stages_the_request_and_says_submitted() -> None:
    done = run(ActionAffirm(), "affirm", slots=PENDING)
    assert done.turn.effects == [AskBank("issue_certificate", "C1", {"loan_id": "L1"}, "结清证明")]
    assert done.said == ["utter_request_submitted"]
    assert done.slots == {"pending": None}


def test_a_yes_after_the_login_ran_out_asks_for_the_login() -> None:
    done = guest(ActionAffirm(), "affirm", slots=PENDING)
    assert done.turn.effects == []
    assert "utter_log_in" in done.said
    assert done.slots["pending"] is None


def test_a_no_drops_it() -> None:
    done = run(ActionDeny(), "deny", slots=PENDING)
    assert done.turn.effects == []
    assert done.slots == {"pending": None}


def test_a_yes_to_nothing_does_nothing() -> None:
    done = run(ActionAffirm(), "affirm")
    assert done.turn.effects == []
    assert done.said == ["utter_nothing_pending"]


def test_nothing_settled_is_explained() -> None:
    done = run(ActionDocuments(), "documents_certificate", bank=FakeBank(loans_=[loan()]))
    assert done.said == ["utter_answer", "utter_certificate_not_settled"]


@pytest.mark.parametrize(
    ("text", "at"),
    [("第一个", 0), ("第2个", 1), ("选三", 2), ("最后一个", 2), ("第五个", None), ("随便", None)],
)
def test_which_one_is_meant(text: str, at: int | None) -> None:
    assert place(text, 3) == at


def test_the_second_one_is_as_if_its_button_were_pressed() -> None:
    slots = {"choices": ["repay_how", "bill_query"]}
    done = guest(ActionChoose(), "choose_nth", text="第二个", slots=slots, decision="clarify")
    assert [event["event"] for event in done.events] == ["action", "user"]
    assert done.events[1]["parse_data"]["intent"]["name"] == "bill_query"


def test_the_loan_of_the_twentieth_is_shown_alone() -> None:
    bank = FakeBank(
        loans_=[loan(), loan(id="L2", next_due_on=date(2026, 3, 25), drawn_on=date(2025, 12, 25))]
    )
    for text in ("20号那笔", "第一笔"):
        done = run(ActionChoose(), "choose_nth", text=text, slots={"topic": "bill_query"}, bank=bank)
        assert done.said == ["utter_loan_due"]
        assert done.messages[0]["due_on"] == "3月20日"


def test_a_day_that_fits_none_is_asked_about() -> None:
    done = run(
        ActionChoose(),
        "choose_nth",
        text="7号那笔",
        slots={"topic": "bill_query"},
        bank=FakeBank(loans_=[loan()]),
    )
    assert done.said == ["utter_which_one"]


def test_the_second_of_nothing_is_asked_about() -> None:
    assert guest(ActionChoose(), "choose_nth", text="第二个").said == ["utter_which_one"]


def test_an_amount_alone_goes_on_with_the_sum() -> None:
    slots = {"topic": "loan_cost_calc", "reckoning": {"amount": None, "term": "12期"}}
    done = guest(ActionGiven(), "give_amount", entities={"amount": "10000.00"}, slots=slots)
    assert done.said == ["utter_loan_cost"]
    assert done.messages[0]["terms"] == 12


def test_an_amount_out_of_nowhere_is_asked_about() -> None:
    assert guest(ActionGiven(), "give_amount", entities={"amount": "10000.00"}).said == ["utter_noted"]


@pytest.mark.parametrize("intent", ["give_capacity", "give_reason", "counter_offer"])
def test_means_told_unasked_are_thanked_for_and_never_reckoned(intent: str) -> None:
    slots = {"topic": "loan_cost_calc"}
    assert guest(ActionGiven(), intent, entities={"amount": "500.00"}, slots=slots).said == [
        "utter_noted_means"
    ]
