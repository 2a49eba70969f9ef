"""When it is not clear what is meant: offer the likeliest meanings; the second time bring a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions.answering import PERSON
from bot.actions.base import BankAction, Events, Talk, button
from bot.actions.utter import Utter
from conversation.effects import Escalate
from conversation.escalation import Reason

OFFERED = 3
MISSES_BEFORE_PERSON = 2
#: never offered as a meaning: they are not questions
_NOT_OFFERED = frozenset({"chitchat", "abuse", "out_of_scope", "human_agent"})


class ActionClarify(BankAction):
    """Two or three meanings in the customer's words, and a person."""

    def name(self) -> str:
        return "action_clarify"

    def act(self, talk: Talk) -> Events:
        misses = int(talk.slot("misses") or 0) + 1
        if misses >= MISSES_BEFORE_PERSON:
            talk.say(Utter.DID_NOT_UNDERSTAND)
            talk.stage(Escalate(Reason.TWO_MISSES))
            return [SlotSet("misses", 0), SlotSet("choices", None)]
        library = talk.services.knowledge
        likely = [name for name in talk.ranking if name in library and name not in _NOT_OFFERED][:OFFERED]
        entries = [library.entry(name) for name in likely]
        talk.say(Utter.CLARIFY, buttons=[*(button(e.ask, e.intent) for e in entries), button(*PERSON)])
        return [SlotSet("misses", misses), SlotSet("choices", likely)]

    def remembered(self, talk: Talk) -> Events:
        return []
