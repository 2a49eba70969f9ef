"""Negotiations and plans in the database: rows to values and back, inside a transaction somebody else holds.

Decides nothing. Steps and offers are only ever added; a plan is written by compare-and-set on its version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.bank.codec import from_wire, to_wire
from bot.money import Money
from bot.negotiation.plan_moves import BANK, Party, Plan, PlanEffect
from bot.negotiation.plans import PlanState, PlanStep
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.signing import Signature
from bot.negotiation.values import Debt
from bot.plans.errors import NegotiationNotFound, NegotiationOpen, PlanChanged, PlanNotFound
from bot.plans.records import (
    Consent,
    ConsentKind,
    Negotiation,
    NegotiationState,
    OfferRecord,
    PlanRecord,
    ReasonCode,
    Step,
)
from bot.plans.store_tables import consents, negotiation_steps, negotiations, offers, plan_moves, plans
from conversation.store.database import Database

_n, _s, _o, _p, _m, _c = (
    table.c for table in (negotiations, negotiation_steps, offers, plans, plan_moves, consents)
)


_REASONS = tuple[ReasonCode, ...]
_PAYMENTS = tuple[tuple[date, Money], ...]


class PlanStore:
    """Look-ups, each in one reading transaction. See `bot.plans.ports.PlanBook`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def negotiation(self, id: str) -> Negotiation:
        with self._db.read() as connection:
            return negotiation(connection, id)

    def open_of(self, customer_id: str, debt_id: str) -> Negotiation | None:
        query = sa.select(_n.id).where(
            _n.customer_id == customer_id, _n.debt_id == debt_id, _n.state == NegotiationState.OPEN.value
        )
        with self._db.read() as connection:
            id = connection.execute(query).scalar_one_or_none()
            return None if id is None else negotiation(connection, id)

    def of_conversation(self, conversation_id: str) -> list[Negotiation]:
        query = sa.select(_n.id).where(_n.conversation_id == conversation_id)
        with self._db.read() as connection:
            ids = connection.execute(query.order_by(_n.opened_at.desc(), _n.id.desc())).scalars().all()
            return [negotiation(connection, id) for id in ids]

    def plans_of(self, customer_id: str) -> list[PlanRecord]:
        return self._plans(_p.customer_id == customer_id, newest_first=True)

    def plan(self, id: str) -> PlanRecord:
        with self._db.read() as connection:
            return plan(connection, _p.id == id)

    def plan_by_link(self, link: str, customer_id: str) -> PlanRecord:
        with self._db.read() as connection:
            return plan(connection, sa.and_(_p.link == link, _p.customer_id == customer_id))

    def in_states(self, *states: PlanState) -> list[PlanRecord]:
        """The longest waiting first."""
        return self._plans(_p.state.in_([state.value for state in states]))

    def waiting_for_approval(self) -> list[PlanRecord]:
        return self.in_states(PlanState.APPROVAL)

    def offer(self, negotiation_id: str, version: int) -> OfferRecord:
        with self._db.read() as connection:
            return offer(connection, negotiation_id, version)

    def consents(self, negotiation_id: str) -> list[Consent]:
        query = sa.select(consents).where(_c.negotiation_id == negotiation_id).order_by(_c.at)
        with self._db.read() as connection:
            return [_consent(row) for row in connection.execute(query).mappings()]

    def moves(self, plan_id: str) -> list[dict[str, Any]]:
        """Who did what to a plan, in order."""
        query = sa.select(plan_moves).where(_m.plan_id == plan_id).order_by(_m.version)
        with self._db.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _plans(self, wanted: Any, newest_first: bool = False) -> list[PlanRecord]:
        order = (_p.opened_at.desc(), _p.id) if newest_first else (_p.since, _p.id)
        with self._db.read() as connection:
            rows = connection.execute(sa.select(plans).where(wanted).order_by(*order)).mappings()
            return [_plan(row) for row in rows]


def negotiation(connection: Connection, id: str) -> Negotiation:
    """The whole one; NegotiationNotFound."""
    row = connection.execute(sa.select(negotiations).where(_n.id == id)).mappings().one_or_none()
    if row is None:
        raise NegotiationNotFound()
    steps = connection.execute(
        sa.select(negotiation_steps).where(_s.negotiation_id == id).order_by(_s.number)
    ).mappings()
    made = connection.execute(
        sa.select(offers).where(_o.negotiation_id == id).order_by(_o.version)
    ).mappings()
    return Negotiation(
        id=row["id"],
        conversation_id=row["conversation_id"],
        customer_id=row["customer_id"],
        debt=from_wire(Debt, row["debt"]),
        day=row["day"],
        mandate_version=row["mandate_version"],
        model_version=row["model_version"],
        state=NegotiationState(row["state"]),
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        steps=tuple(_step(one) for one in steps),
        offers=tuple(_offer(one) for one in made),
    )


