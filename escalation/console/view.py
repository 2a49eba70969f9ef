"""What the console shows, read and rendered: lists, one conversation, what changed. Blocking; call it in
a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversation.desk import Desk
from conversation.errors import BadRequest
from conversation.store.reading import FeedItem, Overview, Reading
from escalation.console import render
from escalation.handover import Handover, handover

WRONG_PAGE = "参数 before 应为上一页返回的 next。"
WHOLE = 5000  #: entries shown when a conversation is opened


@dataclass(frozen=True)
class ConsoleView:
    """``customer_name`` gives a customer's masked name, or None when the bank does not answer."""

    reading: Reading
    customer_name: Callable[[str], str | None]

    def page(self, tab: str, agent_id: str, after: str | None, limit: int) -> dict[str, Any]:
        """One page of a list; ``after`` is the ``next`` of the page before. BadRequest."""
        cursor = self.reading.feed_end()  # taken first: what changes meanwhile is sent once more, never lost
        found = self._tab(tab, agent_id, after, limit)
        return {
            "conversations": [self._summary(overview) for overview in found],
            "next": _next(tab, after, found) if len(found) == limit else None,
            "counts": self.counts(agent_id),
            "cursor": cursor,
        }

    def _tab(self, tab: str, agent_id: str, after: str | None, limit: int) -> list[Overview]:
        if tab == "queued":
            return self.reading.overviews(Desk.QUEUED, limit=limit, skip=_place(after))
        if tab == "mine":
            return self.reading.overviews(Desk.HUMAN, agent_id, _moment(after), limit)
        if tab in ("bot", "closed"):
            return self.reading.overviews(Desk(tab), None, _moment(after), limit)
        raise BadRequest("参数 tab 应为 mine、queued、bot 或 closed。")

    def counts(self, agent_id: str) -> dict[str, int]:
        counts = self.reading.counts(agent_id)
        return {tab: counts[tab] for tab in ("mine", "queued", "bot", "closed")}

    def _summary(self, overview: Overview) -> dict[str, Any]:
        customer_id = overview.conversation.identity.customer_id
        return render.summary(overview, self.customer_name(customer_id) if customer_id else None)

    def summary(self, conversation_id: str) -> dict[str, Any]:
        return self._summary(self.reading.overview(conversation_id))

    def detail(self, conversation_id: str) -> dict[str, Any]:
        overview = self.reading.overview(conversation_id)
        events = self.reading.events(conversation_id, 0, WHOLE)
        card: Handover | None = handover(overview.escalation, events) if overview.escalation else None
        return {
            "summary": self._summary(overview),
            "handover": render.handover_card(card),
            "events": [render.event_out(event) for event in events],
            "notes": [render.note_out(note) for note in self.reading.notes(conversation_id)],
        }

    def feed_frame(self, items: list[FeedItem], cursor: str, agent_id: str) -> dict[str, Any]:
        """What changed, with everything a client needs to show it."""
        news: list[dict[str, Any]] = []
        for item in items:
            id = item.conversation_id
            if item.note_id is not None:
                note = render.note_out(self.reading.note(item.note_id))
                news.append({"kind": "note", "conversation_id": id, "note": note})
            for event in self.reading.events(id, item.after_seq, item.seq - item.after_seq):
                news.append({"kind": "event", "conversation_id": id, "event": render.event_out(event)})
        for id in dict.fromkeys(item.conversation_id for item in items):
            news.append({"kind": "summary", "summary": self.summary(id)})
        return {"type": "feed", "cursor": cursor, "items": news, "counts": self.counts(agent_id)}


def _next(tab: str, after: str | None, found: list[Overview]) -> str:
    """The queue goes on by place, because it is not ordered by time; the other lists by the last change."""
    if tab == "queued":
        return str(_place(after) + len(found))
    return found[-1].conversation.updated_at.isoformat()


def _place(after: str | None) -> int:
    if not after:
        return 0
    if not after.isascii() or not after.isdigit() or len(after) > 9:
        raise BadRequest(WRONG_PAGE)
    return int(after)


def _moment(after: str | None) -> datetime | None:
    if not after:
        return None
    try:
        moment = datetime.fromisoformat(after)
    except ValueError:
        raise BadRequest(WRONG_PAGE) from None
    if moment.tzinfo is None:
        raise BadRequest(WRONG_PAGE)
    return moment
