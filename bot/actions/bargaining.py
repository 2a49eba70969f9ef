"""Bargaining over one debt in the conversation: what is remembered, what a message means to it, what is said and kept.

The order of the talk is bot/negotiation/talk.py's; here a message becomes a reply, a move becomes words (offer_words.py),
and each step is staged for the record (bot/plans). Remembered are the debt as it was and the replies, nothing else: the
talk is played again from them each time. Decides no terms and no amounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from bot.actions import authority, handover_words, offer_words, screening
from bot.actions.following import place
from bot.actions.handover import Route, bring_person
from bot.actions.offer_card import day_words
from bot.actions.talk import Events, Talk, person
from bot.actions.utter import Utter
from bot.actions.words import word
from bot.bank.codec import from_wire, to_wire
from bot.bank.ports import Creditor, Loan
from bot.money import Money, business_date
from bot.negotiation.handing_over import handover_facts
from bot.negotiation.mandate import Mandate, legal_offers, limits
from bot.negotiation.pricing import Contract, PricedOffer
from bot.negotiation.refusals import Refusal
from bot.negotiation.replay import Data, read, replayed, written
from bot.negotiation.screen import Stop
from bot.negotiation.talk import Action, Counter, Move, Reply, Rule
from bot.negotiation.talk import Talk as Bargain
from bot.negotiation.values import Capacity, Debt
from bot.nlu.means import SaidMeans, is_vague, means_in
from bot.plans.records import Negotiation, NegotiationState, NegotiationStep, OfferRecord, ReasonCode, Step
from bot.plans.service import OWNER, plan_of
from conversation.effects import Escalate, Keep
from conversation.escalation import Reason
from conversation.state import new_id

SLOT = "negotiation"
ROUTE = Route(Reason.NEGOTIATION, "negotiation")
#: how often one thing is asked before a person asks it
ASKED_AT_MOST = 2
#: "a little less" without a figure: so many per cent of what was offered
SOFTER = 90


@dataclass(frozen=True)
class State:
    """What the conversation remembers of a negotiation; ``stage`` is means or offer."""

    id: str
    debt: Data
    day: str
    due_day: int
    penalty_multiple: str
    opened_at: str
    stage: str = "means"
    asks: str = "month"
    asked: int = 0
    replies: list[Data] = field(default_factory=list)
    means: Data = field(default_factory=dict)
    version: int = 0
    same: bool = False  #: the standing offer was told twice

    @classmethod
    def of(cls, talk: Talk) -> State | None:
        """The negotiation of this conversation, if one is going on for this very speaker."""
        data = talk.slot(SLOT)
        return cls(**data) if data and talk.customer_id is not None else None


@dataclass(frozen=True)
class Table:
    """What lies on the table: the debt, the authority, and the talk so far."""

    debt: Debt
    day: date
    mandate: Mandate
    contract: Contract
    due_day: int
    bargain: Bargain
    moves: Sequence[Move]

    @property
    def standing(self) -> PricedOffer | None:
        offer = self.moves[-1].offer if self.moves[-1].action is Action.OFFER else None
        return None if offer is None else self.priced(offer)

    def priced(self, offer: Any) -> PricedOffer:
        return authority.price(self.debt, offer, self.day, self.due_day, self.contract)


def table_of(talk: Talk, state: State) -> Table | None:
    """Everything laid out again; None where there is no mandate any more."""
    found = authority.mandate(business_date(talk.turn.now))
    if found is None:
        return None
    debt, day = from_wire(Debt, state.debt), date.fromisoformat(state.day)
    contract = authority.contract_of(talk.services.products, found, state.penalty_multiple)

    def pricing(debt: Debt, offer: Any) -> Any:
        return authority.amounts(authority.price(debt, offer, day, state.due_day, contract))

    opening = Bargain(debt, legal_offers(found, debt, day), authority.model(), pricing=pricing)
    bargain, moves = replayed(opening, state.replies)
    return Table(debt, day, found, contract, state.due_day, bargain, moves)


# --- beginning


def begin(talk: Talk, loan: Loan, means: Data | None = None) -> Events:
    """A negotiation over this loan: its opening kept, the first question asked, or what was said taken at once.

    ``means``: what he told of himself on an earlier day."""
    assert talk.customer_id is not None, "only a verified customer bargains"
    today = business_date(talk.turn.now)
    quote = talk.services.bank.settlement(talk.customer_id, loan.id, today)
    state = State(
        id=new_id("n"),
        debt=to_wire(authority.debt_of(loan, quote)),
        day=today.isoformat(),
        due_day=loan.next_due_on.day if loan.next_due_on else min(today.day, 28),
        penalty_multiple=loan.penalty_multiple,
        opened_at=talk.turn.now.isoformat(),
        means=dict(means or {}),
    )
    table = table_of(talk, state)
    if table is None or table.moves[-1].action is Action.HUMAN:
        return _not_ours_to_say(talk, state, table, loan)
    _keep(talk, state, table, {"due_day": state.due_day, "penalty_multiple": state.penalty_multiple})
    said = means_in(talk.text, today)
    if means:
        return _told(talk, state, table, said)
    if said.monthly is not None or said.at_hand is not None or said.later is not None:
        return _told(talk, state, table, said)
    talk.say(Utter.NEGOTIATE_ASK, debt=offer_words.debt_line(table.debt), buttons=[person()])
    return _remember(state)


# --- going on


def go_on(talk: Talk, state: State) -> Events:
    """The next step, for a message that belongs to the negotiation."""
    table = table_of(talk, state)
    if (stop := screening.stop_of(talk)) is not None:
        return _stopped(talk, state, table, stop)
    if table is None:
        return _to_person(talk, state, None, word("no_authority"))
    if table.standing is not None and not table.standing.open_on(business_date(talk.turn.now)):
        return _anew(talk, state)
    if talk.intent == "ask_why":
        offer_words.say_why(talk, table.moves[-1], table.standing, table.bargain.told)
        return []
    if talk.intent == "ask_repeat":
        _say_again(talk, state, table)
        return []
    if state.stage == "offer" and table.standing is not None:
        return _answered(talk, state, table)
    return _told(talk, state, table, means_in(talk.text, business_date(talk.turn.now), state.asks))


def _told(talk: Talk, state: State, table: Table, said: SaidMeans) -> Events:
    """What he can pay, piece by piece, until there is enough to reckon with."""
    means = {**state.means, **_written(_corrected(said, state.means))}
    if said.monthly is not None and said.later is not None and said.later <= said.monthly:
        means.pop("later", None)
    state = replace(state, means=means, stage="means")
    monthly, at_hand = means.get("monthly"), means.get("at_hand")
    if monthly is None:
        return _ask(talk, state, "month", Utter.NEGOTIATE_ASK_MONTH)
    if at_hand is None:
        if state.asks != "hand" or said.replaces is not None:
            return _ask(talk, state, "hand", Utter.NEGOTIATE_ASK_HAND)
        means["at_hand"] = 0
    if not monthly and "later" not in means and state.asks != "later":
        return _ask(talk, state, "later", Utter.NEGOTIATE_ASK_LATER)
    return _reply(talk, replace(state, means=means), table, Reply(capacity=_capacity(means)))


def _corrected(said: SaidMeans, means: Data) -> SaidMeans:
    """ "不是1500，是1200" mends the figure that was 1500, whatever was asked since."""
    where = next((one for one in _SUMS if said.replaces and means.get(one) == said.replaces.fen), None)
    meant = said.monthly or said.at_hand or said.later
    if where is None or meant is None:
        return said
    sums: dict[str, Any] = {**dict.fromkeys(_SUMS), where: meant}
    return replace(said, **sums)


_SUMS = ("monthly", "at_hand", "later")


def _answered(talk: Talk, state: State, table: Table) -> Events:
    """What he says to the offer that stands."""
    if talk.intent == "affirm" or offer_words.is_yes(talk.text):
        return _reply(talk, state, table, Reply(accepted=True))
    said = means_in(talk.text, business_date(talk.turn.now))
    told = table.bargain.told
    assert told is not None, "an offer stands on what he told"
    if said.replaces is not None and _corrected(said, state.means) != said:
        means = {**state.means, **_written(_corrected(said, state.means))}
        return _reply(talk, replace(state, means=means), table, Reply(capacity=_capacity(means)))
    if _tells_means(talk, said, told):
        means = {**state.means, **_written(said)}
        return _reply(talk, replace(state, means=means), table, Reply(capacity=_capacity(means)))
    counter = Counter(said.monthly, said.terms, said.at_hand, said.starts_in)
    if counter != Counter():
        if said.principal_first:
            talk.say(Utter.NEGOTIATE_PRINCIPAL)
        return _reply(talk, state, table, Reply(counter=counter))
    if said.principal_first:
        talk.say(Utter.NEGOTIATE_PRINCIPAL)
        _say_again(talk, state, table)
        return []
    earlier = _earlier(talk, table)
    if earlier is not None:
        return _reply(talk, state, table, Reply(counter=Counter(terms=len(earlier.instalments) or 1)))
    if said.too_much and table.standing is not None and table.standing.monthly.fen:
        softer = Reply(counter=Counter(monthly=table.standing.monthly.percent(SOFTER)))
        return _reply(talk, state, table, softer, proposed=False)
    if offer_words.claims_approval(talk.text):
        return _ask(talk, state, state.asks, Utter.NEGOTIATE_CLAIMED)
    if talk.intent in _REFUSALS or offer_words.is_no(talk.text):
        return _reply(talk, state, table, Reply())
    return _ask(talk, state, state.asks, Utter.NEGOTIATE_YES_OR_NO)


#: said of himself, not of the offer: he mends or limits what he can pay
_OF_HIMSELF = re.compile(r"不是.*[，,]?是|其实|说错|弄错|记错|只(?:有|能|够)|最多|顶多|撑死|实际")


def _tells_means(talk: Talk, said: SaidMeans, told: Capacity) -> bool:
    """Whether the figures are what he can pay, not what he wishes: an offer beyond them must never stand."""
    if said.monthly is None and said.later is None and said.at_hand is None:
        return False
    if talk.intent == "give_capacity" and (said.monthly is not None or said.later is not None):
        return True
    if said.at_hand is not None and not said.at_hand.fen and told.at_hand.fen:
        return True
    return bool(_OF_HIMSELF.search(talk.text))


#: what is asked about an offer that stands
_ON_THE_OFFER = frozenset({Utter.NEGOTIATE_YES_OR_NO, Utter.NEGOTIATE_CLAIMED})


def _earlier(talk: Talk, table: Table) -> PricedOffer | None:
    """An offer told before, by its place ("还是第一个吧"); the last one is the standing one."""
    told = list(dict.fromkeys(move.offer for move in table.moves if move.offer is not None))
    at = place(talk.text, len(told)) if talk.intent == "choose_nth" else None
    return None if at is None else table.priced(told[at])


_REFUSALS = frozenset(
    {"deny", "counter_offer", "negotiate_reduction", "hardship_cannot_pay", "negotiate_instalment"}
    | {"negotiate_extension", "give_reason", "give_capacity"}
)


def _reply(talk: Talk, state: State, table: Table, reply: Reply, proposed: bool = True) -> Events:
    """One reply to the talk; its move said, kept, and remembered. ``proposed``: a counter is of his own making."""
    data = written(reply)
    state = replace(state, replies=[*state.replies, data], asked=0)
    after = table_of(talk, state)
    assert after is not None, "the mandate was there a moment ago"
    move = after.moves[-1]
    if move.action is Action.HUMAN:
        return _to_person(talk, state, after, offer_words.why_person(move), data)
    if move.action is Action.DONE:
        return _agreed(talk, state, after, move, data)
    if move.offer is None:
        return _ask(talk, state, "month", Utter.NEGOTIATE_ASK_MONTH)
    return _offered(talk, state, table.standing, after, data, proposed)


def _offered(
    talk: Talk, state: State, before: PricedOffer | None, after: Table, data: Data, proposed: bool
) -> Events:
    """The offer told and kept. The same one again is said to be the lightest there is; refused again, a person."""
    standing = after.standing
    assert standing is not None
    if before is not None and standing.offer == before.offer:
        _keep(talk, state, after, data)
        if state.same:
            return _to_person(talk, state, after, word("no_better_offer"), {"signal": "no_better_offer"})
        talk.say(Utter.NEGOTIATE_LIGHTEST, buttons=offer_words.choices())
        return _remember(replace(state, same=True))
    state = replace(state, stage="offer", version=state.version + 1, same=False)
    _keep(talk, state, after, data, standing)
    if before is not None and standing.monthly > before.monthly and before.monthly.fen:
        talk.say(Utter.NEGOTIATE_OTHER_WAY)
    offer_words.say_offer(talk, after.debt, standing, after.moves[-1], after.bargain.told, proposed)
    return _remember(state)


def _agreed(talk: Talk, state: State, table: Table, move: Move, data: Data) -> Events:
    """Agreed in words: read back, and the way to the signing page. Nothing is changed yet."""
    assert move.offer is not None
    standing = table.priced(move.offer)
    offer_words.read_back(talk, standing)
    header = _header(talk, state, table)
    record = _offer(state, table, standing, talk)
    plan = plan_of(header, record, "bot", talk.turn.now)
    step = _step(state, table, data, talk, state.version)
    talk.stage(Keep(OWNER, NegotiationStep(header, step, NegotiationState.AGREED, plan=plan)))
    return [SlotSet(SLOT, None)]


def _to_person(talk: Talk, state: State, table: Table | None, why: str, data: Data | None = None) -> Events:
    """A person goes on, with everything that was said and offered."""
    talk.say(Utter.NEGOTIATE_PERSON)
    bring_person(talk, ROUTE, None, {**facts(talk, state, table), word("why_person"): why})
    if table is not None:
        _keep(talk, state, table, data or {}, state_after=NegotiationState.HANDED_OVER)
    return [SlotSet(SLOT, None)]


def _stopped(talk: Talk, state: State, table: Table | None, stop: Stop) -> Events:
    """What ends a bargaining at once (bot/negotiation/screen.py)."""
    screening.bring(talk, stop, facts(talk, state, table))
    if table is not None:
        _keep(talk, state, table, {"signal": stop.code}, state_after=NegotiationState.HANDED_OVER)
    return [SlotSet(SLOT, None)]


def _anew(talk: Talk, state: State) -> Events:
    """The frozen offer is over: today's figures, from what he told before."""
    assert talk.customer_id is not None
    loans = {loan.id: loan for loan in talk.services.bank.loans(talk.customer_id)}
    loan = loans.get(state.debt["id"])
    talk.say(Utter.NEGOTIATE_LAPSED)
    if loan is None or loan.settled_on is not None:
        return [SlotSet(SLOT, None)]
    return begin(talk, loan, state.means)


