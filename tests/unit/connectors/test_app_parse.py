"""The app channel's small readers: exact values in, clear errors for everything else."""

from __future__ import annotations

import pytest

from connectors.app.parse import DemoTokenIn, MessageIn, inbound, parse_after, parse_wait, weight
from connectors.http import NotJson, WrongShape, parse_body
from conversation.errors import BadRequest
from conversation.identity import GUEST
from conversation.message import InboundMessage


@pytest.mark.parametrize(
    ("written", "read"), [(None, 0), ("", 0), ("0", 0), ("7", 7), ("007", 7), ("999999999", 999999999)]
)
def test_a_cursor_is_a_whole_number(written: str | None, read: int) -> None:
    assert parse_after(written) == read


@pytest.mark.parametrize(
    "wrong", ["-1", "1.5", "x", "1e3", "９", "1 ", "+1", "0x1", "1000000000", "1_0", "\0", "²"]
)
def test_any_other_cursor_is_refused(wrong: str) -> None:
    with pytest.raises(BadRequest):
        parse_after(wrong)


@pytest.mark.parametrize(
    ("written", "read"),
    [(None, 0.0), ("", 0.0), ("0", 0.0), ("2.5", 2.5), ("25", 25.0), ("26", 25.0), ("1e9", 25.0)],
)
def test_a_wait_is_bounded(written: str | None, read: float) -> None:
    assert parse_wait(written) == read


@pytest.mark.parametrize("wrong", ["-1", "-0.001", "nan", "inf", "-inf", "x", "1,5", "1e999"])
def test_any_other_wait_is_refused(wrong: str) -> None:
    with pytest.raises(BadRequest):
        parse_wait(wrong)


def test_a_message_is_read_whole() -> None:
    message = parse_body('{"client_msg_id":"m1","text":"还款\\u0000😀"}'.encode(), MessageIn)
    assert inbound("c1", message, GUEST) == InboundMessage("c1", "m1", "还款\0😀", None, GUEST)
    pressed = parse_body(b'{"client_msg_id":"m1","payload":"b_1","unknown":[1]}', MessageIn)
    assert inbound("c1", pressed, GUEST) == InboundMessage("c1", "m1", None, "b_1", GUEST)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"client_msg_id":"\\ud800","text":"a"}',
        b'{"client_msg_id":"a","text":"\\udfff"}',
        b'\xef\xbb\xbf{"client_msg_id":"a","text":"b"}',
        '{"client_msg_id":"a","text":"还款"}'.encode("gb18030"),
        '{"client_msg_id":"a","text":"还款"}'.encode("utf-16"),
        b'{"client_msg_id":"a","x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"client_msg_id":"a","x":' + b'{"a":' * 10_000,
        b'{"client_msg_id":"a","text":"b"} x',
        b"client_msg_id=a&text=b",
    ],
)
def test_what_is_not_json_in_utf8_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        parse_body(body, MessageIn)


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text":"a"}',
        b'{"client_msg_id":1,"text":"a"}',
        b'{"client_msg_id":null,"text":"a"}',
        b'{"client_msg_id":"a","text":["b"]}',
        b'{"client_msg_id":"a","payload":{}}',
    ],
)
def test_json_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(WrongShape):
        parse_body(body, MessageIn)


def test_the_error_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(WrongShape) as refused:
        parse_body(b'{"customer_id":13812345678}', DemoTokenIn)
    assert "13812345678" not in str(refused.value)


@pytest.mark.parametrize(("text", "counts"), [("", 1), ("怎么还款", 1), ("长" * 249, 1), ("长" * 2000, 9)])
def test_a_long_message_counts_for_several(text: str, counts: int) -> None:
    assert weight(MessageIn("m", text=text)) == counts


def test_a_button_counts_as_one_message() -> None:
    assert weight(MessageIn("m", payload="b_1")) == 1
