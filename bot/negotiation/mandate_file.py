"""The mandate's file: read, checked whole, and either a mandate or every fault with its file and line, in Chinese.

Owns the file's shape. Knows no offers; asks no clock: the day is passed in, and so are the product names. A mandate
that is not in order is no mandate: nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

import yaml

from bot.money import Money, MoneyError
from bot.negotiation.mandate import Authority, Bucket, Mandate, Range, Tighter
from bot.negotiation.values import Creditor
from conversation.errors import YixianError

MANDATE_FILE = Path(__file__).parent / "data" / "mandate.yml"

LONGEST_CONSUMER_LOAN = 60  #: months, 《个人贷款管理办法》
CREDITORS = {"自有": Creditor.OWN, "合作": Creditor.PARTNER, "担保": Creditor.GUARANTEED}
_SOLD = "转让"
_NEVER_WAIVED = ("本金", "合同利息", "正常利息")

_HEAD = ("版本", "生效日", "到期日", "制定人", "复核人", "报价有效天数", "首期最少间隔天数", "产品")
_PRODUCT = (
    *("债权", "最高欠款", "最多已重组", "已过月数", "剩余月数", "总期限上限"),
    *("可选期数", "可选减免", "可选首付", "逾期档"),
)
_BUCKET = ("自", "至", "最长期数", "分期减免", "最低首付", "一次还清减免", "最长延后")
_TIGHTER = ("最长期数", "最高减免", "最长延后")


@dataclass(frozen=True)
class Fault:
    """One thing wrong; ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.message}"


class MandateFaulty(YixianError):
    """授权书有错，不能使用。"""

    code = "mandate_faulty"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        lines = "\n".join(map(str, faults))
        super().__init__(f"授权书有 {len(faults)} 处错误，不能使用：\n{lines}")


def load_mandate(products: Collection[str], today: date, path: Path = MANDATE_FILE) -> Mandate:
    """The mandate in `path`; MandateFaulty with all that is wrong with it, also when it ended before `today`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MandateFaulty((Fault(path.name, 1, f"读不出来：{error}"),)) from error
    return read_mandate(text, products, today, path.name)


def read_mandate(text: str, products: Collection[str], today: date, file: str = "mandate.yml") -> Mandate:
    """The same from the file's text."""
    reader = _Reader(file, tuple(products), today)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        message = "这里的写法读不出来，请看缩进、冒号后的空格和引号。"
        raise MandateFaulty((Fault(file, line, message),)) from error
    mandate = reader.mandate(root)
    if mandate is None or reader.faults:
        raise MandateFaulty(tuple(sorted(set(reader.faults), key=lambda fault: fault.line)))
    return mandate


@dataclass
class _Part:
    """One mapping of the file: its keys with their nodes, and where it begins."""

    line: int
    nodes: dict[str, yaml.Node] = field(default_factory=dict)

    def at(self, key: str) -> int:
        node = self.nodes.get(key)
        return self.line if node is None else _line(node)


