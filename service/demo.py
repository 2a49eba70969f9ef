"""What only the demo has: seeded customers to pick from, agents to log in as, and their password."""

from __future__ import annotations

from bot.bank.demo_bank import DemoBank

from bot.bank.errors import BankError
from connectors.app.channel import DemoCustomer
from escalation.agents import Agents

PASSWORD = "yixian-demo-2026"
AGENTS = (
    ("xiaolin", "小林", "agent"),
    ("xiaochen", "小陈", "agent"),
    ("zhuguan", "周主管", "supervisor"),
)


def seed_agents(agents: Agents) -> None:
    """Create the demo's agents once; a changed password stays."""
    for username, name, role in AGENTS:
        if not agents.exists(username):
            agents.add(username, name, role, PASSWORD)


class DemoCustomers:
    """The seeded customers with their situations, for the chat page's chooser."""

    def __init__(self, bank: DemoBank) -> None:
        self._bank = bank

    def __call__(self) -> list[DemoCustomer]:
        return [DemoCustomer(c.id, c.name, c.situation) for c in self._bank.demo_customers()]


class MaskedNames:
    """Customer id → masked name; None when the bank does not answer. Remembers what it has seen."""

    def __init__(self, bank: DemoBank) -> None:
        self._bank = bank
        self._known: dict[str, str] = {}

    def __call__(self, customer_id: str) -> str | None:
        if customer_id not in self._known:
            try:
                self._known[customer_id] = self._bank.customer(customer_id).masked_name
            except BankError:
                return None
        return self._known[customer_id]