def _not_ours_to_say(talk: Talk, state: State, table: Table | None, loan: Loan) -> Events:
    """The mandate allows nothing: a person, with its reason; of a sold debt the customer hears whose it is."""
    refused = None if table is None else limits(table.mandate, table.debt, table.day)
    if loan.creditor is Creditor.SOLD:
        talk.say(Utter.NEGOTIATE_SOLD, creditor=loan.creditor_name)
    why = refused.reason if isinstance(refused, Refusal) else word("no_authority")
    return _to_person(talk, state, table, why)


# --- around it


def taken(talk: Talk) -> Events | None:
    """The events of a message that belongs to the negotiation going on; None where it is something else."""
    state = State.of(talk)
    if state is None or talk.signals or talk.intent == "third_party" or talk.slot("pending"):
        return None
    return go_on(talk, state) if _belongs(talk, state) else None


_ACTS = frozenset(
    {"affirm", "deny", "ask_repeat", "ask_why", "give_amount", "give_date", "give_term", "give_capacity"}
    | {"give_reason", "counter_offer", "negotiate_reduction", "negotiate_extension", "negotiate_instalment"}
    | {"hardship_cannot_pay", "choose_nth"}
)
#: read as something else, they are means or wishes when a sum or a length is named
_PERHAPS = frozenset({"unclear", "loan_cost_calc", "instalment_term", "partial_min_repay", "out_of_scope"})


