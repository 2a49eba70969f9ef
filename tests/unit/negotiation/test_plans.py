"""A plan's life: legal moves only, the right person in time, and every effect once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import product

import pytest

from bot.money import SHANGHAI, Money
from bot.negotiation.plan_errors import (
    NotYourMove,
    OfferLapsed,
    ProposerMayNotApprove,
    ReasonMissing,
    SignedDifferently,
)
from bot.negotiation.plan_moves import (
    BANK,
    NEEDED_TO_START,
    STARTS,
    BreachRule,
    Party,
    Plan,
    PlanEffect,
    acknowledged,
    breach_notice,
    due_step,
    moved,
    opened,
    overdue,
    sign,
)
from bot.negotiation.plans import (
    ENDED,
    IN_FORCE,
    MAY,
    OWNERS,
    STATES,
    STEPS,
    TERMS,
    UNSIGNED,
    PlanState,
    PlanStep,
    Role,
    due_at,
    stepped,
)
from bot.negotiation.signing import Signature
from conversation.errors import IllegalMove

#: Friday 2026-11-27, 10:00 in Shanghai
FRIDAY = datetime(2026, 11, 27, 2, tzinfo=timezone.utc)
PAY_BY = date(2026, 12, 4)
PAYMENTS = tuple(
    (date(2026 + (month > 12), (month - 1) % 12 + 1, 10), Money(50_000)) for month in (12, 13, 14)
)
CUSTOMER, AGENT, CHECKER = Party(Role.CUSTOMER, "C1"), Party(Role.AGENT, "lin"), Party(Role.APPROVER, "zhu")


def a_plan(state: PlanState = PlanState.SIGNING, **more) -> Plan:
    return replace(Plan("P1", "L1", "C1", "lin", "f" * 64, PAYMENTS, PAY_BY, state, FRIDAY), **more)


def a_signature(**more) -> Signature:
    return replace(Signature("S1", "C1", "f" * 64, FRIDAY + timedelta(minutes=5)), **more)


def a_running_plan() -> Plan:
    return a_plan(PlanState.RUNNING, signature=a_signature(), acknowledged=NEEDED_TO_START)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


# ── The table ────────────────────────────────────────────────────────────────────────────────────────


def test_every_state_has_its_word_its_effects_and_until_it_ends_an_owner_and_a_clock() -> None:
    assert set(STATES) == set(STARTS) == set(PlanState)
    assert set(OWNERS) == set(PlanState) - ENDED
    assert set(TERMS) == set(OWNERS) - {PlanState.RUNNING}, "a running plan's clock is its due days"
    assert set(MAY) == {step for _, step in STEPS}
    assert all(term.source and term.amount > 0 for term in TERMS.values())


def test_an_ended_plan_never_moves_again() -> None:
    for state, step in product(ENDED, PlanStep):
        with pytest.raises(IllegalMove):
            stepped(state, step)


def test_every_state_can_be_reached_and_left_until_it_ends() -> None:
    starts = {PlanState.MATERIALS, PlanState.APPROVAL, PlanState.SIGNING}
    assert set(STEPS.values()) | starts == set(PlanState)
    assert {state for state, _ in STEPS} == set(PlanState) - ENDED


def test_nothing_takes_effect_but_by_a_signature() -> None:
    """The only way into force leads through signing."""
    entering = [(state, step) for (state, step), to in STEPS.items() if to in IN_FORCE and state in UNSIGNED]
    assert entering == [(PlanState.SIGNING, PlanStep.SIGN)]


def test_a_signed_plan_is_never_withdrawn_or_expired() -> None:
    """It is a contract: it ends by payment or by another agreement, 民法典 第五百四十三条."""
    for state, step in product(IN_FORCE, (PlanStep.WITHDRAW, PlanStep.EXPIRE, PlanStep.REJECT)):
        assert (state, step) not in STEPS


@pytest.mark.parametrize(
    ("materials", "above", "state"),
    [
        (False, False, PlanState.SIGNING),
        (False, True, PlanState.APPROVAL),
        (True, False, PlanState.MATERIALS),
        (True, True, PlanState.MATERIALS),
    ],
)
def test_a_plan_begins_where_something_is_missing(materials: bool, above: bool, state: PlanState) -> None:
    new = opened("P1", "L1", "C1", "bot", "f" * 64, PAYMENTS, PAY_BY, FRIDAY, materials, above)
    assert new.plan.state is state
    assert [staged.effect for staged in new.effects] == list(STARTS[state])


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_approves_what_he_proposed() -> None:
    plan = a_plan(PlanState.APPROVAL)
    for step in (PlanStep.APPROVE, PlanStep.REJECT, PlanStep.ASK_MORE):
        with pytest.raises(ProposerMayNotApprove):
            moved(plan, step, Party(Role.APPROVER, "lin"), FRIDAY, reason="可以")
    assert moved(plan, PlanStep.APPROVE, CHECKER, FRIDAY).plan.state is PlanState.SIGNING


@pytest.mark.parametrize("by", [AGENT, CUSTOMER, BANK, Party(Role.APPROVER)])
def test_only_a_named_approver_approves(by: Party) -> None:
    """Neither an agent nor the bank's systems, and nobody without a name."""
    with pytest.raises(NotYourMove):
        moved(a_plan(PlanState.APPROVAL), PlanStep.APPROVE, by, FRIDAY)


