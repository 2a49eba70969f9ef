"""Account matters with the real model and the demo bank: looked up, asked of the bank, or registered."""

from __future__ import annotations

import pytest

from bot.engine.engine import Engine
from bot.services import Services
from conversation.effects import AskBank, OpenTicket
from conversation.tickets import TicketKind
from tests.rasa.assistant.conftest import Conversation, logged_in

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize(
    ("customer_id", "text", "heard"),
    [
        ("C0037", "怎么还没给我打电话核实", "等待电话核实"),
        ("C0025", "刷脸一直不通过", "光线太暗"),
        ("C0031", "收不到验证码", "次数已用完"),
        ("C0031", "我还有别的账号吗", "7731"),
        ("C0004", "借不出来怎么回事", "收款卡状态异常"),
        ("C0002", "放款多久能到账", "正在放款"),
        ("C0001", "转账失败了钱没到账", "已退回您的账户"),
        ("C0001", "关闭随心借", "还清后才能关闭"),
        ("C0001", "我想改还款日", "每月"),
        ("C0021", "赎回的钱怎么还没到账", "还在处理"),
        ("C0021", "我想开户", "不用再开"),
        ("C0040", "退货的钱退到哪里了", "199.00"),
        ("C0026", "我的账户为什么被冻结了", "异常登录"),
        ("C0038", "已经扣款了怎么还显示没还", "还款记录"),
    ],
)
async def test_the_customer_hears_what_the_bank_has_on_record(
    assistant: Engine, services: Services, customer_id: str, text: str, heard: str
) -> None:
    assert heard in await logged_in(assistant, services, customer_id).say(text)


@pytest.mark.parametrize(
    ("customer_id", "text", "kind"),
    [
        ("C0024", "我要开结清证明", "issue_certificate"),
        ("C0001", "我要借款合同", "issue_document"),
        ("C0037", "撤销借款申请", "cancel_application"),
        ("C0037", "怎么还没给我打电话核实", "call_again"),
        ("C0005", "扣款失败了帮我再扣一次", "retry_debit"),
        ("C0001", "解绑尾号8101的银行卡", "unbind_card"),
        ("C0001", "关闭自动还款", "set_auto_debit"),
    ],
)
async def test_the_bank_is_asked_after_the_yes_and_not_before(
    assistant: Engine, services: Services, customer_id: str, text: str, kind: str
) -> None:
    talk = logged_in(assistant, services, customer_id)
    await talk.say(text)
    assert talk.effects == []
    assert "已提交" in await talk.say("好的")
    (effect,) = talk.effects
    assert isinstance(effect, AskBank)
    assert (effect.kind, effect.customer_id) == (kind, customer_id)


async def test_of_two_loans_the_second_is_meant(assistant: Engine, services: Services) -> None:
    talk = logged_in(assistant, services, "C0030")
    await talk.say("我要借款合同")
    await talk.say("第二个")
    await talk.say("好的")
    (effect,) = talk.effects
    assert isinstance(effect, AskBank)
    assert effect.payload["loan_id"] == services.bank.loans("C0030")[1].id


async def test_a_question_in_between_does_not_lose_what_waits(assistant: Engine, services: Services) -> None:
    talk = logged_in(assistant, services, "C0024")
    await talk.say("我要开结清证明")
    assert "还没有提交" in await talk.say("怎么修改手机号")
    await talk.choose("确认办理")
    (effect,) = talk.effects
    assert isinstance(effect, AskBank)


async def test_what_a_person_must_do_is_registered_by_one_tap(assistant: Engine, services: Services) -> None:
    talk = logged_in(assistant, services, "C0001")
    await talk.say("我想改还款日")
    await talk.choose("登记办理")
    (effect,) = talk.effects
    assert isinstance(effect, OpenTicket)
    assert (effect.kind, effect.matter) == (TicketKind.ACCOUNT_SERVICE, "repay_date_change")


async def test_a_guest_hears_how_to_log_in_and_nothing_of_anybody(guest: Conversation) -> None:
    for text in ("关闭随心借", "放款多久能到账", "我要开结清证明"):
        assert "登录" in await guest.say(text)
        assert guest.effects == []
