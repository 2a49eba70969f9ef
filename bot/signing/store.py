"""Where visits, papers and signed documents are kept. A visit is changed under its row's lock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.signing import store_tables as t
from bot.signing.errors import PaperUnknown, TooManyPapers
from bot.signing.papers import MAX_PAPERS, Paper
from bot.signing.visits import Visit
from conversation.cipher import Cipher
from conversation.store.database import Database

T = TypeVar("T")


class SigningStore:
    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    # visits

    def visit(self, plan_id: str) -> Visit:
        """Where the customer stands; a fresh one where he has not been yet."""
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(t.plan_visits).where(_of(t.plan_visits, plan_id))
            ).one_or_none()
        return Visit(plan_id, "") if row is None else _visit(row)

    def change(self, plan_id: str, step: Callable[[Visit], tuple[Visit, T]]) -> tuple[Visit, T]:
        """The visit after ``step``, kept; one after the other for one plan. An error of ``step`` keeps nothing."""
        with self._database.write() as connection:
            connection.execute(self._new_visit(Visit(plan_id, "")))
            query = sa.select(t.plan_visits).where(_of(t.plan_visits, plan_id)).with_for_update()
            visit, told = step(_visit(connection.execute(query).one()))
            connection.execute(
                t.plan_visits.update().where(_of(t.plan_visits, plan_id)).values(asdict(visit))
            )
        return visit, told

    def _new_visit(self, visit: Visit) -> Any:
        return self._insert(t.plan_visits).values(asdict(visit)).on_conflict_do_nothing()

    def code_hash(self, plan_id: str, code: str) -> str:
        """A code as it is kept: a keyed hash bound to the plan."""
        return self._cipher.fingerprint(f"plan-code:{plan_id}:{code}")

    # papers

    def papers(self, plan_id: str) -> tuple[Paper, ...]:
        """What was handed in, the oldest first; without contents."""
        columns = [c for c in t.plan_papers.c if c.name not in ("content", "fingerprint")]
        query = sa.select(*columns).where(_of(t.plan_papers, plan_id)).order_by(t.plan_papers.c.at)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(self._paper(row) for row in rows)

    def add_paper(self, paper: Paper, content: bytes) -> Paper:
        """Keeps a paper encrypted; the same file again is the one that is there. TooManyPapers."""
        mark = self._cipher.fingerprint(hashlib.sha256(content).hexdigest())
        row = {
            **asdict(paper),
            "name": self._cipher.encrypt(paper.name, f"plan_papers.name:{paper.id}"),
            "fingerprint": mark,
            "content": self._cipher.seal(content, f"plan_papers.content:{paper.id}"),
        }
        with self._database.write() as connection:
            connection.execute(self._new_visit(Visit(paper.plan_id, "")))
            query = sa.select(t.plan_visits.c.plan_id).where(_of(t.plan_visits, paper.plan_id))
            connection.execute(query.with_for_update())  # counts and adds one after the other
            known = self._known_paper(connection, paper.plan_id, mark)
            if known is not None:
                return known
            if self._count(connection, paper.plan_id) >= MAX_PAPERS:
                raise TooManyPapers()
            connection.execute(t.plan_papers.insert().values(row))
        return paper

    def remove_paper(self, plan_id: str, paper_id: str) -> None:
        """Takes a paper back; PaperUnknown."""
        of = sa.and_(_of(t.plan_papers, plan_id), t.plan_papers.c.id == paper_id)
        with self._database.write() as connection:
            if not connection.execute(t.plan_papers.delete().where(of)).rowcount:
                raise PaperUnknown()

    def paper(self, plan_id: str, paper_id: str) -> tuple[Paper, bytes]:
        """A paper with its content, for the desk only; PaperUnknown."""
        of = sa.and_(_of(t.plan_papers, plan_id), t.plan_papers.c.id == paper_id)
        with self._database.read() as connection:
            row = connection.execute(sa.select(t.plan_papers).where(of)).one_or_none()
        if row is None:
            raise PaperUnknown()
        return self._paper(row), self._cipher.unseal(row.content, f"plan_papers.content:{row.id}")

    def _known_paper(self, connection: Connection, plan_id: str, mark: str) -> Paper | None:
        of = sa.and_(_of(t.plan_papers, plan_id), t.plan_papers.c.fingerprint == mark)
        row = connection.execute(sa.select(t.plan_papers).where(of)).one_or_none()
        return None if row is None else self._paper(row)

    def _count(self, connection: Connection, plan_id: str) -> int:
        query = sa.select(sa.func.count()).select_from(t.plan_papers).where(_of(t.plan_papers, plan_id))
        return int(connection.execute(query).scalar_one())

    def _paper(self, row: Any) -> Paper:
        name = self._cipher.decrypt(row.name, f"plan_papers.name:{row.id}")
        return Paper(row.id, row.plan_id, name, row.media_type, row.size, row.at)

    # documents

    def keep_document(self, plan_id: str, content: bytes, at: datetime) -> None:
        """The document as it was signed; the first one stays."""
        sealed = self._cipher.seal(content, f"plan_documents.content:{plan_id}")
        row = {"plan_id": plan_id, "content": sealed, "at": at}
        with self._database.write() as connection:
            connection.execute(self._insert(t.plan_documents).values(row).on_conflict_do_nothing())

    def document(self, plan_id: str) -> bytes | None:
        """The document of a signed plan."""
        query = sa.select(t.plan_documents.c.content).where(_of(t.plan_documents, plan_id))
        with self._database.read() as connection:
            sealed = connection.execute(query).scalar_one_or_none()
        return None if sealed is None else self._cipher.unseal(sealed, f"plan_documents.content:{plan_id}")

    def _insert(self, table: sa.Table) -> Any:
        return (postgresql if self._database.is_postgresql else sqlite).insert(table)


def _of(table: sa.Table, plan_id: str) -> Any:
    return table.c.plan_id == plan_id


def _visit(row: Any) -> Visit:
    return Visit(**{field.name: getattr(row, field.name) for field in fields(Visit)})
