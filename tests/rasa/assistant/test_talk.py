"""Whole conversations as customers lead them: fragments, two matters at once, choices in words, days, failures."""

from __future__ import annotations

import pytest

from bot.bank.ports import LoanState
from bot.engine.engine import Engine
from bot.services import Services
from conversation.effects import Escalate
from conversation.escalation import Reason
from tests.rasa.assistant.conftest import Conversation, logged_in

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


def short(talk: Conversation, intent: str, product: str | None = None) -> str:
    return talk.services.knowledge.answer(intent, product).short


def called(talk: Conversation) -> Escalate:
    """The hand-over of the turn."""
    (effect,) = [effect for effect in talk.effects if isinstance(effect, Escalate)]
    return effect


@pytest.mark.parametrize(
    ("first", "fragment", "meant"),
    [
        ("怎么提前还款", "那利息呢", "early_repay_cost"),
        ("晚还一天算逾期吗", "那利息怎么算", "overdue_fee"),
        ("审核要多久", "没接到", "verification_call"),
        ("怎么提前还款", "要多少钱", "early_repay_cost"),
        ("最长能分几期", "怎么办理", "instalment_manage"),
        ("提前还款要违约金吗", "那怎么操作呢", "early_repay"),
        ("怎么申请借款", "要多久", "review_progress"),
    ],
)
async def test_a_fragment_is_answered_for_the_matter_before(
    guest: Conversation, first: str, fragment: str, meant: str
) -> None:
    await guest.say(first)
    said = await guest.say(fragment)
    assert short(guest, meant) in said


async def test_a_fragment_about_what_was_just_said_gets_more_of_it(guest: Conversation) -> None:
    await guest.say("转账限额是多少")
    assert guest.services.knowledge.answer("transfer_rule").detail in await guest.say("手续费呢")


async def test_interest_after_his_own_bill_is_that_of_his_product(customer: Conversation) -> None:
    await customer.say("我这个月要还多少钱")
    said = await customer.say("那利息呢")
    assert customer.intent == "interest_fee_rate"
    owed = {
        loan.product for loan in customer.services.bank.loans("C0001") if loan.state is not LoanState.SETTLED
    }
    product = owed.pop() if len(owed) == 1 else None
    assert short(customer, "interest_fee_rate", product) in said


async def test_the_same_matter_for_another_product(guest: Conversation) -> None:
    await guest.say("随心借怎么提前还款")
    assert short(guest, "early_repay", "随心花") in await guest.say("那随心花呢")
    assert short(guest, "early_repay_cost", "随心花") in await guest.say("那手续费呢")


async def test_a_savings_product_is_not_repaid(guest: Conversation) -> None:
    await guest.say("活期盈怎么取出来")
    assert short(guest, "repay_how") in await guest.say("怎么还款")


async def test_what_did_not_help_brings_a_person_who_knows_it(guest: Conversation) -> None:
    await guest.say("收不到验证码怎么办")
    said = await guest.say("试过了还是不行")
    assert "人工" in said
    assert called(guest).facts["事项"] == guest.services.knowledge.entry("sms_code_issue").title


async def test_the_same_question_is_never_answered_twice_with_the_same_words(guest: Conversation) -> None:
    first = await guest.say("怎么提前还款")
    second = await guest.say("怎么提前还款啊")
    assert first != second
    assert guest.effects == []
    await guest.say("到底怎么提前还款")
    assert called(guest).reason is Reason.TWO_MISSES


async def test_i_am_the_customer_is_answered_with_a_way_to_show_it(guest: Conversation) -> None:
    await guest.say("我这个月要还多少钱")
    assert "登录" in await guest.say("我就是本人")


async def test_after_a_doubt_words_open_nothing(customer: Conversation, services: Services) -> None:
    await customer.say("这个月要还多少钱")
    await customer.say("我是他老婆")
    said = await customer.say("我就是")
    assert services.bank.loans("C0001")[0].next_due.text not in said
    assert "登录" in said


async def test_two_matters_in_one_message_are_both_answered(guest: Conversation) -> None:
    said = await guest.say("怎么提前还款，另外逾期会上征信吗")
    assert short(guest, "early_repay") in said
    assert short(guest, "credit_report") in said


async def test_of_two_products_in_two_matters_neither_answer_takes_the_others(guest: Conversation) -> None:
    said = await guest.say("随心借怎么提前还款，还有随心花额度多少")
    assert short(guest, "early_repay") in said
    assert short(guest, "limit_query") in said


async def test_two_matters_of_the_account_are_both_looked_up(customer: Conversation) -> None:
    said = await customer.say("我这个月要还多少钱，顺便问一下我的额度是多少")
    bank = customer.services.bank
    assert bank.loans("C0001")[0].next_due.text in said
    assert bank.limits("C0001")[0].total.text in said


async def test_two_messages_of_one_turn_are_two_answers(guest: Conversation) -> None:
    said = await guest.say_all("怎么还款", "额度多少")
    assert short(guest, "repay_how") in said
    assert short(guest, "limit_query") in said


@pytest.mark.parametrize("way", ["第二个", "2", "我选第二个吧", "words"])
async def test_a_meaning_offered_can_be_typed(guest: Conversation, way: str) -> None:
    await guest.say("qwzx")
    wanted = guest.choices[1]
    said = await guest.say(wanted.title if way == "words" else way)
    assert short(guest, wanted.intent) in said
    assert guest.effects == []


async def test_none_of_the_meanings_brings_a_person(guest: Conversation) -> None:
    await guest.say("qwzx")
    await guest.say("都不是")
    assert called(guest).facts["客户说不是"]


async def test_a_miss_after_an_answer_counts_afresh(guest: Conversation) -> None:
    await guest.say("qwzx")
    await guest.say("1")
    await guest.say("qwzx")
    assert guest.effects == []


async def test_one_of_the_payments_by_its_day(assistant: Engine, services: Services) -> None:
    for number in range(1, 41):
        payments = services.bank.payments(f"C{number:04d}", 5)
        days = [paid.day.day for paid in payments]
        if len(days) > 1 and days.count(days[0]) == 1:
            talk = logged_in(assistant, services, f"C{number:04d}")
            await talk.say("还了钱还显示没还")
            assert payments[0].amount.text in await talk.say(f"{days[0]}号那笔")
            return
    pytest.fail("no demo customer has two payments on different days")
