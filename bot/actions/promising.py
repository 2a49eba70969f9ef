"""A promise to pay (还款承诺): day and amount heard, read back with what it leaves owed, kept on the yes; shown, changed,
taken back.

Whether it may be made is `bot.negotiation.promises`; it is staged here and written with the turn. It bargains about
nothing: who needs more than days is shown the way to a plan, and who broke two, or owes what only people may talk
about, to a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions.account import owing
from bot.actions.answering import ask_to_log_in
from bot.actions.base import Events, Talk, button, on_day, person, yes_or_no
from bot.actions.days import possible_days, said_day, written_day
from bot.actions.handover import ROUTES, bring_person
from bot.actions.meant import days_to_choose
from bot.actions.promise_words import CANCEL, PENDING, TOPIC, half, named, only_reminder
from bot.actions.requesting import OwnAction, is_plain_yes
from bot.actions.safety import care_again, still_in_care
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import BillState, Creditor
from bot.money import ZERO, Money, business_date
from bot.negotiation.keeping import received
from bot.negotiation.promises import Promise, PromiseRefusal, may_promise, refusal_text
from bot.nlu.dates import day_of
from bot.promises.books import payments_on
from bot.promises.records import (
    NO_REMINDER,
    PROMISE,
    STATES,
    CancelPromise,
    MakePromise,
    PromiseRecord,
    PromiseState,
    StopReminder,
    earlier,
    recorded,
)
from conversation.effects import Keep
from conversation.tickets import TicketState

SHOWN = 3
#: debts that are still paid to the bank
_OURS = (Creditor.OWN, Creditor.PARTNER)
#: after these the same words again help nobody: a person or the way to a plan
_TO_A_PLAN = frozenset({PromiseRefusal.DAY_TOO_FAR})


@dataclass(frozen=True)
class Owed:
    """A debt as a promise sees it: what is to be paid now, or next."""

    id: str
    product: str
    amount: Money
    due_on: date | None
    late: bool
    to_person: bool = False  #: only people may talk about it: disputed, before a court, owed to somebody else


class ActionPromise(OwnAction):
    """He says that he will pay: when, how much, and which debt; then the yes."""

    def name(self) -> str:
        return "action_promise"

    def serve(self, talk: Talk, customer: str) -> Events:
        if still_in_care(talk):
            care_again(talk)
            return []
        draft, owed = _draft(talk), _owed(talk, customer)
        if not owed:
            talk.say(Utter.PROMISE_NOTHING_OWED)
            return _dropped()
        debt = _meant(owed, draft.get("debt"))
        if debt is None:
            return _which(talk, owed, draft)
        if debt.to_person:
            bring_person(talk, ROUTES[TOPIC], TOPIC)
            return _dropped()
        return _proposed(talk, customer, debt, draft)


def _proposed(talk: Talk, customer: str, debt: Owed, draft: dict[str, str]) -> Events:
    """Day and amount are asked for, refused with the reason, or read back."""
    today, his = business_date(talk.turn.now), _of_debt(talk, customer, debt.id)
    standing = next((one for one in his if one.state is PromiseState.OPEN), None)
    draft = {**draft, "debt": debt.id}
    said = draft.get("date") or (
        written_day(standing.promise.day) if standing and "amount" in draft else None
    )
    if said is None:
        return _show(talk, standing, today) if standing else _ask_day(talk, debt, draft, today)
    day = day_of(said, today)
    if day is None:
        talk.say(Utter.PROMISE_NO_DAY, product=debt.product, owed=debt.amount.text, buttons=_ways())
        return [SlotSet("promise", {**draft, "date": ""})]
    amount = _amount(talk, draft, standing, debt)
    before = earlier(his, standing.promise.id if standing else None)
    refusal = may_promise(day, amount, debt.amount, today, before)
    if refusal is not None:
        return _refused(talk, refusal, debt, draft, today)
    if standing and (standing.promise.day, standing.promise.amount) == (day, amount):
        return _show(talk, standing, today)
    return _read_back(talk, debt, day, amount, standing)


def confirmed(talk: Talk, pending: Mapping[str, Any]) -> Events:
    """The yes: looked at once more with today's figures, then staged."""
    if pending.get("age") and not is_plain_yes(talk.text):
        talk.say(Utter.CONFIRM_AGAIN, summary=pending["summary"], buttons=yes_or_no())
        return [SlotSet("pending", {**pending, "age": 0})]
    customer = talk.customer_id
    if customer is None:
        return [*_dropped(), *ask_to_log_in(talk, TOPIC)]
    today, day, amount = business_date(talk.turn.now), _iso(pending["day"]), Money(pending["fen"])
    debt = next((one for one in _owed(talk, customer) if one.id == pending["debt"]), None)
    owed = debt.amount if debt else ZERO
    before = earlier(_of_debt(talk, customer, pending["debt"]), pending["instead_of"])
    refusal = may_promise(day, amount, owed, today, before)
    if refusal is not None or debt is None:
        why = refusal or PromiseRefusal.NOTHING_OWED
        talk.say(Utter.PROMISE_REFUSED, reason=refusal_text(why, owed, today), buttons=_ways())
        return _dropped()
    promise = Promise(f"r_{talk.turn.turn_id}", debt.id, day, amount, talk.turn.now)
    record = recorded(promise, customer, talk.turn.conversation_id, debt.product)
    if _complains(talk, customer):
        record = replace(record, remind_at=None)
    talk.stage(Keep(PROMISE, MakePromise(record, pending["instead_of"])))
    talk.say(
        Utter.PROMISE_MADE,
        product=debt.product,
        day=said_day(day, today),
        amount=amount.text,
        reminder=_reminder(record, today),
    )
    return _dropped()


