"""Log-in, passwords, codes, identity checks, accounts: what stops him, until when, and the way out."""

from __future__ import annotations

from datetime import date

from bot.actions.answering import give_answer
from bot.actions.base import Events, Talk, on_day, person
from bot.actions.requesting import OwnAction
from bot.actions.ticketing import ticket_button
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.port_records import Access

#: the stops an intent is about; the others are about all
_ASKED = {
    "password": ("password",),
    "sms_code_issue": ("codes",),
    "identity_verify_failed": ("identity",),
    "change_phone": ("identity", "codes"),
    "open_account": ("identity",),
    "account_switch": (),
}
#: intents for which the phone number codes go to is worth saying
_PHONE = frozenset({"change_phone", "sms_code_issue", "app_login_issue", "password"})


class ActionAccess(OwnAction):
    """What the bank has stopped for the moment, then the rule; a ticket where a person must act."""

    def name(self) -> str:
        return "action_access"

    def serve(self, talk: Talk, customer: str) -> Events:
        access = talk.services.bank.access(customer)
        if not _say_stops(talk, access) and talk.intent not in ("change_phone", "account_switch"):
            talk.say(Utter.ACCESS_FREE)
        if talk.intent in _PHONE:
            talk.say(Utter.PHONE_OF_CODES, tail=access.phone_tail)
        if talk.intent == "account_switch":
            _say_accounts(talk, access)
        give_answer(talk, talk.intent)
        talk.say(Utter.TICKET_OFFER, buttons=[ticket_button(talk.intent), person()])
        return []


def _say_stops(talk: Talk, access: Access) -> bool:
    """Each stop that holds today; whether there was one."""
    stops: list[tuple[str, Utter, date | None, str]] = [
        ("password", Utter.PASSWORD_LOCKED, access.password_locked_until, ""),
        ("identity", Utter.IDENTITY_STOPPED, access.identity_stopped_until, access.identity_reason),
        ("codes", Utter.CODES_STOPPED, access.codes_stopped_until, access.codes_reason),
    ]
    asked = _ASKED.get(talk.intent, ("password", "identity", "codes"))
    found = [(say, until, reason) for what, say, until, reason in stops if until and what in asked]
    for say, until, reason in found:
        talk.say(say, until=on_day(until), reason=reason or word("no_reason"))
    return bool(found)


def _say_accounts(talk: Talk, access: Access) -> None:
    if access.other_phone_tails:
        talk.say(Utter.OTHER_ACCOUNTS, tails="、".join(access.other_phone_tails), tail=access.phone_tail)
    else:
        talk.say(Utter.ONE_ACCOUNT, tail=access.phone_tail)


class ActionOpenAccount(OwnAction):
    """Whether he has an account already; else how to open one."""

    def name(self) -> str:
        return "action_open_account"

    def serve(self, talk: Talk, customer: str) -> Events:
        for deposit in talk.services.bank.deposits(customer)[:1]:
            talk.say(Utter.HAS_ACCOUNT, product=deposit.product, tail=deposit.account_tail)
        _say_stops(talk, talk.services.bank.access(customer))
        give_answer(talk, talk.intent, with_person=True)
        return []
