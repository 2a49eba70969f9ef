"""What operations staff have switched off, and what they announce: the values, and how they are read. Pure.

A snapshot of them is in every process (service.operations keeps it fresh); every channel asks ``notice``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversation.errors import YixianError

ALL, CHANNEL, TOPIC = "all", "channel", "topic"
NEGOTIATION = "negotiation"
#: never switched off: the ways to a person, and what protects people and their money
NEVER_STOPPED = frozenset(
    {
        "human_agent",
        "complaint",
        "fraud_report",
        "card_loss_freeze",
        "vulnerable_customer",
        "hardship_cannot_pay",
    }
)


class ChannelStopped(YixianError):
    """这个渠道的在线客服暂停服务，请稍后再来。"""

    code = "channel_stopped"
    status = 403


@dataclass(frozen=True)
class Banner:
    """``scope`` is all, channel or topic; ``names`` the channels or intents it is about."""

    id: str
    text: str
    scope: str
    names: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None

    def shown(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Notice:
    """What one channel tells now, before anybody asks; ``stopped`` is the sentence when it is switched off."""

    banners: tuple[Banner, ...] = ()
    stopped: str | None = None


@dataclass(frozen=True)
class Controls:
    """``stopped`` holds (kind, name): ("topic", intent), ("channel", channel), ("negotiation", "")."""

    banners: tuple[Banner, ...] = ()
    stopped: frozenset[tuple[str, str]] = frozenset()

    def may_negotiate(self) -> bool:
        """Whether the bot may negotiate at all."""
        return (NEGOTIATION, "") not in self.stopped

    def topic_stopped(self, intent: str) -> bool:
        return intent not in NEVER_STOPPED and (TOPIC, intent) in self.stopped

    def channel_stopped(self, channel: str) -> bool:
        return (CHANNEL, channel) in self.stopped

    def about(self, intent: str, now: datetime) -> tuple[Banner, ...]:
        """The banners said before an answer on this topic."""
        return tuple(b for b in self.banners if b.scope == TOPIC and intent in b.names and b.shown(now))

    def notice(self, channel: str, now: datetime, phone: str) -> Notice:
        """What this channel shows now: its own banners and everybody's."""
        mine = tuple(
            b
            for b in self.banners
            if b.shown(now) and (b.scope in (ALL, TOPIC) or (b.scope == CHANNEL and channel in b.names))
        )
        return Notice(mine, stopped_words(phone) if self.channel_stopped(channel) else None)


NO_CONTROLS = Controls()


def stopped_words(phone: str) -> str:
    return f"抱歉，这里的在线客服暂停服务，正在恢复。急事请拨打 {phone}，您的资金和借款不受影响。"
