"""Papers: 结清证明, 合同, 还款流水, 利息发票. Whose, which loan, confirm, then ask the bank once."""

from __future__ import annotations

import re

from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, on_day
from bot.actions.choosing import ask_which, picked
from bot.actions.requesting import OwnAction, Request, propose
from bot.actions.utter import Utter
from bot.actions.words import word, words
from bot.bank.ports import Loan, LoanState, RequestKind

_KINDS = (
    ("invoice", re.compile("发票|开票")),
    ("statement", re.compile("流水|明细|还款记录|还款清单|还款凭证")),
    ("contract", re.compile("合同|协议|借据")),
)
SETTLEMENT = "settlement"
_NAMES = [name for name, _ in _KINDS]  #: in the order of their words


class ActionDocuments(OwnAction):
    """A settled loan's certificate, any loan's contract, statement or invoice."""

    def name(self) -> str:
        return "action_certificate"

    def serve(self, talk: Talk, customer: str) -> Events:
        wanted = talk.entity("matter") or document_in(talk.text)
        loans = talk.services.bank.loans(customer)
        fitting = [loan for loan in loans if wanted != SETTLEMENT or loan.state is LoanState.SETTLED]
        if not fitting:
            give_answer(talk, talk.intent, with_person=True)
            talk.say(Utter.CERTIFICATE_NOT_SETTLED if loans else Utter.NO_LOAN)
            return []
        loan = picked(talk, fitting)
        if loan is None:
            return ask_which(talk, fitting, "documents_certificate", matter=wanted)
        return _propose(talk, customer, loan, wanted)


def document_in(text: str) -> str:
    """Which paper is meant; the certificate of settlement unless another is named."""
    return next((name for name, words in _KINDS if words.search(text)), SETTLEMENT)


def _propose(talk: Talk, customer: str, loan: Loan, wanted: str) -> Events:
    drawn = on_day(loan.drawn_on, year=True)
    values = {"product": loan.product, "original": loan.original.text, "drawn": drawn}
    if wanted == SETTLEMENT:
        request = Request(RequestKind.ISSUE_CERTIFICATE, {"loan_id": loan.id}, word("certificate"))
        return propose(talk, customer, request, Utter.CERTIFICATE_CONFIRM, **values)
    payload = {"loan_id": loan.id, "document": wanted}
    request = Request(RequestKind.ISSUE_DOCUMENT, payload, words("documents")[_NAMES.index(wanted)])
    return propose(talk, customer, request, Utter.DOCUMENT_CONFIRM, document=request.summary, **values)
