"""Matters that need a person: say what happens next, then stage the hand-over with what is known."""

from __future__ import annotations

from contextlib import suppress

from bot.actions.account import payment_rows
from bot.actions.answering import find_answer, give_answer, give_whole_answer, shortly
from bot.actions.base import BankAction, Events, Talk, person
from bot.actions.handover import ROUTES, bring_person
from bot.actions.safety import care_again, still_in_care
from bot.actions.ticketing import said_ticket_state
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.errors import BankUnavailable
from conversation.effects import DoubtSpeaker
from conversation.escalation import Reason

CHARGES = 5  #: payments shown to who disputes one
#: matters that have a ticket, whose state may be what he asks for
_HAS_STATE = frozenset({"complaint", "charge_dispute", "collection_conduct"})
#: the desk says the rest itself when a person was asked for
_SHORT = frozenset({"human_agent", "complaint"})
#: never bargained about after words of self-harm
_BARGAINS = frozenset(name for name, route in ROUTES.items() if route.reason is Reason.NEGOTIATION)


class ActionEscalate(BankAction):
    """The knowledge's sentence for this matter, then the queue."""

    def name(self) -> str:
        return "action_escalate"

    def act(self, talk: Talk) -> Events:
        if still_in_care(talk) and talk.intent in _BARGAINS:
            care_again(talk)
            return []
        if talk.intent in _HAS_STATE and said_ticket_state(talk):
            return []
        if talk.intent in _SHORT:
            talk.say(Utter.ANSWER, text=shortly(find_answer(talk, talk.intent)))
        else:
            give_whole_answer(talk, talk.intent)
        if talk.intent == "charge_dispute":
            _show_charges(talk)
        bring_person(talk, ROUTES[talk.intent], None if talk.intent == "human_agent" else talk.intent)
        return []


def _show_charges(talk: Talk) -> None:
    """What was taken lately, to look at together; only for the verified speaker, and never in the way."""
    if talk.customer_id is None:
        return
    with suppress(BankUnavailable):
        if payments := talk.services.bank.payments(talk.customer_id, CHARGES):
            title, rows = word("payments_title"), payment_rows(payments)
            talk.show(Utter.PAYMENTS, {"kind": "rows", "title": title, "rows": rows})


class ActionThirdParty(BankAction):
    """The speaker is not the customer: nothing of the account from here on, and what he can do.

    His question is answered when it needs no account; what needs a person gets one.
    """

    question = False

    def name(self) -> str:
        return "action_third_party"

    def act(self, talk: Talk) -> Events:
        if talk.third_party or "third_party" not in talk.signals:
            talk.stage(DoubtSpeaker())  # only what is said plainly closes the account; a hint does not
        if talk.decision == "handover" and talk.meaning in ROUTES:
            self._hand_over(talk)
            return []
        talk.say(Utter.THIRD_PARTY, buttons=[person()])
        if talk.decision in ("answer", "act") and _is_general(talk):
            give_answer(talk, talk.meaning)
        return []

    def _hand_over(self, talk: Talk) -> None:
        give_whole_answer(talk, talk.meaning)
        bring_person(
            talk, ROUTES[talk.meaning], talk.meaning, {word("third_party"): word("third_party_said")}
        )


_NO_QUESTION = frozenset({"chitchat", "abuse"})


def _is_general(talk: Talk) -> bool:
    """A question that can be answered without the account he was just refused."""
    library = talk.services.knowledge
    return (
        talk.meaning not in _NO_QUESTION
        and talk.meaning in library
        and not library.entry(talk.meaning).account
    )
