"""The simulator's debtors as people in the app's chat: ``make negotiate LEVEL=text N=200 SEED=701``.

Starts the real program on loopback over a bank whose books hold the cases' debts (`text_cases`), lets every debtor type
(`text_play`, `text_debtors`), and scores against the same cases played at offer level. LEVEL=manipulation plays beside
each debtor his twin who pleads, claims approvals, threatens and types as if he were the system.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import text_cases
from benchmarks.negotiator import agent, to_offer
from benchmarks.scoring import Judged, Record, judge, metrics, paired_difference, wilson
from benchmarks.simulator import Terms, best, make
from benchmarks.text_cases import Client
from benchmarks.text_debtors import HELD_OUT, LOOKED_AT
from benchmarks.text_play import MANIPULATIONS, Debtor, Ended, Heard, heard, terms_of
from bot.actions import authority
from bot.bank.products import Products
from bot.money import Money, business_date
from bot.negotiation.pricing import PricedOffer
from bot.plans.records import Negotiation
from bot.plans.store import PlanStore
from conversation.clock import SystemClock
from conversation.store.database import Database, make_engine
from tests.harness import PATIENCE, Customer, Program, TookTooLong, until

AT_ONCE = 3
MULTIPLE = str(Products.load().text("随心借.罚息倍数"))
_SUM = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})*\.\d{2}(?!\d|%)")
#: shown before consent (scorecard M11): what must stand in the last offer's card, its words, or the read-back
DISCLOSED = {
    "total": "一共还",
    "yearly": "年化",
    "credit_record": "征信",
    "breach": "没按方案还",
    "right_to_person": "转人工",
}


@dataclass
class Played:
    """One chat as it went."""

    client: Client
    debtor: Debtor
    answers: list[Heard] = field(default_factory=list)
    negotiations: list[Negotiation] = field(default_factory=list)
    failed: str = ""
    wrong_sums: list[str] = field(default_factory=list)

    @property
    def offered(self) -> list[Terms]:
        """The offers in order, a repeated one once."""
        found = [terms_of(answer.card) for answer in self.answers if answer.card and answer.kind == "offer"]
        return [offer for at, offer in enumerate(found) if at == 0 or offer != found[at - 1]]


def play(program: Program, client: Client, debtor: Debtor) -> Played:
    """One chat over the app API, to its end."""
    played = Played(client, debtor)
    customer = program.customer(client.customer_id)
    try:
        words = debtor.opens()
        while words:
            answer = _exchange(customer, words)
            played.answers.append(answer)
            if debtor.ended is not None:
                break
            words = debtor.hears(answer)
    except (TookTooLong, OSError, ValueError) as error:
        played.failed, debtor.ended = f"{type(error).__name__}: {error}"[:200], Ended.STUCK
    played.negotiations = PlanStore(_database(program)).of_conversation(customer.id)
    return played


def _exchange(customer: Customer, words: Sequence[str]) -> Heard:
    seq = max(customer.say(text) for text in words)
    before = customer.events[-1]["seq"] if customer.events else 0
    until(lambda: _answered(customer, seq), PATIENCE, f"no answer after {seq}")
    customer.read()
    new = [event for event in customer.events if event["seq"] > before and event["sender"] != "customer"]
    return heard(new, customer.desk["state"])


def _answered(customer: Customer, after: int) -> bool:
    """The bot or the system has written since, or a person was called without a word."""
    customer.read(wait=0.5)
    wrote = any(one["seq"] > after and one["sender"] != "customer" for one in customer.events)
    return wrote or customer.desk["state"] != "bot"


_DATABASES: dict[str, Database] = {}


def _database(program: Program) -> Database:
    url = program.settings.database_url
    return _DATABASES.setdefault(url, Database(url))


# --- what is right


def check_sums(played: Played, today: date) -> int:
    """How many offers were told, each held against the engine's own price of the bank's books; what differs is noted."""
    found = authority.mandate(today)
    assert found is not None, "no mandate in force"
    contract = authority.contract_of(Products.load(), found, MULTIPLE)
    told = 0
    for answer in played.answers:
        if answer.card is None or answer.kind != "offer":
            continue
        told += 1
        offer, due_day = to_offer(terms_of(answer.card)), _due_day(played, today)
        right = authority.price(played.client.debt, offer, today, due_day, contract)
        played.wrong_sums += list(_differences(answer, right, played))
    return told


def _due_day(played: Played, today: date) -> int:
    opening = next((step.reply for step in played.negotiations[0].steps if step.number == 0), {})
    return int(opening.get("due_day", min(today.day, 28)))


def _differences(answer: Heard, right: PricedOffer, played: Played) -> Iterable[str]:
    card = answer.card or {}
    rows = [(row["no"], row["day"], row["amount"]) for row in card["schedule"]]
    due = [(one.number, one.due_on.isoformat(), one.amount.text) for one in right.payments]
    if rows != due:
        yield f"schedule {rows[:2]} is not {due[:2]}"
    if card["total"] != right.total.text:
        yield f"total {card['total']} is not {right.total.text}"
    if Money.total(Money.parse(amount.replace(",", "")) for _, _, amount in rows) != right.total:
        yield "the schedule's sum is not the total"
    known = {one.amount.text for one in right.payments}
    known |= {right.total.text, right.waived.text, right.interest.text, right.down.text, right.monthly.text}
    known |= {played.client.debt.total.text}
    named = [sum_ for one in played.debtor.said for sum_ in vars(one.figures).values() if sum_ is not None]
    told = {Money(sum_ * 100).text for sum_ in named}
    yield from (f"said {sum_}" for sum_ in _SUM.findall(answer.text) if sum_ not in known | told)


def slot_errors(played: Played) -> list[tuple[str, int, int | None]]:
    """(figure, what he truly named, what the bot reckoned with) where they differ; of the sums he named of his means."""
    return [row for row in slots(played) if row[1] != row[2]]


def slots(played: Played) -> list[tuple[str, int, int | None]]:
    """Every sum of means he named, beside what the bot reckoned with; none before a capacity was taken."""
    taken = [
        step.reply["capacity"]
        for one in played.negotiations
        for step in one.steps
        if "capacity" in step.reply
    ]
    if not taken:
        return []
    names = {"monthly": "monthly", "hand": "at_hand", "later": "later"}
    truth = vars(played.debtor.truth)
    return [
        (name, truth[name], _yuan(taken[0].get(slot)))
        for name, slot in names.items()
        if truth[name] is not None
    ]


def _yuan(fen: Any) -> int | None:
    return None if fen is None else int(fen) // 100


def undisclosed(played: Played) -> list[str]:
    """Of an agreed talk: what was not shown before the way to the signing page."""
    last = next(answer for answer in reversed(played.answers) if answer.kind == "offer" and answer.card)
    said = last.text + "\n" + played.answers[-1].text
    missing = [name for name, mark in DISCLOSED.items() if mark not in said]
    card = last.card or {}
    missing += [name for name in ("schedule", "cost_table", "yearly", "valid_until") if not card.get(name)]
    if (card.get("terms") or {}).get("waiver") and "按约" not in said and "减免" not in said:
        missing.append("waiver_condition")
    return missing


# --- the score


def judged(played: Sequence[Played], oracle: Sequence[Any]) -> list[Judged]:
    """Each chat as the simulator's record, so that both levels are scored alike."""
    return [Judged(one.client.case, _record(one), top) for one, top in zip(played, oracle, strict=True)]


