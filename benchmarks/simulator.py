"""Customers to bargain with: people made up from a seed, whose income, savings and patience the bot never sees.

Owns the people (`make`), how they answer (`Session`), what a deal brings the bank in the end (`worth`) and the
demo bank's limits as the simulator's own yardstick (`legal`). Knows no negotiator: `benchmarks.scoring` plays one
against these people. Amounts are floats in 元: a yardstick, not a book; what a customer is told comes from
`bot.money`. The same seed always makes the same people. Every distribution here is an assumption: the figures
rank ways of bargaining, they forecast no bank.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

TERMS = (3, 6, 12, 18, 24, 36, 48, 60)
WAIVERS = (0.0, 0.25, 0.5, 0.75, 1.0)
DOWNS = (0.0, 0.05, 0.1, 0.2)
DISCOUNT = 0.005  #: a month
LAG = 9  #: months until the rest of a broken plan, or of no plan, is recovered
BROKEN, NO_DEAL, PERSON, LATE = 0.30, 0.20, 0.32, 0.60  #: shares of what is owed that still come in
TURN_COST, PERSON_COST = 0.3, 25.0  #: 元
MOST_TURNS = 8
NEVER = 999  #: the month in which a lasting loss of income ends
SIGNALS = ("dispute", "fraud_victim", "serious_illness", "self_harm", "minor_or_incapacity", "death_of_borrower",
           "wants_human")  # fmt: skip
NOTHING, LEGAL_STAGE, OVER_AUTHORITY = "none", "legal_stage", "over_authority"
PUBLIC = ("case_id", "principal", "interest", "penalty", "fee", "amount_total", "rate", "dpd", "remaining_terms",
          "prior_restructures", "legal_stage", "segment")  # fmt: skip


class Terms(NamedTuple):
    """An offer: shares, not per cent; ``ext`` months of pause."""

    kind: str
    term: int = 0
    waive: float = 0.0
    down: float = 0.0
    ext: int = 0


@dataclass(frozen=True)
class Limits:
    """What the demo bank allows for a debt so many days overdue."""

    most_days: int
    max_term: int
    plan_waiver: float
    lump_waiver: float
    least_down: float
    most_pause: int


LIMITS = (
    Limits(30, 12, 0.25, 0.5, 0.0, 1),
    Limits(90, 24, 0.5, 1.0, 0.0, 3),
    Limits(180, 36, 0.75, 1.0, 0.0, 3),
    Limits(10**6, 60, 1.0, 1.0, 0.05, 0),
)
MOST_AMOUNT, THIRD_PLAN = 200_000, 2


@dataclass(frozen=True)
class Hidden:
    """What only the customer knows. Incomes and costs in 元 a month."""

    income_now: float
    income_after: float
    recover_month: int  #: 0: no loss of income; NEVER: a lasting one
    essential: float
    other_debt: float
    savings: float
    willing: float
    optimism: float  #: what he believes he can pay, by what he can
    understate: float  #: share he keeps back when asked; negative: he promises too much
    patience: int  #: turns until he leaves
    beta: float
    anchor: float
    waive_want: float
    hazard: float  #: a month's chance that something ends the plan
    reveal_turn: int
    reveal_on_ask: bool
    escalate: str

    def disposable(self, month: int) -> float:
        """What is left in a month after living and other debts."""
        lowered = self.recover_month == 0 or month <= self.recover_month
        income = self.income_now if lowered else self.income_after
        return max(0.0, income - self.essential - self.other_debt)

    def believed(self, month: int) -> float:
        """What he believes he could pay from that month on; he counts on better times a little."""
        return max(self.disposable(month), 0.35 * self.disposable(9)) * self.optimism


def limits(debt: dict[str, Any]) -> Limits | None:
    """From the public fields. None: the bot may offer nothing at all."""
    total = round(debt["principal"] + debt["interest"] + debt["penalty"] + debt["fee"], 2)
    if total > MOST_AMOUNT or debt["prior_restructures"] >= THIRD_PLAN or debt["legal_stage"]:
        return None
    return next(limits for limits in LIMITS if debt["dpd"] <= limits.most_days)


def legal_terms(debt: dict[str, Any]) -> tuple[Terms, ...]:
    """Every offer the demo bank allows on a debt. Principal and contract interest are never waived."""
    allowed = limits(debt)
    if allowed is None:
        return ()
    lumps = [Terms("lump", waive=share, down=1.0) for share in WAIVERS if share <= allowed.lump_waiver]
    plans = [
        Terms("plan", term, share, down)
        for share in WAIVERS
        for term in TERMS
        for down in DOWNS
        if share <= allowed.plan_waiver and term <= allowed.max_term and down >= allowed.least_down
    ]
    return (*lumps, *plans, *(Terms("ext", ext=months) for months in range(1, allowed.most_pause + 1)))


@dataclass(frozen=True)
class Case:
    """A debtor. ``public`` is what a negotiator may see, as the dictionary the case files hold."""

    public: dict[str, Any]
    hidden: Hidden

    @classmethod
    def read(cls, row: dict[str, Any]) -> Case:
        return cls({name: row[name] for name in PUBLIC}, Hidden(**row["hidden"]))

    def row(self) -> dict[str, Any]:
        return {**self.public, "hidden": asdict(self.hidden)}

    @cached_property
    def legal(self) -> tuple[Terms, ...]:
        """Every offer the demo bank allows here."""
        return legal_terms(self.public)

    @property
    def no_deal(self) -> float:
        return NO_DEAL * float(self.public["amount_total"]) / (1 + DISCOUNT) ** LAG

    @property
    def person(self) -> float:
        """What a human agent brings in, less his cost."""
        return PERSON * float(self.public["amount_total"]) / (1 + DISCOUNT) ** LAG - PERSON_COST


def annuity(owed: float, rate: float, terms: int) -> float:
    """The level monthly payment; ``rate`` a month."""
    return owed * rate / (1 - (1 + rate) ** -terms)


@dataclass(frozen=True)
class Dues:
    """What an offer asks for: at once, and ``count`` times ``monthly`` from month ``first`` on."""

    upfront: float
    monthly: float
    first: int
    count: int

    def by_month(self) -> dict[int, float]:
        now = {0: self.upfront} if self.upfront else {}
        return {**now, **{self.first + month: self.monthly for month in range(self.count)}}


def dues(debt: dict[str, Any], offer: Terms) -> Dues:
    principal, interest, waivable = debt["principal"], debt["interest"], debt["penalty"] + debt["fee"]
    total, rate = principal + interest + waivable * (1 - offer.waive), debt["rate"] / 12
    if offer.kind == "lump":
        return Dues(round(total, 2), 0.0, 1, 0)
    if offer.kind == "ext":
        months = debt["remaining_terms"]
        spread = (interest + waivable + principal * rate * offer.ext) / months
        return Dues(0.0, round(annuity(principal, rate, months) + spread, 2), offer.ext + 1, months)
    now = total * offer.down
    return Dues(round(now, 2), round(annuity(total - now, rate, offer.term), 2), 1, offer.term)


def accepts(case: Case, offer: Terms, turn: int) -> bool:
    """Whether he says yes in this turn: he gives way with time, from an anchor to what he believes he can pay."""
    mind, asked = case.hidden, dues(case.public, offer)
    passed = min(1.0, turn / max(1, mind.patience))
    if offer.kind == "lump":
        content = offer.waive >= mind.waive_want * (1 - passed)
        return mind.savings >= asked.upfront and content and mind.willing > 0.25
    if asked.upfront > mind.savings * 0.8 or mind.willing <= 0.2:
        return False
    if offer.kind == "ext":
        return mind.recover_month < NEVER and asked.monthly <= mind.believed(offer.ext + 1)
    share = mind.anchor + (1 - mind.anchor) * passed ** (1 / mind.beta)
    content = offer.waive >= mind.waive_want * max(0, 1 - passed - 0.25)
    return content and asked.monthly <= share * mind.believed(1)


class Outcome(NamedTuple):
    """What a signed deal came to: its expected value today, and the month he could not pay on, if any."""

    value: float
    broke: int | None


def worth(case: Case, offer: Terms) -> Outcome:
    """Month by month with what he really has; two missed months in a row end it, and a monthly hazard may."""
    mind, plan = case.hidden, dues(case.public, offer).by_month()
    saved, owed, alive, value, missed = mind.savings, sum(plan.values()), 1.0, 0.0, 0
    last = max(plan)
    for month in range(last + 1):
        left = mind.disposable(month) if month else 0.0
        if month:
            ended = alive * mind.hazard
            value += BROKEN * owed * ended / (1 + DISCOUNT) ** (month + LAG)
            alive -= ended
        asked = plan.get(month)
        if asked is None:
            saved += 0.15 * left
        elif left + saved >= asked - 0.005:
            saved += 0.3 * max(0.0, left - asked) - max(0.0, asked - left)
            value += alive * asked / (1 + DISCOUNT) ** month
            owed, missed = owed - asked, 0
        else:
            saved, missed = saved + left * 0.5, missed + 1
            if missed == 2 or month == 0:
                return Outcome(value + alive * BROKEN * owed / (1 + DISCOUNT) ** (month + LAG), month)
    if owed > 0.01:
        value += alive * LATE * owed / (1 + DISCOUNT) ** (last + 1)
    return Outcome(value, None)


def breaches(case: Case, offer: Terms) -> bool:
    """More than he has: the first instalment above his disposable income, or a lump above his savings."""
    asked = dues(case.public, offer)
    if offer.kind == "lump":
        return asked.upfront > case.hidden.savings + 0.01
    return asked.monthly > case.hidden.disposable(asked.first) + 0.01


@dataclass(frozen=True)
class Best:
    """The best that could have been signed, everything known; ``turn`` from 1."""

    value: float
    offer: Terms
    turn: int


def best(case: Case) -> Best | None:
    """The oracle: None where a person is right, or brings in more."""
    if case.hidden.escalate != NOTHING:
        return None
    found: Best | None = None
    for offer in case.legal:
        turn = next((t for t in range(1, case.hidden.patience + 1) if accepts(case, offer, t)), 0)
        if turn and not breaches(case, offer):
            value = worth(case, offer).value - TURN_COST * turn
            found = Best(value, offer, turn) if found is None or value > found.value else found
    return found if found and found.value > case.person else None


def answer_to_ask(mind: Hidden, signal: bool) -> dict[str, Any]:
    """What he says he can pay, now and once he has recovered, and what he has at hand."""
    told, recovered = (
        1 - mind.understate,
        NEVER - 1 if mind.recover_month == NEVER else mind.recover_month + 1,
    )
    return {
        "accepted": False,
        "capacity": mind.disposable(1) * told,
        "capacity_after": mind.disposable(recovered) * told,
        "recover_in": mind.recover_month,
        "savings": mind.savings * 0.9,
        "temporary": mind.recover_month not in (0, NEVER),
        "signal": signal,
    }


def signals(mind: Hidden, turn: int, asked: bool) -> bool:
    """Whether something that needs a person shows in this turn."""
    return mind.escalate in SIGNALS and (turn >= mind.reveal_turn or (asked and mind.reveal_on_ask))


def make(count: int, seed: int) -> Iterator[Case]:
    """``count`` people of a seed."""
    chance = random.Random(seed)
    for number in range(count):
        yield _person(chance, f"N{number:04d}")


CITIES = {"一线": (0.12, 9000), "新一线/二线": (0.33, 7200), "三线": (0.28, 5800), "四线及以下": (0.27, 5000)}
AGES = {"18-25": 0.18, "26-35": 0.38, "36-45": 0.24, "46-55": 0.14, "56+": 0.06}
SHOCKS = {"none": 0.35, "temporary": 0.42, "permanent": 0.23}
FLAGS = dict(zip((NOTHING, *SIGNALS), (0.80, 0.05, 0.03, 0.03, 0.01, 0.01, 0.01, 0.06)))


def _draw(chance: random.Random, weights: dict[str, float]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _person(chance: random.Random, name: str) -> Case:
    """The order of the draws is part of the seed's meaning."""
    age = _draw(chance, AGES)
    city = _draw(chance, {place: weight for place, (weight, _) in CITIES.items()})
    sex = chance.choice(["男", "女"])
    usual = CITIES[city][1] * chance.lognormvariate(0, 0.38)
    now, recovers = _shock(chance, usual)
    essential = max(1100, min(usual * 0.75, 1300 + 0.24 * usual + chance.gauss(0, 300)))
    other = usual * chance.choice([0, 0, 0, 0.05, 0.1, 0.2])
    debt = _debt(chance, usual)
    flag = _draw(chance, FLAGS)
    debt["legal_stage"] = chance.random() < 0.02
    debt["prior_restructures"] = chance.choices([0, 1, 2], [0.8, 0.15, 0.05])[0]
    debt["remaining_terms"] = chance.choice([3, 6, 9, 12, 18, 24])
    public = {**debt, "case_id": name, "segment": {"age": age, "city": city, "sex": sex}}
    public = {key: public[key] for key in PUBLIC}
    income = tuple(round(amount, 2) for amount in (now, usual))
    mind = _mind(chance, *income, recovers, round(essential, 2), round(other, 2), _flagged(public, flag))
    return Case(public, mind)


