"""What is bargained about: a debt's public facts, an offer, what the customer can pay. Frozen values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.money import ZERO, Money, Rate, Span


class Creditor(str, Enum):
    """Who is owed. The bot never bargains over a debt the bank no longer owns."""

    OWN = "own"
    PARTNER = "partner"  #: lent together with another lender
    GUARANTEED = "guaranteed"  #: somebody else stands surety and may have paid
    SOLD = "sold"


@dataclass(frozen=True)
class Debt:
    """One debt as the bank's books show it on the day of the talk; nothing of the customer's person.

    ``overdue_days`` 0: not yet due. ``remaining_terms`` and ``elapsed_terms`` in months. ``used`` is the principal
    used so far, for how many days each, and ``costs_paid`` what it has cost already: with them the 24% test counts
    the debt's whole life; without them (``used`` empty) the new cost of a plan alone.
    """

    id: str
    product: str
    principal: Money
    interest: Money
    penalty: Money
    fee: Money
    rate: Rate
    overdue_days: int
    remaining_terms: int
    elapsed_terms: int = 0
    creditor: Creditor = Creditor.OWN
    restructurings: int = 0  #: plans agreed before on this debt
    legal_stage: bool = False
    extended_months: int = 0  #: months by which the loan was extended before
    used: tuple[Span, ...] = ()
    costs_paid: Money = ZERO

    @property
    def waivable(self) -> Money:
        """Principal and contract interest are never waived."""
        return self.penalty + self.fee

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.waivable


class OfferKind(str, Enum):
    LUMP = "lump"  #: all at once
    PLAN = "plan"  #: monthly instalments
    EXTENSION = "ext"  #: the payments start later


@dataclass(frozen=True)
class Offer:
    """One thing that may be offered; what a kind does not know stays 0. ``waiver`` and ``down`` are per cent (of penalty and fee; of what is then owed,
    paid at once); ``terms`` months of a plan; ``pause`` months of an extension."""

    kind: OfferKind
    terms: int = 0
    waiver: int = 0
    down: int = 0
    pause: int = 0


@dataclass(frozen=True)
class Capacity:
    """What the customer said he can pay; a figure he did not name is None.

    ``monthly`` now, ``later`` once he has recovered, ``recovers_in`` months; ``at_hand`` can be paid at once.
    """

    monthly: Money
    later: Money | None = None
    recovers_in: int | None = None
    at_hand: Money = ZERO
    temporary: bool = False
