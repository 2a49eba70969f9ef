"""What a customer says he can pay: which sum is a month's, which is at hand, which comes later, and his own proposal.

Rules over normalised text and its entities. Pure. A sum's part in the sentence is told by the words around it; where they
are silent the question that was asked decides. What he earns, spends or owes is no means. Knows no offers and no debt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.money import ZERO, Money
from bot.nlu.dates import day_of
from bot.nlu.entities import Entity, entities_in


@dataclass(frozen=True)
class SaidMeans:
    """What was named; None or False where nothing was. ``starts_in`` and ``recovers_in`` in months."""

    monthly: Money | None = None
    later: Money | None = None
    at_hand: Money | None = None
    recovers_in: int | None = None
    terms: int | None = None
    starts_in: int | None = None
    principal_first: bool = False
    too_much: bool = False  #: what is on the table is more than he can pay
    replaces: Money | None = None  #: the figure he takes back ("不是3000，是2000")

    @property
    def anything(self) -> bool:
        return self != SaidMeans()


_STOP = re.compile(r"[,。;!?，；！？\n]|\.(?!\d)")
_CUES = (
    ("none", re.compile(r"不是$|别说$|莫说$|哪有$")),
    ("hand", re.compile(r"手[里理头上]|身上|卡里|账[上户]|存款|积蓄|攒|凑|首付|首期|余额")),
    (
        "later",
        re.compile(
            r"以后|之后|过后|月后|年后|周后|到时|[恢灰]复|好转|找到工作|开工|复工|缓过来|下半年|那时|往后"
        ),
    ),
    ("month", re.compile(r"每个?月|一个?月|月月|按月|月供|月付|每期|一期|月还|每次|平均")),
    (
        "hand",
        re.compile(
            r"先[还付交给转拿垫]|一次性?|马上|今天|立刻|立马|这会儿|[现先]在[^每月]{0,3}[还付转拿交]|目前[^每月]{0,3}[拿还]出"
        ),
    ),
    (
        "other",
        re.compile(
            r"工资|收入|月薪|到手|薪水|[赚挣]|房租|房贷|车贷|生活费|吃饭|开销|开支|学费|药费|医药|看病|水电|[欠借贷]了?|总共|本金|罚息|利息|违约金"
        ),
    ),
)
_EARNED = re.compile(
    r"^(?:的)?(?:工资|收入|薪水|底薪|到手|[赚挣]|开销|开支|房租|房贷|车贷|生活费)[^能可拿还剩]*$"
)
_ABLE = re.compile(r"能|可以|拿|还得?[起了]?$|出|剩|够|承受|接受|挤|腾")
_MONTH_AFTER = re.compile(
    r"(?:块钱?|元)?(?:以[下内]|左右|上下)?(?:/|一个?|每个?)月|(?:块钱?|元)?(?:一|每)期|每月|月供"
)
_TOO_MUCH_AFTER = re.compile(
    r"(?:块钱?|元)?[^,。]{0,3}(?:太[多高贵]|还不[起了]|拿不出|(?<!行)不行|付不起|承受不|受不了|做不到|吃力|有点[多高])"
)
_TOO_MUCH = re.compile(
    r"太[多高贵]|还不[起了上]|拿不出|付不起|承受不|受不了|吃力|有点[多高]|再(?:少|低|降|便宜)|少[一]?点|低[一]?点|便宜点"
)
_NOTHING = re.compile(
    r"一分(?:钱)?(?:也|都)?(?:没|拿不|还不)|身无分文|(?:^|[^,。]{0,4})(?:真的?|实在|现在|目前)?(?:没|没有)(?:什么)?(?:钱|收入|工作|存款|积蓄)|拿不出(?:来)?钱|一点(?:也|都)?(?:拿不|还不|没)"
)
_PENNILESS = re.compile(
    r"一分(?:钱)?(?:也|都)?(?:没|莫得|冇|拿不|还不|给不)|身无分文|一点(?:也|都)?(?:拿不|还不)"
)
_NO_HAND = re.compile(
    r"(?:手[里理头上]头?|身上|卡里|账上|存款|积蓄)[^,。]{0,3}(?:没|莫得|冇|空|一分|无|是?0)|没有?(?:什么)?(?:存款|积蓄)|先拿不出|没(?:有)?(?:现|闲)钱"
)
#: asked what is at hand and no sum named, these say: nothing
_NOTHING_LEFT = re.compile(r"没|^无$|莫得|冇|哪有|哪来|用完|花完|花光")
#: "以后每个月能还800" with no better time named is from now on
_BETTER = re.compile(
    r"[恢灰]复|好转|工作|上班|[开复]工|缓过来|好起来|结款|回款|下半年|那时|到时|[月年周]后|月[以之]后"
)
_NOW = re.compile(r"[现先]在|目前|眼下|这[会阵]")
_RECOVER = re.compile(
    r"[恢灰]复|好转|找到?工作|上班|入职|开工|复工|缓过来|好起来|有收入|发工资|结款|回款|到时|以后能|后能|之后能|后可以|后就"
)
_SPLIT = re.compile(r"分|[要改换]成?|就|期")
_START = re.compile(r"开始|再还|起还|先(?:不|别)还|再给|缓|延|晚|推")
_REFUSED_TERM = re.compile(r"(?:都|也|还是)?(?:不够|太[短长少多]|(?<!行)不行|不要|还是紧|还不[起了])")
_NONE = re.compile(r"(?:真的|暂时|现在|目前)?(?:没有?|无)(?:了|啊|呢|的)?[。.!]*")
_PRINCIPAL = re.compile(r"先[还冲抵扣]?(?:的)?(?:是)?本金|只还本金|本金先")


def means_in(text: str, today: date, asked_for: str = "month") -> SaidMeans:
    """What ``text`` says of means and wishes. ``asked_for``: the part of a bare sum ("month", "hand", "later")."""
    found = entities_in(text)
    sums = _sums(text, found, asked_for)
    if "later" in sums and "month" not in sums and asked_for == "month" and not _BETTER.search(text):
        sums["month"] = sums.pop("later")
    better = asked_for == "later" or "later" in sums or bool(_RECOVER.search(text))
    recovers = _recovers(text, found, today) if better else None
    at_hand = sums.get("hand")
    monthly = sums.get("month")
    if at_hand is None and _NO_HAND.search(text):
        at_hand = ZERO
    if monthly is None and at_hand is None and _PENNILESS.search(text):
        monthly = at_hand = ZERO
    if monthly is None and at_hand is None and _NOTHING.search(text) and asked_for != "hand":
        monthly = ZERO
    if at_hand is None and asked_for == "hand" and not sums and _NOTHING_LEFT.search(text):
        at_hand = ZERO
    if monthly is None and asked_for == "month" and _NONE.fullmatch(text):
        monthly = ZERO
    return SaidMeans(
        monthly=monthly,
        later=sums.get("later"),
        at_hand=at_hand,
        recovers_in=recovers,
        terms=_terms(text, found),
        starts_in=_starts(text, found, recovers),
        principal_first=bool(_PRINCIPAL.search(text)),
        too_much=bool(_TOO_MUCH.search(text)),
        replaces=_taken_back(text, found),
    )


_TAKEN_BACK = re.compile(r"(?:不是|并非|说错了?)[^\d,，。]{0,4}$")
_VAGUE = re.compile(
    r"(?:我|现在|这个|暂时|还|也|真的?)*(?:说不准|说不好|说不清楚?|不好说|不知道|不清楚|不是很清楚|不太清楚|不确定|没数|没准|看情况|再看|难说)(?:吧|啊|呢|了|诶|哎|呀)*"
)


def is_vague(text: str) -> bool:
    """No figure, and he says that he has none."""
    return bool(_VAGUE.fullmatch(re.sub(r"[\s,，.。!！~…]+", "", text)))


def _taken_back(text: str, found: list[Entity]) -> Money | None:
    amounts = [one for one in found if one.entity == "amount"]
    if len(amounts) < 2:
        return None
    return next((Money.parse(one.value) for one in amounts if _TAKEN_BACK.search(text[: one.start])), None)


def _terms(text: str, found: list[Entity]) -> int | None:
    """The number of instalments he proposes: the last one named that is not refused in the same breath."""
    split = [one for one in found if one.entity == "term" and _is_split(text, one)]
    wanted = [one for one in split if not _REFUSED_TERM.match(text[one.end :])]
    return next((n for one in reversed(wanted) if (n := _months(one))), None)


def _sums(text: str, found: list[Entity], asked_for: str) -> dict[str, Money]:
    """Part → sum; of several the last one named counts, of a range the smaller."""
    named: dict[str, Money] = {}
    amounts = [one for one in found if one.entity == "amount"]
    before_end = 0
    for one in amounts:
        part = _part(text, before_end, one, asked_for)
        between = text[before_end : one.start]
        if re.fullmatch(r"[到至~\-—]|或者?|、", between):
            before_end = one.end
            continue
        if part in ("month", "hand", "later"):
            named[part] = Money.parse(one.value)
        before_end = one.end
    return named


def _part(text: str, start: int, one: Entity, asked_for: str) -> str:
    stops = [stop.end() for stop in _STOP.finditer(text, start, one.start)]
    near = text[stops[-1] if stops else start : one.start]
    far = text[start : one.start]
    end = _STOP.search(text, one.end)
    after = text[one.end : end.start() if end else len(text)]
    if re.search(r"不是\s*$|别说\s*$", near) or _TOO_MUCH_AFTER.match(after):
        return "none"
    asked_month = "later" if asked_for == "later" and not _NOW.search(near) else "month"
    if _MONTH_AFTER.match(after) and not _later(near, far):
        return asked_month
    for where in (near, far):
        part = _cue(where)
        if part == "other" and where is far and near != far:
            continue  # what stands in an earlier clause about wages says nothing of this sum
        if part == "month":
            return "later" if _CUES[2][1].search(far) else asked_month
        if part:
            return part
    return asked_for


def _later(near: str, far: str) -> bool:
    return bool(_CUES[2][1].search(near) or _CUES[2][1].search(far))


def _cue(where: str) -> str:
    later = _CUES[2][1].search(where)
    for part, cue in _CUES:
        match = cue.search(where)
        if match is None:
            continue
        if part == "other" and _ABLE.search(where[match.end() :]):
            continue  # "工资4500能拿一千": able to, after all
        if part == "month" and _EARNED.search(where[match.end() :]):
            return "other"  # "每月收入3000"
        if part == "month" and later:
            return "later"
        if part == "hand" and "每" in where and "月" in where:
            return "month"
        return part
    return ""


def _months(one: Entity) -> int | None:
    match = re.fullmatch(r"(\d+)(期|个月|年)", one.value)
    return int(match[1]) * (12 if match[2] == "年" else 1) if match else None


def _is_split(text: str, one: Entity) -> bool:
    """A number of instalments, not a time to wait: "分12期", "24期", "分两年还"."""
    before, after = text[max(0, one.start - 4) : one.start], text[one.end : one.end + 4]
    if re.search(r"[缓延等晚推过停]|[^分]第|[个前]$", before) or re.match(
        r"[,，]?(?:之?后|以后)|再|内(?:找|恢)|不还", after
    ):
        return False
    return (
        one.value.endswith("期")
        or bool(re.search(r"分|[要改换]成?|做|办", before))
        or bool(re.match(r"还清|还完|分|付清", after))
    )


def _recovers(text: str, found: list[Entity], today: date) -> int | None:
    """In how many months he expects to be able to pay more."""
    for one in found:
        if (
            one.entity == "term"
            and (n := _months(one))
            and re.match(r"之?后|以后|左右|内|就|才|能|可以|差不多", text[one.end : one.end + 3])
        ):
            return n
        if one.entity == "date" and (ahead := _ahead(one.value, today)) is not None:
            return ahead
    for one in found:
        if one.entity == "term" and not _is_split(text, one) and (n := _months(one)):
            return n
    return None


def _starts(text: str, found: list[Entity], recovers: int | None) -> int | None:
    """Months he asks to wait before the first payment."""
    if not _START.search(text):
        return None
    for one in found:
        if one.entity == "term" and not _is_split(text, one) and (n := _months(one)):
            return n
        if one.entity == "date" and (ahead := _ahead(one.value, today=None)) is not None:
            return ahead
    return None


def _ahead(said: str, today: date | None) -> int | None:
    """Whole months from now to a day that was said, at least 1; None for a day within this month."""
    if match := re.fullmatch(r"(\d+)个月后", said):
        return int(match[1])
    if re.match(r"下下个?月", said):
        return 2
    if re.match(r"下个?月", said):
        return 1
    day = day_of(said, today) if today else None
    if day is None or today is None:
        return None
    months = (day.year - today.year) * 12 + day.month - today.month
    return months if months > 0 else None
