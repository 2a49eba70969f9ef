"""The bank's worked cases: sums checked by hand once, held to the 分 for ever."""

from __future__ import annotations

from datetime import date

from bot.money import (
    PRINCIPAL_FIRST,
    Dues,
    Method,
    Money,
    PrepaymentWay,
    Rate,
    affordable_payment,
    allocate,
    cashflows,
    check_cost_cap,
    compound_interest,
    daily_interest,
    deferred_schedule,
    due_dates,
    early_settlement,
    extended_schedule,
    fee_schedule,
    first_period_interest,
    interest_between,
    interest_only_schedule,
    level_payment_schedule,
    level_principal_schedule,
    on_demand_stretches,
    penalty_interest,
    prepaid,
    present_value,
    restructured,
    schedule_apr,
    shortest_term,
)

EIGHTEEN = Rate.percent("18")


def yuan(text: str) -> Money:
    return Money.parse(text)


def texts(amounts) -> list[str]:
    return [amount.text for amount in amounts]


def test_v01_twelve_thousand_over_a_year_in_level_payments():
    """12,000 at 18%: 1,100.16 eleven times, the last clears 1,100.19, interest 1,201.95."""
    plan = level_payment_schedule(yuan("12000"), EIGHTEEN, 12)
    assert texts(plan.payments) == ["1,100.16"] * 11 + ["1,100.19"]
    assert plan.interest == yuan("1201.95")
    assert plan.principal == yuan("12000")


def test_v01b_two_hundred_thousand_over_three_years():
    """200,000 at 7.2%: 6,193.72, the last 6,193.88, interest 22,974.08."""
    plan = level_payment_schedule(yuan("200000"), Rate.percent("7.2"), 36)
    assert texts(plan.payments) == ["6,193.72"] * 35 + ["6,193.88"]
    assert plan.interest == yuan("22974.08")


def test_v02_ten_thousand_in_level_principal():
    """10,000 at 14.4% in six: first 1,786.67, last 1,686.65, interest 420.00."""
    plan = level_principal_schedule(yuan("10000"), Rate.percent("14.4"), 6)
    assert (plan.payments[0].text, plan.payments[-1].text) == ("1,786.67", "1,686.65")
    assert plan.interest == yuan("420.00")


def test_v03_interest_first_principal_last():
    """50,000 at 7.2%: 300.00 a month, then 50,300.00."""
    plan = interest_only_schedule(yuan("50000"), Rate.percent("7.2"), 12)
    assert texts(plan.payments) == ["300.00"] * 11 + ["50,300.00"]


def test_v04_borrowed_and_repaid_any_day():
    """8,000 at 0.05% a day, 3,000 back after 20 days, the rest 23 days later: 80.00 and 57.50 of interest."""
    rate = Rate.daily_percent("0.05")
    drawn, back, end = date(2026, 3, 5), date(2026, 3, 25), date(2026, 4, 17)
    first, second = on_demand_stretches(yuan("8000"), rate, drawn, [(back, yuan("3000"))], end)
    assert (first.days, second.days) == (20, 23)
    assert texts([first.interest, second.interest]) == ["80.00", "57.50"]
    assert second.principal + second.interest == yuan("5057.50")


def test_v05_an_instalment_thirty_seven_days_late():
    """罚息 25.32 at 1.5 (21.94 at 1.3), 复利 5.21, together with the instalment 1,130.69."""
    principal, interest = yuan("912.35"), yuan("187.81")
    penalty = penalty_interest(principal, EIGHTEEN, "1.5", 37)
    compound = compound_interest(interest, EIGHTEEN, "1.5", 37)
    assert texts([penalty, compound]) == ["25.32", "5.21"]
    assert penalty_interest(principal, EIGHTEEN, "1.3", 37) == yuan("21.94")
    assert principal + interest + penalty + compound == yuan("1130.69")


def test_v06_where_a_payment_goes():
    """500 on 费60/罚25.32/复5.21/息187.81/本912.35: 221.66 reaches the principal; agreed 先本: all of it."""
    dues = Dues(yuan("60"), yuan("25.32"), yuan("5.21"), yuan("187.81"), yuan("912.35"))
    by_law = allocate(yuan("500"), dues)
    assert (by_law.paid.principal.text, by_law.left.principal.text) == ("221.66", "690.69")
    assert by_law.left.total == by_law.left.principal
    assert allocate(yuan("500"), dues, PRINCIPAL_FIRST).paid == Dues(principal=yuan("500"))
    too_much = allocate(yuan("1200"), dues)
    assert (too_much.unapplied.text, too_much.left) == ("9.31", Dues())


def test_v07_paying_four_thousand_extra_after_five_months():
    """减额, 缩期 and settling twelve days later, from the same 7,259.10."""
    plan = level_payment_schedule(yuan("12000"), EIGHTEEN, 12)
    balance = plan.instalments[4].balance
    assert balance == yuan("7259.10")
    assert Money.total(month.interest for month in plan.instalments[5:]) == yuan("442.05")
    smaller, fewer = (
        prepaid(plan.after(5), yuan("4000"), EIGHTEEN, Method.LEVEL_PAYMENT, way) for way in PrepaymentWay
    )
    assert smaller.after.principal == fewer.after.principal == yuan("3259.10")
    assert texts(smaller.after.payments) == ["493.94"] * 6 + ["493.92"]
    assert texts(fewer.after.payments) == ["1,100.16"] * 3 + ["58.61"]
    assert texts([smaller.after.interest, fewer.after.interest]) == ["198.46", "99.99"]
    assert texts([smaller.saved, fewer.saved]) == ["243.59", "342.06"]
    assert early_settlement(balance, EIGHTEEN, 12).total == yuan("7302.65")


