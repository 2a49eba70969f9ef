"""What a message means here and now: a fragment, a choice in words, a second matter, a day nobody can be sure of.

Runs before every action. Where a message means something else than it was read as, it is put to the dialogue
again as if it had been said so. The rules about words are following.py's, about days days.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from rasa_sdk.events import ActionExecuted, SlotSet, UserUttered

from bot.actions import promise_words
from bot.actions.days import possible_days, said_day, written_day
from bot.actions.following import (
    DETAIL,
    ME,
    MORE,
    PERSON,
    SAME,
    chosen,
    meaning,
    names_one,
    none_of_them,
    only_product,
    serves,
    table,
    tidied,
)
from bot.actions.handover import ROUTES, Route, bring_person
from bot.actions.talk import Events, Talk, button, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.errors import BankUnavailable
from bot.bank.ports import LoanState
from bot.money import ZERO, business_date
from bot.negotiation.promises import last_day
from bot.nlu.dates import day_of
from bot.nlu.entities import entities_in
from conversation.effects import Escalate
from conversation.escalation import Reason

UNCLEAR, THIRD_PARTY, DETAILS, CHOICE = "unclear", "third_party", "more_detail", "choose_nth"

#: a day that is named here must be certain before a person works with it
_NEED_DAY = frozenset({"promise_to_pay"})
#: matters that show the customer's own debts or payments as a list
LISTS = frozenset(
    {"bill_query", "repay_date_query", "repay_failed", "repay_not_reflected", "early_repay_cost"}
)


def as_if(talk: Talk, intent: str, named: Mapping[str, str] | None = None, **more: Any) -> Events:
    """The message again, as if it had been understood so. ``more``: fields of the parse result."""
    meant = {"name": intent, "confidence": 1.0}
    entities = [{"entity": name, "value": value} for name, value in (named or {}).items()]
    parsed = {"text": talk.text, "intent": meant, "intent_ranking": [meant], "entities": entities, **more}
    product = (named or {}).get("product")
    if talk.names_several and talk.second:
        remembered = [SlotSet("product", None)]
    else:
        remembered = [SlotSet("product", product)] if product and product != talk.slot("product") else []
    return [*remembered, *_said(talk, parsed)]


def _said(talk: Talk, parsed: dict[str, Any]) -> Events:
    return [ActionExecuted("action_listen"), UserUttered(talk.text, parse_data=parsed)]


def as_meant(talk: Talk) -> Events | None:
    """The events that make the message what it means; None when it means what it was read as.

    Buttons, signals and other speakers are never read anew.
    """
    if not talk.typed or talk.signal or talk.intent == THIRD_PARTY:
        return None
    for rule in _RULES:
        events = rule(talk)
        if events is not None:
            return events
    return None


def one_more(talk: Talk, events: Sequence[Mapping[str, Any]]) -> Events:
    """The second matter of the message, now that the first is answered: served in the same turn.

    Where a person was called he hears both. Where a yes is awaited a second look into the account waits for
    it, one tap away.
    """
    if any(isinstance(effect, Escalate) for effect in talk.turn.effects):
        return []
    if talk.then is not None:
        return _said(talk, {**talk.then, "second": None, "goes_on": True})
    second = talk.second
    if second is None or second == talk.intent or second not in talk.services.knowledge:
        return []
    entry = talk.services.knowledge.entry(second)
    if entry.account and any(event.get("name") == "pending" and event.get("value") for event in events):
        talk.say(Utter.ONE_MORE, buttons=[button(entry.ask, second)], matter=entry.title)
        return []
    return as_if(talk, second, talk.named, goes_on=True)


# --- the rules, in their order


def _sure_first(talk: Talk) -> Events | None:
    """Of two matters the one that brings a person, or must be asked about, comes last."""
    second = talk.second
    if second is None or second in ROUTES or not (talk.intent in ROUTES or talk.intent == UNCLEAR):
        return None
    return as_if(talk, second, talk.named, then=talk.message)


def _day_answered(talk: Talk) -> Events | None:
    """The answer to "which day": a button's words, its number, another day, or anything that is no new matter."""
    offered = [one["entities"] for one in talk.slot("choices") or () if _is_day(one)]
    if not offered:
        return None
    today, intent = business_date(talk.turn.now), talk.slot("topic")
    days = [day_of(named["date"], today) for named in offered]
    at = chosen(talk.text, [said_day(day, today) for day in days if day is not None])
    said = talk.entity("date")
    if at is not None:
        return as_if(talk, intent, offered[at])
    if talk.intent in talk.services.knowledge and not (said and talk.intent in _NEED_DAY):
        return None
    return as_if(talk, intent, {**offered[-1], "date": said} if said else offered[-1])


