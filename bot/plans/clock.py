"""What the clock and the bank's books make of plans: expired unsigned, broken, in order again, paid off.

The rule is `plan_moves.due_step`; the move, with what the customer is told, is `Plans`'s. Runs by day only, so that
nobody hears of it at night; a later word costs the customer nothing. Several processes may run it at once.
"""

from __future__ import annotations

from datetime import date, datetime

from bot.bank.errors import BankError
from bot.bank.ports import Bank
from bot.money import business_date
from bot.negotiation.keeping import Payment
from bot.negotiation.plan_moves import BANK, breach_notice, due_step
from bot.negotiation.plans import UNSIGNED, PlanState, PlanStep
from bot.negotiation.reminding import Medium, by_day
from bot.plans.records import PlanRecord
from bot.plans.service import Plans, Words
from bot.promises.books import payments_on
from bot.promises.contacting import may_contact
from bot.promises.records import Contact
from bot.promises.store import log
from conversation.clock import Clock
from conversation.errors import IllegalMove
from conversation.talk import Talk

_BY_BOOKS = (PlanState.RUNNING, PlanState.BREACHED)


class PlanClock:
    """Looks at every plan that a clock or a payment can move."""

    def __init__(self, plans: Plans, bank: Bank, clock: Clock) -> None:
        self._plans = plans
        self._bank = bank
        self._clock = clock

    def move_due(self) -> int:
        """Makes every step that is due; how many. A plan whose books cannot be read waits and holds up no other; the
        first such BankError is raised at the end."""
        now, count, failed = self._clock.now(), 0, None
        records = self._plans.book.in_states(*UNSIGNED, *_BY_BOOKS) if by_day(now) else []
        for record in records:
            try:
                count += self._move(record, now)
            except BankError as error:
                failed = failed or error
        if failed is not None:
            raise failed
        return count

    def _move(self, record: PlanRecord, now: datetime) -> bool:
        paid = self._paid(record) if record.plan.state in _BY_BOOKS else []
        step = due_step(record.plan, paid, now)
        if step is None:
            return False
        words = _breach_words(paid) if step is PlanStep.BREACH else None
        try:
            self._plans.move(record.plan.id, step, BANK, words=words)
        except IllegalMove:  # another process, or the customer, was quicker
            return False
        return True

    def _paid(self, record: PlanRecord) -> list[Payment]:
        """What came in since the plan was signed."""
        plan = record.plan
        signed_on = business_date(plan.signature.at) if plan.signature else date.min
        paid = payments_on(self._bank, plan.customer_id, plan.debt_id)
        return [(day, amount) for day, amount in paid if day >= signed_on]


def _breach_words(paid: list[Payment]) -> Words:
    """The notice, where the customer may be contacted now; the person who takes over knows in any case."""

    def words(talk: Talk, record: PlanRecord) -> str | None:
        plan, place = record.plan, talk.state.id
        if may_contact(talk, plan.customer_id, record.conversation_id, plan.since) is not None:
            return None
        key = f"plan_breach:{plan.id}:{plan.version}"
        contact = Contact(key, plan.customer_id, place, Medium.MESSAGE, "plan_breach", talk.at)
        return breach_notice(plan, paid, talk.at) if log(talk.unit, contact) else None

    return words