#: a question of another matter that names a sum ("借2000一个月利息多少")
_ASKS = re.compile(r"多少|怎么|什么|为啥|哪[里个天]|几[天时号]|啥")


def _belongs(talk: Talk, state: State) -> bool:
    if talk.intent in _ACTS:
        return True
    if not talk.typed:
        return False
    if is_vague(talk.text):
        return True
    if state.stage == "offer" and (offer_words.is_yes(talk.text) or offer_words.is_no(talk.text)):
        return True
    said = means_in(talk.text, business_date(talk.turn.now), state.asks)
    named = (said.monthly, said.at_hand, said.later, said.terms, said.starts_in, said.recovers_in)
    if any(one is not None for one in named) and (talk.intent in _PERHAPS or not _ASKS.search(talk.text)):
        return True
    return talk.intent == "unclear" and state.asked < ASKED_AT_MOST


def remind(talk: Talk, events: Events) -> Events:
    """After another matter was answered: the thread taken up again, once per question. A person who was called
    gets what was bargained so far, and the bot's bargaining is over."""
    state = State.of(talk)
    if state is None or any(event.get("name") == SLOT for event in events):
        return []
    if talk.third_party or talk.intent == "third_party":
        return stop(talk, state)  # nothing of a debt to somebody else, not even that there was an offer
    called = [one for one in talk.turn.effects if isinstance(one, Escalate)]
    if called:
        table = table_of(talk, state)
        _add_facts(talk, called[-1], facts(talk, state, table))
        if table is not None:
            _keep(
                talk,
                state,
                table,
                {"signal": called[-1].reason.value},
                state_after=NegotiationState.HANDED_OVER,
            )
        return [SlotSet(SLOT, None)]
    if state.stage == "offer":
        table = table_of(talk, state)
        if table is not None and table.standing is not None:
            until = day_words(table.standing.pay_by)
            talk.say(Utter.NEGOTIATE_BACK_TO_OFFER, until=until, buttons=offer_words.choices())
    else:
        talk.say(_QUESTIONS[state.asks])
    return []


def stop(talk: Talk, state: State) -> Events:
    """No more of it, without a word: the record is closed, what was agreed before stays as it was."""
    table = table_of(talk, state)
    if table is not None:
        _keep(talk, state, table, {"signal": "stopped"}, state_after=NegotiationState.STOPPED)
    return [SlotSet(SLOT, None)]


def _add_facts(talk: Talk, called: Escalate, more: dict[str, str]) -> None:
    at = talk.turn.effects.index(called)
    talk.turn.effects[at] = replace(called, facts={**called.facts, **more})


def facts(talk: Talk, state: State, table: Table | None) -> dict[str, str]:
    """For the agent's card: what he can pay in his words' figures, what was offered and what he said to it."""
    lines: dict[str, str] = {}
    if state.means:
        lines[word("means_told")] = offer_words.means_line(state.means)
    if table is not None:
        talked = handover_facts([read(data) for data in state.replies], table.moves)
        lines |= handover_words.lines(talked, table.priced)
        lines[word("debt_now")] = table.debt.total.text
    return lines


def _say_again(talk: Talk, state: State, table: Table) -> None:
    if table.standing is None:
        talk.say(_QUESTIONS[state.asks])
    else:
        told = table.bargain.told
        offer_words.say_offer(talk, table.debt, table.standing, table.moves[-1], told)


