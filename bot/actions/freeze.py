"""口头挂失 and 止付: offered at once, carried out without waiting for a person, then the person comes.

A verified session is enough; a bound one tells the last four digits of the number the bank knows. Whoever
is neither, or said that he is not the customer, hears the road. Undone by the verified road only.
"""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from bot.actions.base import Events, Talk, button, person
from bot.actions.handover import Route, bring_person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.ports import RequestKind
from conversation.effects import AskBank
from conversation.escalation import Reason

PENDING = "freeze"
LOSS = Route(Reason.CARD_LOSS, "fraud")
FRAUD = Route(Reason.FRAUD, "fraud")
_KINDS = {"card_loss": RequestKind.REPORT_LOSS, "fraud_in_progress": RequestKind.STOP_PAYMENT}
_ROUTES = {"card_loss": LOSS, "fraud_in_progress": FRAUD}
_MATTERS = {"card_loss": "card_loss_freeze", "fraud_in_progress": "fraud_report"}
_DEMANDED = re.compile(
    r"(?:帮我|给我|我要|请|马上|赶紧|立刻|快|先|需要)[^,。!?吗]{0,6}(?:挂失|止付|冻结|锁|停用)(?!.*(?:吗|怎么))"
)
_YES = re.compile(
    r"(?:马上|快|赶紧|立刻|请|帮我|给我|要|那就)*(?:办|冻结|挂失|止付|锁)(?:吧|了|一下|啊)?[。!]?"
)
_DIGITS = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def begin(talk: Talk, kind: str) -> Events:
    """What can be done now for this speaker."""
    if talk.customer_id is not None and _DEMANDED.search(talk.text):
        return carry_out(talk, kind)
    if _owner(talk) is None:
        talk.say(Utter.FREEZE_ROAD, phone=_phone(talk))
        bring_person(talk, _ROUTES[kind], _MATTERS[kind])
        return []
    talk.say(
        Utter.FREEZE_OFFER,
        what=word(kind),
        buttons=[button(word("yes_freeze"), "affirm"), button(word("no_freeze"), "deny"), person()],
    )
    waiting = {"kind": PENDING, "why": kind, "summary": word(kind), "matter": _MATTERS[kind], "age": 0}
    return [SlotSet("pending", waiting)]


def confirmed(talk: Talk, pending: dict[str, str]) -> Events:
    """He wants it: at once for a verified session, after four digits for a bound one."""
    if talk.customer_id is not None:
        return carry_out(talk, pending["why"])
    if _owner(talk) is None:
        return begin(talk, pending["why"])
    talk.say(Utter.FREEZE_CHECK, what=word(pending["why"]))
    return [SlotSet("pending", {**pending, "check": "digits"})]


def declined(talk: Talk) -> Events:
    """He does not want it stopped: his money is his, but with a swindler about a person looks into it."""
    kind = talk.slot("pending")["why"]
    if kind == "fraud_in_progress":
        talk.say(Utter.FREEZE_DECLINED)
        bring_person(talk, FRAUD, _MATTERS[kind])
    else:
        talk.say(Utter.AS_YOU_WISH)
    return [SlotSet("pending", None)]


def is_yes(talk: Talk) -> bool:
    """A yes in the offer's own words ("马上办", "冻结吧") that is no ordinary yes."""
    pending = talk.slot("pending") or {}
    offered = pending.get("kind") == PENDING and not pending.get("check")
    return offered and bool(_YES.fullmatch(talk.text))


def awaits_digits(talk: Talk) -> bool:
    """Whether the four digits were asked for."""
    return bool((talk.slot("pending") or {}).get("check") == "digits")


def check(talk: Talk) -> Events:
    """The digits that were asked for: right, it is done; anything else, a person comes. One try only."""
    kind, owner = talk.slot("pending")["why"], _owner(talk)
    told = _DIGITS.search(talk.text)
    if owner and told and told[1] == talk.services.bank.customer(owner).phone_tail:
        return carry_out(talk, kind)
    talk.say(Utter.FREEZE_WRONG, phone=_phone(talk))
    bring_person(talk, _ROUTES[kind], _MATTERS[kind])
    return [SlotSet("pending", None)]


def carry_out(talk: Talk, kind: str) -> Events:
    """Staged for the bank: 已提交 until it says 已生效; a person follows up."""
    owner = _owner(talk)
    assert owner is not None, "only a known customer gets here"
    payload = {"what": "card"} if kind == "card_loss" else {}
    talk.stage(AskBank(_KINDS[kind].value, owner, payload, word(kind)))
    talk.say(Utter.FREEZE_SUBMITTED, what=word(kind))
    bring_person(talk, _ROUTES[kind], _MATTERS[kind])
    return [SlotSet("pending", None)]


def _owner(talk: Talk) -> str | None:
    """The customer of this session, verified or bound; nobody once he said that he is somebody else."""
    return None if talk.turn.doubted_at is not None or talk.third_party else talk.turn.identity.customer_id


def _phone(talk: Talk) -> str:
    return talk.services.products.text("bank.客服电话")
