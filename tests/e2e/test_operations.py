"""Operations staff change what customers hear while the program runs: two people, seconds, and the way back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.demo import PASSWORD
from tests.harness import AgentDesk, Program, TookTooLong, running, until

pytestmark = [pytest.mark.browser, pytest.mark.model]
SLOW = 20_000  # milliseconds
TOPIC, ASKED, NEW = "transfer_issue", "转账没到账怎么办", "请别着急，先看转账记录的状态。"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program of its own: banners and switches would be seen by every other test."""
    with running(tmp_path_factory.mktemp("operations"), MESSAGE_BURST="1000") as program:
        yield program


def by(page: Any, test_id: str) -> Any:
    return page.get_by_test_id(test_id)


def ask(program: Program, wanted: str, seconds: float = 10) -> str:
    """Ask as a new guest until the answer has it: changes take a second or two."""
    said = ""

    def look() -> bool:
        nonlocal said
        guest = program.guest()
        guest.ask(ASKED)
        said = "\n".join(str(event["text"]) for event in guest.events if event["sender"] == "bot")
        time.sleep(0 if wanted in said else 0.5)  # guests are not given out without end
        return wanted in said

    try:
        until(look, seconds)
    except TookTooLong:
        pytest.fail(f"heard instead: {said}")
    return said


def log_in(browser: Any, program: Program, username: str, width: int = 1366) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 850}, locale="zh-CN").new_page()
    page.goto(program.address + "/console")
    by(page, "login-username").fill(username)
    by(page, "login-password").fill(PASSWORD)
    by(page, "login-submit").click()
    by(page, "claim-next").wait_for(timeout=SLOW)
    return page


def test_an_answer_is_changed_by_two_people_and_rolled_back_without_a_restart(
    own: Program, browser: Any, shots: Path
) -> None:
    old = "请先看转账记录的状态"
    ask(own, old)
    maker, checker = log_in(browser, own, "zhuguan"), log_in(browser, own, "fuzhuguan")
    problems: list[str] = []
    for page in (maker, checker):
        page.on("pageerror", lambda error: problems.append(str(error)))
    by(maker, "section-knowledge").click()
    by(maker, f"entry-{TOPIC}").click()
    text = by(maker, "answer-text")
    written = text.input_value()
    text.fill(written.replace("short: 请先", "short: {没有.这个}请先"))
    by(maker, "problems").wait_for(timeout=SLOW)
    maker.screenshot(path=shots / "knowledge-1-problem.png")
    text.fill(re.sub(r"short: .*", f"short: {NEW}", written, count=1))
    by(maker, "preview").get_by_text(NEW).wait_for(timeout=SLOW)
    by(maker, "change-reason").fill("说得更短")
    maker.screenshot(path=shots / "knowledge-2-edit.png")
    by(maker, "submit-answer").click()
    by(maker, f"review-{TOPIC}").click()
    by(maker, "own-change").wait_for(timeout=SLOW)
    assert by(maker, "approve").count() == 0

    by(checker, "section-knowledge").click()
    by(checker, f"review-{TOPIC}").click()
    assert NEW in by(checker, "diff").inner_text()
    checker.screenshot(path=shots / "knowledge-3-review.png")
    by(checker, "review-comment").fill("同意")
    by(checker, "approve").click()
    began = time.monotonic()
    ask(own, NEW)
    assert time.monotonic() - began < 10

    by(maker, "section-chats").count()
    by(maker, f"entry-{TOPIC}").click()
    maker.on("dialog", lambda dialog: dialog.accept("新说法有误"))
    by(maker, "emergency-0").click()
    ask(own, old)
    maker.emulate_media(color_scheme="dark")
    maker.set_viewport_size({"width": 390, "height": 800})
    maker.screenshot(path=shots / "knowledge-4-phone-dark.png")
    assert not problems, problems


def test_nobody_approves_his_own_change_and_agents_have_no_part_in_it(own: Program) -> None:
    one, other, agent = own.agent("zhuguan"), own.agent("fuzhuguan"), own.agent("xiaolin")
    banner = {"text": "系统维护", "scope": "all", "reason": "测试"}
    assert post(agent, "/banners", banner).status_code == 403
    assert agent.http.get("/api/desk/v1/knowledge").status_code == 403
    made = post(one, "/banners", banner).raise_for_status().json()["banners"][0]["id"]
    refused = post(one, f"/banners/{made}/approve", {})
    assert refused.json()["error"]["code"] == "own_change"
    assert post(other, f"/banners/{made}/reject", {"comment": "不需要"}).status_code == 200
    found = agent.http.get("/api/desk/v1/suggestions", params={"q": "转账没到"}).json()["suggestions"]
    assert found[0]["intent"] == TOPIC


def post(desk: AgentDesk, path: str, body: dict[str, Any]) -> Any:
    return desk.http.post("/api/desk/v1" + path, json=body)


def test_an_open_chat_shows_the_banner_within_a_minute(own: Program, browser: Any, shots: Path) -> None:
    """Also over the topic's answer; gone again when it is taken down."""
    phone = browser.new_context(viewport={"width": 375, "height": 720}, locale="zh-CN").new_page()
    phone.goto(own.address + "/chat")
    by(phone, "notice-accept").click()
    by(phone, "customer-option-C0001").click()
    by(phone, "message-input").wait_for(timeout=SLOW)
    desk = log_in(browser, own, "zhuguan")
    desk.on("dialog", lambda dialog: dialog.accept("已恢复"))
    by(desk, "section-controls").click()
    by(desk, "banner-text").fill("转账延迟，正在恢复")
    by(desk, "banner-scope").select_option("topic")
    by(desk, "banner-names").select_option(TOPIC)
    by(desk, "banner-reason").fill("清算系统告警")
    by(desk, "banner-emergency").check()
    by(desk, "banner-submit").click()
    by(phone, "notice").get_by_text("转账延迟，正在恢复").wait_for(timeout=60_000)
    phone.screenshot(path=shots / "banner-1-chat.png")
    by(desk, "banner-emergency").first.wait_for(timeout=SLOW)
    desk.screenshot(path=shots / "banner-2-desk.png")
    ask(own, "公告：转账延迟，正在恢复")
    by(desk, "banner-end").first.click()
    by(phone, "notice").wait_for(state="detached", timeout=60_000)


def test_a_topic_and_a_channel_are_stopped_and_resumed(own: Program) -> None:
    desk = own.agent("zhuguan")

    def switch(kind: str, name: str, stopped: bool) -> None:
        body = {"kind": kind, "name": name, "stopped": stopped, "reason": "演练"}
        desk.http.put("/api/desk/v1/switches", json=body).raise_for_status()

    switch("topic", TOPIC, True)
    ask(own, "正在维护")
    switch("topic", TOPIC, False)
    ask(own, "转账记录的状态")
    guest = own.guest()
    switch("channel", "app", True)
    refused = until(lambda: (r := guest.post(text="在吗")).status_code == 403 and r, 10)
    assert "956186" in refused.json()["error"]["message"]
    assert own.http.get("/api/app/v1/notice").json()["stopped"]
    switch("channel", "app", False)
    until(lambda: guest.post(text="在吗").status_code == 202, 10)
