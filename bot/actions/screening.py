"""The hand-over screen in the conversation: what is read and known becomes its facts, its stop becomes a person.

What stops a bargaining is bot/negotiation/screen.py's table. Must not know offers or amounts.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.handover import facts_of
from bot.actions.talk import Talk
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import Loan
from bot.negotiation.screen import Heard, Known, Stop, screen
from conversation.effects import Escalate, OpenTicket
from conversation.tickets import TicketKind, TicketState


def stop_of(talk: Talk, loans: Sequence[Loan] = ()) -> Stop | None:
    """Why the bot may not bargain now, or None. ``loans``: those he may mean; of several only a dispute counts."""
    heard = Heard(talk.intent, talk.signals, talk.third_party)
    return screen(heard, _known(talk, loans))


def _known(talk: Talk, loans: Sequence[Loan]) -> Known:
    one = loans[0] if len(loans) == 1 else None
    return Known(
        verified=talk.customer_id is not None,
        in_care=bool(talk.slot("care")),
        open_tickets=_open_tickets(talk),
        dispute_open=any(loan.dispute_open for loan in loans),
        legal_stage=one is not None and one.legal_stage,
        restructurings=one.restructurings if one is not None else 0,
    )


def _open_tickets(talk: Talk) -> frozenset[TicketKind]:
    """What he has registered and nobody has answered yet."""
    his = talk.services.records.tickets_of(talk.turn.conversation_id, talk.customer_id)
    return frozenset(ticket.kind for ticket in his if ticket.state is not TicketState.DONE)


def bring(talk: Talk, stop: Stop, facts: dict[str, str]) -> None:
    """A person, with why the bargaining ended and what may go on; what has to be registered is, first."""
    lines = {**facts_of(talk, None), **facts, **why(stop)}
    talk.say(Utter.NEGOTIATE_PERSON)
    if stop.ticket is not None:
        talk.stage(OpenTicket(stop.ticket, facts=lines))
    talk.stage(Escalate(stop.reason, stop.skill, lines))


def why(stop: Stop) -> dict[str, str]:
    """The card's two lines: why, and what may be taken up again."""
    return {word("why_person"): word(f"stop_{stop.code}"), word("resume"): stop.resume.said}
