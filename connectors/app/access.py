"""Who may see which conversation in the app channel. One place: a conversation of somebody else reads
like one that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connectors.app.signature import Bearer, Key, read_bearer
from conversation.clock import Clock
from conversation.errors import ConversationNotFound
from conversation.state import Conversation
from conversation.store.reading import News, Reading

CHANNEL = "app"


@dataclass(frozen=True)
class Access:
    """Blocking calls (``mine``, ``news``) belong in a thread."""

    reading: Reading
    keys: Mapping[str, Key]
    clock: Clock

    def bearer(self, token: str, grace: timedelta = timedelta(0)) -> Bearer:
        """The bearer of a token; NotAuthenticated."""
        return read_bearer(token, self.keys, self.clock.now(), grace)

    def mine(self, conversation_id: str, bearer: Bearer) -> Conversation:
        """The conversation, if it is his; ConversationNotFound."""
        return self._checked(self.reading.conversation(conversation_id), bearer)

    def news(self, conversation_id: str, after: int, bearer: Bearer) -> News:
        """What he does not know yet, if the conversation is his; ConversationNotFound."""
        news = self.reading.news(conversation_id, after)
        self._checked(news.conversation, bearer)
        return news

    def _checked(self, talk: Conversation, bearer: Bearer) -> Conversation:
        if talk.channel != CHANNEL or talk.channel_user != bearer.user:
            raise ConversationNotFound()
        return talk
