"""What every action shares: the running turn, the words said, and what happens when the bank is down.

Synchronous work runs in a thread; only the project's own errors are turned into words, anything else
fails the turn, which is then retried and, at last, brings a person.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.errors import BankUnavailable
from bot.services import Services, get_services
from bot.turn import Turn, current_turn, enter_turn
from conversation.clock import SystemClock
from conversation.effects import Effect, Escalate

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
    def known(self) -> bool:
        """False for a message without a single word we know."""
        return bool(self._message.get("known", True))

    def entity(self, name: str) -> str | None:
        """The first entity of this kind in the message."""
        for entity in self._message.get("entities") or []:
            if entity["entity"] == name:
                return str(entity["value"])
        return None

    def slot(self, name: str) -> Any:
        return self._slots.get(name)

    @property
    def product(self) -> str | None:
        """The product named now, or the one the talk is about."""
        return self.entity("product") or self.slot("product")

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


def be_in_a_turn(tracker: Tracker) -> None:
    """Under Rasa's own commands (`rasa run actions`, `rasa shell`) nobody opened a turn: a guest's is made.

    What is staged in it goes nowhere: only the program carries effects out.
    """
    try:
        current_turn()
    except LookupError:
        enter_turn(Turn(tracker.sender_id, "rasa", "shell", SystemClock().now()))


class BankAction(Action, ABC):  # type: ignore[misc]
    """Subclasses name themselves and implement ``act``. ``question`` is False for acts of dialogue: they
    change neither the topic nor what waits."""

    question = True

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        be_in_a_turn(tracker)
        return await asyncio.to_thread(self._run, dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        talk = Talk(dispatcher, tracker)
        staged = len(talk.turn.effects)
        try:
            self._announce(talk)
            events = (
                self._stopped(talk) if talk.services.controls.topic_stopped(talk.about) else self.act(talk)
            )
        except BankUnavailable:
            del talk.turn.effects[staged:]
            talk.say(Utter.BANK_UNAVAILABLE, buttons=[person()])
            events = []
        if self.question:
            events = [*_understood(talk), *_kept_waiting(talk, events), *events]
        return events

    def _announce(self, talk: Talk) -> None:
        """What operations staff have to say on this matter, before the answer."""
        for banner in talk.services.controls.about(talk.about, talk.turn.now):
            talk.turn.answers.append(f"banner@{banner.id}")
            talk.say(Utter.ANNOUNCEMENT, text=banner.text)

    def _stopped(self, talk: Talk) -> Events:
        """An honest sentence instead of an answer that may be wrong just now."""
        talk.say(Utter.TOPIC_STOPPED, buttons=[person()])
        return []

    @abstractmethod
    def act(self, talk: Talk) -> Events:
        """Answer; the events are Rasa's (slots), usually none."""


def _understood(talk: Talk) -> Events:
    """An understood message is the talk's new topic; it ends the row of misses and what was offered."""
    known = {"topic": talk.intent, "misses": 0, "choices": None}
    return [
        SlotSet(name, value) for name, value in known.items() if (talk.slot(name) or None) != (value or None)
    ]


def _kept_waiting(talk: Talk, events: Events) -> Events:
    """A request that waits for a yes survives one other question, and the customer hears that it waits; the
    second question drops it, aloud. A person who takes over settles it."""
    pending = talk.slot("pending")
    if not pending or any(event.get("name") == "pending" for event in events):
        return []
    if any(isinstance(effect, Escalate) for effect in talk.turn.effects):
        return [SlotSet("pending", None)]
    if pending.get("age"):
        talk.say(Utter.PENDING_DROPPED, summary=pending["summary"])
        return [SlotSet("pending", None)]
    talk.say(Utter.STILL_PENDING, summary=pending["summary"], buttons=yes_or_no())
    return [SlotSet("pending", {**pending, "age": 1})]
