"""The composition root: builds everything from the settings, in one place. Nothing is built at import."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from bot.bank.codes import CodeSender, DemoCodes
from bot.bank.demo_bank import DemoBank
from bot.bank.http_bank import HttpBank
from bot.bank.ports import Bank
from bot.bank.products import Products
from bot.knowledge.editing import Editing
from bot.knowledge.library import Library, read_texts
from bot.knowledge.store import RevisionStore
from bot.nlu.signals import danger_in
from bot.nlu.speaker import is_third_party
from bot.plans.desk import PlansDesk
from bot.plans.proposing import Proposing
from bot.plans.service import OWNER, Plans
from bot.plans.store import PlanStore
from bot.promises.ports import NoPromises, PromiseBook
from bot.promises.records import PROMISE
from bot.promises.service import keep as keep_promise
from bot.services import NoRecords, Records, Services
from bot.signing.recorded import RecordedSheets
from bot.signing.service import Signing
from bot.signing.store import SigningStore
from conversation.cipher import Cipher
from conversation.clock import Clock, SystemClock
from conversation.hints import Hints, NoHints
from conversation.reception import Reception
from conversation.relay import Relay
from conversation.serving import Serving
from conversation.store.database import Database, make_engine
from conversation.store.journal_store import JournalStore
from conversation.store.reading import Reading
from conversation.turning import Turns
from service.keys import load_cipher
from service.live import RedisHints
from service.operations import Operations
from service.settings import ROOT, Settings, WrongSetting, read_settings

KNOWLEDGE = ROOT / "bot" / "data" / "knowledge"


@dataclass(frozen=True)
class Core:
    """The journal's services over one database."""

    settings: Settings
    clock: Clock
    cipher: Cipher
    hints: Hints
    database: Database
    store: JournalStore
    reading: Reading
    reception: Reception
    turns: Turns
    serving: Serving
    relay: Relay
    plans: Plans


def build_core(settings: Settings, clock: Clock | None = None) -> Core:
    clock = clock or SystemClock()
    hints: Hints = RedisHints(settings.redis_url) if settings.redis_url else NoHints()
    cipher = load_cipher(settings)
    database = Database(settings.database_url)
    store = JournalStore(database, cipher)
    plans = Plans(store, PlanStore(database), clock, hints)
    return Core(
        settings=settings,
        clock=clock,
        cipher=cipher,
        hints=hints,
        database=database,
        store=store,
        reading=Reading(store),
        reception=Reception(store, clock, hints, is_third_party, danger_in),
        turns=Turns(store, clock, hints, {OWNER: plans.keep, PROMISE: keep_promise}),
        serving=Serving(store, clock, hints),
        relay=Relay(store, clock, hints, {OWNER: plans.answered}),
        plans=plans,
    )


def build_bank(settings: Settings, clock: Clock) -> Bank:
    """The bank's own systems when BANK_URL names them, else the demo bank; never the demo bank in production."""
    if settings.bank_url is not None:
        return HttpBank(settings.bank_url, settings.bank_token)
    if not settings.demo:
        raise WrongSetting("DEMO=0 时要用环境变量 BANK_URL 和 BANK_TOKEN 指定银行系统的接口。")
    return build_demo_bank(settings, clock)


def build_demo_bank(settings: Settings, clock: Clock) -> DemoBank:
    return DemoBank(make_engine(settings.bank_database_url), clock.now)


def build_signing(core: Core, bank: Bank, name_of: Callable[[str], str | None]) -> Signing:
    """The signing page's service: codes go by the bank's own systems, in the demo onto the page."""
    codes: CodeSender = bank if isinstance(bank, HttpBank) else DemoCodes(bank)
    sheets = RecordedSheets(core.plans.book, core.plans)
    return Signing(sheets, SigningStore(core.database, core.cipher), codes, name_of, core.clock)


def build_plans_desk(core: Core, bank: Bank, names: Callable[[], dict[str, str]]) -> PlansDesk:
    """What agents see of negotiations and plans, and do with them."""
    proposing = Proposing(core.plans, bank, Products.load(), core.clock)
    return PlansDesk(core.plans, proposing, SigningStore(core.database, core.cipher), names, core.clock)


def load_knowledge() -> tuple[Products, Library]:
    """The products' figures and the answers; BadKnowledge or FigureMissing name file and place."""
    products = Products.load()
    return products, Library.load(KNOWLEDGE, products)


def build_operations(core: Core) -> Operations:
    """What operations staff change, read once; follow it to stay fresh. Unavailable without a database."""
    products, library = load_knowledge()
    operations = Operations(core.database, library, products, core.clock)
    operations.refresh()
    return operations


def build_editing(core: Core) -> Editing:
    return Editing(
        RevisionStore(core.database), read_texts(KNOWLEDGE), Products.load(), core.clock, core.hints
    )


def build_bot_services(
    settings: Settings, clock: Clock, records: Records, promises: PromiseBook | None = None
) -> Services:
    """What the bot's actions may use."""
    products, library = load_knowledge()
    book = promises or NoPromises()
    return Services(build_bank(settings, clock), products, library, records=records, promises=book)


def bot_services_from_environment() -> Services:
    """For ``rasa run actions`` and ``rasa shell``, which nobody composed."""
    return build_bot_services(read_settings(os.environ), SystemClock(), NoRecords())
