"""Promises to pay with the trained model: heard, asked back, read back, kept, changed, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bot.engine.engine import Engine
from bot.promises.records import CancelPromise, MakePromise, PromiseRecord, PromiseState
from bot.services import Services
from conversation.effects import Escalate, Keep
from tests.rasa.assistant.conftest import Conversation, logged_in


@dataclass
class Book:
    """Keeps what turns stage, as the database would."""

    his: list[PromiseRecord] = field(default_factory=list)

    def of_customer(self, customer_id: str) -> list[PromiseRecord]:
        return [one for one in self.his if one.customer_id == customer_id]

    def take(self, talk: Conversation) -> None:
        for effect in talk.effects:
            if isinstance(effect, Keep) and isinstance(effect.value, MakePromise):
                self._end(effect.value.instead_of, PromiseState.REPLACED)
                self.his.insert(0, effect.value.record)
            elif isinstance(effect, Keep) and isinstance(effect.value, CancelPromise):
                self._end(effect.value.id, PromiseState.CANCELLED)

    def _end(self, id: str | None, state: PromiseState) -> None:
        self.his = [replace(one, state=state) if one.promise.id == id else one for one in self.his]


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def debtor(assistant: Engine, services: Services, book: Book) -> Iterator[Conversation]:
    """A customer with one overdue loan that may be talked about."""
    with_book = replace(services, promises=book)
    for number in range(1, 41):
        customer = f"C{number:04d}"
        late = [loan for loan in services.bank.loans(customer) if loan.overdue_days]
        bills = [bill for bill in services.bank.bills(customer) if bill.overdue_days]
        plain = len(late) == 1 and not bills and late[0].creditor.value == "own"
        if plain and not (late[0].dispute_open or late[0].legal_stage) and late[0].to_pay_now.fen > 200_000:
            yield logged_in(assistant, with_book, customer)
            return
    raise AssertionError("the demo bank has no such customer")


async def test_day_and_amount_said_at_once_are_read_back_and_kept(debtor: Conversation, book: Book) -> None:
    said = await debtor.say("我20号还2000")
    assert "3月20日（周五）前还 2,000.00 元" in said
    assert "罚息" in said
    assert debtor.effects == []
    said = await debtor.say("好的，确认")
    assert "记下了" in said
    assert "3月19日" in said
    book.take(debtor)
    assert (book.his[0].promise.day, book.his[0].promise.amount.text) == (date(2026, 3, 20), "2,000.00")


async def test_pay_day_is_asked_back_and_the_amount_is_not_lost(debtor: Conversation) -> None:
    said = await debtor.say("发工资就还1500")
    assert debtor.choices
    said = await debtor.say("15号")
    assert "3月15日（周日）前还 1,500.00 元" in said


async def test_a_correction_before_the_yes(debtor: Conversation) -> None:
    await debtor.say("20号还2000")
    said = await debtor.say("不是2000，是1500")
    assert "1,500.00" in said
    said = await debtor.say("22号吧")
    assert "3月22日（周日）前还 1,500.00 元" in said


async def test_a_question_in_between_keeps_the_promise_waiting(debtor: Conversation, book: Book) -> None:
    await debtor.say("20号还2000")
    said = await debtor.say("会上征信吗")
    assert "还款约定" in said
    await debtor.choose("确认办理")
    book.take(debtor)
    assert len(book.his) == 1


async def test_changed_asked_about_and_taken_back(debtor: Conversation, book: Book) -> None:
    await debtor.say("20号还2000")
    await debtor.choose("确认办理")
    book.take(debtor)
    assert "3月20日（周五）前还 2,000.00 元" in await debtor.say("我答应哪天还来着")
    said = await debtor.say("改到23号")
    assert "原来约的是3月20日（周五）前还 2,000.00 元，改成3月23日（周一）" in said
    await debtor.choose("确认办理")
    book.take(debtor)
    assert [one.state.value for one in book.his] == ["open", "replaced"]
    assert "取消了" in await debtor.say("取消约定")
    book.take(debtor)
    assert book.his[0].state is PromiseState.CANCELLED


async def test_another_day_is_heard_days_later_in_other_words(
    assistant: Engine, debtor: Conversation, book: Book
) -> None:
    await debtor.say("20号还2000")
    await debtor.choose("确认办理")
    book.take(debtor)
    later = logged_in(assistant, debtor.services, str(debtor.identity.customer_id))
    assert "改成3月24日（周二）" in await later.say("我想把约定改到24号")
    await later.choose("先不办")
    assert "约的是" in await later.say("看我的约定")
    assert "改成3月25日（周三）" in await later.say("25号")


async def test_a_day_too_far_shows_the_way_to_a_plan(debtor: Conversation) -> None:
    said = await debtor.say("我下个月20号还")
    assert "3 月 26 日" in said
    assert "看看分开还" in [choice.title for choice in debtor.choices]


async def test_a_guest_hears_how_to_log_in(guest: Conversation) -> None:
    said = await guest.say("我20号一定还")
    assert "登录" in said
    assert not any(isinstance(effect, Escalate) for effect in guest.effects)
