"""Sealed text: opens with its key in its row only; anything else is an error, never rubbish."""

from __future__ import annotations

import pytest

from conversation.cipher import CannotDecrypt, Cipher

ONE, TWO, HASH = b"1" * 32, b"2" * 32, b"h" * 32
PLACE = "messages.original:c_1:7"


def make(**changes: object) -> Cipher:
    return Cipher(**{"keys": {1: ONE}, "current": 1, "hash_key": HASH, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["13812345678", "", "😀" * 2000, "a\nb", "𠮷"])
def test_what_was_sealed_opens_in_its_place(text: str) -> None:
    cipher = make()
    assert cipher.decrypt(cipher.encrypt(text, PLACE), PLACE) == text


def test_another_place_does_not_open_it() -> None:
    cipher = make()
    sealed = cipher.encrypt("13812345678", PLACE)
    for place in ("messages.original:c_1:8", "messages.original:c_2:7", "messages.text:c_1:7", ""):
        with pytest.raises(CannotDecrypt):
            cipher.decrypt(sealed, place)


def test_every_changed_byte_is_noticed() -> None:
    cipher = make()
    sealed = cipher.encrypt("13812345678", PLACE)
    for at in range(len(sealed)):
        for bit in (1, 128):
            with pytest.raises(CannotDecrypt):
                cipher.decrypt(sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :], PLACE)


def test_every_cut_is_noticed() -> None:
    cipher = make()
    sealed = cipher.encrypt("13812345678", PLACE)
    for length in range(len(sealed)):
        with pytest.raises(CannotDecrypt):
            cipher.decrypt(sealed[:length], PLACE)
    with pytest.raises(CannotDecrypt):
        cipher.decrypt(sealed + b"\0", PLACE)


def test_an_unknown_key_is_an_error() -> None:
    sealed = make(keys={1: ONE, 2: TWO}, current=2).encrypt("13812345678", PLACE)
    with pytest.raises(CannotDecrypt):
        make().decrypt(sealed, PLACE)


def test_a_wrong_key_under_the_same_number_is_an_error() -> None:
    with pytest.raises(CannotDecrypt):
        make(keys={1: TWO}).decrypt(make().encrypt("13812345678", PLACE), PLACE)


def test_the_current_key_seals_and_older_keys_still_open() -> None:
    old = make()
    rotated = make(keys={1: ONE, 2: TWO}, current=2)
    sealed = old.encrypt("旧", PLACE)
    assert rotated.decrypt(sealed, PLACE) == "旧"
    with pytest.raises(CannotDecrypt):
        old.decrypt(rotated.encrypt("新", PLACE), PLACE)


def test_the_same_text_never_looks_the_same() -> None:
    cipher = make()
    assert len({cipher.encrypt("13812345678", PLACE) for _ in range(200)}) == 200


def test_a_fingerprint_recognises_and_tells_nothing_without_its_key() -> None:
    cipher = make()
    assert cipher.fingerprint("834921") == cipher.fingerprint("834921")
    assert cipher.fingerprint("834921") != cipher.fingerprint("834922")
    assert cipher.fingerprint("834921") != make(hash_key=b"x" * 32).fingerprint("834921")
    assert len(cipher.fingerprint("")) == 64
    assert cipher.fingerprint("\ud800")  # a button's forged id


@pytest.mark.parametrize(
    "wrong",
    [
        {"keys": {}},
        {"current": 2},
        {"keys": {1: b"short"}},
        {"keys": {1: b"1" * 16}},
        {"keys": {256: ONE}, "current": 256},
        {"keys": {-1: ONE}, "current": -1},
        {"hash_key": b""},
        {"hash_key": b"short"},
    ],
)
def test_keys_that_would_fail_at_the_first_message_fail_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="key"):
        make(**wrong)
