"""More of what the bank's port tells: cards, pay-outs, account movements, log-in and verification, past requests.

Owns frozen values beside `ports`; the same rules: Money, business days, texts that may be told to the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.money import Money


class CardState(str, Enum):
    """Whether a bound card works."""

    ACTIVE = "active"
    BLOCKED = "blocked"  #: reported lost, or refused by its bank


@dataclass(frozen=True)
class Card:
    """A card of another bank, bound for paying out and repaying."""

    id: str
    bank: str
    tail: str
    state: CardState
    debited: bool = False  #: instalments are taken from it


class DrawState(str, Enum):
    """What became of borrowing once."""

    PAID = "paid"
    PROCESSING = "processing"
    FAILED = "failed"


@dataclass(frozen=True)
class Draw:
    """One attempt to borrow and its pay-out."""

    id: str
    product: str
    day: date
    amount: Money
    account: str  #: where the money goes: 电子账户 or the card's bank
    account_tail: str
    state: DrawState
    reason: str = ""  #: Chinese, why it failed or what it waits for, and what helps


class TransactionState(str, Enum):
    """Whether money has moved."""

    DONE = "done"
    PROCESSING = "processing"
    RETURNED = "returned"  #: came back to the account


@dataclass(frozen=True)
class Transaction:
    """One movement on the customer's account; negative when money left."""

    day: date
    text: str  #: 转账, 赎回, 利息, 还款 …, with the other side masked
    amount: Money
    account_tail: str
    state: TransactionState
    reason: str = ""


@dataclass(frozen=True)
class Access:
    """Log-in, passwords, codes and identity checks; a day is when the stop ends by itself."""

    phone_tail: str
    password_locked_until: date | None = None
    identity_stopped_until: date | None = None
    identity_reason: str = ""  #: why the last check failed
    codes_stopped_until: date | None = None
    codes_reason: str = ""
    other_phone_tails: tuple[str, ...] = ()  #: other accounts of the same person


@dataclass(frozen=True)
class MadeRequest:
    """Something asked of the bank earlier; ``subject`` tells requests of one kind apart."""

    kind: str  #: a RequestKind's value
    subject: str
    state: str  #: a RequestState's value
    reference: str
    message: str
    at: datetime
