"""The negotiator: asks what the customer can pay, offers within it, gives way, and calls a person in time.

Owns the order of a talk as frozen values: `begin` asks, `next_move(state, reply)` answers. Any signal that needs
a person ends the bargaining at once. Every move carries `Reason`s: which rule, by which figures, so that an
auditor can play the talk again. Knows no words and no customer: only what he said he can pay. Which offers are
legal comes in from the mandate; which of them is best from `choice` by a model a bank learns from its cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from bot.money import ZERO, Money
from bot.negotiation.choice import (
    DEMO_MEANS,
    NONE_REFUSED,
    PLACE,
    Means,
    Option,
    Outlook,
    Refused,
    growth,
    never_dearer,
    options,
    within,
)
from bot.negotiation.debtors import Debtors, value_of_person
from bot.negotiation.terms import Asked, Pricing
from bot.negotiation.values import Capacity, Debt, Offer, OfferKind


class Rule(str, Enum):
    """Why a move was made; the figures beside it make it replayable."""

    ASK_FIRST = "ask_first"  #: what he can pay is not known yet
    SIGNAL = "signal"  #: something was said that needs a person
    NO_AUTHORITY = "no_authority"  #: the mandate allows no offer on this debt
    NOTHING_AFFORDABLE = "nothing_affordable"  #: no legal offer within what he can pay
    BEST_EXPECTED = "best_expected"  #: the highest expected value of what he can pay
    NEVER_DEARER = "never_dearer"  #: kept below the offer he refused
    COUNTER_MET = "counter_met"  #: his own proposal is legal and affordable
    COUNTER_NEAREST = "counter_nearest"  #: the legal offer nearest to his proposal
    COUNTER_BEYOND = "counter_beyond"  #: nothing legal is as mild; the figures say what there is
    LEGAL_ORDER = "legal_order"  #: he asked for principal first: 费用、利息、本金 is the order (民法典 561)
    PERSON_WORTH_MORE = "person_worth_more"  #: every other offer is worth less than a person's help
    AGREED = "agreed"


class Action(str, Enum):
    ASK = "ask"
    OFFER = "offer"
    HUMAN = "human"
    DONE = "done"


@dataclass(frozen=True)
class Reason:
    """``figures``: name and value as text, in the order they are explained."""

    rule: Rule
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Move:
    """What the bot does next; ``offer`` and ``asked`` for an offer and for what was agreed."""

    action: Action
    reasons: tuple[Reason, ...]
    offer: Offer | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class Counter:
    """The customer's own proposal; what he did not name is None. ``terms`` 1 or ``upfront``: pays at once."""

    monthly: Money | None = None
    terms: int | None = None
    upfront: Money | None = None
    starts_in: int | None = None  #: months he asks to wait
    principal_first: bool = False  #: payments to go to the principal before interest and fees


PRINCIPAL_FIRST = Counter(principal_first=True)


@dataclass(frozen=True)
class Reply:
    """What the customer said to the last move."""

    accepted: bool = False
    signal: str = ""  #: why a person is needed; empty: nothing
    capacity: Capacity | None = None
    counter: Counter | None = None


@dataclass(frozen=True)
class Talk:
    """Where a negotiation stands. ``legal``: what the mandate allows today (`mandate.legal_offers`)."""

    debt: Debt
    legal: tuple[Offer, ...]
    model: Debtors
    pricing: Pricing
    means: Means = DEMO_MEANS
    turn: int = 1
    told: Capacity | None = None
    choices: tuple[Option, ...] = ()
    refused: Refused = NONE_REFUSED
    standing: int | None = None  #: the option offered last
    ended: bool = False


def begin(talk: Talk) -> tuple[Talk, Move]:
    """The first move: a question, or a person where the bot may offer nothing."""
    if not talk.legal:
        return _person(talk, Reason(Rule.NO_AUTHORITY, (("debt", talk.debt.total.text),)))
    return talk, Move(Action.ASK, (Reason(Rule.ASK_FIRST),))


