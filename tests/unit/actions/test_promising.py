"""A promise to pay in the talk: day and amount read back honestly, staged on the yes, shown, changed, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.actions import promise_words
from bot.actions.acts import ActionAffirm, ActionDeny, ActionGiven
from bot.actions.promising import ActionPromise, ActionPromiseCancel, ActionPromiseState
from bot.actions.unclear import ActionClarify
from bot.bank.ports import Creditor, Loan
from bot.money import Dues, Money
from bot.negotiation.promises import Promise
from bot.promises.records import (
    CancelPromise,
    MakePromise,
    PromiseRecord,
    PromiseState,
    StopReminder,
    recorded,
)
from bot.services import NoRecords
from conversation.effects import Escalate, Keep
from conversation.tickets import Ticket, TicketKind, TicketState
from tests.unit.actions.fakes import (
    NOTHING_OVERDUE,
    NOW,
    FakeBank,
    Outcome,
    guest,
    loan,
    run,
    yuan,
)

LATE = loan(
    overdue=Dues(yuan("2900"), yuan("60"), yuan("40"), yuan("0"), yuan("0")),
    overdue_since=date(2026, 2, 20),
    next_due_on=date(2026, 3, 20),
)
OWED = "3,000.00"


@dataclass
class Book:
    """The promises a customer has made."""

    his: Sequence[PromiseRecord] = ()

    def of_customer(self, customer_id: str) -> list[PromiseRecord]:
        return list(self.his)


def record(
    id: str = "r1", day: date = date(2026, 3, 18), state: PromiseState = PromiseState.OPEN, **more: Any
) -> PromiseRecord:
    made = Promise(id, more.pop("debt", "L1"), day, Money(100_000), NOW - timedelta(days=2))
    return replace(recorded(made, "C1", "c1", "随心借"), state=state, **more)


def promise(
    text: str = "", loans: Sequence[Loan] = (LATE,), his: Sequence[PromiseRecord] = (), **entities: Any
) -> Outcome:
    slots = entities.pop("slots", {})
    return run(
        ActionPromise(),
        "promise_to_pay",
        text=text,
        entities=entities,
        slots=slots,
        bank=FakeBank(loans_=list(loans)),
        promises=Book(his),
        decision="act",
    )


def filled(outcome: Outcome) -> dict[str, Any]:
    """The values of the last message."""
    return dict(outcome.messages[-1])


def test_day_and_amount_are_read_back_with_what_stays_owed_and_the_interest() -> None:
    done = promise("18号还2000", date="18日", amount="2000.00")
    assert done.said == ["utter_promise_confirm"]
    said = filled(done)
    assert (said["day"], said["amount"]) == ("3月18日（周三）", "2,000.00")
    assert OWED in said["rest"]
    assert "1,000.00" in said["rest"]
    assert "罚息" in said["interest"]
    assert done.turn.effects == []
    pending = done.slots["pending"]
    assert (pending["kind"], pending["day"], pending["fen"]) == ("promise", "2026-03-18", 200_000)


def test_without_an_amount_all_that_is_to_be_paid_is_meant_and_read_back() -> None:
    said = filled(promise("18号还", date="18日"))
    assert said["amount"] == OWED
    assert "还清" in said["rest"]


def test_half_is_reckoned_and_today_costs_no_more_than_today() -> None:
    said = filled(promise("今天还一半", date="今天"))
    assert said["amount"] == "1,500.00"
    assert "比今天多" not in said["interest"]


def test_more_than_is_owed_offers_what_is() -> None:
    done = promise("18号还5000", date="18日", amount="5000.00")
    assert done.choices[0] == "就还 3,000.00 元"
    paid = promise("", slots={"topic": "promise_to_pay"}, loan="L1", date="18日", amount="3000.00")
    assert filled(paid)["amount"] == OWED


def test_a_sum_and_a_day_of_doubtful_meaning_are_read_back() -> None:
    asked = run(
        ActionClarify(),
        "unclear",
        text="等发工资15号还2000行吗",
        entities={"date": "15日", "amount": "2000.00"},
        intent_ranking=[{"name": "negotiate_extension"}, {"name": "promise_to_pay"}],
        decision="clarify",
    )
    again = next(event for event in asked.events if event["event"] == "user")["parse_data"]
    assert again["intent"]["name"] == "promise_to_pay"


def test_the_yes_stages_the_promise_and_tells_of_one_reminder() -> None:
    pending = promise("18号还2000", date="18日", amount="2000.00").slots["pending"]
    done = run(
        ActionAffirm(),
        "affirm",
        text="确认",
        slots={"pending": pending},
        bank=FakeBank(loans_=[LATE]),
        promises=Book(),
    )
    (effect,) = done.turn.effects
    assert isinstance(effect, Keep)
    assert isinstance(effect.value, MakePromise)
    kept = effect.value.record
    assert (kept.promise.day, kept.promise.amount) == (date(2026, 3, 18), yuan("2000"))
    assert kept.remind_at == datetime(2026, 3, 17, 2, tzinfo=timezone.utc)
    assert filled(done)["reminder"].startswith("3月17日")
    assert (done.slots["pending"], done.slots["promise"]) == (None, None)


def test_who_has_a_complaint_open_is_told_that_nobody_reminds_him() -> None:
    complaint = Ticket(
        "k1", "1234567897", TicketKind.COMPLAINT, "", TicketState.OPEN, "c1", "C1", NOW, NOW, NOW
    )

    class Complains(NoRecords):
        def tickets_of(self, conversation_id: str, customer_id: str | None) -> list[Ticket]:
            return [complaint]

    pending = promise("18号还", date="18日").slots["pending"]
    bank = FakeBank(loans_=[LATE])
    done = run(
        ActionAffirm(), "affirm", text="确认", slots={"pending": pending}, bank=bank, records=Complains()
    )
    (effect,) = done.turn.effects
    assert isinstance(effect, Keep)
    assert effect.value.record.remind_at is None
    assert "不另外提醒" in filled(done)["reminder"]


def test_a_no_promises_nothing() -> None:
    pending = promise("18号还", date="18日").slots["pending"]
    done = run(ActionDeny(), "deny", text="不用了", slots={"pending": pending})
    assert done.turn.effects == []
    assert done.slots["pending"] is None


def test_a_yes_long_after_paying_promises_nothing() -> None:
    pending = promise("18号还", date="18日").slots["pending"]
    paid = replace(LATE, overdue=NOTHING_OVERDUE, overdue_since=None, next_due=yuan("0"))
    done = run(
        ActionAffirm(), "affirm", text="确认", slots={"pending": pending}, bank=FakeBank(loans_=[paid])
    )
    assert done.turn.effects == []
    assert done.said == ["utter_promise_refused"]


def test_without_a_day_it_is_asked_for_with_days_to_choose() -> None:
    done = promise("我会还的", amount="500.00")
    assert done.said == ["utter_promise_ask_day"]
    assert done.choices == ["3月15日（周日）", "3月17日（周二）", "3月19日（周四）", "还说不准"]
    assert done.slots["promise"] == {"amount": "500.00", "debt": "L1"}


def test_pay_day_is_asked_back_as_any_uncertain_day() -> None:
    done = promise("发工资就还", date="发工资后")
    assert done.said == ["utter_which_day"]


def test_who_cannot_say_the_day_is_not_pressed() -> None:
    done = promise(
        "还说不准", date="过几天", slots={"topic": "promise_to_pay", "choices": None}, decision=None
    )
    assert done.said in (["utter_which_day"], ["utter_promise_no_day"])
    assert done.turn.effects == []


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        ({"date": "4月10日"}, "3 月 26 日"),
        ({"date": "18日", "amount": "50.00"}, "100.00"),
        ({"date": "18日", "amount": "5000.00"}, OWED),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_right(entities: dict[str, str], words: str) -> None:
    done = promise("到时还", **entities)
    assert done.said == ["utter_promise_refused"]
    assert words in filled(done)["reason"]
    assert done.slots["promise"]["debt"] == "L1"
    assert ("date" in done.slots["promise"]) == ("amount" in entities)


def test_another_day_alone_goes_on_with_the_amount_said_before() -> None:
    draft = {"debt": "L1", "amount": "2000.00"}
    slots = {"topic": "promise_to_pay", "promise": draft}
    asked = run(
        ActionGiven(), "give_date", text="那20号", entities={"date": "20日"}, slots=slots, decision="act"
    )
    again = next(event for event in asked.events if event["event"] == "user")["parse_data"]
    assert again["intent"]["name"] == "promise_to_pay"
    assert filled(promise("那20号", date="20日", slots=slots))["amount"] == "2,000.00"


def test_a_correction_before_the_yes_changes_only_what_it_names() -> None:
    pending = promise("18号还2000", date="18日", amount="2000.00").slots["pending"]
    slots = {"topic": "promise_to_pay", "pending": pending}
    done = run(
        ActionPromise(),
        "promise_to_pay",
        text="不是2000，是1500",
        entities=[("amount", "2000.00"), ("amount", "1500.00")],
        slots=slots,
        bank=FakeBank(loans_=[LATE]),
        promises=Book(),
    )
    assert (filled(done)["amount"], filled(done)["day"]) == ("1,500.00", "3月18日（周三）")


def test_several_debts_are_told_apart_and_the_day_is_kept() -> None:
    other = replace(LATE, id="L2", overdue_since=date(2026, 1, 20))
    done = promise("18号还", loans=[LATE, other], date="18日")
    assert done.said == ["utter_promise_which"]
    assert done.slots["promise"] == {"date": "18日"}
    chosen = promise(
        "", [LATE, other], loan="L2", slots={"topic": "promise_to_pay", "promise": {"date": "18日"}}
    )
    assert chosen.slots["pending"]["debt"] == "L2"


@pytest.mark.parametrize(
    "why",
    [
        {"dispute_open": True},
        {"legal_stage": True},
        {"creditor": Creditor.SOLD},
        {"creditor": Creditor.GUARANTEED},
    ],
)
def test_a_debt_only_people_may_talk_about_goes_to_a_person(why: dict[str, Any]) -> None:
    done = promise("18号还", loans=[replace(LATE, **why)], date="18日")
    assert any(isinstance(effect, Escalate) for effect in done.turn.effects)


def test_the_third_after_two_broken_is_a_persons() -> None:
    broken = [record(f"r{n}", state=PromiseState.BROKEN) for n in (1, 2)]
    done = promise("18号还", his=broken, date="18日")
    assert any(isinstance(effect, Escalate) for effect in done.turn.effects)
    assert done.said == ["utter_promise_refused"]


def test_a_person_who_takes_over_sees_what_was_promised() -> None:
    done = promise("18号还", loans=[replace(LATE, legal_stage=True)], his=[record()], date="18日")
    (effect,) = done.turn.effects
    assert effect.facts["还款约定"] == "2026-03-18 前还 1,000.00 元（随心借）"


def test_after_words_of_self_harm_nothing_is_promised() -> None:
    done = promise("18号还", date="18日", slots={"care": "self_harm"})
    assert done.said == ["utter_self_harm_still"]


def test_a_guest_hears_how_to_log_in() -> None:
    done = guest(ActionPromise(), "promise_to_pay", text="18号还", entities={"date": "18日"})
    assert done.said == ["utter_answer", "utter_log_in"]
    assert done.turn.effects == []


def test_another_day_for_a_standing_promise_takes_its_place() -> None:
    done = promise("改到20号", his=[record()], date="20日")
    assert done.said == ["utter_promise_confirm_change"]
    said = filled(done)
    assert (said["old_day"], said["day"], said["amount"]) == (
        "3月18日（周三）",
        "3月20日（周五）",
        "1,000.00",
    )
    assert done.slots["pending"]["instead_of"] == "r1"


def test_the_same_promise_again_is_shown_not_made() -> None:
    done = promise("18号还1000", his=[record()], date="18日", amount="1000.00")
    assert done.said == ["utter_promise_standing"]
    assert done.turn.effects == []


def test_he_is_told_what_he_promised_or_that_he_did_not() -> None:
    bank = FakeBank(loans_=[LATE])
    one = run(ActionPromiseState(), "promise_state", bank=bank, promises=Book([record()]))
    assert one.said == ["utter_promise_standing"]
    past = run(
        ActionPromiseState(), "promise_state", bank=bank, promises=Book([record(state=PromiseState.KEPT)])
    )
    assert (past.said, filled(past)["state"]) == (["utter_promise_past"], "已兑现")
    assert run(ActionPromiseState(), "promise_state").said == ["utter_promise_none"]


def test_taking_it_back_costs_nothing_and_needs_no_second_yes() -> None:
    done = run(ActionPromiseCancel(), "promise_cancel", text="取消约定", promises=Book([record()]))
    assert done.turn.effects == [Keep("promise", CancelPromise("r1", "C1"))]
    assert done.said == ["utter_promise_cancelled"]


def test_no_reminder_leaves_the_promise() -> None:
    done = run(ActionPromiseCancel(), "promise_cancel", text="不用提醒我", promises=Book([record()]))
    assert done.turn.effects == [Keep("promise", StopReminder("r1", "C1"))]


def test_of_several_promises_the_one_to_take_back_is_asked() -> None:
    book = Book([record(), record("r2", debt="L2")])
    done = run(ActionPromiseCancel(), "promise_cancel", text="取消约定", promises=book)
    assert done.said == ["utter_promise_cancel_which"]
    one = run(ActionPromiseCancel(), "promise_cancel", entities={"loan": "L2"}, promises=book)
    assert one.turn.effects == [Keep("promise", CancelPromise("r2", "C1"))]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("我答应哪天还", "promise_state"),
        ("我上次约的是几号来着", "promise_state"),
        ("看我的约定", "promise_state"),
        ("取消约定", "promise_cancel"),
        ("之前的约定不作数了", "promise_cancel"),
        ("不用提醒我", "promise_cancel"),
        ("15号还2000", None),
        ("取消自动还款", None),
        ("提醒我还款", None),
        ("合同约定的利率是多少", None),
        ("取消订单", None),
    ],
)
def test_words_about_a_promise_are_told_from_others(text: str, meant: str | None) -> None:
    assert promise_words.asked(text) == meant
