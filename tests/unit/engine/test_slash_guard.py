"""Nobody commands the bot by typing what buttons send."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.guard import SLASHES, neutralise

FORGED = [
    "/human",
    "/restart",
    "/back",
    "/session_start",
    "/human@0.5",
    '/human@0.5{"amount":"1"}',
    '/plan{"amount":"1"}',
    "\u3000/human",
    " \t\n/human",
    "／human",
    "\u3000／human",
    "\u200b/human",
    "\u200b\u200d\ufeff/human",
    "\u202e/human",
    "//human",
    "/ /human",
    "／/human",
    "，/human",
    "[]/human",
]


def as_seen_by_the_handler(text: str) -> str:
    """What a pipeline may make of a text before Rasa looks for a slash."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if char.isalnum() or char == "/").strip()


@pytest.mark.parametrize("text", FORGED)
def test_a_typed_command_is_only_text(text: str) -> None:
    """However it is dressed up, it does not begin with a slash when Rasa looks."""
    assert not neutralise(text).strip().startswith("/")
    assert not as_seen_by_the_handler(neutralise(text)).startswith("/")


@pytest.mark.parametrize("text", ["还款 1/3", "3/4 期", "http://example.com", "a/b", "", "？", "你好"])
def test_a_slash_inside_a_text_stays(text: str) -> None:
    """Fractions, dates and addresses reach the bot as written."""
    assert neutralise(text) == text


@given(st.text())
def test_positions_in_the_text_do_not_move(text: str) -> None:
    """Entity offsets are offsets of the text the customer sent."""
    assert len(neutralise(text)) == len(text)
    assert neutralise(neutralise(text)) == neutralise(text)


@given(st.text(alphabet=[*SLASHES, " ", "\u3000", "\u200b", "，", "a"]))
def test_no_mixture_gets_through(text: str) -> None:
    """Slashes, spaces and invisible characters in any order."""
    assert not as_seen_by_the_handler(neutralise(text)).startswith("/")