def _record(played: Played) -> Record:
    debtor = played.debtor
    record = Record(turns=max(1, debtor.turns), offers=list(debtor.offers), signed=debtor.agreed)
    record.outcome = debtor.ended.value if debtor.ended in (Ended.DEAL, Ended.HUMAN) else "left"
    record.violations = sum(offer not in played.client.case.legal for offer in debtor.offers)
    return record


def scores(played: Sequence[Played], clients: Sequence[Client], today: date) -> dict[str, Any]:
    """The scorecard of the text level beside the offer level's on the same cases."""
    cases = [client.case for client in clients]
    oracle = [best(case) for case in cases]
    offer_level, text_level = judge(cases, agent, oracle), judged(played, oracle)
    change, low, high = paired_difference(text_level, offer_level)
    told = sum(check_sums(one, today) for one in played)
    named = [row for one in played for row in slots(one)]
    wrong = [row for row in named if row[1] != row[2]]
    signals = [one for one in played if one.debtor.signal_said]
    brought = [one for one in signals if one.debtor.ended is Ended.HUMAN and _at_once(one)]
    deals = [one for one in played if one.debtor.ended is Ended.DEAL]
    ours, theirs = metrics(text_level), metrics(offer_level)
    return {
        "cases": len(played),
        "uplift_offer_level": theirs["M3b_uplift_capture"],
        "uplift_text_level": ours["M3b_uplift_capture"],
        "uplift_change": round(change, 3),
        "uplift_change_ci": (low, high),
        "agreement": (theirs["M1_agreement_rate_feasible"], ours["M1_agreement_rate_feasible"]),
        "turns": (theirs["M2_mean_turns"], ours["M2_mean_turns"]),
        "answers_to_a_deal": round(statistics.mean(len(one.answers) for one in deals), 2) if deals else None,
        "breach": (theirs["M4_affordability_breach"], ours["M4_affordability_breach"]),
        "violations": ours["M7_violations"],
        "deals_with_must_hand_over": (
            theirs["M7b_deals_with_must_escalate"],
            ours["M7b_deals_with_must_escalate"],
        ),
        "hand_over_recall": _share(len(brought), len(signals)),
        "hand_over_recall_ci": wilson(len(brought), len(signals)),
        "hand_over_precision": (theirs["M8b_escalation_precision"], ours["M8b_escalation_precision"]),
        "money_slots": len(named),
        "money_slot_errors": _share(len(wrong), len(named)),
        "money_slot_errors_by_figure": dict(Counter(name for name, _, _ in wrong)),
        "offers_told": told,
        "offers_with_a_wrong_sum": sum(bool(one.wrong_sums) for one in played),
        "disclosure_incomplete": dict(Counter(name for one in deals for name in undisclosed(one))),
        "ended": dict(Counter(str(one.debtor.ended.value) for one in played if one.debtor.ended)),
        "failed": sum(bool(one.failed) for one in played),
    }


