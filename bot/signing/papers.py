"""Papers (材料) a customer hands in: what kind a file really is, how large and how many. Pure; names are not believed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from bot.signing.errors import PaperEmpty, PaperKindUnknown, PaperTooLarge

MAX_BYTES = 8 * 1024 * 1024
MAX_PAPERS = 10
MAX_NAME = 80

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heif"})
_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
}


@dataclass(frozen=True)
class Paper:
    """A paper on record, without its content. ``size`` in bytes; ``at`` aware UTC."""

    id: str
    plan_id: str
    name: str
    media_type: str
    size: int
    at: datetime


def media_type(content: bytes) -> str:
    """What the bytes are; PaperEmpty, PaperTooLarge, PaperKindUnknown."""
    if not content:
        raise PaperEmpty()
    if len(content) > MAX_BYTES:
        raise PaperTooLarge()
    found = _kind(content)
    if found is None:
        raise PaperKindUnknown()
    return found


def shown_name(written: str, kind: str) -> str:
    """A file's name without folders and control characters, with the suffix of what it really is."""
    last = written.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, suffix = kept.rpartition(".")
    name = (stem if dot and len(suffix) <= 5 else kept)[:MAX_NAME].strip() or "材料"
    return name + _SUFFIXES[kind]


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return None
