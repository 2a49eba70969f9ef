"""When it is not clear what is meant: offer the likeliest meanings; the second time bring a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions.base import BankAction, Events, Talk, button, person
from bot.actions.ticketing import said_ticket_state
from bot.actions.utter import Utter
from bot.actions.words import word, words
from bot.knowledge.entry import Entry
from conversation.effects import Escalate
from conversation.escalation import Reason

OFFERED = 3
MISSES_BEFORE_PERSON = 2
#: never offered as a meaning: they are not questions
_NOT_OFFERED = frozenset({"chitchat", "abuse", "out_of_scope", "human_agent"})


class ActionClarify(BankAction):
    """Two or three meanings in the customer's words, and a person."""

    question = False

    def name(self) -> str:
        return "action_clarify"

    def act(self, talk: Talk) -> Events:
        if said_ticket_state(talk):
            return []
        misses = int(talk.slot("misses") or 0) + 1
        likely = likely_entries(talk)
        if misses >= MISSES_BEFORE_PERSON:
            talk.say(Utter.DID_NOT_UNDERSTAND)
            facts = {word("maybe"): "、".join(entry.title for entry in likely)} if talk.known else {}
            talk.stage(Escalate(Reason.TWO_MISSES, facts=facts))
            return [SlotSet("misses", 0), SlotSet("choices", None), SlotSet("pending", None)]
        say = Utter.CLARIFY if talk.known else Utter.CLARIFY_NOTHING
        talk.say(say, buttons=[*(button(entry.ask, entry.intent) for entry in likely), person()])
        return [SlotSet("misses", misses), SlotSet("choices", [entry.intent for entry in likely])]


def likely_entries(talk: Talk) -> list[Entry]:
    """The likeliest meanings; what people ask most where not a word was known."""
    library = talk.services.knowledge
    names = talk.ranking if talk.known else words("asked_most")
    return [library.entry(name) for name in names if name in library and name not in _NOT_OFFERED][:OFFERED]
