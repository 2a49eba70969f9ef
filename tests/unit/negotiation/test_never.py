"""What must never be said: each rule has its source, finds what it forbids, and lets the look-alikes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.negotiation.mandate import Limits, Range
from bot.negotiation.never import (
    ANYWHERE,
    FIGURE_RULES,
    Breach,
    Context,
    Grade,
    Rule,
    Speaker,
    blocks,
    forbidden,
)
from bot.negotiation.never_file import NeverFileError, read_rules, the_rules

SET = Path(__file__).parents[3] / "benchmarks" / "sets" / "never.tsv"
MIDNIGHT = datetime(2026, 11, 24, 15, 30, tzinfo=timezone.utc)  # 23:30 in Shanghai
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=timezone.utc)
CONTEXTS = {
    "-": ANYWHERE,
    "card": Context(card=True),
    "overdue": Context(overdue=True),
    "night": Context(at=MIDNIGHT),
    "others": Context(debtor=False),
    "agent": Context(speaker=Speaker.AGENT),
}


def sentences() -> Iterator[tuple[str, Context, str]]:
    for line in SET.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, where, text = line.split("\t")
            yield code, CONTEXTS[where], text


def codes(text: str, context: Context = ANYWHERE) -> set[str]:
    return {breach.code for breach in forbidden(text, the_rules(), context)}


@pytest.mark.parametrize(("code", "context", "text"), [one for one in sentences() if one[0] != "-"])
def test_what_must_never_be_said_is_found_under_its_name(code: str, context: Context, text: str) -> None:
    assert code in codes(text, context)


@pytest.mark.parametrize(("context", "text"), [one[1:] for one in sentences() if one[0] == "-"])
def test_what_only_looks_like_it_may_be_said(context: Context, text: str) -> None:
    assert codes(text, context) == set()


def test_the_labelled_set_is_large_and_every_rule_has_sentences() -> None:
    counted = Counter(code for code, _, _ in sentences())
    assert sum(counted.values()) >= 300
    assert {rule.code for rule in the_rules().rules} <= set(counted)


@pytest.mark.parametrize("rule", [*the_rules().rules, *FIGURE_RULES], ids=lambda rule: rule.code)
def test_every_rule_has_a_source_a_name_and_what_to_say_instead(rule: Rule) -> None:
    """An agent is shown what he may say; an auditor, by which law."""
    assert rule.sources
    assert rule.title
    assert rule.advice


@pytest.mark.parametrize("rule", the_rules().rules, ids=lambda rule: rule.code)
def test_the_advice_itself_may_be_said(rule: Rule) -> None:
    assert not codes(rule.advice, Context(at=MIDNIGHT, overdue=True, debtor=False))


@pytest.mark.parametrize(
    "text", ["不 还 就 坐 牢", "不\u200b还就坐\u200b牢", "不还，就坐牢", "不*还*就坐·牢"]
)
def test_spacing_a_word_out_hides_nothing(text: str) -> None:
    assert "threat_crime" in codes(text)


def test_a_harmless_beginning_covers_no_threat() -> None:
    assert "threat_crime" in codes("一般不会坐牢，但是您不还就坐牢")
    assert "credit_record" in codes("征信记录不能花钱删除。不过还清后征信马上恢复")


def test_a_breach_says_where_it_is_and_what_may_be_said() -> None:
    text = "您好，  回复同意就算签署。"
    (breach,) = forbidden(text, the_rules())
    assert text[breach.start : breach.end].startswith("回复同意就算签")
    assert "签署页" in breach.advice


@given(st.text(alphabet="不还就坐牢删除征信帮您￥½①Ⅷﬁ１２ \n\u200b。，同意回复算签署", max_size=40))
def test_spans_are_always_inside_the_text(text: str) -> None:
    for breach in forbidden(text, the_rules(), Context(at=MIDNIGHT, overdue=True, debtor=False)):
        assert 0 <= breach.start < breach.end <= len(text)


def test_only_what_is_forbidden_is_held_back() -> None:
    warned = forbidden("可以给您办展期", the_rules(), Context(overdue=True))
    assert warned
    assert not blocks(warned)
    assert blocks(forbidden("不还就坐牢", the_rules()))


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────

LIMITS = Limits("t", Range(1, 30), (3, 6, 12), (0, 25), (0, 5), (0, 25, 50), (1, 2))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("罚息减免 75%", "over_waiver"),
        ("可以减免百分之80", "over_waiver"),
        ("给您分24期", "over_terms"),
        ("可以延长到36个月", "over_terms"),
        ("延后6个月再还", "over_pause"),
    ],
)
def test_nobody_promises_more_than_the_mandate(text: str, code: str) -> None:
    assert codes(text, Context(limits=LIMITS)) == {code}


@pytest.mark.parametrize(
    "text", ["罚息减免 50%", "给您分12期", "延后2个月再还", "年化 24%", "减免 25%，分6期"]
)
def test_what_the_mandate_allows_may_be_said(text: str) -> None:
    assert codes(text, Context(limits=LIMITS)) == set()


def test_an_amount_that_is_not_on_the_card_contradicts_it() -> None:
    told = Context(told=frozenset({"1,253.25", "30,078.00"}))
    assert codes("每期 1,253.25 元，共还 30078 元", told) == set()
    assert codes("每期 1200 元就行", told) == {"other_amount"}


@pytest.mark.parametrize(("at", "free"), [(NOON, True), (MIDNIGHT, False)])
def test_nobody_is_written_to_by_night_who_did_not_write(at: datetime, free: bool) -> None:
    """08:00–22:00 only, whatever the words."""
    found = codes("您约好的还款日是明天。", Context(at=at, outreach=True))
    assert found == (set() if free else {"night_contact"})


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────

RULE = """
版本: t
词: {x: 甲|乙}
规则:
  one:
    名称: 名
    级别: 禁止
    依据: [法]
    建议: 别说
    说法: ['%s']
"""


def test_a_word_list_and_a_gap_are_filled_in() -> None:
    rules = read_rules(RULE % "{x}{g2}丙")
    assert [type(one) for one in forbidden("乙的丙", rules)] == [Breach]
    assert not forbidden("乙一二三丙", rules)


@pytest.mark.parametrize("saying", ["(", "{unknown}"])
def test_a_rule_that_is_out_of_form_stops_the_start_by_name(saying: str) -> None:
    with pytest.raises(NeverFileError, match="one"):
        read_rules(RULE % saying)


def test_a_missing_source_stops_the_start() -> None:
    with pytest.raises(NeverFileError, match="依据"):
        read_rules((RULE % "丙").replace("    依据: [法]\n", ""))


def test_all_rules_apply_to_agents_but_the_one_on_robots() -> None:
    agent = replace(ANYWHERE, speaker=Speaker.AGENT)
    assert "says_human" not in codes("我是真人客服", agent)
    assert "threat_crime" in codes("不还就坐牢", agent)


def test_the_day_of_the_rules_is_kept() -> None:
    """The version goes into every record of an override."""
    assert date.fromisoformat(the_rules().version)
    assert all(rule.grade in Grade for rule in the_rules().rules)