_QUESTIONS = {
    "month": Utter.NEGOTIATE_ASK_MONTH,
    "hand": Utter.NEGOTIATE_ASK_HAND,
    "later": Utter.NEGOTIATE_ASK_LATER,
}


def _ask(talk: Talk, state: State, asks: str, question: Utter) -> Events:
    """The question; asked in vain twice it is a person's."""
    asked = state.asked + 1 if asks == state.asks else 1
    if asked > ASKED_AT_MOST:
        return _to_person(
            talk, state, table_of(talk, state), word("not_understood"), {"signal": "not_understood"}
        )
    buttons = offer_words.choices() if question in _ON_THE_OFFER else [person()]
    talk.say(question, buttons=buttons)
    return _remember(replace(state, asks=asks, asked=asked))


def _remember(state: State) -> Events:
    return [SlotSet(SLOT, vars(state)), SlotSet("misses", 0), SlotSet("choices", None)]


def _written(said: SaidMeans) -> Data:
    sums = {"monthly": said.monthly, "later": said.later, "at_hand": said.at_hand}
    data: Data = {name: value.fen for name, value in sums.items() if value is not None}
    if said.recovers_in is not None:
        data["recovers_in"] = said.recovers_in
    return data


def _capacity(means: Data) -> Capacity:
    later = means.get("later")
    return Capacity(
        monthly=Money(means["monthly"]),
        later=None if later is None else Money(later),
        recovers_in=means.get("recovers_in"),
        at_hand=Money(means.get("at_hand", 0)),
        temporary=later is not None or "recovers_in" in means,
    )