@dataclass
class _Reader:
    file: str
    products: tuple[str, ...]
    today: date
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, line, message))

    # the whole

    def mandate(self, root: yaml.Node | None) -> Mandate | None:
        if not isinstance(root, yaml.MappingNode):
            self.wrong(1, "最外层应是“名称: 内容”。")
            return None
        head = self.part(root, _HEAD, needed=_HEAD)
        start, end = self.day(head, "生效日"), self.day(head, "到期日")
        if start > end:
            self.wrong(head.at("到期日"), "到期日早于生效日。")
        elif end < self.today:
            self.wrong(head.at("到期日"), f"授权书已在 {end} 到期，要有新的授权才能协商。")
        maker, checker = self.text(head, "制定人"), self.text(head, "复核人")
        if maker and checker and _person(maker) == _person(checker):
            self.wrong(head.at("复核人"), "复核人和制定人是同一个人，要由另一个人复核。")
        return Mandate(
            version=self.text(head, "版本"),
            valid_from=start,
            valid_to=end,
            maker=maker,
            checker=checker,
            offer_days=self.whole(head, "报价有效天数", 0, 30),
            least_days=self.whole(head, "首期最少间隔天数", 0, 31),
            products=MappingProxyType(dict(self.authorities(head))),
        )

    def authorities(self, head: _Part) -> Iterator[tuple[str, Authority]]:
        node = head.nodes.get("产品")
        if node is None:
            return
        part = self.part(node, None)
        if not part.nodes:
            self.wrong(_line(node), "产品下面至少要写一个产品。")
        for name, inner in part.nodes.items():
            if name not in self.products:
                self.wrong(_line(inner), f"没有产品“{name}”，有：{'、'.join(self.products)}。")
            yield name, self.authority(name, inner)

    def authority(self, name: str, node: yaml.Node) -> Authority:
        part = self.part(node, _PRODUCT, needed=_PRODUCT)
        longest = self.whole(part, "总期限上限", 1, LONGEST_CONSUMER_LOAN)
        terms = self.steps(part, "可选期数", 1, longest)
        waivers = self.steps(part, "可选减免", 0, 100)
        downs = self.steps(part, "可选首付", 0, 99)
        buckets = tuple(self.buckets(part, terms, waivers, downs))
        return Authority(
            product=name,
            creditors=MappingProxyType(dict(self.creditors(part))),
            largest_debt=self.money(part, "最高欠款"),
            most_restructurings=self.whole(part, "最多已重组", 0, 1),
            elapsed=self.range(part, "已过月数"),
            remaining=self.range(part, "剩余月数"),
            longest_total=longest,
            terms=terms,
            waivers=waivers,
            downs=downs,
            buckets=buckets,
        )

    def creditors(self, part: _Part) -> Iterator[tuple[Creditor, Tighter]]:
        node = part.nodes.get("债权")
        if node is None:
            return
        for name, inner in self.part(node, None).nodes.items():
            if name in (_SOLD, "已转让"):
                self.wrong(_line(inner), "已转让的债权不属于本行，任何授权书都不能包含。")
                continue
            if name not in CREDITORS:
                self.wrong(_line(inner), f"不认识债权“{name}”，可以写的有 {'、'.join(CREDITORS)}。")
                continue
            limit = self.part(inner, _TIGHTER)
            yield (
                CREDITORS[name],
                Tighter(
                    longest_plan=self.perhaps(limit, "最长期数", LONGEST_CONSUMER_LOAN),
                    most_waiver=self.perhaps(limit, "最高减免", 100),
                    longest_pause=self.perhaps(limit, "最长延后", LONGEST_CONSUMER_LOAN),
                ),
            )

    # the buckets

    def buckets(
        self, part: _Part, terms: tuple[int, ...], waivers: tuple[int, ...], downs: tuple[int, ...]
    ) -> Iterator[Bucket]:
        node = part.nodes.get("逾期档")
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.wrong(_line(node), "逾期档应是一列档位，每档以“- ”开头。")
            return
        before: Range | None = None
        for inner in node.value:
            one = self.part(inner, _BUCKET, needed=("自",))
            bucket = self.bucket(one)
            self.follows(one, before, bucket.days)
            self.on_ladder(one, "最长期数", bucket.longest_plan, terms, "可选期数")
            self.on_ladder(one, "分期减免", bucket.plan_waiver, waivers, "可选减免")
            self.on_ladder(one, "一次还清减免", bucket.lump_waiver or 0, waivers, "可选减免")
            self.on_ladder(one, "最低首付", bucket.least_down, downs, "可选首付")
            if not bucket.longest_plan and (bucket.plan_waiver or bucket.least_down):
                self.wrong(one.line, "这一档没有写最长期数，不能分期，分期减免和最低首付用不上。")
            before = bucket.days
            yield bucket
        if before is not None and before.most is not None:
            self.wrong(_line(node.value[-1]), f"逾期 {before.most + 1} 天以上没有档位；最后一档不写“至”。")

    def bucket(self, one: _Part) -> Bucket:
        least = self.whole(one, "自", 0, 36_500)
        most = self.perhaps(one, "至", 36_500)
        if most is not None and most < least:
            self.wrong(one.at("至"), f"这一档从 {least} 到 {most}，首尾颠倒。")
        return Bucket(
            days=Range(least, most),
            longest_plan=self.perhaps(one, "最长期数", LONGEST_CONSUMER_LOAN) or 0,
            plan_waiver=self.perhaps(one, "分期减免", 100) or 0,
            least_down=self.perhaps(one, "最低首付", 99) or 0,
            lump_waiver=self.perhaps(one, "一次还清减免", 100),
            longest_pause=self.perhaps(one, "最长延后", LONGEST_CONSUMER_LOAN) or 0,
        )

    def follows(self, one: _Part, before: Range | None, days: Range) -> None:
        """A bucket begins where the one before ended; the first on day 0 (not yet due) or 1."""
        if before is None:
            if days.least > 1:
                self.wrong(one.line, f"第一档从 {days.least} 天开始，1 到 {days.least - 1} 天没有档位。")
        elif before.most is None:
            self.wrong(one.line, "前一档没有写“至”，这一档与它重叠。")
        elif days.least <= before.most:
            self.wrong(one.line, f"这一档从 {days.least} 天开始，与前一档（到 {before.most} 天）重叠。")
        elif days.least > before.most + 1:
            self.wrong(one.line, f"逾期 {before.most + 1} 到 {days.least - 1} 天没有档位。")

    def on_ladder(self, one: _Part, key: str, value: int, steps: tuple[int, ...], ladder: str) -> None:
        if value and steps and value not in steps:
            self.wrong(one.at(key), f"{key} {value} 不在{ladder}里。")

    # one value

    def part(self, node: yaml.Node, known: tuple[str, ...] | None, needed: tuple[str, ...] = ()) -> _Part:
        """A mapping; unknown, doubled and missing names are faults. ``known`` None: any name."""
        part = _Part(_line(node))
        if not isinstance(node, yaml.MappingNode):
            self.wrong(part.line, "这里应是“名称: 内容”。")
            return part
        for key, value in node.value:
            name = str(key.value)
            if name in part.nodes:
                self.wrong(_line(key), f"{name} 写了两次。")
            elif known is not None and name not in known:
                self.wrong(_line(key), _unknown(name, known))
            else:
                part.nodes[name] = value
        missing = [name for name in needed if name not in part.nodes]
        if missing:
            self.wrong(part.line, f"缺少 {'、'.join(missing)}。")
        return part

    def text(self, part: _Part, key: str) -> str:
        node = part.nodes.get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.wrong(_line(node), f"{key} 不能空着。")
            return ""
        return str(node.value).strip()

    def day(self, part: _Part, key: str) -> date:
        text = self.text(part, key)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.wrong(part.at(key), f"{key} 应是日期，如 2026-11-23，现在是“{text}”。")
            return self.today

    def money(self, part: _Part, key: str) -> Money:
        text = self.text(part, key)
        try:
            amount = Money.parse(text)
        except MoneyError as error:
            if text:
                self.wrong(part.at(key), error.message)
            return Money(0)
        if amount.fen <= 0:
            self.wrong(part.at(key), f"{key} 要大于零。")
        return amount

    def whole(self, part: _Part, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`; a wrong one counts as `least` from here on."""
        node = part.nodes.get(key)
        return least if node is None else self.number(node, key, least, most)

    def perhaps(self, part: _Part, key: str, most: int) -> int | None:
        node = part.nodes.get(key)
        return None if node is None else self.number(node, key, 0, most)

    def number(self, node: yaml.Node, key: str, least: int, most: int) -> int:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not (text.isascii() and text.isdecimal()):
            self.wrong(_line(node), f"{key} 应是整数。")
            return least
        if not least <= int(text) <= most:
            self.wrong(_line(node), f"{key} {text} 不在 {least} 到 {most} 之间。")
            return least
        return int(text)

    def range(self, part: _Part, key: str) -> Range:
        node = part.nodes.get(key)
        if node is None:
            return Range(0, None)
        inner = self.part(node, ("自", "至"), needed=("自",))
        least, most = self.whole(inner, "自", 0, 360), self.perhaps(inner, "至", 360)
        if most is not None and most < least:
            self.wrong(_line(node), f"{key}从 {least} 到 {most}，首尾颠倒。")
        return Range(least, most)

    def steps(self, part: _Part, key: str, least: int, most: int) -> tuple[int, ...]:
        node = part.nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.wrong(_line(node), f"{key} 应是一列整数，如 [0, 25, 50]。")
            return ()
        found = len(self.faults)
        steps = tuple(self.number(one, key, least, most) for one in node.value)
        if len(self.faults) == found and list(steps) != sorted(set(steps)):
            self.wrong(_line(node), f"{key} 要从小到大写，不能重复。")
        return steps


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _person(written: str) -> str:
    """The name alone: “风险管理岗 陈静” is 陈静."""
    return written.split()[-1].casefold()


def _unknown(name: str, known: tuple[str, ...]) -> str:
    if any(word in name for word in _NEVER_WAIVED):
        return f"不能写“{name}”：本金和合同利息在任何授权书里都不能减免，只能减免罚息、复利和费用。"
    return f"不认识 {name}，可以写的有 {'、'.join(known)}。"
