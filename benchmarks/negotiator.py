"""The product's negotiator at the simulator's table: `agent(case)` sees the public fields and the answers only."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.baselines import gives_way_with_time
from benchmarks.scoring import Agent, Talk, judge, metrics, paired_difference
from benchmarks.simulator import NEVER, PUBLIC, Terms, best, load
from bot.money import Money, Rate
from bot.negotiation.choice import DEMO_MEANS, Means
from bot.negotiation.debtors import Debtors, read_model
from bot.negotiation.mandate import Mandate, legal_offers
from bot.negotiation.mandate_file import load_mandate
from bot.negotiation.talk import Action, Reply, begin, next_move
from bot.negotiation.talk import Talk as Negotiation
from bot.negotiation.terms import asked_on
from bot.negotiation.values import Capacity, Debt, Offer, OfferKind

SEEN = tuple(name for name in PUBLIC if name not in ("amount_total", "segment"))  #: never who he is
MODEL = Path(__file__).resolve().parent.parent / "bot/negotiation/data/debtors.json"
PRODUCT, DAY = "随心借", date(2026, 11, 24)  #: the day on which every case is bargained over
#: the product's exact amounts are told; the simulator decides on a yes by its own sums
PRICING = asked_on(DAY, DAY.day)


def yuan(amount: float) -> Money:
    return Money(round(amount * 100))


def debt_of(row: dict[str, Any]) -> Debt:
    """The public fields as the product knows a debt; nothing of the person."""
    return Debt(
        id=row["case_id"], product=PRODUCT, principal=yuan(row["principal"]), interest=yuan(row["interest"]),
        penalty=yuan(row["penalty"]), fee=yuan(row["fee"]), rate=Rate.percent(str(Decimal(str(row["rate"])) * 100)),
        overdue_days=row["dpd"], remaining_terms=row["remaining_terms"],
        restructurings=row["prior_restructures"], legal_stage=row["legal_stage"],
    )  # fmt: skip


def capacity(answer: dict[str, Any]) -> Capacity:
    """What the customer said."""
    lasting = answer["recover_in"] == NEVER
    return Capacity(
        monthly=Money(int(answer["capacity"] * 100)),
        later=Money(int(answer["capacity_after"] * 100)),
        recovers_in=None if lasting or not answer["recover_in"] else answer["recover_in"],
        at_hand=Money(int(answer["savings"] * 100)),
        temporary=answer["temporary"],
    )


def to_offer(terms: Terms) -> Offer:
    """A lump is all paid at once: the product writes no down payment beside it."""
    down = 0 if terms.kind == OfferKind.LUMP.value else round(terms.down * 100)
    return Offer(OfferKind(terms.kind), terms.term, round(terms.waive * 100), down, terms.ext)


def to_terms(offer: Offer) -> Terms:
    down = 1.0 if offer.kind is OfferKind.LUMP else offer.down / 100
    return Terms(offer.kind.value, offer.terms, offer.waiver / 100, down, offer.pause)


def agent(case: dict[str, Any]) -> Talk:
    """The product's negotiator in the simulator's protocol; whatever else is in ``case`` is not looked at."""
    return negotiator(_model(), DEMO_MEANS)(case)


def negotiator(model: Debtors, means: Means) -> Agent:
    """The same with another model or other means, to try what they are worth."""

    def talk(case: dict[str, Any]) -> Talk:
        row = {name: case[name] for name in SEEN}
        debt = debt_of(row)
        state, move = begin(Negotiation(debt, legal(debt), model, PRICING, means))
        while move.action is Action.ASK or move.action is Action.OFFER:
            said = yield ("offer", to_terms(move.offer)._asdict()) if move.offer else ("ask",)
            reply = Reply(said["accepted"], "signal" if said["signal"] else "", _told(said))
            state, move = next_move(state, reply)
        if move.action is Action.HUMAN:
            yield ("human",)

    return talk


def _told(said: dict[str, Any]) -> Capacity | None:
    return capacity(said) if "capacity" in said else None


def legal(debt: Debt) -> tuple[Offer, ...]:
    """What the product's own mandate allows; a test holds it against the simulator's limits."""
    return legal_offers(_mandate(), debt, DAY)


@cache
def _mandate() -> Mandate:
    return load_mandate((PRODUCT,), DAY)


@cache
def _model() -> Debtors:
    return read_model(MODEL.read_bytes())


def main(cases: Path, yardstick: str = "") -> dict[str, Any]:
    """The metrics on a case file, beside the baseline's; by another simulator's own scoring when one is named."""
    lines = cases.read_text("utf-8").splitlines()
    if yardstick:
        return _by(Path(yardstick), [json.loads(line) for line in lines if line.strip()])
    people = load(lines)
    oracle = [best(case) for case in people]
    ours, theirs = judge(people, agent, oracle), judge(people, gives_way_with_time, oracle)
    gain, low, high = paired_difference(ours, theirs)
    return {
        **metrics(ours),
        "baseline_uplift_capture": metrics(theirs)["M3b_uplift_capture"],
        "uplift_over_baseline": round(gain, 3),
        "uplift_over_baseline_ci": (low, high),
    }


def _by(path: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Scored by a simulator of the same protocol: its `oracle_result` and `score`."""
    spec = importlib.util.spec_from_file_location("yardstick", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no simulator in {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    oracle = {row["case_id"]: module.oracle_result(row) for row in rows}
    return dict(module.score(rows, lambda row: agent(row), oracle))


if __name__ == "__main__":
    if len(sys.argv) < 2 or not sys.argv[1]:
        raise SystemExit("make negotiate CASES=cases.jsonl [SIM=simulator.py]")
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:3]), ensure_ascii=False, indent=2))
