"""What the tiny bot can do, well and badly."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet, UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from bot.turn import current_turn
from conversation.effects import Escalate
from conversation.escalation import Reason

SLOW_SECONDS = 0.3
Events = list[EventType]


class Balance(Action):
    """Asynchronous; names the answer it showed."""

    def name(self) -> str:
        return "action_balance"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        current_turn().answers.append("balance@1")
        dispatcher.utter_message(text=f"{current_turn().conversation_id}的余额是100元")
        return []


class Bill(Action):
    def name(self) -> str:
        return "action_bill"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_bill")
        return [SlotSet("asked", "bill")]


class PlanDone(Action):
    """Says what the form gathered and clears it."""

    def name(self) -> str:
        return "action_plan_done"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        said = "，".join(str(tracker.get_slot(name)) for name in ("amount", "months", "agreed"))
        dispatcher.utter_message(text=f"方案：{said}")
        return [SlotSet(name, None) for name in ("amount", "months", "agreed")]


class ValidatePlan(FormValidationAction):
    """Two thousand a month is more than anyone may promise here."""

    def name(self) -> str:
        return "validate_plan_form"

    def validate_amount(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        if value == "两千":
            dispatcher.utter_message(text="太多了")
            return {"amount": None}
        return {"amount": value}


class Slow(Action):
    """Asynchronous in name only: it blocks where it runs, and must stall nobody else."""

    def name(self) -> str:
        return "action_slow"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        time.sleep(SLOW_SECONDS)
        dispatcher.utter_message(text=f"{current_turn().conversation_id}查好了")
        return []


class Hang(Action):
    """Comes back long after everybody has given up."""

    released = threading.Event()

    def name(self) -> str:
        return "action_hang"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        current_turn().stage(Escalate(Reason.CUSTOMER_ASKED))
        self.released.wait(2 * SLOW_SECONDS + 1)
        return []


class Broken(Action):
    """Says something, stages something, then raises with the customer's words in the message."""

    def name(self) -> str:
        return "action_broken"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="马上")
        current_turn().stage(Escalate(Reason.CUSTOMER_ASKED))
        await asyncio.sleep(0)
        raise RuntimeError(f"bank is down for {tracker.latest_message['text']}")


class BadSchema(Action):
    def name(self) -> str:
        return "action_bad_schema"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="好")
        return [{"event": "slot", "value": 3}]


class Silent(Action):
    def name(self) -> str:
        return "action_silent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return []


class Circle(Action):
    def name(self) -> str:
        return "action_circle"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return [FollowupAction("action_circle")]


class Callback(Action):
    """An effect without a word."""

    def name(self) -> str:
        return "action_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        current_turn().stage(Escalate(Reason.CUSTOMER_ASKED))
        return []


class Card(Action):
    def name(self) -> str:
        return "action_card"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(
            text="看这里",
            json_message={"kind": "plan", "rows": [["每月", "500"]]},
            buttons=[{"title": "同意", "payload": '/inform{"amount": "五百"}'}],
        )
        return []


class Undo(Action):
    def name(self) -> str:
        return "action_undo"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="好，当您没说")
        return [UserUtteranceReverted()]


class CountMiss(Action):
    """The second miss brings a person."""

    def name(self) -> str:
        return "action_count_miss"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        misses = int(tracker.get_slot("misses") or 0) + 1
        dispatcher.utter_message(text=f"没听懂{misses}")
        if misses >= 2:
            current_turn().stage(Escalate(Reason.CUSTOMER_ASKED))
            misses = 0
        return [SlotSet("misses", misses)]
