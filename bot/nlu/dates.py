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

from bot.nlu.numbers import ROUGHLY, number

Found = tuple[int, int, str]

_HAN = "一二两俩三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾"
#: a small number: up to three figures, or Chinese numerals up to some hundreds (一百二十)
SMALL = rf"(?:(?<![\d.])(?!(?<=\d,)\d{{3}})\d{{1,3}}(?![\d.])|[一二两三]百(?:零[一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)?(?=天(?!天)|期)|[{_HAN}]{{1,3}})"
_NUMBERED = rf"(?:(?<![\d.])\d{{1,2}}(?![\d.])|[{_HAN}]{{1,3}})"
#: what may follow 号 and 日 where they name no day: doors, keys, lines, words
_NO_DAY = r"(?!码|线|店|楼|期|内|以内|键|窗|柜|桌|机|客服|坐席|房|门|院|选项|方案|字|利|息|均|用|元)"
_DAY = rf"{_NUMBERED}[号日]{_NO_DAY}"
#: words after which days are counted: 宽限3日, 晚多两日
_COUNTING = "".join(
    f"(?<!{word})"
    for word in [
        "迟",
        "晚",
        "拖",
        "缓",
        "多",
        "第",
        "宽限",
        "逾期",
        "延期",
        "推迟",
        "延迟",
        "推后",
        "延后",
        "晚了",
        "迟了",
        "逾期了",
        "延期了",
    ]
)
_NO_RETURN = "(?<!每)(?<!每个)(?<!毎)(?<!毎个)"
_NO_MONTHLY = "".join(f"(?<!{word})" for word in ("每月", "每个月", "每月的", "每个月的", "毎月"))
_WHICH = r"(?:下下|下|上|这|本|当|次)"
_MONTH = rf"(?:{_WHICH}个?|{SMALL})月份?"
_TWELVE = r"(?:(?<!\d)(?:1[0-2]|0?[1-9])|十[一二]?|[一二三四五六七八九])"
_WEEK = r"(?:周|星期|礼拜)"
_LENGTH = r"(?:个半月|个?月|年|个?周|个?星期|个?礼拜|天|日)"
_MD = r"(?:1[0-2]|0?[1-9])[{0}](?:3[01]|[12]\d|0?[1-9])"
_BEHIND = r"(?:过后|以后|之后|后)"
#: after a bare month or a bare figure behind a month: it is a day or a month that is meant
_ON = r"(?=(?:以|之)?[前后]|还(?!款)|再|才|到期|开始|能|行|可以|吧|给|付|交|[,。?!]|$)"
_SHADED = r"(?!\d|[.,]\d|\s?[个元块期天%百千万wk月分人次笔年点多几来:/-])"
#: pay on a named day (25号发工资, 月底公司发工资) is that day
_AFTER_DAY = "".join(rf"(?<![\d一二三四五六七八九十月][号日底]{gap})" for gap in ("", ".", ".."))
_PAY = r"(?:工资|薪水|薪|钱|支)"
_OVER = r"(?!算|会|就?上征|有|影响|罚|没还|不还)"

