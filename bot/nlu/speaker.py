"""Does the speaker say that he is somebody else than the customer?

Pure rules, made to be sure rather than to catch all: a wrong yes closes a customer's own account to him
until his next login. "我朋友说可以提额" and "能用我老婆的卡还吗" are the customer himself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.normalise import DATA, normalise

_WHO = (
    "(?:老公|丈夫|先生|爱人|对象|男朋友|女朋友|男友|女友|老婆|妻子|太太|媳妇儿?|爸爸?|父亲|老爸|妈妈?|母亲|老妈|爸妈|父母"
    "|儿子|女儿|闺女|孩子|哥哥?|姐姐?|弟弟?|妹妹?|爷爷|奶奶|外公|外婆|姥爷|姥姥|公公|婆婆|岳父|岳母|叔叔?|舅舅?|姑姑?|姨妈?"
    "|朋友(?!圈)|同事|同学|亲戚|家人|老板|员工|侄子|侄女|外甥|嫂子|姐夫|妹夫|室友|老乡|邻居)"
)

LEAST = 3  #: characters a matter takes


@lru_cache(maxsize=1)
def _sayings() -> re.Pattern[str]:
    lines = (DATA / "speaker.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(line.replace("{who}", _WHO) for line in lines if line and line[0] != "#"))


def is_third_party(text: str) -> bool:
    """True when a text says plainly that another person than the customer is speaking."""
    return _sayings().search(normalise(text).text) is not None


def says_more(text: str) -> bool:
    """Whether a normalised text holds a matter besides who is speaking ("我是他老婆" does not)."""
    return sum(map(str.isalnum, _sayings().sub("", text))) >= LEAST
