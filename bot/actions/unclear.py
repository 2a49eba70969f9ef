"""When it is not clear what is meant: offer the likeliest meanings; the second time bring a person."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from bot.actions import freeze
from bot.actions.base import BankAction, Events, Talk, button, person
from bot.actions.handover import Route, bring_person
from bot.actions.ticketing import said_ticket_state
from bot.actions.utter import Utter
from bot.actions.words import word, words
from bot.knowledge.entry import Entry
from conversation.escalation import Reason

OFFERED = 3
LIKELY = 0.04  #: a third meaning less likely than this only takes room
MISSES_BEFORE_PERSON = 2
#: never offered as a meaning: they are not questions
_NOT_OFFERED = frozenset({"chitchat", "abuse", "out_of_scope", "human_agent"})

#: nothing but how to reach him, as it is asked of guests with a ticket
_CONTACT = re.compile(r"[^<]{0,8}<(?:手机号|邮箱)>[^<]{0,4}")


class ActionClarify(BankAction):
    """Two or three meanings in the customer's words, and a person."""

    question = False

    def name(self) -> str:
        return "action_clarify"

    def act(self, talk: Talk) -> Events:
        if freeze.is_yes(talk):
            return freeze.confirmed(talk, talk.slot("pending"))
        if freeze.awaits_digits(talk):
            return freeze.check(talk)
        if said_ticket_state(talk):
            return []
        if _CONTACT.fullmatch(talk.text):
            talk.say(Utter.CONTACT_NOTED)
            return []
        misses = int(talk.slot("misses") or 0) + 1
        likely = likely_entries(talk)
        if misses >= MISSES_BEFORE_PERSON:
            talk.say(Utter.DID_NOT_UNDERSTAND)
            facts = {word("maybe"): "、".join(entry.title for entry in likely)} if talk.known else {}
            bring_person(talk, Route(Reason.TWO_MISSES, "general"), None, {**_before(talk), **facts})
            return [SlotSet("misses", 0), SlotSet("choices", None), SlotSet("pending", None)]
        say = Utter.CLARIFY if talk.known else Utter.CLARIFY_NOTHING
        talk.say(say, buttons=[*(button(entry.ask, entry.intent) for entry in likely), person()])
        return [SlotSet("misses", misses), SlotSet("choices", [entry.intent for entry in likely])]


def _before(talk: Talk) -> dict[str, str]:
    """What was talked about before it went wrong."""
    topic = talk.slot("topic")
    return (
        {word("before"): talk.services.knowledge.entry(topic).title}
        if topic in talk.services.knowledge
        else {}
    )


def likely_entries(talk: Talk) -> list[Entry]:
    """The two or three likeliest meanings; what people ask most where not a word was known.

    The third only where it is likely at all.
    """
    library = talk.services.knowledge
    guesses = talk.message.get("intent_ranking") or () if talk.known else ()
    chances = {str(one["name"]): float(one.get("confidence", 1.0)) for one in guesses}
    names = list(chances) if talk.known else words("asked_most")
    entries = [library.entry(name) for name in names if name in library and name not in _NOT_OFFERED]
    third = chances.get(entries[2].intent, 1.0) if len(entries) > 2 else 0.0
    return entries[: OFFERED if third >= LIKELY else OFFERED - 1]
