"""Changes that need two people: who may move one from which state to which. Pure.

One person makes a change, another decides it. In an emergency a change is live at once and a second person
looks at it afterwards; taking a banner down is always safe and needs one person.
"""

from __future__ import annotations

from enum import Enum

from conversation.errors import Forbidden, IllegalMove


class State(str, Enum):
    WAITING = "waiting"  #: for a second person; not live
    EMERGENCY = "emergency"  #: live, and waiting for a second person
    APPROVED = "approved"  #: live from its effective date
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  #: a banner taken down


class Move(str, Enum):
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    END = "end"


class Who(Enum):
    MAKER = "maker"
    OTHER = "other"
    ANYBODY = "anybody"


LIVE = (State.APPROVED, State.EMERGENCY)
OPEN = (State.WAITING, State.EMERGENCY)

LEGAL: dict[tuple[State, Move], tuple[State, Who]] = {
    (State.WAITING, Move.APPROVE): (State.APPROVED, Who.OTHER),
    (State.WAITING, Move.REJECT): (State.REJECTED, Who.OTHER),
    (State.WAITING, Move.WITHDRAW): (State.WITHDRAWN, Who.MAKER),
    (State.EMERGENCY, Move.APPROVE): (State.APPROVED, Who.OTHER),
    (State.EMERGENCY, Move.REJECT): (State.REJECTED, Who.OTHER),
    (State.APPROVED, Move.END): (State.ENDED, Who.ANYBODY),
    (State.EMERGENCY, Move.END): (State.ENDED, Who.ANYBODY),
}


class OwnChange(Forbidden):
    """不能审核自己提交的内容，请另一位同事审核。"""

    code = "own_change"


class NotYourChange(Forbidden):
    """只有提交人可以撤回。"""

    code = "not_your_change"


def moved(state: State, move: Move, actor: str, maker: str) -> State:
    """The state after the move; IllegalMove, OwnChange, NotYourChange."""
    if (state, move) not in LEGAL:
        raise IllegalMove("这份修改已经处理过了，请刷新后查看。")
    after, who = LEGAL[state, move]
    if who is Who.OTHER and actor == maker:
        raise OwnChange()
    if who is Who.MAKER and actor != maker:
        raise NotYourChange()
    return after
