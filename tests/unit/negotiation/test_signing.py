"""A signature counts only for what was read, on the page, by the customer himself, just now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from bot.money import ZERO, Money, Rate
from bot.negotiation.disclosure import (
    CARD_ITEMS,
    CardItem,
    Disclosure,
    card_items_missing,
    missing,
    told_by,
)
from bot.negotiation.signing import (
    Confirmed,
    Evidence,
    Place,
    Refusal,
    Signature,
    SigningRules,
    Terms,
    fingerprint,
    refusals,
    signed,
)

NOW = datetime(2026, 11, 27, 4, tzinfo=timezone.utc)
TERMS = Terms(
    "L1",
    date(2026, 11, 27),
    date(2026, 12, 4),
    Money(160_000),
    Money(10_000),
    tuple((date(2027, month, 10), Money(51_234)) for month in (1, 2, 3)),
    Rate.percent("14.40"),
)
SHOWN = fingerprint(TERMS)


def ago(**time: int) -> datetime:
    return NOW - timedelta(**time)


READ = Confirmed(SHOWN, ago(minutes=3), ago(minutes=2))
EVIDENCE = Evidence(
    Place.SIGNING_PAGE, READ, READ, ago(minutes=1), "C1", frozenset(Disclosure), frozenset(CardItem)
)


def found(terms: Terms = TERMS, now: datetime = NOW, card: bool = False, **evidence) -> tuple[Refusal, ...]:
    return refusals(terms, SHOWN, "C1", replace(EVIDENCE, **evidence), now, card)


def test_all_shown_read_and_verified_is_a_signature() -> None:
    assert signed("S1", TERMS, SHOWN, "C1", EVIDENCE, NOW) == Signature("S1", "C1", SHOWN, NOW)


def test_typing_agree_is_never_a_signature() -> None:
    """Even with everything else in order: what is said in the talk changes no contract."""
    assert found(place=Place.CHAT) == (Refusal.NOT_ON_THE_PAGE,)


@pytest.mark.parametrize(
    ("evidence", "refusal"),
    [
        ({"cost_table": None}, Refusal.TABLE_NOT_SHOWN),
        ({"cost_table": replace(READ, fingerprint="0")}, Refusal.TABLE_OF_ANOTHER),
        ({"cost_table": replace(READ, shown_at=ago(minutes=2, seconds=14))}, Refusal.TABLE_READ_TOO_SHORT),
        ({"cost_table": replace(READ, confirmed_at=ago(seconds=-1))}, Refusal.TABLE_NOT_SHOWN),
        ({"read_back": None}, Refusal.NOT_READ_BACK),
        ({"read_back": replace(READ, fingerprint="0")}, Refusal.READ_BACK_OF_ANOTHER),
        ({"verified_at": None}, Refusal.NOT_VERIFIED),
        ({"verified_at": ago(seconds=-1)}, Refusal.NOT_VERIFIED),
        ({"verified_at": ago(minutes=5, seconds=1)}, Refusal.VERIFICATION_OLD),
        ({"verified_as": "C2"}, Refusal.VERIFIED_ANOTHER),
        ({"disclosed": frozenset(Disclosure) - {Disclosure.TOTAL_COST}}, Refusal.NOT_DISCLOSED),
    ],
)
def test_each_thing_that_is_missing_is_named(evidence: dict, refusal: Refusal) -> None:
    assert found(**evidence) == (refusal,)


def test_the_reading_time_is_enough_to_the_second() -> None:
    read = replace(READ, shown_at=ago(minutes=2, seconds=15))
    assert found(cost_table=read) == ()
    slow = SigningRules(reading=timedelta(seconds=16))
    assert refusals(TERMS, SHOWN, "C1", replace(EVIDENCE, cost_table=read), NOW, rules=slow) == (
        Refusal.TABLE_READ_TOO_SHORT,
    )


def test_an_offer_holds_to_the_end_of_its_last_day_in_shanghai() -> None:
    """23:59 of the fourth is 15:59 UTC."""
    last = datetime(2026, 12, 4, 15, 59, tzinfo=timezone.utc)
    fresh = {"verified_at": last}
    assert found(now=last, **fresh) == ()
    assert found(now=last + timedelta(minutes=1), **fresh) == (Refusal.OFFER_EXPIRED,)


@pytest.mark.parametrize(
    "change",
    [
        {"debt_id": "L2"},
        {"owed": Money(160_001)},
        {"waived": Money(9_999)},
        {"pay_by": date(2026, 12, 5)},
        {"yearly_cost": Rate.percent("14.41")},
        {"yearly_cost": None},
        {"payments": (*TERMS.payments[:2], (date(2027, 3, 10), Money(51_235)))},
        {"payments": (*TERMS.payments[:2], (date(2027, 3, 11), Money(51_234)))},
        {"payments": TERMS.payments[:2]},
    ],
)
def test_any_changed_figure_is_another_offer(change: dict) -> None:
    """One 分, one day, one hundredth of a per cent."""
    assert fingerprint(replace(TERMS, **change)) != SHOWN
    assert Refusal.OFFER_CHANGED in found(replace(TERMS, **change))


def test_a_cost_above_the_ceiling_is_not_signed() -> None:
    dear = replace(TERMS, yearly_cost=Rate.percent("24.01"))
    everything = replace(EVIDENCE, cost_table=_read(dear), read_back=_read(dear))
    assert refusals(dear, fingerprint(dear), "C1", everything, NOW) == (Refusal.COST_ABOVE_CEILING,)


def test_every_reason_is_told_at_once() -> None:
    nothing = Evidence(Place.CHAT)
    assert len(refusals(TERMS, SHOWN, "C1", nothing, NOW)) == 5
    assert all(refusal.sentence.endswith("。") for refusal in Refusal)


# ── Credit cards ─────────────────────────────────────────────────────────────────────────────────────


def test_a_cards_agreement_has_all_six_items() -> None:
    assert set(CARD_ITEMS) == set(CardItem)
    assert len(CardItem) == 6
    for item in CardItem:
        read = frozenset(CardItem) - {item}
        assert card_items_missing(read) == (item,)
        assert found(card=True, card_items=read) == (Refusal.CARD_ITEMS_MISSING,)
        assert found(card=False, card_items=read) == (), "the article is not the consumer loan's"


@pytest.mark.parametrize(("last", "long"), [(date(2031, 11, 27), False), (date(2031, 11, 28), True)])
def test_a_cards_plan_ends_within_five_years(last: date, long: bool) -> None:
    terms = replace(TERMS, payments=((last, Money(1)),))
    everything = replace(EVIDENCE, cost_table=_read(terms), read_back=_read(terms))
    wanted = (Refusal.CARD_TERM_TOO_LONG,) if long else ()
    assert refusals(terms, fingerprint(terms), "C1", everything, NOW, card=True) == wanted
    assert refusals(terms, fingerprint(terms), "C1", everything, NOW) == ()


# ── Disclosure ───────────────────────────────────────────────────────────────────────────────────────

CARD = """AI 智能客服
2027-01-10 还 512.34 元
2027 年 2 月 10 日 还 512.34 元
2027-03-10 还 512.34 元
一共还 1,537.02 元，年化 14.40%（单利）。
减免罚息 100.00 元，条件是按方案还清。
没有按时还的，会按合同收罚息，并按规定报送征信。
想让人再看一遍，随时转人工。"""


def test_a_full_text_discloses_everything() -> None:
    assert told(CARD) == frozenset(Disclosure)
    assert missing(told(CARD), waives=True) == ()


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("AI 智能客服", "客服小林", Disclosure.AI_LABEL),
        ("1,537.02", "1,537.00", Disclosure.TOTAL_COST),
        ("1,537.02", "21,537.02", Disclosure.TOTAL_COST),
        ("14.40%", "14.4%", Disclosure.YEARLY_COST),
        ("年化", "费率", Disclosure.YEARLY_COST),
        ("2027-03-10", "2027-03-11", Disclosure.PAYMENTS),
        ("2027-03-10 还 512.34 元\n", "", Disclosure.PAYMENTS),
        ("100.00", "10.00", Disclosure.WAIVER_CONDITION),
        ("，条件是按方案还清", "", Disclosure.WAIVER_CONDITION),
        ("征信", "记录", Disclosure.CREDIT_RECORD),
        ("没有按时还的", "另外", Disclosure.BREACH),
        ("转人工", "联系", Disclosure.PERSON),
    ],
)
def test_what_a_text_does_not_say_is_missing(old: str, new: str, lost: Disclosure) -> None:
    assert missing(told(CARD.replace(old, new)), waives=True) == (lost,)


def test_a_plan_that_waives_nothing_needs_no_condition() -> None:
    told_of_it = frozenset(Disclosure) - {Disclosure.WAIVER_CONDITION}
    assert missing(told_of_it, waives=False) == ()
    assert found(replace(TERMS, waived=ZERO), disclosed=told_of_it) == (Refusal.OFFER_CHANGED,)


def test_paying_at_once_has_no_yearly_cost_to_tell() -> None:
    assert Disclosure.YEARLY_COST in told_by([], TERMS.payments, TERMS.waived, None)


def told(text: str) -> frozenset[Disclosure]:
    return told_by([text], TERMS.payments, TERMS.waived, TERMS.yearly_cost)


def _read(terms: Terms) -> Confirmed:
    return replace(READ, fingerprint=fingerprint(terms))
