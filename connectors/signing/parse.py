"""Requests of the signing page: bytes to values. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

import msgspec

from conversation.errors import BadRequest

_CODE = re.compile(r"\d{6}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class BadCode(BadRequest):
    """验证码是 6 位数字，请核对后再输入。"""

    code = "bad_code"
    status = 422


class ConfirmIn(msgspec.Struct, frozen=True):
    """What was confirmed ("cost_table" or "plan"), of the terms with this fingerprint."""

    what: str
    fingerprint: str


class CodeIn(msgspec.Struct, frozen=True):
    code: str


class SignIn(msgspec.Struct, frozen=True):
    """``signature_id`` is made by the page, the same for the same press (8–64 of A–Z a–z 0–9 _ -)."""

    signature_id: str
    fingerprint: str


def parse_code(written: str) -> str:
    """Six digits, however they were spaced or how wide they were typed; BadCode."""
    digits = "".join(str(int(sign)) for sign in written if sign.isdecimal()) if len(written) <= 20 else ""
    if not _CODE.fullmatch(digits):
        raise BadCode()
    return digits


def parse_signature_id(written: str) -> str:
    if not _ID.fullmatch(written):
        raise BadRequest("签署编号不对，请刷新页面再试。")
    return written


def parse_link(written: str) -> str | None:
    """A link's token, or None where it can be nobody's."""
    return written if _ID.fullmatch(written) else None


def parse_name(header: str | None) -> str:
    """A file's name, percent-encoded in the header x-file-name."""
    return unquote((header or "")[:600], errors="ignore")