def _shock(chance: random.Random, usual: float) -> tuple[float, int]:
    """(income now, month it recovers)."""
    shock = _draw(chance, SHOCKS)
    if shock == "none":
        return usual, 0
    lost = chance.uniform(0.10, 0.55)
    return usual * (1 - lost), chance.randint(2, 8) if shock == "temporary" else NEVER


def _debt(chance: random.Random, usual: float) -> dict[str, Any]:
    if chance.random() > 0.02:
        principal = round(min(190_000, usual * chance.lognormvariate(0.75, 0.65)), 2)
    else:
        principal = round(chance.uniform(200_001, 320_000), 2)
    rate = chance.choice([0.072, 0.108, 0.144, 0.168, 0.18, 0.216])
    bands = [chance.randint(*days) for days in ((1, 30), (31, 90), (91, 180), (181, 540))]
    days = chance.choices(bands, [0.35, 0.3, 0.2, 0.15])[0]
    interest = round(principal * rate * min(days, 180) / 360, 2)
    penalty = round(principal * 0.25 * rate * 1.5 * days / 360, 2)
    fee = chance.choice([0, 0, 20, 50])
    total = round(principal + interest + penalty + fee, 2)
    return {"principal": principal, "interest": interest, "penalty": penalty, "fee": float(fee),
            "amount_total": total, "rate": rate, "dpd": days}  # fmt: skip


