"""The console's lists page through everything, each conversation once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversation.errors import BadRequest
from conversation.state import Conversation
from conversation.store.reading import Reading
from escalation.console.view import ConsoleView

PAGE = 4


@pytest.fixture
def view(reading: Reading) -> ConsoleView:
    return ConsoleView(reading, lambda customer_id: None)


def pages(view: ConsoleView, tab: str) -> list[str]:
    """Ids in the order shown, following ``next`` to the end."""
    found: list[str] = []
    after = None
    while True:
        page = view.page(tab, "a1", after, PAGE)
        found += [one["id"] for one in page["conversations"]]
        after = page["next"]
        if after is None:
            return found


@pytest.mark.parametrize("tab", ["queued", "bot"])
def test_following_next_shows_every_conversation_once(
    view: ConsoleView,
    clock: Any,
    make_conversation: Callable[..., Conversation],
    say: Callable[..., Any],
    tab: str,
) -> None:
    """The queue in its order of serving, the others newest change first."""
    made = []
    for _ in range(2 * PAGE + 1):
        talk = make_conversation()
        clock.advance(1)
        say(talk.id, "转人工" if tab == "queued" else "怎么还款")
        made.append(talk.id)
    assert pages(view, tab) == (made if tab == "queued" else made[::-1])


@pytest.mark.parametrize(
    ("tab", "after"), [("queued", "x"), ("queued", "-1"), ("bot", "x"), ("bot", "2026-01-01")]
)
def test_a_made_up_page_is_a_clear_error(view: ConsoleView, tab: str, after: str) -> None:
    with pytest.raises(BadRequest):
        view.page(tab, "a1", after, PAGE)
