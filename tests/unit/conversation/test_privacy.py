"""Personal data is found however it is spelled, and amounts, dates and ordinary words are left alone."""

from __future__ import annotations

import time

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from conversation.privacy import Kind, findings_in, is_id_card, redacted

#: what is said → the kind and the part that must not be readable
FOUND: list[tuple[str, Kind, str]] = [
    # phones
    ("手机13812345678请查", Kind.PHONE, "13812345678"),
    ("138 1234 5678", Kind.PHONE, "138 1234 5678"),
    ("138-1234-5678", Kind.PHONE, "138-1234-5678"),
    ("138.1234.5678", Kind.PHONE, "138.1234.5678"),
    ("138，1234，5678", Kind.PHONE, "138，1234，5678"),
    ("138——1234——5678", Kind.PHONE, "138——1234——5678"),
    ("1 3 8 1 2 3 4 5 6 7 8", Kind.PHONE, "1 3 8 1 2 3 4 5 6 7 8"),
    ("+86 13812345678", Kind.PHONE, "86 13812345678"),
    ("008613812345678", Kind.PHONE, "008613812345678"),
    ("１３８１２３４５６７８", Kind.PHONE, "１３８１２３４５６７８"),
    ("①③⑧①②③④⑤⑥⑦⑧", Kind.PHONE, "①③⑧①②③④⑤⑥⑦⑧"),
    ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", Kind.PHONE, "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣"),
    ("一三八一二三四五六七八", Kind.PHONE, "一三八一二三四五六七八"),
    ("幺三八 幺二三四 五六七八", Kind.PHONE, "幺三八 幺二三四 五六七八"),
    ("壹叁捌壹贰叁肆伍陆柒捌", Kind.PHONE, "壹叁捌壹贰叁肆伍陆柒捌"),
    ("一3八12三45六78", Kind.PHONE, "一3八12三45六78"),
    ("138\u200d1234\u200d5678", Kind.PHONE, "138\u200d1234\u200d5678"),
    ("138OO138OOO", Kind.PHONE, "138OO138OOO"),
    ("١٣٨١٢٣٤٥٦٧٨", Kind.PHONE, "١٣٨١٢٣٤٥٦٧٨"),
    ("我的号13812345678 1000块钱还没还", Kind.PHONE, "13812345678"),
    ("13812345678 500元", Kind.PHONE, "13812345678"),
    ("13812345678 13987654321", Kind.PHONE, "13987654321"),
    ("13812345678/13987654321", Kind.PHONE, "13812345678"),
    ("138*1234*5678", Kind.PHONE, "138*1234*5678"),
    ("138~1234~5678", Kind.PHONE, "138~1234~5678"),
    ("我的手机13812345678个人用的", Kind.PHONE, "13812345678"),
    ("13812345678块的那个号", Kind.PHONE, "13812345678"),
    # identity numbers
    ("身份证11010119900307803X", Kind.ID_CARD, "11010119900307803X"),
    ("11010119900307803x。", Kind.ID_CARD, "11010119900307803x"),
    ("110101 19900307 803X", Kind.ID_CARD, "110101 19900307 803X"),
    ("身份证号是123456789012345", Kind.ID_CARD, "123456789012345"),
    ("身份证写错了110101199003078031也没事", Kind.ID_CARD, "110101199003078031"),
    ("11010119900307803X 13812345678", Kind.ID_CARD, "11010119900307803X"),
    ("11010119900307803X 13812345678", Kind.PHONE, "13812345678"),
    ("１１０１０１１９９００３０７８０３Ｘ", Kind.ID_CARD, "１１０１０１１９９００３０７８０３Ｘ"),
    ("110101199003078031", Kind.ID_CARD, "110101199003078031"),  # mistyped: the check digit is wrong
    # cards
    ("6222021234567890128", Kind.BANK_CARD, "6222021234567890128"),
    ("6222 0212 3456 7890 128", Kind.BANK_CARD, "6222 0212 3456 7890 128"),
    ("4111-1111-1111-1111", Kind.BANK_CARD, "4111-1111-1111-1111"),
    ("我的卡 5200123412341234", Kind.BANK_CARD, "5200123412341234"),
    ("6222021234567890 8349", Kind.BANK_CARD, "6222021234567890"),
    # mail
    ("邮箱zhang.san+x@mail.example.com.cn", Kind.EMAIL, "zhang.san+x@mail.example.com.cn"),
    ("ａｂｃ＠example.com", Kind.EMAIL, "ａｂｃ＠example.com"),
    # codes
    ("验证码834921", Kind.SMS_CODE, "834921"),
    ("验证码是：８３４９２１", Kind.SMS_CODE, "８３４９２１"),
    ("验证码八三四九二一", Kind.SMS_CODE, "八三四九二一"),
    ("校验码 8-3-4-9-2-1", Kind.SMS_CODE, "8-3-4-9-2-1"),
    ("动态密码 8349", Kind.SMS_CODE, "8349"),
    ("834921是我的验证码", Kind.SMS_CODE, "834921"),
    ("834921 这个验证码对吗", Kind.SMS_CODE, "834921"),
    ("【一线银行】验证码834921，5分钟内有效", Kind.SMS_CODE, "834921"),
    ("您的验证码将于5分钟后失效：834921，请勿告诉他人", Kind.SMS_CODE, "834921"),
    ("验证码 收到了 834921 然后呢", Kind.SMS_CODE, "834921"),
    ("验 证 码 834921", Kind.SMS_CODE, "834921"),
    ("验正码834921", Kind.SMS_CODE, "834921"),
    ("动态口令834921", Kind.SMS_CODE, "834921"),
    ("yzm834921", Kind.SMS_CODE, "834921"),
    ("OTP：834921", Kind.SMS_CODE, "834921"),
    ("verification code is 834921", Kind.SMS_CODE, "834921"),
    ("834921是你们刚发我的短信验证码", Kind.SMS_CODE, "834921"),
    ("收到的短信是834921", Kind.SMS_CODE, "834921"),
    ("6位数字是834921", Kind.SMS_CODE, "834921"),
    # passwords
    ("支付密码我设的是 147258", Kind.PASSWORD, "147258"),
    ("密码是【147258】", Kind.PASSWORD, "147258"),
    ("密码147 258", Kind.PASSWORD, "147 258"),
    ("交易密码：1 4 7 2 5 8", Kind.PASSWORD, "1 4 7 2 5 8"),
    ("pwd:abc12345", Kind.PASSWORD, "abc12345"),
    ("mima 147258", Kind.PASSWORD, "147258"),
    ("密码Abc!2345", Kind.PASSWORD, "Abc!2345"),
    ("密码是abcdef", Kind.PASSWORD, "abcdef"),
    ("密码：abcdef", Kind.PASSWORD, "abcdef"),
    ("密码是：abcdef", Kind.PASSWORD, "abcdef"),
    ("密码 是 “abcdef”", Kind.PASSWORD, "abcdef"),
    ("我把密码改成了q1w2e3r4", Kind.PASSWORD, "q1w2e3r4"),
    ("密码设置为q1w2e3r4", Kind.PASSWORD, "q1w2e3r4"),
    ("支付密码147258", Kind.PASSWORD, "147258"),
    ("支付密码１４７２５８", Kind.PASSWORD, "１４７２５８"),
    ("支付密码一四七二五八", Kind.PASSWORD, "一四七二五八"),
    ("password: hunter22", Kind.PASSWORD, "hunter22"),
    ("PIN 码 147258", Kind.PASSWORD, "147258"),
    # CVV
    ("CVV 739", Kind.CVV, "739"),
    ("cvv2：７３９", Kind.CVV, "７３９"),
    ("安全码是739", Kind.CVV, "739"),
    ("卡背面那三位数是739", Kind.CVV, "739"),
    ("背面后三位739", Kind.CVV, "739"),
    ("背面三个数字 七三九", Kind.CVV, "七三九"),
    ("卡后面三位 739", Kind.CVV, "739"),
]


