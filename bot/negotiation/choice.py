"""Which offer next: the one with the highest expected value among those the customer can pay.

Looks ahead over every sequence of ever milder offers: a yes brings the offer's worth, a no brings either the
next offer or, some of the time, a customer who left; a person can be called in every turn. Exact dynamic
programming over (turn, last refused offer of each kind). Pure; the same inputs give the same choice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.money import ZERO, Money
from bot.negotiation.debtors import (
    Debtors,
    Said,
    chance_of_breach,
    chance_of_late_need,
    chance_of_leaving,
    chance_of_yes,
    expected_value,
    value_of_nothing,
    value_of_person,
    waiver_share,
)
from bot.negotiation.terms import Asked, Pricing
from bot.negotiation.values import Capacity, Debt, Offer, OfferKind

MOST_OFFERED = {OfferKind.PLAN: 14, OfferKind.EXTENSION: 3, OfferKind.LUMP: 5}


class Means(NamedTuple):
    """How much of what a customer says he has may be asked of him, and what a plan beyond his means costs."""

    monthly: float = 1.0  #: of what he can pay a month
    at_hand: float = 0.8  #: of his savings, as a down payment
    breach_share: float = 0.0  #: of the debt: what a plan beyond his means costs on top
    late_share: float = 0.0  #: of the debt: what an agreement with somebody who needed a person costs
    last_turn: int = 8


FIRST_OFFER = 2  #: the turn of it: after the question

#: the demo bank's: a plan beyond the means costs three times the debt on top; an agreement with somebody who needed a
#: person twenty times, so that the first offers hold a little longer and what is wrong has time to show
DEMO_MEANS = Means(breach_share=3.0, late_share=20.0)


@dataclass(frozen=True)
class Option:
    """An offer the customer can pay, with what the choice weighs. ``worth`` in 元, if it is within his means;
    ``value``: breach counted as of a first offer."""

    offer: Offer
    asked: Asked
    said: Said
    worth: float
    value: float


class Pick(NamedTuple):
    """``option`` None: call a person. ``expected`` in 元, ``yes`` 0..1."""

    option: Option | None
    expected: float
    yes: float


#: the last refused option of each kind: (plan, extension, lump)
Refused = tuple[int | None, int | None, int | None]
NONE_REFUSED: Refused = (None, None, None)
PLACE = {OfferKind.PLAN: 0, OfferKind.EXTENSION: 1, OfferKind.LUMP: 2}


def means_for(offer: Offer, asked: Asked, told: Capacity) -> Money:
    """What the customer says he can pay a month when this offer's first instalment falls due."""
    if offer.kind is OfferKind.EXTENSION and told.recovers_in is not None and asked.first > told.recovers_in:
        return told.later or told.monthly
    return told.monthly


def affordable(offer: Offer, asked: Asked, told: Capacity, means: Means) -> bool:
    """Within what he said: the monthly amount, and what is asked at once."""
    if offer.kind is OfferKind.LUMP:
        return asked.upfront <= told.at_hand
    if asked.upfront > told.at_hand.times(_share(means.at_hand)):
        return False
    return ZERO < asked.monthly <= means_for(offer, asked, told).times(_share(means.monthly))


def _share(share: float) -> str:
    return f"{share:.4f}"


def within(
    debt: Debt, legal: Sequence[Offer], told: Capacity, model: Debtors, means: Means, pricing: Pricing
) -> list[Option]:
    """Every legal offer he can pay, dearest first."""
    owed = float(debt.total.yuan)
    found = []
    for offer in legal:
        if _surely_beyond(debt, offer, told, means):
            continue
        price = pricing(debt, offer)
        if affordable(offer, price, told, means):
            found.append(_weighed(offer, price, told, model, means, owed))
    found.sort(key=lambda option: (-option.value, option.offer.terms, option.offer.waiver, option.offer.down))
    return found


def options(
    debt: Debt, legal: Sequence[Offer], told: Capacity, model: Debtors, means: Means, pricing: Pricing
) -> tuple[Option, ...]:
    """Those of them to choose from: without those another one beats for both sides, and not too many."""
    found = within(debt, legal, told, model, means, pricing)
    kept: list[Option] = []
    for kind in OfferKind:
        same = [option for option in found if option.offer.kind is kind]
        best = [option for option in same if not any(_beats(other, option) for other in same)]
        kept += _thinned(best, MOST_OFFERED[kind])
    return tuple(sorted(kept, key=lambda option: -option.value))