def test_nobody_moves_another_customers_plan() -> None:
    stranger = Party(Role.CUSTOMER, "C2")
    with pytest.raises(NotYourMove):
        moved(a_plan(), PlanStep.WITHDRAW, stranger, FRIDAY)
    with pytest.raises(NotYourMove):
        sign(a_plan(), a_signature(customer_id="C2"))


def test_a_refusal_and_an_agents_withdrawal_say_why() -> None:
    with pytest.raises(ReasonMissing):
        moved(a_plan(PlanState.APPROVAL), PlanStep.REJECT, CHECKER, FRIDAY, reason="  ")
    with pytest.raises(ReasonMissing):
        moved(a_plan(), PlanStep.WITHDRAW, AGENT, FRIDAY)
    assert moved(a_plan(), PlanStep.WITHDRAW, CUSTOMER, FRIDAY).plan.state is PlanState.WITHDRAWN


def test_a_lapsed_offer_is_neither_approved_nor_signed() -> None:
    late = at(PAY_BY + timedelta(days=1), 0)
    with pytest.raises(OfferLapsed):
        moved(a_plan(PlanState.APPROVAL), PlanStep.APPROVE, CHECKER, late)
    with pytest.raises(OfferLapsed):
        sign(a_plan(), a_signature(at=late))


def test_signing_and_starting_have_their_own_doors() -> None:
    with pytest.raises(IllegalMove):
        moved(a_plan(), PlanStep.SIGN, CUSTOMER, FRIDAY)
    with pytest.raises(IllegalMove):
        moved(a_plan(PlanState.EFFECTIVE), PlanStep.START, BANK, FRIDAY)


# ── Signed, in force ─────────────────────────────────────────────────────────────────────────────────


def test_taking_effect_stops_the_old_debit_and_collection_and_books_the_schedule() -> None:
    done = sign(a_plan(), a_signature())
    assert done.plan.state is PlanState.EFFECTIVE
    assert {staged.effect for staged in done.effects} == {
        PlanEffect.SUSPEND_DEBIT,
        PlanEffect.STOP_COLLECTION,
        PlanEffect.BOOK_SCHEDULE,
        PlanEffect.SEND_DOCUMENT,
        PlanEffect.SEND_PAY_LINK,
    }
    assert len({staged.key for staged in done.effects}) == 5


def test_a_repeated_signature_changes_nothing() -> None:
    """Pressed twice, sent twice or come back days later: no second schedule, in any state."""
    first = sign(a_plan(), a_signature()).plan
    again = a_signature(id="S2", at=FRIDAY + timedelta(days=90))
    for plan in (first, a_running_plan(), replace(a_running_plan(), state=PlanState.SETTLED)):
        repeated = sign(plan, again)
        assert repeated.plan == plan
        assert repeated.effects == ()


def test_a_signature_of_other_terms_is_refused_before_and_after() -> None:
    for plan in (a_plan(), a_running_plan()):
        with pytest.raises(SignedDifferently):
            sign(plan, a_signature(fingerprint="0" * 64))


@pytest.mark.parametrize("state", sorted(set(PlanState) - {PlanState.SIGNING}))
def test_only_a_plan_that_waits_for_it_is_signed(state: PlanState) -> None:
    with pytest.raises(IllegalMove):
        sign(a_plan(state), a_signature())