def _flagged(public: dict[str, Any], flag: str) -> str:
    if flag == NOTHING and public["legal_stage"]:
        return LEGAL_STAGE
    if flag == NOTHING and (
        public["amount_total"] > MOST_AMOUNT or public["prior_restructures"] >= THIRD_PLAN
    ):
        return OVER_AUTHORITY
    return flag


def _mind(chance: random.Random, now: float, usual: float, recovers: int, essential: float, other: float,
          flag: str) -> Hidden:  # fmt: skip
    return Hidden(
        income_now=now,
        income_after=usual,
        recover_month=recovers,
        essential=essential,
        other_debt=other,
        savings=round(chance.lognormvariate(7.2, 1.1), 2) if chance.random() > 0.15 else 0.0,
        willing=round(chance.betavariate(4, 2), 3),
        optimism=round(chance.uniform(0.75, 1.35), 3),
        understate=round(chance.choice([-0.3, -0.15, 0, 0, 0, 0.1, 0.2, 0.35]), 3),
        patience=chance.randint(2, MOST_TURNS),
        beta=chance.choice([0.3, 0.6, 1, 2, 4]),
        anchor=round(chance.uniform(0.2, 0.6), 3),
        waive_want=chance.choice([0, 0.25, 0.5, 1.0]),
        hazard=round(chance.uniform(0.004, 0.06), 4),
        reveal_turn=chance.choice([1, 1, 1, 2, 3]),
        reveal_on_ask=chance.random() < 0.97,
        escalate=flag,
    )


def load(lines: Iterable[str]) -> list[Case]:
    """The cases of a JSON-lines file."""
    return [Case.read(json.loads(line)) for line in lines if line.strip()]