def test_v08_a_plan_with_old_interest_beside_it():
    """18,000 with 642.37 of old interest, 罚息 211.45 waived, 12% in 24: 874.09, last 874.04, 20,978.11."""
    owed = Dues(penalty=yuan("211.45"), interest=yuan("642.37"), principal=yuan("18000"))
    plan = restructured(owed, Rate.percent("12"), 24, date(2026, 5, 10), waive_percent=100)
    assert plan.waived == Dues(penalty=yuan("211.45"))
    assert texts(plan.schedule.payments) == ["874.09"] * 23 + ["874.04"]
    assert plan.total == yuan("20978.11")


def test_v09_three_months_of_extension():
    """9,000 at 15.6%: 117.00 of interest a month, or 358.80 for 92 days put off to the end."""
    rate = Rate.percent("15.6")
    plan = extended_schedule(yuan("9000"), rate, months=3, terms=9)
    assert texts(plan.payments[:3]) == ["117.00"] * 3
    assert plan.payments[3:] == level_payment_schedule(yuan("9000"), rate, 9).payments
    put_off = interest_between(yuan("9000"), rate, date(2026, 3, 1), date(2026, 6, 1))
    assert put_off == daily_interest(yuan("9000"), rate, 92) == yuan("358.80")
    deferred = deferred_schedule(yuan("9000"), rate, months=3, terms=9, deferred=put_off)
    assert texts(deferred.payments[:3]) == ["0.00"] * 3
    assert deferred.total == level_payment_schedule(yuan("9000"), rate, 9).total + yuan("358.80")


def test_v10_a_fee_that_looks_like_seven_per_cent():
    """10,000 in twelve at 0.6% a month costs 13.0342% a year (simple), 13.8417% (compound)."""
    plan = fee_schedule(yuan("10000"), "0.6", 12)
    assert texts(plan.payments) == ["893.33"] * 11 + ["893.37"]
    assert Rate(plan.fee.ratio(plan.principal)).render() == "7.20%"
    apr = schedule_apr(plan)
    assert (apr.simple.render(4), apr.compound.render(4)) == ("13.0342%", "13.8417%")


def test_v10b_three_hundred_taken_off_at_the_start():
    """12% in twelve with 300 of 10,000 deducted costs 17.8250% / 19.3559%."""
    apr = schedule_apr(level_payment_schedule(yuan("10000"), Rate.percent(12), 12), deducted=yuan("300"))
    assert (apr.simple.render(4), apr.compound.render(4)) == ("17.8250%", "19.3559%")


def test_v11_more_than_a_court_would_grant():
    """2,611.50 on 20,000 over 150 days: 638.90 above the 24% ceiling of 1,972.60 (31.7733% a year)."""
    test = check_cost_cap(yuan("20000"), 150, yuan("2611.50"))
    assert texts([test.cap, test.excess]) == ["1,972.60", "638.90"]
    assert test.a_year.render(4) == "31.7733%"
    assert not test.within


def test_v12_without_interest():
    """1,000 in three at 0%: 333.33, 333.33, 333.34."""
    for plan in (level_payment_schedule, level_principal_schedule):
        assert texts(plan(yuan("1000"), Rate.percent(0), 3).payments) == ["333.33", "333.33", "333.34"]


def test_v13_a_loan_of_the_thirty_first():
    """The due day keeps its anchor and is clipped to month end; the first odd month bears 28 days."""
    start = date(2026, 1, 31)
    due = due_dates(start, 6)
    assert [day.strftime("%m-%d") for day in due] == ["02-28", "03-31", "04-30", "05-31", "06-30", "07-31"]
    stub = first_period_interest(yuan("10000"), EIGHTEEN, start, due[0])
    assert stub == yuan("140.00")
    plan = level_payment_schedule(yuan("10000"), EIGHTEEN, 6).with_first_interest(stub)
    assert plan.instalments[0].interest == stub


def test_v14_less_now_against_more_later():
    """9,000 at 12% in twelve is worth 9,290.96 if certain, 7,678.19 at 3% a month of breaking off."""
    later = cashflows(level_payment_schedule(yuan("9000"), Rate.percent(12), 12))
    assert present_value(later, "0.005") == yuan("9290.96")
    assert present_value(later, "0.005", "0.03") == yuan("7678.19")


def test_v15_what_a_customer_can_carry():
    """6,800 − 4,150 − 900 less 20%: 1,400.00, so 26,000 at 14.4% needs 24 months of 1,253.25."""
    payment = affordable_payment(yuan("6800"), yuan("4150"), yuan("900"), buffer_percent=20)
    assert payment == yuan("1400.00")
    rate, offered = Rate.percent("14.4"), (3, 6, 12, 18, 24, 36, 48, 60)
    assert shortest_term(yuan("26000"), rate, payment, offered) == 24
    assert level_payment_schedule(yuan("26000"), rate, 24).payments[0] == yuan("1253.25")
    assert shortest_term(yuan("26000"), rate, yuan("100"), offered) is None