def _surely_beyond(debt: Debt, offer: Offer, told: Capacity, means: Means) -> bool:
    """Whether even the bare debt without interest would not fit: then nothing needs to be priced."""
    if offer.kind is not OfferKind.PLAN:
        return False
    bare = (debt.total - debt.waivable.percent(offer.waiver)).fen * (100 - offer.down) / 100
    return bool(bare > (float(told.monthly.fen) * means.monthly + 1) * offer.terms)


def _weighed(offer: Offer, price: Asked, told: Capacity, model: Debtors, means: Means, owed: float) -> Option:
    able = means_for(offer, price, told)
    share = float(price.monthly.fen / able.fen) if able.fen and price.monthly.fen else 0.0
    spare = float(price.upfront.fen / told.at_hand.fen) if told.at_hand.fen else 0.0
    said, worth = Said(share, waiver_share(offer), spare), expected_value(model, price)
    breach = chance_of_breach(model, offer.kind, FIRST_OFFER, said, None, growth(told))
    return Option(offer, price, said, worth, _counted(worth, breach, model, means, owed))


def _counted(worth: float, breach: float, model: Debtors, means: Means, owed: float) -> float:
    """The worth of an offer that proves beyond his means so often."""
    lost = value_of_nothing(model, owed) - means.breach_share * owed
    return (1 - breach) * worth + breach * min(worth, lost)


def _beats(one: Option, other: Option) -> bool:
    """Worth more to the bank and no harder on the customer."""
    milder = (
        one.said.share <= other.said.share
        and one.said.waiver >= other.said.waiver
        and one.said.upfront <= other.said.upfront
    )
    return one.value > other.value and milder


def _thinned(some: list[Option], most: int) -> list[Option]:
    """At most so many, spread from the dearest to the mildest."""
    if len(some) <= most:
        return some
    return [some[round(at * (len(some) - 1) / (most - 1))] for at in range(most)]


def never_dearer(option: Option, before: Option) -> bool:
    """Against the last offer of its kind: no more a month, no more at once, no less waived."""
    return (
        option.asked.monthly <= before.asked.monthly
        and option.asked.upfront <= before.asked.upfront
        and option.offer.waiver >= before.offer.waiver
    )


@dataclass
class Outlook:
    """The look ahead for one customer; values are remembered while it lasts."""

    options: tuple[Option, ...]
    model: Debtors
    means: Means
    owed: float
    growth: float
    _known: dict[tuple[int, Refused], Pick] = field(default_factory=dict)

    def pick(self, turn: int, refused: Refused) -> Pick:
        """The best move in this turn (from 1)."""
        known = self._known.get((turn, refused))
        if known is None:
            known = self._known[turn, refused] = self._search(turn, refused)
        return known

    def _search(self, turn: int, refused: Refused) -> Pick:
        best = Pick(None, value_of_person(self.model, self.owed), 0.0)
        if turn > self.means.last_turn:
            return best
        gone = value_of_nothing(self.model, self.owed)
        leaving = chance_of_leaving(self.model, turn)
        for index, option in enumerate(self.options):
            place = PLACE[option.offer.kind]
            last = refused[place]
            if last is not None and not never_dearer(option, self.options[last]):
                continue
            before = self.options[last].said if last is not None else None
            yes = chance_of_yes(self.model, option.offer.kind, turn, option.said, before, self.growth)
            value = self._value(option, turn, before)
            if yes * (value - best.expected) <= 0:
                continue
            after = list(refused)
            after[place] = index
            stays = self.pick(turn + 1, (after[0], after[1], after[2])).expected
            no = leaving * gone + (1 - leaving) * stays
            expected = yes * value + (1 - yes) * no - self.model.bank.turn_cost
            if expected > best.expected:
                best = Pick(option, expected, yes)
        return best

    def _value(self, option: Option, turn: int, before: Said | None) -> float:
        """What a yes in this turn brings, with what may come of it counted."""
        kind, late = option.offer.kind, chance_of_late_need(self.model, turn)
        breach = chance_of_breach(self.model, kind, turn, option.said, before, self.growth)
        counted = _counted(option.worth, breach, self.model, self.means, self.owed)
        return counted - late * self.means.late_share * self.owed


def growth(told: Capacity) -> float:
    """How far later means exceed today's, as a logarithm, 0..2."""
    if told.later is None or told.later <= told.monthly:
        return 0.0
    return 2.0 if not told.monthly.fen else min(2.0, math.log(told.later.fen / told.monthly.fen))
