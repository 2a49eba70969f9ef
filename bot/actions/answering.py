"""General answers from the knowledge files, and the way to a person where the account is needed."""

from __future__ import annotations

from bot.actions.base import BankAction, Events, Talk, button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.knowledge.topics import topic_of

PERSON = ("转人工", "human_agent")


def give_answer(talk: Talk, intent: str, topic: str | None = None, person: bool = False) -> None:
    """Say the answer of this intent, with its neighbours as choices; the audit remembers the wording."""
    library = talk.services.knowledge
    answer = library.answer(intent, talk.product, topic)
    talk.turn.answers.append(answer.key)
    near = [library.entry(name) for name in library.entry(intent).related]
    buttons = [button(entry.ask, entry.intent) for entry in near if entry.intent != PERSON[1]][:2]
    if person:
        buttons.append(button(*PERSON))
    steps = f"{word('next')}{answer.next}" if answer.next else ""
    talk.say(
        Utter.ANSWER, buttons=buttons, text="\n\n".join(filter(None, (answer.short, answer.detail, steps)))
    )


class ActionAnswer(BankAction):
    """The answer to a question that needs nobody's account."""

    def name(self) -> str:
        return "action_answer"

    def act(self, talk: Talk) -> Events:
        give_answer(talk, talk.intent)
        return []


class ActionAccountHelp(BankAction):
    """Account matters the assistant cannot settle itself: the rule, and a person one tap away."""

    def name(self) -> str:
        return "action_account_help"

    def act(self, talk: Talk) -> Events:
        give_answer(talk, talk.intent, person=True)
        return []


class ActionChitchat(BankAction):
    """Greetings, thanks, "are you a machine": by topic, truthfully."""

    def name(self) -> str:
        return "action_chitchat"

    def act(self, talk: Talk) -> Events:
        topics = talk.services.knowledge.topics("chitchat")
        give_answer(talk, "chitchat", topic_of(talk.text, topics))
        return []


def ask_to_log_in(talk: Talk, intent: str) -> Events:
    """What a guest, or somebody who is not the customer, may hear: the rule, and how to see one's own."""
    give_answer(talk, intent)
    doubted = talk.turn.doubted_at is not None
    talk.say(Utter.NOT_YOUR_ACCOUNT if doubted else Utter.LOG_IN, buttons=[button(*PERSON)])
    return []
