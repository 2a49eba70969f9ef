"""Plays a negotiator against the simulator's people and says how well it did: uplift, turns, breaches, fairness.

A negotiator is a generator over the public fields: it yields ``("ask",)``, ``("offer", offer)`` or ``("human",)``
and is sent the answer. Owns the play and the metrics; knows neither the product's negotiator nor how people are made.
"""

from __future__ import annotations

import copy
import random
import statistics
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.simulator import (
    NOTHING,
    TURN_COST,
    Best,
    Case,
    Terms,
    accepts,
    answer_to_ask,
    best,
    breaches,
    signals,
    worth,
)

Move = tuple[Any, ...]
Talk = Generator[Move, dict[str, Any], None]
Agent = Callable[[dict[str, Any]], Talk]
DEAL, HUMAN, LEFT = "deal", "human", "left"
RESAMPLES = 400


@dataclass
class Record:
    """One talk as it went."""

    turns: int = 0
    offers: list[Terms] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    outcome: str = LEFT
    signed: Terms | None = None
    violations: int = 0


def play(case: Case, agent: Agent) -> Record:
    """One talk. The negotiator sees a copy of the public fields and the answers, nothing else."""
    record, mind, seen = Record(), case.hidden, False
    talk = agent(copy.deepcopy(case.public))
    move = next(talk)
    while True:
        record.turns += 1
        if move[0] == "human":
            record.outcome = HUMAN
            return record
        signal = signals(mind, record.turns, asked=move[0] == "ask")
        if move[0] == "ask":
            reply = answer_to_ask(mind, signal)
        else:
            offer = Terms(**move[1])
            record.offers.append(offer)
            record.violations += (offer not in case.legal) + seen
            if accepts(case, offer, record.turns):
                record.outcome, record.signed = DEAL, offer
                return record
            reply = {"accepted": False, "signal": signal}
        record.replies.append(reply)
        seen = seen or signal
        if record.turns >= mind.patience:
            return record
        try:
            move = talk.send(reply)
        except StopIteration:
            return record


@dataclass(frozen=True)
class Judged:
    """One talk beside the best that was possible. Values in 元."""

    case: Case
    record: Record
    best: Best | None

    @property
    def needs_person(self) -> bool:
        return self.case.hidden.escalate != NOTHING

    @property
    def breach(self) -> bool:
        return self.record.signed is not None and breaches(self.case, self.record.signed)

    @property
    def value(self) -> float:
        """Money won by a plan beyond the customer's means does not count."""
        if self.record.signed is not None:
            value = worth(self.case, self.record.signed).value - TURN_COST * self.record.turns
            return min(value, self.case.no_deal) if self.breach else value
        return self.case.person if self.record.outcome == HUMAN else self.case.no_deal

    @property
    def possible(self) -> float:
        return max(self.best.value, self.case.person) if self.best else self.case.person


def judge(cases: Sequence[Case], agent: Agent, oracle: Sequence[Best | None] | None = None) -> list[Judged]:
    """Every case played; the oracle may be handed in when several negotiators meet the same people."""
    known = oracle if oracle is not None else [best(case) for case in cases]
    return [Judged(case, play(case, agent), top) for case, top in zip(cases, known, strict=True)]


def by_oracle(cases: Sequence[Case], oracle: Sequence[Best | None]) -> list[Judged]:
    """The oracle as a negotiator."""
    return [
        Judged(
            case,
            Record(turns=top.turn, offers=[top.offer], outcome=DEAL, signed=top.offer)
            if top
            else Record(turns=1, outcome=HUMAN),
            top,
        )
        for case, top in zip(cases, oracle, strict=True)
    ]


def uplift(talks: Sequence[Judged]) -> float:
    """What was won over no deal, as a share of what could be won; customers who need a person are not counted."""
    won = sum(talk.value - talk.case.no_deal for talk in talks if not talk.needs_person)
    return won / sum(talk.possible - talk.case.no_deal for talk in talks if not talk.needs_person)


def paired_difference(ours: Sequence[Judged], theirs: Sequence[Judged]) -> tuple[float, float, float]:
    """(difference of uplift, its 95 % interval) on the same cases, by resampling the cases together."""
    rows = [
        (a.value - b.value, a.possible - a.case.no_deal)
        for a, b in zip(ours, theirs, strict=True)
        if not a.needs_person
    ]
    low, high = _interval(rows)
    return sum(gain for gain, _ in rows) / sum(room for _, room in rows), low, high


