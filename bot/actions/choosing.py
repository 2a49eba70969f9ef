"""Which of several loans is meant: by button, "9号那笔", "3月借的", "12000那笔", "尾号 0241", "第二个", "逾期的"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.base import Events, Talk, button, on_day
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Loan, LoanState
from bot.money import Money

OFFERED = 4  #: loans to choose from at once
_NTH = tuple(re.compile(rf"第[{number}](?:个|笔)") for number in ("一1①", "二2②两", "三3③"))
_LAST = re.compile(r"最后(?:一)?(?:个|笔)")
_TAIL = re.compile(r"尾号\D{0,3}(\d{2,5})")
_DAY = re.compile(r"(\d{1,2})[号日]")
_MONTH = re.compile(r"(\d{1,2})月")


def picked(talk: Talk, loans: Sequence[Loan]) -> Loan | None:
    """The one meant, when there is but one or it can be told; None otherwise."""
    named = talk.entity("loan")
    fitting = [loan for loan in loans if loan.id == named] if named else list(loans)
    if len(fitting) == 1:
        return fitting[0]
    found = pick(talk.text, loans)
    return found or _by_amount(talk.entity("amount"), loans)


def pick(text: str, loans: Sequence[Loan]) -> Loan | None:
    """The only loan the text can mean; ``loans`` are in the order they were shown in."""
    if loans and _LAST.search(text):
        return loans[-1]
    for at, words in enumerate(_NTH):
        if words.search(text) and at < len(loans):
            return loans[at]
    fitting = [loan for loan in loans if _fits(text, loan)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(text: str, loan: Loan) -> bool:
    tail, day, month = _TAIL.search(text), _DAY.search(text), _MONTH.search(text)
    told = [
        loan.id.endswith(tail[1]) if tail else None,
        int(day[1]) in _days(loan) if day else None,
        int(month[1]) == loan.drawn_on.month if month else None,
        loan.state is LoanState.OVERDUE if "逾期" in text else None,
    ]
    said = [one for one in told if one is not None]
    return bool(said) and all(said)


def _days(loan: Loan) -> set[int]:
    """The days of the month a customer may call it by."""
    return {loan.drawn_on.day, *([loan.next_due_on.day] if loan.next_due_on else [])}


def _by_amount(written: str | None, loans: Sequence[Loan]) -> Loan | None:
    try:
        amount = Money.parse(written) if written else None
    except ValueError:
        return None
    fitting = [loan for loan in loans if amount in (loan.original, loan.outstanding)]
    return fitting[0] if len(fitting) == 1 else None


def ask_which(talk: Talk, loans: Sequence[Loan], intent: str, **entities: str) -> Events:
    """Offer them; a button, a number or a day chooses."""
    shown = loans[:OFFERED]
    buttons = [button(_title(loan), intent, loan=loan.id, **entities) for loan in shown]
    talk.say(Utter.WHICH_LOAN, buttons=buttons)
    choices = [{"intent": intent, "entities": {**entities, "loan": loan.id}} for loan in shown]
    return [SlotSet("choices", choices)]


def loans_offered(talk: Talk) -> list[dict[str, Any]]:
    """The loans offered last, as choices; empty when something else was."""
    return [one for one in talk.slot("choices") or [] if isinstance(one, dict) and "loan" in one["entities"]]


def chosen_loan(talk: Talk) -> dict[str, Any] | None:
    """The offered loan the message means ("9号那笔"), as its choice."""
    offered = loans_offered(talk)
    if not offered or talk.customer_id is None:
        return None
    ids = [one["entities"]["loan"] for one in offered]
    loans = {loan.id: loan for loan in talk.services.bank.loans(talk.customer_id)}
    loan = picked(talk, [loans[each] for each in ids if each in loans])
    return next((one for one in offered if loan and one["entities"]["loan"] == loan.id), None)


def _title(loan: Loan) -> str:
    state = f"（{word('overdue')}）" if loan.state is LoanState.OVERDUE else ""
    return f"{on_day(loan.drawn_on, year=True)} {loan.original.text}{state}"
