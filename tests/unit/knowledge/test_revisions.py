"""Which revision is in force, who may move it, what is stale, what a search finds: rules without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.bank.products import Products
from bot.knowledge.library import Library
from bot.knowledge.revisions import Revision, candidates, difference, newest
from bot.knowledge.suggest import suggest
from conversation.controls import Banner, Controls
from conversation.errors import IllegalMove
from conversation.four_eyes import LEGAL, Move, NotYourChange, OwnChange, State, Who, moved

NOW = datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
LIBRARY = Library.load(Path(__file__).resolve().parents[3] / "bot/data/knowledge", Products.load())


def revision(number: int, state: State = State.APPROVED, from_: datetime = NOW) -> Revision:
    return Revision(
        id=f"r{number}",
        intent="rate",
        number=number,
        base=number - 1,
        text="",
        restores=None,
        state=state,
        reason="",
        effective_from=from_,
        maker_id="a",
        maker_name="甲",
        made_at=NOW,
        checker_id=None,
        checker_name=None,
        checked_at=None,
        comment=None,
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("actor", ["maker", "other"])
def test_only_the_moves_of_the_table_are_possible_and_only_by_whom_it_says(
    state: State, move: Move, actor: str
) -> None:
    if (state, move) not in LEGAL:
        with pytest.raises(IllegalMove):
            moved(state, move, actor, "maker")
        return
    after, who = LEGAL[state, move]
    if (who, actor) == (Who.OTHER, "maker"):
        with pytest.raises(OwnChange):
            moved(state, move, actor, "maker")
    elif (who, actor) == (Who.MAKER, "other"):
        with pytest.raises(NotYourChange):
            moved(state, move, actor, "maker")
    else:
        assert moved(state, move, actor, "maker") is after


def test_nobody_ever_approves_his_own_change() -> None:
    assert all(who is Who.OTHER for (_, move), (_, who) in LEGAL.items() if move is Move.APPROVE)


def test_the_last_approved_whose_day_has_come_is_in_force() -> None:
    later = revision(3, from_=NOW + timedelta(days=1))
    ones = [revision(1), revision(2, State.EMERGENCY), later, revision(4, State.WAITING)]
    assert [one.number for one in candidates(ones, NOW)["rate"]] == [2, 1]
    assert candidates(ones, NOW + timedelta(days=1))["rate"][0] is later
    assert newest(ones) == 3
    assert newest([]) == 0


def test_a_difference_shows_what_goes_and_what_comes() -> None:
    found = difference("a\nb\nc", "a\nx\nc")
    assert [(line["kind"], line["text"]) for line in found if line["kind"] in ("added", "removed")] == [
        ("removed", "b"),
        ("added", "x"),
    ]


def test_an_answer_is_stale_after_its_review_date_or_without_an_update_for_too_long() -> None:
    entry = LIBRARY.entry("transfer_issue")
    assert entry.stale(entry.review_by) is None
    assert "复核" in (entry.stale(entry.review_by + timedelta(days=1)) or "")
    assert entry.stale(date(2026, 11, 24)) is None


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("转账没到账", "transfer_issue"),
        ("提前还款违约金", "early_repay_cost"),
        ("征信", "credit_report"),
        ("换手机号", "change_phone"),
        ("卡丢了挂失", "card_loss_freeze"),
    ],
)
def test_what_an_agent_types_finds_the_answer(typed: str, intent: str) -> None:
    assert intent in [one.intent for one in suggest(typed, LIBRARY)][:3]


@pytest.mark.parametrize("typed", ["", "  ", "🙂", "qqqq"])
def test_what_is_nowhere_finds_nothing(typed: str) -> None:
    assert suggest(typed, LIBRARY) == []


def test_every_channel_is_told_its_own_banners_and_everybodys() -> None:
    end = NOW + timedelta(hours=1)
    banners = (
        Banner("b1", "全部", "all", (), NOW, None),
        Banner("b2", "微信", "channel", ("wechat",), NOW, end),
        Banner("b3", "转账", "topic", ("transfer_issue",), NOW, None),
    )
    controls = Controls(banners, frozenset({("channel", "weibo"), ("topic", "fraud_report")}))
    assert [one.id for one in controls.notice("app", NOW, "1").banners] == ["b1", "b3"]
    assert [one.id for one in controls.notice("wechat", NOW, "1").banners] == ["b1", "b2", "b3"]
    assert [one.id for one in controls.notice("wechat", end, "1").banners] == ["b1", "b3"]
    assert [one.id for one in controls.about("transfer_issue", NOW)] == ["b3"]
    assert "95" in (controls.notice("weibo", NOW, "95").stopped or "")
    assert not controls.topic_stopped("fraud_report"), "what protects people is never stopped"
    assert controls.may_negotiate()
