"""Everything we can say is held to what must never be said: replies, answers, notices, words, refusals, figures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine.spoken import broken_rules
from bot.negotiation.never import Context, Grade, forbidden
from bot.negotiation.never_file import the_rules
from bot.turn import Turn
from conversation.message import Choice, Reply
from tests.unit.negotiation.test_never import MIDNIGHT

ROOT = Path(__file__).parents[3]
#: the customer's own words, and what only staff reads
NOT_SAID = {"says", "intent", "owner", "related", "title"}
#: what is checked at every hour and as if something were overdue and the reader doubted
STRICTEST = Context(at=MIDNIGHT, overdue=True, debtor=False)

DATA = sorted(
    [
        *ROOT.glob("bot/data/*/responses.yml"),
        *ROOT.glob("bot/data/knowledge/*.yml"),
        *ROOT.glob("bot/actions/*.yml"),
        ROOT / "bot/bank/data/products.yml",
    ]
)
CODE = sorted(
    path
    for package in (
        "bot/actions",
        "bot/bank",
        "bot/negotiation",
        "bot/plans",
        "conversation",
        "connectors",
        "escalation",
    )
    for path in (ROOT / package).rglob("*.py")
    if path.name not in {"never.py", "never_file.py"}
)
PAGES = sorted((ROOT / "connectors/app/page").glob("src/**/*.vue")) + sorted(
    (ROOT / "connectors/app/page").glob("src/**/*.ts")
)


def blocked(text: str, context: Context = STRICTEST) -> list[tuple[str, str]]:
    return [
        (breach.code, text[max(0, breach.start - 10) : breach.end + 10])
        for breach in forbidden(text, the_rules(), context)
        if breach.grade is Grade.BLOCK
    ]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in NOT_SAID:
                yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def literals(source: str) -> Iterator[str]:
    """Chinese texts of a module, docstrings of errors included (they are the errors' messages), English ones not."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            latin = sum(letter.isascii() and letter.isalpha() for letter in node.value)
            if sum(not letter.isascii() for letter in node.value) > latin:
                yield node.value


@pytest.mark.parametrize("path", DATA, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_reply_and_no_answer_says_it(path: Path) -> None:
    said = strings(yaml.safe_load(path.read_text("utf-8")))
    assert [found for text in said for found in blocked(text)] == []


def test_no_sentence_written_in_code_says_it() -> None:
    """Notices, refusals, errors, the bank's answers, reminders."""
    found = [
        (path.name, *one)
        for path in CODE
        for text in literals(path.read_text("utf-8"))
        for one in blocked(
            text, Context(at=MIDNIGHT, overdue=True)
        )  # what is built from the account is his own
        if not ("个性化分期" in text and "信用卡" in text)  # a card's own rule, said of cards only
    ]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_of_the_customers_says_it(path: Path) -> None:
    lines = (line for line in path.read_text("utf-8").splitlines() if not line.isascii())
    assert [found for line in lines for found in blocked(line)] == []


# ── at the moment of sending ─────────────────────────────────────────────────────────────────────────


def turn() -> Turn:
    return Turn("c", "t", "app", MIDNIGHT)


def test_a_turn_whose_words_break_a_rule_is_not_sent() -> None:
    """Wherever it stands: in the text, on a button, deep in a card."""
    said = "还清后征信马上恢复"
    for reply in (
        Reply(text=said),
        Reply(text="好", choices=(Choice(said, "affirm", {}),)),
        Reply(text="好", card={"kind": "offer", "lines": [{"label": "说明", "value": said}]}),
    ):
        assert broken_rules(turn(), [Reply(text="您好"), reply]) == ("credit_record",)


def test_ordinary_words_are_sent() -> None:
    card = {"kind": "offer", "title": "方案", "lines": [{"label": "每期", "value": "893.33 元"}]}
    assert broken_rules(turn(), [Reply(text="我找到一个方案，您慢慢看。", card=card)]) == ()
