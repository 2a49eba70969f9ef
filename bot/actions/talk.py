"""One action's view of the running turn: what was said, what is remembered, and the ways to answer.

Reads the tracker, never writes it. Must not know which action looks.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.following import serves
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.services import Services, get_services
from bot.turn import Turn, current_turn
from conversation.effects import Effect

Events = list[dict[str, Any]]
Values = dict[str, Any]


class Talk:
    """One action's view of the turn: what the customer said, and the ways to answer."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._message: dict[str, Any] = tracker.latest_message or {}
        self._slots: dict[str, Any] = tracker.slots
        self.turn: Turn = current_turn()
        self.services: Services = get_services()

    # what was said

    @property
    def text(self) -> str:
        return self._message.get("text") or ""

    @property
    def intent(self) -> str:
        return str((self._message.get("intent") or {}).get("name") or "")

    @property
    def about(self) -> str:
        """The intent that is answered; that of the answer before, when more of it is wanted."""
        return self.entity("matter") or self.intent

    @property
    def ranking(self) -> list[str]:
        """The likeliest intents of the message, best first."""
        return [str(one["name"]) for one in self._message.get("intent_ranking") or ()]

    @property
    def decision(self) -> str | None:
        """What the pipeline decided (bot.nlu.decision); None for a button."""
        return self._message.get("decision")

    @property
    def meaning(self) -> str:
        """The likeliest intent, also where the policies saw a pseudo intent."""
        return str((self._message.get("verdict") or {}).get("name") or self.intent)

    @property
    def signal(self) -> str | None:
        """The saying that decided by itself (bot.nlu.signals), if one did."""
        return self._message.get("signal")

    @property
    def signals(self) -> tuple[str, ...]:
        """Every kind of danger or right that was seen, the most dangerous first."""
        return tuple(self._message.get("signals") or ((self.signal,) if self.signal else ()))

    @property
    def suspected(self) -> tuple[str, ...]:
        """Kinds of danger that may be meant, though nobody can be sure."""
        return tuple(self._message.get("suspected") or ())

    @property
    def third_party(self) -> bool:
        """The speaker said plainly that he is not the customer."""
        return bool(self._message.get("third_party"))

    @property
    def known(self) -> bool:
        """False for a message without a single word we know."""
        return bool(self._message.get("known", True))

    def entity(self, name: str) -> str | None:
        """The first entity of this kind in the message; None where two matters may each mean another."""
        found = [str(one["value"]) for one in self._message.get("entities") or [] if one["entity"] == name]
        return found[0] if found and not (self.second and len(set(found)) > 1) else None

    def slot(self, name: str) -> Any:
        return self._slots.get(name)

    @property
    def typed(self) -> bool:
        """False for a button, and for a message whose meaning was settled by the one before."""
        return self.decision is not None

    @property
    def second(self) -> str | None:
        """One more matter the message asks about (bot.nlu.parts)."""
        return self._message.get("second")

    @property
    def then(self) -> dict[str, Any] | None:
        """The message that is put after this one, as it was understood."""
        return self._message.get("then")

    @property
    def goes_on(self) -> bool:
        """True for the later of two matters of one message."""
        return bool(self._message.get("goes_on"))

    @property
    def named(self) -> dict[str, str]:
        """Entity → value, the first of each kind; see ``entity``."""
        kinds = [str(one["entity"]) for one in self._message.get("entities") or []]
        return {kind: value for kind in kinds if (value := self.entity(kind)) is not None}

    @property
    def message(self) -> dict[str, Any]:
        """The message as it was understood."""
        return self._message

    @property
    def product(self) -> str | None:
        """The product named now, or the one the talk is about."""
        return self.product_for(self.intent)

    def product_for(self, intent: str) -> str | None:
        """The product named now; else the one named before, where this matter can be about it."""
        before = None if self.names_several else self.slot("product")
        return self.entity("product") or (before if before and serves(before, intent) else None)

    @property
    def names_several(self) -> bool:
        """Whether the message names more than one product."""
        return (
            len({one["value"] for one in self._message.get("entities") or [] if one["entity"] == "product"})
            > 1
        )

    @property
    def customer_id(self) -> str | None:
        """Whose account may be shown; None for guests and doubted speakers."""
        return self.turn.customer_id

    # what is answered

    def say(self, response: Utter, buttons: list[dict[str, str]] | None = None, **values: Any) -> None:
        """One message: a response of the domain, filled in."""
        self._dispatcher.utter_message(response=response.value, buttons=buttons or [], **values)

    def show(self, response: Utter, card: dict[str, Any], **values: Any) -> None:
        """A response with a card whose rows were looked up."""
        self._dispatcher.utter_message(response=response.value, json_message=card, **values)

    def stage(self, effect: Effect) -> None:
        self.turn.stage(effect)


def button(title: str, intent: str, **entities: Any) -> dict[str, str]:
    """A choice: its title and what choosing it means."""
    return {
        "title": title,
        "payload": f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}",
    }


def yes_or_no() -> list[dict[str, str]]:
    """The two answers to a request that waits for a yes."""
    return [button(word("yes"), "affirm"), button(word("no"), "deny")]


def on_day(day: date | None, year: bool = False) -> str:
    """11月25日, or 2026年11月25日."""
    if day is None:
        return word("none")
    return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"


def person() -> dict[str, str]:
    """The choice that is always there when we cannot settle it."""
    return button(word("person"), "human_agent")
