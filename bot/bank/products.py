"""The bank's product figures, read from one file and looked up by path.

Owns the reading of products.yml: 随心借.年利率上限 → "18.00". No other module names a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.bank.errors import FigureMissing
from bot.money import Money, Rate

PRODUCTS_FILE = Path(__file__).parent / "data" / "products.yml"
_BANK = "bank"


class Products:
    """The figures of one products file. Every look-up names the path when it fails (FigureMissing)."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        self._data = data
        self._products = dict(self._name_all())

    @classmethod
    def load(cls, path: Path = PRODUCTS_FILE) -> Products:
        """Reads a products file; FigureMissing, in Chinese, if it is not one."""
        try:
            data = yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise FigureMissing(f"产品资料 {path.name} 读不出来：{error}") from error
        if not isinstance(data, dict) or not all(isinstance(block, dict) for block in data.values()):
            raise FigureMissing(f"产品资料 {path.name} 的格式不对：最外层是产品名，下面是“名称: 数值”")
        return cls(data)

    @property
    def names(self) -> tuple[str, ...]:
        """The products, in the file's order."""
        return tuple(name for name in self._data if name != _BANK)

    def product(self, said: str) -> str | None:
        """The product a customer means by a name or alias; None when there is none."""
        return self._products.get(_fold(said))

    def aliases(self) -> Mapping[str, str]:
        """Every known name, as written, with its product."""
        return dict(self._written_names())

    def value(self, path: str) -> Any:
        """The value at "产品.名称" (text, whole number or list)."""
        product, dot, name = path.partition(".")
        if not dot or not name:
            raise FigureMissing(f"“{path}”不是产品资料的路径，要写成“产品.名称”")
        if product not in self._data:
            raise FigureMissing(f"产品资料里没有“{product}”（路径 {path}），现有：{'、'.join(self._data)}")
        if name not in self._data[product]:
            raise FigureMissing(f"产品资料里没有“{path}”，请在 products.yml 的“{product}”下补上“{name}”")
        return self._data[product][name]

    def has(self, path: str) -> bool:
        """Whether there is a value at `path`."""
        product, _, name = path.partition(".")
        return name in self._data.get(product, {})

    def text(self, path: str) -> str:
        """The value as a customer reads it; a list is joined with 、."""
        value = self.value(path)
        return "、".join(map(str, value)) if isinstance(value, list) else str(value)

    def money(self, path: str) -> Money:
        """The value as an amount in 元."""
        try:
            return Money.parse(self._written(path))
        except ValueError as error:
            raise FigureMissing(f"产品资料“{path}”不是金额：{error}") from error

    def rate(self, path: str) -> Rate:
        """The value, per cent a year, as a rate."""
        return self._per_cent(path, Rate.percent)

    def daily_rate(self, path: str) -> Rate:
        """The value, per cent a day, as a rate."""
        return self._per_cent(path, Rate.daily_percent)

    def whole(self, path: str) -> int:
        """The value as a whole number."""
        value = self.value(path)
        if type(value) is int:
            return value
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        raise FigureMissing(f"产品资料“{path}”要是整数，现在是“{value}”")

    def whole_list(self, path: str) -> tuple[int, ...]:
        """The value as a list of whole numbers, such as 可选期数."""
        value = self.value(path)
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            raise FigureMissing(f"产品资料“{path}”要是一列整数，现在是“{value}”")
        return tuple(value)

    def paths(self) -> Iterator[str]:
        """Every path there is."""
        for product, block in self._data.items():
            for name in block:
                yield f"{product}.{name}"

    def _written(self, path: str) -> str:
        value = self.value(path)
        if not isinstance(value, str):
            raise FigureMissing(f"产品资料“{path}”要加引号写成文字，现在是 {value!r}")
        return value

    def _per_cent(self, path: str, read: Callable[[str], Rate]) -> Rate:
        try:
            return read(self._written(path))
        except ValueError as error:
            raise FigureMissing(f"产品资料“{path}”不是利率：{error}") from error

    def _name_all(self) -> Iterator[tuple[str, str]]:
        seen: dict[str, str] = {}
        for name, product in self._written_names():
            folded = _fold(name)
            if seen.setdefault(folded, product) != product:
                raise FigureMissing(f"产品资料里别名“{name}”同时属于“{seen[folded]}”和“{product}”")
            yield folded, product

    def _written_names(self) -> Iterator[tuple[str, str]]:
        for product in self.names:
            for name in (product, *self._data[product].get("别名", ())):
                yield str(name), product


def _fold(name: str) -> str:
    return name.strip().strip("「」“”").casefold()
