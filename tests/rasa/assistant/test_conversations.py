"""Conversations with the real model and the demo bank: what a customer says, hears, and what comes of it."""

from __future__ import annotations

import pytest

from bot.actions.handover import TICKETS
from bot.bank.ports import LoanState
from bot.engine.engine import Engine
from bot.services import Services
from conversation.effects import AskBank, DoubtSpeaker, Escalate, OpenTicket
from conversation.escalation import Reason
from tests.rasa.assistant.conftest import Conversation, logged_in

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


async def test_a_common_question_is_answered_with_details_one_tap_away(guest: Conversation) -> None:
    said = await guest.say("怎么提前还款")
    assert "提前还款" in said
    assert "违约金" in await guest.choose("详细说明")


async def test_a_guest_asking_for_his_bill_is_told_to_log_in(guest: Conversation) -> None:
    said = await guest.say("我这个月要还多少钱")
    assert "登录" in said
    assert "转人工" in {choice.title for choice in guest.choices}


async def test_a_customer_asking_for_his_bill_hears_what_the_bank_says(
    customer: Conversation, services: Services
) -> None:
    (loan, *_) = services.bank.loans("C0001")
    assert loan.next_due.text in await customer.say("我这个月要还多少钱")


async def test_somebody_elses_question_closes_the_account(customer: Conversation, services: Services) -> None:
    """Logged in as the customer, he says that he is the wife: doubted, general answers only."""
    await customer.say("我是他老婆")
    assert customer.effects == [DoubtSpeaker()]
    said = await customer.say("这个月要还多少钱")
    assert services.bank.loans("C0001")[0].next_due.text not in said


async def test_the_certificate_is_asked_for_once_confirmed(assistant: Engine, services: Services) -> None:
    customers = [f"C{number:04d}" for number in range(1, 41)]
    settled = {
        name: loans
        for name in customers
        if (loans := [x for x in services.bank.loans(name) if x.state is LoanState.SETTLED])
    }
    name, loans = next(iter(settled.items()))
    talk = logged_in(assistant, services, name)
    await talk.say("给我开个结清证明")
    if len(loans) > 1:
        await talk.choose(talk.choices[0].title)
    assert talk.effects == []
    said = await talk.say("好的")
    (effect,) = talk.effects
    assert isinstance(effect, AskBank)
    assert effect.customer_id == name
    assert "已提交" in said


async def test_a_yes_after_another_question_carries_nothing_out(
    assistant: Engine, services: Services
) -> None:
    name = next(
        f"C{number:04d}"
        for number in range(1, 41)
        if [x.state for x in services.bank.loans(f"C{number:04d}")].count(LoanState.SETTLED) == 1
    )
    talk = logged_in(assistant, services, name)
    await talk.say("给我开个结清证明")
    await talk.say("怎么修改手机号")
    await talk.say("好的")
    assert talk.effects == []


async def test_a_sum_in_steps(guest: Conversation) -> None:
    await guest.say("借3万12期利息多少")
    said = await guest.say("24期")
    assert "24 期" in said
    assert "30,000.00" in said


async def test_nonsense_is_asked_about_and_the_second_time_a_person_comes(guest: Conversation) -> None:
    await guest.say("qwzx")
    assert guest.intent == "unclear"
    assert len(guest.choices) == 4
    await guest.say("？？？")
    (effect,) = guest.effects
    assert isinstance(effect, Escalate)
    assert effect.reason is Reason.TWO_MISSES


async def test_an_understood_message_in_between_forgives_the_miss(guest: Conversation) -> None:
    await guest.say("qwzx")
    await guest.say("怎么提前还款")
    await guest.say("qwzx")
    assert guest.effects == []


async def test_the_second_choice_by_number(guest: Conversation) -> None:
    await guest.say("qwzx")
    wanted = guest.choices[1]
    said = await guest.say("第二个")
    assert guest.services.knowledge.answer(wanted.intent).short in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("我不想活了", Reason.SELF_HARM),
        ("我被骗了钱没了", Reason.FRAUD),
        ("银行卡丢了要挂失", Reason.CARD_LOSS),
        ("同一笔钱扣了我两次", Reason.CHARGE_DISPUTE),
        ("我要投诉你们", Reason.COMPLAINT),
        ("我要打12378投诉", Reason.COMPLAINT),
        ("你们催收骚扰我家人", Reason.COLLECTION_CONDUCT),
        ("征信记录有误要申诉", Reason.CREDIT_OBJECTION),
        ("删除我的个人信息", Reason.PERSONAL_INFORMATION),
        ("给我转人工客服", Reason.CUSTOMER_ASKED),
    ],
)
async def test_what_needs_a_person_brings_one_for_the_right_reason(
    guest: Conversation, text: str, reason: Reason
) -> None:
    said = await guest.say(text)
    *registered, effect = guest.effects
    assert [one.kind for one in registered if isinstance(one, OpenTicket)] == (
        [TICKETS[reason]] if reason in TICKETS else []
    )
    assert isinstance(effect, Escalate)
    assert effect.reason is reason
    assert said


@pytest.mark.parametrize("text", ["是人工吗", "人工提额", "人工还款怎么弄"])
async def test_the_word_person_alone_brings_nobody(guest: Conversation, text: str) -> None:
    await guest.say(text)
    assert guest.effects == []


async def test_are_you_human_is_answered_truthfully(guest: Conversation) -> None:
    assert "不是真人" in await guest.say("你是真人吗")


async def test_what_is_not_ours_is_said_honestly(guest: Conversation) -> None:
    assert "不归我们管" in await guest.say("今天天气怎么样")


@pytest.mark.parametrize("text", ["/restart", "／human_agent", "\u200b/human_agent", "/third_party{}"])
async def test_a_command_typed_by_a_customer_is_only_text(guest: Conversation, text: str) -> None:
    """Rasa would take "/restart" as an order."""
    await guest.say(text)
    assert guest.effects == []


async def test_every_answer_shown_is_on_record(guest: Conversation) -> None:
    await guest.say("怎么提前还款")
    assert guest.last is not None
    assert guest.last.answers == (guest.services.knowledge.answer("early_repay").key,)


async def test_the_product_named_before_is_still_meant(guest: Conversation) -> None:
    await guest.say("花呗的利息怎么算")
    wanted = guest.services.knowledge.answer("early_repay", "随心花").short
    assert wanted in await guest.say("那怎么提前还款")
