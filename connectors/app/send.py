"""What app clients receive: journal entries and the desk's state as JSON-ready values. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from conversation.controls import Notice
from conversation.message import Event
from conversation.store.reading import News


class ButtonOut(msgspec.Struct, frozen=True):
    title: str
    payload: str


class EventOut(msgspec.Struct, frozen=True):
    """One numbered entry; ``at`` is ISO-8601 in UTC."""

    seq: int
    type: str
    sender: str
    text: str | None
    buttons: list[ButtonOut]
    card: dict[str, Any] | None
    client_msg_id: str | None
    at: str
    agent_name: str | None = None


class DeskOut(msgspec.Struct, frozen=True):
    """Who serves the customer: bot, queued (with the place), human (with the name), closed."""

    state: str
    position: int | None = None
    agent_name: str | None = None


class BannerOut(msgspec.Struct, frozen=True):
    id: str
    text: str


class NoticeOut(msgspec.Struct, frozen=True):
    """What is told to everybody on this channel; ``stopped`` is the sentence when it is switched off."""

    banners: list[BannerOut]
    stopped: str | None = None


class NoticeFrame(msgspec.Struct, frozen=True):
    notice: NoticeOut
    type: str = "notice"


class EventsOut(msgspec.Struct, frozen=True):
    events: list[EventOut]
    last_seq: int
    desk: DeskOut
    notice: NoticeOut


class EventFrame(msgspec.Struct, frozen=True):
    event: EventOut
    type: str = "event"


class DeskFrame(msgspec.Struct, frozen=True):
    desk: DeskOut
    type: str = "desk"


class TypingFrame(msgspec.Struct, frozen=True):
    sender: str
    on: bool
    type: str = "typing"


class Ping(msgspec.Struct, frozen=True):
    type: str = "ping"


def event_out(event: Event) -> EventOut:
    return EventOut(
        seq=event.seq,
        type=event.type,
        sender=event.sender.value,
        text=event.text,
        buttons=[ButtonOut(button.title, button.payload) for button in event.buttons],
        card=event.card,
        client_msg_id=event.client_msg_id if event.sender.value == "customer" else None,
        at=event.at.isoformat(),
        agent_name=event.agent_name,
    )


def notice_out(notice: Notice) -> NoticeOut:
    return NoticeOut([BannerOut(banner.id, banner.text) for banner in notice.banners], notice.stopped)


def desk_out(news: News) -> DeskOut:
    talk = news.conversation
    return DeskOut(talk.desk.value, news.position, talk.agent_name)
