"""Moving plans: each move in the one transaction of its conversation, with what must then be done.

The rules are in bot/negotiation (plans, plan_moves, signing); the rows in store.py. Here a move, its effects on the bank
(outbox rows, once per key), and what the customer is told happen together or not at all. The same press, turn or
acknowledgement again changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.bank.agreed import Agreement, PlanOrder
from bot.bank.ports import RequestKind
from bot.negotiation.plan_moves import (
    BANK,
    Moved,
    Party,
    Plan,
    PlanEffect,
    Staged,
    acknowledged,
    moved,
    opened,
    sign,
    started,
)
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.signing import Evidence, Signature, signed
from bot.plans import store as rows
from bot.plans import telling
from bot.plans.errors import PlanChanged, SigningRefused
from bot.plans.records import Negotiation, NegotiationState, NegotiationStep, OfferRecord, PlanRecord
from bot.plans.store import PlanStore
from conversation import hints as topics
from conversation.clock import Clock
from conversation.desk import Desk
from conversation.escalation import Reason
from conversation.hints import Hints
from conversation.message import Sender
from conversation.relay import Answer
from conversation.state import Entry, OutboxItem, new_id
from conversation.store.journal_store import JournalStore
from conversation.talk import Talk, talking

#: the name under which the journal hands on what turns want kept, and the relay its answers
OWNER = "plans"

#: what the customer is told besides, said inside the move's transaction; None: nothing
Words = Callable[[Talk, PlanRecord], "str | None"]

ON_THE_BANK: dict[PlanEffect, tuple[RequestKind, str]] = {
    PlanEffect.SUSPEND_DEBIT: (RequestKind.SUSPEND_DEBIT, "暂停自动扣款"),
    PlanEffect.STOP_COLLECTION: (RequestKind.STOP_COLLECTION, "停止催收"),
    PlanEffect.BOOK_SCHEDULE: (RequestKind.CHANGE_PLAN, "登记还款方案"),
}


def new_link() -> str:
    """Names a plan's page: 256 bits nobody guesses, and no use without the customer's own log-in."""
    return secrets.token_urlsafe(32)


class Plans:
    """Moves on record; look-ups are `book`'s."""

    def __init__(self, store: JournalStore, book: PlanStore, clock: Clock, hints: Hints) -> None:
        self._store = store
        self._clock = clock
        self._hints = hints
        self.book = book

    # in a turn's transaction

    def keep(self, talk: Talk, value: NegotiationStep) -> None:
        """The journal's keeper: a step of a negotiation with its offer, consents and plan."""
        connection, header = talk.unit.connection, value.negotiation
        rows.end_others(connection, header.id, header.customer_id, header.debt.id, talk.at)
        rows.open_negotiation(connection, header)
        if value.offer is not None:
            rows.add_offer(connection, value.offer)
        if not rows.add_step(connection, header.id, value.step):
            return
        for consent in value.consents:
            rows.add_consent(connection, consent)
        rows.set_state(connection, header.id, value.state, talk.at)
        if value.plan is not None:
            self._draw_up(talk, value.plan)

    def answered(self, talk: Talk, item: OutboxItem, answer: Answer | None) -> None:
        """The relay's owner: the bank carried an effect out, refused it, or never answered."""
        record = rows.locked_plan(talk.unit.connection, item.payload["plan_id"])
        if answer is None or answer.state != "done":
            talk.notice(telling.STUCK)
            _call_person(talk, {"方案": record.plan.id, "没有办成": str(item.payload["summary"])})
            return
        effect = PlanEffect(item.payload["effect"])
        self._save(talk, record, acknowledged(record.plan, effect, talk.at), PlanStep.START, BANK)

    # moves by people and clocks

    def move(
        self, plan_id: str, step: PlanStep, by: Party, reason: str = "", words: Words | None = None
    ) -> PlanRecord:
        """A step that needs no signature. Errors: PlanNotFound and those of `plan_moves.moved`."""
        return self._change(
            self.book.plan(plan_id), step, by, lambda plan, at: moved(plan, step, by, at, reason), words
        )

    def sign(self, link: str, customer_id: str, signature_id: str, evidence: Evidence) -> PlanRecord:
        """The customer's signature. PlanNotFound; SigningRefused with every reason; the errors of `plan_moves.sign`.

        A signature that comes again gives the plan as it is.
        """
        record = self.book.plan_by_link(link, customer_id)
        offer = self.book.offer(record.negotiation_id, record.offer_version)

        def signing(plan: Plan, at: datetime) -> Moved:
            if plan.signature is not None:
                return Moved(plan)
            found = signed(signature_id, offer.terms, plan.fingerprint, customer_id, evidence, at)
            if not isinstance(found, Signature):
                raise SigningRefused(found[0].sentence, reasons=[one.value for one in found])
            return sign(plan, found)

        return self._change(record, PlanStep.SIGN, Party(Role.CUSTOMER, customer_id), signing)

    def propose(
        self,
        offer: OfferRecord,
        by: Party,
        materials: bool = False,
        above_authority: bool = False,
        first: Callable[[Talk], None] | None = None,
    ) -> PlanRecord:
        """An agent's offer as a plan: kept as the next version, told to the customer. The mandate was asked before.

        ``first`` runs first in the transaction and may refuse by raising. The same offer again, while its plan is
        unsigned, tells of that plan again; PlanChanged where somebody else made this version.
        """
        found = self.book.negotiation(offer.negotiation_id)
        with (
            self._store.unit() as unit,
            talking(unit, found.conversation_id, self._clock.now()) as talk,
        ):
            if first is not None:
                first(talk)
            connection = unit.connection
            if (
                not rows.add_offer(connection, offer)
                and rows.offer(connection, found.id, offer.version) != offer
            ):
                raise PlanChanged()
            rows.set_state(connection, found.id, NegotiationState.AGREED, talk.at)
            record = self._again(talk, found, offer)
            if record is None:
                record = plan_of(found, offer, by.id, talk.at, materials, above_authority)
                self._draw_up(talk, record)
        self._ring(found.conversation_id)
        return self.book.plan(record.plan.id)

    def _again(self, talk: Talk, found: Negotiation, offer: OfferRecord) -> PlanRecord | None:
        """The unsigned plan of this very offer, told of again."""
        unsigned = rows.unsigned_plans(talk.unit.connection, found.customer_id, found.debt.id)
        for one in unsigned:
            if (one.negotiation_id, one.offer_version) == (found.id, offer.version):
                talk.append(Entry(Sender.SYSTEM, telling.sentence(one.plan) or "", card=telling.card(one)))
                return one
        return None

    # inside

    def _change(
        self,
        record: PlanRecord,
        step: PlanStep,
        by: Party,
        change: Callable[[Plan, datetime], Moved],
        words: Words | None = None,
    ) -> PlanRecord:
        with (
            self._store.unit() as unit,
            talking(unit, record.conversation_id, self._clock.now()) as talk,
        ):
            held = rows.locked_plan(unit.connection, record.plan.id)
            after = change(held.plan, talk.at)
            if words is not None and (text := words(talk, held)) is not None:
                talk.append(Entry(Sender.SYSTEM, text, card=telling.card(replace(held, plan=after.plan))))
            self._save(talk, held, after, step, by)
        self._ring(record.conversation_id)
        return self.book.plan(record.plan.id)

    def _ring(self, conversation_id: str) -> None:
        self._hints.publish(topics.conversation(conversation_id), topics.FEED, topics.OUTBOX)

    def _draw_up(self, talk: Talk, record: PlanRecord) -> None:
        """A new plan; the unsigned one it takes the place of is withdrawn, nobody signs two."""
        connection, plan = talk.unit.connection, record.plan
        for older in rows.unsigned_plans(connection, plan.customer_id, plan.debt_id):
            if older.plan.id != plan.id:
                by = Party(Role.AGENT, plan.proposed_by)
                change = moved(older.plan, PlanStep.WITHDRAW, by, talk.at, "由新的方案代替")
                rows.save_plan(connection, older.plan, change.plan, PlanStep.WITHDRAW, by)
        if rows.add_plan(connection, record):
            self._carry_out(talk, record, started(plan))

    def _save(self, talk: Talk, before: PlanRecord, change: Moved, step: PlanStep, by: Party) -> None:
        if change.plan == before.plan:
            return
        stepped = change.plan.state is not before.plan.state
        rows.save_plan(talk.unit.connection, before.plan, change.plan, step if stepped else None, by)
        if change.plan.state is PlanState.EFFECTIVE:
            self._replace_older(talk, change.plan)
        after = PlanRecord(**{**vars(before), "plan": change.plan})
        self._carry_out(talk, after, change.effects)

    def _replace_older(self, talk: Talk, plan: Plan) -> None:
        connection = talk.unit.connection
        for older in rows.plans_in_force(connection, plan.customer_id, plan.debt_id):
            if older.plan.id != plan.id:
                change = moved(older.plan, PlanStep.REPLACE, BANK, talk.at)
                rows.save_plan(connection, older.plan, change.plan, PlanStep.REPLACE, BANK)

    def _carry_out(self, talk: Talk, record: PlanRecord, effects: tuple[Staged, ...]) -> None:
        for staged in effects:
            if staged.effect in ON_THE_BANK:
                _ask_bank(talk, record, staged)
            elif staged.effect is PlanEffect.SEND_SETTLED_PROOF:
                _ask_for_proof(talk, record, staged)
            elif staged.effect is PlanEffect.TELL_AGENT:
                _call_person(talk, {"方案": record.plan.id, "情况": "方案没有按时履行"})
        text = telling.sentence(record.plan)
        if text is not None and effects:
            talk.append(Entry(Sender.SYSTEM, text, card=telling.card(record)))