# --- the record


def _keep(
    talk: Talk,
    state: State,
    table: Table,
    data: Data,
    standing: PricedOffer | None = None,
    state_after: NegotiationState = NegotiationState.OPEN,
) -> None:
    version = state.version if standing is not None else None
    offer = None if standing is None else _offer(state, table, standing, talk)
    step = _step(state, table, data, talk, version)
    talk.stage(Keep(OWNER, NegotiationStep(_header(talk, state, table), step, state_after, offer)))


def _header(talk: Talk, state: State, table: Table) -> Negotiation:
    assert talk.customer_id is not None
    now = talk.turn.now
    return Negotiation(
        id=state.id,
        conversation_id=talk.turn.conversation_id,
        customer_id=talk.customer_id,
        debt=table.debt,
        day=table.day,
        mandate_version=table.mandate.version,
        model_version=authority.model().version,
        state=NegotiationState.OPEN,
        opened_at=now,
        updated_at=now,
    )


def _step(state: State, table: Table, data: Data, talk: Talk, version: int | None) -> Step:
    """``number`` counts replies; one that called a person without a reply of the talk's comes after them."""
    move = table.moves[-1]
    signal = data.get("signal")
    number = len(state.replies) + (1 if signal else 0)
    action = Action.HUMAN.value if signal else move.action.value
    return Step(number, talk.turn.now, data, action, _reasons(move, signal), version)


def _reasons(move: Move, signal: str | None) -> tuple[ReasonCode, ...]:
    if signal:
        return (ReasonCode(Rule.SIGNAL.value, (("signal", signal),)),)
    return tuple(ReasonCode(reason.rule.value, reason.figures) for reason in move.reasons)


def _offer(state: State, table: Table, standing: PricedOffer, talk: Talk) -> OfferRecord:
    return OfferRecord(
        state.id, state.version, standing, "bot", talk.turn.now, _reasons(table.moves[-1], None)
    )
