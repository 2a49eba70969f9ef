"""Switching 代扣 on or off: whose, which product, confirm with what it means, then ask the bank (once)."""

from __future__ import annotations

import re

from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, Values
from bot.actions.requesting import OwnAction, Request, propose
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import AutoDebit, RequestKind

_OFF = re.compile("关|取消|停|解除|不要|不想|别(?:再|给我)?自动")
_ON = re.compile("开(?!户)|设置|恢复|办理|打开")


class ActionAutoDebit(OwnAction):
    """Confirms what would change; explains where it is done when that cannot be told."""

    def name(self) -> str:
        return "action_auto_debit"

    def serve(self, talk: Talk, customer: str) -> Events:
        wanted = wanted_state(talk.text)
        debits = talk.services.bank.auto_debit(customer)
        named = [one for one in debits if one.product == talk.product] or list(debits)
        changes = [one for one in named if one.on is not wanted]
        if wanted is None or len(changes) != 1:
            self._explain(talk, named)
            return []
        return _confirm(talk, customer, changes[0], wanted)

    def _explain(self, talk: Talk, debits: list[AutoDebit]) -> None:
        for one in debits:
            talk.say(Utter.AUTO_DEBIT_ON if one.on else Utter.AUTO_DEBIT_OFF, **_described(one))
        give_answer(talk, talk.intent, with_person=True)


def _confirm(talk: Talk, customer: str, debit: AutoDebit, on: bool) -> Events:
    summary = f"{word('auto_debit_on') if on else word('auto_debit_off')}（{debit.product}）"
    request = Request(RequestKind.SET_AUTO_DEBIT, {"product": debit.product, "on": on}, summary)
    say = Utter.AUTO_DEBIT_CONFIRM_ON if on else Utter.AUTO_DEBIT_CONFIRM_OFF
    return propose(talk, customer, request, say, **_described(debit))


def wanted_state(text: str) -> bool | None:
    """True for on, False for off; None when the text says neither, or both."""
    off, on = bool(_OFF.search(text)), bool(_ON.search(_OFF.sub("", text)))
    return on if off is not on else None


def _described(debit: AutoDebit) -> Values:
    return {"product": debit.product, "account": debit.account, "tail": debit.account_tail}
