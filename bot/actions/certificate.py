"""The 结清证明 journey: whose, is it settled, which one, confirm, then ask the bank (by outbox, once)."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions.answering import ask_to_log_in, give_answer
from bot.actions.base import BankAction, Events, Talk, button, on_day, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Loan, LoanState, RequestKind
from conversation.effects import AskBank

PENDING = "certificate"
OFFERED = 3  #: settled loans to choose from


class ActionCertificate(BankAction):
    """Offers the certificate of a settled loan; explains when nothing is settled yet."""

    def name(self) -> str:
        return "action_certificate"

    def act(self, talk: Talk) -> Events:
        if talk.customer_id is None:
            return ask_to_log_in(talk, talk.intent)
        loans = talk.services.bank.loans(talk.customer_id)
        settled = [loan for loan in loans if loan.state is LoanState.SETTLED]
        chosen = [loan for loan in settled if loan.id == talk.entity("loan")] or settled
        if len(chosen) == 1:
            return self._confirm(talk, chosen[0])
        if chosen:
            talk.say(Utter.CERTIFICATE_WHICH, buttons=[_choice(loan) for loan in chosen[:OFFERED]])
            return []
        give_answer(talk, talk.intent, with_person=True)
        if loans:
            talk.say(Utter.CERTIFICATE_NOT_SETTLED)
        return []

    def _confirm(self, talk: Talk, loan: Loan) -> Events:
        talk.say(
            Utter.CERTIFICATE_CONFIRM,
            product=loan.product,
            original=loan.original.text,
            drawn=on_day(loan.drawn_on, year=True),
            buttons=[button(word("yes_certificate"), "affirm"), button(word("no_certificate"), "deny")],
        )
        return [SlotSet("pending", {"kind": PENDING, "loan_id": loan.id})]


def _choice(loan: Loan) -> dict[str, str]:
    title = f"{on_day(loan.drawn_on, year=True)} {loan.original.text}"
    return button(title, "documents_certificate", loan=loan.id)


def submit(talk: Talk, loan_id: str) -> Events:
    """The customer confirmed: stage the request; it is 已提交 until the bank says 已生效."""
    if talk.customer_id is None:
        return [SlotSet("pending", None), *ask_to_log_in(talk, "documents_certificate")]
    kind = RequestKind.ISSUE_CERTIFICATE.value
    talk.stage(AskBank(kind, talk.customer_id, {"loan_id": loan_id}, word("certificate")))
    talk.say(Utter.CERTIFICATE_SUBMITTED, buttons=[person()])
    return [SlotSet("pending", None)]
