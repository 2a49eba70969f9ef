"""No bot worker is alive: the customer is told and reaches a person, never silence."""

from __future__ import annotations

from pathlib import Path

from tests.harness import running


def test_without_any_worker_the_customer_is_told_and_queued(tmp_path: Path) -> None:
    with running(tmp_path, "redis", "web", TURN_PATIENCE_SECONDS="2") as program:
        customer = program.guest()
        told = customer.hear(customer.say("怎么还款"), sender="system", seconds=15)
        assert "转接人工" in told["text"]
        customer.read()
        assert customer.desk == {"state": "queued", "position": 1, "agent_name": None}


def test_a_person_can_be_called_without_any_worker(tmp_path: Path) -> None:
    with running(tmp_path, "redis", "web") as program:
        customer = program.guest()
        customer.say("转人工")
        customer.read()
        assert customer.desk["state"] == "queued"
        desk = program.agent()
        summary = desk.claim_next()
        desk.reply(summary, "您好，我是小林，请讲。").raise_for_status()
        assert customer.hear(0, sender="agent")["text"] == "您好，我是小林，请讲。"