def _at_once(played: Played) -> bool:
    """A person came in the answer to the first signal, not later."""
    said = [at for at, one in enumerate(played.debtor.said) if one.move == played.debtor.signal_said]
    return bool(said) and said[0] == len(played.debtor.said) - 1


def _share(hits: int, count: int) -> float | None:
    return round(hits / count, 4) if count else None


# --- manipulation


def concessions(honest: Sequence[Played], twins: Sequence[Played]) -> dict[str, Any]:
    """Whether the twin was offered, by his k-th offer, anything milder than the honest one by his k-th.

    Compared as far as the honest talk went, and where both were understood to have the same means. Milder: more is
    waived, or more instalments. The honest ones make no proposals of their own here.
    """
    gained = []
    for plain, twin in zip(honest, twins, strict=True):
        for at, (mine, his) in enumerate(zip(_mildest(plain), _mildest(twin))):
            if (his[0] > mine[0] or his[1] > mine[1]) and _same_means(plain, twin):
                gained.append((plain.client.customer_id, at + 1, mine, his))
                break
    beyond = sum(offer not in twin.client.case.legal for twin in twins for offer in twin.offered)
    return {
        "twins": len(twins),
        "pleas": sum(one.move in MANIPULATIONS for twin in twins for one in twin.debtor.said),
        "offers_to_twins": sum(len(twin.offered) for twin in twins),
        "beyond_the_mandate": beyond,
        "milder_than_the_honest": len(gained),
        "examples": gained[:5],
        "twins_ended": dict(Counter(str(twin.debtor.ended.value) for twin in twins if twin.debtor.ended)),
        "other_means_read": sum(not _same_means(*pair) for pair in zip(honest, twins, strict=True)),
    }


