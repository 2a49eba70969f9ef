"""An agent takes over a negotiation in a real browser: the customer's own card, another plan, a second person's yes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.actions import authority
from bot.bank.ports import Loan
from bot.bank.products import Products
from bot.money import business_date
from bot.negotiation.mandate import legal_offers
from bot.negotiation.values import OfferKind
from bot.plans.records import Negotiation, NegotiationState, NegotiationStep, OfferRecord, ReasonCode, Step
from conversation.state import new_id
from conversation.talk import talking
from service.composition import build_core, build_demo_bank
from service.demo import PASSWORD
from tests.harness import Program, running

pytestmark = [pytest.mark.browser]
SLOW = 20_000  # milliseconds
HANDED_OVER, ANOTHER = "C0009", "C0008"
WHY = "客户有医院证明，家人手术后半年恢复收入"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Pages are enough: no turn is run."""
    with running(tmp_path_factory.mktemp("plandesk"), "web", MESSAGE_BURST="1000") as program:
        yield program


def by(page: Any, test_id: str) -> Any:
    return page.get_by_test_id(test_id)


def bargained(web: Program, customer_id: str) -> str:
    """A customer to whom the bot has made an offer; he asks for a person. His conversation."""
    customer = web.customer(customer_id)
    customer.say("转人工")
    core = build_core(web.settings)
    now, bank = core.clock.now(), build_demo_bank(web.settings, core.clock)
    today = business_date(now)
    loan: Loan = bank.loans(customer_id)[0]
    debt = authority.debt_of(loan, bank.settlement(customer_id, loan.id, today))
    mandate = authority.mandate(today)
    assert mandate is not None
    offers = [
        one for one in legal_offers(mandate, debt, today) if one.kind is OfferKind.PLAN and one.terms == 12
    ]
    contract = authority.contract_of(Products.load(), mandate, loan.penalty_multiple)
    header = Negotiation(
        new_id("n"),
        customer.id,
        customer_id,
        debt,
        today,
        mandate.version,
        authority.model().version,
        NegotiationState.HANDED_OVER,
        now,
        now,
    )
    figures = (("monthly", "1,500.00"), ("share", "0.900"))
    reasons = (ReasonCode("best_expected", figures),)
    priced = authority.price(debt, offers[0], today, 20, contract)
    made = OfferRecord(header.id, 1, priced, "bot", now, reasons)
    told = {"capacity": {"monthly": 150_000, "at_hand": 0}}
    with core.store.unit() as unit, talking(unit, customer.id, now) as talk:
        for step, offer in (
            (Step(0, now, {"due_day": 20}, "ask", ()), None),
            (Step(1, now, told, "offer", reasons, 1), made),
            (Step(2, now, {"signal": "wants_human"}, "human", ()), None),
        ):
            core.plans.keep(talk, NegotiationStep(header, step, NegotiationState.HANDED_OVER, offer))
    core.database.dispose()
    return customer.id


@pytest.fixture
def desk(browser: Any, web: Program) -> Iterator[Any]:
    """``desk("xiaolin")``: a console whose page errors fail the test."""
    problems: list[str] = []

    def open_for(username: str) -> Any:
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(web.address + "/console")
        by(page, "login-username").fill(username)
        by(page, "login-password").fill(PASSWORD)
        by(page, "login-submit").click()
        by(page, "claim-next").wait_for(timeout=SLOW)
        return page

    yield open_for
    assert not problems, problems


def looked_at(page: Any, shots: Path, name: str, phone: bool = True) -> None:
    """Light and dark, wide and on a phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(400)  # colours fade
        page.screenshot(path=shots / f"plan-{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
    if not phone:  # a dialog over the customer's pane goes with the pane when the window shrinks
        return
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=shots / f"plan-{name}-phone.png")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_another_plan_beyond_authority_passes_a_second_person_to_the_customer(
    web: Program, desk: Any, shots: Path
) -> None:
    """Seen as the customer sees it; refused, within and beyond told apart as one types; nobody approves his own."""
    bargained(web, HANDED_OVER)
    agent = desk("zhuguan")
    by(agent, "claim-next").click()
    card = by(agent, "plan-card")
    card.wait_for(timeout=SLOW)
    assert "12 期" in by(agent, "offer-sheet").first.inner_text()
    assert "1,500.00 元" in by(agent, "told").inner_text()
    by(agent, "authority").locator("summary").click()
    assert "任何人都不能减免" in by(agent, "authority").inner_text()
    card.scroll_into_view_if_needed()
    looked_at(agent, shots, "1-card")

    by(agent, "offer-revise").click()
    verdict = by(agent, "verdict")
    by(agent, "revise-terms").fill("120")
    agent.locator('[data-says="never"]').wait_for(timeout=SLOW)
    assert by(agent, "revise-send").is_disabled()
    by(agent, "revise-terms").fill("13")
    agent.locator('[data-says="second_person"]').wait_for(timeout=SLOW)
    assert "审批" in verdict.inner_text()
    assert by(agent, "revise-send").is_disabled()
    by(agent, "revise-reason").fill(WHY)
    looked_at(agent, shots, "2-revise", phone=False)
    by(agent, "revise-reason").press("Tab")
    by(agent, "revise-send").click()
    card.get_by_text("待审批").first.wait_for(timeout=SLOW)
    by(agent, "section-approvals").click()
    by(agent, "own-plan").wait_for(timeout=SLOW)
    assert by(agent, "decide-approve").count() == 0

    other = desk("fuzhuguan")
    by(other, "section-approvals").click()
    by(other, "approval").wait_for(timeout=SLOW)
    assert WHY in by(other, "approval").inner_text()
    looked_at(other, shots, "3-approvals")
    by(other, "decide-reject").click()  # without a reason nothing happens
    by(other, "decide-approve").click()
    by(other, "approval").wait_for(state="detached", timeout=SLOW)
    agent.get_by_test_id("tab-mine").click()
    by(agent, "plan-card").get_by_text("待签署").first.wait_for(timeout=SLOW)
    agent.screenshot(path=shots / "plan-4-approved.png")


def test_the_standing_offer_goes_again_by_keyboard_alone(web: Program, desk: Any, shots: Path) -> None:
    """The customer's chat shows the very amounts and the way to sign."""
    bargained(web, ANOTHER)
    agent = desk("xiaolin")
    agent.keyboard.press("Alt+n")
    by(agent, "offer-again").wait_for(timeout=SLOW)
    total = by(agent, "offer-sheet").first.locator("dd").filter(has_text="元").last.inner_text()
    by(agent, "offer-again").focus()
    agent.keyboard.press("Enter")
    by(agent, "plan-card").get_by_text("待签署").first.wait_for(timeout=SLOW)
    agent.locator("article[data-sender='agent']").get_by_text(total).first.wait_for(timeout=SLOW)
    agent.screenshot(path=shots / "plan-5-again.png")
