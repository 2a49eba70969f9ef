"""Reading rows of the demo bank's tables: the selects its stores share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection


def rows(connection: Connection, table: Any, condition: Any, *order: Any) -> list[Mapping[str, Any]]:
    """The rows that meet a condition."""
    return list(connection.execute(select(table).where(condition).order_by(*order)).mappings())


def rows_of(connection: Connection, table: Any, customer_id: str) -> list[Mapping[str, Any]]:
    """A customer's rows, by id."""
    return rows(connection, table, table.c.customer_id == customer_id, table.c.id)


def grouped(
    connection: Connection, table: Any, column: Any, ids: Iterable[str]
) -> Mapping[str, list[Mapping[str, Any]]]:
    """The rows of each id, in their numbers' order; an id without rows has an empty list."""
    found: dict[str, list[Mapping[str, Any]]] = {each: [] for each in ids}
    for row in rows(connection, table, column.in_(list(found)), table.c.number):
        found[row[column.name]].append(row)
    return found
