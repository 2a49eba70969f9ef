"""Tickets (工单): what the bank owes an answer to, by when, and under which receipt number. Pure.

A ticket is registered at once, at any hour, for customers and guests alike; it outlives the conversation.
Its clock starts with the first message that said it. What was said stays in the journal; a ticket refers to
it by number and copies no personal data. Knows no SQL and no desk.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991


class TicketKind(str, Enum):
    COMPLAINT = "complaint"
    CHARGE_DISPUTE = "charge_dispute"
    CREDIT_OBJECTION = "credit_objection"
    PERSONAL_INFORMATION = "personal_information"
    ACCOUNT_SERVICE = "account_service"  #: something a person must do at the customer's account


class TicketState(str, Enum):
    OPEN = "open"
    WORKING = "working"
    DONE = "done"


KINDS: dict[TicketKind, str] = {
    TicketKind.COMPLAINT: "投诉",
    TicketKind.CHARGE_DISPUTE: "扣款争议",
    TicketKind.CREDIT_OBJECTION: "征信异议",
    TicketKind.PERSONAL_INFORMATION: "个人信息请求",
    TicketKind.ACCOUNT_SERVICE: "业务办理",
}
STATES: dict[TicketState, str] = {
    TicketState.OPEN: "已登记，等待处理",
    TicketState.WORKING: "处理中",
    TicketState.DONE: "已办结",
}


@dataclass(frozen=True)
class Term:
    """How long an answer may take. ``days`` are counted from the day after the first statement (民法典 第
    201 条), calendar days unless ``working``; ``promise`` and ``extension`` are told to the customer."""

    days: int
    promise: str
    source: str
    working: bool = False
    extension: str = ""


_COMPLAINT_LAW = "银行业保险业消费投诉处理管理办法（银保监会令〔2020〕3号）"
_COMPLAINT_EXTENSION = "情况复杂需要延长的，会提前告诉您原因，最长不超过 60 天。"
TERMS: dict[TicketKind, Term] = {
    # 15 days; complicated cases 30, with approval and notice once more 30
    TicketKind.COMPLAINT: Term(15, "作出处理决定并告诉您", _COMPLAINT_LAW, extension=_COMPLAINT_EXTENSION),
    # money claimed back is a consumer's complaint in the sense of article 2
    TicketKind.CHARGE_DISPUTE: Term(15, "查清并答复您", _COMPLAINT_LAW, extension=_COMPLAINT_EXTENSION),
    TicketKind.CREDIT_OBJECTION: Term(20, "核查处理并书面答复您", "征信业管理条例 第二十五条"),
    # 个人信息保护法 第五十条 asks for a convenient way and names no days; the authorities read 15 working days
    TicketKind.PERSONAL_INFORMATION: Term(
        15, "办理并答复您", "App违法违规收集使用个人信息行为认定方法（国信办秘字〔2019〕191号）第六条", True
    ),
    TicketKind.ACCOUNT_SERVICE: Term(3, "办理并答复您", "the bank's own promise", True),
}


@dataclass(frozen=True)
class Ticket:
    """``said`` are the journal numbers that say it, ``contact_seq`` the message whose (encrypted) original
    holds how a guest can be reached; ``facts`` are label → text, masked."""

    id: str
    number: str
    kind: TicketKind
    matter: str  #: the intent it is about; empty where the kind says it all
    state: TicketState
    conversation_id: str
    customer_id: str | None  #: the verified customer; None for guests and doubted speakers
    received_at: datetime
    due_at: datetime
    updated_at: datetime
    facts: dict[str, str] = field(default_factory=dict)
    said: tuple[int, ...] = ()
    contact_seq: int | None = None
    done_at: datetime | None = None
    answer: str | None = None  #: what the customer was told at the end

    @property
    def due_on(self) -> date:
        """The last day, Asia/Shanghai."""
        return self.due_at.astimezone(SHANGHAI).date()

    @property
    def title(self) -> str:
        """What it is, for people: the matter where one was given, else the kind."""
        return self.facts.get("事项") or KINDS[self.kind]


def due_at(kind: TicketKind, received_at: datetime) -> datetime:
    """The end of the last day (Asia/Shanghai) for an answer, as aware UTC.

    Working days are Monday to Friday: public holidays are not taken off, so that the promise is never later
    than the term; a working Sunday before a holiday is not added.
    """
    term = TERMS[kind]
    day, left = received_at.astimezone(SHANGHAI).date(), term.days
    while left:
        day += timedelta(days=1)
        left -= not term.working or day.weekday() < 5
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(timezone.utc)


def new_number(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A receipt number: ten digits, the last a Luhn check; 900 million of them, drawn by chance."""
    head = str(100_000_000 + below(900_000_000))
    return head + str(_check_digit(head))


def spoken(number: str) -> str:
    """In groups, to read out: 486-203-7195."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


_NUMBER = re.compile(r"(?<!\d)([1-9]\d{2})[ \-—]?(\d{3})[ \-—]?(\d{4})(?!\d)")


def number_in(text: str) -> str | None:
    """The first receipt number in the text, as stored; a mistyped digit makes it none."""
    for match in _NUMBER.finditer(text):
        number = "".join(match.groups())
        if _check_digit(number[:-1]) == int(number[-1]):
            return number
    return None


def _check_digit(head: str) -> int:
    doubled = [int(d) * (1 if place % 2 else 2) for place, d in enumerate(reversed(head))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10
