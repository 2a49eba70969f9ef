"""The one shape of what is asked of the bank: told what it means, confirmed, staged once, 已提交 until it answers.

Owns the slot ``pending`` and the words around it. What may be asked and what it needs is the bank port's.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.answering import ask_to_log_in
from bot.actions.base import BankAction, Events, Talk, on_day, person, yes_or_no
from bot.actions.utter import Utter
from bot.bank.ports import Json, RequestKind, RequestState, subject_of
from bot.money import business_date
from conversation.effects import AskBank

#: papers are issued once; a second wish is told where the first one lies
_ONCE = frozenset({RequestKind.ISSUE_CERTIFICATE, RequestKind.ISSUE_DOCUMENT})
#: these help once a day
_DAILY = frozenset({RequestKind.CALL_AGAIN, RequestKind.RETRY_DEBIT})
#: a yes that names what it is for; after another question a mere 好的 may mean that one
_PLAIN_YES = re.compile("确认|办理|提交|申请|同意|就办|要办")


@dataclass(frozen=True)
class Request:
    """What would be asked of the bank; ``summary`` is its Chinese name ("结清证明")."""

    kind: RequestKind
    payload: Mapping[str, Json]
    summary: str


class OwnAction(BankAction):
    """Something at the speaker's own account: guests hear the rule and how to log in."""

    def act(self, talk: Talk) -> Events:
        if talk.customer_id is None:
            return ask_to_log_in(talk, talk.intent)
        return self.serve(talk, talk.customer_id)

    @abstractmethod
    def serve(self, talk: Talk, customer: str) -> Events:
        """Answer ``customer``, who is the verified speaker."""


def propose(talk: Talk, customer: str, request: Request, say: Utter, **values: Any) -> Events:
    """Say what it means and ask for the yes; says instead that it is on its way or done, where it is."""
    if told_already(talk, customer, request):
        return []
    talk.say(say, buttons=yes_or_no(), **values)
    pending = {
        "kind": request.kind.value,
        "payload": dict(request.payload),
        "summary": request.summary,
        "matter": talk.intent,
        "age": 0,
    }
    return [SlotSet("pending", pending)]


def told_already(talk: Talk, customer: str, request: Request) -> bool:
    """Whether the same was asked before and still holds; says so then."""
    wanted = {"kind": request.kind.value, "customer_id": customer, "payload": dict(request.payload)}
    for asked in talk.services.records.asked_of_bank(talk.turn.conversation_id):
        if wanted.items() <= asked.items():
            talk.say(Utter.REQUEST_ON_ITS_WAY, summary=request.summary, buttons=[person()])
            return True
    subject = subject_of(request.kind, request.payload)
    made = [
        one
        for one in talk.services.bank.requests(customer)
        if (one.kind, one.subject) == (request.kind.value, subject)
    ]
    if not made:
        return False
    day = business_date(made[0].at)
    if made[0].state == RequestState.ACCEPTED.value:
        talk.say(Utter.REQUEST_ON_ITS_WAY, summary=request.summary, buttons=[person()])
        return True
    today = request.kind in _DAILY and day == business_date(talk.turn.now)
    if made[0].state == RequestState.DONE.value and (request.kind in _ONCE or today):
        talk.say(
            Utter.REQUEST_DONE_ALREADY,
            summary=request.summary,
            day=on_day(day),
            message=made[0].message,
            buttons=[person()],
        )
        return True
    return False


def is_plain_yes(text: str) -> bool:
    """A yes that says what it is for."""
    return bool(_PLAIN_YES.search(text))


def confirmed(talk: Talk, pending: Mapping[str, Any]) -> Events:
    """The customer said yes: stage the request. After another question a bare yes is asked about once more."""
    if pending.get("age") and not is_plain_yes(talk.text):
        talk.say(Utter.CONFIRM_AGAIN, summary=pending["summary"], buttons=yes_or_no())
        return [SlotSet("pending", {**pending, "age": 0})]
    if talk.customer_id is None:
        return [SlotSet("pending", None), *ask_to_log_in(talk, str(pending["matter"]))]
    talk.stage(AskBank(pending["kind"], talk.customer_id, dict(pending["payload"]), pending["summary"]))
    talk.say(Utter.REQUEST_SUBMITTED, summary=pending["summary"], buttons=[person()])
    return [SlotSet("pending", None)]
