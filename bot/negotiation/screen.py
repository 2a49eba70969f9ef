"""What ends a bargaining at once: the hand-over screen of a negotiation, as one table.

Owns which readings (dangers seen, intents, facts of the talk, facts of the debt) stop it, why a person comes and how
soon, what is registered first, and what may be taken up again afterwards. Pure: it takes what was read, never a
text. What is said on the road of a danger is bot/actions/safety.py's; here is only that bargaining has ended.
Sources: the bank's hand-over list; 《银行业保险业消费投诉处理管理办法》 (a complaint is registered before anything else),
个人信息保护法 第二十四条 (a person may look at it again), 民法典 第一千零三十二条 (nothing of a debt to somebody else).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.negotiation.refusals import Why
from conversation.escalation import PRIORITY, Reason
from conversation.tickets import TicketKind


class Resume(str, Enum):
    """What may go on after the stop; ``said`` is the line of the agent's card. The bot never goes on by itself."""

    said: str

    def __new__(cls, code: str, said: str) -> Resume:
        member = str.__new__(cls, code)
        member._value_ = code
        member.said = said
        return member

    PERSON_AT_ONCE = "person_at_once", "可由人工接着谈还款，此前报价仍按原样有效。"
    PERSON_AFTER_RECEIPT = "person_after_receipt", "先受理登记，再由人工继续谈；登记的事不以还款为条件。"
    PERSON_AFTER_CARE = "person_after_care", "先照顾人，今天不谈还款；客户本人愿意时再由人工谈。"
    AFTER_SETTLED = "after_settled", "事情查清之前不谈还款，也不催。"
    NOT_WITH_SPEAKER = (
        "not_with_speaker",
        "不能和这位说话人谈，也不能说账户情况；只和核实后的本人或合法代理人谈。",
    )


@dataclass(frozen=True)
class Stop:
    """Why the bargaining ends. ``code`` is the `Reply.signal` an audit replays; ``ticket`` is opened first."""

    code: str
    reason: Reason
    skill: str
    resume: Resume
    ticket: TicketKind | None = None

    @property
    def priority(self) -> int:
        """Higher is served first."""
        return PRIORITY.get(self.reason, 10)


@dataclass(frozen=True)
class Heard:
    """One message as it was read. ``intent`` only where it was decided upon (not a guess to be asked about)."""

    intent: str = ""
    signals: tuple[str, ...] = ()  #: kinds of bot.nlu.signals taken for true
    third_party: bool = False  #: the speaker said plainly that he is not the customer
    misses: int = 0  #: messages not understood in a row, this one included


@dataclass(frozen=True)
class Known:
    """What is known beside the message: of the talk, the customer's matters and the debt."""

    verified: bool = True  #: the speaker is the logged-in customer and nobody doubts it
    in_care: bool = False  #: words of self-harm earlier in this talk
    minor: bool = False  #: by the bank's records
    open_tickets: frozenset[TicketKind] = frozenset()  #: registered and not yet answered
    dispute_open: bool = False  #: the debt itself is disputed at the bank
    legal_stage: bool = False
    restructurings: int = 0  #: earlier plans on this debt
    broken_plans: int = 0  #: of those made here, ended by breach
    conflict: bool = False  #: papers or figures contradict what was said


NOTHING_KNOWN = Known()
MOST_RESTRUCTURINGS = 1  #: the third plan is a person's
MOST_BROKEN = 1  #: the second broken plan is a person's
MOST_MISSES = 2


def _stop(
    code: str, reason: Reason, resume: Resume, skill: str = "general", ticket: TicketKind | None = None
) -> Stop:
    return Stop(code, reason, skill, resume, ticket)


_RECEIPT, _CARE, _SETTLED = Resume.PERSON_AFTER_RECEIPT, Resume.PERSON_AFTER_CARE, Resume.AFTER_SETTLED


def _complaint(code: str) -> Stop:
    return _stop(code, Reason.COMPLAINT, _RECEIPT, "complaint", TicketKind.COMPLAINT)


#: danger or right seen in the message → the stop. Every kind of bot.nlu.signals is here or in `HARMLESS`
BY_SIGNAL: Mapping[str, Stop] = MappingProxyType(
    {
        "self_harm": _stop("self_harm", Reason.SELF_HARM, _CARE),
        "fraud_in_progress": _stop("fraud_in_progress", Reason.FRAUD, _SETTLED, "fraud"),
        "card_loss": _stop("card_loss", Reason.CARD_LOSS, _SETTLED, "fraud"),
        "death": _stop("death", Reason.BEREAVED, Resume.NOT_WITH_SPEAKER),
        "minor": _stop("minor", Reason.MINOR, Resume.NOT_WITH_SPEAKER),
        "serious_illness": _stop("serious_illness", Reason.VULNERABLE, _CARE),
        "deaf": _stop("deaf", Reason.VULNERABLE, Resume.PERSON_AT_ONCE),
        "regulator_threat": _complaint("regulator_threat"),
        "media_threat": _complaint("media_threat"),
        "lawyer": _complaint("lawyer"),
        "data_request": _stop(
            "data_request", Reason.PERSONAL_INFORMATION, _RECEIPT, ticket=TicketKind.PERSONAL_INFORMATION
        ),
        "credit_objection": _stop(
            "credit_objection", Reason.CREDIT_OBJECTION, _RECEIPT, ticket=TicketKind.CREDIT_OBJECTION
        ),
        "third_party": _stop("third_party", Reason.NEGOTIATION, Resume.NOT_WITH_SPEAKER),
    }
)
#: seen, answered, and the bargaining goes on
HARMLESS = frozenset({"collector_check"})

