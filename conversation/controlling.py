"""What operations staff do: announce, take down, switch off and on. Each with a reason, each in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conversation import hints as topics
from conversation.clock import Clock
from conversation.controls import ALL, CHANNEL, NEGOTIATION, NEVER_STOPPED, TOPIC
from conversation.errors import BadRequest
from conversation.four_eyes import Move, State, moved
from conversation.hints import Hints
from conversation.state import Agent
from conversation.store.control_store import ControlStore
from conversation.text import storable

MAX_BANNER = 120
MAX_REASON = 500
HISTORY = timedelta(days=30)


@dataclass(frozen=True)
class Controlling:
    store: ControlStore
    clock: Clock
    hints: Hints

    def announce(
        self,
        actor: Agent,
        text: str,
        scope: str,
        names: tuple[str, ...],
        reason: str,
        ends_at: datetime | None = None,
        starts_at: datetime | None = None,
        emergency: bool = False,
    ) -> str:
        """The id of the new banner: live at once in an emergency, else when a second person has confirmed it."""
        now = self.clock.now()
        text = text.strip()
        if not 0 < len(text) <= MAX_BANNER or not storable(text):
            raise BadRequest(f"公告应有 1 到 {MAX_BANNER} 个字。")
        if scope not in (ALL, CHANNEL, TOPIC) or (scope == ALL) != (not names):
            raise BadRequest("请选择公告的范围：全部，或指定渠道、话题。")
        if ends_at is not None and ends_at <= max(now, starts_at or now):
            raise BadRequest("公告的结束时间要在开始时间和现在之后。")
        values = {
            "state": State.EMERGENCY if emergency else State.WAITING,
            "text": text,
            "scope": scope,
            "names": list(names),
            "reason": checked_reason(reason),
            "starts_at": starts_at or now,
            "ends_at": ends_at,
        }
        id = self.store.add_banner(actor, now, values)
        self.hints.publish(topics.OPERATIONS)
        return id

    def decide(self, actor: Agent, banner_id: str, move: Move, comment: str) -> None:
        """Confirm, refuse, withdraw or take down; the rules are conversation.four_eyes'."""

        def decided(row: Any) -> State:
            return moved(State(row["state"]), move, actor.id, row["maker_id"])

        comment = checked_reason(comment) if move in (Move.REJECT, Move.END) else comment[:MAX_REASON]
        self.store.decide_banner(actor, self.clock.now(), banner_id, decided, comment)
        self.hints.publish(topics.OPERATIONS)

    def switch(self, actor: Agent, kind: str, name: str, stopped: bool, reason: str) -> None:
        """Stop or resume a topic, a channel or negotiation. One person: stopping must not wait."""
        if kind not in (TOPIC, CHANNEL, NEGOTIATION) or (kind == NEGOTIATION) != (not name):
            raise BadRequest("请选择要停用的话题、渠道或协商功能。")
        if stopped and kind == TOPIC and name in NEVER_STOPPED:
            raise BadRequest("这个话题关系到客户安全或找到人工，不能停用。")
        self.store.set_switch(actor, self.clock.now(), kind, name, stopped, checked_reason(reason))
        self.hints.publish(topics.OPERATIONS)


def checked_reason(written: str) -> str:
    """BadRequest without one: a change nobody explained cannot be judged later."""
    reason = written.strip()
    if not 0 < len(reason) <= MAX_REASON or not storable(reason):
        raise BadRequest(f"请写明原因，1 到 {MAX_REASON} 个字。")
    return reason
