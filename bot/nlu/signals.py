"""What decides by itself: danger to life, swindles, loss, death, minors, rights the law gives.

Pure. Each kind has a file under data/signals/: what it means, from which probability on it is taken for true
(signal_model.py finds the probability), and sayings a person can check. The sayings are evidence to the
model, and decide alone where no model is asked. What is done about a signal is the road's business
(bot/actions/safety.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.nlu.normalise import DATA, normalise
from conversation.escalation import Reason

FOLDER = DATA / "signals"
BESIDE = 0.15  #: of the likeliest kind's chance: what is less is that kind seen askew
EVERYDAY = 0.8  #: who plainly asks for something else is not taken for endangered on a slight chance


@dataclass(frozen=True)
class Signal:
    """``intent`` is what the message is; ``handover`` when that intent alone would not bring a person;
    the higher ``danger`` the earlier it is served. From the probability ``sure`` on the road is taken, below
    ``certain`` only where the message is not plainly an everyday one; from ``maybe`` on a word of care goes
    with the answer."""

    name: str
    intent: str
    handover: bool = False
    danger: int = 0
    maybe: float = 0.5
    sure: float = 0.5
    certain: float = 0.5


@dataclass(frozen=True)
class _Rule:
    """``says`` is looked for in the text from which ``unless`` has been cut (each cut leaves a comma)."""

    signal: Signal
    says: re.Pattern[str]
    unless: re.Pattern[str] | None


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    """All kinds, the most dangerous first."""
    found = (_rule(path.stem, yaml.safe_load(path.read_text("utf-8"))) for path in FOLDER.glob("*.yml"))
    return tuple(sorted(found, key=lambda rule: -rule.signal.danger))


def _rule(name: str, table: dict[str, object]) -> _Rule:
    chances = [float(str(table[bound])) for bound in ("maybe", "sure", "certain")]
    signal = Signal(
        name, str(table["intent"]), bool(table.get("handover")), int(str(table["danger"])), *chances
    )
    unless = table.get("unless")
    return _Rule(signal, _compiled(table["says"]), _compiled(unless) if unless else None)


def _compiled(sayings: object) -> re.Pattern[str]:
    assert isinstance(sayings, list)
    whole = "|".join(f"(?:{saying})" for saying in sayings)
    for _ in range(2):  # a word may be made of another
        for word, alternatives in _words().items():
            whole = whole.replace("{" + word + "}", alternatives)
    return re.compile(whole)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    lines = (FOLDER / "words.txt").read_text("utf-8").splitlines()
    pairs = (line.split(" = ", 1) for line in lines if line and line[0] != "#")
    return dict(pairs)


#: a long text is looked at window by window, each beginning a little before the last one ended
WINDOW, OVERLAP = 240, 60
_BLANKS = re.compile(r"[ ~…·、]+")


def told(chances: Mapping[str, float], everyday: Callable[[Signal], float]) -> tuple[Signal, ...]:
    """The kinds taken for true, the most dangerous first; ``chances``: kind → probability.

    ``everyday``: how likely the message is a matter that has nothing to do with the kind. Beside a kind that is
    far likelier a slight chance counts for nothing, unless it is certain by its own measure.
    """
    strongest = max(chances.values(), default=0.0)

    def holds(signal: Signal) -> bool:
        chance = chances.get(signal.name, 0.0)
        if chance >= signal.certain:
            return True
        return chance >= max(signal.sure, BESIDE * strongest) and everyday(signal) < EVERYDAY

    return tuple(signal for signal in known_signals() if holds(signal))


def suspected(chances: Mapping[str, float]) -> tuple[Signal, ...]:
    """The kinds that may be meant, the most dangerous first."""
    return tuple(signal for signal in known_signals() if chances.get(signal.name, 0.0) >= signal.maybe)


def signals_in(text: str) -> tuple[Signal, ...]:
    """Every kind whose sayings a normalised text holds, the most dangerous first."""
    windows = [part for way in {text, _BLANKS.sub("", text)} for part in _windows(way)]
    return tuple(rule.signal for rule in _rules() if any(_shows(rule, part) for part in windows))


def _windows(text: str) -> list[str]:
    last = max(len(text) - OVERLAP, 1)
    return [text[start : start + WINDOW] for start in range(0, last, WINDOW - OVERLAP)]


def signal_in(text: str) -> Signal | None:
    """The most dangerous signal of a normalised text, if any."""
    return next(iter(signals_in(text)), None)


def _shows(rule: _Rule, text: str) -> bool:
    left = rule.unless.sub(",", text) if rule.unless else text
    return bool(rule.says.search(left))


#: what cannot wait, though a person was called for something else
_AT_ONCE = {"self_harm": Reason.SELF_HARM, "fraud_in_progress": Reason.FRAUD, "card_loss": Reason.CARD_LOSS}


def danger_in(text: str) -> Reason | None:
    """Why a person must come sooner, of a customer's own text; None where it may wait. Rules only: this is
    asked of every message at the door, also where no model is loaded."""
    found = (_AT_ONCE.get(signal.name) for signal in signals_in(normalise(text).text))
    return next((reason for reason in found if reason), None)


def known_signals() -> tuple[Signal, ...]:
    """Every kind there is, the most dangerous first."""
    return tuple(rule.signal for rule in _rules())