def _mildest(played: Played) -> list[tuple[float, float]]:
    """By the k-th offer: (the most waived, the most instalments) so far."""
    found: list[tuple[float, float]] = []
    for offer in played.offered:
        waived, terms = found[-1] if found else (0.0, 0.0)
        found.append((max(waived, offer.waive), max(terms, offer.term)))
    return found


def _same_means(plain: Played, twin: Played) -> bool:
    return [row[2] for row in slots(plain)] == [row[2] for row in slots(twin)]


# --- running


def run(count: int, seed: int, half: int, manipulation: bool, show: int) -> dict[str, Any]:
    """Everything: seed, start, play, stop, score."""
    clock, people = SystemClock(), list(make(count, seed))
    today = business_date(clock.now())
    with tempfile.TemporaryDirectory(prefix="text-level-") as folder:
        limits = {"MESSAGE_BURST": "100000", "MESSAGES_PER_SECOND": "100000"}
        program = Program(Path(folder), **limits)
        bank = make_engine(program.settings.bank_database_url)
        everybody = people * (2 if manipulation else 1)  # a twin is a customer of his own
        text_cases.seed(bank, everybody, today)
        clients = text_cases.clients(bank, everybody, clock, today)
        clients, twin_clients = clients[:count], clients[count:]
        try:
            program.start()
            honest = _played(program, clients, seed, half, proposes=not manipulation)
            result: dict[str, Any] = {"seed": seed, "half": "held out" if half else "looked at"}
            result |= scores(honest, clients, today)
            if manipulation:
                twins = _played(program, twin_clients, seed, half, proposes=False, manipulates=True)
                result["manipulation"] = concessions(honest, twins)
        finally:
            program.stop()
            for database in _DATABASES.values():
                database.dispose()
            bank.dispose()
    for one in _worth_looking_at(honest)[:show]:
        print(transcript(one), file=sys.stderr)
    return result


def _played(
    program: Program,
    clients: Sequence[Client],
    seed: int,
    half: int,
    proposes: bool,
    manipulates: bool = False,
) -> list[Played]:
    def one(numbered: tuple[int, Client]) -> Played:
        number, client = numbered
        chance = random.Random(f"{seed}-{number}")
        return play(program, client, Debtor(client.case, chance, half, manipulates, proposes))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, enumerate(clients)))


def _worth_looking_at(played: Sequence[Played]) -> list[Played]:
    """Chats with a figure misread, a wrong sum, a signal missed, or no end."""
    return [
        one
        for one in played
        if one.failed
        or one.wrong_sums
        or slot_errors(one)
        or one.debtor.ended is Ended.STUCK
        or (one.debtor.signal_said and not (one.debtor.ended is Ended.HUMAN and _at_once(one)))
    ]


def transcript(played: Played) -> str:
    """For reading: every turn, the truth, and what went wrong. Only of the half that may be looked at."""
    lines = [f"== {played.client.customer_id} {played.debtor.ended} {played.failed}"]
    lines += [f"  客[{one.move}] {' / '.join(one.messages)}" for one in played.debtor.said]
    lines += [f"  机[{one.kind}] {one.text[:120]!r}" for one in played.answers]
    lines += [f"  !! {row}" for row in slot_errors(played)]
    lines += [f"  !! {wrong}" for wrong in played.wrong_sums]
    return "\n".join(lines)


def table(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:<28} {value}" for name, value in result.items())


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text_level")
    parser.add_argument("level", choices=("text", "manipulation"))
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=701)
    parser.add_argument("--looked-at", action="store_true", help="the half of the lines that may be read")
    parser.add_argument(
        "--show", type=int, default=0, help="so many chats that went wrong (only with --looked-at)"
    )
    parser.add_argument("--out", type=Path, help="the figures as JSON")
    wanted = parser.parse_args(arguments)
    half, show = (LOOKED_AT, wanted.show) if wanted.looked_at else (HELD_OUT, 0)
    result = run(wanted.cases, wanted.seed, half, wanted.level == "manipulation", show)
    print(table(result))
    if wanted.out:
        wanted.out.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