def test_a_plan_runs_when_the_bank_has_done_all_it_must() -> None:
    """Until then the customer hears 已提交; the same acknowledgement twice changes nothing."""
    plan = sign(a_plan(), a_signature()).plan
    for effect in (PlanEffect.SUSPEND_DEBIT, PlanEffect.SUSPEND_DEBIT, PlanEffect.STOP_COLLECTION):
        plan = acknowledged(plan, effect, FRIDAY).plan
        assert plan.state is PlanState.EFFECTIVE
    started = acknowledged(plan, PlanEffect.BOOK_SCHEDULE, FRIDAY)
    assert started.plan.state is PlanState.RUNNING
    assert PlanEffect.TELL_CUSTOMER in {staged.effect for staged in started.effects}
    assert acknowledged(started.plan, PlanEffect.BOOK_SCHEDULE, FRIDAY).effects == ()


def test_each_move_has_keys_of_its_own() -> None:
    """Cured twice, told twice; the same move carried out twice, told once."""
    plan = a_running_plan()
    keys: list[str] = []
    for step in (PlanStep.BREACH, PlanStep.CURE, PlanStep.BREACH, PlanStep.CURE):
        done = moved(plan, step, BANK, FRIDAY)
        keys += [staged.key for staged in done.effects]
        assert moved(plan, step, BANK, FRIDAY).effects == done.effects
        plan = done.plan
    assert len(keys) == len(set(keys))


# ── Clocks and breach ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (PlanState.MATERIALS, at(date(2026, 12, 4), 23)),  # seven days
        (PlanState.APPROVAL, at(date(2026, 12, 1), 23)),  # Monday, Tuesday
        (PlanState.SIGNING, at(date(2026, 11, 30), 10)),  # 72 hours to the minute
        (PlanState.EFFECTIVE, at(date(2026, 11, 30), 23)),  # Monday
    ],
)
def test_an_owner_has_his_time(state: PlanState, last: datetime) -> None:
    due = due_at(state, FRIDAY, date(2026, 12, 31))
    assert due is not None
    assert due.astimezone(SHANGHAI).replace(minute=0, second=0) == last


def test_an_unsigned_plan_never_outlives_its_figures() -> None:
    due = due_at(PlanState.SIGNING, FRIDAY, date(2026, 11, 28))
    assert due is not None
    assert due.astimezone(SHANGHAI).date() == date(2026, 11, 28)
    assert due_step(a_plan(pay_by=date(2026, 11, 27)), (), at(date(2026, 11, 28), 0)) is PlanStep.EXPIRE


def test_a_slow_approver_costs_the_customer_nothing() -> None:
    """His time passes: the plan waits on, until its figures no longer hold."""
    plan, late = a_plan(PlanState.APPROVAL), at(date(2026, 12, 2))
    assert overdue(plan, late)
    assert due_step(plan, (), late) is None
    assert due_step(a_plan(PlanState.MATERIALS), (), at(date(2026, 12, 5))) is PlanStep.EXPIRE


def test_being_late_is_no_breach_until_the_days_are_over() -> None:
    plan, due = a_running_plan(), PAYMENTS[0][0]
    for days in range(11):
        assert due_step(plan, (), at(due + timedelta(days=days))) is None
    assert due_step(plan, (), at(due + timedelta(days=11))) is PlanStep.BREACH
    assert due_step(plan, (), at(due + timedelta(days=4)), BreachRule(3)) is PlanStep.BREACH


def test_one_fen_short_is_late_and_paying_it_mends_the_plan() -> None:
    plan, now = a_running_plan(), at(date(2026, 12, 25))
    short = [(date(2026, 12, 10), Money(49_999))]
    assert due_step(plan, short, now) is PlanStep.BREACH
    broken = moved(plan, PlanStep.BREACH, BANK, now).plan
    assert due_step(broken, short, now) is None
    assert due_step(broken, [*short, (date(2026, 12, 25), Money(1))], now) is PlanStep.CURE


def test_a_plan_paid_early_is_settled_and_a_later_payment_does_not_count_before_its_day() -> None:
    everything = [(date(2026, 12, 1), Money(150_000))]
    assert due_step(a_running_plan(), everything, at(date(2026, 12, 1))) is PlanStep.SETTLE
    assert due_step(a_running_plan(), everything, at(date(2026, 11, 30))) is None


def test_a_breach_starts_no_collection_by_itself() -> None:
    """The customer is told and a person talks with him."""
    assert STARTS[PlanState.BREACHED] == (PlanEffect.TELL_CUSTOMER, PlanEffect.TELL_AGENT)


def test_the_notice_of_breach_says_what_and_how_to_mend_it() -> None:
    text = breach_notice(a_running_plan(), [(date(2026, 12, 9), Money(20_000))], at(date(2026, 12, 21)))
    assert "12 月 10 日" in text
    assert "300.00 元" in text
    assert "11 天" in text
    assert "工作人员" in text
