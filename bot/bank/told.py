"""The demo's customers as their file tells them, and a loan's books as they were told on an earlier day.

The demo tells every story afresh each business day, so a loan's yesterday is gone from its rows; here it is told again,
for a plan that was priced then and is signed now.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from bot.bank.ledger import Account
from bot.bank.stories import Story, loan_account

CUSTOMERS_FILE = Path(__file__).parent / "data" / "customers.yml"


def read_stories(path: Path = CUSTOMERS_FILE) -> list[Story]:
    """The customers' stories."""
    stories: list[Story] = yaml.safe_load(path.read_text("utf-8"))
    return stories


def loan_id_of(customer_id: str, number: int) -> str:
    """The id of a customer's loan; ``number`` counts from 1."""
    return f"L{customer_id[1:]}{number}"


def told_on(loan_id: str, penalty_multiple: str, day: date) -> Account:
    """A loan's books as they were told on `day`; KeyError for a loan nobody tells of."""
    for story in read_stories():
        for number, loan in enumerate(story.get("loans", ()), start=1):
            if loan_id_of(story["id"], number) == loan_id:
                return loan_account(loan, penalty_multiple, day)
    raise KeyError(loan_id)
