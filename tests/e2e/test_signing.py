"""A repayment plan in a real browser: read, checked, proved, signed once, effective when the bank says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.money import business_date
from bot.negotiation.values import Offer, OfferKind
from conversation.message import Sender
from conversation.state import Entry
from conversation.talk import talking
from service.composition import build_core, build_demo_bank
from tests.harness import Program, running
from tests.sheets import draw_up, offered

pytestmark = [pytest.mark.browser]
SLOW = 20_000  # milliseconds
READING = 17_000
PHONE = {"width": 375, "height": 720}
#: a phone's photograph, as far as its first bytes go
PHOTO = {"name": "病历.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"x" * 200_000}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Pages and timers are enough: no turn is run."""
    with running(tmp_path_factory.mktemp("signing"), "web", MESSAGE_BURST="1000") as program:
        yield program


@pytest.fixture
def watched(browser: Any) -> Iterator[Any]:
    """``watched(**context)``: a phone whose page errors fail the test."""
    problems: list[str] = []

    def make(**context: Any) -> Any:
        page = browser.new_context(viewport=PHONE, locale="zh-CN", **context).new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None,
        )
        return page

    yield make
    assert not problems, problems


def drawn(web: Program, customer_id: str, **more: Any) -> str:
    """A customer's new plan, as if just agreed on in the chat: the path of its page."""
    customer = web.customer(customer_id)
    core = build_core(web.settings)
    now, bank = core.clock.now(), build_demo_bank(web.settings, core.clock)
    loan = bank.loans(customer_id)[0]
    owed = bank.settlement(customer_id, loan.id, business_date(now)).parts
    books = {"owed": owed, "rate": loan.rate}
    plan = draw_up(core.plans, core.store, now, customer.id, customer_id, loan.id, **books, **more)
    core.database.dispose()
    return f"/chat/sign/{plan.link}"


def by(page: Any, test_id: str) -> Any:
    return page.get_by_test_id(test_id)


def enter(page: Any, web: Program, path: str, customer_id: str) -> None:
    page.goto(web.address + path)
    by(page, f"customer-option-{customer_id}").click()
    by(page, "plan-state").wait_for(timeout=SLOW)


def no_sideways_scroll(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_customer_reads_proves_signs_and_keeps_the_document(
    web: Program, watched: Any, shots: Path
) -> None:
    """Too early nothing can be pressed; a second tab finds it signed; the bank's word makes it 已生效; the chat tells it."""
    path = drawn(web, "C0009")
    page = watched()
    enter(page, web, path, "C0009")
    assert by(page, "plan-state").inner_text() == "待签署"
    assert by(page, "confirm-table").is_disabled()
    for later in ("confirm-plan", "send-code", "sign"):
        assert by(page, later).is_disabled()
    no_sideways_scroll(page)
    page.screenshot(path=shots / "sign-1-top.png")
    page.screenshot(path=shots / "sign-2-whole.png", full_page=True)

    by(page, "confirm-table").click(timeout=READING + SLOW)  # waits until it may be pressed
    by(page, "confirm-plan").click(timeout=SLOW)
    by(page, "send-code").click(timeout=SLOW)
    code = by(page, "demo-code").locator("strong").inner_text(timeout=SLOW)
    by(page, "code-input").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    by(page, "verify").click()
    assert "验证码不对" in by(page, "code-error").inner_text(timeout=SLOW)
    by(page, "step-verify").scroll_into_view_if_needed()
    page.screenshot(path=shots / "sign-3-wrong-code.png")
    by(page, "code-input").fill(code)
    by(page, "verify").click()
    by(page, "verified").wait_for(timeout=SLOW)

    page.reload()  # what was read and proved stays
    by(page, "verified").wait_for(timeout=SLOW)
    by(page, "sign").scroll_into_view_if_needed()
    page.screenshot(path=shots / "sign-4-ready.png")
    by(page, "sign").dblclick()
    by(page, "signed").wait_for(timeout=SLOW)
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=shots / "sign-5-signed.png")
    by(page, "plan-state").get_by_text("已生效").wait_for(timeout=60_000)
    with page.expect_download() as download:
        by(page, "download").click()
    document = Path(download.value.path()).read_text("utf-8")
    assert by(page, "plan-total").inner_text() in document
    by(page, "pay-open").click()
    by(page, "pay").scroll_into_view_if_needed()
    page.screenshot(path=shots / "sign-6-pay.png")
    paper = watched()
    paper.set_content(document)
    paper.screenshot(path=shots / "sign-7-document.png", full_page=True)

    by(page, "back-to-chat").click()
    by(page, "notice-accept").click()
    page.get_by_text("方案已生效").wait_for(timeout=SLOW)
    page.screenshot(path=shots / "sign-8-chat.png")
    by(page, "card-link").last.click()
    by(page, "signed").wait_for(timeout=SLOW)


