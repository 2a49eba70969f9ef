"""What the bank has on record of his money on its way: pay-outs, transfers, redemptions, refunds."""

from __future__ import annotations

from bot.actions.account import SHOWN, say_movements
from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, on_day, person
from bot.actions.requesting import OwnAction
from bot.actions.ticketing import ticket_button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.port_records import Draw, DrawState, Transaction, TransactionState
from bot.money import ZERO

_DRAWN = {
    DrawState.PAID: Utter.DRAW_PAID,
    DrawState.PROCESSING: Utter.DRAW_PROCESSING,
    DrawState.FAILED: Utter.DRAW_FAILED,
}


class ActionDraws(OwnAction):
    """Borrowing and its pay-out: paid where, on its way, or why not."""

    def name(self) -> str:
        return "action_draws"

    def serve(self, talk: Talk, customer: str) -> Events:
        draws = talk.services.bank.draws(customer)
        open_ones = [draw for draw in draws if draw.state is not DrawState.PAID]
        if not draws:
            talk.say(Utter.NO_DRAWS)
        for draw in open_ones or draws[:1]:
            _say_draw(talk, draw)
        if talk.intent == "borrow_failed" and not open_ones:
            self._say_limits(talk, customer)
        give_answer(talk, talk.intent)
        talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []

    def _say_limits(self, talk: Talk, customer: str) -> None:
        """Nothing failed on record: what may be borrowed now, and what keeps him from it."""
        for limit in talk.services.bank.limits(customer):
            talk.say(Utter.LIMIT_LEFT, product=limit.product, available=limit.available.text)
            if limit.reason:
                talk.say(Utter.LIMIT_REASON, product=limit.product, reason=limit.reason)


def _say_draw(talk: Talk, draw: Draw) -> None:
    talk.say(
        _DRAWN[draw.state],
        day=on_day(draw.day),
        product=draw.product,
        amount=draw.amount.text,
        account=draw.account,
        tail=draw.account_tail,
        reason=draw.reason or word("no_reason"),
    )


class ActionTransactions(OwnAction):
    """Movements on his account; what is on its way or came back is said first."""

    def name(self) -> str:
        return "action_transactions"

    def serve(self, talk: Talk, customer: str) -> Events:
        moved = talk.services.bank.transactions(customer, SHOWN)
        for deposit in talk.services.bank.deposits(customer):
            if deposit.matures_on is not None and talk.intent == "deposit_withdraw":
                talk.say(
                    Utter.DEPOSIT_MATURES,
                    product=deposit.product,
                    balance=deposit.balance.text,
                    matures=on_day(deposit.matures_on, year=True),
                )
        for one in moved:
            if one.state is not TransactionState.DONE:
                say_waiting(talk, one)
        say_movements(talk, moved)
        give_answer(talk, talk.intent)
        talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []


def say_waiting(talk: Talk, one: Transaction) -> None:
    returned = one.state is TransactionState.RETURNED
    talk.say(
        Utter.TRANSACTION_RETURNED if returned else Utter.TRANSACTION_WAITING,
        day=on_day(one.day),
        what=one.text,
        amount=max(one.amount, ZERO - one.amount).text,
        reason=one.reason or word("no_reason"),
    )


class ActionRefunds(OwnAction):
    """Refunds on his pay-later bills: booked where, and what is left to pay."""

    def name(self) -> str:
        return "action_refunds"

    def serve(self, talk: Talk, customer: str) -> Events:
        refunds = [
            (bill, line)
            for bill in talk.services.bank.bills(customer)
            for line in bill.lines
            if line.amount < ZERO
        ]
        if not refunds:
            talk.say(Utter.NO_REFUNDS)
        for bill, line in refunds[:SHOWN]:
            talk.say(
                Utter.REFUND,
                product=bill.product,
                day=on_day(line.day),
                what=line.text,
                amount=(ZERO - line.amount).text,
                statement=on_day(bill.statement_on),
            )
        give_answer(talk, talk.intent)
        talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []
