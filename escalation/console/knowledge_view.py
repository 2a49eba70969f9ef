"""The knowledge and the controls as the console shows them: values to JSON-ready shapes. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.knowledge.checking import Checked, Problem
from bot.knowledge.editing import Editing
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.revisions import Revision, difference, newest
from conversation.controlling import HISTORY, Controlling
from conversation.controls import CHANNEL, NEVER_STOPPED, TOPIC
from conversation.errors import BadRequest

#: channels a switch or banner can be about; those that are not built yet will ask the same notice
CHANNELS = {"app": "App", "wechat": "微信公众号", "weibo": "微博", "hotline": "电话", "feedback": "意见反馈"}
SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class KnowledgeView:
    """``library`` gives what is in force in this process now."""

    editing: Editing
    controlling: Controlling
    library: Callable[[], Library]

    def overview(self) -> dict[str, Any]:
        """Every answer with its state, and what waits for a second person."""
        today = self.editing.clock.now().astimezone(SHANGHAI).date()
        waiting = self.editing.waiting()
        open_intents = {one.intent for one in waiting}
        return {
            "entries": [
                {
                    "intent": entry.intent,
                    "title": entry.title,
                    "ask": entry.ask,
                    "owner": entry.owner,
                    "updated": entry.updated.isoformat(),
                    "review_by": entry.review_by.isoformat(),
                    "stale": entry.stale(today),
                    "revision": entry.revision,
                    "waiting": entry.intent in open_intents,
                    "text": " ".join(answer.short for _, _, _, answer in entry.answers),
                }
                for entry in self.library()
            ],
            "waiting": [revision_out(one) for one in waiting],
        }

    def entry(self, intent: str) -> dict[str, Any]:
        """One answer's file to edit, as it would be said, and its history."""
        history = self.editing.store.all_of(intent)
        base = newest(history)
        text = self.editing.text_of(intent, base)
        return {
            "intent": intent,
            "base": base,
            "revision": self.library().entry(intent).revision,
            "text": text,
            **checked_out(self.editing.check(intent, text)),
            "history": [revision_out(one) for one in history],
        }

    def revision(self, id: str) -> dict[str, Any]:
        """One revision with what it changes against the text it was written from."""
        one = self.editing.store.one(id)
        before = self.editing.text_of(one.intent, one.base)
        return {
            "revision": revision_out(one),
            "text": one.text,
            "diff": difference(before, one.text),
            **checked_out(self.editing.check(one.intent, one.text)),
        }

    def require_known(self, kind: str, names: Sequence[str]) -> None:
        """BadRequest for a topic or channel that does not exist: switching it off would silently do nothing."""
        library = self.library()
        known = CHANNELS if kind == CHANNEL else library
        wrong = [name for name in names if kind in (CHANNEL, TOPIC) and name not in known]
        if wrong:
            raise BadRequest(f"没有这个话题或渠道：{'、'.join(wrong)}。")

    def controls(self) -> dict[str, Any]:
        """Banners, switches, their log, and what they can be about."""
        store = self.controlling.store
        topics = {entry.intent: entry.title for entry in self.library()}
        return {
            "banners": [_plain(row) for row in store.banner_rows(self.controlling.clock.now() - HISTORY)],
            "switches": [_plain(row) for row in store.switch_rows()],
            "log": [_plain(row) for row in store.log_rows()],
            "channels": CHANNELS,
            "topics": topics,
            "never_stopped": sorted(NEVER_STOPPED),
        }


def revision_out(one: Revision) -> dict[str, Any]:
    return {name: _value(getattr(one, name)) for name in one.__dataclass_fields__ if name != "text"}


def checked_out(checked: Checked) -> dict[str, Any]:
    """Problems and warnings by line, and the answers as a customer reads them."""
    return {
        "problems": [_problem(one) for one in checked.problems],
        "warnings": [_problem(one) for one in checked.warnings],
        "preview": [] if checked.entry is None else _preview(checked.entry),
    }


def _preview(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "product": product,
            "topic": topic,
            "short": answer.short,
            "detail": answer.detail,
            "next": answer.next,
        }
        for product, topic, _, answer in entry.answers
    ]


def _problem(one: Problem) -> dict[str, Any]:
    return {"line": one.line, "message": one.message}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
