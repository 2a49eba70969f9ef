"""The desk in charge of a conversation: who may speak, and the only legal moves.

One table; see docs/adr for why this is our row and not Rasa's ConversationPaused. Every move
raises the conversation's ``epoch`` by one, so that a writer of the old desk is refused.
"""

from __future__ import annotations

from enum import Enum

from conversation.errors import IllegalMove


class Desk(str, Enum):
    BOT = "bot"  #: the assistant answers
    QUEUED = "queued"  #: waits for a person; the assistant is silent
    HUMAN = "human"  #: an agent answers; the assistant is silent
    CLOSED = "closed"  #: over; the next message opens a new conversation


class Move(str, Enum):
    ESCALATE = "escalate"  #: the customer, the bot or a timer asks for a person
    LEAVE_QUEUE = "leave_queue"  #: the customer no longer wants to wait
    CLAIM = "claim"  #: an agent takes the chat from the queue
    TAKE_OVER = "take_over"  #: an agent takes a chat the bot runs
    RELEASE = "release"  #: the agent lost the chat (offline, returned): back to the queue
    HAND_BACK = "hand_back"  #: the agent gives the chat back to the bot
    CLOSE = "close"


MOVES: dict[tuple[Desk, Move], Desk] = {
    (Desk.BOT, Move.ESCALATE): Desk.QUEUED,
    (Desk.BOT, Move.TAKE_OVER): Desk.HUMAN,
    (Desk.BOT, Move.CLOSE): Desk.CLOSED,
    (Desk.QUEUED, Move.CLAIM): Desk.HUMAN,
    (Desk.QUEUED, Move.LEAVE_QUEUE): Desk.BOT,
    (Desk.QUEUED, Move.CLOSE): Desk.CLOSED,
    (Desk.HUMAN, Move.RELEASE): Desk.QUEUED,
    (Desk.HUMAN, Move.HAND_BACK): Desk.BOT,
    (Desk.HUMAN, Move.CLOSE): Desk.CLOSED,
}


def moved(desk: Desk, move: Move) -> Desk:
    """The desk after the move; raises IllegalMove for any pair not in the table."""
    try:
        return MOVES[desk, move]
    except KeyError:
        raise IllegalMove(desk=desk.value, move=move.value) from None