#: in this order: a longer saying is not cut by a shorter
_FORMS: tuple[tuple[str, str], ...] = (
    (
        "han",
        r"二[〇零][〇零一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[号日]",
    ),
    ("compact", r"(?<![\d号码:])20[23]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    ("of_year", rf"[去今明]年(?:{SMALL}月份?的?(?:{_DAY}|月?底)|年?底)"),
    (
        "full",
        r"(?<![\d.])(?:20)?\d\d年\d{1,2}月\d{1,2}[号日]?|(?<![\d.])20\d\d[./-]\d{1,2}[./-]\d{1,2}(?!\d)[号日]?",
    ),
    (
        "soon",
        r"(?<![超期迟晚])再?过(?:几|两|些)(?:天|日)(?:以后|之后|后)?|等(?:几|两|些)(?:天|日)(?:以后|之后|后|(?=再|就))|(?:再?过|等)(?:一?阵子|段时间|些时候)|(?:几|多)天(?:以后|之后|后)"
        rf"|(?:{ROUGHLY}|三两|[两三四五六七八九][三四五六七八九])(?:个?月|天|日|个?周|个?星期|个?礼拜){_BEHIND}|再?过(?:{ROUGHLY}|三两)(?:个?月|天|日|个?周|个?星期|个?礼拜)",
    ),
    (
        "after",
        rf"(?:再?过|等)?(?:{SMALL}|半){_LENGTH}(?:的时间)?{_BEHIND}|(?<![超期迟晚没还借欠扣拖差断])再?过(?:{SMALL}|半){_LENGTH}{_OVER}|等(?:{SMALL}|半){_LENGTH}(?=再|就|还)",
    ),
    (
        "ago",
        rf"(?<!提前)(?<!到期)(?<!款日)(?<!期限){SMALL}(?:天|个?周|个?星期|个?礼拜)(?:以前|之前|前)(?!后|必|要|能|通知|提醒|提前|还(?![的了过])|付(?![的了过])|给)",
    ),
    (
        "month",
        rf"{_NO_RETURN}{_MONTH}的?(?:{_DAY}|{SMALL}(?=前|之前|以前|还|$)|(?<!\d)\d{{1,2}}{_SHADED}|月?底|月?初|中旬|上旬|下旬|末|月?[头尾])",
    ),
    (
        "dotted",
        rf"(?<![\d./-]){_MD.format('./-')}[号日]|(?<![\d./-]){_MD.format('/')}(?![\d/]|的本金|的钱|期)|(?<![\d./-]){_MD.format('-')}(?=[还前之以付交])"
        rf"|(?<![\d./-]){_MD.format('.')}(?=(?:之|以)?前|到期|那天)",
    ),
    (
        "months",
        rf"(?<![分期每])(?<!分成)(?<![{_HAN}])(?:(?<!\d)(?:20)?\d\d年|[今明]年)?(?!一月[能还行可给付]){_TWELVE}月份?{_ON}|(?:20\d\d|[今明])年{_TWELVE}月份?(?!的?账单|[到至~-])",
    ),
    ("roughly", rf"(?:[二三]?十)?{ROUGHLY}[号日]{_NO_DAY}"),
    (
        "day",
        rf"(?<![第一二三四五六七八九十]){_NO_RETURN}{_NO_MONTHLY}(?:(?!两|俩){_NUMBERED}号{_NO_DAY}|{_COUNTING}(?!(?:一|两|俩)日){_NUMBERED}日{_NO_DAY})",
    ),
    ("low", rf"(?<![\d.:-]){_NUMBERED}(?=[到至~]{_DAY})"),
    (
        "feast",
        r"(?:大?年|正月)?初[一二三四五六七八九十](?=[之以]?[前后]|还[钱款你上清]|给你)|过(?:完了?|了)(?:元旦|国庆|春节|中秋|五一|元宵|端午|清明|十五|节|年)节?(?:以?前|之前|后|以后|之后)?|正月(?:里|初[一二三四五六七八九十]|十五)?|腊月(?:底|里|二十[几多一二三四五六七八九]?)?"
        r"|除夕|大?年三十|大年夜|大年初[一二三四五六七八九]|(?<![去今每])年关|(?:元宵|端午|清明)(?:节|假期?)?(?:以?后|之后|前)?",
    ),
    (
        "named",
        r"大[前后][天日]|[听聽寻尋琴噚][日晚朝]|[明昨今](?=[上下中]午)|(?<![之以提])前晚|后天|(?<!明)明[天日晚早儿]个?|今[天日晚早儿]个?|后[儿日]个?|[昨前][天日儿](?!还是)个?|昨晚|元旦(?!以?[前后]|之[前后])|年底(?!前?以?后)|(?<![\d一二两三四五六七八九十几半多])年前|(?<![\d一二两三四五六七八九十几半多])年后|过年(?:以?前|之前|后|以后)?|(?:元旦|国庆|春节|中秋|(?<![百千万零一二三四五六七八九十])五一(?![年天期万])|十一(?=假|长假|以?后|之后|前))(?:节|长?假期?)?(?:以?后|之后|前)?(?!月|个|点)",
    ),
    ("week", rf"{_NO_RETURN}(?:{_WHICH}个?)?{_WEEK}[一二三四五六日天末1-6](?!期|个)|周末"),
    (
        "loose",
        rf"(?:下下|下)个?(?:月|{_WEEK})|(?<!几)月[底初末中头尾]|明后[两]?天|改[天日](?!子|期)|明年开春|开春|明年|[二三]?十[几来][号日]|[二三]十多号|(?<!\d)[123]0[几来多][号日]",
    ),
    (
        "pay",
        rf"{_AFTER_DAY}(?:等(?:我|公司|厂里|单位|老板)?(?:发|开)?了?(?:工资|薪水)(?:下来|到账|发了|到了)?|(?:发|开)了?(?:工资|薪水|薪|资)(?:那天|日|以?后|之后|了?再|了?就|了|的时候)"
        rf"|(?<!刚)(?<!没)(?<!已经)(?:发|开)了{_PAY}|工资(?:下来|到账(?!没|吗|了没|了吗)|发了(?!没|吗)|一到))|^(?:等)?(?:发|开)(?:工资|薪)$",
    ),
)
_PATTERN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _FORMS))


