"""What is served before everything else: danger to life, swindles, loss, death, minors, the law's rights.

The most dangerous kind decides the road; the others go to the agent's card. Nothing of the account is said.
"""

from __future__ import annotations

from typing import NamedTuple

from rasa_sdk.events import SlotSet

from bot.actions import freeze
from bot.actions.base import BankAction, Events, Talk, person
from bot.actions.handover import TICKETS, Route, route_of_signal
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.contacts import Standing, contacts, standing_of
from conversation.effects import DoubtSpeaker, Escalate, OpenTicket
from conversation.escalation import Reason

THIRD_PARTY = "third_party"


class Road(NamedTuple):
    """What is said, why a person comes, and what his card has to say besides (keys of words.yml)."""

    says: Utter
    route: Route
    facts: tuple[str, ...] = ()


_COMPLAINT = Route(Reason.COMPLAINT, "complaint")
_ROADS: dict[str, Road] = {
    "self_harm": Road(Utter.SELF_HARM, Route(Reason.SELF_HARM, "general"), ("no_collection",)),
    "death": Road(Utter.BEREAVED, Route(Reason.BEREAVED, "general"), ("no_collection", "no_disclosure")),
    "minor": Road(Utter.MINOR, Route(Reason.MINOR, "general"), ("no_collection",)),
    "serious_illness": Road(Utter.ILL, Route(Reason.VULNERABLE, "general"), ("no_medical",)),
    "deaf": Road(Utter.NO_CALL, Route(Reason.VULNERABLE, "general"), ("no_call",)),
    "regulator_threat": Road(Utter.COMPLAINT_TAKEN, _COMPLAINT),
    "media_threat": Road(Utter.COMPLAINT_TAKEN, _COMPLAINT),
    "lawyer": Road(Utter.COMPLAINT_TAKEN, _COMPLAINT),
}
_RIGHTS = {"data_request": Utter.PERSONAL_INFORMATION, "credit_objection": Utter.CREDIT_OBJECTION}
_BY_INTENT = {"card_loss_freeze": "card_loss", "fraud_report": "fraud_in_progress"}
_FIRST_WORDS = {"card_loss": Utter.LOSS, "fraud_in_progress": Utter.FRAUD}


class ActionSafety(BankAction):
    """The road of the most dangerous kind that was seen. What waits for a yes is the road's own business."""

    question = False

    def name(self) -> str:
        return "action_safety"

    def act(self, talk: Talk) -> Events:
        kinds = talk.signals or (_BY_INTENT.get(talk.intent, "fraud_in_progress"),)
        kind = next(one for one in (*kinds, "collector_check") if one != THIRD_PARTY)
        if talk.third_party:
            talk.stage(DoubtSpeaker())
        if kind in _FIRST_WORDS:
            return _protect(talk, kind)
        if kind == "collector_check":
            _look_up(talk)
        elif kind in _RIGHTS:
            talk.say(_RIGHTS[kind])
            _bring(talk, route_of_signal(kind) or _COMPLAINT, kinds)
        else:
            return _care(talk, kind, kinds)
        return []


def _protect(talk: Talk, kind: str) -> Events:
    """Money first: the words that stop it, then the account."""
    talk.say(_FIRST_WORDS[kind])
    again = (talk.slot("pending") or {}).get("kind") == freeze.PENDING
    if again:  # offered before and not answered: no second offer, a person
        _bring(talk, freeze.FRAUD if kind == "fraud_in_progress" else freeze.LOSS, (kind,))
        return [SlotSet("pending", None)]
    return freeze.begin(talk, kind)


def _care(talk: Talk, kind: str, kinds: tuple[str, ...]) -> Events:
    road = _ROADS[kind]
    if kind == "self_harm" and (talk.third_party or THIRD_PARTY in kinds):
        talk.say(Utter.SELF_HARM_OTHER)
    else:
        talk.say(road.says, deadline=talk.services.products.text("bank.投诉受理时限"))
    if kind == "death" and not talk.third_party:
        talk.stage(DoubtSpeaker())
    _bring(talk, road.route, kinds, road.facts)
    remembered = [SlotSet("care", kind)] if kind == "self_harm" else []
    return [*remembered, SlotSet("pending", None)]


def _bring(talk: Talk, route: Route, kinds: tuple[str, ...], more: tuple[str, ...] = ()) -> None:
    """A person, with what was seen; no amounts, no days overdue: this is not a collection matter."""
    seen = {word("seen"): "、".join(word(kind) for kind in kinds)}
    facts = {word(name): word(f"{name}_said") for name in more}
    if talk.third_party or THIRD_PARTY in kinds:
        facts[word(THIRD_PARTY)] = word("third_party_said")
    if route.reason in TICKETS:
        talk.stage(OpenTicket(TICKETS[route.reason], facts={word("matter"): word(kinds[0]), **seen, **facts}))
    talk.stage(Escalate(route.reason, route.skill, {**seen, **facts}))


def _look_up(talk: Talk) -> None:
    """Exactly yes or no; unsure is no. The list itself is said, because numbers are masked on their way in."""
    found = standing_of(talk.text)
    if found.standing is Standing.OURS:
        talk.say(Utter.CONTACT_OURS, name=found.name, what=found.what)
    elif found.standing is Standing.NOT_OURS:
        talk.say(Utter.CONTACT_NOT_OURS, name=found.name)
    else:
        talk.say(Utter.CONTACT_UNKNOWN)
    known = contacts()
    numbers, companies = "、".join(known.numbers), "、".join(known.companies)
    talk.say(Utter.CONTACT_LIST, numbers=numbers, companies=companies, buttons=[person()])


def still_in_care(talk: Talk) -> bool:
    """After words of self-harm nothing is bargained here: negotiation matters go to a person."""
    return bool(talk.slot("care"))


def care_again(talk: Talk) -> None:
    """Said instead of any offer or demand."""
    talk.say(Utter.SELF_HARM_STILL)
    talk.stage(Escalate(Reason.SELF_HARM, "general", {word("seen"): word("self_harm")}))