def test_the_page_stays_readable_large_dark_and_on_a_wide_screen(
    web: Program, watched: Any, shots: Path
) -> None:
    path = drawn(web, "C0010")
    dark = watched(color_scheme="dark")
    enter(dark, web, path, "C0010")
    dark.screenshot(path=shots / "sign-9-dark.png")
    by(dark, "elder-toggle").click()
    no_sideways_scroll(dark)
    dark.screenshot(path=shots / "sign-10-elder-dark.png")
    by(dark, "step-plan").scroll_into_view_if_needed()
    dark.screenshot(path=shots / "sign-11-elder-plan.png")
    dark.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(dark)
    dark.set_viewport_size({"width": 1280, "height": 800})
    no_sideways_scroll(dark)
    dark.screenshot(path=shots / "sign-12-wide.png")


def test_papers_are_handed_in_with_the_progress_shown(web: Program, watched: Any, shots: Path) -> None:
    """A photograph goes up, something else is refused with the reason, the plan then waits for its approver."""
    path = drawn(web, "C0011", materials=True)
    page = watched()
    enter(page, web, path, "C0011")
    assert by(page, "plan-state").inner_text() == "待补材料"
    assert by(page, "hand-in").is_disabled()
    program = {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" * 100}
    by(page, "choose-papers").set_input_files([PHOTO, program])
    by(page, "paper").get_by_text("病历.jpg").wait_for(timeout=SLOW)
    assert "只能上传照片" in by(page, "paper-error").inner_text(timeout=SLOW)
    by(page, "papers").scroll_into_view_if_needed()
    page.screenshot(path=shots / "sign-13-papers.png")
    by(page, "hand-in").click()
    by(page, "plan-state").get_by_text("待审批").wait_for(timeout=SLOW)
    page.screenshot(path=shots / "sign-14-approval.png")


def test_somebody_else_and_a_guest_see_nothing(web: Program, watched: Any, shots: Path) -> None:
    path = drawn(web, "C0012")
    page = watched()
    page.goto(web.address + path)
    by(page, "customer-option-C0001").click()
    assert "没有找到" in by(page, "load-error").inner_text(timeout=SLOW)
    page.screenshot(path=shots / "sign-15-not-yours.png")


def test_an_offer_in_the_chat_shows_every_payment_and_cost(web: Program, watched: Any, shots: Path) -> None:
    """Sums in sight, every payment and the whole cost table a press away, and the way to the page."""
    customer = web.customer("C0014")
    core = build_core(web.settings)
    made = offered(business_date(core.clock.now()))
    card = {
        "kind": "offer",
        "title": "分 12 期还",
        "lines": [
            {"label": "首付", "value": str(made.down)},
            {"label": "每月最多", "value": str(made.monthly)},
        ],
        "schedule": [
            {"no": one.number, "day": one.due_on.isoformat(), "amount": str(one.amount)}
            for one in made.payments
        ],
        "cost_table": [{"name": row.name, "payee": row.payee, "amount": row.value} for row in made.rows],
        "total": str(made.total),
        "yearly": made.yearly.render() if made.yearly else None,
        "valid_until": made.pay_by.isoformat(),
        "link": "/chat/sign/nothing-here",
    }
    with core.store.unit() as unit, talking(unit, customer.id, core.clock.now()) as talk:
        talk.append(Entry(Sender.BOT, "按您说的每月能还的数，可以这样还：", card=card))
    core.database.dispose()
    page = watched()
    page.goto(web.address + "/chat/")
    by(page, "notice-accept").click()
    by(page, "customer-option-C0014").click()
    shown = by(page, "offer-card")
    shown.wait_for(timeout=SLOW)
    assert str(made.total) in shown.inner_text()
    for summary in shown.locator("summary").all():
        summary.click()
    for one in made.payments:
        assert shown.get_by_text(one.due_on.isoformat()).first.is_visible()
    for row in made.rows:
        assert shown.get_by_text(row.name).first.is_visible()
    page.evaluate("document.querySelector('[data-testid=offer-card]').scrollIntoView()")
    page.screenshot(path=shots / "sign-16-offer.png")
    page.set_viewport_size({"width": 375, "height": 1700})
    page.screenshot(path=shots / "sign-17-offer-whole.png")
    assert by(page, "card-link").get_attribute("href") == "/chat/sign/nothing-here"


def test_a_plan_that_was_replaced_says_so_and_leads_back_to_the_chat(web: Program, watched: Any) -> None:
    """The customer agreed on another one since: the old link signs nothing."""
    older = drawn(web, "C0013")
    drawn(web, "C0013", offer=Offer(OfferKind.PLAN, terms=6))
    page = watched()
    enter(page, web, older, "C0013")
    assert by(page, "plan-state").inner_text() == "已撤回"
    assert by(page, "sign").count() == 0
    by(page, "ask-again").click()
    by(page, "notice-accept").wait_for(timeout=SLOW)
