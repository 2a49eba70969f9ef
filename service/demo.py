"""What only the demo has: seeded customers to pick from, agents to log in as, and their password."""

from __future__ import annotations

from bot.bank.demo_bank import DemoBank
from bot.bank.errors import BankError
from bot.bank.ports import Bank
from bot.bank.seed import seed
from bot.bank.store import create_all
from bot.money import business_date
from connectors.app.channel import DemoCustomer
from conversation.clock import Clock
from conversation.store.database import make_engine
from escalation.agents import Agents
from service.settings import Settings

PASSWORD = "yixian-demo-2026"
AGENTS = (
    ("xiaolin", "小林", "agent"),
    ("xiaochen", "小陈", "agent"),
    ("zhuguan", "周主管", "supervisor"),
    ("fuzhuguan", "吴主管", "supervisor"),
)


def seed_agents(agents: Agents) -> None:
    """Create the demo's agents once; a changed password stays."""
    for username, name, role in AGENTS:
        if not agents.exists(username):
            agents.add(username, name, role, PASSWORD)


def seed_bank(settings: Settings, clock: Clock) -> None:
    """Make the demo bank's tables and customers, if they are not there."""
    engine = make_engine(settings.bank_database_url)
    create_all(engine)
    seed(engine, business_date(clock.now()))
    engine.dispose()


class DemoCustomers:
    """The seeded customers with their situations, for the chat page's chooser."""

    def __init__(self, bank: DemoBank) -> None:
        self._bank = bank

    def __call__(self) -> list[DemoCustomer]:
        return [DemoCustomer(c.id, c.masked_name, c.situation) for c in self._bank.customers()]


class MaskedNames:
    """Customer id → masked name; None when the bank does not answer. Remembers what it has seen."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._known: dict[str, str] = {}

    def __call__(self, customer_id: str) -> str | None:
        if customer_id not in self._known:
            try:
                self._known[customer_id] = self._bank.customer(customer_id).masked_name
            except BankError:
                return None
        return self._known[customer_id]