#: intent decided upon → the stop
BY_INTENT: Mapping[str, Stop] = MappingProxyType(
    {
        "fraud_report": _stop("fraud_report", Reason.FRAUD, _SETTLED, "fraud"),
        "card_loss_freeze": BY_SIGNAL["card_loss"],
        "vulnerable_customer": _stop("vulnerable_customer", Reason.VULNERABLE, _CARE),
        "complaint": _complaint("complaint"),
        "collection_conduct": _stop(
            "collection_conduct", Reason.COLLECTION_CONDUCT, _RECEIPT, "complaint", TicketKind.COMPLAINT
        ),
        "charge_dispute": _stop(
            "charge_dispute", Reason.CHARGE_DISPUTE, _SETTLED, ticket=TicketKind.CHARGE_DISPUTE
        ),
        "human_agent": _stop("human_agent", Reason.CUSTOMER_ASKED, Resume.PERSON_AT_ONCE, "negotiation"),
    }
)

#: matters that are registered already: no second receipt, and no bargaining beside them
_BY_TICKET: Mapping[TicketKind, Stop] = MappingProxyType(
    {
        TicketKind.COMPLAINT: _stop("complaint_open", Reason.COMPLAINT, _RECEIPT, "complaint"),
        TicketKind.CHARGE_DISPUTE: _stop("dispute_open", Reason.CHARGE_DISPUTE, _SETTLED),
        TicketKind.CREDIT_OBJECTION: _stop("objection_open", Reason.CREDIT_OBJECTION, _RECEIPT),
    }
)

_THIRD_PARTY = BY_SIGNAL["third_party"]
_NOT_VERIFIED = _stop("not_verified", Reason.NEGOTIATION, Resume.NOT_WITH_SPEAKER)
_MINOR = BY_SIGNAL["minor"]
_IN_CARE = _stop("in_care", Reason.SELF_HARM, _CARE)
_DISPUTE = _BY_TICKET[TicketKind.CHARGE_DISPUTE]


def _bargain(code: str) -> Stop:
    """Nothing but the bank's own limits: a person of the negotiation desk goes on."""
    return _stop(code, Reason.NEGOTIATION, Resume.PERSON_AT_ONCE, "negotiation")


LEGAL_STAGE, THIRD_PLAN, BROKEN_AGAIN = (
    _bargain("legal_stage"),
    _bargain("third_plan"),
    _bargain("broken_again"),
)
CONFLICT = _bargain("conflict")
MISSED_TWICE = _stop("missed_twice", Reason.TWO_MISSES, Resume.PERSON_AT_ONCE, "negotiation")


def screen(heard: Heard, known: Known = NOTHING_KNOWN) -> Stop | None:
    """The stop that is served first, or None: the bargaining may go on. Asked before every move, the first included.

    Of several the one of highest priority counts; of equal ones the first of: the message, the talk, the debt.
    """
    return max(_stops(heard, known), key=lambda stop: stop.priority, default=None)


def all_stops(heard: Heard, known: Known = NOTHING_KNOWN) -> tuple[Stop, ...]:
    """Every stop there is, the one served first in front; for the agent's card."""
    return tuple(sorted(dict.fromkeys(_stops(heard, known)), key=lambda stop: -stop.priority))


def of_refusal(why: Why) -> Stop:
    """The stop of a debt the mandate refuses (`mandate.limits`). A debt that was sold is told, not bargained over."""
    return _bargain(str(why.value))


def of_talk(rule: str) -> Stop:
    """The stop of a talk that ended by its own rule (`talk.Rule`: nothing affordable, a person is worth more)."""
    return _bargain(rule)


def _stops(heard: Heard, known: Known) -> Iterator[Stop]:
    yield from (BY_SIGNAL[name] for name in heard.signals if name in BY_SIGNAL)
    if heard.intent in BY_INTENT:
        yield BY_INTENT[heard.intent]
    if heard.third_party:
        yield _THIRD_PARTY
    if heard.misses >= MOST_MISSES:
        yield MISSED_TWICE
    yield from _of_the_matter(known)
    yield from _of_the_debt(known)


def _of_the_matter(known: Known) -> Iterator[Stop]:
    if not known.verified:
        yield _NOT_VERIFIED
    if known.in_care:
        yield _IN_CARE
    if known.minor:
        yield _MINOR
    yield from (stop for kind, stop in _BY_TICKET.items() if kind in known.open_tickets)


def _of_the_debt(known: Known) -> Iterator[Stop]:
    if known.dispute_open:
        yield _DISPUTE
    if known.legal_stage:
        yield LEGAL_STAGE
    if known.restructurings > MOST_RESTRUCTURINGS:
        yield THIRD_PLAN
    if known.broken_plans > MOST_BROKEN:
        yield BROKEN_AGAIN
    if known.conflict:
        yield CONFLICT
