"""Whether a customer may be contacted about a debt now: one answer for every clock, from one log.

The rule is `bot.negotiation.reminding.may_remind`; the count and what holds it back are the database's, read inside
the transaction that would speak.
"""

from __future__ import annotations

from datetime import datetime

from bot.negotiation.reminding import Medium, NotNow, may_remind
from bot.promises.records import counted
from bot.promises.store import is_held, lately, take_turn
from conversation.desk import Desk
from conversation.talk import Talk


def may_contact(talk: Talk, customer_id: str, conversation_id: str, since: datetime) -> NotNow | None:
    """Why nothing may be said now; None: it may. ``since``: what he said from then on counts (see `is_held`)."""
    connection = talk.unit.connection
    take_turn(connection, customer_id)
    held = talk.state.desk is not Desk.BOT or is_held(connection, customer_id, conversation_id, since)
    count = counted(lately(connection, customer_id, talk.at), talk.at, held)
    return may_remind(talk.at, Medium.MESSAGE, count)
