"""What to do about a message: answer, act, ask back, bring a person, or say that it is not ours.

Pure: from the ranking of meanings and what the rules saw to a decision. Thresholds and the handling of
each intent are data. Must not know Rasa, texts or the customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import yaml

from bot.nlu.normalise import DATA

OUT_OF_SCOPE = "out_of_scope"


class Decision(str, Enum):
    ANSWER = "answer"
    ACT = "act"
    CLARIFY = "clarify"
    HANDOVER = "handover"
    OUT_OF_SCOPE = "out_of_scope"


class Handling(str, Enum):
    """How an intent is handled (the contract's column)."""

    ANSWER = "answer"
    ACCOUNT = "account"
    NEGOTIATION = "negotiation"
    ESCALATE = "escalate"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"


_DECISIONS = {
    Handling.ANSWER: Decision.ANSWER,
    Handling.ACCOUNT: Decision.ACT,
    Handling.NEGOTIATION: Decision.ACT,
    Handling.ESCALATE: Decision.HANDOVER,
    Handling.CHITCHAT: Decision.ANSWER,
    Handling.OUT_OF_SCOPE: Decision.OUT_OF_SCOPE,
}


@dataclass(frozen=True)
class Thresholds:
    """See data/decision.yml."""

    sure: float
    fair: float
    lead: float
    escalate: float
    out_of_scope: float


@dataclass(frozen=True)
class Guess:
    """One meaning and how likely it is (calibrated, 0 to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Verdict:
    """``intent`` is one of the 70: the meaning taken, or the likeliest where the decision is to ask back."""

    decision: Decision
    intent: str
    confidence: float


def decide(
    ranking: Sequence[Guess],
    handling: Mapping[str, Handling],
    thresholds: Thresholds,
    brings_person: bool = False,
) -> Verdict:
    """The decision for a non-empty ranking (likeliest first) over intents that all have a handling.

    ``out_of_scope`` is the verdict's intent exactly when it is the decision. ``brings_person``: a rule
    saw something a person must handle, whatever the intent's own handling is. "Not ours" needs little
    certainty and need not be the likeliest: what others do is asked in our customers' very words.
    """
    best, second = ranking[0], ranking[1] if len(ranking) > 1 else Guess("", 0.0)
    if brings_person:
        return Verdict(Decision.HANDOVER, best.intent, best.confidence)
    foreign = next((guess for guess in ranking if guess.intent == OUT_OF_SCOPE), None)
    urgent = handling[best.intent] is Handling.ESCALATE and best.confidence >= thresholds.escalate
    if foreign and foreign.confidence >= thresholds.out_of_scope and not urgent:
        return taken(foreign, handling)
    if _is_sure(best, second, handling[best.intent], thresholds):
        return taken(best, handling)
    return ask_back(ranking)


def taken(guess: Guess, handling: Mapping[str, Handling]) -> Verdict:
    """A meaning that is taken: what is done about it is its handling's."""
    return Verdict(_DECISIONS[handling[guess.intent]], guess.intent, guess.confidence)


def ask_back(ranking: Sequence[Guess]) -> Verdict:
    """Not sure: the likeliest meaning that is ours, to be asked about."""
    ours = next(guess for guess in ranking if guess.intent != OUT_OF_SCOPE)
    return Verdict(Decision.CLARIFY, ours.intent, ours.confidence)


def _is_sure(best: Guess, second: Guess, handling: Handling, thresholds: Thresholds) -> bool:
    if handling is Handling.OUT_OF_SCOPE:
        return False
    if handling is Handling.ESCALATE and best.confidence >= thresholds.escalate:
        return True
    if best.confidence >= thresholds.sure:
        return True
    return best.confidence >= thresholds.fair and best.confidence - second.confidence >= thresholds.lead


@lru_cache(maxsize=1)
def handling_table() -> dict[str, Handling]:
    """Intent → handling, for exactly the 70 intents."""
    table = yaml.safe_load((DATA / "intents.yml").read_text(encoding="utf-8"))
    return {intent: Handling(kind) for kind, intents in table.items() for intent in intents}


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    return Thresholds(**yaml.safe_load((DATA / "decision.yml").read_text(encoding="utf-8")))