def open_negotiation(connection: Connection, new: Negotiation) -> bool:
    """Writes the header. False where it is there already; NegotiationOpen where the debt has another open one."""
    if connection.execute(sa.select(_n.id).where(_n.id == new.id)).one_or_none() is not None:
        return False
    values = {
        "id": new.id,
        "conversation_id": new.conversation_id,
        "customer_id": new.customer_id,
        "debt_id": new.debt.id,
        "debt": to_wire(new.debt),
        "day": new.day,
        "mandate_version": new.mandate_version,
        "model_version": new.model_version,
        "state": new.state.value,
        "opened_at": new.opened_at,
        "updated_at": new.updated_at,
    }
    try:
        with connection.begin_nested():
            connection.execute(negotiations.insert().values(values))
    except IntegrityError as error:
        raise NegotiationOpen() from error
    return True


def end_others(connection: Connection, keep: str, customer_id: str, debt_id: str, at: datetime) -> None:
    """Whatever is open on this debt beside ``keep`` has lapsed: the customer began anew."""
    wanted = (
        _n.customer_id == customer_id,
        _n.debt_id == debt_id,
        _n.state == NegotiationState.OPEN.value,
        _n.id != keep,
    )
    values = {"state": NegotiationState.LAPSED.value, "updated_at": at}
    connection.execute(negotiations.update().where(*wanted).values(values))


def set_state(connection: Connection, id: str, state: NegotiationState, at: datetime) -> None:
    connection.execute(negotiations.update().where(_n.id == id).values(state=state.value, updated_at=at))


def add_step(connection: Connection, negotiation_id: str, step: Step) -> bool:
    """False where this step is written already."""
    known = sa.select(_s.number).where(_s.negotiation_id == negotiation_id, _s.number == step.number)
    if connection.execute(known).one_or_none() is not None:
        return False
    connection.execute(
        negotiation_steps.insert().values(
            negotiation_id=negotiation_id,
            number=step.number,
            at=step.at,
            reply=step.reply,
            action=step.action,
            reasons=to_wire(step.reasons),
            offer_version=step.offer_version,
        )
    )
    return True


def offer(connection: Connection, negotiation_id: str, version: int) -> OfferRecord:
    """NegotiationNotFound."""
    query = sa.select(offers).where(_o.negotiation_id == negotiation_id, _o.version == version)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NegotiationNotFound()
    return _offer(row)


def add_offer(connection: Connection, made: OfferRecord) -> bool:
    """False where this version is written already: an offer never changes."""
    known = sa.select(_o.version).where(_o.negotiation_id == made.negotiation_id, _o.version == made.version)
    if connection.execute(known).one_or_none() is not None:
        return False
    connection.execute(
        offers.insert().values(
            negotiation_id=made.negotiation_id,
            version=made.version,
            priced=to_wire(made.priced),
            fingerprint=made.fingerprint,
            pay_by=made.pay_by,
            made_by=made.made_by,
            made_at=made.made_at,
            reasons=to_wire(made.reasons),
            override=made.override,
        )
    )
    return True


def add_consent(connection: Connection, given: Consent) -> None:
    """The same consent at the same moment is written once."""
    wanted = (
        _c.negotiation_id == given.negotiation_id,
        _c.kind == given.kind.value,
        _c.at == given.at,
    )
    if connection.execute(sa.select(_c.given).where(*wanted)).one_or_none() is None:
        values = {**vars(given), "kind": given.kind.value}
        connection.execute(consents.insert().values(values))


def plan(connection: Connection, wanted: Any, lock: bool = False) -> PlanRecord:
    """PlanNotFound. ``lock``: nobody else moves it until the transaction ends."""
    query = sa.select(plans).where(wanted)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise PlanNotFound()
    return _plan(row)


def locked_plan(connection: Connection, id: str) -> PlanRecord:
    return plan(connection, _p.id == id, lock=True)


