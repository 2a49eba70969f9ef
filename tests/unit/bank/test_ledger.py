"""A loan's account, against sums done by hand and against what must hold for any history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bank import ledger
from bot.bank.ledger import LedgerError, Plan
from bot.bank.ports import EntryKind
from bot.money import ZERO, Dues, Method, Money, Rate, add_months, restructured

DRAWN = date(2026, 1, 15)


def yuan(text: str) -> Money:
    return Money.parse(text)


def dues(**parts: str) -> Dues:
    return Dues(**{kind: yuan(amount) for kind, amount in parts.items()})


def plan(**changes) -> Plan:
    terms = {
        "start": DRAWN,
        "principal": yuan("12000"),
        "rate": Rate.percent("18"),
        "method": Method.LEVEL_PAYMENT,
        "terms": 12,
        "anchor": 15,
        "penalty_multiple": "1.5",
    }
    return Plan(**{**terms, **changes})


def paid_up_to(number: int, **changes):
    """A loan of 15 January with its first instalments paid on their due days."""
    account = ledger.draw(plan(**changes))
    for due in account.plan.due_on()[:number]:
        account = ledger.pay(account, due, ledger.payable(account, due))
    return account


SIXTH = date(2026, 7, 15)


def test_on_its_due_day_an_instalment_is_due_and_not_overdue():
    """The day itself costs nothing; the next day counts as one."""
    account = paid_up_to(5)
    today = ledger.position(account, SIXTH)
    assert (today.overdue, today.overdue_since) == (Dues(), None)
    assert (today.next_due_on, today.next_due, today.outstanding) == (SIXTH, yuan("1100.16"), yuan("7259.10"))
    tomorrow = ledger.position(account, SIXTH + timedelta(1))
    assert tomorrow.overdue == dues(penalty="0.74", compound="0.08", interest="108.89", principal="991.27")
    assert tomorrow.overdue_since == SIXTH


def test_every_overdue_instalment_bears_its_own_penalty():
    """37 days: 27.51 + 3.02 on the sixth (991.27 + 108.89), 6 days: 4.53 + 0.42 on the seventh."""
    stands = ledger.position(paid_up_to(5), SIXTH + timedelta(37))
    assert stands.overdue == dues(penalty="32.04", compound="3.44", interest="202.91", principal="1997.41")
    assert (stands.next_due_on, stands.instalments_paid) == (date(2026, 9, 15), 5)


def test_part_payments_pay_interest_first_and_lower_what_the_penalty_runs_on():
    """500 on day 10 reaches 382.86 of principal; the rest bears 4.56 in ten more days."""
    account = ledger.pay(paid_up_to(5), SIXTH + timedelta(10), yuan("500"))
    booked = account.entries[-1]
    assert booked.parts == dues(penalty="7.43", compound="0.82", interest="108.89", principal="382.86")
    assert booked.balance == yuan("6876.24")
    later = SIXTH + timedelta(20)
    account = ledger.pay(account, later, ledger.payable(account, later))
    assert account.entries[-1].parts == dues(penalty="4.56", principal="608.41")
    assert ledger.position(account, later).overdue_since is None


def test_settling_between_due_days_costs_the_days_since_the_last():
    """7,259.10 and twelve days: 7,302.65; afterwards nothing is owed and nothing falls due."""
    account = paid_up_to(5)
    day = date(2026, 6, 27)
    assert ledger.settlement(account, day) == dues(interest="43.55", principal="7259.10")
    settled = ledger.settle(account, day)
    assert (settled.settled_on, settled.outstanding) == (day, ZERO)
    assert ledger.position(settled, day).next_due_on is None
    with pytest.raises(LedgerError):
        ledger.settle(settled, day)


def test_paying_ahead_on_a_due_day_makes_the_payments_smaller():
    """4,000 after the fifth instalment: seven of 493.94, the due days stay."""
    account = ledger.prepay(paid_up_to(5), date(2026, 6, 15), yuan("4000"))
    assert account.outstanding == yuan("3259.10")
    assert account.plan.due_on()[0] == SIXTH
    assert [payment.text for payment in account.plan.schedule().payments] == ["493.94"] * 6 + ["493.92"]


def test_paying_ahead_on_any_other_day_or_method_is_refused():
    """The demo books a partial prepayment on due days of 等额本息 only."""
    for account, day in (
        (paid_up_to(5), date(2026, 6, 16)),
        (paid_up_to(4), date(2026, 6, 15)),
        (paid_up_to(5, method=Method.LEVEL_PRINCIPAL), date(2026, 6, 15)),
    ):
        with pytest.raises(LedgerError):
            ledger.prepay(account, day, yuan("1000"))


def test_a_new_plan_waives_penalties_and_carries_old_interest_without_interest_on_it():
    """65 days late: 罚息 and 复利 go, unpaid and running interest is spread over the new plan."""
    account = paid_up_to(5)
    day = SIXTH + timedelta(65)
    owed = ledger.settlement(account, day)
    account = ledger.restructure(account, day, Rate.percent(12), 24, anchor=20)
    waived, replanned = account.entries[-2:]
    assert (waived.kind, waived.parts) == (
        EntryKind.WAIVED,
        Dues(penalty=owed.penalty, compound=owed.compound),
    )
    assert (replanned.kind, replanned.balance) == (EntryKind.RESTRUCTURED, yuan("7259.10"))
    assert account.plan.carried == owed.interest
    first = account.plan.schedule().instalments[0]
    assert first.carried == owed.interest.split(24)[0]
    late = ledger.position(account, account.plan.due_on()[0] + timedelta(10)).overdue
    assert late.compound == first.interest.times(
        Rate.percent(18).daily * 10
    )  # 12% × 1.5, on new interest only


def test_the_ledger_books_the_plan_that_was_reckoned_beforehand():
    """What `restructured` offers is what the ledger repays: the same instalments on the same days."""
    account = paid_up_to(5)
    day = SIXTH + timedelta(100)
    offered = restructured(
        ledger.settlement(account, day), Rate.percent(12), 24, day, anchor=20, waive_percent=100
    )
    booked = ledger.restructure(account, day, Rate.percent(12), 24, anchor=20)
    assert booked.plan.schedule() == offered.schedule
    assert booked.plan.due_on() == offered.due_on
    waived = [entry.parts for entry in booked.entries if entry.kind is EntryKind.WAIVED]
    assert waived == [offered.waived]


def test_borrowed_any_day_repaid_any_day():
    """8,000 at 18%: 3,080 after 20 days is 80 of interest and 3,000 back; 23 days later 5,057.50 clears it."""
    account = ledger.draw(plan(principal=yuan("8000"), method=Method.ON_DEMAND))
    account = ledger.pay(account, DRAWN + timedelta(20), yuan("3080"))
    assert account.entries[-1].parts == dues(interest="80.00", principal="3000.00")
    day = DRAWN + timedelta(43)
    assert ledger.settlement(account, day).total == ledger.payable(account, day) == yuan("5057.50")
    stands = ledger.position(account, day)
    assert (stands.accrued, stands.overdue, stands.next_due_on) == (yuan("57.50"), Dues(), date(2027, 1, 15))


def test_a_daily_loan_past_its_end_bears_penalties_on_what_stood_at_the_end():
    """Normal interest stops at the end; 罚息 and 复利 begin."""
    account = ledger.draw(plan(principal=yuan("10000"), method=Method.ON_DEMAND, terms=3))
    end = date(2026, 4, 15)
    late = ledger.position(account, end + timedelta(10)).overdue
    assert late == dues(penalty="75.00", compound="3.38", interest="450.00", principal="10000.00")


def test_a_loan_drawn_off_its_due_day_pays_the_odd_days_first():
    """Drawn on the 24th, due on the 15th: 22 days of interest in the first instalment."""
    first = plan(start=date(2026, 1, 24)).schedule().instalments[0]
    assert first.interest == yuan("12000").times(Rate.percent(18).daily * 22)
    assert plan().schedule().instalments[0].interest == yuan("180.00")


def test_bookings_that_cannot_be_are_refused():
    """Nothing is booked before the last entry, beyond what is due, or for nothing."""
    account = paid_up_to(5)
    for day, amount in (
        (date(2026, 6, 14), yuan("1")),
        (date(2026, 6, 20), yuan("1")),
        (SIXTH, yuan("1100.17")),
        (SIXTH, ZERO),
    ):
        with pytest.raises(LedgerError):
            ledger.pay(account, day, amount)
    with pytest.raises(LedgerError):
        ledger.position(account, date(2026, 6, 14))


def test_a_ledger_that_was_tampered_with_does_not_replay():
    """One 分 moved from principal to interest is found."""
    account = paid_up_to(5)
    *rest, last = account.entries
    forged = type(last)(
        last.number,
        last.day,
        last.kind,
        last.amount,
        last.parts - Dues(principal=Money(1)) + Dues(interest=Money(1)),
        last.balance,
    )
    assert ledger.replay(account.plans, account.entries) == account
    with pytest.raises(LedgerError, match="reproduce"):
        ledger.replay(account.plans, (*rest, forged))


METHODS = st.sampled_from(list(Method))
STEPS = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 100), st.integers(0, 9)), max_size=8)


@given(METHODS, st.integers(10_000, 20_000_000), st.integers(0, 2400), st.integers(1, 36), STEPS)
def test_any_history_keeps_its_books(method, fen, basis, terms, steps):
    """Whatever is paid, settled or restructured: parts sum to the amount, the balance is what was lent less
    what came back, today's words agree with today's settlement, and the whole replays to the 分."""
    account = ledger.draw(
        plan(principal=Money(fen), rate=Rate.percent(str(basis / 100)), terms=terms, method=method)
    )
    day = DRAWN
    for ahead, part, choice in steps:
        if account.settled_on:
            break
        day += timedelta(ahead)
        account = step(account, day, part, choice)
    returned = Money.total(entry.parts.principal for entry in account.entries)
    assert account.entries[-1].balance == account.outstanding == Money(fen) - returned
    assert all(entry.amount == entry.parts.total for entry in account.entries[1:])
    day += timedelta(3)
    stands, clears = ledger.position(account, day), ledger.settlement(account, day)
    assert clears.principal == stands.outstanding
    assert clears.interest == stands.overdue.interest + stands.accrued + stands.carried
    assert (clears.penalty, clears.compound) == (stands.overdue.penalty, stands.overdue.compound)
    assert stands.accrued >= ZERO
    assert ledger.replay(account.plans, account.entries) == account
    if clears.total:
        assert ledger.settle(account, day).settled_on == day


def step(account, day, part, choice):
    """One thing that may happen to a loan."""
    if choice == 0:
        return ledger.settle(account, day)
    if choice == 1:
        return ledger.restructure(account, day, Rate.percent(12), 24, anchor=day.day)
    amount = ledger.payable(account, day).times(str(part / 100))
    return ledger.pay(account, day, amount) if amount else account


def test_the_due_day_survives_short_months():
    """Anchored to the 31st: 28 February, then 31 March."""
    account = ledger.draw(plan(start=date(2026, 1, 31), anchor=31))
    assert account.plan.due_on()[:2] == (date(2026, 2, 28), date(2026, 3, 31))
    assert account.plan.schedule().instalments[0].interest == yuan("12000").times(Rate.percent(18).daily * 28)
    assert account.plan.due_on()[-1] == add_months(date(2026, 1, 31), 12)
