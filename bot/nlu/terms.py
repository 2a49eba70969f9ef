"""Lengths as customers say them: 12期, 半年, 一年零三个月, 分三次, 迟两日.

Pure. Finds lengths of time and numbers of instalments; what is said of each day or month (一天利息, 一个月还800)
is a rate and no length. Runs after the days (dates.py), which take theirs first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.dates import SMALL
from bot.nlu.numbers import number

_UNIT = r"个半月|个月|个星期|个礼拜|个周|周(?!岁|期|转|边|围)|星期|礼拜|期|年半|年|个?季度|天(?!天)|日|次(?=[还付](?:清|完|掉|行|可以|吧|吗|$))"
_COUNT = rf"(?:(?!0\d){SMALL}|半|俩)"
_TERM = re.compile(
    rf"(?<![第一二两三四五六七八九十])(?P<years>{_COUNT})年(?:(?:零|又|加)|(?![一1]个))(?P<months>{_COUNT})个月"
    rf"|(?<![第一二两三四五六七八九十])(?P<n>{_COUNT}|大半|小半)\s?(?P<u>{_UNIT})(?!化|级|限|轻|纪|到头|间)"
    r"|(?<![\d一二三四五六七八九十])(?P<pair>[俩仨]月)|(?P<about>个把(?:月|星期|礼拜)|半拉月)"
    r"|(?:期数(?:选|加到|加成|改[成为到]|是|为|要)?)\s?(?P<periods>\d{1,2})(?![\d.%期个]|\s?期)"
    r"|(?<=[分成])(?P<times>(?![一1][次回])(?:\d{1,2}|[一二三四五六七八九十]{1,3}|两))[次回](?!到|扣|转|打|提|进|[家来去])"
)
#: the first of several: 6-12期, 3、6、12期, 三到五年, 12还是24期
_LISTED = re.compile(
    rf"(?<![第\d一二两三四五六七八九十百千万wk.:])(?P<n>{_COUNT})(?=(?:(?:[-~到至、/和或]|还是){_COUNT}){{1,3}}\s?(?P<u>期|个月|年|天|周))"
)
_UNITS = {"个星期": "周", "个礼拜": "周", "个周": "周", "星期": "周", "礼拜": "周", "日": "天", "次": "期"}
_HALVES = {"年": "6个月", "个月": "15天"}
_IN_OTHERS = {"周": (7, "天"), "个季度": (3, "个月"), "季度": (3, "个月")}
_AND_A_HALF = {"年半": (12, 6, "个月"), "个半月": (30, 15, "天")}
_ABOUT = {"个把月": "1个月", "半拉月": "15天"}
_MOST = 60  #: numbers of a list that are over this are sums, not instalments

_CONTEXT = 12  #: characters before a length that say whether it is one
#: words after which even one day or month is a length: 晚一天, 就差一天, 借一个月
_LASTS = re.compile(
    r"(?:迟|晚|晏|慢|早|审核|逾期?|预期|过期|超期|忘记?|缓|拖|宽限|限|延期?|推[迟后]|延[迟后]|提前|差|超过?|过|给我?|等|借|用|存|停|歇|少|多|满|不足|不到|还款日|了|就|才|仅|再|失业|停工)"
    r"(?:了|咗|还款?|换|个|我|你|多|到|不到|差|一下|这么|快|有|过|够)*$"
)
_ONE = frozenset({"一", "1"})
#: 一个月还800, 一个月工资4000: said of each month
_EACH = re.compile(
    r"\s?(?:(?:只|最多|顶多|最少|最高|大概|差不多|就|才|我|也就?)*(?:能|可以|要|得|想)?(?:先)?(?:还(?![清完上])|拿|给|付|交|挣|赚|扣|收|凑|出|剩|借|转|刷|累计)"
    r"|(?:只|最多|顶多|最少|最高|大概|差不多|就|才)|多少|几|利息|工资|收入|房租|开销|生活费|到手|\d|[一二两三四五六七八九][百千万])"
)
_SUM_BEFORE = re.compile(r"(?P<loan>[借存贷]\D{0,3})?(?:\d|[百千万元块w k钱])\s?$")
_LOAN = re.compile(r"[借存贷用]")
_TURN = re.compile(r"[这那上下每哪某同前另头后首末]\s?$")
_THESE = re.compile(r"[这那]$")
_OF_SOME = re.compile(r"第\s?[\d一二三四五六七八九十]{1,3}[-~到至、/和或]$")


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, number and 期, 天, 个月 or 年) of every length a normalised text names."""
    for match in sorted((*_LISTED.finditer(text), *_TERM.finditer(text)), key=re.Match.start):
        value = _listed(match) if match.re is _LISTED else _said(match, text)
        if value:
            yield match.start(), match.end(), value


def _listed(match: re.Match[str]) -> str | None:
    count = number("两" if match["n"] == "俩" else match["n"]) if match["n"] != "半" else None
    return _length(match["n"], match["u"]) if count is not None and count <= _MOST else None


def _said(match: re.Match[str], text: str) -> str | None:
    if match["years"]:
        return _years_and_months(match["years"], match["months"])
    if match["pair"]:
        return "2个月" if match["pair"][0] == "俩" else "3个月"
    if match["about"]:
        return _ABOUT.get(match["about"], "7天")
    if counted := match["times"] or match["periods"]:
        return f"{int(number(counted) or 0)}期"
    said, unit = match["n"].removeprefix("大").removeprefix("小"), match["u"]
    before = text[max(0, match.start() - _CONTEXT) : match.start()]
    return _length(said, unit) if _lasts(said, unit, before, text[match.end() :][:_CONTEXT]) else None


def _lasts(said: str, unit: str, before: str, after: str) -> bool:
    """Whether it is a length, not a turn, a year of the calendar or what is said of each."""
    verb = bool(_LASTS.search(before))
    if unit == "日":
        return verb or said in ("两", "俩") or after.startswith(("内", "以内"))
    if unit == "期" and (_OF_SOME.search(before) or (said in _ONE and _turn(before, after))):
        return False
    if after.startswith(("前", "之前", "以前")) or (said in ("两", "2") and _THESE.search(before)):
        return False
    if unit == "年" and said.isdigit() and int(said) >= _MOST:
        return False
    if said not in _ONE or unit not in ("天", "个月") or verb or after.startswith("了"):
        return True
    alone = not before and not after.strip("?。!吗呢吧 ")
    if unit == "天":
        return alone
    for_sum = _SUM_BEFORE.search(before)
    return alone or not (_EACH.match(after) if not for_sum else not _LOAN.search(before))


def _turn(before: str, after: str) -> bool:
    """上一期, 最后一期, 一期400, 600一期."""
    return bool(
        _TURN.search(before)
        or _SUM_BEFORE.search(before)
        or re.match(r"\s?(?:还|多少|要|是|指|费率|最多|几|\d|[一二两三四五六七八九]百)", after)
    )


def _years_and_months(years: str, months: str) -> str | None:
    count, more = number(years.replace("俩", "两")), number(months.replace("俩", "两"))
    if count is None or more is None:
        return None
    return f"{int(count) * 12 + int(more)}个月"


def _length(said: str, unit: str) -> str | None:
    count = number("两" if said == "俩" else said) if said != "半" else None
    if count is None:
        return _HALVES.get(_UNITS.get(unit, unit))
    if unit in _AND_A_HALF:
        each, half, plain = _AND_A_HALF[unit]
        return f"{int(count) * each + half}{plain}"
    each, plain = _IN_OTHERS.get(_UNITS.get(unit, unit), (1, _UNITS.get(unit, unit)))
    return f"{int(count) * each}{plain}" if count else None
