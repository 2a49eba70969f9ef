"""A promise to pay through the real program: said, confirmed, written by the worker, known in the next message."""

from __future__ import annotations

import pytest

from tests.harness import Customer, Program

pytestmark = pytest.mark.model
LATE = "C0008"  #: one overdue loan of the bank's own


def press(customer: Customer, title: str) -> str:
    """A button of what was said last; the answer's text."""
    shown = next(event for event in reversed(customer.events) if event["buttons"])
    payload = next(one["payload"] for one in shown["buttons"] if one["title"] == title)
    seq = customer.post(payload=payload).raise_for_status().json()["seq"]
    return str(customer.hear(seq)["text"])


def test_a_promise_is_kept_changed_and_taken_back(program: Program) -> None:
    customer = program.customer(LATE)
    assert "1,000.00 元" in customer.ask("后天还1000")["text"]
    assert "记下了" in press(customer, "确认办理")
    standing = customer.ask("我答应哪天还来着")["text"]
    assert "1,000.00 元" in standing
    assert "改成" in customer.ask("改到大后天")["text"]
    assert "记下了" in press(customer, "确认办理")
    assert "取消了" in customer.ask("取消约定")["text"]
    assert "没有记着" in customer.ask("我答应哪天还来着")["text"]
