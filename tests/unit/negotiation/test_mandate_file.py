"""The mandate's file: the shipped one loads, and every fault is found, with its file and line, in Chinese."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.bank.products import Products
from bot.negotiation.mandate_file import MANDATE_FILE, MandateFaulty, load_mandate, read_mandate
from bot.negotiation.values import Creditor

TODAY = date(2026, 11, 24)
PRODUCTS = ("随心借", "随心花")
TEXT = MANDATE_FILE.read_text("utf-8")


def faults(text: str, today: date = TODAY) -> list[tuple[int, str]]:
    """What is wrong with the text: lines and messages."""
    with pytest.raises(MandateFaulty) as caught:
        read_mandate(text, PRODUCTS, today, "mandate.yml")
    assert all(str(fault) in caught.value.message for fault in caught.value.faults)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def line_of(text: str, part: str) -> int:
    """The line on which `part` first stands."""
    return text[: text.index(part)].count("\n") + 1


def test_the_shipped_mandate_is_in_order() -> None:
    """On the day it begins, and for the products the demo bank has."""
    start = yaml.safe_load(TEXT)["生效日"]
    mandate = load_mandate(Products.load().names, start)
    assert mandate.version
    assert set(mandate.products) <= set(Products.load().names)
    assert Creditor.SOLD not in mandate.products["随心借"].creditors


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("复核人: 风险管理岗 陈静", "复核人: 风险管理岗 王立新", "由另一个人复核"),
        ("到期日: 2027-12-31", "到期日: 2026-11-23", "已在 2026-11-23 到期"),
        ("到期日: 2027-12-31", "到期日: 2025-12-31", "早于生效日"),
        ("到期日: 2027-12-31", "到期日: 明年底", "应是日期"),
        ("  随心借:\n", "  随手借:\n", "没有产品“随手借”"),
        ("自: 31, 至: 90", "自: 30, 至: 90", "重叠"),
        ("自: 31, 至: 90", "自: 32, 至: 90", "逾期 31 到 31 天没有档位"),
        ("自: 31, 至: 90", "自: 31, 至: 20", "首尾颠倒"),
        ("自: 0, 至: 0", "自: 3, 至: 0", "没有档位"),
        ("{自: 181, ", "{自: 181, 至: 360, ", "361 天以上没有档位"),
        ("自: 91, 至: 180", "自: 91", "重叠"),
        ("分期减免: 50", "分期减免: 150", "不在 0 到 100 之间"),
        ("一次还清减免: 50", "一次还清减免: 60", "不在可选减免里"),
        ("最长期数: 24", "最长期数: 20", "不在可选期数里"),
        ("[3, 6, 12, 18", "[6, 3, 12, 18", "从小到大"),
        ("[0, 25, 50", "[0, 0, 50", "从小到大"),
        ("[0, 25, 50", "[0, 二十五, 50", "应是整数"),
        ("48, 60]", "48, 72]", "不在 1 到 60 之间"),
        ("总期限上限: 60", "总期限上限: 84", "不在 1 到 60 之间"),
        ("最多已重组: 1", "最多已重组: 2", "不在 0 到 1 之间"),
        ("最高欠款: \"200000.00\"", "最高欠款: \"二十万\"", "看不懂的金额"),
        ("最高欠款: \"200000.00\"", "最高欠款: \"0.00\"", "大于零"),
        ("      自有: {}\n", "      自有: {}\n      转让: {}\n", "已转让的债权不属于本行"),
        ("      自有: {}\n", "      自有: {}\n      亲戚: {}\n", "不认识债权“亲戚”"),
        ("分期减免: 50,", "分期减免: 50, 本金减免: 10,", "本金和合同利息在任何授权书里都不能减免"),
        ("分期减免: 50,", "分期减免: 50, 正常利息减免: 10,", "本金和合同利息在任何授权书里都不能减免"),
        ("分期减免: 50,", "分期减免: 50, 分期减免: 75,", "写了两次"),
        ("报价有效天数: 3\n", "报价有效天数: 3\n附加条件: 无\n", "不认识 附加条件"),
        ("版本: demo-2026-11", "版本: \"\"", "不能空着"),
        ("最长延后: 1}\n      - {自: 1,", "最长延后: 1, 分期减免: 25}\n      - {自: 1,", "不能分期"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    found = [line for line, said in faults(text) if message in said]
    start = line_of(text, new)
    assert found
    assert any(start <= line <= start + new.count("\n") + 1 for line in found)


@pytest.mark.parametrize("key", [line.split(":")[0] for line in TEXT.splitlines() if line[:1] not in " #"])
def test_nothing_of_the_head_may_be_missing(key: str) -> None:
    rest = yaml.safe_load(TEXT)
    del rest[key]
    found = faults(yaml.safe_dump(rest, allow_unicode=True, default_flow_style=None))
    assert any(message == f"缺少 {key}。" for _, message in found)


def test_all_faults_are_told_at_once() -> None:
    """In the order of the lines, so that they are mended in one go."""
    text = (
        TEXT.replace("陈静", "王立新").replace("分期减免: 75", "分期减免: 175").replace("48, 60]", "60, 48]")
    )
    found = faults(text)
    assert len(found) >= 3
    assert [line for line, _ in found] == sorted(line for line, _ in found)


@pytest.mark.parametrize("text", ["", "[]", "产品", "a: [", "产品: {a: *x}", "\x00", "版本: &x [*x]\n"])
def test_what_is_no_mandate_is_refused_in_words(text: str) -> None:
    assert faults(text)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(MandateFaulty, match=r"nothing.yml 第 1 行：读不出来"):
        load_mandate(PRODUCTS, TODAY, tmp_path / "nothing.yml")


def test_a_mandate_that_begins_later_loads_but_says_nothing_yet() -> None:
    """Tomorrow's mandate may be put in place today."""
    mandate = read_mandate(TEXT, PRODUCTS, date(2025, 6, 1))
    assert mandate.valid_from > date(2025, 6, 1)
