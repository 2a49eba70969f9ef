"""Learns what the negotiator knows of debtors from past cases, as a bank would: what was said, offered, answered,
who left, whose proof of income showed a plan beyond his means, when plans ended.

The past cases are played by the simulator from seeds of their own (`SEEDS`), never those a figure is reported on,
first by agents who tried offers at random, then by the negotiator itself with a random offer now and then. Run:
``python -m benchmarks.learn bot/negotiation/data/debtors.json``. Reads public fields, answers and outcomes only.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.negotiator import PRICING, capacity, debt_of, legal, to_terms
from benchmarks.simulator import (
    BROKEN,
    DISCOUNT,
    LAG,
    MOST_TURNS,
    NO_DEAL,
    PERSON,
    PERSON_COST,
    SIGNALS,
    TURN_COST,
    Case,
    accepts,
    answer_to_ask,
    breaches,
    make,
    signals,
)  # fmt: skip
from bot.negotiation.choice import PLACE, Means, Option, Outlook, Refused, growth, never_dearer, options
from bot.negotiation.debtors import (
    AGAIN,
    FIRST,
    Bank,
    Breach,
    Debtors,
    Yes,
    breach_facts,
    facts,
    read_model,
)

SEEDS = range(2000, 2048)
COUNT = 1200
VERSION = "2026-11-24.2"  #: kept with every move; a new one for every model
MONTH_EDGES = (6, 12, 18, 24, 36, 60)
LEAST_ROWS = 80


class Row(NamedTuple):
    """One offer and its answer."""

    name: str
    facts: dict[str, float]
    yes: bool


class Log:
    """What the past cases showed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.refusals: dict[int, list[bool]] = defaultdict(list)  #: turn → left?
        self.signed: dict[str, list[Row]] = defaultdict(list)  #: kind → beyond means?
        self.late: dict[int, list[bool]] = defaultdict(list)  #: turn of signing → needed a person after all?
        self.months: list[tuple[int, bool]] = []  #: (month, ended in it) of signed plans


def empty() -> Debtors:
    """What is known before anything was seen: nobody says yes, nobody leaves, nothing breaks."""
    bank = Bank(DISCOUNT, LAG, BROKEN, NO_DEAL, PERSON, TURN_COST, PERSON_COST)
    none = {"upto": 1000.0, "value": 0.0}
    plain = json.dumps({"version": "0", "provenance": {}, "bank": _plain(bank), "yes": {}, "leaves": [0.0],
                        "breach": {}, "late": [0.0], "breaks": [none]})  # fmt: skip
    return read_model(plain.encode())


def _plain(bank: Bank) -> dict[str, Any]:
    return {name: getattr(bank, name) for name in bank.__struct_fields__}


def gather(log: Log, model: Debtors, seeds: range, stray: float, chance: random.Random) -> None:
    """Plays the cases of ``seeds`` over which the bank may bargain; ``stray`` of the offers are drawn at random."""
    for seed in seeds:
        for case in make(COUNT, seed):
            if legal(debt_of(case.public)) and not signals(case.hidden, 1, asked=True):
                _talk(log, model, case, stray, chance)


def _talk(log: Log, model: Debtors, case: Case, stray: float, chance: random.Random) -> None:
    told = capacity(answer_to_ask(case.hidden, False))
    debt, means = debt_of(case.public), Means(monthly=1.0, breach_share=0.2)
    choices = options(debt, legal(debt), told, model, means, PRICING)
    outlook = Outlook(choices, model, means, float(debt.total.yuan), growth(told))
    refused: Refused = (None, None, None)
    strays = chance.random() < 0.5 if stray < 1 else True
    for turn in range(2, MOST_TURNS + 1):
        index = _next(choices, outlook, turn, refused, stray if strays else 0.0, chance)
        if index is None:
            return
        option, place = choices[index], PLACE[choices[index].offer.kind]
        last = refused[place]
        before = choices[last].said if last is not None else None
        yes = accepts(case, to_terms(option.offer), turn)
        name = f"{option.offer.kind.value} {turn} {FIRST if before is None else AGAIN}"
        log.rows.append(Row(name, facts(option.said, before, growth(told)), yes))
        if yes:
            weighed = breach_facts(turn, option.said, before, growth(told))
            kind = option.offer.kind.value
            log.signed[kind].append(Row(kind, weighed, breaches(case, to_terms(option.offer))))
            log.late[turn].append(case.hidden.escalate in SIGNALS)
            log.months += list(_lived(case, option, chance))
            return
        log.refusals[turn].append(turn >= case.hidden.patience)
        if turn >= case.hidden.patience or signals(case.hidden, turn, asked=False):
            return
        after = list(refused)
        after[place] = index
        refused = (after[0], after[1], after[2])