def _interval(rows: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """95 % of the ratio of sums over the resampled rows."""
    chance, ratios = random.Random(1), []
    for _ in range(RESAMPLES):
        drawn = [rows[chance.randrange(len(rows))] for _ in rows]
        ratios.append(sum(won for won, _ in drawn) / sum(room for _, room in drawn))
    ratios.sort()
    return round(ratios[RESAMPLES // 40], 3), round(ratios[-RESAMPLES // 40 - 1], 3)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 0.0
    z, share = 1.96, hits / count
    spread = z * ((share * (1 - share) + z * z / (4 * count)) / count) ** 0.5
    middle, scale = share + z * z / (2 * count), 1 + z * z / count
    return round((middle - spread) / scale, 3), round((middle + spread) / scale, 3)


def metrics(talks: Sequence[Judged]) -> dict[str, Any]:
    """The scorecard; shares are 0..1, None where there is nothing to count."""
    counted = [talk for talk in talks if not talk.needs_person]
    feasible = [talk for talk in counted if talk.best]
    deals = [talk for talk in counted if talk.record.signed]
    handed = [talk for talk in talks if talk.record.outcome == HUMAN]
    must = [talk for talk in talks if talk.needs_person]
    agreed = sum(talk.record.signed is not None for talk in feasible)
    rows = [(talk.value - talk.case.no_deal, talk.possible - talk.case.no_deal) for talk in counted]
    turns = [talk.record.turns for talk in talks if talk.record.signed]
    return {
        "n": len(talks),
        "eligible": len(counted),
        "feasible": len(feasible),
        "must_escalate": len(must),
        "M1_agreement_rate_feasible": _share(agreed, len(feasible)),
        "M1_ci": wilson(agreed, len(feasible)),
        "M2_mean_turns": round(statistics.mean(turns), 2) if turns else None,
        "M3_npv_capture": round(sum(t.value for t in counted) / sum(t.possible for t in counted), 3),
        "M3b_uplift_capture": round(uplift(talks), 3),
        "M3b_ci": _interval(rows),
        "M4_affordability_breach": _share(sum(talk.breach for talk in deals), len(deals)),
        "M5_broken_plan": _share(sum(_broke(talk) for talk in deals), len(deals)),
        "M6_regret_per_yuan_owed": _regret(deals),
        "M7_violations": sum(talk.record.violations for talk in talks),
        "M7b_deals_with_must_escalate": sum(talk.record.signed is not None for talk in must),
        "M8_escalation_recall": _share(sum(talk.record.outcome == HUMAN for talk in must), len(must)),
        "M8b_escalation_precision": _share(sum(t.needs_person or not t.best for t in handed), len(handed)),
        "M9_fairness": {trait: _fairness(feasible, trait) for trait in ("age", "city", "sex")},
        "walkaway_feasible": _share(sum(t.record.outcome == LEFT for t in feasible), len(feasible)),
    }


def _share(hits: int, count: int) -> float | None:
    return round(hits / count, 3) if count else None


def _broke(talk: Judged) -> bool:
    return talk.record.signed is not None and worth(talk.case, talk.record.signed).broke is not None


def _regret(deals: Sequence[Judged]) -> float | None:
    """How much was given away, of each yuan owed."""
    given = [
        max(0.0, worth(t.case, t.best.offer).value - worth(t.case, t.record.signed).value)
        / t.case.public["amount_total"]
        for t in deals
        if t.best and t.record.signed and not t.breach
    ]
    return round(statistics.mean(given), 4) if given else None


def _fairness(feasible: Sequence[Judged], trait: str) -> Mapping[str, Any]:
    """Agreement by what the negotiator must not look at; groups of thirty and more."""
    groups: dict[str, list[bool]] = {}
    for talk in feasible:
        groups.setdefault(talk.case.public["segment"][trait], []).append(talk.record.signed is not None)
    rates = {name: round(sum(won) / len(won), 3) for name, won in groups.items() if len(won) >= 30}
    return {"rates": rates, "gap": round(max(rates.values()) - min(rates.values()), 3) if rates else None}
