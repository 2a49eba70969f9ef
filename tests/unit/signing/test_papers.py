"""Papers are what their bytes say, whatever they are called."""

from __future__ import annotations

import pytest

from bot.signing.errors import PaperEmpty, PaperKindUnknown, PaperTooLarge
from bot.signing.papers import MAX_BYTES, media_type, shown_name

KINDS = {
    "image/jpeg": b"\xff\xd8\xff\xe0rest",
    "image/png": b"\x89PNG\r\n\x1a\nrest",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00",
    "application/pdf": b"%PDF-1.7\nrest",
}


@pytest.mark.parametrize(("kind", "content"), KINDS.items())
def test_photographs_and_pdf_are_known_by_their_bytes(kind: str, content: bytes) -> None:
    assert media_type(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00",
        b"<html>",
        b"<svg xmlns=",
        b"GIF89a",
        b"PK\x03\x04",
        b"\x00\x00\x00\x18ftypmp42",
        b" %PDF-",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(PaperKindUnknown):
        media_type(content)


def test_empty_and_too_large_ones_are_refused() -> None:
    with pytest.raises(PaperEmpty):
        media_type(b"")
    assert media_type(KINDS["image/jpeg"].ljust(MAX_BYTES, b"\0"))
    with pytest.raises(PaperTooLarge):
        media_type(KINDS["image/jpeg"].ljust(MAX_BYTES + 1, b"\0"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("病历 1.JPG", "病历 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\照片\\a.exe", "a.pdf"),
        ("a\u202eexe.pdf", "aexe.pdf"),
        ("", "材料.pdf"),
        ("长" * 300, "长" * 80 + ".pdf"),
    ],
)
def test_a_name_keeps_neither_folders_nor_tricks_nor_a_false_suffix(written: str, shown: str) -> None:
    assert shown_name(written, "application/pdf") == shown