def find(text: str) -> Iterator[Found]:
    """(start, end, the saying tidied) of every day a normalised text names."""
    for match in _PATTERN.finditer(text):
        tidied = _TIDY.get(match.lastgroup or "", _plain)(match[0])
        if tidied:
            yield match.start(), match.end(), f"{_looks_back(tidied, text, match.end())}{tidied}"


#: put before a day that the sentence tells of as past: "11月28日还的"
BEFORE = "之前的"
#: put before a day of a month that is past if it is over by little: "11月9日被扣"
LATELY = "不久前的"
_HAD = "(?:了|过(?![来去])|过[来去]了)(?!行|可以|就[行好]|再|才|的话)"
_GAP = r"(?:[^,。!?;\s能会再可要想准打保一前后不]|不[小知]){0,10}?"
_DONE = re.compile(
    rf"{_GAP}(?:已经|(?:还|扣|付|交|转|借|买|存|办|申请|打|退|签|逾期|到账|放款)[清完掉上进]?(?:的(?!话|时候|钱)|{_HAD})"
    rf"|到期{_HAD}|(?:划|扣|转|刷|取)走|又[从扣划收])"
)
_OF_LATE = re.compile(
    rf"\s?{_GAP}(?:那[笔次单]|被|又|说|答应|承诺|核实|提交|下单|开户|注册|突然|莫名|[扣划刷转打存退取买充](?:\d|我|给|掉))"
    r"|[^。!?;]{0,20}?(?:到现在|至今|[怎咋]么?还[没在]|没到账|还没到|还没收到|退回来没)"
)


def _looks_back(tidied: str, text: str, end: int) -> str:
    """What the words after a day make of it: BEFORE, LATELY or nothing."""
    if _OF_YEAR.fullmatch(tidied):
        return BEFORE if _DONE.match(text, end) else LATELY if _OF_LATE.match(text, end) else ""
    plain = re.fullmatch(r"\d+日|周[一二三四五六日]", tidied)
    return BEFORE if plain and _DONE.match(text, end) else ""


def _count(text: str) -> str:
    value = number(text.replace("俩", "两"))
    return str(int(value or 0))


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"{SMALL}(?=[月号日]|$)"), lambda match: _count(match[0])),
    (re.compile("个|的"), lambda match: ""),
    (re.compile("月份"), lambda match: "月"),
    (re.compile("月月底|月末|月月?尾"), lambda match: "月底"),
    (re.compile("号"), lambda match: "日"),
    (re.compile("星期|礼拜"), lambda match: "周"),
    (re.compile("周天"), lambda match: "周日"),
    (re.compile("(?<=周)[1-6]"), lambda match: "零一二三四五六"[int(match[0])]),
    (re.compile("^(?:这|本|当)(?=[月周])"), lambda match: "本"),
    (re.compile("^次(?=[月周])"), lambda match: "下"),
    (re.compile("^[听聽][日晚朝]$"), lambda match: "明天"),
    (re.compile("^[寻尋琴噚][日晚朝]$"), lambda match: "昨天"),
    (re.compile("^(大?[明今昨前后])[日晚早儿]?$"), lambda match: f"{match[1]}天"),
    (re.compile("月月?[头初]$"), lambda match: "月初"),
    (re.compile("^月头$"), lambda match: "月初"),
    (re.compile("年年底$"), lambda match: "年底"),
    (re.compile("(月)(\\d+)$"), lambda match: f"{match[1]}{match[2]}日"),
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
    "compact": lambda said: f"{said[:4]}年{int(said[4:6])}月{int(said[6:])}日",
    "low": lambda said: f"{_count(said)}日",
    "roughly": lambda said: said,
    "feast": lambda said: said,
    "months": lambda said: said,
    "ago": lambda said: f"{_after(said)[:-1]}前" if _after(said) else "",
    "full": _full,
    "han": _han,
    "dotted": _dotted,
    "after": _after,
    "soon": lambda said: "过几天",
}

