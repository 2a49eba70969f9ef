"""What the console receives: exact fields, nothing of the customer that is not masked."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import msgspec
import pytest

from conversation.desk import Desk
from conversation.escalation import Reason, State
from conversation.identity import GUEST, Identity, Level
from conversation.message import Button, Event, Sender
from conversation.state import Conversation, Escalation, Note
from conversation.store.reading import Overview
from escalation.console import render
from escalation.console.socket import same_origin

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.utc)
MOMENT = "2026-03-02T09:30:00+00:00"


def talk(**changes: Any) -> Conversation:
    whole: dict[str, Any] = {
        "id": "c1",
        "channel": "app",
        "channel_user": "guest:x",
        "identity": GUEST,
        "doubted_at": None,
        "desk": Desk.BOT,
        "epoch": 3,
        "last_seq": 7,
        "last_customer_seq": 6,
        "agent_id": None,
        "agent_name": None,
        "created_at": AT,
        "updated_at": AT,
    }
    return Conversation(**whole | changes)


def escalation(state: State, **changes: Any) -> Escalation:
    return Escalation("e1", "c1", state, Reason.FRAUD, "general", 90, {}, 5, AT, **changes)


def event(text: str | None, card: dict[str, Any] | None = None) -> Event:
    return Event(7, "message", Sender.CUSTOMER, text, AT, card=card)


def test_a_guest_at_the_bots_desk() -> None:
    assert render.summary(Overview(talk(), None, None, 0, None), None) == {
        "id": "c1",
        "channel": "app",
        "desk": "bot",
        "epoch": 3,
        "customer": None,
        "reason": None,
        "priority": 0,
        "waiting_since": None,
        "claimed_at": None,
        "agent": None,
        "last_message": None,
        "last_seq": 7,
        "position": None,
        "unread": 0,
        "tickets": [],
        "updated_at": MOMENT,
    }


def test_a_waiting_customer() -> None:
    identity = Identity(Level.BOUND, "C0001")
    shown = render.summary(
        Overview(
            talk(identity=identity, desk=Desk.QUEUED, doubted_at=AT),
            escalation(State.WAITING),
            event("在吗"),
            2,
            4,
        ),
        "张*",
    )
    assert shown["customer"] == {
        "masked_name": "张*",
        "customer_id": "C0001",
        "identity": "bound",
        "speaker_doubted": True,
    }
    assert shown["reason"] == {"code": "fraud", "label": "疑似盗用或诈骗"}
    assert (shown["priority"], shown["position"], shown["unread"], shown["waiting_since"]) == (
        90,
        4,
        2,
        MOMENT,
    )
    assert shown["last_message"] == {"sender": "customer", "text": "在吗", "at": MOMENT}


def test_a_bank_that_does_not_answer_leaves_a_customer_without_a_name() -> None:
    overview = Overview(talk(identity=Identity(Level.BOUND, "C0001")), None, None, 0, None)
    assert render.summary(overview, None)["customer"]["masked_name"] == "客户"


@pytest.mark.parametrize(
    ("state", "shown"),
    [(State.ACTIVE, MOMENT), (State.RETURNED, None), (State.RESOLVED, None), (State.ABANDONED, None)],
)
def test_an_ended_service_is_no_service(state: State, shown: str | None) -> None:
    overview = Overview(talk(), escalation(state, claimed_at=AT), None, 0, None)
    assert render.summary(overview, None)["claimed_at"] == shown


def test_a_long_last_message_is_cut_and_a_card_has_a_name() -> None:
    long = render.summary(Overview(talk(), None, event("长" * 500), 0, None), None)
    assert len(long["last_message"]["text"]) == 120
    card = render.summary(Overview(talk(), None, event(None, {"kind": "plan"}), 0, None), None)
    assert card["last_message"]["text"] == "[卡片]"


def test_an_event_and_a_note() -> None:
    said = Event(
        3, "message", Sender.BOT, "哪种？", AT, (Button("随心借", "b_1"),), {"kind": "x"}, None, None
    )
    assert render.event_out(said) == {
        "seq": 3,
        "type": "message",
        "sender": "bot",
        "text": "哪种？",
        "buttons": [{"title": "随心借", "payload": "b_1"}],
        "card": {"kind": "x"},
        "client_msg_id": None,
        "at": MOMENT,
        "agent_name": None,
    }
    note = Note("n1", "c1", "a1", "小林", "备注", AT)
    assert render.note_out(note) == {"id": "n1", "agent_name": "小林", "text": "备注", "at": MOMENT}
    assert msgspec.json.encode(render.note_out(note))


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("https://desk.bank.cn", "desk.bank.cn", True),
        ("https://desk.bank.cn", "desk.bank.cn:8000", False),
        ("https://evil.cn", "desk.bank.cn", False),
        ("https://desk.bank.cn.evil.cn", "desk.bank.cn", False),
        ("https://desk.bank.cn@evil.cn", "desk.bank.cn", False),
        ("https://evil.cn/desk.bank.cn", "desk.bank.cn", False),
        ("null", "desk.bank.cn", False),
        ("", "desk.bank.cn", False),
        (None, "desk.bank.cn", False),
        ("https://desk.bank.cn", None, False),
        ("desk.bank.cn", "desk.bank.cn", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_a_page_of_another_site_may_not_open_the_socket(
    origin: str | None, host: str | None, same: bool
) -> None:
    assert same_origin(origin, host) is same
