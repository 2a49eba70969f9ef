"""The library of answers: checked when it is loaded, filled with figures, versioned by its wording."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.bank.products import Products
from bot.knowledge.checking import check, written_out
from bot.knowledge.library import BadKnowledge, Library, read_texts
from bot.knowledge.topics import topic_of

REAL = Path(__file__).resolve().parents[3] / "bot" / "data" / "knowledge"
PRODUCTS = Products({"随心借": {"年利率上限": "18.00", "额度上限": "200000.00"}, "随心花": {"账单日": 1}})
GOOD = {
    "intent": "rate",
    "title": "利率",
    "ask": "利率多少",
    "updated": "2026-11-23",
    "owner": "信贷产品组",
    "review_by": "2027-05-22",
    "answers": [
        {"product": "随心花", "short": "每月 {随心花.账单日} 日出账。"},
        {
            "short": "年利率最高 {随心借.年利率上限}%。",
            "detail": "额度最高 {随心借.额度上限} 元。",
            "next": "看合同",
        },
    ],
    "related": [],
    "account": False,
}


def load(folder: Path, **changes: object) -> Library:
    (folder / "rate.yml").write_text(yaml.safe_dump({**GOOD, **changes}, allow_unicode=True), "utf-8")
    return Library.load(folder, PRODUCTS)


def test_the_answer_for_the_product_else_the_one_for_all(tmp_path: Path) -> None:
    library = load(tmp_path)
    assert library.answer("rate", "随心花").short == "每月 1 日出账。"
    assert library.answer("rate", "随心借").short == "年利率最高 18%。"
    assert library.answer("rate").detail == "额度最高 200,000 元。"


def test_the_version_changes_exactly_with_what_is_said(tmp_path: Path) -> None:
    """An audit must know which wording a customer saw; a new title changes nothing he saw."""
    before = load(tmp_path).answer("rate").key
    assert load(tmp_path, title="另一个标题").answer("rate").key == before
    figures = Products({"随心借": {"年利率上限": "17.00", "额度上限": "200000.00"}, "随心花": {"账单日": 1}})
    assert Library.load(tmp_path, figures).answer("rate").key != before


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"intent": "other"}, "应与文件名相同"),
        ({"answers": [{"short": "{随心借.没有这个}"}]}, "没有“随心借.没有这个”"),
        ({"answers": [{"product": "随心花", "short": "只有一个产品"}]}, "通用答案"),
        ({"answers": [{"detail": "没有短答案"}]}, "short"),
        ({"answers": [{"short": "长" * 90}]}, "超过 80 个字"),
        ({"ask": "这个按钮标题写得实在太长太长了"}, "ask 超过"),
        ({"related": ["nobody"]}, "nobody 没有答案文件"),
        ({"extra": 1}, "extra"),
        ({"owner": ""}, "缺少 owner"),
        ({"review_by": "2026-11-01"}, "要晚于 updated"),
        ({"updated": "昨天"}, "应是日期"),
        ({"answers": [{"short": "看 https://example.com"}]}, "网址"),
        ({"answers": [{"short": "没有{收口"}]}, "花括号"),
        ({"answers": [{"product": "没有花", "short": "一"}, {"short": "二"}]}, "没有产品“没有花”"),
        ({"answers": [{"short": "一"}, {"short": "二"}]}, "永远用不到"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_with_file_and_place(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(BadKnowledge, match="rate") as found:
        load(tmp_path, **changes)
    assert says in str(found.value)


def test_an_empty_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(BadKnowledge):
        Library.load(tmp_path, PRODUCTS)


def test_the_real_answers_load() -> None:
    """All figures exist, all neighbours have files, all short answers are short."""
    library = Library.load(REAL, Products.load())
    assert len(list(library)) == 71


def test_the_real_answers_for_products_name_real_products() -> None:
    names = set(Products.load().names)
    for path in REAL.glob("*.yml"):
        for answer in yaml.safe_load(path.read_text("utf-8"))["answers"]:
            assert answer.get("product") in {*names, None}, path.name


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("你好", "greeting"),
        ("谢谢你啊", "thanks"),
        ("你是不是真人", "are_you_human"),
        ("你是机器人吗", "are_you_human"),
        ("你是谁", "who_are_you"),
        ("你到底是人还是机器", "are_you_human"),
        ("hello", "greeting"),
        ("晚上好", "greeting"),
        ("再见", "bye"),
    ],
)
def test_small_talk_finds_its_topic(text: str, topic: str) -> None:
    library = Library.load(REAL, Products.load())
    assert topic_of(text, library.topics("chitchat")) == topic


def test_small_talk_about_nothing_known_has_no_topic() -> None:
    assert topic_of("天气不错", {"greeting": ("你好",)}) is None


@pytest.mark.parametrize(
    ("figure", "text"), [("200000.00", "200,000"), ("7.20", "7.2"), ("0.02", "0.02"), ("22:00", "22:00")]
)
def test_figures_are_written_as_people_write_them(figure: str, text: str) -> None:
    assert written_out(figure) == text


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = "intent: rate\ntitle: 利率\nask: 利率多少\nupdated: 2026-11-23\nowner: 甲\nreview_by: 2027-01-01\n"
    found = check(
        text + "answers:\n  - short: 最高 {没有.这个}\n    oops: 1\nrelated: [nobody]\n", "rate", PRODUCTS, {}
    )
    assert [problem.line for problem in found.problems] == [8, 9, 10]
    assert found.entry is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "只有文字",
        "a: [",
        "a: &x 1\nb: *x",
        "!!python/object:os.system {}",
        "\x00",
        "a: 1\na: 2",
        "[" * 3000,
    ],
)
def test_what_is_no_answer_file_is_refused_never_run(text: str) -> None:
    problems = check(text, "rate", PRODUCTS).problems
    assert problems
    assert all(re.search("[一-鿿]", one.message) for one in problems)


def test_figures_written_by_hand_are_a_warning() -> None:
    text = yaml.safe_dump({**GOOD, "answers": [{"short": "年利率 18% 起"}]}, allow_unicode=True)
    found = check(text, "rate", PRODUCTS)
    assert found.entry is not None
    assert "18%" in found.warnings[0].message


def test_every_real_answer_is_whole() -> None:
    """Short first, then more, where to go, what is next to it, and no figure written by hand."""
    texts = read_texts(REAL)
    for intent, text in texts.items():
        entry, warnings = (
            check(text, intent, Products.load(), texts).entry,
            check(text, intent, Products.load()).warnings,
        )
        assert entry is not None
        assert entry.related, intent
        assert not warnings, warnings
        general = entry.answers[-1][3]
        assert intent in TALK or (general.detail and general.next), intent


#: small talk has no details
TALK = {"abuse", "chitchat", "vulnerable_customer"}