def _next(
    choices: tuple[Option, ...],
    outlook: Outlook,
    turn: int,
    refused: Refused,
    stray: float,
    chance: random.Random,
) -> int | None:
    if chance.random() >= stray:
        pick = outlook.pick(turn, refused)
        return choices.index(pick.option) if pick.option else None
    allowed = []
    for index, option in enumerate(choices):
        last = refused[PLACE[option.offer.kind]]
        if last is None or never_dearer(option, choices[last]):
            allowed.append(index)
    kinds = sorted({choices[index].offer.kind.value for index in allowed})
    if not kinds:
        return None
    kind = "plan" if "plan" in kinds and chance.random() < 0.7 else chance.choice(kinds)
    same = [index for index in allowed if choices[index].offer.kind.value == kind]
    near = same[: max(1, len(same) // 3)] if refused[0] is not None and chance.random() < 0.4 else same
    return chance.choice(near)


def _lived(case: Case, option: Option, chance: random.Random) -> Iterator[tuple[int, bool]]:
    """The months a signed plan lived, by the luck of its customer."""
    for month in range(1, option.asked.first + option.asked.count if option.asked.count else 0):
        ended = chance.random() < case.hidden.hazard
        yield month, ended
        if ended:
            return


def fitted(log: Log, version: str, provenance: dict[str, str]) -> Debtors:
    """The model of a log."""
    named: dict[str, list[Row]] = defaultdict(list)
    for row in log.rows:
        named[row.name].append(row)
    yes = {name: model for name, rows in sorted(named.items()) if (model := _logistic(rows)) is not None}
    leaves = [0.0] + [_mean(log.refusals.get(turn, [True])) for turn in range(2, MOST_TURNS + 1)]
    breach = {
        kind: found for kind, rows in sorted(log.signed.items()) if (found := _breach(rows)) is not None
    }
    late = [0.0] + [_mean(log.late.get(turn, [False])) for turn in range(2, MOST_TURNS + 1)]
    breaks = _bands([(float(month), ended) for month, ended in log.months], MONTH_EDGES)
    content = {
        "version": version,
        "provenance": provenance,
        "bank": _plain(empty().bank),
        "yes": {name: _weights(model) for name, model in yes.items()},
        "leaves": [round(share, 4) for share in leaves],
        "breach": {kind: {"safe": one.safe, "above": _weights(one.above)} for kind, one in breach.items()},
        "late": [round(share, 5) for share in late],
        "breaks": breaks,
    }
    return read_model(json.dumps(content).encode())


def _weights(model: Yes) -> dict[str, Any]:
    return {"base": model.base, "weights": model.weights}


def _breach(rows: list[Row]) -> Breach | None:
    """None where nobody signed beyond his means."""
    beyond = [row.facts["share"] for row in rows if row.yes]
    if not beyond:
        return None
    safe = round(0.99 * min(beyond), 4)
    above = _logistic([row for row in rows if row.facts["share"] > safe])
    return Breach(safe, above) if above is not None else None


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values)


def _bands(pairs: list[tuple[float, bool]], edges: tuple[float, ...]) -> list[dict[str, float]]:
    found, low = [], 0.0
    for edge in edges:
        hits = [hit for at, hit in pairs if low < at <= edge or (low == 0.0 and at <= edge)]
        found.append({"upto": float(edge), "value": round(_mean(hits), 5) if hits else 0.0})
        low = edge
    return found


def _logistic(rows: list[Row]) -> Yes | None:
    if len(rows) < LEAST_ROWS:
        return None
    names = sorted(rows[0].facts)
    seen = np.array([[row.facts[name] for name in names] for row in rows])
    said = np.array([row.yes for row in rows])
    if said.min() == said.max():
        return None
    used = [at for at in range(len(names)) if seen[:, at].std() > 1e-6]
    fit = LogisticRegression(C=10.0, max_iter=2000).fit(seen[:, used], said)
    weights = {names[at]: round(float(weight), 4) for at, weight in zip(used, fit.coef_[0], strict=True)}
    return Yes(round(float(fit.intercept_[0]), 4), weights)


def main(path: Path) -> None:
    """Three rounds: at random, then twice by what was learned with strays; the file is the last round's."""
    chance, log = random.Random(20), Log()
    model = empty()
    third = len(SEEDS) // 3
    rounds = ((SEEDS[:third], 1.0), (SEEDS[third : 2 * third], 0.35), (SEEDS[2 * third :], 0.35))
    for seeds, stray in rounds:
        gather(log, model, seeds, stray, chance)
        model = fitted(log, VERSION, {
            "cases": f"simulator, seeds {SEEDS.start}-{seeds[-1]}, {COUNT} people each, those fit for a plan",
            "rows": str(len(log.rows)), "signed": str(sum(len(pairs) for pairs in log.signed.values())),
            "learned by": "python -m benchmarks.learn", "seen": "public fields, answers, outcomes of signed plans",
        })  # fmt: skip
        print(f"{seeds[0]}-{seeds[-1]}: {len(log.rows)} offers", file=sys.stderr)
    path.write_text(
        json.dumps(json.loads(msgspec_bytes(model)), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )


def msgspec_bytes(model: Debtors) -> bytes:
    """Every name and figure of the model."""
    return msgspec.json.encode(model)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
