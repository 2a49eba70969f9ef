"""The port's values as JSON and back, for a bank that is reached over the network.

Owns the wire form: amounts are text in 元 ("1234.56"), rates are text in per cent a year ("18"), days and
moments are ISO 8601, states are their values, objects carry a value's fields by name. Nothing is guessed: an
unknown field is ignored, a missing one takes the value's default, anything else is WireError.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.money import Money, Rate


class WireError(ValueError):
    """What came over the wire is not the value it should be; the text says where."""


def to_wire(value: Any) -> Any:
    """A port value as JSON-ready data."""
    if isinstance(value, Money):
        return str(value.yuan)
    if isinstance(value, Rate):
        return _decimal_text(value.annual * 100)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: to_wire(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_wire(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_wire(each) for each in value]
    return value


def from_wire(wanted: Any, data: Any, where: str = "") -> Any:
    """JSON data as a value of the type `wanted` (a port value, a tuple of them, or a plain type)."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        inner = next(each for each in get_args(wanted) if each is not type(None))
        return None if data is None else from_wire(inner, data, where)
    if origin is tuple:
        _check(isinstance(data, list), "a list", where)
        return _tuple(get_args(wanted), data, where)
    if wanted in _READ:
        return _read(wanted, data, where)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _enum(wanted, data, where)
    if is_dataclass(wanted):
        _check(isinstance(data, dict), "an object", where)
        return _object(wanted, data, where)
    _check(type(data) is wanted, getattr(wanted, "__name__", str(wanted)), where)
    return data


def _tuple(kinds: tuple[Any, ...], data: list[Any], where: str) -> tuple[Any, ...]:
    """Any number of one kind (``tuple[X, ...]``), or one of each (``tuple[X, Y]``)."""
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(data)
    _check(len(kinds) == len(data), f"a list of {len(kinds)}", where)
    return tuple(from_wire(kind, each, f"{where}[{n}]") for n, (kind, each) in enumerate(zip(kinds, data)))


def _object(wanted: Any, data: Mapping[str, Any], where: str) -> Any:
    found = {}
    hints = _hints(wanted)
    for field in fields(wanted):
        if field.name in data:
            found[field.name] = from_wire(hints[field.name], data[field.name], f"{where}.{field.name}")
        elif field.default is MISSING:
            raise WireError(f"{where}.{field.name} is missing")
    return wanted(**found)


def _enum(wanted: type[Enum], data: Any, where: str) -> Enum:
    try:
        return wanted(data)
    except ValueError as error:
        raise WireError(f"{where}: {data!r} is no {wanted.__name__}") from error


def _read(wanted: Any, data: Any, where: str) -> Any:
    _check(isinstance(data, str), "text", where)
    try:
        return _READ[wanted](data)
    except (ValueError, ZeroDivisionError) as error:
        raise WireError(f"{where}: {data!r} is no {wanted.__name__}") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


_READ: Mapping[Any, Any] = {
    Money: Money.parse,
    Rate: Rate.percent,
    date: date.fromisoformat,
    datetime: _moment,
}


@cache
def _hints(wanted: Any) -> Mapping[str, Any]:
    return get_type_hints(wanted)


def _check(holds: bool, what: str, where: str) -> None:
    if not holds:
        raise WireError(f"{where or 'the body'} is not {what}")


def _decimal_text(value: Fraction) -> str:
    """An exact decimal where there is one, else the fraction."""
    with localcontext(Context(prec=400)):
        decimal = Decimal(value.numerator) / value.denominator
        return f"{decimal:f}" if Fraction(decimal) == value else str(value)