def _is_day(choice: str | Mapping[str, Any]) -> bool:
    return not isinstance(choice, str) and "loan" not in choice["entities"]


def _offered(talk: Talk) -> Events | None:
    """One of the meanings offered, in words or by number; none of them brings a person."""
    choices = [one for one in talk.slot("choices") or () if isinstance(one, str)]
    offered = [intent for intent in choices if intent in talk.services.knowledge]
    if not offered:
        return None
    entries = [talk.services.knowledge.entry(intent) for intent in offered]
    at = chosen(talk.text, [entry.ask for entry in entries])
    if at is not None:
        return as_if(talk, offered[at], talk.named)
    if none_of_them(talk.text) or talk.intent == "deny":
        talk.say(Utter.NONE_OF_THEM)
        return _call(talk, {word("not_meant"): "、".join(entry.title for entry in entries)})
    return None


def _words_of_a_button(talk: Talk) -> Events | None:
    """What stands on a button, typed: the same as pressing it."""
    plain = tidied(talk.text)
    if talk.slot("pending"):
        answer = {tidied(word("yes")): "affirm", tidied(word("no")): "deny"}.get(plain)
        if answer and answer != talk.intent:
            return as_if(talk, answer)
    asked = next((entry.intent for entry in talk.services.knowledge if tidied(entry.ask) == plain), None)
    return as_if(talk, asked, talk.named) if asked and asked != talk.intent else None


def _that_one(talk: Talk) -> Events | None:
    """ "9号那笔" of what was shown."""
    if talk.slot("topic") in LISTS and talk.intent != CHOICE and names_one(talk.text):
        return as_if(talk, CHOICE)
    return None


def _fragment(talk: Talk) -> Events | None:
    """ "那利息呢": what the topic makes of it."""
    topic = _topic(talk)
    if topic is None:
        return None
    meant = meaning(talk.text, topic)
    if meant is None:
        return None
    if meant == PERSON:
        return _not_helped(talk, topic)
    if meant == ME:
        return _known(talk)
    if talk.slot("choices"):
        return None
    if meant == MORE:
        return as_if(talk, DETAILS, {"matter": topic})
    if meant == DETAIL or (meant in (SAME, topic) and not _looks_up(talk, topic)):
        return _all_we_know(talk, topic)
    return as_if(talk, topic if meant == SAME else meant, talk.named or _own_product(talk, topic))


def _other_product(talk: Talk) -> Events | None:
    """ "那随心花呢": the same matter for another product."""
    topic, product = _topic(talk), talk.entity("product")
    if topic is None or product is None or not serves(product, topic):
        return None
    rest = talk.text
    for one in reversed(entities_in(talk.text)):
        if one.entity == "product":
            rest = rest[: one.start] + rest[one.end :]
    return as_if(talk, topic, {"product": product}) if only_product(rest) else None


def _uncertain_day(talk: Talk) -> Events | None:
    """ "15号" on the 15th: asked back with the days it may be, before a person is called."""
    said, today = talk.entity("date"), business_date(talk.turn.now)
    if talk.intent not in _NEED_DAY or said is None or day_of(said, today) is not None:
        return None
    days = possible_days(said, today)
    if len(days) < 2:
        return None
    if talk.intent == promise_words.TOPIC:
        days = tuple(day for day in days if day <= last_day(today)) or days
    buttons, choices = days_to_choose(talk, days, said)
    talk.say(Utter.WHICH_DAY, buttons=buttons, said=said)
    return [SlotSet("topic", talk.intent), SlotSet("misses", 0), SlotSet("choices", choices)]


