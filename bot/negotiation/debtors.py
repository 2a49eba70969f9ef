"""What a bank learned about its debtors from its own cases, as data: who says yes, who leaves, what breaks.

Owns the model's values, how they are read from a file's bytes (`read_model`) and the three questions asked of
it: how likely is a yes, how likely is a plan beyond the customer's means, what is an offer worth. The figures
come from the file; `benchmarks.learn` writes one and says from which cases. No trait of a person is in it:
what counts is what he said he can pay, what he was offered and when. Amounts are floats in 元: these are
expectations, never amounts told to anyone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec

from bot.negotiation.terms import Asked
from bot.negotiation.values import Offer, OfferKind

FIRST, AGAIN = "first", "again"


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bank's own assumptions: shares of what is owed that still come in after ``lag`` months; costs in 元."""

    discount: float  #: a month
    lag: int
    broken: float  #: recovered after a broken plan
    nothing: float  #: recovered when the customer left
    person: float  #: recovered by a human agent
    turn_cost: float
    person_cost: float


class Yes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistic model: ``weights`` by the name of what is weighed."""

    base: float
    weights: dict[str, float]

    def chance(self, facts: dict[str, float]) -> float:
        score = self.base + sum(weight * facts[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``value`` holds up to ``upto``, and not beyond."""

    upto: float
    value: float


class Breach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs beyond his means: nobody seen at a share of ``safe`` or less; above it by a logistic model."""

    safe: float
    above: Yes


class Debtors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole model. ``yes`` by "kind turn first|again"; ``leaves`` by turn: who goes after a refusal there."""

    version: str
    provenance: dict[str, str]
    bank: Bank
    yes: dict[str, Yes]
    leaves: tuple[float, ...]  #: from turn 1
    breach: dict[str, Breach]  #: by kind, of signed deals; a kind without one was never seen beyond the means
    late: tuple[float, ...]  #: by turn: who signs there and, as shows only later, needed a person
    breaks: tuple[Band, ...]  #: a month's chance that a plan ends, by month


class Said(NamedTuple):
    """An offer beside what the customer said: ``share`` of what he can pay that it asks, ``waiver`` 0..1."""

    share: float
    waiver: float
    upfront: float  #: of what is at hand, 0..1


def read_model(content: bytes) -> Debtors:
    """The model of a JSON file's bytes; msgspec.ValidationError names the field that is wrong."""
    model = msgspec.json.decode(content, type=Debtors)
    if not model.leaves or not model.breaks or not model.late:
        raise msgspec.ValidationError("leaves, breaks and late must not be empty")
    return model


def facts(now: Said, before: Said | None, growth: float) -> dict[str, float]:
    """What the model weighs. ``growth``: how far what he can pay later exceeds what he can pay now (log)."""
    said = {
        "share": now.share,
        "log_share": math.log(max(0.02, now.share)),
        "growth": growth,
        "growth_share": growth * now.share,
        "quarter": float(now.waiver >= 0.25),
        "half": float(now.waiver >= 0.5),
        "most": float(now.waiver >= 0.75),
        "upfront": now.upfront,
    }
    if before is not None:
        drop = math.log(max(0.02, before.share)) - said["log_share"]
        said["before"] = before.share
        said["drop"] = drop
        said["little_drop"] = min(drop, 0.15)
        said["waived_more"] = now.waiver - before.waiver
        said["waived_at_all"] = float(now.waiver > 0 and before.waiver <= 0)
    return said


def chance_of_yes(
    model: Debtors, kind: OfferKind, turn: int, now: Said, before: Said | None, growth: float
) -> float:
    """0..1; ``before``: the last offer of this kind that he refused."""
    name = f"{kind.value} {turn} {FIRST if before is None else AGAIN}"
    known = model.yes.get(name)
    return known.chance(facts(now, before, growth)) if known else 0.0


def chance_of_leaving(model: Debtors, turn: int) -> float:
    """That a customer who refuses in this turn (from 1) is gone."""
    return model.leaves[min(turn, len(model.leaves)) - 1]


def breach_facts(turn: int, now: Said, before: Said | None, growth: float) -> dict[str, float]:
    """What the model of breaches weighs."""
    return {
        "share": now.share,
        "very_much": max(0.0, now.share - 0.9),
        "growth": growth,
        "much_growth": float(growth > 1.0),
        "turn": float(turn),
        "again": float(before is not None),
        "drop": math.log(max(0.02, before.share) / max(0.02, now.share)) if before is not None else 0.0,
    }


def chance_of_breach(
    model: Debtors, kind: OfferKind, turn: int, now: Said, before: Said | None, growth: float
) -> float:
    """That an offer signed in this turn proves beyond what the customer has, 0..1."""
    known = model.breach.get(kind.value)
    if known is None or now.share <= known.safe:
        return 0.0
    return known.above.chance(breach_facts(turn, now, before, growth))


def chance_of_late_need(model: Debtors, turn: int) -> float:
    """That who signs in this turn needs a person, and has not shown it yet."""
    return model.late[min(turn, len(model.late)) - 1]


def expected_value(model: Debtors, asked: Asked) -> float:
    """Today's value when each month may be the plan's last, 元."""
    bank = model.bank
    monthly, upfront = float(asked.monthly.yuan), float(asked.upfront.yuan)
    owed, alive, value = monthly * asked.count, 1.0, upfront
    for month in range(1, asked.first + asked.count if asked.count else 0):
        ended = alive * _band(model.breaks, month)
        value += bank.broken * owed * ended / (1 + bank.discount) ** (month + bank.lag)
        alive -= ended
        if month >= asked.first:
            value += alive * monthly / (1 + bank.discount) ** month
            owed -= monthly
    return value


def value_of_nothing(model: Debtors, owed: float) -> float:
    return model.bank.nothing * owed / (1 + model.bank.discount) ** model.bank.lag


def value_of_person(model: Debtors, owed: float) -> float:
    return model.bank.person * owed / (1 + model.bank.discount) ** model.bank.lag - model.bank.person_cost


def waiver_share(offer: Offer) -> float:
    return offer.waiver / 100


def _band(bands: tuple[Band, ...], at: float) -> float:
    return next((band.value for band in bands if at <= band.upto), bands[-1].value if bands else 0.0)
