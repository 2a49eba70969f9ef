"""What every action shares: the running turn, the words said, and what happens when the bank is down.

Synchronous work runs in a thread; only the project's own errors are turned into words, anything else
fails the turn, which is then retried and, at last, brings a person.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import bargaining
from bot.actions.caring import word_of_care
from bot.actions.meant import as_meant, one_more
from bot.actions.talk import Events as Events
from bot.actions.talk import Talk as Talk
from bot.actions.talk import Values as Values
from bot.actions.talk import button as button
from bot.actions.talk import on_day as on_day
from bot.actions.talk import person as person
from bot.actions.talk import yes_or_no as yes_or_no
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.errors import BankUnavailable
from bot.turn import Turn, current_turn, enter_turn
from conversation.clock import SystemClock
from conversation.effects import Escalate


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
            bargained = bargaining.taken(talk)
            if bargained is not None:
                return bargained
            meant = as_meant(talk)
            events = self._answered(talk) if meant is None else meant
        except BankUnavailable:
            del talk.turn.effects[staged:]
            talk.say(Utter.BANK_UNAVAILABLE, buttons=[person()])
            meant, events = None, self._with_memory(talk, [])
        if meant is not None:
            return events
        more = [*one_more(talk, events), *word_of_care(talk)]
        return [*events, *more, *bargaining.remind(talk, events)]

    def _answered(self, talk: Talk) -> Events:
        self._announce(talk)
        stopped = talk.services.controls.topic_stopped(talk.about)
        events = self._stopped(talk) if stopped else self.act(talk)
        return self._with_memory(talk, events)

    def _with_memory(self, talk: Talk, events: Events) -> Events:
        return [*_understood(talk), *_kept_waiting(talk, events), *events] if self.question else events

    def _announce(self, talk: Talk) -> None:
        """What operations staff have to say on this matter, before the answer."""
        for banner in talk.services.controls.about(talk.about, talk.turn.now):
            talk.turn.answers.append(f"banner@{banner.id}")
            talk.say(Utter.ANNOUNCEMENT, text=word("announcement") + banner.text)

    def _stopped(self, talk: Talk) -> Events:
        """An honest sentence instead of an answer that may be wrong just now."""
        talk.say(Utter.TOPIC_STOPPED, buttons=[person()])
        return []

    @abstractmethod
    def act(self, talk: Talk) -> Events:
        """Answer; the events are Rasa's (slots), usually none."""


def _understood(talk: Talk) -> Events:
    """An understood message is the talk's new topic; it ends the row of misses and what was offered.

    The later of two matters of one message leaves what the first one offered.
    """
    known: Values = {"topic": talk.intent, "misses": 0}
    if not talk.goes_on:
        known["choices"] = None
    return [
        SlotSet(name, value) for name, value in known.items() if (talk.slot(name) or None) != (value or None)
    ]


def _kept_waiting(talk: Talk, events: Events) -> Events:
    """A request that waits for a yes survives one other question, and the customer hears that it waits; the
    second question drops it, aloud. A person who takes over settles it."""
    pending = talk.slot("pending")
    if not pending or talk.goes_on or any(event.get("name") == "pending" for event in events):
        return []
    if any(isinstance(effect, Escalate) for effect in talk.turn.effects):
        return [SlotSet("pending", None)]
    if pending.get("age"):
        talk.say(Utter.PENDING_DROPPED, summary=pending["summary"])
        return [SlotSet("pending", None)]
    talk.say(Utter.STILL_PENDING, summary=pending["summary"], buttons=yes_or_no())
    return [SlotSet("pending", {**pending, "age": 1})]
