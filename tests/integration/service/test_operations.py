"""Answers, banners and switches change while the program runs: by two people, at their time, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.bank.products import Products
from bot.knowledge.editing import AnotherWaits, Editing, OldBase, WrongAnswer
from bot.knowledge.library import Library, read_texts
from bot.knowledge.store import RevisionStore
from conversation.clock import FixedClock
from conversation.controlling import Controlling
from conversation.errors import BadRequest, IllegalMove
from conversation.four_eyes import Move, OwnChange, State
from conversation.hints import NoHints
from conversation.state import Agent
from conversation.store.control_store import ControlStore
from service.composition import KNOWLEDGE
from service.operations import Operations
from tests.databases import MovableDatabase

PRODUCTS = Products.load()
TEXTS = read_texts(KNOWLEDGE)
SEED = Library.of(TEXTS, PRODUCTS)
MAKER, CHECKER = Agent("a_1", "周主管"), Agent("a_2", "吴主管")
TOPIC = "transfer_issue"
OLD = SEED.answer(TOPIC).short
NEW = TEXTS[TOPIC].replace("请先看转账记录的状态", "先看转账记录")


@pytest.fixture
def editing(database: MovableDatabase, clock: FixedClock) -> Editing:
    return Editing(RevisionStore(database), TEXTS, PRODUCTS, clock, NoHints())


@pytest.fixture
def controlling(database: MovableDatabase, clock: FixedClock) -> Controlling:
    return Controlling(ControlStore(database), clock, NoHints())


@pytest.fixture
def running(database: MovableDatabase, clock: FixedClock) -> Operations:
    found = Operations(database, SEED, PRODUCTS, clock)
    found.refresh()
    return found


def said(running: Operations) -> str:
    running.refresh()
    return running.library.answer(TOPIC).short


def test_an_answer_is_live_only_when_a_second_person_approved_it(
    editing: Editing, running: Operations
) -> None:
    made = editing.submit(MAKER, TOPIC, NEW, 0, "说得更短")
    assert said(running) == OLD
    with pytest.raises(OwnChange):
        editing.decide(MAKER, made.id, Move.APPROVE, "")
    editing.decide(CHECKER, made.id, Move.APPROVE, "好")
    assert said(running).startswith("先看转账记录")
    assert running.library.answer(TOPIC).key.startswith(f"{TOPIC}@r1.")
    with pytest.raises(IllegalMove):
        editing.decide(CHECKER, made.id, Move.REJECT, "晚了")


def test_it_waits_for_its_day(editing: Editing, running: Operations, clock: FixedClock) -> None:
    later = clock.now() + timedelta(hours=2)
    made = editing.submit(MAKER, TOPIC, NEW, 0, "明天起", later)
    editing.decide(CHECKER, made.id, Move.APPROVE, "")
    assert said(running) == OLD
    clock.advance(2 * 3600)
    assert said(running) != OLD


def test_a_rollback_needs_two_people_and_in_an_emergency_one_first(
    editing: Editing, running: Operations
) -> None:
    editing.decide(CHECKER, editing.submit(MAKER, TOPIC, NEW, 0, "改").id, Move.APPROVE, "")
    assert said(running) != OLD
    back = editing.roll_back(MAKER, TOPIC, 0, "新说法有误", emergency=True)
    assert back.state is State.EMERGENCY
    assert said(running) == OLD
    with pytest.raises(OwnChange):
        editing.decide(MAKER, back.id, Move.APPROVE, "")
    editing.decide(CHECKER, back.id, Move.REJECT, "新说法是对的")
    assert said(running) != OLD
    with pytest.raises(BadRequest):
        editing.roll_back(MAKER, TOPIC, 99, "没有这个版本")


def test_what_is_wrong_is_refused_with_file_and_line(editing: Editing) -> None:
    with pytest.raises(WrongAnswer) as found:
        editing.submit(MAKER, TOPIC, NEW.replace("电子账户.到账时间", "电子账户.没有"), 0, "改")
    assert "transfer_issue.yml 第" in found.value.message
    with pytest.raises(BadRequest):
        editing.submit(MAKER, TOPIC, NEW, 0, " ")


def test_one_proposal_at_a_time_and_never_from_an_old_text(editing: Editing) -> None:
    first = editing.submit(MAKER, TOPIC, NEW, 0, "改")
    with pytest.raises(AnotherWaits):
        editing.submit(CHECKER, TOPIC, NEW, 0, "我也改")
    editing.decide(CHECKER, first.id, Move.APPROVE, "")
    with pytest.raises(OldBase):
        editing.submit(CHECKER, TOPIC, NEW, 0, "从旧的改")


def test_a_revision_that_no_longer_fits_gives_way_to_the_one_before(
    editing: Editing, database: MovableDatabase, clock: FixedClock
) -> None:
    """A release may rename a figure; nobody is left without an answer."""
    text = NEW.replace("{电子账户.到账时间}", "{电子账户.转账手续费}")
    editing.decide(CHECKER, editing.submit(MAKER, TOPIC, text, 0, "改").id, Move.APPROVE, "")
    figures = {name.partition(".")[0]: {} for name in PRODUCTS.paths()}  # type: ignore[var-annotated]
    for path in PRODUCTS.paths():
        product, _, name = path.partition(".")
        if path != "电子账户.转账手续费":
            figures[product][name] = PRODUCTS.value(path)
    running = Operations(database, SEED, Products(figures), clock)
    running.refresh()
    assert running.library.answer(TOPIC).short == OLD


def test_a_banner_is_shown_when_confirmed_until_it_is_taken_down(
    controlling: Controlling, running: Operations
) -> None:
    id = controlling.announce(MAKER, "转账延迟，正在恢复", "topic", (TOPIC,), "清算系统告警")
    running.refresh()
    assert not running.notice("app").banners
    with pytest.raises(OwnChange):
        controlling.decide(MAKER, id, Move.APPROVE, "")
    controlling.decide(CHECKER, id, Move.APPROVE, "")
    running.refresh()
    assert [b.text for b in running.notice("app").banners] == ["转账延迟，正在恢复"]
    assert running.controls.about(TOPIC, running.notice("app").banners[0].starts_at)
    controlling.decide(MAKER, id, Move.END, "已恢复")
    running.refresh()
    assert not running.notice("app").banners


def test_a_banner_of_an_emergency_is_shown_at_once_and_ends_by_itself(
    controlling: Controlling, running: Operations, clock: FixedClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    controlling.announce(MAKER, "系统维护", "channel", ("wechat",), "紧急", ends_at=until, emergency=True)
    running.refresh()
    assert running.notice("wechat").banners
    assert not running.notice("app").banners
    clock.advance(3600)
    assert not running.notice("wechat").banners


def test_one_switch_each_stops_negotiation_a_topic_or_a_channel(
    controlling: Controlling, running: Operations
) -> None:
    controlling.switch(MAKER, "topic", TOPIC, True, "答案有误")
    controlling.switch(MAKER, "channel", "app", True, "被攻击")
    controlling.switch(MAKER, "negotiation", "", True, "报价有误")
    running.refresh()
    assert running.controls.topic_stopped(TOPIC)
    assert not running.controls.may_negotiate()
    assert "956186" in (running.notice("app").stopped or "")
    controlling.switch(CHECKER, "channel", "app", False, "恢复")
    running.refresh()
    assert running.notice("app").stopped is None
    log = controlling.store.log_rows()
    assert {row["action"] for row in log} == {"switch_off", "switch_on"}
    assert all(row["reason"] and row["agent_name"] for row in log)
    with pytest.raises(BadRequest):
        controlling.switch(MAKER, "topic", "human_agent", True, "想停人工")
