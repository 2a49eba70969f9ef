"""Changes he asks for: another debit, a bill in instalments, a card unbound, a product closed, another due day."""

from __future__ import annotations

import re

from bot.actions.account import ActionPayments, owing
from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, button, on_day, person
from bot.actions.choosing import ask_which, picked
from bot.actions.requesting import OwnAction, Request, propose
from bot.actions.ticketing import ticket_button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.port_records import Card
from bot.bank.ports import Bill, BillState, Loan, LoanState, RequestKind
from bot.money import ZERO, fee_schedule, schedule_apr

_TERM = re.compile(r"(\d+)(?:期|个月)")
_UNBIND = re.compile("解绑|解除|删|取消|去掉|不要|注销")


class ActionRetryDebit(OwnAction):
    """A payment that failed: the recent ones, and another try where one is due today and can be taken."""

    def name(self) -> str:
        return "action_retry_debit"

    def serve(self, talk: Talk, customer: str) -> Events:
        ActionPayments().look_up(talk, customer)
        on = {debit.product for debit in talk.services.bank.auto_debit(customer) if debit.on}
        due = [
            loan
            for loan in talk.services.bank.loans(customer)
            if loan.state is not LoanState.SETTLED and loan.to_pay_now and loan.product in on
        ]
        if not due:
            return []
        loan = picked(talk, due)
        if loan is None:
            return ask_which(talk, due, "repay_failed")
        request = Request(RequestKind.RETRY_DEBIT, {"loan_id": loan.id}, word("retry_debit"))
        return propose(
            talk, customer, request, Utter.RETRY_CONFIRM, product=loan.product, due=loan.to_pay_now.text
        )


class ActionInstalments(OwnAction):
    """A bill into instalments: which term, what it costs, then the yes."""

    def name(self) -> str:
        return "action_instalments"

    def serve(self, talk: Talk, customer: str) -> Events:
        bills = talk.services.bank.bills(customer)
        for bill in bills:
            if bill.plan is not None and bill.state is BillState.INSTALMENTS:
                talk.say(
                    Utter.BILL_INSTALMENTS,
                    product=bill.product,
                    outstanding=bill.plan.outstanding.text,
                    due_on=on_day(bill.plan.next_on),
                    due=bill.plan.next_amount.text,
                )
        able = [bill for bill in bills if bill.state is BillState.OPEN and bill.left and not bill.paid]
        if not able:
            give_answer(talk, talk.intent)
            talk.say(Utter.NO_BILL_FOR_INSTALMENTS, buttons=[ticket_button(talk.intent), person()])
            return []
        return _terms(talk, customer, able[0])


def _terms(talk: Talk, customer: str, bill: Bill) -> Events:
    allowed = talk.services.products.whole_list(f"{bill.product}.可选期数")
    written = _TERM.search(talk.entity("term") or talk.text)
    terms = int(written[1]) if written else None
    if terms not in allowed:
        buttons = [
            button(f"{each}{word('terms')}", talk.intent, term=f"{each}期", product=bill.product)
            for each in allowed
        ]
        talk.say(Utter.INSTALMENT_TERMS, product=bill.product, amount=bill.left.text, buttons=buttons)
        return []
    plan = fee_schedule(bill.left, talk.services.products.text(f"{bill.product}.分期每期费率"), terms)
    request = Request(RequestKind.BILL_INSTALMENTS, {"bill_id": bill.id, "terms": terms}, word("instalments"))
    return propose(
        talk,
        customer,
        request,
        Utter.INSTALMENT_CONFIRM,
        product=bill.product,
        amount=bill.left.text,
        terms=terms,
        payment=plan.payments[0].text,
        fee=plan.fee.text,
        yearly=schedule_apr(plan).simple.render(),
    )


class ActionCards(OwnAction):
    """His bound cards; unbinding one is asked of the bank, binding one needs the app."""

    def name(self) -> str:
        return "action_cards"

    def serve(self, talk: Talk, customer: str) -> Events:
        cards = talk.services.bank.cards(customer)
        if not cards:
            talk.say(Utter.NO_CARDS)
        elif _UNBIND.search(talk.text) or talk.entity("bound_card"):
            return _unbind(talk, customer, cards)
        else:
            _show(talk, cards)
        give_answer(talk, talk.intent)
        talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []


def _show(talk: Talk, cards: tuple[Card, ...]) -> None:
    rows = [{"label": f"{card.bank} {card.tail}", "value": word(f"{card.state.value}")} for card in cards]
    talk.show(Utter.CARDS, {"kind": "rows", "title": word("cards_title"), "rows": rows})


def _unbind(talk: Talk, customer: str, cards: tuple[Card, ...]) -> Events:
    named = [c for c in cards if c.id == talk.entity("bound_card") or c.tail in talk.text] or list(cards)
    if len(named) > 1:
        buttons = [button(f"{card.bank} {card.tail}", talk.intent, bound_card=card.id) for card in named]
        talk.say(Utter.UNBIND_WHICH, buttons=buttons)
        return []
    card = named[0]
    if card.debited:
        talk.say(Utter.CARD_DEBITED, bank=card.bank, tail=card.tail, buttons=[person()])
        return []
    request = Request(RequestKind.UNBIND_CARD, {"card_id": card.id}, word("unbind_card"))
    return propose(talk, customer, request, Utter.UNBIND_CONFIRM, bank=card.bank, tail=card.tail)


class ActionClose(OwnAction):
    """Closing a product: what is still owed first, else the yes."""

    def name(self) -> str:
        return "action_close_product"

    def serve(self, talk: Talk, customer: str) -> Events:
        limits = [limit for limit in talk.services.bank.limits(customer) if limit.total > ZERO]
        named = [limit for limit in limits if limit.product == talk.product]
        if (talk.product and not named) or not limits:
            give_answer(talk, talk.intent)
            talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
            return []
        wanted = named or limits
        if len(wanted) > 1:
            buttons = [button(limit.product, talk.intent, product=limit.product) for limit in wanted]
            talk.say(Utter.CLOSE_WHICH, buttons=buttons)
            return []
        (limit,) = wanted
        if limit.used > ZERO:
            talk.say(Utter.CLOSE_OWED, product=limit.product, owed=limit.used.text, buttons=[person()])
            return []
        summary = f"{word('close_product')}（{limit.product}）"
        request = Request(RequestKind.CLOSE_PRODUCT, {"product": limit.product}, summary)
        return propose(talk, customer, request, Utter.CLOSE_CONFIRM, product=limit.product)


class ActionDueDay(OwnAction):
    """The standing due day: what it is; a person changes it, once nothing is overdue."""

    def name(self) -> str:
        return "action_due_day"

    def serve(self, talk: Talk, customer: str) -> Events:
        loans, _ = owing(talk, customer)
        late: list[Loan] = [loan for loan in loans if loan.state is LoanState.OVERDUE]
        for loan in late:
            talk.say(Utter.DUE_DAY_OVERDUE, product=loan.product, owed=loan.to_pay_now.text)
        for loan in loans:
            if loan.next_due_on is not None and not late:
                talk.say(Utter.DUE_DAY, product=loan.product, day=loan.next_due_on.day)
        give_answer(talk, talk.intent)
        if not late:
            talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []
