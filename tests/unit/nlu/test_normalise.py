"""Each way of typing reads the same, and every character knows where it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import LONGEST, normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("３#提前还款怎么办理", "提前还款怎么办理"),
        ("1:钱包里看不到", "钱包里看不到"),
        ("2、怎么还", "怎么还"),
        ("香港人能開通隨心花嗎", "香港人能开通随心花吗"),
        ("还\u200b不\u200d了\ufeff", "还不了"),
        ("还不了/流泪/流泪", "还不了"),
        ("[流泪]怎么还", "怎么还"),
        ("😂还款失败👨‍👩‍👧", "还款失败"),
        ("5OOO元", "5000元"),
        ("APP打不开", "app打不开"),
        ("急！！！！！！", "急!!!"),
        ("我要　还款", "我要 还款"),
    ],
)
def test_ways_of_typing_read_the_same(written: str, read: str) -> None:
    """Widths, scripts, invisible characters, emoji, menu residue, the letter O."""
    assert normalise(written).text == read


@pytest.mark.parametrize("written", ["1.5万怎么还", "3:30能还吗", "12期利息", "3000"])
def test_numbers_in_front_that_are_no_menu_stay(written: str) -> None:
    assert normalise(written).text == written


@pytest.mark.parametrize(
    "written", ["/human", "　/restart", "／human_agent", "\u200b/human", "1:/human", "//x", "[流泪]/human"]
)
def test_no_text_begins_with_a_slash(written: str) -> None:
    """A slash in front would be a command to Rasa."""
    assert not normalise(written).text.strip().startswith("/")


_TEXTS = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("/／ \u200b\u30001#:还款随心借預期😂é\u0301[流泪]")),
    max_size=60,
)


@given(_TEXTS)
def test_any_text_keeps_its_map_and_never_begins_with_a_slash(text: str) -> None:
    """Offsets grow, stay inside, and there is one for each character."""
    result = normalise(text)
    assert not result.text.strip().startswith("/")
    assert len(result.text) == len(result.starts) == len(result.ends)
    assert list(result.starts) == sorted(result.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(result.starts, result.ends))


@given(_TEXTS)
def test_ingress_may_have_normalised_before(text: str) -> None:
    """Reading what was read once changes nothing that entities depend on: it is short, trimmed, lower."""
    once = normalise(text).text
    assert once == once.strip()
    assert "  " not in once
    assert once == once.lower()


def test_a_span_leads_back_to_what_was_written() -> None:
    text = "借\u200b５OOO元！"
    result = normalise(text)
    start = result.text.index("5000")
    begin, end = result.span(start, start + 4)
    assert text[begin:end] == "５OOO"


def test_a_text_that_unfolds_into_a_book_is_read_to_its_first_pages() -> None:
    """U+FDFA folds into eighteen characters; two thousand of them are more than anybody reads."""
    assert len(normalise("ﷺ" * 2000).text) <= 2 * LONGEST
    assert normalise("还" * 10 + "ﷺ" * 2000).text.startswith("还还还")
