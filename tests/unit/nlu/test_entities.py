"""Products, amounts, terms and dates as customers really write them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.bank.products import Products
from bot.nlu.entities import entities_in
from bot.nlu.homophones import readable
from bot.nlu.normalise import DATA
from bot.nlu.numbers import number


def found(text: str) -> list[tuple[str, str, str]]:
    normal = readable(text).text
    return [(one.entity, one.value, normal[one.start : one.end]) for one in entities_in(normal)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3万", "30000"),
        ("2千5", "2500"),
        ("二万二千", "22000"),
        ("三万五", "35000"),
        ("1万2千3", "12300"),
        ("一千零五", "1005"),
        ("1.5w", "15000"),
        ("3k", "3000"),
        ("5,000", "5000"),
        ("十三", "13"),
        ("二〇二六", "2026"),
    ],
)
def test_numbers_read_as_people_mean_them(written: str, value: str) -> None:
    assert number(written) == pytest.approx(int(value))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3万借10个月利息多少", [("amount", "30000.00", "3万"), ("term", "10个月", "10个月")]),
        ("借一万一年利息", [("amount", "10000.00", "一万"), ("term", "1年", "一年")]),
        ("明天还2000行不", [("date", "明天", "明天"), ("amount", "2000.00", "2000")]),
        ("我下个月15号还", [("date", "下月15日", "下个月15号")]),
        ("周五发工资再还", [("date", "周五", "周五"), ("date", "发工资再", "发工资再")]),
        ("手机尾号5678", [("phone_tail", "5678", "5678")]),
        ("尾号1234的卡", [("card_tail", "1234", "1234")]),
        ("借500还了300", [("amount", "500.00", "500"), ("amount", "300.00", "300")]),
        ("半年", [("term", "6个月", "半年")]),
    ],
)
def test_amounts_terms_and_dates(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "12378",
        "打95588没人接",
        "双11有活动吗",
        "打了5个电话",
        "90后能借吗",
        "24小时到账吗",
        "第一期还款",
        "还了3笔",
        "我今年20岁",
        "2018年",
        "千万别",
        "一次性还",
        "定期还款",
    ],
)
def test_what_only_looks_like_an_entity_is_none(text: str) -> None:
    """Service numbers, counts, ages, years and figures of speech."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("随薪借怎么还", "随心借"),
        ("遂心接能借吗", "随心借"),
        ("借呗利息", "随心借"),
        ("花呗怎么还", "随心花"),
        ("随心化账单", "随心花"),
        ("活期赢怎么取", "活期盈"),
        ("定存利率", "定期存款"),
        ("电子帐户", "电子账户"),
    ],
)
def test_misspelt_and_generic_names_mean_our_products(text: str, product: str) -> None:
    assert found(text)[0][:2] == ("product", product)


@pytest.mark.parametrize("text", ["随借随还是什么意思", "不定期检查", "每个月定期扣款"])
def test_ordinary_words_are_no_product(text: str) -> None:
    assert not [one for one in found(text) if one[0] == "product"]


def test_the_lexicon_names_the_banks_products_and_no_others() -> None:
    named = yaml.safe_load((DATA / "products.yml").read_text("utf-8"))
    assert set(named) == set(Products.load().names)


@given(st.text(alphabet="随心借花3万千百十元块借还号月周天期年明0123456789.,*尾号结尾 %", max_size=40))
def test_entities_never_overlap_and_lie_inside(text: str) -> None:
    """Whatever is written: from left to right, inside the text, each with a value."""
    end = 0
    for one in entities_in(text):
        assert end <= one.start < one.end <= len(text)
        assert one.value
        end = one.end


@pytest.mark.parametrize(
    "part", ["一", "1", "1.", "1,000", "一万", "3万5", "借", "下个月", "随心", "1w", " 1", "百", "第一"]
)
def test_no_text_takes_long_to_read(part: str) -> None:
    """The longest message a customer may send, made to be as ambiguous as can be."""
    started = time.process_time()
    entities_in((part * 2000)[:2000])
    assert time.process_time() - started < 0.5


def test_amount_values_have_two_decimals() -> None:
    """So that Money reads them."""
    values = [
        value for text in ("借3万", "还1.5w", "¥80.5") for kind, value, _ in found(text) if kind == "amount"
    ]
    assert values == ["30000.00", "15000.00", "80.50"]


def test_data_files_lie_beside_the_code() -> None:
    assert Path(DATA).is_dir()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("日息0.05%", "0.05"),
        ("万分之五", "0.05"),
        ("千分之三", "0.3"),
        ("百分之十二", "12"),
        ("年化18", "18"),
        ("3个点", "3"),
        ("12.50%", "12.5"),
    ],
)
def test_a_rate_is_a_percentage(text: str, value: str) -> None:
    assert [(kind, said) for kind, said, _ in found(text)] == [("percent", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("半年", "6个月"),
        ("一年半", "18个月"),
        ("分24次", "24期"),
        ("三十六期", "36期"),
        ("俩月", "2个月"),
        ("两个礼拜", "14天"),
    ],
)
def test_lengths_in_every_spelling(text: str, value: str) -> None:
    assert [(kind, said) for kind, said, _ in found(text)] == [("term", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("欠了三十多万", "300000.00"),
        ("十来万", "100000.00"),
        ("一万多", "10000.00"),
        ("几千", None),
        ("五十块钱", "50.00"),
    ],
)
def test_sums_said_roughly_count_as_their_round_part(text: str, value: str | None) -> None:
    assert [said for kind, said, _ in found(text) if kind == "amount"] == ([value] if value else [])


def test_what_the_door_took_out_is_named_not_known() -> None:
    assert found("换成<手机号>行吗") == [("phone", "<手机号>", "<手机号>")]