class ActionPromiseState(OwnAction):
    """What he promised: what stands, and how the last one ended."""

    def name(self) -> str:
        return "action_promise_state"

    def serve(self, talk: Talk, customer: str) -> Events:
        his, today = talk.services.promises.of_customer(customer), business_date(talk.turn.now)
        standing = [one for one in his if one.state is PromiseState.OPEN]
        for record in standing[:SHOWN]:
            _show(talk, record, today)
        past = [
            one for one in his if one.state in (PromiseState.KEPT, PromiseState.PARTLY, PromiseState.BROKEN)
        ]
        if not standing and past:
            _say_past(talk, past[0], today)
        elif not standing:
            talk.say(Utter.PROMISE_NONE)
        return [SlotSet("topic", TOPIC)]


class ActionPromiseCancel(OwnAction):
    """He takes it back, or wants no reminder: done at once, it costs nothing and changes no debt."""

    def name(self) -> str:
        return "action_promise_cancel"

    def serve(self, talk: Talk, customer: str) -> Events:
        his = [one for one in talk.services.promises.of_customer(customer) if one.state is PromiseState.OPEN]
        wanted = talk.entity("loan")
        meant = [one for one in his if wanted in (None, one.promise.debt_id)]
        if not meant:
            talk.say(Utter.PROMISE_NONE)
            return []
        if only_reminder(talk.text):
            for record in meant:
                talk.stage(Keep(PROMISE, StopReminder(record.promise.id, customer)))
                talk.say(Utter.PROMISE_UNREMINDED, **_values(record, talk))
            return []
        if len(meant) > 1:
            buttons = [button(_title(one, talk), CANCEL, loan=one.promise.debt_id) for one in meant[:SHOWN]]
            talk.say(Utter.PROMISE_CANCEL_WHICH, buttons=buttons)
            return []
        (record,) = meant
        talk.stage(Keep(PROMISE, CancelPromise(record.promise.id, customer)))
        talk.say(Utter.PROMISE_CANCELLED, **_values(record, talk), buttons=_ways())
        return _dropped()


# --- what is owed