def plan_of(
    found: Negotiation,
    offer: OfferRecord,
    proposed_by: str,
    at: datetime,
    materials: bool = False,
    above_authority: bool = False,
) -> PlanRecord:
    """A new plan of an offer, in its first state."""
    made = opened(
        id=new_id("p"),
        debt_id=found.debt.id,
        customer_id=found.customer_id,
        proposed_by=proposed_by,
        fingerprint=offer.fingerprint,
        payments=offer.terms.payments,
        pay_by=offer.pay_by,
        at=at,
        materials=materials,
        above_authority=above_authority,
    )
    return PlanRecord(made.plan, found.id, offer.version, found.conversation_id, new_link(), at)


def _ask_bank(talk: Talk, record: PlanRecord, staged: Staged) -> None:
    kind, summary = ON_THE_BANK[staged.effect]
    plan = record.plan
    payload: dict[str, Any] = {"loan_id": plan.debt_id, "plan_id": plan.id}
    if kind is RequestKind.CHANGE_PLAN:
        offer = rows.offer(talk.unit.connection, record.negotiation_id, record.offer_version)
        payload |= _order(plan, offer).written() | {"signed_at": plan.since.isoformat()}
    row = _row(talk, staged.key, kind, plan.customer_id, payload, summary)
    owned = {"owner": OWNER, "plan_id": plan.id, "effect": staged.effect.value}  # its answer comes back to us
    talk.unit.add_outbox(**{**row, "payload": {**row["payload"], **owned}})


