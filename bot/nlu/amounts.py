"""Sums of money as customers write them: 2千5, 三百块, 12块5, 七八百, 3到5万, 还2000.

Pure. Finds sums and their value in 元; what a sum is for is not known here. Runs last: numbers that belong to a day,
a rate or a length are gone by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.numbers import HAN, NUMBER, number

Found = tuple[int, int, str]

#: stands for what is found already; matches nothing
_TAKEN = "\0"
#: what is counted, not paid; behind a number, or behind the numeral that belongs to it ("两万一天")
_MEASURES = (
    r"分钟|小时|公里|单元|周岁|个|次(?!日|月|数)|笔|天(?!天)|年|月(?![供薪底初付利租])|期(?![数限间待])|周(?!转)|星期|礼拜|季度|号|日(?!常|后)"
    r"|点|岁|位|家(?![里人属])|张|条(?!件)|人(?!工|家)|倍|秒(?![还到])|折|楼|度(?!过)|级|遍|部(?!分)|项|种|类|回(?![头来去复])|趟|句"
    r"|名(?!下)|强|夜(?!里)|斤|米|平(?![时台安])|栋|幢|座(?!机)|室|层|页(?!面)|章|款(?!项)|通(?![过知])|台|件|只(?![能有是要够剩差想给肯会还])"
    r"|辆|步|声|样|方(?![便案式])|股"
)
#: a number begins where its run of digits does: tried at every digit, a long run would take forever
_BEGINS = rf"(?<![\d.几{HAN}百佰千仟万亿])(?<!\d[wk])"
_AMOUNTS = re.compile(
    rf"(?:[¥￥]|rmb|人民币)\s?(?P<mark>{NUMBER})"
    r"|(?<![\d.,])(?P<spaced>\d{1,3}(?: \d{3}){1,3})\s?(?:元|块)"
    r"|(?<![\d一二两三四五六七八九十百千])(?P<handful>[百千万])把(?:块钱?|元|人民币)?"
    rf"|{_BEGINS}(?P<spoken>\d{{1,3}}|[{HAN}]{{1,3}})点(?P<tenths>[\d一二三四五六七八九]{{1,2}})(?P<unit>[万亿w]|块钱?|元)"
    rf"|{_BEGINS}(?P<yuan>{NUMBER})(?:元|块)零?(?P<jiao>[\d一二两三四五六七八九])(?:[毛角](?:(?P<fen>[\d一二三四五六七八九])分?)?)?"
    rf"(?![\d{HAN}百千万毛角]|{_MEASURES})"
    rf"|{_BEGINS}(?P<whole>{NUMBER})(?:元|块)[0零](?P<cents>[\d一二三四五六七八九])分"
    rf"|{_BEGINS}(?P<cent>{NUMBER})分钱"
    rf"|{_BEGINS}(?P<dime>{NUMBER})[毛角](?!票)"
    rf"|(?<!第){_BEGINS}(?P<about>[\d{HAN}百千]+)(?:来|多|几)(?P<scale>[百千万])(?!分|{_MEASURES})"
    rf"|{_BEGINS}(?P<money>{NUMBER})\s?(?:多|来|几)?\s?(?:元|块钱|块|圆|人民币|rmb|蚊|大洋)"
    r"|(?<![\d.])(?P<short>\d+(?:\.\d+)?[wk]\d?)(?![a-z\d])"
)
_RANGE = re.compile(
    r"(?<![\d.:*\-])(?P<low>[1-9]\d{0,5}(?:\.\d{1,2})?|[一二两三四五六七八九十]{1,2})(?:[-~到至]|—+)"
    rf"(?P<high>{NUMBER})(?P<money>\s?(?:元|块|蚊))?(?![-\d*:]|\s?(?:{_MEASURES}))"
)
_NUMBER = re.compile(NUMBER)
_SCALED = re.compile("[百佰千仟万亿wk]")
_SPENT = re.compile(
    r"(?:[借还贷提取转扣存欠付交充花拿入降减满剩差少收给用退罚送补赔凑]|额度|金额|本金|余额|账单|最[多低高少]|利息|罚息|[降到还]到|到[手账]|[合总共]计|加起来|[还就]剩)(?:[了到出过我款钱是为呢共掉完上现进入你们他她笔一个就才只的] ?)*$"
)
_SOME = r"\s?(?:多|来|好几)?\s?"
_MANY = re.compile(
    rf"{_SOME}(?:%|分钟|小时|公里|(?:人(?!工|家)|家(?![里人属])|[个次笔张条倍名位遍回趟句强夜])|天(?!天)|单元)|(?:元|块)?的?(?:多个)?(?:电话|短信)"
)
_COUNTED = re.compile(
    rf"{_SOME}(?:{_MEASURES}|[%:\-*]|kg|cm|分(?![期\d一二三四五六七八九十\0]))"
    r"|\s?(?:那个|这个|的)?(?:电话|短信|热线|号|座机|开头|打头|错误|报错|毕业|客服)"
)
#: hotlines everybody knows and what pages say when they fail are no sums
_HOTLINE = re.compile(
    r"1[12]0|119|122|123\d\d|95\d{3}|315|114|96110|100(?:10|86|99|01|16)|400\d{7}|40[134]|50[234]"
)
#: a run of three to seven digits is a sum unless what stands before makes it a number of something
_PLAIN = re.compile(r"(?!20[12]\d$|19\d\d$)(?:[1-9]\d{2,6}(?:\.\d{1,2})?|\d{1,2}\.\d\d)")
_NO_SUM = re.compile(
    r"(?:(?:代码|错误|报错|提示|页面(?:显示)?|编号|工号|单号|型号|房|码|第|版本?|年|[a-z]|尾(?!款)\S{0,3}|末(?:尾|[四4几]\S{0,2})|后(?:面|[四4几]\S{0,2})|电话|热线|邮编|号段|[用评积麻]分|芝麻(?:信用)?|身高|体重)"
    r"(?:是|为)?\s?:?|[栋幢座楼室]|单元|[*])\s?$"
)
#: a number behind these is a part of another, unless that was the lower end of a range
_JOINED = re.compile(rf"\d:$|\.$|(?<!{_TAKEN})-$")
_CONTEXT = 24  #: characters before a number that say what it is; more would make long texts slow
_ASKED = r"(?:[行够成得中]|可以|能行)(?:吗|不|嘛|么|吧|$)|可不可以|行不行|得唔得|够不够|成不成|能不能行"
_OFFERED = re.compile(rf"\s?(?:左右)?(?:{_ASKED})")
_AGED = re.compile(r"(?:[未刚年不]满|今年|我都)$")
_CHOSEN = re.compile(r"[日号期选按输改点回]\S?$")
_ALONE = re.compile(rf"\s*(?:大概|差不多)?(?:\d+(?:\.\d+)?)(?:左右|吧|多|{_ASKED})?\s*")
_LEFT_OVER = re.compile(r"(?P<own>.*[百佰千仟万亿]|\d[\d.,]*)[一二两三四五六七八九]")
_MEASURE = re.compile(_MEASURES)


def find(text: str) -> Iterator[Found]:
    """(start, end, 元 with two decimals) of every sum a normalised text names."""
    for step in (_ranges, _with_unit, _bare):
        found = list(step(text))
        yield from found
        for start, end, _ in found:
            text = text[:start] + _TAKEN * (end - start) + text[end:]


def _ranges(text: str) -> Iterator[Found]:
    """The lower end of "3到5万", "300-500块": the upper is read like any other sum."""
    for match in _RANGE.finditer(text):
        low, high = number(match["low"]), number(match["high"])
        if low is None or high is None:
            continue
        scale = _SCALED.search(match["high"])
        times = (
            number(f"一{scale[0]}" if scale and scale[0] not in "wk" else f"1{scale[0]}") if scale else None
        )
        if times and low * times < high:
            low *= times
        money = match["money"] or (scale and high >= 100) or (low >= 100 and _PLAIN.fullmatch(match["high"]))
        if money and 0 < low < high:
            yield match.start("low"), match.end("low"), f"{low:.2f}"


def _with_unit(text: str) -> Iterator[Found]:
    for match in _AMOUNTS.finditer(text):
        value = _sum(match)
        if value:
            yield match.start(), match.end(), f"{value:.2f}"


def _sum(match: re.Match[str]) -> Decimal | None:
    """元 of one of the forms of ``_AMOUNTS``; 43块6 is 43.60, 三点五万 35000."""
    if match["spaced"]:
        return Decimal(match["spaced"].replace(" ", ""))
    if match["handful"]:
        return number(f"一{match['handful']}")
    if match["spoken"]:
        return _spoken(match["spoken"], match["tenths"], match["unit"])
    if match["yuan"]:
        return _parts((match["yuan"], 1), (match["jiao"], 10), (match["fen"] or "0", 100))
    if match["whole"]:
        return _parts((match["whole"], 1), (match["cents"], 100))
    if match["cent"] or match["dime"]:
        return _parts((match["cent"], 100) if match["cent"] else (match["dime"], 10))
    return number(match["mark"] or match["money"] or match["short"] or f"{match['about']}{match['scale']}")


def _parts(*said: tuple[str, int]) -> Decimal | None:
    total = Decimal(0)
    for one, part in said:
        value = number(one)
        if value is None:
            return None
        total += value / part
    return total


def _spoken(whole: str, tenths: str, unit: str) -> Decimal | None:
    value, rest = number(whole), number(f"零{tenths}" if not tenths.isdigit() else tenths)
    times = number(f"1{unit}") if unit in "万亿w" else Decimal(1)
    if value is None or rest is None or times is None:
        return None
    return (value + rest / (100 if len(tenths) == 2 else 10)) * times


def _cut(said: str, rest: str) -> str:
    """The number without the numeral that belongs to the next word: 两万一[天], 800两[次]."""
    match = _LEFT_OVER.fullmatch(said)
    digits = match is not None and match["own"][-1].isdigit()
    return match["own"] if match is not None and (digits or _MEASURE.match(rest)) else said


def _bare(text: str) -> Iterator[Found]:
    """Numbers without 元: "借3万", "2千5", "还2000", "1500"; never rates, counts, years or clock times."""
    alone = bool(_ALONE.fullmatch(text))
    for match in _NUMBER.finditer(text):
        said = _cut(match[0], text[match.end() : match.end() + 3])
        end = match.start() + len(said)
        if _is_sum(said, text, match.start(), end, alone):
            yield match.start(), end, f"{number(said):.2f}"


def _is_sum(said: str, text: str, start: int, end: int, alone: bool) -> bool:
    value = number(said)
    said = said.replace(",", "")
    scaled = bool(_SCALED.search(said)) and (value or 0) >= 100
    before = text[max(0, start - _CONTEXT) : start]
    counted = (_MANY if scaled else _COUNTED).match(text, end)
    if not value or counted or _JOINED.search(before) or before.endswith("几"):
        return False
    if scaled:
        return True
    hotline = bool(_HOTLINE.fullmatch(said)) or (said == "400" and before.endswith(("那个", "打", "拨")))
    if (hotline and value >= 1000) or (value < 100 and _AGED.search(before)):
        return False
    said_so = said[0].isdigit() and (value >= 10 or (before.endswith("余额") and "." in said))
    if said_so and _SPENT.search(before):
        return True
    if hotline or _NO_SUM.search(before):
        return alone and value >= 100 and not hotline
    offered = said_so and _OFFERED.match(text, end) and not _CHOSEN.search(before)
    return bool(_PLAIN.fullmatch(said) or offered or (alone and value >= 100))
