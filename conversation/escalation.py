"""The escalation record: why a conversation needs a person, and how far that has come.

The desk says who may speak; everything else about the hand-over lives here. One table of legal
moves. An ended record never moves again; a conversation has at most one record that is not ended.
"""

from __future__ import annotations

from enum import Enum

from conversation.errors import IllegalMove


class State(str, Enum):
    WAITING = "waiting"  #: in the queue
    OFFERED = "offered"  #: shown to one agent with a time limit
    ACTIVE = "active"  #: an agent talks with the customer
    ON_HOLD = "on_hold"  #: the agent looks something up; the customer was told
    CALLBACK_DUE = "callback_due"  #: the customer left the chat for a call at an agreed time
    WRAPPING = "wrapping"  #: the talk is over, the agent writes the result
    RESOLVED = "resolved"  #: ended: answered by a person
    RETURNED = "returned"  #: ended: given back to the bot
    ABANDONED = "abandoned"  #: ended: the customer left before a person came


class Step(str, Enum):
    OFFER = "offer"
    DECLINE = "decline"
    CLAIM = "claim"
    HOLD = "hold"
    RESUME = "resume"
    RELEASE = "release"
    ARRANGE_CALLBACK = "arrange_callback"
    WRAP = "wrap"
    RESOLVE = "resolve"
    RETURN = "return"
    ABANDON = "abandon"


STEPS: dict[tuple[State, Step], State] = {
    (State.WAITING, Step.OFFER): State.OFFERED,
    (State.OFFERED, Step.DECLINE): State.WAITING,
    (State.WAITING, Step.CLAIM): State.ACTIVE,
    (State.OFFERED, Step.CLAIM): State.ACTIVE,
    (State.WAITING, Step.ARRANGE_CALLBACK): State.CALLBACK_DUE,
    (State.CALLBACK_DUE, Step.CLAIM): State.ACTIVE,
    (State.CALLBACK_DUE, Step.ABANDON): State.ABANDONED,
    (State.CALLBACK_DUE, Step.RESOLVE): State.RESOLVED,
    (State.WAITING, Step.ABANDON): State.ABANDONED,
    (State.OFFERED, Step.ABANDON): State.ABANDONED,
    (State.WAITING, Step.RESOLVE): State.RESOLVED,
    (State.OFFERED, Step.RESOLVE): State.RESOLVED,
    (State.ACTIVE, Step.HOLD): State.ON_HOLD,
    (State.ON_HOLD, Step.RESUME): State.ACTIVE,
    (State.ACTIVE, Step.RELEASE): State.WAITING,
    (State.ON_HOLD, Step.RELEASE): State.WAITING,
    (State.ACTIVE, Step.WRAP): State.WRAPPING,
    (State.ON_HOLD, Step.WRAP): State.WRAPPING,
    (State.WRAPPING, Step.RESOLVE): State.RESOLVED,
    (State.ACTIVE, Step.RESOLVE): State.RESOLVED,
    (State.ON_HOLD, Step.RESOLVE): State.RESOLVED,
    (State.ACTIVE, Step.RETURN): State.RETURNED,
    (State.ON_HOLD, Step.RETURN): State.RETURNED,
}

ENDED = frozenset({State.RESOLVED, State.RETURNED, State.ABANDONED})

#: states in which the conversation's desk is queued / human; the two machines move together
IN_QUEUE = frozenset({State.WAITING, State.OFFERED})
WITH_AGENT = frozenset({State.ACTIVE, State.ON_HOLD})


def stepped(state: State, step: Step) -> State:
    """The state after the step; raises IllegalMove for any pair not in the table."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise IllegalMove(state=state.value, step=step.value) from None


class Reason(str, Enum):
    """Why a person is needed; the Chinese label is what agent and customer read."""

    CUSTOMER_ASKED = "customer_asked"
    TWO_MISSES = "two_misses"
    BOT_FAILED = "bot_failed"
    NO_WORKER = "no_worker"
    COMPLAINT = "complaint"
    SELF_HARM = "self_harm"
    FRAUD = "fraud"
    VULNERABLE = "vulnerable"
    BEREAVED = "bereaved"
    MINOR = "minor"
    COLLECTION_CONDUCT = "collection_conduct"
    CHARGE_DISPUTE = "charge_dispute"
    CARD_LOSS = "card_loss"
    NEGOTIATION = "negotiation"
    ACCOUNT_SERVICE = "account_service"
    CREDIT_OBJECTION = "credit_objection"
    PERSONAL_INFORMATION = "personal_information"
    TAKEN_OVER = "taken_over"


LABELS: dict[Reason, str] = {
    Reason.CUSTOMER_ASKED: "客户要求人工",
    Reason.TWO_MISSES: "机器人两次没答上",
    Reason.BOT_FAILED: "机器人出错",
    Reason.NO_WORKER: "机器人无响应",
    Reason.COMPLAINT: "投诉",
    Reason.SELF_HARM: "自伤风险，立即接待",
    Reason.FRAUD: "疑似盗用或诈骗",
    Reason.VULNERABLE: "特殊困难客户",
    Reason.BEREAVED: "借款人身故",
    Reason.MINOR: "未成年人",
    Reason.COLLECTION_CONDUCT: "催收行为",
    Reason.CHARGE_DISPUTE: "扣款争议",
    Reason.CARD_LOSS: "卡或手机丢失",
    Reason.NEGOTIATION: "协商还款",
    Reason.ACCOUNT_SERVICE: "账户业务需人工办理",
    Reason.CREDIT_OBJECTION: "征信异议",
    Reason.PERSONAL_INFORMATION: "个人信息权利请求",
    Reason.TAKEN_OVER: "坐席主动接管",
}

#: higher is served first; equal priority is served in the order of asking
PRIORITY: dict[Reason, int] = {
    Reason.SELF_HARM: 120,
    Reason.FRAUD: 110,
    Reason.CARD_LOSS: 105,
    Reason.VULNERABLE: 100,
    Reason.BEREAVED: 90,
    Reason.MINOR: 90,
    Reason.COMPLAINT: 60,
    Reason.COLLECTION_CONDUCT: 60,
    Reason.CREDIT_OBJECTION: 40,
    Reason.PERSONAL_INFORMATION: 40,
    Reason.CHARGE_DISPUTE: 40,
    Reason.BOT_FAILED: 30,
    Reason.NO_WORKER: 30,
    Reason.NEGOTIATION: 20,
}


#: life and money cannot wait for the morning: served through the duty rota at any hour; opening hours
#: never hold these back
AROUND_THE_CLOCK = frozenset({Reason.SELF_HARM, Reason.FRAUD, Reason.CARD_LOSS})


def priority(reason: Reason) -> int:
    return PRIORITY.get(reason, 10)
