"""A word of care with an ordinary answer, where danger may be meant but nobody can be sure of it.

A road taken wrongly costs the customer his answer and an agent his time; a sentence costs nothing.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.talk import Talk, button, person
from bot.actions.utter import Utter
from bot.actions.words import word
from conversation.effects import Escalate

#: kinds that cannot wait for the next message; the most dangerous first
_WORDS = {"self_harm": Utter.CARE_SELF_HARM, "fraud_in_progress": Utter.CARE_FRAUD}


def word_of_care(talk: Talk) -> list[dict[str, Any]]:
    """Said once in a conversation for each kind, after the answer; not where a person is called anyway."""
    kind = next((kind for kind in _WORDS if kind in talk.suspected), None)
    said = talk.slot("cared") or []
    if kind is None or kind in said or any(isinstance(effect, Escalate) for effect in talk.turn.effects):
        return []
    buttons = [person()] if kind == "self_harm" else [button(word("report_fraud"), "fraud_report"), person()]
    talk.say(_WORDS[kind], buttons=buttons)
    return [SlotSet("cared", [*said, kind])]
