"""The 结清证明 journey: whose, is it settled, confirm, then ask the bank (by outbox, once)."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from bot.actions.answering import ask_to_log_in, give_answer
from bot.actions.base import BankAction, Events, Talk, button
from bot.actions.utter import Utter
from bot.bank.ports import Loan, LoanState, RequestKind
from conversation.effects import AskBank

PENDING = "certificate"
SUMMARY = "结清证明"


class ActionCertificate(BankAction):
    """Offers the certificate of a settled loan; explains when nothing is settled yet."""

    def name(self) -> str:
        return "action_certificate"

    def act(self, talk: Talk) -> Events:
        if talk.customer_id is None:
            return ask_to_log_in(talk, talk.intent)
        loans = talk.services.bank.loans(talk.customer_id)
        settled = [loan for loan in loans if loan.state is LoanState.SETTLED]
        if not settled:
            give_answer(talk, talk.intent, person=True)
            if loans:
                talk.say(Utter.CERTIFICATE_NOT_SETTLED)
            return []
        return self._offer(talk, settled[0])

    def _offer(self, talk: Talk, loan: Loan) -> Events:
        values = {"product": loan.product, "original": loan.original.text, "drawn": loan.drawn_on.isoformat()}
        talk.say(
            Utter.CERTIFICATE_CONFIRM,
            **values,
            buttons=[button("确认开具", "affirm"), button("先不开", "deny")],
        )
        return [SlotSet("pending", {"kind": PENDING, "loan_id": loan.id})]


def submit(talk: Talk, loan_id: str) -> Events:
    """The customer confirmed: stage the request; it is 已提交 until the bank says 已生效."""
    if talk.customer_id is None:
        return [SlotSet("pending", None), *ask_to_log_in(talk, "documents_certificate")]
    kind = RequestKind.ISSUE_CERTIFICATE.value
    talk.stage(AskBank(kind, talk.customer_id, {"loan_id": loan_id}, SUMMARY))
    talk.say(Utter.CERTIFICATE_SUBMITTED)
    return [SlotSet("pending", None)]
