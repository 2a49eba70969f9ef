"""What the signing page tells: everything that must be told, every figure the offer's, nothing that is not true."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone
from hashlib import sha256

import pytest

from bot.money import business_date
from bot.negotiation.disclosure import CardItem, Disclosure, missing
from bot.negotiation.plans import PlanState
from bot.negotiation.signing import Signature
from bot.negotiation.values import Offer, OfferKind
from bot.signing import texts
from bot.signing.document import document
from tests.sheets import offered, sheet

NOW = datetime(2026, 11, 27, 4, tzinfo=timezone.utc)
TODAY = business_date(NOW)
OFFERS = {
    "plan with a waiver and a down payment": Offer(OfferKind.PLAN, terms=12, waiver=50, down=5),
    "plain plan": Offer(OfferKind.PLAN, terms=24),
    "lump": Offer(OfferKind.LUMP, waiver=100),
    "extension": Offer(OfferKind.EXTENSION, pause=2),
}


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS.keys())
def test_every_kind_of_offer_is_disclosed_whole(offer: Offer) -> None:
    """AI label, total, yearly cost, each payment and day, the waiver's condition, credit record, breach, person."""
    shown = sheet(offered(TODAY, offer), NOW)
    assert missing(texts.told(shown), waives=bool(shown.terms.waived)) == ()


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS.keys())
def test_every_amount_is_the_offers(offer: Offer) -> None:
    shown = sheet(offered(TODAY, offer), NOW)
    lines = texts.payments(shown)
    assert [(one.day, one.amount) for one in lines] == [
        (day.isoformat(), str(amount)) for day, amount in shown.terms.payments
    ]
    known = {str(amount) for _, amount in shown.terms.payments} | {row.value for row in shown.rows}
    known |= {str(shown.terms.waived), str(shown.terms.owed), str(shown.terms.total)}
    told = re.findall(r"[\d,]+\.\d{2} 元", "\n".join(texts.lines(shown)))
    assert set(told) <= known


def test_what_is_paid_at_once_is_no_instalment() -> None:
    down = texts.payments(sheet(offered(TODAY), NOW))
    assert [one.label for one in down[:2]] == ["首付", "第 1 期"]
    plain = texts.payments(sheet(offered(TODAY, OFFERS["plain plan"]), NOW))
    assert plain[0].label == "第 1 期"
    assert plain[-1].label == "第 24 期"
    assert [one.label for one in texts.payments(sheet(offered(TODAY, OFFERS["lump"]), NOW))] == ["一次还清"]


def test_only_the_banks_word_makes_a_plan_take_effect() -> None:
    """A signature alone is 已提交."""
    signed = sheet(offered(TODAY), NOW, PlanState.EFFECTIVE)
    assert texts.state_label(signed) == "已提交"
    assert texts.state_label(replace(signed, state=PlanState.RUNNING)) == "已生效"


@pytest.mark.parametrize("state", list(PlanState))
def test_every_state_has_words(state: PlanState) -> None:
    assert texts.state_line(sheet(offered(TODAY), NOW, state))


def test_nothing_is_promised_about_the_credit_record_and_nobody_is_frightened() -> None:
    for offer in OFFERS.values():
        told = "\n".join(texts.lines(replace(sheet(offered(TODAY, offer), NOW), card=True)))
        assert not re.search(
            r"(?:可以|能够|帮您|会)(?:消除|删除|修复)征信|不上征信|起诉|坐牢|老赖|黑名单|上门", told
        )


def test_a_cards_agreement_has_its_six_items_and_a_loan_none() -> None:
    loan = sheet(offered(TODAY), NOW)
    assert "card" not in [one.id for one in texts.sections(loan)]
    card = next(one for one in texts.sections(replace(loan, card=True)) if one.id == "card")
    assert len(card.lines) == len(CardItem)
    assert texts.card_items(replace(loan, card=True)) == frozenset(CardItem)
    assert not texts.card_items(loan)


def test_the_document_stands_alone_and_recognises_a_changed_copy() -> None:
    """Same signature, same bytes; no script, nothing fetched; every payment and cost; its own hash at the end."""
    shown = sheet(offered(TODAY), NOW)
    signature = Signature("s_12345678", shown.customer_id, shown.fingerprint, NOW)
    made = document(shown, signature, "王*<b>").decode()
    assert made == document(shown, signature, "王*<b>").decode()
    assert "王*&lt;b&gt;" in made
    assert not re.search(r"<script|https?:|src=|href=|url\(", made)
    for line in texts.lines(shown):
        for part in line.split(" "):
            assert part in made
    above, mark = re.fullmatch(
        r"(.*\n)<p class=\"mark\">[^<]*：(\w{64})</p>\n</body>\n</html>\n", made, re.S
    ).groups()  # type: ignore[union-attr]
    assert sha256(above.encode()).hexdigest() == mark
    assert shown.fingerprint in made


def test_disclosures_are_read_from_the_lines_and_not_assumed() -> None:
    """A cost table without the yearly cost is found out."""
    shown = sheet(offered(TODAY), NOW)
    poor = replace(shown, rows=tuple(row for row in shown.rows if "年化" not in row.name))
    assert Disclosure.YEARLY_COST not in texts.told(poor)