@pytest.mark.parametrize(("text", "kind", "part"), FOUND)
def test_personal_data_is_found_however_it_is_spelled(text: str, kind: Kind, part: str) -> None:
    pieces = [(found.kind, text[found.start : found.end]) for found in findings_in(text)]
    assert any(kind is found and part in piece for found, piece in pieces), pieces
    result = redacted(text)
    assert part not in result.shown
    assert part not in result.read
    if kind.secret:
        assert part not in (result.kept or result.shown)


LEFT_ALONE = [
    "",
    "怎么还款",
    "借50000元一年利息多少",
    "20000块分12期",
    "13812345678元",  # an amount, however odd
    "1,000,000,000,000元",
    "我借了 3 万 5 千，2026年3月2日到期",
    "订单20260302",
    "年利率14.4%，日利率0.04%",
    "客服电话95588",
    "0571-88888888",
    "一二三四五六七八九",
    "二零二六年三月二日",
    "一一得一，一二得二",
    "验证码收不到",
    "验证码五分钟都没来",
    "短信验证码发了3次",
    "验证码收不到，借50000元",
    "借50000验证码收不到",
    "还款2000没收到验证码",
    "我没收到验证码，额度20000怎么提",
    "密码忘了",
    "密码错误5次",
    "密码输错了3次被锁了",
    "密码是多少位的",
    "密码6位数",
    "忘记密码 怎么办",
    "密码 login 失败",
    "密码2024年改过",
    "支付密码和登录密码一样吗",
    "手机号后三位678",
    "卡号后三位是128吗",
    "安全码在哪里",
    "@客服",
    "a@b",
    "转账给张三 100",
    "第１２期",
    "5OOO元",
    "尾号1234的手机收不到验证码",
    "95588发来的短信验证码没收到",
    "收到100000元",
    "短信说额度100000元",
    "密码输错 5 次",
    "密码 12 个月没改了",
    "3000*12*5=180000",
    "compass 12345",
    "300~5000~20000",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_words_numbers_and_amounts_are_left_alone(text: str) -> None:
    result = redacted(text)
    assert (result.shown, result.read, result.kept, result.kinds) == (text, text, None, ())


def test_what_people_see_is_masked_and_the_bot_reads_placeholders() -> None:
    result = redacted("我叫张三，13812345678，卡6222021234567890128，a.b@example.com")
    assert result.shown == "我叫张三，138****5678，卡****0128，a***@example.com"
    assert result.read == "我叫张三，<手机号>，卡<银行卡号>，<邮箱>"
    assert result.kept == "我叫张三，13812345678，卡6222021234567890128，a.b@example.com"
    assert result.kinds == (Kind.PHONE, Kind.BANK_CARD, Kind.EMAIL)
    assert not result.has_secret


def test_a_secret_is_blanked_also_in_what_is_kept() -> None:
    result = redacted("13812345678 验证码834921")
    assert result.shown == "138****5678 验证码******"
    assert result.kept == "13812345678 验证码******"
    assert result.has_secret


def test_a_secret_alone_leaves_nothing_worth_keeping() -> None:
    assert redacted("验证码834921").kept is None


def test_a_number_that_is_a_secret_and_a_phone_is_a_secret() -> None:
    result = redacted("密码13812345678")
    assert result.kinds == (Kind.PASSWORD,)
    assert result.shown == "密码******"


def test_dropped_marks_behind_a_number_go_with_it() -> None:
    assert redacted("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣好").shown == "138****5678好"


# the value in a message of its own


@pytest.mark.parametrize(
    ("before", "text", "part"),
    [
        ("验证码是", "834921", "834921"),
        ("我的验证码：", "834921 对吗", "834921"),
        ("收到的短信验证码", "8 3 4 9 2 1", "8 3 4 9 2 1"),
        ("登录密码是", "abc12345", "abc12345"),
        ("CVV", "739", "739"),
    ],
)
def test_a_value_right_after_its_name_is_a_secret(before: str, text: str, part: str) -> None:
    result = redacted(text, before)
    assert part not in result.shown
    assert part not in (result.kept or "")
    assert result.has_secret
    assert redacted(text).shown == text, "alone it is nothing"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("验证码收不到", "5000"),
        ("怎么改密码", "95588打不通"),
        ("借多少", "50000"),
        ("验证码是", "什么意思"),
        ("验证码是", "我借5000块的那个"),
        ("", "834921"),
    ],
)
def test_a_value_after_another_sentence_is_none(before: str, text: str) -> None:
    assert redacted(text, before).shown == text


