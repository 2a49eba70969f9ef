"""The whole story in a real browser: asked, answered, a person called, claimed, answered, handed back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from service.demo import PASSWORD
from tests.harness import Program

pytestmark = [pytest.mark.browser, pytest.mark.model]
SLOW = 20_000  # milliseconds


def by(page: Any, test_id: str) -> Any:
    return page.get_by_test_id(test_id)


def enter_chat(page: Any, address: str, customer_id: str) -> None:
    page.goto(address + "/chat")
    by(page, "notice-accept").click()
    by(page, f"customer-option-{customer_id}").click()
    by(page, "message-input").wait_for(timeout=SLOW)


def send(page: Any, text: str) -> None:
    by(page, "message-input").fill(text)
    by(page, "send-button").click()


def log_in(page: Any, address: str, username: str) -> None:
    page.goto(address + "/console")
    by(page, "login-username").fill(username)
    by(page, "login-password").fill(PASSWORD)
    by(page, "login-submit").click()
    by(page, "claim-next").wait_for(timeout=SLOW)


def test_a_customer_is_answered_reaches_a_person_and_comes_back(
    program: Program, browser: Any, shots: Path
) -> None:
    """Customer asks and is answered, asks for a person; the agent claims, answers, hands back; the bot
    answers again."""
    phone = browser.new_context(viewport={"width": 375, "height": 720}, locale="zh-CN").new_page()
    wide = browser.new_context(viewport={"width": 1366, "height": 800}, locale="zh-CN").new_page()
    problems: list[str] = []
    for page in (phone, wide):
        page.on("pageerror", lambda error: problems.append(str(error)))
    enter_chat(phone, program.address, "C0001")
    phone.screenshot(path=shots / "1-welcome.png")
    send(phone, "这个月要还多少")
    phone.get_by_text(re.compile(r"\d+\.\d{2}")).first.wait_for(timeout=SLOW)
    phone.screenshot(path=shots / "2-bill.png")
    by(phone, "human-button").click()
    expect_status(phone, "排队中")
    phone.screenshot(path=shots / "3-queued.png")

    log_in(wide, program.address, "xiaolin")
    by(wide, "tab-queued").click()
    wide.screenshot(path=shots / "4-queue.png")
    waiting = program.agent("xiaochen").get("/conversations", tab="queued")["conversations"]
    mine = next(one["id"] for one in waiting if (one["customer"] or {}).get("customer_id") == "C0001")
    by(wide, f"conversation-{mine}").click()
    by(wide, "claim-button").click()
    by(wide, "handover-card").wait_for(timeout=SLOW)
    assert "客户要求人工" in by(wide, "handover-card").inner_text()
    by(wide, "reply-input").fill("您好，我是小林，您的账单我看到了。")
    by(wide, "reply-send").click()
    phone.get_by_text("您好，我是小林，您的账单我看到了。").wait_for(timeout=SLOW)
    expect_status(phone, "小林")
    send(phone, "可以晚两天还吗")
    wide.get_by_text("可以晚两天还吗").first.wait_for(timeout=SLOW)
    wide.screenshot(path=shots / "5-agent.png")
    phone.screenshot(path=shots / "6-with-agent.png")

    by(wide, "handback-button").click()
    by(wide, "move-confirm").click()
    expect_status(phone, "智能客服")
    send(phone, "怎么提前还款")
    phone.get_by_text("不用等到还款日").first.wait_for(timeout=SLOW)  # the bot's words, not the customer's
    phone.screenshot(path=shots / "7-bot-again.png")
    assert not problems, problems


def expect_status(page: Any, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('[data-testid=desk-status]').textContent.includes(text)",
        arg=text,
        timeout=SLOW,
    )
