"""His application: where it stands, another verification call, taking it back."""

from __future__ import annotations

from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, on_day, person
from bot.actions.requesting import OwnAction, Request, propose
from bot.actions.ticketing import said_ticket_state
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Application, ApplicationState, RequestKind

_UNDECIDED = (ApplicationState.REVIEWING, ApplicationState.CALL_PENDING)


class ActionApplication(OwnAction):
    """The newest application's state; what may be done about it is offered."""

    def name(self) -> str:
        return "action_application"

    def act(self, talk: Talk) -> Events:
        return [] if said_ticket_state(talk) else super().act(talk)

    def serve(self, talk: Talk, customer: str) -> Events:
        applications = talk.services.bank.applications(customer)
        if not applications:
            give_answer(talk, talk.intent)
            talk.say(Utter.NO_APPLICATION, buttons=[person()])
            return []
        newest = applications[0]
        say_application(talk, newest)
        if newest.state is ApplicationState.REJECTED and newest.again_on is not None:
            talk.say(Utter.APPLY_AGAIN, again=on_day(newest.again_on))
        if talk.intent == "cancel_application" and newest.state in _UNDECIDED:
            return _propose_cancel(talk, customer, newest)
        if talk.intent == "verification_call" and newest.state is ApplicationState.CALL_PENDING:
            payload = {"application_id": newest.id}
            request = Request(RequestKind.CALL_AGAIN, payload, word("call_again"))
            return propose(talk, customer, request, Utter.CALL_AGAIN_CONFIRM, product=newest.product)
        return []


def say_application(talk: Talk, one: Application) -> None:
    talk.say(
        Utter.APPLICATION,
        product=one.product,
        submitted=on_day(one.submitted_on),
        state=word(one.state.value),
        reason=one.reason or word("no_reason"),
        buttons=[person()],
    )


def _propose_cancel(talk: Talk, customer: str, one: Application) -> Events:
    request = Request(RequestKind.CANCEL_APPLICATION, {"application_id": one.id}, word("cancel_application"))
    return propose(talk, customer, request, Utter.CANCEL_CONFIRM, product=one.product, amount=one.amount.text)