# --- the day that is meant

_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2, "大前天": -3}
_MONTHS = {"上": -1, "本": 0, "下": 1, "下下": 2}
_AFTER = re.compile(r"(\d+)(天|周|个月|年)([前后])")
_OF_MONTH = re.compile(r"(下下|下|本|上)?月(?:(\d+)日|底)")
_OF_YEAR = re.compile(r"(?:(\d{4}|[去今明])年)?(\d+)月(?:(\d+)日|底)")
_YEARS = {"去": -1, "今": 0, "明": 1}
_YEAR_END = re.compile(r"([去今明])?年底")
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
    end = _YEAR_END.fullmatch(said)
    return date(today.year + _YEARS[end[1] or "今"], 12, 31) if end else None


def _later(said: str, today: date) -> date | None:
    match = _AFTER.fullmatch(said)
    if match is None:
        return None
    count, unit = int(match[1]) * (1 if match[3] == "后" else -1), match[2]
    if unit in ("天", "周"):
        return today + timedelta(days=count * (7 if unit == "周" else 1))
    year, month = _month(today, count * (12 if unit == "年" else 1))
    return date(year, month, min(today.day, _length(year, month)))


def _in_month(said: str, today: date) -> date | None:
    """ "15日" is the next 15th; on the 15th itself, or where the month has no such day, it is not certain."""
    over, said = said.startswith(BEFORE), said.removeprefix(BEFORE)
    match = _OF_MONTH.fullmatch(said) or re.fullmatch(r"()(\d+)日", said)
    if match is None:
        return None
    year, month = _month(today, _MONTHS[match[1] or "本"])
    day = int(match[2]) if match[2] else _length(year, month)
    if not match[1] and match[2]:
        if day == today.day:
            return None
        year, month = _month(today, -(day > today.day) if over else day < today.day)
    return date(year, month, day) if 1 <= day <= _length(year, month) else None


def _in_year(said: str, today: date) -> date | None:
    match = _OF_YEAR.fullmatch(said.removeprefix(BEFORE).removeprefix(LATELY))
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    named = today.year + _YEARS[match[1]] if match[1] in _YEARS else int(match[1] or today.year)
    year, month = named, int(match[2])
    day = int(match[3]) if match[3] else _length(year, month)
    if not 1 <= day <= _length(year, month):
        return None
    meant = date(year, month, day)
    last = meant if meant <= today else _year_before(meant)
    if said.startswith(BEFORE) and not match[1]:
        return last
    if said.startswith(LATELY) and not match[1] and today - last <= JUST_OVER:
        return last
    if match[1] or meant >= today:
        return meant
    return None if today - meant <= JUST_OVER else date(year + 1, month, min(day, _length(year + 1, month)))


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, _length(day.year - 1, day.month)))


def _in_week(said: str, today: date) -> date | None:
    """ "周五" is the coming Friday, not certain on a Friday; "下周五" that of the next calendar week."""
    match = _OF_WEEK.fullmatch(said.removeprefix(BEFORE))
    if match is None:
        return None
    ahead = "一二三四五六日".index(match[2]) - today.weekday()
    if match[1]:
        return today + timedelta(days=ahead + 7 * _MONTHS[match[1]])
    return None if ahead == 0 else today + timedelta(days=ahead % 7 - 7 * said.startswith(BEFORE))


def _month(today: date, ahead: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + ahead
    return months // 12, months % 12 + 1


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
