"""Who may offer what: within the mandate an agent, beyond the bank's own limits a second person, beyond the law nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import authority
from bot.money import Money, Rate
from bot.negotiation.beyond import Says, verdict
from bot.negotiation.ceiling import offer_over_ceiling
from bot.negotiation.mandate import Mandate, allowed
from bot.negotiation.values import Creditor, Debt, Offer, OfferKind

TODAY = date(2026, 3, 12)
DEBT = Debt(
    id="L1",
    product="随心借",
    principal=Money(1_200_000),
    interest=Money(30_000),
    penalty=Money(8_000),
    fee=Money(0),
    rate=Rate.percent(15),
    overdue_days=40,
    remaining_terms=9,
    elapsed_terms=3,
)


@pytest.fixture(scope="module")
def mandate() -> Mandate:
    found = authority.mandate(TODAY)
    assert found is not None
    return found


def test_within_the_mandate_an_agent_alone(mandate: Mandate) -> None:
    assert verdict(mandate, DEBT, Offer(OfferKind.PLAN, terms=12), TODAY).says is Says.WITHIN


@pytest.mark.parametrize(
    "offer",
    [
        Offer(OfferKind.PLAN, terms=13),
        Offer(OfferKind.PLAN, terms=48),
        Offer(OfferKind.PLAN, terms=12, waiver=100),
        Offer(OfferKind.LUMP, waiver=33),
    ],
)
def test_the_banks_own_limits_need_a_second_person(mandate: Mandate, offer: Offer) -> None:
    said = verdict(mandate, DEBT, offer, TODAY)
    assert said.says is Says.SECOND_PERSON
    assert said.refusal is not None
    assert said.refusal.reason


@pytest.mark.parametrize(
    "debt",
    [
        replace(DEBT, creditor=Creditor.SOLD),
        replace(DEBT, legal_stage=True),
        replace(DEBT, principal=Money(0), interest=Money(0), penalty=Money(0)),
    ],
)
def test_somebody_elses_debt_is_nobodys_to_offer(mandate: Mandate, debt: Debt) -> None:
    assert verdict(mandate, debt, Offer(OfferKind.PLAN, terms=12), TODAY).says is Says.NEVER


@pytest.mark.parametrize(
    "offer",
    [
        Offer(OfferKind.PLAN, terms=59),  # with the months elapsed longer than the product's longest
        Offer(OfferKind.EXTENSION, pause=60),
        Offer(OfferKind.PLAN, terms=0),
        Offer(OfferKind.PLAN, terms=12, waiver=101),
        Offer(OfferKind.PLAN, terms=12, down=100),
        Offer(OfferKind.PLAN, terms=12, waiver=-1),
        Offer(OfferKind.LUMP, terms=3),
    ],
)
def test_the_laws_limits_and_nonsense_are_lifted_by_nobody(mandate: Mandate, offer: Offer) -> None:
    assert verdict(mandate, DEBT, offer, TODAY).says is Says.NEVER


def test_a_third_plan_is_a_second_persons(mandate: Mandate) -> None:
    third = replace(DEBT, restructurings=2)
    said = verdict(mandate, third, Offer(OfferKind.PLAN, terms=12), TODAY)
    assert said.says is Says.SECOND_PERSON


def test_over_24_percent_nobody_even_where_another_limit_is_named_first(mandate: Mandate) -> None:
    dear = replace(DEBT, rate=Rate.percent(36), restructurings=2)
    offer = Offer(OfferKind.PLAN, terms=12)
    assert offer_over_ceiling(dear, offer, TODAY)
    assert verdict(mandate, dear, offer, TODAY).says is Says.NEVER


@given(
    st.builds(
        Offer,
        st.sampled_from(OfferKind),
        st.integers(-1, 80),
        st.integers(-1, 110),
        st.integers(-1, 110),
        st.integers(-1, 80),
    ),
    st.integers(0, 400),
    st.integers(0, 3),
)
def test_within_is_exactly_what_the_mandate_allows(offer: Offer, days: int, before: int) -> None:
    found = authority.mandate(TODAY)
    assert found is not None
    debt = replace(DEBT, overdue_days=days, restructurings=before)
    said = verdict(found, debt, offer, TODAY)
    assert (said.says is Says.WITHIN) == (allowed(found, debt, offer, TODAY) is None)
