"""General answers from the knowledge files, and the way to a person where the account is needed."""

from __future__ import annotations

from bot.actions.base import BankAction, Events, Talk, button, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.knowledge.entry import Answer
from bot.knowledge.topics import topic_of

NEAR = 2  #: neighbouring questions offered with an answer


def find_answer(talk: Talk, intent: str, topic: str | None = None) -> Answer:
    """The answer of this intent for the product the talk is about; the audit remembers the wording."""
    answer = talk.services.knowledge.answer(intent, talk.product_for(intent), topic)
    talk.turn.answers.append(answer.key)
    return answer


def give_answer(talk: Talk, intent: str, topic: str | None = None, with_person: bool = False) -> None:
    """The short answer and the next step; the details, the neighbours and perhaps a person as choices."""
    answer = find_answer(talk, intent, topic)
    part = {"part": topic} if topic else {}
    buttons = [button(word("more"), "more_detail", matter=intent, **part)] if answer.detail else []
    buttons += neighbours(talk, intent)
    talk.say(Utter.ANSWER, buttons=[*buttons, *([person()] if with_person else [])], text=shortly(answer))


def neighbours(talk: Talk, intent: str) -> list[dict[str, str]]:
    """The questions next to this one, as choices."""
    library = talk.services.knowledge
    near = [library.entry(name) for name in library.entry(intent).related if name != "human_agent"]
    return [button(entry.ask, entry.intent) for entry in near[:NEAR]]


def give_whole_answer(talk: Talk, intent: str) -> None:
    """Everything at once and nothing to choose: for matters where the desk moves on or time counts."""
    answer = find_answer(talk, intent, _topic(talk, intent))
    talk.say(Utter.ANSWER, text="\n\n".join(filter(None, (answer.short, answer.detail, step(answer)))))


def _topic(talk: Talk, intent: str) -> str | None:
    """What of the matter it is: a signal that has words of its own, else by likeness."""
    topics = talk.services.knowledge.topics(intent)
    return talk.signal if talk.signal in topics else topic_of(talk.text, topics)


def shortly(answer: Answer) -> str:
    return "\n\n".join(filter(None, (answer.short, step(answer))))


def step(answer: Answer) -> str:
    """Where to go or what to do next; may be empty."""
    return f"{word('next')}{answer.next}" if answer.next else ""


class ActionAnswer(BankAction):
    """The answer to a question that needs nobody's account."""

    def name(self) -> str:
        return "action_answer"

    def act(self, talk: Talk) -> Events:
        give_answer(talk, talk.intent, _topic(talk, talk.intent))
        return []


class ActionChitchat(BankAction):
    """Greetings, thanks, "are you a machine": by topic, truthfully."""

    question = False

    def name(self) -> str:
        return "action_chitchat"

    def act(self, talk: Talk) -> Events:
        give_answer(talk, "chitchat", _topic(talk, "chitchat"))
        return []


class ActionDetail(BankAction):
    """The details of the answer before, or of the one whose button was pressed."""

    question = False

    def name(self) -> str:
        return "action_detail"

    def act(self, talk: Talk) -> Events:
        matter = talk.entity("matter") or talk.slot("topic")
        library = talk.services.knowledge
        answer = find_answer(talk, matter, talk.entity("part")) if matter and matter in library else None
        if answer is None or not answer.detail:
            talk.say(Utter.ASK_AGAIN, buttons=[person()])
        else:
            talk.say(Utter.ANSWER, text=answer.detail, buttons=[*neighbours(talk, answer.intent), person()])
        return []


def ask_to_log_in(talk: Talk, intent: str) -> Events:
    """What a guest, or somebody who is not the customer, may hear: the rule, and how to see one's own."""
    give_answer(talk, intent)
    doubted = talk.turn.doubted_at is not None
    talk.say(Utter.NOT_YOUR_ACCOUNT if doubted else Utter.LOG_IN, buttons=[person()])
    return []