def next_move(talk: Talk, reply: Reply) -> tuple[Talk, Move]:
    """The answer to a reply. After the end (a person, an agreement) every reply is a person's (ValueError)."""
    if talk.ended:
        raise ValueError("this negotiation has ended")
    if reply.signal:
        return _person(talk, Reason(Rule.SIGNAL, (("signal", reply.signal),)))
    if reply.accepted and talk.standing is not None:
        return _agreed(talk, talk.choices[talk.standing])
    if reply.counter == PRINCIPAL_FIRST and talk.standing is not None:
        return _offered(talk, talk.standing, _LEGAL_ORDER, *_standing_reasons(talk))
    passed = _passed(talk)
    if reply.capacity is not None:
        passed = _understood(passed, reply.capacity)
    if passed.told is None:
        return passed, Move(Action.ASK, (Reason(Rule.ASK_FIRST),))
    if not passed.choices:
        figures = (("monthly", passed.told.monthly.text), ("at_hand", passed.told.at_hand.text))
        return _person(passed, Reason(Rule.NOTHING_AFFORDABLE, figures))
    if reply.counter is not None and reply.counter != PRINCIPAL_FIRST:
        return _countered(passed, reply.counter)
    return _best(passed)


def _countered(talk: Talk, counter: Counter) -> tuple[Talk, Move]:
    """His proposal answered: met, met as nearly as can be, or said to be beyond what there is."""
    order = (_LEGAL_ORDER,) if counter.principal_first else ()
    met = _nearest(talk, counter)
    if met is None:
        state, move = _best(talk)
        return state, replace(move, reasons=(*move.reasons, _beyond(talk, counter), *order))
    if met not in talk.choices:
        talk = replace(talk, choices=(*talk.choices, met))
    return _offered(talk, talk.choices.index(met), _counter_reason(met, counter), *order)


def _passed(talk: Talk) -> Talk:
    """One turn later; the standing offer is now a refused one."""
    refused = talk.refused
    if talk.standing is not None:
        places = list(refused)
        places[PLACE[talk.choices[talk.standing].offer.kind]] = talk.standing
        refused = (places[0], places[1], places[2])
    return replace(talk, turn=talk.turn + 1, refused=refused, standing=None)


def _understood(talk: Talk, told: Capacity) -> Talk:
    """New figures: the offers he can pay are found anew; what he refused before is kept where it still counts."""
    found = options(talk.debt, talk.legal, told, talk.model, talk.means, talk.pricing)
    known = {option.offer: index for index, option in enumerate(found)}
    kept = [known.get(talk.choices[index].offer) if index is not None else None for index in talk.refused]
    return replace(talk, told=told, choices=found, refused=(kept[0], kept[1], kept[2]))


def _best(talk: Talk) -> tuple[Talk, Move]:
    assert talk.told is not None
    outlook = Outlook(talk.choices, talk.model, talk.means, float(talk.debt.total.yuan), growth(talk.told))
    pick = outlook.pick(talk.turn, talk.refused)
    worth = (("expected", f"{pick.expected:.2f}"), ("turn", str(talk.turn)), ("model", talk.model.version))
    if pick.option is None:
        return _person(talk, Reason(Rule.PERSON_WORTH_MORE, worth))
    reasons = [Reason(Rule.BEST_EXPECTED, (*worth, ("yes", f"{pick.yes:.3f}"), *_within(pick.option)))]
    last = talk.refused[PLACE[pick.option.offer.kind]]
    if last is not None:
        before = talk.choices[last].asked.monthly
        reasons.append(Reason(Rule.NEVER_DEARER, (("before", before.text),)))
    return _offered(talk, talk.choices.index(pick.option), *reasons)


def _within(option: Option) -> tuple[tuple[str, str], ...]:
    return (
        ("monthly", option.asked.monthly.text),
        ("upfront", option.asked.upfront.text),
        ("share", f"{option.said.share:.3f}"),
    )


def _offered(talk: Talk, index: int, *reasons: Reason) -> tuple[Talk, Move]:
    option = talk.choices[index]
    return replace(talk, standing=index), Move(Action.OFFER, reasons, option.offer, option.asked)