def _order(plan: Plan, offer: OfferRecord) -> PlanOrder:
    """What the bank books: the figures as they were signed."""
    figures = offer.priced
    agreement = Agreement(plan.payments, figures.down, figures.offer.pause)
    return PlanOrder(plan.id, figures.priced_on, figures.owed.total, figures.waived, agreement)


def _ask_for_proof(talk: Talk, record: PlanRecord, staged: Staged) -> None:
    plan = record.plan
    talk.unit.add_outbox(
        **_row(
            talk,
            staged.key,
            RequestKind.ISSUE_CERTIFICATE,
            plan.customer_id,
            {"loan_id": plan.debt_id},
            "结清证明",
        )
    )


def _row(
    talk: Talk, key: str, kind: RequestKind, customer_id: str, payload: dict[str, Any], summary: str
) -> dict[str, Any]:
    return {
        "id": new_id("o"),
        "topic": "bank",
        "conversation_id": talk.state.id,
        "idempotency_key": key,
        "payload": {"kind": kind.value, "customer_id": customer_id, "payload": payload, "summary": summary},
        "state": "pending",
        "attempts": 0,
        "next_at": talk.unit.now,
        "created_at": talk.at,
    }


def _call_person(talk: Talk, facts: dict[str, str]) -> None:
    if talk.state.desk is Desk.BOT:
        talk.escalate(Reason.NEGOTIATION, "negotiation", facts)
