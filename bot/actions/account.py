"""The customer's own account: looked up only for the verified speaker, said with amounts and dates."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from datetime import date

from bot.actions.answering import ask_to_log_in, find_answer, give_answer
from bot.actions.base import BankAction, Events, Talk, Values, on_day, person
from bot.actions.ticketing import ticket_button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.port_records import Transaction
from bot.bank.ports import Bill, BillState, LimitState, Loan, LoanState, Payment
from bot.money import ZERO, Money, business_date


class AccountAction(BankAction):
    """Checks who speaks, then looks up."""

    def act(self, talk: Talk) -> Events:
        if talk.customer_id is None:
            return ask_to_log_in(talk, talk.intent)
        self.look_up(talk, talk.customer_id)
        return []

    @abstractmethod
    def look_up(self, talk: Talk, customer: str) -> None:
        """Answer from the account of ``customer``, who is the verified speaker."""


def owing(talk: Talk, customer: str) -> tuple[list[Loan], list[Bill]]:
    """What he still owes, of the product he named or of all."""
    bank, product = talk.services.bank, talk.entity("product")
    loans = [loan for loan in bank.loans(customer) if loan.state is not LoanState.SETTLED]
    bills = [bill for bill in bank.bills(customer) if bill.state in _UNPAID]
    if product:
        named = (
            [loan for loan in loans if loan.product == product],
            [b for b in bills if b.product == product],
        )
        return named if any(named) else (loans, bills)
    return loans, bills


SHOWN = 5  #: movements told at once
_UNPAID = (BillState.OPEN, BillState.OVERDUE, BillState.INSTALMENTS)


class ActionBill(AccountAction):
    """What is to be paid: every open loan and bill, the most urgent first."""

    def name(self) -> str:
        return "action_bill"

    def look_up(self, talk: Talk, customer: str) -> None:
        loans, bills = owing(talk, customer)
        if not loans and not bills:
            talk.say(Utter.NOTHING_DUE)
            say_coming(talk, customer)
        for loan in loans:
            say_loan(talk, loan)
        for bill in bills:
            say_bill(talk, bill)


def say_loan(talk: Talk, loan: Loan) -> None:
    values: Values = {
        "product": loan.product,
        "principal": loan.outstanding.text,
        "left": loan.instalments_left,
        "terms": loan.terms,
        "due_on": on_day(loan.next_due_on),
        "due": loan.next_due.text,
        "cutoff": cutoff(talk, loan.product),
    }
    if loan.state is LoanState.OVERDUE:
        overdue: Values = {
            "days": loan.overdue_days,
            "owed": loan.to_pay_now.text,
            "penalty": loan.penalties.text,
        }
        talk.say(Utter.LOAN_OVERDUE, **values, **overdue)
    elif loan.state is LoanState.DUE_TODAY:
        talk.say(Utter.LOAN_DUE_TODAY, **values)
    else:
        talk.say(Utter.LOAN_DUE, **values)


def cutoff(talk: Talk, product: str) -> str:
    """Until what time a payment counts for the day."""
    return talk.services.products.text(f"{product}.还款截止时间")


def say_bill(talk: Talk, bill: Bill) -> None:
    values: Values = {"product": bill.product, "due_on": on_day(bill.due_on), "left": bill.left.text}
    if bill.plan is not None and bill.state is BillState.INSTALMENTS:
        plan = bill.plan
        next_on, amount = on_day(plan.next_on), plan.next_amount.text
        outstanding = plan.outstanding.text
        talk.say(
            Utter.BILL_INSTALMENTS, product=bill.product, outstanding=outstanding, due_on=next_on, due=amount
        )
    elif bill.state is BillState.OVERDUE:
        talk.say(Utter.BILL_OVERDUE, **values, days=bill.overdue_days, penalty=bill.penalty.text)
    else:
        talk.say(Utter.BILL_OPEN, **values, minimum=bill.minimum.text)


def say_coming(talk: Talk, customer: str) -> None:
    """What he has bought since the last statement, and when it is due."""
    for bill in talk.services.bank.bills(customer):
        if bill.state is BillState.UNBILLED and bill.amount > ZERO:
            talk.say(
                Utter.BILL_COMING,
                product=bill.product,
                amount=bill.amount.text,
                statement_on=on_day(bill.statement_on),
                due_on=on_day(bill.due_on),
            )


class ActionRepayDate(AccountAction):
    """When the next payment is due, and until what time."""

    def name(self) -> str:
        return "action_repay_date"

    def look_up(self, talk: Talk, customer: str) -> None:
        loans, bills = owing(talk, customer)
        if not loans and not bills:
            talk.say(Utter.NOTHING_DUE)
        for loan in loans:
            self._say(talk, loan.product, loan.next_due_on, loan.next_due, loan.overdue_days, loan.to_pay_now)
        for bill in bills:
            self._say(talk, bill.product, bill.due_on, bill.left, bill.overdue_days, bill.left)

    def _say(self, talk: Talk, product: str, due_on: date | None, due: Money, late: int, owed: Money) -> None:
        if late:
            talk.say(Utter.REPAY_DATE_OVERDUE, product=product, days=late, owed=owed.text)
        elif due:
            talk.say(
                Utter.REPAY_DATE,
                product=product,
                due_on=on_day(due_on),
                due=due.text,
                cutoff=cutoff(talk, product),
            )


class ActionLimit(AccountAction):
    """Limits: total, used, left; and why there is none or less."""

    def name(self) -> str:
        return "action_limit"

    def look_up(self, talk: Talk, customer: str) -> None:
        limits = talk.services.bank.limits(customer)
        if not limits:
            talk.say(Utter.NO_LIMIT, buttons=[person()])
        for limit in limits:
            amounts: Values = {
                "total": limit.total.text,
                "used": limit.used.text,
                "available": limit.available.text,
            }
            talk.say(Utter.LIMIT, product=limit.product, **amounts)
            if limit.state is not LimitState.NORMAL and limit.reason:
                talk.say(Utter.LIMIT_REASON, product=limit.product, reason=limit.reason, buttons=[person()])


class ActionBalance(AccountAction):
    """Money he has with the bank."""

    def name(self) -> str:
        return "action_balance"

    def look_up(self, talk: Talk, customer: str) -> None:
        deposits = talk.services.bank.deposits(customer)
        if not deposits:
            talk.say(Utter.NO_DEPOSIT)
        for deposit in deposits:
            amounts: Values = {"balance": deposit.balance.text, "available": deposit.available.text}
            talk.say(Utter.DEPOSIT, product=deposit.product, tail=deposit.account_tail, **amounts)
        if _MOVEMENTS.search(talk.text):
            say_movements(talk, talk.services.bank.transactions(customer, SHOWN))


_MOVEMENTS = re.compile("交易|明细|流水|记录|转了|转账|扣了|少了|收支|账单")


def say_movements(talk: Talk, moved: tuple[Transaction, ...]) -> None:
    """The newest movements as a card; a sentence where there are none."""
    if not moved:
        talk.say(Utter.NO_TRANSACTIONS)
        return
    rows = [
        {"label": f"{on_day(one.day)} {one.text}", "value": f"{one.amount.text} {word(one.state.value)}"}
        for one in moved
    ]
    talk.show(Utter.TRANSACTIONS, {"kind": "rows", "title": word("transactions_title"), "rows": rows})


class ActionPayments(AccountAction):
    """Recent repayments with what became of them: for "I paid and it does not show"."""

    def name(self) -> str:
        return "action_payments"

    def look_up(self, talk: Talk, customer: str) -> None:
        payments = talk.services.bank.payments(customer, 5)
        if not payments:
            talk.say(Utter.NO_PAYMENTS, buttons=[person()])
            return
        rows = payment_rows(payments)
        title, note = word("payments_title"), word("payments_note")
        talk.show(Utter.PAYMENTS, {"kind": "rows", "title": title, "rows": rows, "note": note})
        talk.say(Utter.PERSON_CAN_HELP, buttons=[ticket_button(talk.intent), person()])


def payment_rows(payments: Sequence[Payment]) -> list[dict[str, str]]:
    """Payments as rows of a card: when, what, by whom; how much and what became of it."""
    return [
        {
            "label": f"{on_day(payment.day)} {payment.product} {payment.by}",
            "value": f"{payment.amount.text} {word(payment.state.value)}"
            + (f"（{payment.reason}）" if payment.reason else ""),
        }
        for payment in payments
    ]


class ActionSettlement(AccountAction):
    """What clears his loans today."""

    def name(self) -> str:
        return "action_settlement"

    def look_up(self, talk: Talk, customer: str) -> None:
        today = business_date(talk.turn.now)
        loans = [loan for loan in owing(talk, customer)[0] if loan.outstanding > ZERO]
        if not loans:
            give_answer(talk, talk.intent)
            talk.say(Utter.NO_LOAN)
            return
        talk.say(Utter.ANSWER, text=find_answer(talk, talk.intent).short)
        for loan in loans:
            quote = talk.services.bank.settlement(customer, loan.id, today)
            talk.say(
                Utter.SETTLEMENT,
                product=loan.product,
                total=quote.total.text,
                principal=quote.parts.principal.text,
                cost=(quote.total - quote.parts.principal).text,
            )


class ActionRestriction(AccountAction):
    """What the bank has stopped for him, why, and the way out."""

    def name(self) -> str:
        return "action_restriction"

    def look_up(self, talk: Talk, customer: str) -> None:
        restrictions = talk.services.bank.customer(customer).restrictions
        if not restrictions:
            talk.say(Utter.NOT_RESTRICTED)
            give_answer(talk, talk.intent, with_person=True)
        for one in restrictions:
            since = on_day(one.since)
            values: Values = {
                "product": one.product,
                "since": since,
                "reason": one.reason,
                "remedy": one.remedy,
            }
            talk.say(Utter.RESTRICTION, **values, buttons=[ticket_button(talk.intent), person()])