def add_plan(connection: Connection, new: PlanRecord) -> bool:
    """False where it is there already. An older unsigned plan of the debt must have been ended before."""
    if connection.execute(sa.select(_p.id).where(_p.id == new.plan.id)).one_or_none() is not None:
        return False
    values = {
        "id": new.plan.id,
        "negotiation_id": new.negotiation_id,
        "offer_version": new.offer_version,
        "conversation_id": new.conversation_id,
        "customer_id": new.plan.customer_id,
        "debt_id": new.plan.debt_id,
        "link": new.link,
        "opened_at": new.opened_at,
        "proposed_by": new.plan.proposed_by,
        "fingerprint": new.plan.fingerprint,
        "payments": to_wire(new.plan.payments),
        "pay_by": new.plan.pay_by,
        **_changing(new.plan),
    }
    connection.execute(plans.insert().values(values))
    _log(connection, new.plan, "open", Party(BANK.role, new.plan.proposed_by))
    return True


def save_plan(connection: Connection, before: Plan, after: Plan, step: PlanStep | None, by: Party) -> None:
    """Compare-and-set on the version; PlanChanged where another was faster. ``step`` None: an acknowledgement."""
    update = plans.update().where(
        _p.id == before.id, _p.version == before.version, _p.state == before.state.value
    )
    if connection.execute(update.values(_changing(after))).rowcount != 1:
        raise PlanChanged()
    if step is not None:
        _log(connection, after, step.value, by)


def unsigned_plans(connection: Connection, customer_id: str, debt_id: str) -> list[PlanRecord]:
    """At most one; locked."""
    states = [PlanState.MATERIALS.value, PlanState.APPROVAL.value, PlanState.SIGNING.value]
    query = sa.select(plans).where(_p.customer_id == customer_id, _p.debt_id == debt_id, _p.state.in_(states))
    return [_plan(row) for row in connection.execute(query.with_for_update()).mappings()]


def plans_in_force(connection: Connection, customer_id: str, debt_id: str) -> list[PlanRecord]:
    states = [PlanState.RUNNING.value, PlanState.BREACHED.value]
    query = sa.select(plans).where(_p.customer_id == customer_id, _p.debt_id == debt_id, _p.state.in_(states))
    return [_plan(row) for row in connection.execute(query.with_for_update()).mappings()]


def _log(connection: Connection, after: Plan, step: str, by: Party) -> None:
    connection.execute(
        plan_moves.insert().values(
            plan_id=after.id,
            version=after.version,
            step=step,
            state=after.state.value,
            by_role=by.role.value,
            by_id=by.id,
            at=after.since,
            reason=after.reason,
        )
    )


def _changing(now: Plan) -> dict[str, Any]:
    return {
        "state": now.state.value,
        "since": now.since,
        "version": now.version,
        "signature": None if now.signature is None else to_wire(now.signature),
        "acknowledged": sorted(effect.value for effect in now.acknowledged),
        "reason": now.reason,
    }


def _plan(row: Any) -> PlanRecord:
    sealed = row["signature"]
    return PlanRecord(
        plan=Plan(
            id=row["id"],
            debt_id=row["debt_id"],
            customer_id=row["customer_id"],
            proposed_by=row["proposed_by"],
            fingerprint=row["fingerprint"],
            payments=from_wire(_PAYMENTS, row["payments"]),
            pay_by=row["pay_by"],
            state=PlanState(row["state"]),
            since=row["since"],
            version=row["version"],
            signature=None if sealed is None else from_wire(Signature, sealed),
            acknowledged=frozenset(PlanEffect(name) for name in row["acknowledged"]),
            reason=row["reason"],
        ),
        negotiation_id=row["negotiation_id"],
        offer_version=row["offer_version"],
        conversation_id=row["conversation_id"],
        link=row["link"],
        opened_at=row["opened_at"],
    )


def _step(row: Any) -> Step:
    reasons = from_wire(_REASONS, row["reasons"])
    return Step(row["number"], row["at"], row["reply"], row["action"], reasons, row["offer_version"])


def _offer(row: Any) -> OfferRecord:
    return OfferRecord(
        negotiation_id=row["negotiation_id"],
        version=row["version"],
        priced=from_wire(PricedOffer, row["priced"]),
        made_by=row["made_by"],
        made_at=row["made_at"],
        reasons=from_wire(_REASONS, row["reasons"]),
        override=row["override"],
    )


def _consent(row: Any) -> Consent:
    return Consent(
        row["negotiation_id"], ConsentKind(row["kind"]), row["given"], row["at"], row["offer_version"]
    )
