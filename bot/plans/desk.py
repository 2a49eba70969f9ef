"""The desk's door to negotiations and plans: everything JSON-ready, one object for the console's API. Blocking.

Reads the records, asks `Proposing` and `Plans`, and puts it in words (desk_words.py). Rights are the console's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions import offer_card
from bot.bank.errors import BankError
from bot.negotiation.beyond import Says
from bot.negotiation.plan_moves import Party
from bot.negotiation.plans import PlanState, PlanStep, Role
from bot.negotiation.values import Offer, OfferKind
from bot.plans import desk_words as words
from bot.plans.proposing import LEAST_REASON, Proposing
from bot.plans.records import Negotiation, PlanRecord
from bot.plans.service import Plans
from bot.signing.store import SigningStore
from conversation.clock import Clock
from conversation.errors import BadRequest
from conversation.state import Agent

Data = dict[str, Any]
BOT_NAME = "机器人"
DECISIONS = {"approve": PlanStep.APPROVE, "reject": PlanStep.REJECT, "ask_more": PlanStep.ASK_MORE}


class PlansDesk:
    """``names`` gives an agent's name by id."""

    def __init__(
        self,
        plans: Plans,
        proposing: Proposing,
        papers: SigningStore,
        names: Callable[[], dict[str, str]],
        clock: Clock,
    ) -> None:
        self._plans = plans
        self._proposing = proposing
        self._papers = papers
        self._names = names
        self._clock = clock

    def of_conversation(self, conversation_id: str) -> Data:
        """The negotiations of a conversation, newest first, each with its plans and the authority left."""
        found = self._plans.book.of_conversation(conversation_id)
        return {"negotiations": [self._negotiation(one) for one in found], "least_reason": LEAST_REASON}

    def quote(self, negotiation_id: str, wanted: Data) -> Data:
        """An offer reckoned, and who may make it; writes nothing."""
        found = self._plans.book.negotiation(negotiation_id)
        quote = self._proposing.quote(found, _offer(wanted))
        refusal = quote.verdict.refusal
        return {
            "says": quote.verdict.says.value,
            "because": None if refusal is None else refusal.reason,
            "departs": quote.departs,
            "needs_reason": quote.needs_reason and quote.verdict.says is not Says.NEVER,
            "card": None if quote.priced is None else offer_card.card(quote.debt, quote.priced),
        }

    def send(
        self, agent: Agent, negotiation_id: str, epoch: int, wanted: Data, reason: str, papers: bool
    ) -> Data:
        """The offer sent, or put before a second person: the plan."""
        found = self._plans.book.negotiation(negotiation_id)
        return self._plan(self._proposing.send(agent, found, epoch, _offer(wanted), reason, papers))

    def waiting(self) -> Data:
        """Plans that wait for approval, the longest waiting first, each with all that a decision needs."""
        return {"plans": [self._to_decide(one) for one in self._plans.book.waiting_for_approval()]}

    def decide(self, agent: Agent, plan_id: str, decision: str, reason: str) -> Data:
        """approve, reject or ask_more. The errors of `plan_moves.moved`: the proposer may never decide his own."""
        step = DECISIONS.get(decision)
        if step is None:
            raise BadRequest()
        return self._plan(self._plans.move(plan_id, step, Party(Role.APPROVER, agent.id), reason.strip()))

    def withdraw(self, agent: Agent, plan_id: str, reason: str) -> Data:
        """An agent takes an unsigned plan back."""
        party = Party(Role.AGENT, agent.id)
        return self._plan(self._plans.move(plan_id, PlanStep.WITHDRAW, party, reason.strip()))

    def paper(self, plan_id: str, paper_id: str) -> tuple[str, bytes]:
        """Media type and content of a paper the customer handed in; PaperUnknown."""
        paper, content = self._papers.paper(plan_id, paper_id)
        return paper.media_type, content

    def _negotiation(self, found: Negotiation) -> Data:
        plans = [
            one for one in self._plans.book.plans_of(found.customer_id) if one.negotiation_id == found.id
        ]
        shown = words.negotiation_out(found, self._proposing.standing(found), self._name)
        shown["plans"] = [self._plan(one) for one in plans]
        try:
            debt, left = self._proposing.authority_left(found)
            shown["authority"] = words.authority_out(debt, left)
        except (
            BankError
        ) as error:  # the record is shown all the same; nothing can be revised without today's books
            shown["authority"] = words.authority_unknown(error.message)
        return shown

    def _to_decide(self, record: PlanRecord) -> Data:
        found = self._plans.book.negotiation(record.negotiation_id)
        made = words.negotiation_out(found, None, self._name)
        offer = next(one for one in made["offers"] if one["version"] == record.offer_version)
        return {"plan": self._plan(record), "offer": offer, "told": made["told"], "product": made["product"]}

    def _plan(self, record: PlanRecord) -> Data:
        moves = self._plans.book.moves(record.plan.id)
        shown = words.plan_out(record, moves, self._name, self._clock.now())
        shown["papers"] = [
            {"id": one.id, "name": one.name, "media_type": one.media_type, "size": one.size}
            for one in self._papers.papers(record.plan.id)
        ]
        shown["may_withdraw"] = record.plan.state in (
            PlanState.MATERIALS,
            PlanState.APPROVAL,
            PlanState.SIGNING,
        )
        return shown

    def _name(self, id: str) -> str:
        return BOT_NAME if id == "bot" else self._names().get(id, id)


def _offer(wanted: Data) -> Offer:
    """BadRequest for a kind there is not."""
    try:
        kind = OfferKind(wanted["kind"])
    except ValueError:
        raise BadRequest() from None
    numbers = {name: int(wanted[name]) for name in ("terms", "waiver", "down", "pause")}
    return Offer(kind, **numbers)
