"""Customer text at the door: what may be stored, and the few sentences the desk itself understands.

Pure. Understanding is the bot's; only "a person, please" and "no longer" are read here, because they
must work when no bot worker is alive.
"""

from __future__ import annotations

import re
import unicodedata

from conversation.errors import EmptyText, InvalidText, TextTooLong

MAX_CODE_POINTS = 2000

#: control characters that carry nothing (kept: tab and line feed) and would break stores and terminals
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: invisible format characters; the zero-width joiner stays, emoji are made with it
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def cleaned(text: str) -> str:
    """The text as it is stored: no control or invisible characters, trimmed.

    Raises InvalidText for lone surrogates, TextTooLong over 2,000 code points, EmptyText when nothing
    visible is left. Emoji are text.
    """
    if _SURROGATE.search(text):
        raise InvalidText()
    if len(text) > MAX_CODE_POINTS:
        raise TextTooLong()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", _CONTROL.sub("", text)).strip()
    if not any(_visible(character) for character in text):
        raise EmptyText()
    return text


def storable(text: str) -> bool:
    """False for what no database keeps: U+0000 and lone surrogates. For ids that come from outside."""
    return "\0" not in text and not _SURROGATE.search(text)


def _visible(character: str) -> bool:
    return (
        unicodedata.category(character)[0] not in "ZC"
        and character not in "\u200d\ufe0f\u3164\u115f\u1160\u2800"
    )


_NOISE = re.compile(r"[\s,，.。!！?？~～…、:：;；\"'“”‘’()（）\[\]【】]+")
_POLITE = re.compile(
    r"^(?:你好|您好|喂|那个|麻烦|请问|请|快点?|赶紧|马上|立刻|我想要?|我要|我需要|能不能|可以|可不可以|能|帮我|给我|你?把|直接)+"
)
_TAIL = re.compile(
    r"(?:一下|好吗|行吗|可以吗|吧|么|啊|呀|呢|了|谢谢|嘛|吗|快点|现在|马上|服务|接听|来|给我)+$"
)

_ONE = r"(?:(?:人工|真人|活人)(?:客服|坐席|座席|服务|台|接待)?(?:人员)?|客服人员|客服专员)"
_PERSON = re.compile(
    r"(?:(?:(?:帮我|给我|我)?(?:转接?|接|找|换|叫|要|联系|请|呼叫|上|来个|来一个|有没有|有|需要)(?:到|成|个|一个|一下|位|一位)?)?"
    rf"(?:你们的?)?{_ONE}|转接?(?:到)?客服)+"
)
#: "人工吗": who are you, not: call one
_ASKS_WHAT_IT_IS = re.compile(rf"{_ONE}[吗么嘛]")
_CANCEL = re.compile(
    r"(?:那?算了吧?)?我?(?:取消|退出|结束|停止)(?:排队|转接|转人工|等待|人工)|转?回到?机器人"
)
_NO_MORE = re.compile(
    r"(?:那?算了吧?)?我?不(?:用|要|需要|想)?(?:(?:转|等|排队?|找)?(?:人工|排队|等)(?:客服)?|等|排)"
)
#: "能不能不排队": wants to be quicker, not to lose his place
_QUESTION = re.compile("[吗么嘛能?]|可以|可不可以|行不行|好不好")
_LONGEST_SENTENCE = 40


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


def _core(plain: str) -> str:
    """Without the words of politeness around it; a long text is left as it is (it is no desk sentence)."""
    core = plain
    for _ in range(2 if len(plain) <= _LONGEST_SENTENCE else 0):
        core = _POLITE.sub("", core) or core
        core = _TAIL.sub("", core) or core
    return core


def asks_for_person(text: str) -> bool:
    """True only when the whole message is "a person, please" ("转人工", "我要人工客服！").

    "人工提额", "是人工吗", "真人吗" and long sentences are the bot's to read.
    """
    plain = _plain(text)
    core = _core(plain)
    asked = len(core) <= 14 and _PERSON.fullmatch(core) is not None
    return asked and _ASKS_WHAT_IT_IS.fullmatch(plain) is None


def leaves_queue(text: str) -> bool:
    """True when the whole message says he no longer waits for a person ("取消排队", "不用人工了").

    A question ("能不能不排队", "不用等吗") is none: nobody loses his place by asking.
    """
    core = _core(_plain(text))
    if len(core) > 10:
        return False
    if _CANCEL.fullmatch(core):
        return True
    return _NO_MORE.fullmatch(core) is not None and not _QUESTION.search(unicodedata.normalize("NFKC", text))


_OPEN_END = re.compile(r"(?:[，,、：:；;（(]|\.{2,}|…|——)$")
_OPEN_WORDS = re.compile(
    r"(?:我想问(?:一?下)?|我想(?:要)?|请问(?:一?下)?|问(?:一)?下|就是|那个|然后|因为|但是|所以|如果|还有|比如|我的|你们的|关于)$"
)


def looks_unfinished(text: str) -> bool:
    """True when the text plainly goes on in a next message: an open end or a dangling opener."""
    text = text.rstrip()
    return bool(_OPEN_END.search(text[-4:]) or (len(text) <= 12 and _OPEN_WORDS.search(text)))


#: what makes a short text a question: with a matter beside it, it needs no neighbour
_ASKING = re.compile(
    "怎么样?|咋样?|如何|多少钱?|多久|多长时间|什么时候|什么|啥|几[天号点期]|哪[天里儿]?|为什么|为啥|能不能|可不可以|"
    "可以|能|会不会|是不是|有没有|[吗么呢?？]"
)
#: words without a matter of their own
_EMPTY = re.compile(
    "然后|之后|接下来|意思|[我你您他她它们这那个的了啊呀吧哦嘛就是要想还会有请办弄搞做到去在现今天行好对不没]"
)
_MATTER = 2  #: characters a matter takes
_REPAY = re.compile("还款|还钱|还清")


def looks_complete(text: str) -> bool:
    """True when a short text asks about a matter it names itself ("怎么还款", "额度多少"): no mere fragment.

    "怎么弄", "多少钱", "为什么", "提前还款" are none.
    """
    plain = _plain(_REPAY.sub("款项", text))
    if not _ASKING.search(_plain(text)) and "?" not in unicodedata.normalize("NFKC", text):
        return False
    return len(_EMPTY.sub("", _ASKING.sub("", plain))) >= _MATTER
