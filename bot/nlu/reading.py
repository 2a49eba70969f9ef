"""From a ranking over intents and dialogue acts to one reading of the message.

Pure. Joins what the classifier thinks with what else is seen (signals, another speaker); the decision
itself is decision.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.decision import (
    Decision,
    Guess,
    Handling,
    Verdict,
    ask_back,
    decide,
    handling_table,
    taken,
    thresholds,
)
from bot.nlu.parts import Clause, two_requests
from bot.nlu.signals import Signal, signals_in, suspected, told
from bot.nlu.speaker import is_third_party, says_more

UNCLEAR = "unclear"
THIRD_PARTY = "third_party"
SAFETY = "safety"

#: a signal is a rule, not a guess; it leaves the rest of the ranking a little room
CERTAIN = 0.99


@dataclass(frozen=True)
class Reading:
    """``intent`` is what the policies act on; ``verdict`` and ``meanings`` know the 70 intents only.

    ``meanings`` are all of the 70, the likeliest first; they sum to less than 1 where an act is likely.
    """

    intent: str
    confidence: float
    verdict: Verdict
    meanings: tuple[Guess, ...]
    third_party: bool
    signal: str | None
    known: bool  #: False for a text that holds no word anybody has taught us
    signals: tuple[str, ...] = ()  #: all kinds seen, the most dangerous first
    suspected: tuple[str, ...] = ()  #: kinds that may be meant, where none is sure
    second: str | None = None  #: one more of the 70 that the message asks for; never where a person is called


def read(
    text: str,
    ranking: Sequence[tuple[str, float]],
    known: bool = True,
    clauses: Sequence[tuple[Clause, Guess]] = (),
    chances: Mapping[str, float] | None = None,
) -> Reading:
    """The reading of a normalised text; ``ranking`` is (intent or act, confidence) of all, likeliest first.

    ``clauses`` with their likeliest meaning, where the text has several; ``chances`` of each kind of danger,
    None where nobody reckoned them (then the sayings decide).
    """
    seen = signals_in(text) if chances is None else told(chances, lambda kind: _everyday(ranking, kind))
    third = is_third_party(text)
    signal = next((one for one in seen if one.name != THIRD_PARTY), None)
    somebody_else = third or any(one.name == THIRD_PARTY for one in seen)
    meanings = _with_signal(_meanings(ranking), signal)
    if signal or (says_more(text) if third else known):
        verdict = decide(meanings, handling_table(), thresholds(), bool(signal and signal.handover))
        intent, confidence = _for_policies(ranking[0], verdict, signal, somebody_else)
    else:
        verdict, (intent, confidence) = ask_back(meanings), (THIRD_PARTY if somebody_else else UNCLEAR, 1.0)
    second = None
    if not signal and not somebody_else and known:
        verdict, second = _with_second(verdict, meanings, clauses)
        intent, confidence = (verdict.intent, verdict.confidence) if second else (intent, confidence)
    name = signal.name if signal else None
    names = tuple(one.name for one in seen)
    maybe = () if signal or chances is None else tuple(one.name for one in suspected(chances))
    return Reading(intent, confidence, verdict, meanings, third, name, known, names, maybe, second)


def _with_second(
    verdict: Verdict, meanings: Sequence[Guess], clauses: Sequence[tuple[Clause, Guess]]
) -> tuple[Verdict, str | None]:
    """Two requests: the one the whole was read as, if need be the likelier of the two, and the other."""
    both = two_requests(clauses, meanings, handling_table())
    if both is None or verdict.decision in (Decision.HANDOVER, Decision.OUT_OF_SCOPE):
        return verdict, None
    first = next(guess for guess in meanings if guess.intent in both)
    if first.intent != verdict.intent:
        return verdict, None
    return taken(first, handling_table()), both[1 - both.index(first.intent)]


def _everyday(ranking: Sequence[tuple[str, float]], kind: Signal) -> float:
    """How sure the classifier is of a matter that neither is the kind's nor brings a person anyway."""
    table = handling_table()
    return max(
        chance
        for name, chance in ranking
        if name in table and table[name] is not Handling.ESCALATE and name != kind.intent
    )


def _meanings(ranking: Sequence[tuple[str, float]]) -> tuple[Guess, ...]:
    """The ranking without dialogue acts: "好的" stays unlikely to be any question."""
    return tuple(Guess(name, confidence) for name, confidence in ranking if name in handling_table())


def _with_signal(meanings: tuple[Guess, ...], signal: Signal | None) -> tuple[Guess, ...]:
    """A signal's intent goes first, and certain; the others share the rest."""
    if signal is None:
        return meanings
    others = [guess for guess in meanings if guess.intent != signal.intent]
    whole = sum(guess.confidence for guess in others) or 1.0
    rest = tuple(Guess(guess.intent, guess.confidence / whole * (1 - CERTAIN)) for guess in others)
    return (Guess(signal.intent, CERTAIN), *rest)


def _for_policies(
    first: tuple[str, float], verdict: Verdict, signal: Signal | None, third: bool
) -> tuple[str, float]:
    """Safety, another speaker, then a dialogue act, then the verdict; asking back is ``unclear``."""
    if signal is not None:
        return SAFETY, 1.0
    if third:
        return THIRD_PARTY, 1.0
    if first[0] not in handling_table() and first[1] >= thresholds().fair:
        return first
    if verdict.decision is Decision.CLARIFY:
        return UNCLEAR, 1.0
    return verdict.intent, verdict.confidence
