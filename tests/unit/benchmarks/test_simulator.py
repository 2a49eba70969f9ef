"""The people to bargain with: the same seed, the same people, and a scorecard that says what it means."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.baselines import gives_way_with_time
from benchmarks.scoring import Talk, by_oracle, judge, metrics, play, uplift
from benchmarks.simulator import Case, Terms, accepts, best, breaches, dues, load, make, worth

PEOPLE = list(make(120, 3))


def only(offer: Terms) -> Any:
    def agent(debt: dict[str, Any]) -> Talk:
        while True:
            yield ("offer", offer._asdict())

    return agent


def test_the_same_seed_makes_the_same_people() -> None:
    assert [case.row() for case in make(120, 3)] == [case.row() for case in PEOPLE]
    assert [case.row() for case in make(120, 4)] != [case.row() for case in PEOPLE]


def test_a_case_survives_its_file() -> None:
    lines = [json.dumps(case.row(), ensure_ascii=False) for case in PEOPLE]
    assert load(lines) == PEOPLE


def test_the_negotiator_never_sees_what_is_hidden() -> None:
    def agent(debt: dict[str, Any]) -> Talk:
        assert "hidden" not in debt
        debt["principal"] = 0
        yield ("human",)

    before = PEOPLE[0].row()
    assert play(PEOPLE[0], agent).outcome == "human"
    assert PEOPLE[0].row() == before


def test_the_oracle_wins_everything_and_breaches_nothing() -> None:
    figures = metrics(by_oracle(PEOPLE, [best(case) for case in PEOPLE]))
    assert figures["M3b_uplift_capture"] == 1.0
    assert figures["M4_affordability_breach"] == 0.0


def test_the_baseline_wins_most_and_stays_within_its_authority() -> None:
    talks = judge(PEOPLE, gives_way_with_time)
    assert uplift(talks) > 0.7
    assert metrics(talks)["M7_violations"] == 0


def test_an_offer_beyond_authority_is_a_violation() -> None:
    case = next(case for case in PEOPLE if case.public["dpd"] <= 30 and case.legal)
    assert play(case, only(Terms("plan", 60, 1.0))).violations > 0


def test_a_patient_person_only_grows_readier() -> None:
    for case in PEOPLE[:40]:
        for offer in case.legal:
            said = [accepts(case, offer, turn) for turn in range(1, case.hidden.patience + 1)]
            assert said == sorted(said)


def test_a_longer_plan_asks_less_each_month() -> None:
    debt = PEOPLE[0].public
    monthly = [dues(debt, Terms("plan", term)).monthly for term in (3, 6, 12, 24, 60)]
    assert monthly == sorted(monthly, reverse=True)


def test_a_plan_nobody_can_pay_is_a_breach_and_breaks() -> None:
    case = next(case for case in PEOPLE if case.legal)
    poor = Case(case.public, replace(case.hidden, income_now=0.0, income_after=0.0, savings=0.0))
    assert breaches(poor, Terms("plan", 3))
    assert worth(poor, Terms("plan", 3)).broke == 2
    assert worth(poor, Terms("plan", 3)).value == pytest.approx(0.3 * 3 * dues(case.public, Terms("plan", 3)).monthly
        * ((1 - case.hidden.hazard) ** 2 / 1.005**11
           + sum(case.hidden.hazard * (1 - case.hidden.hazard) ** m / 1.005 ** (m + 10) for m in (0, 1))))  # fmt: skip