def days_to_choose(
    talk: Talk, days: Sequence[date], said: str
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Buttons and choices of these days, and one for him who cannot say yet, which leaves the day as ``said``."""
    today = business_date(talk.turn.now)
    named = {name: value for name, value in talk.named.items() if name != "date"}
    waiting = [{**named, "date": written_day(day)} for day in days] + [{**named, "date": said}]
    titles = [*(said_day(day, today) for day in days), word("day_unsure")]
    buttons = [button(title, talk.intent, **one) for title, one in zip(titles, waiting)]
    return buttons, [{"intent": talk.intent, "entities": one} for one in waiting]


def _about_promise(talk: Talk) -> Events | None:
    """What is said about a promise to pay: which one, not any more, another day or amount for the one at hand."""
    if asked := promise_words.asked(talk.text):
        return as_if(talk, asked, talk.named) if asked != talk.intent else None
    if talk.intent == promise_words.TOPIC or talk.intent in promise_words.NEW_MATTER:
        return None
    named = promise_words.named(talk.text, talk.message.get("entities") or ())
    if (
        talk.intent == UNCLEAR
        and promise_words.TOPIC in talk.ranking[:2]
        and {"date", "amount"} <= named.keys()
    ):
        return as_if(talk, promise_words.TOPIC, named)  # it is read back before anything is kept
    changes = promise_words.changes(talk.text, talk.slot("topic") == promise_words.TOPIC)
    answers = _promise_at_hand(talk) and talk.intent not in talk.services.knowledge
    if not (changes or answers) or not (named.keys() & {"date", "amount"}):
        return None
    return as_if(talk, promise_words.TOPIC, named)


def _promise_at_hand(talk: Talk) -> bool:
    """Whether a day or an amount alone would be about a promise."""
    if (talk.slot("pending") or {}).get("kind") == promise_words.PENDING:
        return True
    return bool(talk.slot("topic") == promise_words.TOPIC)


def is_late(talk: Talk, customer: str) -> bool:
    """Whether he has a loan overdue; a bank that does not answer tells nothing."""
    try:
        return any(loan.state is LoanState.OVERDUE for loan in talk.services.bank.loans(customer))
    except BankUnavailable:
        return False


def _parts_of_a_late_loan(talk: Talk) -> Events | None:
    """ "我要分期" of somebody who is late with a loan: to pay it in parts, not a bill's instalments."""
    if talk.intent not in ("instalment_manage", "instalment_term") or talk.customer_id is None:
        return None
    if talk.entity("product") == "随心花" or "账单" in talk.text or not is_late(talk, talk.customer_id):
        return None
    bills = talk.services.bank.bills(talk.customer_id)
    return None if any(bill.left > ZERO for bill in bills) else as_if(talk, "negotiate_instalment")


def _asked_again(talk: Talk) -> Events | None:
    """The same question once more: all we know, not the same words again; the time after that a person."""
    topic = _topic(talk)
    if topic is None or talk.intent != topic or talk.decision != "answer" or talk.named:
        return None
    return _all_we_know(talk, topic)


_RULES: tuple[Callable[[Talk], Events | None], ...] = (
    _sure_first,
    _day_answered,
    _about_promise,
    _offered,
    _words_of_a_button,
    _that_one,
    _fragment,
    _other_product,
    _uncertain_day,
    _parts_of_a_late_loan,
    _asked_again,
)


# --- what they share


def _topic(talk: Talk) -> str | None:
    """The matter answered last, if something can follow it."""
    topic = talk.slot("topic")
    return topic if topic in talk.services.knowledge and topic not in table().closed else None


def _looks_up(talk: Talk, topic: str) -> bool:
    """Whether asking again looks into the account again, where something may have changed."""
    return talk.customer_id is not None and talk.services.knowledge.entry(topic).account


def _own_product(talk: Talk, topic: str) -> dict[str, str]:
    """The one product the customer owes for, after he saw his own debts."""
    if topic not in LISTS or talk.customer_id is None:
        return {}
    bank = talk.services.bank
    owed = {loan.product for loan in bank.loans(talk.customer_id) if loan.state is not LoanState.SETTLED}
    owed |= {bill.product for bill in bank.bills(talk.customer_id) if bill.left > ZERO}
    return {"product": owed.pop()} if len(owed) == 1 else {}


def _known(talk: Talk) -> Events:
    """ "我就是本人": words prove nothing; a login does."""
    if talk.customer_id is not None:
        talk.say(Utter.YOU_ARE_KNOWN)
    elif talk.turn.doubted_at is not None:
        talk.say(Utter.NOT_YOUR_ACCOUNT, buttons=[person()])
    else:
        talk.say(Utter.LOG_IN, buttons=[person()])
    return []


def _all_we_know(talk: Talk, topic: str) -> Events | None:
    """The details, once; the next time there is nothing left to say, and a person comes."""
    if talk.slot("misses"):
        return _not_helped(talk, topic)
    if not talk.services.knowledge.answer(topic, talk.product_for(topic)).detail:
        return None
    return [SlotSet("misses", 1), *as_if(talk, DETAILS, {"matter": topic})]


def _not_helped(talk: Talk, topic: str) -> Events:
    """The second failure on the same matter."""
    talk.say(Utter.STILL_FAILING)
    return _call(talk, {word("reported"): word("still_failing")}, topic)


def _call(talk: Talk, facts: dict[str, str], topic: str | None = None) -> Events:
    """A person, with the matter and what we know; nothing is waited for any more."""
    skill = ROUTES[topic].skill if topic in ROUTES else "general"
    product = talk.product_for(topic) if topic else None
    more = {word("product"): product, **facts} if product else facts
    bring_person(talk, Route(Reason.TWO_MISSES, skill), topic, more)
    return [SlotSet("misses", 0), SlotSet("choices", None), SlotSet("pending", None)]
