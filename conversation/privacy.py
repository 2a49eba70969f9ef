"""Personal data in customer text: found, classed, masked. Pure.

Classes follow JR/T 0171-2020 as the design fixes them: C3 (passwords, SMS codes, CVV) is never stored
anywhere; C2 (identity card, bank card, phone, mail) is stored encrypted, shown masked, and reaches the
bot as a typed placeholder. Amounts are not personal data and stay.

Everything is searched in the folded text (full width, circled and spelled digits, marks between digits),
so that a spelling hides nothing. Python's \\b does not fire between Chinese characters and digits, hence
the look-arounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from conversation.folding import fold


class Kind(str, Enum):
    ID_CARD = "身份证号"
    BANK_CARD = "银行卡号"
    PHONE = "手机号"
    EMAIL = "邮箱"
    SMS_CODE = "验证码"
    PASSWORD = "密码"
    CVV = "安全码"

    @property
    def secret(self) -> bool:
        """C3: never stored, not even encrypted."""
        return self in (Kind.SMS_CODE, Kind.PASSWORD, Kind.CVV)


@dataclass(frozen=True)
class Finding:
    """One piece of personal data at text[start:end] (code points of the given text)."""

    kind: Kind
    start: int
    end: int
    masked: str


@dataclass(frozen=True)
class Redacted:
    """``shown`` is for people (masked), ``read`` for the bot (placeholders), ``kept`` is what may be
    encrypted and stored (secrets blanked) or None when it equals ``shown``."""

    shown: str
    read: str
    kept: str | None
    kinds: tuple[Kind, ...]

    @property
    def has_secret(self) -> bool:
        return any(kind.secret for kind in self.kinds)


def redacted(text: str, before: str = "") -> Redacted:
    """Find and mask; a text without personal data comes back unchanged three times over.

    ``before`` is the message before it: people write "验证码是" and the code in the next one.
    """
    findings = tuple(findings_in(text, before))
    if not findings:
        return Redacted(text, text, None, ())
    shown = _replaced(text, findings, lambda f: f.masked)
    kept = _replaced(text, findings, lambda f: f.masked if f.kind.secret else text[f.start : f.end])
    read = _replaced(text, findings, lambda f: f"<{f.kind.value}>")
    return Redacted(shown, read, kept if kept != shown else None, tuple(f.kind for f in findings))


def without_secrets(text: str) -> str:
    """The text with its secrets blanked and all else as written: for what an agent says to a customer."""
    return _replaced(text, tuple(f for f in findings_in(text) if f.kind.secret), lambda f: f.masked)


def _replaced(text: str, findings: tuple[Finding, ...], by: Callable[[Finding], str]) -> str:
    parts: list[str] = []
    at = 0
    for finding in findings:
        parts += [text[at : finding.start], by(finding)]
        at = finding.end
    return "".join([*parts, text[at:]])


def findings_in(text: str, before: str = "") -> Iterator[Finding]:
    """All findings from left to right, none overlapping; secrets win over numbers."""
    folded = fold(text)
    done = 0
    found = [
        *_secrets(folded.text),
        *_named_before(folded.text, before),
        *_emails(folded.text),
        *_numbers(folded.text),
        *_begun_before(folded.text, before),
    ]
    for finding in sorted(found, key=lambda f: (f.start, not f.kind.secret)):
        if finding.start >= done:
            done = finding.end
            start, end = folded.span(finding.start, finding.end)
            yield replace(finding, start=start, end=end)


# secrets: a value beside its name

_GAP = r"[ \-.·—_]"
_CODE = (
    r"(?:验 ?[证正] ?[码吗马]|校验码|动态码|动态密码|动态口令|短信码|随机码|认证码|(?<![A-Za-z])(?:[Yy][Zz][Mm]|OTP|otp)(?![A-Za-z])"
    r"|[Vv]erification [Cc]ode)"
)
_GOT = "(?<!没收到)(?<!收不到)(?<!没有收到)"
_QUANTITY = r"(?!\s?(?:元|块|万|亿|千|百|笔|个|次|天|年|月|号|分|期|位|岁|%))"
_VALUE = r"[A-Za-z0-9!@#$%^&*._-]"
_SECRETS = (
    # 验证码是 834921 / 8-3-4-9-2-1
    (Kind.SMS_CODE, rf"{_GOT}{_CODE}[^\d\n]{{0,8}}(\d(?:{_GAP}?\d){{3,7}})(?!\d){_QUANTITY}"),
    # a whole message of the bank's, pasted: 验证码将于5分钟后失效：834921
    (Kind.SMS_CODE, rf"{_GOT}{_CODE}[^\n]{{0,30}}?(?<![\d.])(\d{{6}})(?![\d.]){_QUANTITY}"),
    # 834921 是我的验证码; but not 借50000验证码收不到
    (
        Kind.SMS_CODE,
        r"(?<![\d借还转存取贷花付])(\d{4,8})[ ,，(（:：]*(?:就是|这是|这个|是)?(?:我|我的|你们的|收到的)?"
        rf"{_CODE}(?!.{{0,4}}(?:收不到|没|未|不))",
    ),
    # 834921是你们刚发我的短信验证码
    (
        Kind.SMS_CODE,
        rf"(?<![\d借还转存取贷花付])(\d{{4,8}}){_QUANTITY}[ ,(:]*(?:就是|这是|这个是|是)(?:你们?|银行|我|刚刚?|才|收到|发|给|来|的|短信|手机){{1,6}}"
        rf"{_CODE}(?!.{{0,4}}(?:收不到|没|未|不))",
    ),
    # 短信是834921; 6位数字 834921
    (
        Kind.SMS_CODE,
        rf"(?:短信|6位(?:数字?|数的?)?)(?:内容|数字)?[是为:]{{0,2}} ?(\d{{6}})(?![\d.]){_QUANTITY}",
    ),
    (
        Kind.CVV,
        r"(?:[Cc][Vv][VvCcNn]2?|安全码|(?:背面|反面|签名[条栏])[^\n]{0,6}?3[位个](?:数字|数|码)?|卡(?:的)?后面3[位个](?:数字|数|码)?|(?<![号码证机])后3位)"
        r"[^\d\n]{0,6}(\d{3,4})(?!\d)",
    ),
    # 密码是：abc123 (with a word of saying, any value; without one, only a value with a digit in it)
    (
        Kind.PASSWORD,
        r"(?:密码|口令|(?<![A-Za-z])(?:[Pp]assword|[Pp]asswd|[Pp]asscode|[Pp][Ww][Dd]|[Mm]ima|[Pp]ass(?=[ :=])|[Pp][Ii][Nn] ?码?))[ ]{0,3}"
        rf"(?:我?(?:设|改|写|用|填)的)?(?:(?:就是|是|为|叫|改成|改为|改了|设成|设为|设置成|设置为|[:：=])了?[ :：=]{{0,3}}[\"'“‘「(【\[]?|(?={_VALUE}{{0,31}}\d))"
        rf"({_VALUE}{{4,32}}){_QUANTITY}",
    ),
    # 交易密码：1 4 7 2 5 8, 密码147 258
    (
        Kind.PASSWORD,
        r"(?:密码|口令)[是为: ]{0,3}(\d(?: ?\d){3,11})(?![\d.])(?!\s?[次年月天位个分秒])",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _SECRETS)


_NAME_AT_END = re.compile(
    rf"(?:{_CODE}|安全码|[Cc][Vv][VvCcNn]2?)[是为:=, ]{{0,3}}$|(?:密码|口令)(?:就是|是|为|[:=])[: ]?$"
)


def may_be_value(text: str) -> bool:
    """Whether the text could be the value of a secret named in the message before it."""
    return bool(re.match("[A-Za-z0-9]", fold(text[:4]).text))


def _named_before(text: str, before: str) -> Iterator[Finding]:
    """A secret at the very beginning, when the message before ends with its name."""
    named = _NAME_AT_END.search(fold(before[-24:]).text)
    if named is not None:
        for finding in _secrets(named[0] + text):
            start = finding.start - len(named[0])
            if 0 <= start <= 2:
                yield replace(finding, start=start, end=finding.end - len(named[0]))


def _secrets(text: str) -> Iterator[Finding]:
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield Finding(kind, match.start(1), match.end(1), "******")


_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4})"
)


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(Kind.EMAIL, match.start(), match.end(), f"{match[1][0]}***@{match[2]}")


# numbers: groups of digits, however they are set apart

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ \t\-.·—–_,、/*~|]{0,3}[0-9Oo])*(?:[ -]?[Xx](?![A-Za-z]))?")
_GROUP = re.compile("[0-9OoXx]+")
_IS_AMOUNT = re.compile(r"\s?(?:元|块(?!的)|万|亿|笔|个(?!人|体))")
_SHORTEST, _LONGEST = 11, 20


def _numbers(text: str) -> Iterator[Finding]:
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        first = 0
        while first < len(groups):
            found = _number_at(text, groups[first:])
            if found is None:
                first += 1
                continue
            yield found
            first = next((n for n, group in enumerate(groups) if group.start() >= found.end), len(groups))


_DIGITS_ALONE = re.compile(r"[0-9][0-9 \-]*[0-9Xx]?")


def _begun_before(text: str, before: str) -> Iterator[Finding]:
    """The rest of a number whose beginning was a message of its own: "1381234", then "5678"."""
    begun = fold(before[-24:]).text.strip()
    if _DIGITS_ALONE.fullmatch(begun) is None or _DIGITS_ALONE.fullmatch(text) is None:
        return
    for finding in _numbers(begun + text):
        if finding.start < len(begun) < finding.end:
            yield replace(finding, start=0, end=finding.end - len(begun), masked="****")


def _number_at(text: str, groups: list[re.Match[str]]) -> Finding | None:
    """The number that begins with the first group: the first that is a phone or identity number, else the
    longest that is a card number."""
    start, plain, card = groups[0].start(), "", None
    before = text[max(0, start - 12) : start]
    for group in groups:
        plain += group[0].upper().replace("O", "0")
        if len(plain) < _SHORTEST:
            continue
        if len(plain) > _LONGEST:
            break
        kind = _kind_of(plain, before)
        if kind is None or _IS_AMOUNT.match(text, group.end()):
            continue
        found = Finding(kind, start, group.end(), _masked(kind, plain))
        if kind is not Kind.BANK_CARD:
            return found
        card = found
    return card


_PHONE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")


def _kind_of(plain: str, before: str) -> Kind | None:
    if len(plain) == 18 and is_id_card(plain):
        return Kind.ID_CARD
    if _PHONE.fullmatch(plain):
        return Kind.PHONE
    if plain.endswith("X") and _kind_of(plain[:-1], before) is not None:
        return _kind_of(plain[:-1], before)
    if not plain.isdigit():
        return None
    if len(plain) in (15, 18) and "身份证" in before:
        return Kind.ID_CARD
    if len(plain) == 18 and _is_born(plain):  # a digit mistyped: the check digit is wrong, the rest tells
        return Kind.ID_CARD
    if 13 <= len(plain) <= 19 and (_luhn(plain) or "卡" in before or plain.startswith("62")):
        return Kind.BANK_CARD
    return None


def _masked(kind: Kind, plain: str) -> str:
    head = 3 if kind is Kind.PHONE else 0
    plain = plain if kind is Kind.ID_CARD else plain.rstrip("X")
    plain = plain[-11:] if kind is Kind.PHONE else plain
    return f"{plain[:head]}****{plain[-4:]}"


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_born(plain: str) -> bool:
    """Whether the digits stand for a region and a date of birth, as in an identity number."""
    if not re.match(r"[1-6]\d{5}(?:19|20)", plain):
        return False
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return False
    return True


def is_id_card(plain: str) -> bool:
    """An 18-digit identity number: a real birth date and the check digit of GB 11643-1999 (MOD 11-2)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", plain):
        return False
    try:
        date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return False
    return "10X98765432"[sum(w * int(d) for w, d in zip(_ID_WEIGHTS, plain)) % 11] == plain[17]


def _luhn(plain: str) -> bool:
    doubled = [int(d) * (2 if position % 2 else 1) for position, d in enumerate(reversed(plain))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
