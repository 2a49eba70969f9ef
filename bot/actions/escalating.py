"""Matters that need a person: say what happens next, then stage the hand-over with what is known."""

from __future__ import annotations

from bot.actions.answering import PERSON, give_answer
from bot.actions.base import BankAction, Events, Talk, button
from bot.actions.utter import Utter
from conversation.effects import DoubtSpeaker, Escalate
from conversation.escalation import Reason

#: intent → why a person, and which skill serves it
ROUTES: dict[str, tuple[Reason, str]] = {
    "human_agent": (Reason.CUSTOMER_ASKED, "general"),
    "complaint": (Reason.COMPLAINT, "complaint"),
    "fraud_report": (Reason.FRAUD, "fraud"),
    "card_loss_freeze": (Reason.CARD_LOSS, "fraud"),
    "charge_dispute": (Reason.CHARGE_DISPUTE, "general"),
    "collection_conduct": (Reason.COLLECTION_CONDUCT, "complaint"),
    "vulnerable_customer": (Reason.VULNERABLE, "general"),
    "negotiate_extension": (Reason.NEGOTIATION, "negotiation"),
    "negotiate_reduction": (Reason.NEGOTIATION, "negotiation"),
    "negotiate_instalment": (Reason.NEGOTIATION, "negotiation"),
    "hardship_cannot_pay": (Reason.NEGOTIATION, "negotiation"),
    "promise_to_pay": (Reason.NEGOTIATION, "negotiation"),
}
_FACTS = {"product": "产品", "amount": "金额（元）", "term": "期限", "date": "日期"}


class ActionEscalate(BankAction):
    """The knowledge's sentence for this matter, then the queue."""

    def name(self) -> str:
        return "action_escalate"

    def act(self, talk: Talk) -> Events:
        give_answer(talk, talk.intent)
        reason, skill = ROUTES[talk.intent]
        talk.stage(Escalate(reason, skill, facts_of(talk)))
        return []


def facts_of(talk: Talk) -> dict[str, str]:
    """What the customer named, under the labels the agent's card shows."""
    matter = talk.services.knowledge.entry(talk.intent).title
    named = {label: talk.entity(name) for name, label in _FACTS.items()}
    return {"事项": matter, **{label: value for label, value in named.items() if value}}


class ActionThirdParty(BankAction):
    """The speaker is not the customer: nothing of the account from here on, and what he can do."""

    def name(self) -> str:
        return "action_third_party"

    def act(self, talk: Talk) -> Events:
        talk.stage(DoubtSpeaker())
        talk.say(Utter.THIRD_PARTY, buttons=[button(*PERSON)])
        return []

    def remembered(self, talk: Talk) -> Events:
        return []
