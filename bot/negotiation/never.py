"""What must never be said to a debtor: named rules with their sources, and whether a text breaks one. Pure.

Owns what a rule is, when it applies (`Context`) and how a text is searched. The rules themselves are data
(data/never.yml, read by never_file.py), for compliance staff to read and change. The bot's own words are held to
all of them; an agent's typing is checked by the same function and shows `Breach.advice`. Knows no wording of ours.

A text is searched without blanks and full-width forms, so that spacing a word out hides nothing; spans are those of
the original text. What a rule excepts ("不会因为还不上就坐牢") is cut out first: the rest of the sentence still counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.money import SHANGHAI
from bot.negotiation.mandate import Limits

NIGHT_FROM, NIGHT_TO = 22, 8  #: o'clock in Shanghai; GB/T 45251-2025 and the guideline of 2026-01-30


class Grade(str, Enum):
    BLOCK = "block"  #: must not be sent
    WARN = "warn"  #: an agent is asked to look again; the bot's words have none


class When(str, Enum):
    """In which contexts a rule of the file applies."""

    ALWAYS = "always"
    LOAN = "loan"  #: the debt is not a credit card's
    OVERDUE = "overdue"  #: something is overdue
    NIGHT = "night"  #: 22:00–08:00
    OTHERS = "others"  #: the reader is not the verified debtor
    BOT = "bot"  #: the bot speaks


class Speaker(str, Enum):
    BOT = "bot"
    AGENT = "agent"


@dataclass(frozen=True)
class Context:
    """Where a text is said. What is not known keeps the rules that need it from applying, except ``card``."""

    speaker: Speaker = Speaker.BOT
    card: bool = False  #: a credit card's debt; the law of cards does not hold for loans
    overdue: bool = False
    at: datetime | None = None  #: aware; when it reaches the reader
    outreach: bool = False  #: nobody wrote first: a reminder, a notice
    debtor: bool = True  #: the reader is the verified debtor
    limits: Limits | None = None  #: of the mandate, for this debt today
    told: frozenset[str] = frozenset()  #: amounts of the offer card ("1,253.25"); empty: not checked

    @property
    def night(self) -> bool:
        if self.at is None:
            return False
        hour = self.at.astimezone(SHANGHAI).hour
        return hour >= NIGHT_FROM or hour < NIGHT_TO


ANYWHERE = Context()


@dataclass(frozen=True)
class Rule:
    """One thing that must never be said. ``says`` is searched in what is left after ``unless`` was cut out."""

    code: str
    title: str  #: Chinese, for the agent
    grade: Grade
    when: When
    sources: tuple[str, ...]
    advice: str  #: what may be said instead
    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Rules:
    """The whole list, in the file's order; ``version`` is kept with every override."""

    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Breach:
    """A rule broken by ``text[start:end]``."""

    code: str
    title: str
    grade: Grade
    sources: tuple[str, ...]
    advice: str
    start: int
    end: int


def forbidden(text: str, rules: Rules, context: Context = ANYWHERE) -> tuple[Breach, ...]:
    """Every breach of ``text``, in the order of the text; () when it may be said."""
    plain, places = _plain(text)
    found = [
        _breach(rule, text, places, *span)
        for rule in rules.rules
        if _applies(rule.when, context)
        for span in _spans(rule, plain)
    ]
    found += _by_figures(text, plain, places, context)
    if context.outreach and context.night and text.strip():
        found.append(_whole(_NIGHT_CONTACT, text))
    return tuple(sorted(found, key=lambda breach: (breach.start, breach.end, breach.code)))


def blocks(breaches: tuple[Breach, ...]) -> bool:
    """Whether the text must not be sent."""
    return any(breach.grade is Grade.BLOCK for breach in breaches)


def _applies(when: When, context: Context) -> bool:
    return {
        When.ALWAYS: True,
        When.LOAN: not context.card,
        When.OVERDUE: context.overdue,
        When.NIGHT: context.night,
        When.OTHERS: not context.debtor,
        When.BOT: context.speaker is Speaker.BOT,
    }[when]


# ── searching ────────────────────────────────────────────────────────────────────────────────────────

