"""Words about a promise to pay (还款承诺) that no intent is taught for. Pure: texts in, intents out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

TOPIC, STATE, CANCEL = "promise_to_pay", "promise_state", "promise_cancel"
PENDING = "promise"  #: the kind of what waits for a yes
#: never taken for an answer about a promise, whatever day or sum they name
NEW_MATTER = frozenset(
    {"loan_cost_calc", "negotiate_instalment", "charge_dispute", "complaint", "human_agent"}
)

_PROMISED = "(?:答应|承诺|约定?|约好|记的?|保证)"
_ASKS = re.compile(
    rf"我(?:上次|之前|那次|跟你们?|和你们?|是)*{_PROMISED}[^,。!?]{{0,8}}(?:哪天|几号|几月|什么时候|啥时候|多少|什么日子)"
    r"|(?:看|查)(?:一下|下|看)?我的(?:还款)?(?:约定|承诺)|(?:我的)?(?:还款)?(?:约定|承诺)(?:是什么|在哪看|的内容)"
)
_CANCELS = re.compile(
    r"(?:取消|撤销|撤回|作废|删掉|不要)(?:了)?(?:我的|那个|这个|上次的?|之前的?)*(?:还款)?(?:约定|承诺|约的(?:日子|那天))"
    r"|(?:还款)?(?:约定|承诺)(?:先)?(?:取消|作废|不算|不作数)|(?:不用|别|不要|取消)(?:再)?(?:给我|发)?(?:还款)?提醒(?:我|了|吧|我了)?$"
)
#: another day or amount; of a promise only where the talk is about one, or it is named
_CHANGES = re.compile("(?:改|换|挪|推迟|推|延|提前)(?:到|成|为|至)")
_NAMES = re.compile("(?:还款)?(?:约定|承诺)|约的(?:日子|时间)|答应的?(?:日子|时间|那天)")
_REMINDER = re.compile("提醒")
_HALF = re.compile("(?<!大)一半|百分之五十")
_NOT_THAT = re.compile("不是|不对|错了|不还")


def asked(text: str) -> str | None:
    """STATE or CANCEL, where the text plainly asks for it."""
    if _CANCELS.search(text):
        return CANCEL
    return STATE if _ASKS.search(text) else None


def changes(text: str, about_one: bool) -> bool:
    """Whether it changes a promise; ``about_one``: the talk is about one."""
    return bool(_CHANGES.search(text)) and (about_one or bool(_NAMES.search(text)))


def only_reminder(text: str) -> bool:
    """Whether the promise stands and only its reminder is not wanted."""
    return bool(_REMINDER.search(text))


def half(text: str) -> bool:
    """Whether half of what is owed is offered."""
    return bool(_HALF.search(text))


def named(text: str, entities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Entity → value: the first of each kind, or the last where the others are taken back ("不是3000，是2000")."""
    found = [(str(one["entity"]), str(one["value"])) for one in entities]
    return dict(found if _NOT_THAT.search(text) else reversed(found))
