"""Switching 代扣 on or off: whose, which product, confirm with what it means, then ask the bank (once)."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from bot.actions.answering import ask_to_log_in, give_answer
from bot.actions.base import BankAction, Events, Talk, Values, button, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import AutoDebit, RequestKind
from conversation.effects import AskBank

PENDING = "auto_debit"
_OFF = re.compile("关|取消|停|解除|不要|不想|别(?:再|给我)?自动")
_ON = re.compile("开(?!户)|设置|恢复|办理|打开")


class ActionAutoDebit(BankAction):
    """Confirms what would change; explains where it is done when that cannot be told."""

    def name(self) -> str:
        return "action_auto_debit"

    def act(self, talk: Talk) -> Events:
        if talk.customer_id is None:
            return ask_to_log_in(talk, talk.intent)
        wanted = wanted_state(talk.text)
        debits = talk.services.bank.auto_debit(talk.customer_id)
        named = [one for one in debits if one.product == talk.product] or list(debits)
        changes = [one for one in named if one.on is not wanted]
        if wanted is None or len(changes) != 1:
            self._explain(talk, named)
            return []
        return self._confirm(talk, changes[0], wanted)

    def _explain(self, talk: Talk, debits: list[AutoDebit]) -> None:
        for one in debits:
            talk.say(Utter.AUTO_DEBIT_ON if one.on else Utter.AUTO_DEBIT_OFF, **_described(one))
        give_answer(talk, talk.intent, with_person=True)

    def _confirm(self, talk: Talk, debit: AutoDebit, on: bool) -> Events:
        talk.say(
            Utter.AUTO_DEBIT_CONFIRM_ON if on else Utter.AUTO_DEBIT_CONFIRM_OFF,
            buttons=[button(word("yes_auto_debit"), "affirm"), button(word("no_auto_debit"), "deny")],
            **_described(debit),
        )
        return [SlotSet("pending", {"kind": PENDING, "product": debit.product, "on": on})]


def wanted_state(text: str) -> bool | None:
    """True for on, False for off; None when the text says neither, or both."""
    off, on = bool(_OFF.search(text)), bool(_ON.search(_OFF.sub("", text)))
    return on if off is not on else None


def _described(debit: AutoDebit) -> Values:
    return {"product": debit.product, "account": debit.account, "tail": debit.account_tail}


def submit(talk: Talk, product: str, on: bool) -> Events:
    """The customer confirmed: stage the request; it is 已提交 until the bank says 已生效."""
    if talk.customer_id is None:
        return [SlotSet("pending", None), *ask_to_log_in(talk, "auto_debit_manage")]
    summary = f"{word('auto_debit_on') if on else word('auto_debit_off')}（{product}）"
    kind = RequestKind.SET_AUTO_DEBIT.value
    talk.stage(AskBank(kind, talk.customer_id, {"product": product, "on": on}, summary))
    talk.say(Utter.AUTO_DEBIT_SUBMITTED, buttons=[person()])
    return [SlotSet("pending", None)]
