"""Dialogue acts: yes, no, the second one, an amount alone. What they mean depends on what came before."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions import freeze, loan_cost, promise_words, promising
from bot.actions.base import BankAction, Events, Talk, person
from bot.actions.choosing import chosen_loan, loans_offered
from bot.actions.following import One, names_one, place
from bot.actions.meant import LISTS, as_if, is_late
from bot.actions.requesting import confirmed
from bot.actions.shown import say_one
from bot.actions.utter import Utter

OFFERED = 3  #: places a customer counts to

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
        if pending and pending["kind"] == freeze.PENDING:
            return freeze.confirmed(talk, pending)
        if pending and pending["kind"] == promise_words.PENDING:
            return promising.confirmed(talk, pending)
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
        if (talk.slot("pending") or {}).get("kind") == freeze.PENDING:
            return freeze.declined(talk)
        talk.say(Utter.AS_YOU_WISH)
        return [SlotSet("pending", None)] if talk.slot("pending") else []


class ActionChoose(BankAction):
    """One of the debts or payments shown last; which meaning was offered is meant.py's."""

    question = False

    def name(self) -> str:
        return "action_choose"

    def act(self, talk: Talk) -> Events:
        loan, topic = chosen_loan(talk), talk.slot("topic")
        if loan is not None:
            return as_if(talk, loan["intent"], loan["entities"])
        one = names_one(talk.text) or One(None, None, place(talk.text, OFFERED))
        if talk.customer_id is None or topic not in LISTS or not say_one(talk, talk.customer_id, topic, one):
            talk.say(Utter.WHICH_ONE, buttons=[person()])
        return []


class ActionGiven(BankAction):
    """An amount, a term, a date, means or a reason alone: for the sum being reckoned, else we must ask."""

    question = False

    def name(self) -> str:
        return "action_given"

    def act(self, talk: Talk) -> Events:
        if freeze.awaits_digits(talk):
            return freeze.check(talk)
        loan = chosen_loan(talk) if loans_offered(talk) else None
        if loan is not None:
            return as_if(talk, loan["intent"], loan["entities"])
        if talk.slot("topic") == loan_cost.TOPIC and talk.intent in _RECKONED:
            return loan_cost.reckon(talk)
        if talk.intent in _MEANS and talk.customer_id is not None and is_late(talk, talk.customer_id):
            return as_if(talk, "hardship_cannot_pay")
        talk.say(Utter.NOTED_MEANS if talk.intent in _MEANS else Utter.NOTED)
        return []
