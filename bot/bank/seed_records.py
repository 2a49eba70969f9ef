"""A demo customer's cards, pay-outs, movements and access, from his story. PURE.

What the story does not tell follows from the rest: one card that works, a pay-out for every loan drawn, a
movement for every repayment made, no stop on the log-in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.bank.ledger import Account
from bot.bank.port_records import CardState, DrawState, TransactionState
from bot.bank.ports import PaymentState
from bot.bank.stories import Story
from bot.money import ZERO, Money

LOAN = "随心借"
CARD_BANK = "示例银行"
OWN_ACCOUNT = "电子账户"

Row = dict[str, Any]


def card_rows(story: Story) -> Iterator[Row]:
    """Bound cards; without a word of them one that works."""
    told = story.get("cards", [{"bank": CARD_BANK, "tail": "8" + story["phone"][1:]}])
    for number, each in enumerate(told, start=1):
        yield {
            "id": f"K{story['id'][1:]}{number}",
            "customer_id": story["id"],
            "bank": each["bank"],
            "tail": each["tail"],
            "state": each.get("state", CardState.ACTIVE.value),
            "debited": each.get("debited", False),
        }


def draw_rows(story: Story, drawn: Sequence[Account], today: date) -> Iterator[Row]:
    """A pay-out for every loan, to his own account, and the attempts the story tells of."""
    account, tail = _own_account(story)
    for number, loan in enumerate(drawn, start=1):
        start = loan.plans[0]
        yield {
            "id": f"D{story['id'][1:]}{number}",
            "customer_id": story["id"],
            "product": LOAN,
            "day": start.start,
            "amount": start.principal,
            "account": account,
            "account_tail": tail,
            "state": DrawState.PAID.value,
            "reason": "",
        }
    for number, each in enumerate(story.get("draws", ()), start=len(drawn) + 1):
        yield {
            "id": f"D{story['id'][1:]}{number}",
            "customer_id": story["id"],
            "product": each.get("product", LOAN),
            "day": today - timedelta(days=each["ago"]),
            "amount": Money.parse(each["amount"]),
            "account": each.get("account", account),
            "account_tail": each.get("tail", tail),
            "state": each["state"],
            "reason": each.get("reason", ""),
        }


def transaction_rows(story: Story, payments: Sequence[Mapping[str, Any]], today: date) -> list[Row]:
    """What left and came, the oldest first: repayments made, and what the story tells of."""
    _, tail = _own_account(story)
    moved = [
        {
            "day": each["day"],
            "text": f"还款 {each['product']}",
            "amount": ZERO - each["amount"],
            "state": TransactionState.DONE.value,
            "reason": "",
        }
        for each in payments
        if each["state"] == PaymentState.DONE.value
    ]
    for each in story.get("transactions", ()):
        moved.append(
            {
                "day": today - timedelta(days=each["ago"]),
                "text": each["text"],
                "amount": Money.parse(each["amount"]),
                "state": each.get("state", TransactionState.DONE.value),
                "reason": each.get("reason", ""),
            }
        )
    oldest_first = sorted(moved, key=lambda each: each["day"])
    return [{"customer_id": story["id"], "account_tail": tail, **each} for each in oldest_first]


def access_row(story: Story, today: date) -> Row:
    """Log-in and checks; nothing is stopped unless the story says so."""
    told = story.get("access", {})

    def until(name: str) -> date | None:
        return today + timedelta(days=told[name]) if name in told else None

    return {
        "customer_id": story["id"],
        "phone_tail": story["phone"],
        "password_locked_until": until("password_locked"),
        "identity_stopped_until": until("identity_stopped"),
        "identity_reason": told.get("identity_reason", ""),
        "codes_stopped_until": until("codes_stopped"),
        "codes_reason": told.get("codes_reason", ""),
        "other_phone_tails": ",".join(told.get("other_phones", ())),
    }


def _own_account(story: Story) -> tuple[str, str]:
    """Where money goes: his account with the bank, else his first card."""
    accounts = [each for each in story.get("deposits", ()) if each["product"] == OWN_ACCOUNT]
    if accounts:
        return OWN_ACCOUNT, accounts[0]["tail"]
    first = next(card_rows(story))
    return first["bank"], first["tail"]
