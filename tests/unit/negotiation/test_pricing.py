"""What an offer costs: every figure told is the engine's, and the table's sums are the sums paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.money import Money, Rate
from bot.negotiation.mandate import legal_offers
from bot.negotiation.mandate_file import load_mandate
from bot.negotiation.pricing import YEARLY_COST, Contract, PricedOffer, priced
from bot.negotiation.values import Debt, Offer, OfferKind

TODAY = date(2026, 11, 24)
MANDATE = load_mandate(("随心借",), TODAY)
CONTRACT = Contract("演示银行", "1.5", offer_days=3, least_days=10)
OWED = Debt(
    id="L1",
    product="随心借",
    principal=Money.parse("18000.00"),
    interest=Money.parse("642.37"),
    penalty=Money.parse("211.45"),
    fee=Money(0),
    rate=Rate.percent("12"),
    overdue_days=100,
    remaining_terms=12,
)


def shown(offer: PricedOffer, name: str) -> str:
    """The value of the one row of the cost table with this name."""
    (value,) = [row.value for row in offer.rows if row.name == name]
    return value


def test_a_waived_debt_in_24_instalments_is_the_worked_case() -> None:
    """18,000 and 642.37 old interest, 罚息 waived, 12 %, 24 months: 874.09 and a last 874.04."""
    offer = priced(OWED, Offer(OfferKind.PLAN, terms=24, waiver=100), TODAY, 24, CONTRACT)
    amounts = [payment.amount.text for payment in offer.payments]
    assert amounts == ["874.09"] * 23 + ["874.04"]
    assert offer.total == Money.parse("20978.11")
    assert offer.waived == Money.parse("211.45")
    assert offer.payments[0].due_on == date(2026, 12, 24)
    assert offer.payments[-1].due_on == date(2028, 11, 24)
    assert shown(offer, "应还总额") == "20,978.11 元"
    assert shown(offer, YEARLY_COST) == "12.00%" == str(offer.yearly)
    assert offer.pay_by == date(2026, 11, 27)
    assert offer.monthly == Money.parse("874.09")


def test_an_extension_defers_the_interest_of_its_days_and_counts_it_as_cost() -> None:
    """9,000 at 15.6 %, three months without payment: 92 days are 358.80, spread over the terms that follow."""
    debt = replace(
        OWED, principal=Money.parse("9000.00"), interest=Money(0), penalty=Money(0), rate=Rate.percent("15.6")
    )
    start = date(2026, 3, 1)
    offer = priced(debt, Offer(OfferKind.EXTENSION, pause=3), start, 1, CONTRACT)
    at_once = priced(debt, Offer(OfferKind.PLAN, terms=12), start, 1, CONTRACT)
    assert offer.interest - at_once.interest == Money.parse("358.80")
    assert [payment.number for payment in offer.payments] == list(range(1, 13))
    assert offer.payments[0].due_on == date(2026, 7, 1)
    assert shown(offer, "息费合计") == str(offer.interest)


def test_a_lump_is_right_for_its_day_only() -> None:
    offer = priced(OWED, Offer(OfferKind.LUMP, waiver=50), TODAY, 24, CONTRACT)
    assert offer.total == Money.parse("18748.09")  # 211.45 / 2 = 105.73, half up
    assert [(payment.number, payment.due_on) for payment in offer.payments] == [(0, TODAY)]
    assert offer.yearly is None
    assert offer.open_on(TODAY)
    assert not offer.open_on(TODAY + timedelta(days=1))


def test_what_is_paid_at_once_is_a_share_of_what_is_left_after_the_waiver() -> None:
    offer = priced(OWED, Offer(OfferKind.PLAN, terms=12, waiver=100, down=20), TODAY, 24, CONTRACT)
    assert offer.down == Money.parse("3728.47")  # 20 % of 18,642.37
    assert offer.payments[0].due_on == offer.pay_by
    assert shown(offer, "合计应还（含首付）") == str(offer.total)


def test_a_frozen_offer_is_open_until_its_last_day() -> None:
    offer = priced(OWED, Offer(OfferKind.PLAN, terms=12), TODAY, 24, CONTRACT)
    days = [day for day in range(-1, 6) if offer.open_on(TODAY + timedelta(days=day))]
    assert days == [0, 1, 2, 3]


def test_nobody_pays_an_instalment_right_after_signing() -> None:
    """A due day nearer than the mandate's least days waits for the month after, bearing its days."""
    offer = priced(OWED, Offer(OfferKind.PLAN, terms=6), date(2026, 11, 28), 1, CONTRACT)
    assert offer.payments[0].due_on == date(2027, 1, 1)
    assert offer.payments[1].due_on == date(2027, 2, 1)


def test_the_table_names_the_payee_and_what_lateness_costs() -> None:
    offer = priced(OWED, Offer(OfferKind.PLAN, terms=6), TODAY, 24, CONTRACT)
    rows = {row.name: row for row in offer.rows}
    assert rows["利息"].payee == "演示银行"
    assert rows["逾期罚息（逾期才收）"].value == "年化 18.00%"
    assert rows["逾期复利（逾期才收）"].payee == "演示银行"


@pytest.mark.parametrize("due_day", [1, 15, 31])
@settings(max_examples=25, deadline=None)
@given(
    principal=st.integers(100_000, 19_000_000),
    interest=st.integers(0, 500_000),
    penalty=st.integers(0, 300_000),
    fee=st.sampled_from([0, 2000, 5000]),
    rate=st.sampled_from(["7.2", "14.4", "18", "21.6"]),
    days=st.integers(1, 540),
    left=st.sampled_from([3, 12, 24]),
    later=st.integers(0, 365),
    pick=st.integers(0, 10_000),
)
def test_every_legal_offer_adds_up(
    due_day: int,
    principal: int,
    interest: int,
    penalty: int,
    fee: int,
    rate: str,
    days: int,
    left: int,
    later: int,
    pick: int,
) -> None:
    """Payments = owed less waiver plus new interest; days ascend; the last clears; the table says the same."""
    amounts = [Money(fen) for fen in (principal, interest, penalty, fee)]
    debt = Debt("L1", "随心借", *amounts, Rate.percent(rate), days, left)
    offers = legal_offers(MANDATE, debt, TODAY)
    if not offers:
        return
    offer, today = offers[pick % len(offers)], TODAY + timedelta(days=later)
    found = priced(debt, offer, today, due_day, CONTRACT)
    assert found.total == debt.total - found.waived + found.interest
    assert found.total == Money.total(payment.amount for payment in found.payments)
    assert found.waived <= debt.waivable
    assert found.total >= debt.principal + debt.interest
    assert [payment.due_on for payment in found.payments] == sorted(
        {payment.due_on for payment in found.payments}
    )
    assert all(payment.amount.fen > 0 for payment in found.payments)
    assert len(found.instalments) == {OfferKind.LUMP: 0, OfferKind.PLAN: offer.terms}.get(offer.kind, left)
    total = "合计应还（含首付）" if found.instalments and found.down else "应还总额"
    assert shown(found, total) == str(found.total)
    assert found.within_ceiling
    if found.yearly is not None:
        assert found.yearly.render() == shown(found, YEARLY_COST)
        assert found.yearly <= Rate.percent(24)
        amounts = [payment.amount for payment in found.instalments]
        assert found.monthly == max(amounts)
