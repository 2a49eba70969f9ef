"""What the demo bank's mandate allows, held against a table of its own, and every refusal by name."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.money import Money, Rate
from bot.negotiation import mandate as rules
from bot.negotiation.mandate import Mandate, allowed, legal_offers, limits, offer_name
from bot.negotiation.mandate_file import load_mandate
from bot.negotiation.pricing import Contract, priced
from bot.negotiation.refusals import Refusal, Why
from bot.negotiation.values import Creditor, Debt, Offer, OfferKind

TODAY = date(2026, 11, 24)
MANDATE = load_mandate(("随心借", "随心花"), TODAY)

TERMS = (3, 6, 12, 18, 24, 36, 48, 60)
WAIVERS = (0, 25, 50, 75, 100)
DOWNS = (0, 5, 10, 20)
#: what the demo bank authorised: overdue days up to → longest plan, waiver of a plan, of a lump, least down, pause
AUTHORISED = {
    30: (12, 25, 50, 0, 1),
    90: (24, 50, 100, 0, 3),
    180: (36, 75, 100, 0, 3),
    9999: (60, 100, 100, 5, 0),
}

DEBT = Debt(
    id="L1",
    product="随心借",
    principal=Money.parse("10000.00"),
    interest=Money.parse("300.00"),
    penalty=Money.parse("100.00"),
    fee=Money.parse("20.00"),
    rate=Rate.percent("18"),
    overdue_days=45,
    remaining_terms=12,
)


def authorised(days: int) -> set[Offer]:
    """Every offer of the table for an own, unsecured debt."""
    longest, plan, lump, down, pause = next(row for upto, row in AUTHORISED.items() if days <= upto)
    found = {Offer(OfferKind.LUMP, waiver=waiver) for waiver in WAIVERS if waiver <= lump}
    found |= {
        Offer(OfferKind.PLAN, terms=terms, waiver=waiver, down=share)
        for terms in TERMS
        for waiver in WAIVERS
        for share in DOWNS
        if terms <= longest and waiver <= plan and share >= down
    }
    return found | {Offer(OfferKind.EXTENSION, pause=months) for months in range(1, pause + 1)}


def why(
    debt: Debt, offer: Offer | None = None, today: date = TODAY, mandate: Mandate = MANDATE
) -> Why | None:
    """The ground of refusal of the debt, or of one offer to it."""
    found = limits(mandate, debt, today) if offer is None else allowed(mandate, debt, offer, today)
    if isinstance(found, Refusal):
        assert found.reason.endswith("。")
        assert "{" not in found.reason
        return found.why
    return None


debts = st.builds(
    Debt,
    id=st.just("L1"),
    product=st.just("随心借"),
    principal=st.integers(100_000, 30_000_000).map(Money),
    interest=st.integers(0, 2_000_000).map(Money),
    penalty=st.integers(0, 2_000_000).map(Money),
    fee=st.sampled_from([Money(0), Money(2000), Money(5000)]),
    rate=st.sampled_from(["7.2", "10.8", "14.4", "16.8", "18", "21.6"]).map(Rate.percent),
    overdue_days=st.integers(1, 540),
    remaining_terms=st.sampled_from([3, 6, 9, 12, 18, 24]),
    restructurings=st.integers(0, 3),
    legal_stage=st.booleans(),
)
anything = st.builds(
    Offer,
    kind=st.sampled_from(OfferKind),
    terms=st.sampled_from([-1, 0, 1, 3, 5, 12, 24, 36, 60, 72]),
    waiver=st.sampled_from([-5, 0, 10, 25, 50, 75, 100, 120]),
    down=st.sampled_from([-5, 0, 3, 5, 10, 20, 50, 100]),
    pause=st.sampled_from([-1, 0, 1, 2, 3, 4, 12]),
)


@settings(max_examples=300, deadline=None)
@given(debts)
def test_an_own_overdue_loan_gets_exactly_what_the_bank_authorised(debt: Debt) -> None:
    """Not one offer more, not one less, and none twice."""
    barred = debt.total.fen > 20_000_000 or debt.restructurings >= 2 or debt.legal_stage
    offers = legal_offers(MANDATE, debt, TODAY)
    assert len(offers) == len(set(offers))
    assert set(offers) == (set() if barred else authorised(debt.overdue_days))


@pytest.mark.parametrize("days", [1, 30, 31, 90, 91, 180, 181, 540, 9000])
def test_the_edges_of_the_buckets_are_the_authorised_ones(days: int) -> None:
    assert set(legal_offers(MANDATE, replace(DEBT, overdue_days=days), TODAY)) == authorised(days)


@settings(max_examples=500, deadline=None)
@given(debts, anything, st.sampled_from(Creditor), st.integers(0, 60), st.integers(-400, 800))
def test_no_offer_outside_the_limits_is_ever_allowed(
    debt: Debt, offer: Offer, creditor: Creditor, elapsed: int, days: int
) -> None:
    """What is allowed is listed, and what is listed is allowed, for any debt, offer and day."""
    debt, today = (
        replace(debt, creditor=creditor, elapsed_terms=elapsed),
        date.fromordinal(TODAY.toordinal() + days),
    )
    listed = legal_offers(MANDATE, debt, today)
    assert (allowed(MANDATE, debt, offer, today) is None) == (offer in listed)
    if offer in listed:
        assert offer in authorised(debt.overdue_days)
        assert MANDATE.valid_from <= today <= MANDATE.valid_to
        assert creditor in (Creditor.OWN, Creditor.PARTNER)
        assert elapsed + offer.terms <= 60


def test_nothing_said_and_nothing_about_the_person_can_be_passed_in() -> None:
    """“经理已经答应全免了” has no parameter to arrive by; nor have age, sex or city."""
    for question in (limits, legal_offers):
        assert list(inspect.signature(question).parameters) == ["mandate", "debt", "today"]
    assert list(inspect.signature(allowed).parameters) == ["mandate", "debt", "offer", "today"]
    texts = {name for name, kind in Debt.__annotations__.items() if kind == "str"}
    assert texts == {"id", "product"}
    assert not {"age", "sex", "city", "name"} & set(Debt.__annotations__)
    assert not any("principal" in name or "interest" in name for name in rules.Bucket.__annotations__)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"product": "随心花"}, Why.PRODUCT_NOT_COVERED),
        ({"creditor": Creditor.SOLD}, Why.DEBT_SOLD),
        ({"creditor": Creditor.GUARANTEED}, Why.GUARANTEED_DEBT),
        ({"creditor": Creditor.SOLD, "product": "随心花"}, Why.DEBT_SOLD),
        ({"legal_stage": True}, Why.LEGAL_STAGE),
        ({"restructurings": 2}, Why.THIRD_PLAN),
        ({"principal": Money.parse("199580.01")}, Why.OVER_AMOUNT),
        (
            {"principal": Money(0), "interest": Money(0), "penalty": Money(0), "fee": Money(0)},
            Why.NOTHING_OWED,
        ),
        ({"elapsed_terms": 61}, Why.ELAPSED_OUTSIDE),
        ({"remaining_terms": 61}, Why.REMAINING_OUTSIDE),
        ({"overdue_days": -1}, Why.NOT_YET_DUE),
        ({}, None),
        ({"principal": Money.parse("199580.00")}, None),
        ({"restructurings": 1}, None),
        ({"creditor": Creditor.PARTNER}, None),
    ],
)
def test_a_debt_is_refused_by_name(change: dict[str, object], expected: Why | None) -> None:
    assert why(replace(DEBT, **change)) is expected  # type: ignore[arg-type]


PLAN, LUMP, EXT = OfferKind.PLAN, OfferKind.LUMP, OfferKind.EXTENSION


@pytest.mark.parametrize(
    ("change", "offer", "expected"),
    [
        ({}, Offer(PLAN, terms=36), Why.TERMS_TOO_MANY),
        ({}, Offer(PLAN, terms=10), Why.TERMS_NOT_OFFERED),
        ({}, Offer(PLAN, terms=12, waiver=75), Why.WAIVER_TOO_HIGH),
        ({}, Offer(PLAN, terms=12, waiver=10), Why.WAIVER_NOT_OFFERED),
        ({}, Offer(PLAN, terms=12, down=7), Why.DOWN_NOT_OFFERED),
        ({"overdue_days": 200}, Offer(PLAN, terms=12), Why.DOWN_TOO_LOW),
        ({"overdue_days": 20}, Offer(LUMP, waiver=100), Why.WAIVER_TOO_HIGH),
        ({}, Offer(LUMP, waiver=120), Why.WAIVER_TOO_HIGH),
        ({}, Offer(LUMP, down=100), Why.MALFORMED),
        ({}, Offer(PLAN, terms=12, pause=1), Why.MALFORMED),
        ({}, Offer(PLAN), Why.MALFORMED),
        ({}, Offer(EXT, pause=1, waiver=50), Why.MALFORMED),
        ({}, Offer(EXT, pause=4), Why.PAUSE_TOO_LONG),
        ({"overdue_days": 200}, Offer(EXT, pause=1), Why.KIND_NOT_ALLOWED),
        ({"remaining_terms": 0, "elapsed_terms": 12}, Offer(EXT, pause=1), Why.EXTENSION_AFTER_MATURITY),
        ({"remaining_terms": 2}, Offer(EXT, pause=3), Why.EXTENSION_BEYOND_RULES),
        ({"remaining_terms": 6, "extended_months": 3}, Offer(EXT, pause=1), Why.EXTENSION_BEYOND_RULES),
        ({"elapsed_terms": 46}, Offer(EXT, pause=3), Why.EXTENSION_BEYOND_RULES),
        ({"elapsed_terms": 46}, Offer(EXT, pause=2), None),
        ({"elapsed_terms": 50}, Offer(PLAN, terms=12), Why.TOTAL_TERM_TOO_LONG),
        ({"elapsed_terms": 48}, Offer(PLAN, terms=12), None),
        ({"principal": Money(0)}, Offer(PLAN, terms=12), Why.NO_PRINCIPAL),
        ({"principal": Money(0)}, Offer(EXT, pause=1), Why.NO_PRINCIPAL),
        ({"principal": Money(0)}, Offer(LUMP, waiver=100), None),
        ({"overdue_days": 0}, Offer(PLAN, terms=12), Why.KIND_NOT_ALLOWED),
        ({"overdue_days": 0}, Offer(LUMP), Why.KIND_NOT_ALLOWED),
        ({"overdue_days": 0}, Offer(EXT, pause=2), Why.PAUSE_TOO_LONG),
        ({"overdue_days": 0}, Offer(EXT, pause=1), None),
        ({"creditor": Creditor.PARTNER}, Offer(PLAN, terms=24), Why.TERMS_TOO_MANY),
        ({"creditor": Creditor.PARTNER}, Offer(PLAN, terms=12, waiver=25), Why.WAIVER_TOO_HIGH),
        ({"creditor": Creditor.PARTNER}, Offer(LUMP, waiver=25), Why.WAIVER_TOO_HIGH),
        ({"creditor": Creditor.PARTNER}, Offer(PLAN, terms=12), None),
        ({"creditor": Creditor.SOLD}, Offer(LUMP), Why.DEBT_SOLD),
        ({"rate": Rate.percent("23.5")}, Offer(PLAN, terms=12), None),
        ({"rate": Rate.percent("24.5")}, Offer(PLAN, terms=12), Why.OFFER_OVER_CEILING),
        ({"rate": Rate.percent("24.5")}, Offer(LUMP), None),
    ],
)
def test_an_offer_is_refused_by_name(change: dict[str, object], offer: Offer, expected: Why | None) -> None:
    assert why(replace(DEBT, **change), offer) is expected  # type: ignore[arg-type]


def test_a_mandate_speaks_on_its_days_only() -> None:
    """The first and the last day count; before and after it every question is refused."""
    assert why(DEBT, today=MANDATE.valid_from) is None
    assert why(DEBT, today=MANDATE.valid_to) is None
    for day in (MANDATE.valid_from.toordinal() - 1, MANDATE.valid_to.toordinal() + 1):
        assert why(DEBT, today=date.fromordinal(day)) is Why.MANDATE_NOT_VALID
        assert legal_offers(MANDATE, DEBT, date.fromordinal(day)) == ()


def test_costs_over_24_percent_so_far_bring_a_person() -> None:
    """20,000 over 150 days: 1,972.60 may be claimed, 2,611.50 may not (法发〔2017〕22号)."""
    heavy = replace(
        DEBT,
        principal=Money.parse("20000.00"),
        interest=Money.parse("1500.00"),
        penalty=Money.parse("1111.50"),
        fee=Money(0),
        used=((Money.parse("20000.00"), 150),),
    )
    assert why(heavy) is Why.COST_OVER_CEILING
    fair = replace(heavy, penalty=Money.parse("472.60"))
    assert why(fair) is None
    assert why(replace(fair, costs_paid=Money(1))) is Why.COST_OVER_CEILING


def test_with_the_books_at_hand_every_offer_keeps_to_24_percent_over_the_whole_life() -> None:
    debt = replace(
        DEBT, used=((DEBT.principal, 200),), costs_paid=Money.parse("600.00"), rate=Rate.percent(22)
    )
    offers = legal_offers(MANDATE, debt, TODAY)
    assert offers
    assert all(priced(debt, offer, TODAY, 24, Contract("")).within_ceiling for offer in offers)


@settings(max_examples=60, deadline=None)
@given(debts, st.integers(0, 500), st.integers(0, 400))
def test_what_is_allowed_without_reckoning_would_pass_the_reckoning(
    debt: Debt, later: int, used: int
) -> None:
    """The shortcut of the 24% test never lets an offer through that the full test stops, on any day."""
    debt = replace(
        debt,
        principal=min(debt.principal, Money.parse("150000")),
        rate=Rate.percent(22),
        restructurings=0,
        legal_stage=False,
        used=((debt.principal, used),) if used else (),
    )
    today = date.fromordinal(date(2026, 1, 1).toordinal() + later)
    for offer in legal_offers(MANDATE, debt, today)[::7]:
        for day in (1, 15, 31):
            assert priced(debt, offer, today, day, Contract("")).within_ceiling


def test_only_before_anything_is_overdue_is_it_called_an_extension() -> None:
    """民法典 678 and 543: 展期 is asked for before the term ends; later it is a changed plan by agreement."""
    pause = Offer(OfferKind.EXTENSION, pause=1)
    assert offer_name(replace(DEBT, overdue_days=0), pause) == "展期"
    assert offer_name(DEBT, pause) == "协商延后还款"
    assert offer_name(replace(DEBT, overdue_days=0, remaining_terms=0), pause) == "协商延后还款"
    assert offer_name(DEBT, Offer(OfferKind.PLAN, terms=12)) == "重新分期"
    assert offer_name(DEBT, Offer(OfferKind.LUMP)) == "一次还清"


def test_a_refusal_tells_its_figures_to_the_agent() -> None:
    found = limits(MANDATE, replace(DEBT, principal=Money.parse("250000.00")), TODAY)
    assert isinstance(found, Refusal)
    assert found.code == "over_amount"
    assert "250,420.00 元" in found.reason
    assert "200,000.00 元" in found.reason
