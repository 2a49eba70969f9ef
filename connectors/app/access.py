"""Who may see which conversation in the app channel. One place: a conversation of somebody else reads
like one that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connectors.app.signature import Bearer, Key, read_bearer
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.errors import ConversationNotFound
from conversation.state import Conversation
from conversation.store.reading import Reading

CHANNEL = "app"


@dataclass(frozen=True)
class Access:
    """Blocking calls (``mine``, ``desk_of``) belong in a thread."""

    reading: Reading
    keys: Mapping[str, Key]
    clock: Clock

    def bearer(self, token: str, grace: timedelta = timedelta(0)) -> Bearer:
        """The bearer of a token; NotAuthenticated."""
        return read_bearer(token, self.keys, self.clock.now(), grace)

    def mine(self, conversation_id: str, bearer: Bearer) -> Conversation:
        """The conversation, if it is his; ConversationNotFound."""
        talk = self.reading.conversation(conversation_id)
        if talk.channel != CHANNEL or talk.channel_user != bearer.user:
            raise ConversationNotFound()
        return talk

    def desk_of(self, conversation_id: str) -> tuple[Conversation, int | None]:
        """The conversation and its place in the queue."""
        talk = self.reading.conversation(conversation_id)
        return talk, self.reading.position(talk.id) if talk.desk is Desk.QUEUED else None
