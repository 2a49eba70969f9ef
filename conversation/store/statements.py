"""The statements of the hot path, built once: making one anew costs more than running it.

Parameters are named after what they are; a row's own values are given by column name.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from conversation.escalation import ENDED
from conversation.store import tables as t


def p(name: str) -> Any:
    """A parameter, typed by what it is compared with. Prefixed, because an update's columns have names too."""
    return sa.bindparam(f"p_{name}")


_c, _m, _t, _e = t.conversations.c, t.messages.c, t.turns.c, t.escalations.c

CONVERSATION = sa.select(t.conversations).where(_c.id == p("id"))
LOCK_CONVERSATION = CONVERSATION.with_for_update()
UPDATE_CONVERSATION = t.conversations.update().where(_c.id == p("id"))

EVENTS = (
    sa.select(t.messages)
    .where(_m.conversation_id == p("conversation"), _m.seq > p("after"))
    .order_by(_m.seq)
    .limit(p("limit"))
)
ENTRY_OF_SOURCE = sa.select(_m.seq, _m.fingerprint).where(
    _m.conversation_id == p("conversation"), _m.sender == p("sender"), _m.source_id == p("source_id")
)
CUSTOMER_ROWS = (
    sa.select(_m.seq, _m.text, _m.read_text, _m.choice, _m.at)
    .where(
        _m.conversation_id == p("conversation"),
        _m.sender == "customer",
        _m.seq.between(p("from_seq"), p("to_seq")),
    )
    .order_by(_m.seq)
)
INSERT_MESSAGE = t.messages.insert()
INSERT_BUTTON = t.buttons.insert()

OPEN_TURN = sa.select(t.turns).where(_t.conversation_id == p("conversation"), _t.state != "done")
LOCK_TURN = sa.select(t.turns).where(_t.id == p("id")).with_for_update()
INSERT_TURN = t.turns.insert()
UPDATE_TURN = t.turns.update().where(_t.id == p("id"))

#: "waits, or its lease ran out, and has attempts left"; the first condition is the index's
_CLAIMABLE = sa.and_(
    _t.state != "done",
    sa.or_(
        sa.and_(_t.state == "waiting", _t.not_before <= p("now")),
        sa.and_(_t.state == "running", _t.lease_until < p("now")),
    ),
    _t.attempts < p("max_attempts"),
)
ANY_CLAIMABLE = sa.select(_t.id).where(_CLAIMABLE).limit(1)
#: two, to know whether there is more to do
FIRST_CLAIMABLE = sa.select(t.turns).where(_CLAIMABLE).order_by(_t.created_at, _t.id).limit(2)
#: PostgreSQL: step over what another worker is claiming (SQLAlchemy drops this on SQLite, which needs no such)
FIRST_CLAIMABLE_UNLOCKED = FIRST_CLAIMABLE.with_for_update(skip_locked=True)

TRACKER = sa.select(t.trackers.c.data).where(t.trackers.c.conversation_id == p("conversation"))


def _upsert_tracker(dialect: Any) -> Any:
    insert = dialect.insert(t.trackers)
    new = {name: insert.excluded[name] for name in ("data", "model_version", "updated_at")}
    return insert.on_conflict_do_update(index_elements=["conversation_id"], set_=new)


UPSERT_TRACKER = {"postgresql": _upsert_tracker(postgresql), "sqlite": _upsert_tracker(sqlite)}

OPEN_ESCALATION = sa.select(t.escalations).where(
    _e.conversation_id == p("conversation"), _e.state.not_in([state.value for state in ENDED])
)

INSERT_FEED = t.feed.insert()
#: the row carries the number of its transaction, so that readers can wait for older ones
INSERT_FEED_OF_TRANSACTION = t.feed.insert().values(
    xid=sa.literal_column("CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
)