def _person(talk: Talk, reason: Reason) -> tuple[Talk, Move]:
    return replace(talk, ended=True), Move(Action.HUMAN, (reason,))


def _agreed(talk: Talk, option: Option) -> tuple[Talk, Move]:
    reason = Reason(Rule.AGREED, _within(option))
    return replace(talk, ended=True), Move(Action.DONE, (reason,), option.offer, option.asked)


def _fits(option: Option, counter: Counter) -> bool:
    """Whether an option is no harder than what the customer proposed."""
    lump = option.offer.kind is OfferKind.LUMP
    if counter.monthly is not None and (lump or option.asked.monthly > counter.monthly):
        return False
    if counter.upfront is not None and option.asked.upfront > counter.upfront:
        return False
    if counter.terms is not None and counter.terms > 1 and (lump or option.asked.count < counter.terms):
        return False
    if counter.terms == 1 and not lump:
        return False
    return counter.starts_in is None or (not lump and option.asked.first > counter.starts_in)


def _nearest(talk: Talk, counter: Counter) -> Option | None:
    """The option nearest to his proposal and no harder, worth more than a person.

    Never dearer than what he refused, unless it is what he himself named.
    """
    assert talk.told is not None
    if talk.turn > talk.means.last_turn:
        return None
    floor = value_of_person(talk.model, float(talk.debt.total.yuan))
    found = within(talk.debt, talk.legal, talk.told, talk.model, talk.means, talk.pricing)
    fit = [
        option
        for option in found
        if option.value > floor and _fits(option, counter) and _may_follow(talk, option, counter)
    ]
    return min(fit, key=lambda option: _distance(option, counter), default=None)


def _may_follow(talk: Talk, option: Option, counter: Counter) -> bool:
    last = talk.refused[PLACE[option.offer.kind]]
    if last is None:
        return True
    before = talk.choices[last]
    if option.offer == before.offer:
        return False
    named = counter.monthly is not None or counter.terms == option.asked.count
    return named or never_dearer(option, before)


def _distance(option: Option, counter: Counter) -> tuple[int, int, float]:
    """How far from what he named: instalments, then what is paid at once; then the dearest."""
    terms = option.asked.count - counter.terms if counter.terms is not None and counter.terms > 1 else 0
    short = counter.upfront.fen - option.asked.upfront.fen if counter.upfront is not None else 0
    return terms, int(short), -option.value


def _counter_reason(option: Option, counter: Counter) -> Reason:
    exact = (counter.terms is None or counter.terms == max(1, option.asked.count)) and (
        counter.monthly is None or counter.monthly == option.asked.monthly
    )
    return Reason(Rule.COUNTER_MET if exact else Rule.COUNTER_NEAREST, (*_wished(counter), *_within(option)))


def _beyond(talk: Talk, counter: Counter) -> Reason:
    """What he wished, and the mildest there is of it: least a month, most instalments, latest start."""
    monthly = [option.asked for option in talk.choices if option.asked.count]
    limits = (
        ("least_monthly", min((asked.monthly for asked in monthly), default=ZERO).text),
        ("most_terms", str(max((asked.count for asked in monthly), default=0))),
        ("latest_start", str(max((asked.first for asked in monthly), default=0))),
    )
    return Reason(Rule.COUNTER_BEYOND, (*_wished(counter), *limits))


def _wished(counter: Counter) -> tuple[tuple[str, str], ...]:
    named = (("wished_" + name, value) for name, value in vars(counter).items())
    return tuple(
        (name, value.text if isinstance(value, Money) else str(value))
        for name, value in named
        if value is not None and value is not False
    )


_LEGAL_ORDER = Reason(Rule.LEGAL_ORDER, (("source", "民法典 561"), ("order", "费用、利息、本金")))


def _standing_reasons(talk: Talk) -> tuple[Reason, ...]:
    """The offer stays as it was: asking about the order of payments refuses nothing."""
    assert talk.standing is not None
    return (Reason(Rule.BEST_EXPECTED, _within(talk.choices[talk.standing])),)
