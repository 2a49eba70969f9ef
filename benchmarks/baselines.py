"""The negotiator to beat: asks, keeps to what the customer says he can pay, and gives way with time alone."""

from __future__ import annotations

from typing import Any

from benchmarks.scoring import Talk
from benchmarks.simulator import BROKEN, DISCOUNT, LAG, Dues, Terms, dues, legal_terms

HAZARD = (
    (30, 0.020),
    (90, 0.030),
    (180, 0.040),
    (10**6, 0.055),
)  #: days overdue → a month's chance of breaking off
SHARE, TURNS, HARDNESS = 0.85, 5, 2.0


def expected(debt: dict[str, Any], asked: Dues) -> float:
    """An offer's value to the bank when each month may be the last."""
    hazard = next(chance for days, chance in HAZARD if debt["dpd"] <= days)
    owed, alive, value = sum(asked.by_month().values()), 1.0, 0.0
    for month, amount in asked.by_month().items():
        still = (1 - hazard) ** month
        value += BROKEN * owed * (alive - still) / (1 + DISCOUNT) ** (month + LAG)
        value += still * amount / (1 + DISCOUNT) ** month
        alive, owed = still, owed - amount
    return value


def _within(offer: Terms, asked: Dues, told: dict[str, Any]) -> bool:
    if offer.kind == "lump":
        return bool(asked.upfront <= told["savings"])
    if offer.kind == "ext":
        enough = asked.monthly <= SHARE * told["capacity_after"]
        return bool(told["temporary"] and offer.ext >= told["recover_in"] and enough)
    return bool(asked.upfront <= 0.8 * told["savings"] and asked.monthly <= SHARE * told["capacity"])


def gives_way_with_time(debt: dict[str, Any]) -> Talk:
    """B8: from the dearest offer within the customer's means to the cheapest, in five steps of time."""
    legal = legal_terms(debt)
    if not legal:
        yield ("human",)
        return
    told = yield ("ask",)
    if told["signal"]:
        yield ("human",)
        return
    priced = [(offer, expected(debt, dues(debt, offer))) for offer in legal]
    values = [value for _, value in priced]
    top, bottom = max(values), min(values)
    priced = sorted(((o, (v - bottom) / (top - bottom)) for o, v in priced), key=lambda pair: -pair[1])
    means = [(o, use) for o, use in priced if _within(o, dues(debt, o), told)]
    for step in range(TURNS if means else 0):
        target = means[0][1] - (means[0][1] - means[-1][1]) * (step / (TURNS - 1)) ** HARDNESS
        offer = min(means, key=lambda pair: (abs(pair[1] - target), dues(debt, pair[0]).monthly))[0]
        reply = yield ("offer", offer._asdict())
        if reply["accepted"]:
            return
        if reply["signal"]:
            break
    yield ("human",)
