"""Days as customers say them: found in a text, tidied, and reckoned from the day of the talk.

Pure. ``find`` knows no calendar: "下个月15号" becomes "下月15日". ``day_of`` makes a day of that, or None where a
person would ask back ("发工资以后", "周末", or "15号" on the 15th). Weeks begin on Monday. Days are those of
Asia/Shanghai, the caller's business.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.nlu.numbers import number

Found = tuple[int, int, str]

_HAN = "一二两俩三四五六七八九十廿卅"
SMALL = rf"(?:(?<![\d.])(?<!\d,)\d{{1,3}}(?![\d.])|[{_HAN}]{{1,3}})"
_DAY = rf"{SMALL}[号日](?!码|线|店|楼|期|内|以内)"
_WHICH = r"(?:下下|下|上|这|本|当|次|每)"
_MONTH = rf"(?:{_WHICH}个?|{SMALL})月份?"
_WEEK = r"(?:周|星期|礼拜)"
_LENGTH = r"(?:个半月|个?月|年|个?周|个?星期|个?礼拜|天|日)"
_MD = r"(?:1[0-2]|0?[1-9])[{0}](?:3[01]|[12]\d|0?[1-9])"

#: in this order: a longer saying is not cut by a shorter
_FORMS: tuple[tuple[str, str], ...] = (
    (
        "han",
        r"二[〇零][〇零一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[号日]",
    ),
    ("of_year", rf"[去今明]年{SMALL}月份?的?(?:{_DAY}|月?底)"),
    (
        "full",
        r"(?<![\d.])(?:20)?\d\d年\d{1,2}月\d{1,2}[号日]?|(?<![\d.])20\d\d[./-]\d{1,2}[./-]\d{1,2}(?!\d)[号日]?",
    ),
    (
        "soon",
        r"(?:再?过|等)(?:几|两|些)(?:天|日)(?:以后|之后|后)?|(?:再?过|等)(?:一?阵子|段时间|些时候)|(?:几|多)天(?:以后|之后|后)|(?:[两三四五六七八九][三四五六七八九十])天(?:以后|之后|后)",
    ),
    (
        "after",
        rf"(?:再?过|等)?(?:{SMALL}|半){_LENGTH}(?:的时间)?(?:以后|之后|过后|后)|再?过(?:{SMALL}|半){_LENGTH}",
    ),
    ("month", rf"{_MONTH}的?(?:{_DAY}|{SMALL}(?=前|之前|以前|还|$)|月?底|初|中旬|末)"),
    (
        "dotted",
        rf"(?<![\d./-]){_MD.format('./-')}[号日]|(?<![\d./-]){_MD.format('/')}(?![\d/])|(?<![\d./-]){_MD.format('-')}(?=[还前之以付交])",
    ),
    ("day", _DAY),
    (
        "named",
        r"大[前后]天|后天|明[天日晚早儿]|今[天日晚早儿]|后[儿日]个?|[听聽]日|[昨前][天日](?!还是)|昨晚|元旦(?!以?[前后]|之[前后])|年底(?!前?以?后)|年前|年后|过完年|过年(?:以?前|之前|后|以后)?|(?:元旦|国庆|春节|中秋|五一|十一(?=假|长假|以?后|之后|前))(?:节|长?假期?)?(?:以?后|之后|前)?(?!月|个|点)",
    ),
    ("week", rf"(?:{_WHICH}个?)?{_WEEK}[一二三四五六日天末1-6](?!期|个)|周末"),
    (
        "loose",
        rf"(?:下下|下)个?(?:月|{_WEEK})|月[底初末中]|明后[两]?天|改[天日]|开春|明年|[二三]?十[几来][号日]|[二三]十多号",
    ),
    (
        "pay",
        r"(?:发|开)了?(?:工资|薪水|薪)(?:那天|日|以?后|之后|了?再|了?就|的时候)|工资(?:下来|到账|发了|一到)|^(?:等)?(?:发|开)(?:工资|薪)$",
    ),
)
_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _FORMS))


def find(text: str) -> Iterator[Found]:
    """(start, end, the saying tidied) of every day a normalised text names."""
    for match in _PATTERN.finditer(text):
        tidied = _TIDY.get(match.lastgroup or "", _plain)(match[0])
        if tidied:
            done = _OF_YEAR.fullmatch(tidied) and _DONE.match(text, match.end())
            yield match.start(), match.end(), f"{BEFORE}{tidied}" if done else tidied


#: put before a day of a month that the sentence tells of as past: "11月28日还的"
BEFORE = "之前的"
_DONE = re.compile(
    r".{0,4}?(?:还|扣|付|交|转|借|买|存|办|申请|打|退|签|逾期|到账|放款)(?:了|过|的(?!话|时候))"
)


def _count(text: str) -> str:
    value = number(text.replace("俩", "两"))
    return str(int(value or 0))


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"{SMALL}(?=[月号日]|$)"), lambda match: _count(match[0])),
    (re.compile("个|的"), lambda match: ""),
    (re.compile("月份"), lambda match: "月"),
    (re.compile("月月底|月末"), lambda match: "月底"),
    (re.compile("号"), lambda match: "日"),
    (re.compile("星期|礼拜"), lambda match: "周"),
    (re.compile("周天"), lambda match: "周日"),
    (re.compile("(?<=周)[1-6]"), lambda match: "零一二三四五六"[int(match[0])]),
    (re.compile("^(?:这|本|当)(?=[月周])"), lambda match: "本"),
    (re.compile("^次(?=[月周])"), lambda match: "下"),
    (re.compile("^[听聽]日$"), lambda match: "明天"),
    (re.compile("^([明今昨前后])[日晚早儿]$"), lambda match: f"{match[1]}天"),
    (re.compile("(月)(\\d+)$"), lambda match: f"{match[1]}{match[2]}日"),
)


def _plain(said: str) -> str:
    for pattern, by in _STEPS:
        said = pattern.sub(by, said)
    return said


def _full(said: str) -> str:
    year, month, day = re.findall(r"\d+", said)
    return f"{int(year) % 100 + 2000}年{int(month)}月{int(day)}日"


def _dotted(said: str) -> str:
    month, day = re.findall(r"\d+", said)
    return f"{int(month)}月{int(day)}日"


_FIGURES = dict(zip("〇零一二三四五六七八九", "00123456789"))


def _han(said: str) -> str:
    year, _, rest = said.partition("年")
    return f"{''.join(_FIGURES[figure] for figure in year)}年{_plain(rest)}"


_UNITS = {"日": "天", "星期": "周", "礼拜": "周", "月": "个月", "个星期": "周", "个礼拜": "周", "个周": "周"}


def _after(said: str) -> str:
    match = re.search(rf"(?P<n>{SMALL}|半)(?P<unit>{_LENGTH})", said)
    if match is None:
        return ""
    if match["unit"] == "个半月":
        return f"{int(_count(match['n'])) * 30 + 15}天后" if match["n"] != "半" else ""
    unit = _UNITS.get(match["unit"], match["unit"])
    if match["n"] == "半":
        return {"年": "6个月后", "个月": "15天后"}.get(unit, "")
    return f"{_count(match['n'])}{unit}后"


_TIDY: dict[str, Callable[[str], str]] = {
    "full": _full,
    "han": _han,
    "dotted": _dotted,
    "after": _after,
    "soon": lambda said: "过几天",
}

# --- the day that is meant

_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2, "大前天": -3}
_MONTHS = {"上": -1, "本": 0, "下": 1, "下下": 2}
_AFTER = re.compile(r"(\d+)(天|周|个月|年)后")
_OF_MONTH = re.compile(r"(下下|下|本|上)?月(?:(\d+)日|底)")
_OF_YEAR = re.compile(r"(?:(\d{4}|[去今明])年)?(\d+)月(?:(\d+)日|底)")
_YEARS = {"去": -1, "今": 0, "明": 1}
_OF_WEEK = re.compile(r"(下下|下|本|上)?周([一二三四五六日])")
#: a day of this year that is over by less may be the one meant: it is asked back
JUST_OVER = timedelta(days=60)


def day_of(said: str, today: date) -> date | None:
    """The day meant by a tidied saying on the day ``today``; None where it is not certain."""
    for reckon in (_near, _later, _in_month, _in_year, _in_week):
        day = reckon(said, today)
        if day is not None:
            return day
    return None


def _near(said: str, today: date) -> date | None:
    if said in _NEAR:
        return today + timedelta(days=_NEAR[said])
    if said == "元旦":
        return date(today.year + 1, 1, 1) if (today.month, today.day) != (1, 1) else None
    return date(today.year, 12, 31) if said == "年底" else None


def _later(said: str, today: date) -> date | None:
    match = _AFTER.fullmatch(said)
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    if unit in ("天", "周"):
        return today + timedelta(days=count * (7 if unit == "周" else 1))
    year, month = _month(today, count * (12 if unit == "年" else 1))
    return date(year, month, min(today.day, _length(year, month)))


def _in_month(said: str, today: date) -> date | None:
    """ "15日" is the next 15th; on the 15th itself, or where the month has no such day, it is not certain."""
    match = _OF_MONTH.fullmatch(said) or re.fullmatch(r"()(\d+)日", said)
    if match is None:
        return None
    year, month = _month(today, _MONTHS[match[1] or "本"])
    day = int(match[2]) if match[2] else _length(year, month)
    if not match[1] and match[2]:
        if day == today.day:
            return None
        year, month = _month(today, day < today.day)
    return date(year, month, day) if 1 <= day <= _length(year, month) else None


def _in_year(said: str, today: date) -> date | None:
    match = _OF_YEAR.fullmatch(said.removeprefix(BEFORE))
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    named = today.year + _YEARS[match[1]] if match[1] in _YEARS else int(match[1] or today.year)
    year, month = named, int(match[2])
    day = int(match[3]) if match[3] else _length(year, month)
    if not 1 <= day <= _length(year, month):
        return None
    meant = date(year, month, day)
    if said.startswith(BEFORE) and not match[1]:
        return meant if meant <= today else _year_before(meant)
    if match[1] or meant >= today:
        return meant
    return None if today - meant <= JUST_OVER else date(year + 1, month, min(day, _length(year + 1, month)))


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, _length(day.year - 1, day.month)))


def _in_week(said: str, today: date) -> date | None:
    """ "周五" is the coming Friday, not certain on a Friday; "下周五" that of the next calendar week."""
    match = _OF_WEEK.fullmatch(said)
    if match is None:
        return None
    ahead = "一二三四五六日".index(match[2]) - today.weekday()
    if match[1]:
        return today + timedelta(days=ahead + 7 * _MONTHS[match[1]])
    return None if ahead == 0 else today + timedelta(days=ahead % 7)


def _month(today: date, ahead: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + ahead
    return months // 12, months % 12 + 1


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
