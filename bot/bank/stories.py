"""A demo customer's story, told relative to today, turned into loan accounts and bills.

PURE. Owns the reading of what data/customers.yml says of loans and bills, and its arithmetic of days; the
bookings themselves are `ledger`'s. The same story on the same day is the same account, to the 分.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.bank import ledger
from bot.bank.billing import BillRecord, BillTerms
from bot.bank.ledger import Account, Plan
from bot.bank.ports import BillLine
from bot.money import ZERO, Method, Money, Rate, add_months, fee_schedule

Story = Mapping[str, Any]


def loan_account(story: Story, penalty_multiple: str, today: date) -> Account:
    """The account of one loan as of `today`."""
    stages = (*story.get("history", ()), story)
    starts = _starts(stages, today)
    account = ledger.draw(_first_plan(story, stages[0], starts[0], penalty_multiple))
    for stage, (next_start, anchor) in zip(stages, starts[1:], strict=False):
        account = _pay_instalments(account, stage)
        if "prepaid" in stage:
            account = ledger.prepay(account, next_start, Money.parse(stage["prepaid"]))
        else:
            following = stages[len(account.plans)]
            rate = Rate.percent(following["rate"])
            account = ledger.restructure(account, next_start, rate, following["terms"], anchor)
    return _finish(account, story, today)


def bill_records(
    customer_id: str, product: str, story: Story, terms: BillTerms, today: date
) -> list[BillRecord]:
    """Bills, the newest (not yet billed) first. Those due before today are paid, but for the last `behind`."""
    statements = [add_months(terms.last_statement(today), 1, terms.statement_day)]
    for _ in story["months"][1:]:
        statements.append(add_months(statements[-1], -1, terms.statement_day))
    converted = story.get("instalments", {"month": len(statements), "terms": None})
    unpaid_from = _oldest_unpaid(statements, terms, today, story.get("behind", 0))
    records: list[BillRecord] = []
    for index, statement_on in reversed(list(enumerate(statements))):
        lines = _lines(story["months"][index], statement_on, terms, today)
        instalments = converted["terms"] if index == converted["month"] else None
        bill_id = f"B{customer_id[1:]}-{statement_on:%Y%m}"
        record = BillRecord(bill_id, product, statement_on, ZERO, lines, instalments)
        whole = next((each for each in records if each.instalments), None)
        if whole is not None and index > 0:
            record = _with_instalment(record, whole, converted["month"] - index, terms)
        settled = not instalments and statement_on < unpaid_from
        records.append(_paid(record) if settled else record)
    return records[::-1]


def _starts(stages: Sequence[Story], today: date) -> list[tuple[date, int]]:
    """(start, due day) of each plan, reckoned backwards from the oldest unpaid instalment."""
    last = stages[-1]
    if "started" in last:
        start = today - timedelta(days=last["started"])
        return [(start, start.day)]
    due = today + timedelta(days=last["due"])
    if last.get("this_month"):
        due = min(due, add_months(today, 0, 31))
    months = last["terms"] if _on_demand(last) else min(last["paid"] + 1, last.get("terms", 360))
    starts = [(_odd_days(add_months(due, -months, due.day), last.get("stub", 0)), due.day)]
    for stage in reversed(stages[:-1]):
        next_start, anchor = starts[0]
        if "prepaid" in stage:
            starts.insert(0, (add_months(next_start, -stage["paid"], anchor), anchor))
        else:
            due = next_start - timedelta(days=stage["behind"])
            starts.insert(0, (add_months(due, -stage["paid"] - 1, due.day), due.day))
    return starts


def _odd_days(start: date, days: int) -> date:
    """`start` moved so many days off the due day within its month, which is what due days are counted from."""
    later = start + timedelta(days=days)
    return later if later.month == start.month else start - timedelta(days=days)


def _first_plan(story: Story, stage: Story, start: tuple[date, int], penalty_multiple: str) -> Plan:
    return Plan(
        start=start[0],
        principal=Money.parse(story["amount"]),
        rate=Rate.percent(stage["rate"]),
        method=Method(story.get("method", Method.LEVEL_PAYMENT.value)),
        terms=stage["terms"],
        anchor=start[1],
        penalty_multiple=penalty_multiple,
    )


def _pay_instalments(account: Account, stage: Story) -> Account:
    late = stage.get("late", {})
    for number, due in enumerate(account.plan.due_on()[: stage.get("paid", 0)], start=1):
        day = due + timedelta(days=late.get(number, 0))
        account = ledger.pay(account, day, ledger.payable(account, day))
    return account


def _finish(account: Account, story: Story, today: date) -> Account:
    account = _pay_instalments(account, story)
    for payment in (*story.get("partial", ()), *story.get("repaid", ())):
        day = today - timedelta(days=payment["ago"])
        account = ledger.pay(account, day, Money.parse(payment["amount"]))
    if "settled" in story:
        account = ledger.settle(account, today - timedelta(days=story["settled"]["ago"]))
    return account


def _on_demand(stage: Story) -> bool:
    return stage.get("method") == Method.ON_DEMAND.value


def _oldest_unpaid(statements: Sequence[date], terms: BillTerms, today: date, behind: int) -> date:
    """Statements from this day on are unpaid: those not due yet, and the `behind` newest overdue ones."""
    overdue = [day for day in statements if (today - terms.due_on(day)).days > terms.grace_days]
    if behind:
        return overdue[behind - 1]
    return min(day for day in statements if terms.due_on(day) >= today)


def _lines(months: Sequence[Any], statement_on: date, terms: BillTerms, today: date) -> tuple[BillLine, ...]:
    opens = add_months(statement_on, -1, terms.statement_day)
    dated = ((opens + timedelta(days=day - 1), text, Money.parse(amount)) for day, text, amount in months)
    return tuple(BillLine(*line) for line in dated if line[0] <= today)


def _with_instalment(record: BillRecord, whole: BillRecord, number: int, terms: BillTerms) -> BillRecord:
    plan = fee_schedule(whole.amount, terms.fee_percent_per_term, whole.instalments or 1)
    month = plan.instalments[number - 1]
    text = f"账单分期 第 {number}/{plan.terms} 期（含手续费 {month.fee}）"
    lines = (*record.lines, BillLine(record.statement_on, text, month.payment))
    return BillRecord(record.id, record.product, record.statement_on, record.paid, lines)


def _paid(record: BillRecord) -> BillRecord:
    return BillRecord(record.id, record.product, record.statement_on, record.amount, record.lines)


def paid_bills(records: Sequence[BillRecord]) -> Iterator[BillRecord]:
    """Bills that were paid with money: not those turned into instalments, nor empty ones."""
    return (record for record in records if record.paid)
