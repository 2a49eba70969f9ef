"""A simulated debtor in a chat: what the bot's messages come to, and what he types next.

Owns the reading of the bot's events (card of kind "offer", question, read-back, person) and the debtor's side of the
talk by the simulator's rules: he answers what is asked, decides on each card by `accepts`, leaves when his patience ends.
Pure, no network: `Debtor.hears` takes what was heard and gives what he types. What he names is known exactly.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from benchmarks.simulator import Case, Terms, accepts, answer_to_ask, signals
from benchmarks.text_debtors import HELD_OUT, NONE, TONES, Figures, Said, render

#: what the bot asks or says, by words that stand in one response each (bot/data/overdue/responses.yml)
MARKS = (
    ("read_back", "跟您核对一遍"),
    ("ask", "请告诉我三件事"),
    ("ask_month", "每个月最多能拿出多少来还"),
    ("ask_hand", "现在手头能先还一部分吗"),
    ("ask_later", "大概几个月后能恢复"),
    ("again", "已经是最轻的一份"),
    ("unsure", "这个方案您看行吗"),
    ("unsure", "眼下这份方案您看行吗"),
    ("back", "回到还款方案"),
)
SIGNAL_MOVES = {
    "dispute": ("dispute",),
    "fraud_victim": ("fraud_victim",),
    "serious_illness": ("serious_illness",),
    "self_harm": ("self_harm",),
    "minor_or_incapacity": ("minor_or_incapacity",),
    "death_of_borrower": ("death_of_borrower", "third_party"),
    "wants_human": ("wants_human", "wants_human", "complaint", "lawyer"),
}
MANIPULATIONS = ("false_approval", "fake_system", "threat", "sob_story")
COUNTERS, QUESTIONS, CORRECTIONS = 0.2, 0.1, 0.1
MOST_EXCHANGES = 24


class Ended(str, Enum):
    DEAL = "deal"
    HUMAN = "human"
    LEFT = "left"
    STUCK = "stuck"  #: talked on without an end


@dataclass(frozen=True)
class Heard:
    """What one answer of the bot came to. ``kind``: offer, a key of `MARKS`, or other."""

    kind: str
    text: str
    card: dict[str, Any] | None
    with_person: bool


def heard(events: Sequence[dict[str, Any]], desk: str) -> Heard:
    """Of the bot's and the system's events after the debtor's last message; ``desk`` is the conversation's state."""
    text = "\n".join(event["text"] for event in events if event["text"])
    cards = [event["card"] for event in events if (event["card"] or {}).get("kind") == "offer"]
    card = cards[-1] if cards and "terms" in cards[-1] else None
    kind = next((kind for kind, mark in MARKS if mark in text), "other")
    return Heard("offer" if card and kind != "read_back" else kind, text, card, desk in ("queued", "human"))


def terms_of(card: dict[str, Any]) -> Terms:
    """A card's terms as the simulator's."""
    told = card["terms"]
    down = 1.0 if told["kind"] == "lump" else told["down"] / 100
    return Terms(told["kind"], told["terms"], told["waiver"] / 100, down, told["pause"])


def rounded(yuan: float) -> int:
    """As people say it: hundreds above 1,000, fifties above 200, tens below; never more than it is."""
    step = 100 if yuan >= 1000 else 50 if yuan >= 200 else 10
    return int(yuan // step * step)


@dataclass
class Debtor:
    """One debtor's side of one chat. ``manipulates``: he adds pleas, claims and threats to what he says."""

    case: Case
    chance: random.Random
    half: int = HELD_OUT
    manipulates: bool = False
    proposes: bool = True  #: now and then he makes a proposal of his own
    turns: int = 0  #: as the simulator counts: the ask, each offer, each answer that missed him
    said: list[Said] = field(default_factory=list)
    offers: list[Terms] = field(default_factory=list)
    truth: Figures = NONE  #: every figure he has truly named of his means
    signal_said: str = ""
    agreed: Terms | None = None
    ended: Ended | None = None
    counters: int = 0

    def __post_init__(self) -> None:
        self.tone = self.chance.choice(TONES)
        self._pleading = random.Random(self.chance.random())  #: apart, so that his twin says the rest alike
        stated = answer_to_ask(self.case.hidden, signal=False)
        self._stated: dict[str, int | None] = {
            "monthly": rounded(stated["capacity"]),
            "hand": rounded(stated["savings"]),
            "later": rounded(stated["capacity_after"]) if stated["temporary"] else None,
            "months": stated["recover_in"] if stated["temporary"] else None,
        }
        if (self._stated["later"] or 0) <= (self._stated["monthly"] or 0):
            self._stated["later"] = self._stated["months"] = None

    def opens(self) -> tuple[str, ...]:
        """His first turn."""
        return self._say("opening").messages

    def hears(self, answer: Heard) -> tuple[str, ...]:
        """What he types next; empty when the talk is over (``ended`` says how)."""
        if answer.with_person:
            return self._end(Ended.HUMAN)
        if answer.kind == "read_back":
            self.agreed = self.offers[-1] if self.offers else None
            return self._end(Ended.DEAL)
        if len(self.said) >= MOST_EXCHANGES:
            return self._end(Ended.STUCK)
        if answer.kind == "offer" and answer.card is not None:
            self.offers.append(terms_of(answer.card))
            return self._to_offer()
        if answer.kind in ("again", "unsure", "back", "other") and self.offers:
            return self._to_offer()
        return self._to_question(answer.kind)

    def _to_question(self, kind: str) -> tuple[str, ...]:
        named = {"ask_month": self.truth.monthly, "ask_hand": self.truth.hand, "ask_later": self.truth.later}
        missed = kind not in named or named[kind] is not None
        if missed:
            self.turns += 1
        if missed and signals(self.case.hidden, self.turns, asked=True):
            return self._signal()
        if self.turns > self.case.hidden.patience:
            return self._leave()
        parts = {"ask_month": self._month, "ask_hand": self._hand, "ask_later": self._later}
        words = parts.get(kind, self._means)()
        return self._with_plea(words)

    def _means(self) -> tuple[str, ...]:
        """All he can pay, as the simulator's debtor tells it when asked."""
        figures = self._stated
        monthly, hand, later = figures["monthly"], figures["hand"], figures["later"]
        if not monthly:
            first = self._say("nothing_now_but_hand", hand=hand) if hand else self._say("nothing_now")
            self._know(monthly=0, hand=hand)
            return first.messages
        self._know(monthly=monthly, hand=hand)
        if later and hand:
            self._know(later=later, months=figures["months"])
            both = {"later": later, "months": figures["months"]}
            return self._say("means_later", monthly=monthly, hand=hand, **both).messages
        if hand:
            return self._say("means", monthly=monthly, hand=hand).messages
        told = self._say("means_nothing_at_hand", monthly=monthly).messages
        return (*told, *self._later()) if later else told

    def _month(self) -> tuple[str, ...]:
        monthly, hand = self._stated["monthly"] or 0, self._stated["hand"]
        self._know(monthly=monthly)
        if not monthly:
            return (
                self._say("nothing_now_but_hand", hand=hand) if hand else self._say("nothing_now")
            ).messages
        if self.chance.random() < CORRECTIONS:
            return self._say("month_corrected", monthly=monthly, wrong=monthly + 500).messages
        return self._say("month_only", monthly=monthly).messages

    def _hand(self) -> tuple[str, ...]:
        hand = self._stated["hand"] or 0
        self._know(hand=hand)
        return (self._say("hand_only", hand=hand) if hand else self._say("nothing_at_hand")).messages

    def _later(self) -> tuple[str, ...]:
        later, months = self._stated["later"], self._stated["months"]
        if not later:
            return self._say("not_known").messages
        self._know(later=later, months=months)
        return self._say("later_only", later=later, months=months).messages

    def _to_offer(self) -> tuple[str, ...]:
        """His decision on the card that lies there; now and then he asks something first, which takes no turn."""
        if self.said[-1].move != "question" and self.chance.random() < QUESTIONS:
            return self._say("question").messages
        self.turns += 1
        mind, offer = self.case.hidden, self.offers[-1]
        if accepts(self.case, offer, self.turns):
            return self._say("accept").messages
        if signals(mind, self.turns, asked=False):
            return self._signal()
        if self.turns >= mind.patience:
            return self._leave()
        if self.counters < 1 and self.proposes and self.chance.random() < COUNTERS:
            self.counters += 1
            return self._counter()
        return self._with_plea(self._say("refuse").messages)

    def _counter(self) -> tuple[str, ...]:
        """A proposal he means: what he can pay, or more instalments than were offered."""
        offer, monthly = self.offers[-1], self._stated["monthly"]
        if offer.kind == "plan" and self.chance.random() < 0.5:
            longer = {3: 6, 6: 12, 12: 24, 24: 36}.get(offer.term, 48)
            return self._say("counter_terms", terms=longer).messages
        if monthly:
            return self._say("counter_monthly", monthly=rounded(monthly * 0.8)).messages
        return self._say("refuse").messages

    def _with_plea(self, words: tuple[str, ...]) -> tuple[str, ...]:
        if not self.manipulates:
            return words
        plea = render(self._pleading.choice(MANIPULATIONS), NONE, self.tone, self.half, self._pleading)
        self.said.append(plea)
        before = self._pleading.random() < 0.5
        return (*plea.messages, *words) if before else (*words, *plea.messages)

    def _signal(self) -> tuple[str, ...]:
        move = self.chance.choice(SIGNAL_MOVES[self.case.hidden.escalate])
        self.signal_said = self.signal_said or move
        return self._say(move).messages

    def _leave(self) -> tuple[str, ...]:
        words = self._say("leave").messages
        self.ended = Ended.LEFT
        return words

    def _end(self, how: Ended) -> tuple[str, ...]:
        self.ended = how
        return ()

    def _say(self, move: str, **figures: int | None) -> Said:
        named = Figures(**{name: value for name, value in figures.items() if value is not None})
        said = render(move, named, self.tone, self.half, self.chance)
        self.said.append(said)
        return said

    def _know(self, **figures: int | None) -> None:
        known = {name: value for name, value in vars(self.truth).items() if value is not None}
        self.truth = Figures(
            **{**known, **{name: value for name, value in figures.items() if value is not None}}
        )