# a number in two messages


@pytest.mark.parametrize(
    ("before", "text"),
    [("1381234", "5678"), ("138", "12345678"), ("6222 0212", "3456 7890 128"), ("110101199003", "07803X")],
)
def test_the_rest_of_a_number_begun_in_the_message_before_is_masked(before: str, text: str) -> None:
    result = redacted(text, before)
    assert result.shown == "****"
    assert result.kept == text
    assert redacted(text).shown == text, "alone it is nothing"


@pytest.mark.parametrize(
    ("before", "text"),
    [("50000", "12期"), ("50000", "12"), ("借1381234", "5678"), ("1381234", "5678元"), ("", "5678")],
)
def test_two_numbers_are_not_made_into_one(before: str, text: str) -> None:
    assert redacted(text, before).shown == text


# identity numbers


def test_the_check_digit_and_the_date_decide() -> None:
    assert is_id_card("11010119900307803X")
    assert not is_id_card("110101199003078031")
    assert not is_id_card("11010119901307803X")  # month 13
    assert not is_id_card("01010119900307803X")
    assert not is_id_card("1101011990030780")
    assert not is_id_card("１1010119900307803X")


# never wrong in form, never slow


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_findings_are_in_order_and_inside_any_text(text: str) -> None:
    end = 0
    for found in findings_in(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.text(alphabet="0123456789 -验证码密码是CVVabc@.例一二三", max_size=60))
