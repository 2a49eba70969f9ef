"""What money costs, to the cent, for every way of asking."""

from __future__ import annotations

import pytest

from bot.actions.loan_cost import ActionLoanCost, days_of, months_of
from tests.unit.actions.fakes import FakeBank, Outcome, guest, loan, run


def ask(**entities: str) -> Outcome:
    return guest(ActionLoanCost(), "loan_cost_calc", entities=entities)


def test_amount_and_term_give_both_ends_of_the_rates() -> None:
    said = ask(amount="10000.00", term="12期").messages[0]
    assert (said["low_rate"], said["high_rate"]) == ("7.20%", "18.00%")
    assert said["low_payment"] == "866.19"  # 10,000 at 0.6% a month over 12 months
    assert said["high_payment"] == "916.80"  # 10,000 at 1.5% a month over 12 months


def test_the_verified_customer_hears_his_own_rate() -> None:
    done = run(
        ActionLoanCost(), "loan_cost_calc", entities={"amount": "10000.00"}, bank=FakeBank(loans_=[loan()])
    )
    assert done.said == ["utter_loan_cost_own"]
    assert done.messages[0]["own_rate"] == "12.00%"


def test_days_are_reckoned_by_the_day() -> None:
    said = ask(amount="10000.00", term="10天").messages[0]
    assert (said["low_interest"], said["high_interest"]) == ("20.00", "50.00")


def test_pay_later_instalments_say_the_fee_and_the_yearly_price() -> None:
    done = ask(amount="1200.00", term="12期", product="随心花")
    assert done.said == ["utter_loan_cost_instalments"]
    assert done.messages[0]["payment"] == "107.20"
    assert done.messages[0]["fee"] == "86.40"
    assert done.messages[0]["yearly"] == "13.03%"


def test_a_term_that_is_not_offered_gets_those_that_are() -> None:
    done = ask(amount="10000.00", term="10个月")
    assert done.said == ["utter_loan_cost_terms"]
    assert done.choices == ["3 期", "6 期", "12 期", "24 期", "36 期"]


@pytest.mark.parametrize("amount", ["100.00", "900000.00"])
def test_an_amount_nobody_lends_gets_the_range(amount: str) -> None:
    assert ask(amount=amount).said == ["utter_loan_cost_range"]


def test_without_an_amount_it_asks_and_keeps_the_term() -> None:
    done = ask(term="12期")
    assert done.said == ["utter_loan_cost_ask"]
    assert done.slots["reckoning"] == {"amount": None, "term": "12期"}


@pytest.mark.parametrize(
    ("term", "months", "days"),
    [("12期", 12, None), ("1年", 12, None), ("10天", None, 10), ("2周", None, 14), (None, None, None)],
)
def test_terms(term: str | None, months: int | None, days: int | None) -> None:
    assert (months_of(term), days_of(term)) == (months, days)
