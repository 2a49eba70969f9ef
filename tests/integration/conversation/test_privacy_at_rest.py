"""What is in the database: secrets nowhere, personal data only sealed, each seal in its own row only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from conversation.cipher import CannotDecrypt, Cipher
from conversation.message import Sender
from conversation.store import tables as t
from conversation.store.reading import Reading
from conversation.store.unit import original_place
from tests.databases import MovableDatabase, dump

Make = Callable[..., Any]

SECRETS = {
    "验证码是834921": "834921",
    "834921 这个验证码对吗": "834921",
    "验证码 8 3 4 9 2 1": "8 3 4 9 2 1",
    "我的密码是Abc!2345，帮我看看": "Abc!2345",
    "支付密码：Qw3rty99": "Qw3rty99",
    "卡背面后三位 739": "739",
    "CVV2:739": "739",
}
PERSONAL = {
    "我的手机是13812345678": "13812345678",
    "身份证110101199003071233，谢谢": "110101199003071233",
    "卡号6222 0212 3456 7890 128": "6222 0212 3456 7890 128",
    "邮箱 zhang.san@example.com": "zhang.san@example.com",
}


def everywhere(database: MovableDatabase) -> str:
    """All that any table holds, as one text (bytes read as Latin-1), but for what is made at random or by
    the clock, where three digits may stand by chance."""
    parts = []
    for rows in dump(database).values():
        for row in rows:
            for name, value in row.items():
                if not (isinstance(value, datetime) or _by_chance(name)):
                    parts.append(value.decode("latin-1") if isinstance(value, bytes) else str(value))
    return "\n".join(parts)


def _by_chance(column: str) -> bool:
    return column in {"id", "token", "fingerprint", "idempotency_key", "buttons"} or (
        column.endswith("_id") and column != "source_id"
    )


def converse(say: Make, answer: Make, conversation_id: str, text: str) -> None:
    """Say it to the bot, to the queue, and twice the same."""
    say(conversation_id, text, "m1")
    say(conversation_id, text, "m1")
    answer("好的")
    say(conversation_id, "转人工")
    say(conversation_id, text, "m2")


@pytest.mark.parametrize(("text", "secret"), SECRETS.items())
def test_a_secret_is_in_no_column_of_any_table_not_even_sealed(
    make_conversation: Make,
    say: Make,
    answer: Make,
    database: MovableDatabase,
    cipher: Cipher,
    reading: Reading,
    text: str,
    secret: str,
) -> None:
    talk = make_conversation()
    converse(say, answer, talk.id, text)
    assert secret not in everywhere(database)
    for row in dump(database)["messages"]:
        if row["original"] is not None:
            opened = cipher.decrypt(row["original"], original_place(row["conversation_id"], row["seq"]))
            assert secret not in opened
    warned = [
        event
        for event in reading.events(talk.id, 0)
        if event.sender is Sender.SYSTEM and "验证码" in (event.text or "")
    ]
    assert len(warned) == 2, "told once for each time it was sent"


@pytest.mark.parametrize(("text", "personal"), PERSONAL.items())
def test_personal_data_is_stored_sealed_only_and_opens_for_its_own_row(
    make_conversation: Make,
    say: Make,
    answer: Make,
    database: MovableDatabase,
    cipher: Cipher,
    text: str,
    personal: str,
) -> None:
    talk = make_conversation()
    converse(say, answer, talk.id, text)
    assert personal not in everywhere(database)
    rows = [row for row in dump(database)["messages"] if row["original"] is not None]
    assert len(rows) == 2
    for row in rows:
        place = original_place(row["conversation_id"], row["seq"])
        assert cipher.decrypt(row["original"], place) == text


def test_a_secret_beside_personal_data_is_blanked_in_what_is_kept(
    make_conversation: Make, say: Make, database: MovableDatabase, cipher: Cipher
) -> None:
    talk = make_conversation()
    say(talk.id, "手机13812345678，验证码834921")
    (row,) = [row for row in dump(database)["messages"] if row["sender"] == "customer"]
    assert row["text"] == "手机138****5678，验证码******"
    assert row["read_text"] == "手机<手机号>，验证码<验证码>"
    assert cipher.decrypt(row["original"], original_place(talk.id, 1)) == "手机13812345678，验证码******"


def test_a_seal_moved_to_another_row_does_not_open(
    make_conversation: Make, say: Make, database: MovableDatabase, cipher: Cipher
) -> None:
    one, other = make_conversation(), make_conversation()
    say(one.id, "手机13812345678")
    say(one.id, "手机13987654321")
    say(other.id, "手机13711112222")
    sealed = {(row["conversation_id"], row["seq"]): row["original"] for row in dump(database)["messages"]}
    places = {key: original_place(*key) for key in sealed}
    for key, value in sealed.items():
        for place_key, place in places.items():
            if key == place_key:
                assert cipher.decrypt(value, place).startswith("手机1")
            else:
                with pytest.raises(CannotDecrypt):
                    cipher.decrypt(value, place)


def test_the_same_text_is_sealed_differently_every_time(
    make_conversation: Make, say: Make, database: MovableDatabase
) -> None:
    talk = make_conversation()
    say(talk.id, "手机13812345678")
    say(talk.id, "手机13812345678")
    one, two = dump(database)["messages"]
    assert one["original"] != two["original"]


def test_a_text_without_personal_data_keeps_no_second_copy(
    make_conversation: Make, say: Make, database: MovableDatabase
) -> None:
    say(make_conversation().id, "借 50000 元一年利息多少")
    (row,) = dump(database)["messages"]
    assert (row["text"], row["read_text"], row["original"]) == ("借 50000 元一年利息多少", None, None)


def test_a_secret_sent_right_after_its_name_is_a_secret(
    make_conversation: Make, say: Make, database: MovableDatabase, reading: Reading
) -> None:
    """People write in fragments: the name in one message, the code in the next."""
    talk = make_conversation()
    say(talk.id, "验证码是")
    say(talk.id, "834921")
    assert "834921" not in everywhere(database)


def test_the_journal_is_what_the_unseen_columns_say(database: MovableDatabase) -> None:
    """Guards the tests above: a new column that may hold customer text must be looked at by a person."""
    assert {column.name for column in t.messages.c if isinstance(column.type, sa.Text)} == {
        "text",
        "read_text",
    }
