"""Editing answers: propose, decide, roll back. One person makes, another checks; nothing is live before.

The only shortcut is an emergency rollback: a text that was live before is live again at once, and a second
person looks at it afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.bank.products import Products
from bot.knowledge.checking import Checked, check
from bot.knowledge.revisions import Revision, newest
from bot.knowledge.store import RevisionStore
from bot.money import business_date
from conversation import hints as topics
from conversation.clock import Clock
from conversation.controlling import MAX_REASON, checked_reason
from conversation.errors import BadRequest, IllegalMove
from conversation.four_eyes import LIVE, OPEN, Move, State, moved
from conversation.hints import Hints
from conversation.state import Agent
from conversation.store.control_store import ChangeNotFound
from conversation.text import storable

_UPDATED = re.compile(r"^updated:.*$", re.MULTILINE)


class WrongAnswer(BadRequest):
    """答案还有错，请改好后再提交。"""

    code = "wrong_answer"
    status = 422


class AnotherWaits(IllegalMove):
    """这个答案已有一份修改在等待审核，请先处理那一份。"""

    code = "another_waits"


class OldBase(IllegalMove):
    """您修改时，这个答案已有了新版本。请在新版本上重新修改。"""

    code = "old_base"


@dataclass(frozen=True)
class Editing:
    """``seed`` holds the program's own files, intent → text."""

    store: RevisionStore
    seed: Mapping[str, str]
    products: Products
    clock: Clock
    hints: Hints

    def check(self, intent: str, text: str) -> Checked:
        """What the editor shows while somebody types; ChangeNotFound for an unknown intent."""
        if intent not in self.seed:
            raise ChangeNotFound()
        return check(text, intent, self.products, self.seed)

    def text_of(self, intent: str, number: int) -> str:
        """The file of a revision, 0 the program's own; ChangeNotFound."""
        if intent not in self.seed:
            raise ChangeNotFound()
        if number == 0:
            return self.seed[intent]
        found = next((one for one in self.store.all_of(intent) if one.number == number), None)
        if found is None:
            raise ChangeNotFound()
        return found.text

    def submit(
        self,
        actor: Agent,
        intent: str,
        text: str,
        base: int,
        reason: str,
        effective_from: datetime | None = None,
    ) -> Revision:
        """A proposal, dated today; WrongAnswer, AnotherWaits, OldBase, BadRequest."""
        now = self.clock.now()
        dated = _UPDATED.sub(f"updated: {business_date(now).isoformat()}", text, count=1)
        return self._add(actor, intent, dated, base, reason, effective_from or now, State.WAITING)

    def roll_back(self, actor: Agent, intent: str, to: int, reason: str, emergency: bool = False) -> Revision:
        """A new revision with the text of an older one; in an emergency it is live at once."""
        known = self.store.all_of(intent)
        if to != 0 and not any(one.number == to and one.state in LIVE for one in known):
            raise BadRequest("只能恢复审核通过过的版本。")
        state = State.EMERGENCY if emergency else State.WAITING
        text = self.text_of(intent, to)
        return self._add(actor, intent, text, newest(known), reason, self.clock.now(), state, to)

    def _add(
        self,
        actor: Agent,
        intent: str,
        text: str,
        base: int,
        reason: str,
        effective_from: datetime,
        state: State,
        restores: int | None = None,
    ) -> Revision:
        self._refuse_wrong(intent, text)
        values = {
            "text": text,
            "base": base,
            "reason": checked_reason(reason),
            "effective_from": effective_from,
            "state": state,
            "restores": restores,
        }

        def make(known: list[Revision]) -> dict[str, Any]:
            if state is State.WAITING and any(one.state is State.WAITING for one in known):
                raise AnotherWaits()
            if base != newest(known):
                raise OldBase()
            return values

        made = self.store.add(actor, self.clock.now(), intent, make)
        self.hints.publish(topics.OPERATIONS)
        return made

    def decide(self, actor: Agent, id: str, move: Move, comment: str) -> Revision:
        """Approve, reject or withdraw; the rules are conversation.four_eyes', and the base must still be new."""

        def decided(one: Revision, known: list[Revision]) -> State:
            state = moved(one.state, move, actor.id, one.maker_id)
            if move is Move.APPROVE:
                self._refuse_wrong(one.intent, one.text)  # figures may have changed since
                if one.state is State.WAITING and one.base != newest(known):
                    raise OldBase()
            return state

        if move is Move.END:
            raise IllegalMove()
        comment = checked_reason(comment) if move is Move.REJECT else comment[:MAX_REASON]
        made = self.store.decide(actor, self.clock.now(), id, decided, comment)
        self.hints.publish(topics.OPERATIONS)
        return made

    def waiting(self) -> list[Revision]:
        """What waits for a second person."""
        return self.store.in_states(*OPEN)

    def _refuse_wrong(self, intent: str, text: str) -> None:
        checked = self.check(intent, text) if storable(text.replace("\n", "")) else None
        if checked is None or checked.entry is None:
            problems = checked.problems if checked else ("有无法保存的字符",)
            raise WrongAnswer(f"{intent}.yml " + "；".join(map(str, problems)))