CUT = "□"  #: stands for each cut character; no pattern of the file matches it
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff~·*_`]")


def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """The text as it is searched, and for each of its characters the place in the original."""
    plain: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for one in "。" if letter == "\n" else unicodedata.normalize("NFKC", letter).lower():
            if not _BLANK.match(one):
                plain.append(one)
                places.append(place)
    return "".join(plain), tuple(places)


def _spans(rule: Rule, plain: str) -> Iterator[tuple[int, int]]:
    left = rule.unless.sub(lambda cut: CUT * len(cut[0]), plain) if rule.unless else plain
    return (match.span() for match in rule.says.finditer(left) if match[0])


def _breach(rule: Rule, text: str, places: tuple[int, ...], start: int, end: int) -> Breach:
    first, last = places[start], places[end - 1] + 1
    return Breach(rule.code, rule.title, rule.grade, rule.sources, rule.advice, first, min(last, len(text)))


def _whole(rule: Rule, text: str) -> Breach:
    return Breach(rule.code, rule.title, rule.grade, rule.sources, rule.advice, 0, len(text))


# ── figures: no more than the mandate, no other than the card ────────────────────────────────────────

_NOTHING = re.compile(r"(?!)")


def _rule_of(code: str, title: str, advice: str, *sources: str) -> Rule:
    return Rule(code, title, Grade.BLOCK, When.ALWAYS, sources, advice, _NOTHING)


_MANDATE = "本行协商授权书"
_OVER_WAIVER = _rule_of(
    "over_waiver", "减免比例超过授权", "只说授权内的减免，超过的请走审批。", _MANDATE, "民法典 第五百七十五条"
)
_OVER_TERMS = _rule_of(
    "over_terms", "期数超过授权", "只说授权内的期数，超过的请走审批。", _MANDATE, "个人贷款管理办法"
)
_OVER_PAUSE = _rule_of(
    "over_pause",
    "延后月数超过授权",
    "只说授权内的延后月数，超过的请走审批。",
    _MANDATE,
    "民法典 第六百七十八条",
)
_OTHER_AMOUNT = _rule_of(
    "other_amount",
    "金额和报价卡不一致",
    "请按报价卡上的金额说；要改金额，请重新报价。",
    "个人贷款业务明示综合融资成本规定",
)
_NIGHT_CONTACT = _rule_of(
    "night_contact",
    "22:00 至次日 8:00 主动联系",
    "请改在 8:00 至 22:00 之间联系。",
    "GB/T 45251-2025",
    "金融机构个人消费类贷款催收工作指引（试行）",
)
FIGURE_RULES = (_OVER_WAIVER, _OVER_TERMS, _OVER_PAUSE, _OTHER_AMOUNT, _NIGHT_CONTACT)

_WAIVER = re.compile(
    r"(?:减免|免除|减掉|免掉|少还|免)[^。!?;\d]{0,8}(?:百分之(?P<c>\d{1,3})|(?P<p>\d{1,3}(?:\.\d+)?)%)"
)
_TERMS = re.compile(r"(?:分|分成|改成|改为|重新分|延长到|最长)(?P<n>\d{1,3})(?:期|个月)(?!内)")
_PAUSE = re.compile(r"(?:延后|推迟|暂停还款|停还|晚还|展期|延期)[^。!?;\d]{0,4}(?P<n>\d{1,3})个月")
_AMOUNT = re.compile(r"(?<![\d.,:-])(?:¥)?(?P<n>\d[\d,]*(?:\.\d{1,2})?)元")


def _by_figures(text: str, plain: str, places: tuple[int, ...], context: Context) -> list[Breach]:
    found: list[Breach] = []

    def add(rule: Rule, match: re.Match[str]) -> None:
        found.append(_breach(rule, text, places, *match.span()))

    if context.limits is not None:
        most = max((*context.limits.lump_waivers, *context.limits.plan_waivers), default=0)
        for match in _WAIVER.finditer(plain):
            if float(match["c"] or match["p"]) > most:
                add(_OVER_WAIVER, match)
        for rule, pattern, steps in (
            (_OVER_TERMS, _TERMS, context.limits.terms),
            (_OVER_PAUSE, _PAUSE, context.limits.pauses),
        ):
            for match in pattern.finditer(plain):
                if int(match["n"]) > max(steps, default=0):
                    add(rule, match)
    if context.told:
        told = {_amount(one) for one in context.told}
        for match in _AMOUNT.finditer(plain):
            if _amount(match["n"]) not in told:
                add(_OTHER_AMOUNT, match)
    return found


def _amount(written: str) -> int:
    """分 of "1,253.25"."""
    whole, _, cents = written.replace(",", "").removesuffix("元").strip().partition(".")
    return int(whole or 0) * 100 + int((cents + "00")[:2])