def _owed(talk: Talk, customer: str) -> list[Owed]:
    """What can be promised on: late debts first; those that fall due next only where none is late."""
    loans, bills = owing(talk, customer)
    found = [
        Owed(
            loan.id,
            loan.product,
            loan.to_pay_now or loan.next_due,
            loan.next_due_on,
            bool(loan.overdue_days),
            loan.dispute_open or loan.legal_stage or loan.creditor not in _OURS,
        )
        for loan in loans
        if loan.to_pay_now or loan.next_due
    ]
    open_bills = [bill for bill in bills if bill.state is not BillState.INSTALMENTS and bill.left]
    late = BillState.OVERDUE
    found += [Owed(b.id, b.product, b.left, b.due_on, b.state is late) for b in open_bills]
    return [one for one in found if one.late] or found


def _meant(owed: Sequence[Owed], id: str | None) -> Owed | None:
    """The one named, or the only one."""
    fitting = [one for one in owed if one.id == id]
    return fitting[0] if fitting else owed[0] if len(owed) == 1 else None


def _which(talk: Talk, owed: Sequence[Owed], draft: dict[str, str]) -> Events:
    shown = owed[: SHOWN + 1]
    titles = [f"{one.product} {one.amount.text}{_late(one)}" for one in shown]
    buttons = [button(title, TOPIC, loan=one.id) for title, one in zip(titles, shown)]
    talk.say(Utter.PROMISE_WHICH, buttons=buttons)
    choices = [{"intent": TOPIC, "entities": {"loan": one.id}} for one in shown]
    return [SlotSet("promise", draft or {"date": ""}), SlotSet("choices", choices)]


def _late(one: Owed) -> str:
    return f"（{word('overdue')}）" if one.late else ""


def _of_debt(talk: Talk, customer: str, debt: str) -> list[PromiseRecord]:
    return [one for one in talk.services.promises.of_customer(customer) if one.promise.debt_id == debt]


# --- what was said


def _draft(talk: Talk) -> dict[str, str]:
    """Debt, day and amount named so far, in this message and, while the talk is about it, before."""
    before = dict(talk.slot("promise") or {}) if talk.slot("topic") == TOPIC else {}
    pending = talk.slot("pending") or {}
    if pending.get("kind") == PENDING:
        before = {
            "debt": pending["debt"],
            "date": written_day(_iso(pending["day"])),
            "amount": Money(pending["fen"]).text.replace(",", ""),
        }
    now = named(talk.text, talk.message.get("entities") or ())
    said = {"debt": now.get("loan"), "date": now.get("date"), "amount": now.get("amount")}
    return {name: one for name in said if (one := said[name] or before.get(name))}


def _amount(talk: Talk, draft: Mapping[str, str], standing: PromiseRecord | None, debt: Owed) -> Money:
    """What he named; else what he promised before, else all that is to be paid."""
    if half(talk.text):
        return debt.amount.percent(50)
    if "amount" in draft:
        return Money.parse(draft["amount"])
    return min(standing.promise.amount, debt.amount) if standing else debt.amount


# --- what is said


def _ask_day(talk: Talk, debt: Owed, draft: dict[str, str], today: date) -> Events:
    buttons, choices = days_to_choose(talk, possible_days("过几天", today), "过几天")
    talk.say(Utter.PROMISE_ASK_DAY, product=debt.product, owed=debt.amount.text, buttons=buttons)
    return [SlotSet("promise", draft), SlotSet("choices", choices)]


