"""Dialogue acts: yes, no, the second one. What they mean depends on what was asked before."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from bot.actions import certificate
from bot.actions.answering import give_answer
from bot.actions.base import BankAction, Events, Talk
from bot.actions.utter import Utter

_NTH = (re.compile(r"[一1①]|头一|前面|上面"), re.compile(r"[二2②两]|中间"), re.compile(r"[三3③]"))
_LAST = re.compile(r"最后|后面|末|下面")


class ActionAffirm(BankAction):
    """Yes: to what is pending, if anything is."""

    def name(self) -> str:
        return "action_affirm"

    def act(self, talk: Talk) -> Events:
        pending = talk.slot("pending") or {}
        if pending.get("kind") == certificate.PENDING:
            return certificate.submit(talk, pending["loan_id"])
        talk.say(Utter.NOTHING_PENDING)
        return []

    def remembered(self, talk: Talk) -> Events:
        return []


class ActionDeny(BankAction):
    """No: what was pending is dropped."""

    def name(self) -> str:
        return "action_deny"

    def act(self, talk: Talk) -> Events:
        talk.say(Utter.AS_YOU_WISH)
        return [SlotSet("pending", None)] if talk.slot("pending") else []

    def remembered(self, talk: Talk) -> Events:
        return []


class ActionChoose(BankAction):
    """The n-th of the meanings offered last."""

    def name(self) -> str:
        return "action_choose"

    def act(self, talk: Talk) -> Events:
        offered = list(talk.slot("choices") or [])
        at = place(talk.text, len(offered))
        if at is None:
            talk.say(Utter.NOTHING_PENDING)
            return []
        give_answer(talk, offered[at], person=talk.services.knowledge.entry(offered[at]).account)
        return [SlotSet("topic", offered[at]), SlotSet("choices", None), SlotSet("misses", 0)]

    def remembered(self, talk: Talk) -> Events:
        return []


def place(text: str, count: int) -> int | None:
    """Which of ``count`` things "第二个", "最后一个" means, from 0; None when it cannot be told."""
    if count and _LAST.search(text):
        return count - 1
    found = next((at for at, words in enumerate(_NTH) if words.search(text)), None)
    return found if found is not None and found < count else None
