"""Personal data in customer text: found, classed, masked. Pure.

Classes follow JR/T 0171-2020 as the design fixes them: C3 (passwords, SMS codes, CVV) is never stored
anywhere; C2 (identity card, bank card, phone, mail) is stored encrypted, shown masked, and reaches the
bot as a typed placeholder. Amounts are not personal data and stay.

Python's \\b does not fire between Chinese characters and digits, hence the look-arounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum


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


def redacted(text: str) -> Redacted:
    """Find and mask; a text without personal data comes back unchanged three times over."""
    findings = tuple(findings_in(text))
    if not findings:
        return Redacted(text, text, None, ())
    shown = _replaced(text, findings, lambda f: f.masked)
    kept = _replaced(text, findings, lambda f: f.masked if f.kind.secret else text[f.start : f.end])
    read = _replaced(text, findings, lambda f: f"<{f.kind.value}>")
    return Redacted(shown, read, kept if kept != shown else None, tuple(f.kind for f in findings))


def _replaced(text: str, findings: tuple[Finding, ...], by: Callable[[Finding], str]) -> str:
    parts: list[str] = []
    at = 0
    for finding in findings:
        parts += [text[at : finding.start], by(finding)]
        at = finding.end
    return "".join([*parts, text[at:]])


def findings_in(text: str) -> Iterator[Finding]:
    """All findings from left to right, none overlapping; secrets win over numbers."""
    end = 0
    found = [*_secrets(text), *_emails(text), *_numbers(text), *_spelled_numbers(text)]
    for finding in sorted(found, key=lambda f: (f.start, not f.kind.secret)):
        if finding.start >= end:
            end = finding.end
            yield finding


_SEPARATOR = r"[ \-.·—_]"
_SECRETS = (
    (
        Kind.SMS_CODE,
        re.compile(
            rf"(?:验证码|校验码|动态码|动态密码|短信码|随机码)[^\d\n]{{0,8}}(\d(?:{_SEPARATOR}?\d){{3,7}})(?!\d)"
        ),
    ),
    (Kind.SMS_CODE, re.compile(r"(?<!\d)(\d{4,8})(?=[^\d\n]{0,4}(?:这个|是)?(?:验证码|校验码|动态码))")),
    (Kind.CVV, re.compile(r"(?:[Cc][Vv][VvCc]2?|安全码|背面后?三位|后三位)[^\d\n]{0,6}(\d{3,4})(?!\d)")),
    (
        Kind.PASSWORD,
        re.compile(
            r"(?:密码|口令|[Pp]assword|[Pp][Ii][Nn]码?)\s*(?:就?是|为|改成|设成|设为|[:：=])?\s*([A-Za-z0-9!@#$%^&*._-]{4,32})"
        ),
    ),
)


def _secrets(text: str) -> Iterator[Finding]:
    for kind, pattern in _SECRETS:
        for match in pattern.finditer(text):
            yield Finding(kind, match.start(1), match.end(1), "******")


_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4})"
)


def _emails(text: str) -> Iterator[Finding]:
    for match in _EMAIL.finditer(text):
        yield Finding(Kind.EMAIL, match.start(), match.end(), f"{match[1][0]}***@{match[2]}")


_NUMBER = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}{{0,2}}\d){{10,19}}(?:{_SEPARATOR}?[Xx])?(?!\d)")
_IS_AMOUNT = re.compile(r"\s*(?:元|块|万|亿|笔|个)")


def _numbers(text: str) -> Iterator[Finding]:
    for match in _NUMBER.finditer(text):
        if _IS_AMOUNT.match(text, match.end()):
            continue
        plain = "".join(_digit(character) for character in match[0] if not re.match(_SEPARATOR, character))
        kind = _kind_of(plain, text[max(0, match.start() - 12) : match.start()])
        if kind is None and plain[-1] == "X":
            kind = _kind_of(plain[:-1], "")
        if kind is not None:
            yield Finding(kind, match.start(), match.end(), _masked(kind, plain))


def _digit(character: str) -> str:
    return "X" if character in "xX" else str(int(character))


_SPELLED = re.compile(r"[零〇一幺二两三四五六七八九]{11}")
_SPELLED_DIGIT = dict(zip("零〇一幺二两三四五六七八九", "0011223456789"))


def _spelled_numbers(text: str) -> Iterator[Finding]:
    for match in _SPELLED.finditer(text):
        plain = "".join(_SPELLED_DIGIT[character] for character in match[0])
        if _PHONE.fullmatch(plain):
            yield Finding(Kind.PHONE, match.start(), match.end(), _masked(Kind.PHONE, plain))


_PHONE = re.compile(r"(?:86)?1[3-9]\d{9}")


def _kind_of(plain: str, before: str) -> Kind | None:
    if len(plain) == 18 and is_id_card(plain):
        return Kind.ID_CARD
    if _PHONE.fullmatch(plain):
        return Kind.PHONE
    if not plain.isdigit():
        return None
    if len(plain) in (15, 18) and "身份证" in before:
        return Kind.ID_CARD
    if 13 <= len(plain) <= 19 and (_luhn(plain) or "卡" in before or plain.startswith("62")):
        return Kind.BANK_CARD
    return None


def _masked(kind: Kind, plain: str) -> str:
    head = 3 if kind is Kind.PHONE else 0
    plain = plain[-11:] if kind is Kind.PHONE else plain
    return f"{plain[:head]}****{plain[-4:]}"


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


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
