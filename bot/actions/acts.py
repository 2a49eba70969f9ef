"""Dialogue acts: yes, no, the second one, an amount alone. What they mean depends on what came before."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import ActionExecuted, SlotSet, UserUttered

from bot.actions import loan_cost
from bot.actions.base import BankAction, Events, Talk
from bot.actions.choosing import chosen_loan, loans_offered
from bot.actions.requesting import confirmed
from bot.actions.utter import Utter

_NTH = (re.compile(r"[一1①]|头一|前面|上面"), re.compile(r"[二2②两]|中间"), re.compile(r"[三3③]"))
_LAST = re.compile(r"最后|后面|末|下面")

#: what a sum is reckoned from
_RECKONED = frozenset({"give_amount", "give_term"})
#: words of somebody who talks about how he can pay, before anything was put to him
_MEANS = frozenset({"give_capacity", "give_reason", "counter_offer"})


class ActionAffirm(BankAction):
    """Yes: to what is pending, if anything is."""

    question = False

    def name(self) -> str:
        return "action_affirm"

    def act(self, talk: Talk) -> Events:
        pending = talk.slot("pending")
        if pending:
            return confirmed(talk, pending)
        talk.say(Utter.NOTHING_PENDING)
        return []


class ActionDeny(BankAction):
    """No: what was pending is dropped."""

    question = False

    def name(self) -> str:
        return "action_deny"

    def act(self, talk: Talk) -> Events:
        talk.say(Utter.AS_YOU_WISH)
        return [SlotSet("pending", None)] if talk.slot("pending") else []


class ActionChoose(BankAction):
    """The n-th of the meanings offered last: from here on as if he had pressed its button."""

    question = False

    def name(self) -> str:
        return "action_choose"

    def act(self, talk: Talk) -> Events:
        offered = list(talk.slot("choices") or [])
        at = place(talk.text, len(offered))
        chosen = chosen_loan(talk) or (None if at is None else offered[at])
        if chosen is None:
            talk.say(Utter.WHICH_ONE)
            return []
        return as_if_pressed(talk, chosen)


def as_if_pressed(talk: Talk, chosen: str | dict[str, Any]) -> Events:
    """An offered choice, an intent or {"intent", "entities"}, as if its button had been pressed."""
    name, named = (chosen, {}) if isinstance(chosen, str) else (chosen["intent"], chosen["entities"])
    intent = {"name": name, "confidence": 1.0}
    entities = [{"entity": entity, "value": value} for entity, value in named.items()]
    meant = {"intent": intent, "intent_ranking": [intent], "entities": entities, "text": talk.text}
    return [ActionExecuted("action_listen"), UserUttered(talk.text, parse_data=meant)]


class ActionGiven(BankAction):
    """An amount, a term, a date, means or a reason alone: for the sum being reckoned, else we must ask."""

    question = False

    def name(self) -> str:
        return "action_given"

    def act(self, talk: Talk) -> Events:
        loan = chosen_loan(talk) if loans_offered(talk) else None
        if loan is not None:
            return as_if_pressed(talk, loan)
        if talk.slot("topic") == loan_cost.TOPIC and talk.intent in _RECKONED:
            return loan_cost.reckon(talk)
        talk.say(Utter.NOTED_MEANS if talk.intent in _MEANS else Utter.NOTED)
        return []


def place(text: str, count: int) -> int | None:
    """Which of ``count`` things "第二个", "最后一个" means, from 0; None when it cannot be told."""
    if count and _LAST.search(text):
        return count - 1
    found = next((at for at, words in enumerate(_NTH) if words.search(text)), None)
    return found if found is not None and found < count else None