def _refused(talk: Talk, refusal: PromiseRefusal, debt: Owed, draft: dict[str, str], today: date) -> Events:
    """The reason; the rest of what he said stays, so that another day or amount is enough."""
    ways = _ways() if refusal in _TO_A_PLAN else [person()]
    if refusal is PromiseRefusal.MORE_THAN_OWED:
        whole = {"loan": debt.id, "date": draft["date"], "amount": debt.amount.text.replace(",", "")}
        ways = [button(word("promise_whole").format(owed=debt.amount.text), TOPIC, **whole), *ways]
    to_person = refusal is PromiseRefusal.TO_A_PERSON
    reason = refusal_text(refusal, debt.amount, today)
    talk.say(Utter.PROMISE_REFUSED, reason=reason, buttons=[] if to_person else ways)
    if to_person:
        bring_person(talk, ROUTES[TOPIC], TOPIC)
        return _dropped()
    about_amount = refusal in (PromiseRefusal.TOO_LITTLE, PromiseRefusal.MORE_THAN_OWED)
    kept = {name: value for name, value in draft.items() if name != ("amount" if about_amount else "date")}
    return [SlotSet("promise", kept), SlotSet("pending", None)]


def _read_back(talk: Talk, debt: Owed, day: date, amount: Money, standing: PromiseRecord | None) -> Events:
    today, rest = business_date(talk.turn.now), debt.amount - amount
    said = word("promise_rest") if rest else word("promise_all")
    values = {
        "product": debt.product,
        "day": said_day(day, today),
        "amount": amount.text,
        "rest": said.format(owed=debt.amount.text, rest=rest.text),
        "interest": _interest(debt, day, today),
    }
    if standing:
        old = standing.promise
        values |= {"old_day": said_day(old.day, today), "old_amount": old.amount.text}
    talk.say(
        Utter.PROMISE_CONFIRM_CHANGE if standing else Utter.PROMISE_CONFIRM, buttons=yes_or_no(), **values
    )
    pending = {
        "kind": PENDING,
        "debt": debt.id,
        "day": day.isoformat(),
        "fen": amount.fen,
        "instead_of": standing.promise.id if standing else None,
        "summary": word("promise"),
        "matter": TOPIC,
        "age": 0,
    }
    return [SlotSet("promise", None), SlotSet("pending", pending)]


def _interest(debt: Owed, day: date, today: date) -> str:
    """What the day costs, honestly."""
    if debt.late and day == today:
        return word("promise_today")
    if debt.late:
        return word("promise_late").format(day=on_day(day))
    form = "promise_after_due" if debt.due_on and day > debt.due_on else "promise_in_time"
    return word(form).format(due_on=on_day(debt.due_on))


def _reminder(record: PromiseRecord, today: date) -> str:
    if record.remind_at is None:
        return word("promise_no_reminder")
    return word("promise_reminder").format(when=said_day(business_date(record.remind_at), today))


def _complains(talk: Talk, customer: str) -> bool:
    """A complaint or dispute is open: nobody is reminded of a debt meanwhile."""
    his = talk.services.records.tickets_of(talk.turn.conversation_id, customer)
    return any(one.kind in NO_REMINDER and one.state is not TicketState.DONE for one in his)


def _show(talk: Talk, record: PromiseRecord, today: date) -> Events:
    paid = payments_on(talk.services.bank, record.customer_id, record.promise.debt_id)
    came = received(paid, today, record.promise.made_on)
    said = word("promise_came").format(came=came.text) if came else ""
    talk.say(Utter.PROMISE_STANDING, **_values(record, talk), came=said)
    return _dropped()


def _say_past(talk: Talk, record: PromiseRecord, today: date) -> None:
    talk.say(Utter.PROMISE_PAST, **_values(record, talk), state=STATES[record.state], buttons=_ways())


def _values(record: PromiseRecord, talk: Talk) -> dict[str, Any]:
    today = business_date(talk.turn.now)
    promise = record.promise
    return {"product": record.product, "day": said_day(promise.day, today), "amount": promise.amount.text}


def _title(record: PromiseRecord, talk: Talk) -> str:
    return " ".join(str(one) for one in _values(record, talk).values())


def _ways() -> list[dict[str, str]]:
    """Where more than days is needed."""
    return [button(word("promise_talk"), "negotiate_instalment"), person()]


def _dropped() -> Events:
    return [SlotSet("promise", None), SlotSet("pending", None)]


def _iso(day: str) -> date:
    return date.fromisoformat(day)
