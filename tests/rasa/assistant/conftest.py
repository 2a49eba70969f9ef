"""The whole assistant: the trained model, its actions, the demo bank on a fixed day, in one process."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.bank.demo_bank import DemoBank
from bot.bank.products import Products
from bot.bank.seed import seed
from bot.bank.store import create_all
from bot.engine.engine import Engine, TurnResult, Utterance
from bot.knowledge.library import Library
from bot.money import business_date
from bot.services import Services, use_services
from bot.turn import Turn
from conversation.effects import DoubtSpeaker, Effect
from conversation.fragments import pieces
from conversation.identity import GUEST, Identity, Level
from conversation.message import Choice
from conversation.state import Said
from conversation.store.database import make_engine
from service.composition import KNOWLEDGE
from service.settings import read_settings
from service.train import train

NOW = datetime(2026, 3, 12, 2, 30, tzinfo=timezone.utc)
_turns = itertools.count()


@pytest.fixture(scope="session")
def assistant() -> Engine:
    """Trained when its sources have changed (half a minute), else as it lies there."""
    return asyncio.run(Engine.load(train(read_settings(os.environ).models)))


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    file: Path = tmp_path_factory.mktemp("bank") / "bank.db"
    engine = make_engine(f"sqlite:///{file}")
    create_all(engine)
    seed(engine, business_date(NOW))
    products = Products.load()
    yield Services(DemoBank(engine, lambda: NOW), products, Library.load(KNOWLEDGE, products))
    engine.dispose()


@dataclass
class Conversation:
    """Says things and remembers what came back, as the worker would between turns."""

    engine: Engine
    services: Services
    identity: Identity = GUEST
    doubted_at: datetime | None = None
    tracker: bytes | None = None
    effects: list[Effect] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    last: TurnResult | None = None

    async def say(self, text: str) -> str:
        """A text; its answer, all messages joined."""
        return await self._turn(Utterance(text))

    async def say_all(self, *texts: str) -> str:
        """Several messages that one turn covers, as the worker puts them together."""
        said = [Said(seq, text, None) for seq, text in enumerate(texts, start=1)]
        return await self._turn(*(Utterance(piece.text) for piece in pieces(said)))

    async def choose(self, title: str) -> str:
        """A button of the answer before."""
        choice = next(choice for choice in self.choices if choice.title == title)
        return await self._turn(Utterance(choice.title, choice.intent, choice.entities))

    @property
    def intent(self) -> str:
        assert self.last is not None
        return str(self.last.trace["utterances"][-1]["intent"])

    async def _turn(self, *utterances: Utterance) -> str:
        turn = Turn("c1", f"t{next(_turns)}", "app", NOW, self.identity, self.doubted_at)
        with use_services(self.services):
            self.last = await self.engine.run(turn, utterances, self.tracker)
        self.tracker, self.effects = self.last.tracker, list(self.last.effects)
        self.choices = tuple(choice for reply in self.last.replies for choice in reply.choices)
        if DoubtSpeaker() in self.effects:
            self.doubted_at = NOW
        return "\n".join(reply.text for reply in self.last.replies if reply.text)


@pytest.fixture
def guest(assistant: Engine, services: Services) -> Conversation:
    return Conversation(assistant, services)


@pytest.fixture
def customer(assistant: Engine, services: Services) -> Conversation:
    """C0001, logged in: a loan in good standing with a bill due this month."""
    return logged_in(assistant, services, "C0001")


def logged_in(assistant: Engine, services: Services, customer_id: str) -> Conversation:
    identity = Identity(Level.VERIFIED, customer_id, NOW, NOW + timedelta(minutes=10))
    return Conversation(assistant, services, identity)
