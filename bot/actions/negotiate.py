"""The door to bargaining: whose debt, which one, and whether the bot may bargain over it at all."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions import bargaining, screening
from bot.actions.answering import give_whole_answer
from bot.actions.base import BankAction, Events, Talk, button, on_day, person
from bot.actions.handover import ROUTES, bring_person
from bot.actions.safety import care_again, still_in_care
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import BillState, Loan, LoanState


class ActionNegotiate(BankAction):
    """Longer, smaller, later or less: bargained about with the verified customer, else the road to it."""

    def name(self) -> str:
        return "action_negotiate"

    def act(self, talk: Talk) -> Events:
        if still_in_care(talk):
            care_again(talk)
            return []
        if talk.customer_id is None:
            talk.say(Utter.NEGOTIATE_LOG_IN, buttons=[person()])
            return []
        if not talk.services.controls.may_negotiate():
            return _person(talk, word("negotiation_stopped"))
        loans = _open_loans(talk, talk.customer_id)
        stop = screening.stop_of(talk, loans)
        if stop is not None:
            screening.bring(talk, stop, {word("matter"): talk.services.knowledge.entry(talk.intent).title})
            return []
        if not loans:
            return _no_loan(talk, talk.customer_id)
        if len(loans) > 1:
            return _which(talk, loans)
        return bargaining.begin(talk, loans[0])


class ActionStopTalk(BankAction):
    """He wants no more: the bargaining is over, what stands as before stays so."""

    question = False

    def name(self) -> str:
        return "action_stop_talk"

    def act(self, talk: Talk) -> Events:
        talk.say(Utter.STOP_TALK)
        state = bargaining.State.of(talk)
        return [] if state is None else bargaining.stop(talk, state)


def _open_loans(talk: Talk, customer: str) -> list[Loan]:
    """The loans he may mean: the one named, else those overdue, else all that are owed."""
    owed = [loan for loan in talk.services.bank.loans(customer) if loan.state is not LoanState.SETTLED]
    chosen = talk.entity("loan")
    if chosen is not None:
        return [loan for loan in owed if loan.id == chosen]
    named = [loan for loan in owed if loan.product == talk.entity("product")]
    owed = named or owed
    return [loan for loan in owed if loan.state is LoanState.OVERDUE] or owed


def _no_loan(talk: Talk, customer: str) -> Events:
    """Nothing of a loan is owed: a pay-later bill is a person's; without any debt there is nothing to bargain."""
    if any(bill.state is BillState.OVERDUE for bill in talk.services.bank.bills(customer)):
        return _person(talk, word("bill_debt"))
    give_whole_answer(talk, talk.intent)
    talk.say(Utter.NEGOTIATE_NO_DEBT, buttons=[person()])
    return []


def _which(talk: Talk, loans: list[Loan]) -> Events:
    titles = [
        button(
            word("loan_title").format(
                product=loan.product, day=on_day(loan.drawn_on, year=True), amount=loan.outstanding.text
            ),
            talk.intent,
            loan=loan.id,
        )
        for loan in loans
    ]
    talk.say(Utter.NEGOTIATE_WHICH, buttons=[*titles, person()])
    choices = [{"intent": talk.intent, "entities": {"loan": loan.id}} for loan in loans]
    return [SlotSet("topic", talk.intent), SlotSet("choices", choices)]


def _person(talk: Talk, why: str) -> Events:
    talk.say(Utter.NEGOTIATE_PERSON)
    bring_person(talk, ROUTES[talk.intent], talk.intent, {word("why_person"): why})
    return []
