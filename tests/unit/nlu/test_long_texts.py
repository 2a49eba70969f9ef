"""No message takes long to read, whatever is in it: patterns must not be slow on purpose-made text."""

from __future__ import annotations

import time

import pytest

from bot.nlu.entities import entities_in
from bot.nlu.features import features
from bot.nlu.normalise import normalise
from bot.nlu.signals import signal_in
from bot.nlu.speaker import is_third_party

LONGEST = 2000

PARTS = (
    *(
        "还",
        "我是",
        "一",
        "1",
        "借能可以",
        "a",
        "我想问一下",
        "你好",
        "额度可以",
        "。",
        "我妈",
        "逾期还清",
        "您好请问",
    ),
    *(
        "帮我",
        "?",
        "0.",
        "谢谢",
        "征信没有逾期",
        "/",
        "[流泪]",
        "\u0301",
        "\u200b",
        "3#",
        "我是他的",
        "能不能晚",
    ),
)


@pytest.mark.parametrize("part", PARTS)
def test_the_longest_message_is_read_within_a_second(part: str) -> None:
    text = (part * LONGEST)[:LONGEST]
    started = time.process_time()
    normal = normalise(text).text
    entities_in(normal)
    features(normal, [])
    signal_in(normal)
    is_third_party(text)
    assert time.process_time() - started < 1
