"""The demo bank's customers, written for one business day.

Owns the turning of data/customers.yml into rows. Deterministic: the same day gives the same rows. A bank
seeded for an earlier day is written afresh for today, keeping every request it has answered and its effect.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.bank import ledger
from bot.bank import seed_records as records
from bot.bank.billing import BillRecord, BillTerms
from bot.bank.ledger import Account
from bot.bank.ports import BankRequest, EntryKind, PaymentState, RequestKind
from bot.bank.products import Products
from bot.bank.store import DemoStore, Engine, World, done_requests
from bot.bank.store_loans import entry_row, plan_row
from bot.bank.store_records import carry_out
from bot.bank.store_tables import SEEDED
from bot.bank.stories import Story, bill_records, loan_account, paid_bills
from bot.bank.told import loan_id_of, read_stories
from bot.money import Money

LOAN, PAY_LATER = "随心借", "随心花"
AUTOMATIC, BY_HAND = "自动扣款", "主动还款"
MOST_FAILED_SHOWN = 3


def seed(engine: Engine, today: date, products: Products | None = None) -> bool:
    """Writes the demo bank for `today` unless it already is as new; True if it wrote. Tables must exist."""
    figures = products or Products.load()
    return DemoStore(engine).replace_all(today, lambda: demo_world(today, figures), _carry_out_again)


def demo_world(today: date, products: Products, stories: Sequence[Story] | None = None) -> World:
    """All rows of the demo bank on `today`, by table."""
    world: dict[str, list[dict[str, Any]]] = {table.name.removeprefix("demobank_"): [] for table in SEEDED}
    for story in stories if stories is not None else read_stories():
        _Teller(world, story, products, today).tell()
    return world


def _carry_out_again(connection: Any) -> None:
    for kind, customer_id, payload in done_requests(connection):
        if kind == RequestKind.CHANGE_PLAN.value:
            continue  # its books were kept
        carry_out(connection, BankRequest(RequestKind(kind), customer_id, json.loads(payload), ""))


class _Teller:
    """Adds one customer's rows to the world."""

    def __init__(
        self, world: dict[str, list[dict[str, Any]]], story: Story, products: Products, today: date
    ) -> None:
        self._world, self._story, self._products, self._today = world, story, products, today
        self._id = story["id"]
        self._payments: list[dict[str, Any]] = []
        self._drawn: list[Account] = []

    def tell(self) -> None:
        """Everything there is to say of this customer."""
        self._tell_customer()
        self._tell_loans()
        self._tell_bills()
        self._tell_accounts()
        self._tell_applications()
        self._world["cards"] += records.card_rows(self._story)
        self._world["draws"] += records.draw_rows(self._story, self._drawn, self._today)
        self._world["transactions"] += records.transaction_rows(self._story, self._payments, self._today)
        self._world["access"].append(records.access_row(self._story, self._today))
        for row in sorted(self._payments, key=lambda each: each["day"]):
            self._add("payments", **row)

    def _tell_customer(self) -> None:
        story = self._story
        surname = story["name"][0]
        self._world["customers"].append(
            {
                "id": self._id,
                "masked_name": f"{surname}*",
                "salutation": surname + ("先生" if story["gender"] == "男" else "女士"),
                "phone_tail": story["phone"],
                "language": story.get("language", "zh-CN"),
                "elderly": story.get("elderly", False),
                "hearing_impaired": story.get("hearing_impaired", False),
                "situation": story["situation"],
            }
        )
        for each in story.get("restrictions", ()):
            since = self._ago(each["ago"])
            self._add(
                "restrictions",
                product=each["product"],
                since=since,
                reason=each["reason"],
                remedy=each["remedy"],
            )
        for each in story.get("limits", ()):
            self._add(
                "limits",
                product=each["product"],
                total=Money.parse(each["total"]),
                state=each.get("state", "normal"),
                reason=each.get("reason", ""),
            )

    def _tell_loans(self) -> None:
        multiple = self._products.text(f"{LOAN}.罚息倍数")
        for number, story in enumerate(self._story.get("loans", ()), start=1):
            account, loan_id = loan_account(story, multiple, self._today), loan_id_of(self._id, number)
            self._drawn.append(account)
            self._add(
                "loans",
                id=loan_id,
                product=LOAN,
                creditor=story.get("creditor", "own"),
                creditor_name=story.get("creditor_name", ""),
                legal_stage=story.get("legal_stage", False),
                dispute_open=story.get("dispute_open", False),
                hardship=story.get("hardship", False),
            )
            self._world["plans"] += [
                plan_row(loan_id, n, plan) for n, plan in enumerate(account.plans, start=1)
            ]
            self._world["entries"] += [entry_row(loan_id, entry) for entry in account.entries]
            self._payments.extend(self._loan_payments(loan_id, account))
        for each in self._story.get("payments", ()):
            self._payments.append(
                {
                    "day": self._ago(each["ago"]),
                    "product": LOAN,
                    "target": loan_id,
                    "amount": ledger.payable(account, self._today),
                    "by": each["by"],
                    "state": each["state"],
                    "reason": "",
                }
            )

    def _loan_payments(self, loan_id: str, account: Account) -> Iterator[dict[str, Any]]:
        automatic = self._pays_automatically(LOAN)
        due_days = {day for plan in account.plans for day in plan.due_on()}
        for entry in account.entries:
            if entry.kind in (EntryKind.PAID, EntryKind.PREPAID, EntryKind.SETTLED):
                by_itself = automatic and entry.kind is EntryKind.PAID and entry.day in due_days
                yield _payment(entry.day, LOAN, loan_id, entry.amount, AUTOMATIC if by_itself else BY_HAND)
        if automatic:
            yield from self._failed_debits(loan_id, account)

    def _failed_debits(self, loan_id: str, account: Account) -> Iterator[dict[str, Any]]:
        late = [
            each
            for each in ledger.unpaid(account, self._today)
            if each.due_on < self._today and each.dues.total
        ]
        for each in late[-MOST_FAILED_SHOWN:]:
            planned = each.dues.principal + each.dues.interest
            failed = _payment(each.due_on, LOAN, loan_id, planned, AUTOMATIC)
            yield failed | {"state": PaymentState.FAILED.value, "reason": "扣款账户余额不足"}

    def _tell_bills(self) -> None:
        if "bills" not in self._story:
            return
        terms = BillTerms.of(self._products, PAY_LATER)
        records = bill_records(self._id, PAY_LATER, self._story["bills"], terms, self._today)
        for record in records:
            self._add(
                "bills",
                id=record.id,
                product=PAY_LATER,
                statement_on=record.statement_on,
                paid=record.paid,
                instalments=record.instalments,
            )
            self._world["bill_lines"].extend(_line_rows(record))
        by = AUTOMATIC if self._pays_automatically(PAY_LATER) else BY_HAND
        for record in paid_bills(records):
            day = terms.due_on(record.statement_on)
            self._payments.append(_payment(day, PAY_LATER, record.id, record.paid, by))

    def _tell_accounts(self) -> None:
        for each in self._story.get("deposits", ()):
            balance = Money.parse(each["balance"])
            self._add(
                "deposits",
                product=each["product"],
                account_tail=each["tail"],
                balance=balance,
                available=Money.parse(each["available"]) if "available" in each else balance,
                annual_percent=self._products.text(each["rate"]) if "rate" in each else None,
                matures_on=self._ahead(each["matures_in"]) if "matures_in" in each else None,
            )
        for each in self._story.get("auto_debit", ()):
            self._add(
                "auto_debits",
                product=each["product"],
                on=each.get("on", True),
                account=each["account"],
                account_tail=each["tail"],
            )

    def _tell_applications(self) -> None:
        for number, each in enumerate(self._story.get("applications", ()), start=1):
            self._add(
                "applications",
                id=f"A{self._id[1:]}{number}",
                product=each["product"],
                amount=Money.parse(each["amount"]),
                state=each["state"],
                submitted_on=self._ago(each["ago"]),
                reason=each["reason"],
                again_on=self._ahead(each["again_in"]) if "again_in" in each else None,
            )

    def _pays_automatically(self, product: str) -> bool:
        debits: Sequence[Mapping[str, Any]] = self._story.get("auto_debit", ())
        return any(each["product"] == product and each.get("on", True) for each in debits)

    def _add(self, table: str, **row: Any) -> None:
        self._world[table].append({"customer_id": self._id, **row})

    def _ago(self, days: int) -> date:
        return self._today - timedelta(days=days)

    def _ahead(self, days: int) -> date:
        return self._today + timedelta(days=days)


def _line_rows(record: BillRecord) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(record.lines, start=1):
        yield {
            "bill_id": record.id,
            "number": number,
            "day": line.day,
            "text": line.text,
            "amount": line.amount,
        }


def _payment(day: date, product: str, target: str, amount: Money, by: str) -> dict[str, Any]:
    return {
        "day": day,
        "product": product,
        "target": target,
        "amount": amount,
        "by": by,
        "state": PaymentState.DONE.value,
        "reason": "",
    }
