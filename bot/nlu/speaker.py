"""Does the speaker say that he is somebody else than the customer?

Pure rules, made to be sure rather than to catch all: a wrong yes closes a customer's own account to him
until his next login. "我朋友说可以提额" and "能用我老婆的卡还吗" are the customer himself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.normalise import DATA, normalise

_WORDS = {
    "{me}": "[我俺偶]",
    "{he}": "(?:(?:他|她|佢)(?!们)|机主|户主|本人|客户|借款人|贷款人|账户本人|你们客户)",
    "{who}": (
        "(?:(?:前|亲|大|小|二|三|老|堂|表|干)?"
        "(?:老公|丈夫|先生|爱人|对象|男朋友|女朋友|男友|女友|老婆|lp|妻子?|夫|太太|媳妇儿?|老伴儿?|婆娘|堂客|内人|屋里人|那口子"
        "|爸爸?|父亲|老爸|妈妈?|母亲|老妈|爸妈|父母|儿子|女儿|闺女|孩子|女婿|儿媳妇?|孙子|孙女|外孙女?|哥哥?|姐姐?|弟弟?|妹妹?"
        "|爷爷?|奶奶|外公|外婆|姥爷|姥姥|公公|婆婆|岳父|岳母|丈母娘|老丈人|伯父?|伯母|叔叔?|婶婶?|舅舅?|舅妈|姑姑?|姑妈|姨妈?"
        "|朋友(?!圈)|闺蜜|同事|同学|亲戚|家人|老板|领导|员工|助理|秘书|保姆|护工|班主任|侄子|侄女|外甥女?|嫂子|姐夫|妹夫|室友|舍友"
        "|老乡|邻居))"
    ),
    "{role}": "(?:法定)?(?:代理人|监护人|委托人|代理律师|辩护律师|律师)",
    "{surname}": (
        "[王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆"
        "廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚]"
    ),
    "{end}": "(?=[,。!?~ 啊呀哦]|$)",
}

LEAST = 3  #: characters a matter takes


@lru_cache(maxsize=1)
def _sayings() -> re.Pattern[str]:
    lines = (DATA / "speaker.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(_spelled_out(line) for line in lines if line and line[0] != "#"))


def _spelled_out(saying: str) -> str:
    for name, words in _WORDS.items():
        saying = saying.replace(name, words)
    return saying


def is_third_party(text: str) -> bool:
    """True when a text says plainly that another person than the customer is speaking."""
    plain = normalise(text).text
    return any(_sayings().search(way) for way in (plain, _squeezed(plain)))


_SPACES = re.compile("[ ~]+")
_MARKS = re.compile("[ ~,.。…·、-]+")
_SHORT = 12


def _squeezed(text: str) -> str:
    """ "我 是 他 老 婆", "我是，他老婆": without the spaces, a short text also without marks."""
    return (_MARKS if len(text) <= _SHORT else _SPACES).sub("", text)


def says_more(text: str) -> bool:
    """Whether a normalised text holds a matter besides who is speaking ("我是他老婆" does not)."""
    return sum(map(str.isalnum, _sayings().sub("", text))) >= LEAST
