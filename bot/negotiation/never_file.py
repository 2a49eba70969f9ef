"""The file of what must never be said: read, checked whole, compiled once. An edge of the pure never.py.

Owns the file's shape and its small language: ``{name}`` stands for a word list of the file, ``{g8}`` for up to eight
characters within one sentence. A file that is out of form stops the start with the rule's name, in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.negotiation.never import CUT, Grade, Rule, Rules, When
from conversation.errors import YixianError

NEVER_FILE = Path(__file__).parent / "data" / "never.yml"

_GRADES = {"禁止": Grade.BLOCK, "提醒": Grade.WARN}
_WHEN = {
    "任何": When.ALWAYS,
    "不是信用卡": When.LOAN,
    "已逾期": When.OVERDUE,
    "夜间": When.NIGHT,
    "不是本人": When.OTHERS,
    "机器人": When.BOT,
}
_KEYS = {"名称", "级别", "场合", "依据", "建议", "说法", "除外"}
_GAP = re.compile(r"\{g(\d{1,2})\}")


class NeverFileError(YixianError):
    """不许说的话的规则文件有错，请按提示修改。"""

    code = "never_file"


@lru_cache(maxsize=1)
def the_rules() -> Rules:
    """The product's rules."""
    return read_rules(NEVER_FILE.read_text("utf-8"))


def read_rules(text: str) -> Rules:
    """The rules of a file's text; raises `NeverFileError` whose message names the rule and what is wrong."""
    content = yaml.safe_load(text)
    if not isinstance(content, dict) or set(content) != {"版本", "词", "规则"}:
        raise NeverFileError("文件要有且只有：版本、词、规则。")
    words = {str(name): str(one) for name, one in content["词"].items()}
    rules = tuple(_rule(str(code), one, words) for code, one in content["规则"].items())
    return Rules(str(content["版本"]), rules)


def _rule(code: str, one: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    missing, strange = _KEYS - {"场合", "除外"} - set(one), set(one) - _KEYS
    if missing or strange:
        raise NeverFileError(f"规则 {code}：缺少 {sorted(missing)}，不认识 {sorted(strange)}。")
    try:
        return Rule(
            code,
            str(one["名称"]),
            _GRADES[one["级别"]],
            _WHEN[one.get("场合", "任何")],
            tuple(map(str, one["依据"])),
            str(one["建议"]),
            _compiled(one["说法"], words),
            _compiled(one["除外"], words) if one.get("除外") else None,
        )
    except (KeyError, re.error) as error:
        raise NeverFileError(f"规则 {code} 写得不对：{error}") from error


def _compiled(sayings: list[str], words: Mapping[str, str]) -> re.Pattern[str]:
    whole = "|".join(f"(?:{saying})" for saying in sayings)
    for _ in range(2):  # a word may be made of another
        for name, alternatives in words.items():
            whole = whole.replace("{" + name + "}", f"(?:{alternatives})")
    whole = _GAP.sub(lambda gap: f"[^。!?;{CUT}]{{0,{gap[1]}}}", whole)
    if left := re.search(r"\{[a-z]\w*\}", whole):
        raise KeyError(left[0])
    return re.compile(whole)
