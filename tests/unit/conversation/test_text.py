"""Text at the door: what may be stored, and the few sentences the desk itself understands."""

from __future__ import annotations

import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from conversation.errors import EmptyText, InvalidText, TextTooLong
from conversation.text import asks_for_person, cleaned, leaves_queue, looks_unfinished, storable

# what may be stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("怎么还款", "怎么还款"),
        ("  怎么还款 \n", "怎么还款"),
        ("\u3000怎么还款\u3000", "怎么还款"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("a\tb", "a\tb"),
        ("还\u200b款\ufeff", "还款"),
        ("\u202e款还\u202c", "款还"),
        ("还\0款\x07", "还款"),
        ("还\x7f\x85款", "还款"),
        ("😀", "😀"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("🇨🇳", "🇨🇳"),
        ("？", "？"),
        (".", "."),
        ("0", "0"),
        ("\u4f60" * 2000, "\u4f60" * 2000),
        ("😀" * 2000, "😀" * 2000),
        ("𠮷", "𠮷"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_text_is_stored_without_what_carries_nothing(written: str, stored: str) -> None:
    assert cleaned(written) == stored


@pytest.mark.parametrize(
    "empty",
    [
        "",
        " ",
        "\n\t\r\n",
        "\u3000",
        "\xa0",
        "\0",
        "\0\x01\x02",
        "\u200b\u200c\u200d\ufeff",
        "\u2060",
        "\u3164",
        "\u2800",
        "\u202e\u202c",
        "\ufe0f",
        "\U000e0061",
    ],
)
def test_nothing_to_see_is_empty(empty: str) -> None:
    with pytest.raises(EmptyText):
        cleaned(empty)


def test_two_thousand_code_points_are_the_limit_before_anything_is_taken_away() -> None:
    assert len(cleaned("还" * 2000)) == 2000
    for too_long in ("还" * 2001, "还" + " " * 2000, "😀" * 2001):
        with pytest.raises(TextTooLong) as refused:
            cleaned(too_long)
        assert refused.value.status == 413


@pytest.mark.parametrize("broken", ["\ud800", "还\udfff款", "\udc00\ud800"])
def test_half_a_character_is_refused(broken: str) -> None:
    with pytest.raises(InvalidText):
        cleaned(broken)


@given(st.text(max_size=100))
@settings(max_examples=300, deadline=None)
def test_cleaning_ends_in_one_step_and_always_leaves_something_storable(text: str) -> None:
    try:
        once = cleaned(text)
    except (EmptyText, InvalidText):
        return
    assert cleaned(once) == once
    assert storable(once)
    assert once == once.strip()
    assert once.encode()


@pytest.mark.parametrize(
    ("id", "good"), [("m1", True), ("", True), ("a\0", False), ("\ud800", False), ("\n", True)]
)
def test_an_id_is_storable_when_every_database_keeps_it(id: str, good: bool) -> None:
    assert storable(id) is good


# a person, please

PERSON = [
    "人工",
    "转人工",
    "转 人 工",
    "转人工！！！",
    "人工客服",
    "人工客服？",
    "人工服务",
    "人工坐席",
    "我要人工",
    "我要转人工",
    "我要人工客服!",
    "我想找人工客服",
    "我想要人工服务",
    "请转人工",
    "请帮我转人工",
    "麻烦转人工谢谢",
    "麻烦帮我转一下人工",
    "帮我接人工",
    "给我转人工",
    "给我接人工客服",
    "能不能转人工",
    "能转人工吗",
    "可以转人工吗",
    "可不可以转人工客服呢",
    "转人工好吗",
    "转接人工",
    "转接人工客服",
    "接人工",
    "找人工",
    "换人工",
    "叫人工来",
    "有人工吗",
    "有没有人工",
    "有没有人工客服啊",
    "需要人工",
    "我需要人工服务",
    "联系人工客服",
    "呼叫人工",
    "转真人",
    "我要真人客服",
    "找个真人",
    "活人客服",
    "来个活人",
    "转客服",
    "转接客服",
    "快点转人工",
    "赶紧给我转人工",
    "马上转人工",
    "喂，转人工",
    "你好，转人工",
    "你好 人工",
    "直接转人工吧",
    "转人工了",
    "转人工客服人员",
    "人工人工",
    "人工!人工!人工!",
    "【人工】",
    "“人工”",
    "转\n人工",
    "转人工。",
    "客服人员",
]


@pytest.mark.parametrize("text", PERSON)
def test_a_person_please_is_understood_without_any_bot(text: str) -> None:
    assert asks_for_person(text)


NOT_PERSON = [
    "",
    "人工提额",
    "人工提额怎么弄",
    "人工还款",
    "人工还款失败了",
    "是人工吗",
    "你是人工吗",
    "你是不是人工",
    "是真人吗",
    "真人吗",
    "人工吗",
    "人工吗？",
    "真人客服吗",
    "是人工服务吗",
    "人工智能",
    "你是人工智能吗",
    "人工审核要多久",
    "人工费多少",
    "人工客服电话",
    "人工客服几点上班",
    "人工客服的工作时间",
    "客服电话多少",
    "客服电话什么时候打来",
    "客服",
    "不要人工",
    "不要转人工",
    "不用人工",
    "我不要人工客服",
    "别转人工",
    "取消转人工",
    "怎么转人工",
    "为什么转人工",
    "转人工要多久",
    "转人工要钱吗",
    "转账人工处理",
    "人工转账",
    "刚才的人工客服说可以减免",
    "我要投诉人工客服",
    "上次人工说的不对",
    "转人工没有用",
    "转人工怎么还款",
    "怎么还款",
    "人",
    "工",
    "转",
    "我想转人工因为我的贷款有问题一直没有解决",
    "客服什么时候联系我",
]


@pytest.mark.parametrize("text", NOT_PERSON)
def test_a_sentence_about_something_else_is_the_bots_to_read(text: str) -> None:
    assert not asks_for_person(text)


# no longer

LEAVE = [
    "取消排队",
    "取消排队。",
    "我取消排队",
    "请取消排队",
    "麻烦取消排队",
    "帮我取消排队",
    "取消排队吧",
    "取消排队好吗",
    "能取消排队吗",
    "可以帮我取消排队吗",
    "取消转人工",
    "取消人工",
    "退出排队",
    "结束等待",
    "停止转接",
    "不用人工了",
    "不用转人工了",
    "不需要人工了",
    "不要人工了",
    "我不要人工客服了",
    "不转人工了",
    "不等了",
    "我不等了",
    "不等人工了",
    "不排了",
    "不排队了",
    "算了不排了",
    "那算了，不等了",
    "我不排队了",
    "我不想等了",
    "不想排队了",
    "不找人工了",
    "回机器人",
    "转回机器人",
    "回到机器人",
]


@pytest.mark.parametrize("text", LEAVE)
def test_no_longer_waiting_is_understood_without_any_bot(text: str) -> None:
    assert leaves_queue(text)


NOT_LEAVE = [
    "",
    "不用",
    "不",
    "算了",
    "好的",
    "等",
    "我等",
    "还要等多久",
    "还要排多久",
    "排队",
    "排队多久了",
    "不要取消排队",
    "别取消排队",
    "先不要取消排队",
    "不用排队吗",
    "不用等吗",
    "不排队行吗",
    "不排队可以吗",
    "可以不排队吗",
    "能不排队吗",
    "能不能不排队",
    "能不能不等",
    "能不能不等啊",
    "可不可以不排队",
    "怎么才能不排队",
    "为什么不用排队",
    "怎么取消排队",
    "为什么取消排队",
    "谁取消排队了",
    "取消自动扣款",
    "取消申请",
    "取消",
    "我不等于放弃",
    "不用转账了",
    "不要机器人",
    "不要机器人，转人工",
    "不是说不用排队吗",
    "我不用人工提额",
    "等不了了",
]


@pytest.mark.parametrize("text", NOT_LEAVE)
def test_nobody_loses_his_place_by_a_question_or_another_word(text: str) -> None:
    assert not leaves_queue(text)


@pytest.mark.parametrize("text", [*PERSON, *NOT_PERSON, *LEAVE, *NOT_LEAVE])
def test_nobody_asks_and_leaves_at_once(text: str) -> None:
    assert not (asks_for_person(text) and leaves_queue(text))


# goes on in the next message

UNFINISHED = [
    "我想问一下",
    "我想问",
    "请问",
    "请问一下",
    "你好，我想问一下",
    "我想",
    "我想要",
    "就是",
    "那个",
    "然后",
    "因为",
    "但是",
    "如果",
    "还有",
    "我的",
    "关于",
    "问一下",
    "我上个月借了五千，",
    "我有两个问题：",
    "利息…",
    "嗯...",
    "我那个——",
    "我想问一下 ",
    "比如（",
]
FINISHED = [
    "",
    "怎么还款",
    "你好",
    "在吗",
    "转人工",
    "我想问一下提前还款",
    "提前还款要手续费吗？",
    "好的。",
    "5000元.",
    "额度为什么是零还有为什么不能提现因为我的卡换了那是不是如果",
    "😀",
]


@pytest.mark.parametrize("text", UNFINISHED)
def test_an_open_end_is_heard(text: str) -> None:
    assert looks_unfinished(text)


@pytest.mark.parametrize("text", FINISHED)
def test_a_whole_sentence_is_not_kept_waiting(text: str) -> None:
    assert not looks_unfinished(text)


HEAVY = [
    "吧",
    "了吧",
    "能不能",
    "请",
    "不",
    "不要",
    "转",
    "人工",
    "我要",
    "。",
    ".",
    "…",
    "…x",
    "！",
    " ",
    "a",
    "我想",
    "，",
    "取消",
]


@pytest.mark.parametrize("unit", HEAVY)
@pytest.mark.parametrize("read", [asks_for_person, leaves_queue, looks_unfinished])
def test_time_grows_with_the_length_only(read: object, unit: str) -> None:
    text = (unit * 20_000)[:20_000] + "x"
    begun = time.process_time()
    read(text)  # type: ignore[operator]
    assert time.process_time() - begun < 0.5
