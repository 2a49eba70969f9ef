"""`make predict`: the outside contract, line by line, with the real model."""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.decision import handling_table
from service.predict import at_the_door, predict
from service.settings import read_settings
from service.train import train

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

TEXTS = [
    "随薪借借3万12期利息多少",
    "我的号\u200b13812345678换了，随心花怎么办",
    "",
    "   ",
    "好的",
    "？？？",
    "/restart",
    "今天天气怎么样",
    "香港人能開通隨心花嗎😂",
    "长" * 3000,
    "我是他老婆，他去世了",
    "5OOO元/流泪",
]


@pytest.fixture(scope="module")
def models() -> Path:
    return train(read_settings(os.environ).models)


async def predicted(texts: list[str], models: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    await predict([text + "\n" for text in texts], out, models)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_one_line_for_each_line_in_the_agreed_form(models: Path) -> None:
    lines = await predicted(TEXTS, models)
    assert [line["text"] for line in lines] == TEXTS
    for line in lines:
        assert list(line) == ["text", "intent", "confidence", "ranking", "entities", "decision"]
        assert line["intent"] in handling_table()
        assert len({guess["intent"] for guess in line["ranking"]} & set(handling_table())) == 5
        assert line["decision"] in {"answer", "act", "clarify", "handover", "out_of_scope"}
        assert (line["intent"] == "out_of_scope") is (line["decision"] == "out_of_scope")
        chances = [guess["confidence"] for guess in line["ranking"]]
        assert chances == sorted(chances, reverse=True)
        assert all(0 <= chance <= 1 for chance in [*chances, line["confidence"]])


async def test_offsets_are_code_points_of_the_original(models: Path) -> None:
    """Also behind invisible characters, masked numbers, full-width letters and emoji."""
    for line in await predicted(TEXTS, models):
        for entity in line["entities"]:
            assert 0 <= entity["start"] < entity["end"] <= len(line["text"])
    first, second, *_, last = await predicted(TEXTS, models)
    assert [first["text"][e["start"] : e["end"]] for e in first["entities"]] == ["随薪借", "3万", "12期"]
    assert [second["text"][e["start"] : e["end"]] for e in second["entities"]] == ["13812345678", "随心花"]
    assert [last["text"][e["start"] : e["end"]] for e in last["entities"]] == ["5OOO元"]


def test_the_model_never_reads_personal_data() -> None:
    """Redacted at the door as a real message is."""
    door = at_the_door("我的手机号１３８１２３４５６７８换了")
    assert "手机号>" in door.read
    assert "1" not in door.read
    assert len(door.starts) == len(door.ends) == len(door.read)


async def test_nothing_is_guessed_where_there_is_nothing_to_read(models: Path) -> None:
    lines = await predicted(["", "？？？", "qwzx"], models)
    assert [line["decision"] for line in lines] == ["clarify"] * 3


async def test_two_hundred_lines_a_second(models: Path) -> None:
    """Loading aside; a slow test machine gets some patience."""
    few, many = ["怎么还款"] * 5, ["我的随心借怎么提前还款要不要手续费"] * 405
    started = time.process_time()
    await predicted(few, models)
    loading = time.process_time() - started
    started = time.process_time()
    await predicted(many, models)
    assert time.process_time() - started - loading < 4