@settings(max_examples=300, deadline=None)
def test_what_was_masked_once_is_not_found_again_as_a_secret(text: str) -> None:
    once = redacted(text)
    for found in findings_in(once.shown):
        assert found.kind.secret or found.kind in (Kind.EMAIL, Kind.PHONE, Kind.BANK_CARD, Kind.ID_CARD)


HEAVY = {
    "one digit": "1",
    "digits and spaces": "1 ",
    "digits and many spaces": "1   ",
    "digits and dashes": "1-",
    "spelled digits": "一",
    "letters": "a",
    "dotted letters": "a.",
    "at signs": "a@",
    "mail like": "a@b.",
    "code names": "验证码",
    "code names with digits": "验证码1",
    "code names with spaces": "验证码 ",
    "password names": "密码",
    "password names with spaces": "密码 ",
    "password words": "密码是",
    "one name, spaces": " ",
    "zeros": "0",
    "letter O": "1O",
    "joiners": "\u200d",
    "backs": "背面",
    "thirteen": "1381234567",
    "brackets": "（",
}


@pytest.mark.parametrize("unit", HEAVY.values(), ids=HEAVY)
@pytest.mark.parametrize("head", ["", "验证码", "密码", "密码是", "背面", "1", "a@"])
def test_time_grows_with_the_length_only(unit: str, head: str) -> None:
    """Ten times what a customer may send, made to be as bad as possible."""
    text = head + (unit * 20_000)[:20_000] + "x"
    begun = time.process_time()
    redacted(text)
    assert time.process_time() - begun < 1.0
