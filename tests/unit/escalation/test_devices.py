"""Browsers used before: strangers' guesses do not lock them out, and they may not guess for ever either."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher

from conversation.clock import FixedClock
from conversation.errors import NotAuthenticated
from escalation import agents as module
from escalation.agents import LOCK, MAX_FAILED, Agents, WrongPassword
from escalation.devices import device_token, is_known_device
from escalation.store.agent_store import AgentStore
from tests.databases import MovableDatabase

PASSWORD = "correct horse battery"


@pytest.fixture
def agents(sqlite: MovableDatabase, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Agents:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module.PasswordHasher, "from_parameters", staticmethod(lambda _: cheap))
    found = Agents(AgentStore(sqlite), clock)
    found.add("xiaolin", "小林", "agent", PASSWORD)
    found.add("xiaochen", "小陈", "agent", PASSWORD)
    return found


def guess(agents: Agents, device: Any = None, times: int = MAX_FAILED) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            agents.log_in("xiaolin", "wrong", device)


def test_who_is_known_enters_an_account_that_strangers_have_locked(agents: Agents) -> None:
    device = agents.device("xiaolin")
    guess(agents)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)
    assert agents.log_in("xiaolin", PASSWORD, device)


def test_a_known_browser_has_five_guesses_of_its_own(agents: Agents, clock: FixedClock) -> None:
    device, other = agents.device("xiaolin"), agents.device("xiaolin")
    guess(agents, device)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD, device)
    assert agents.log_in("xiaolin", PASSWORD), "its guesses lock nobody else"
    assert agents.log_in("xiaolin", PASSWORD, other)
    clock.advance(LOCK.total_seconds() + 1)
    assert agents.log_in("xiaolin", PASSWORD, device)


@pytest.mark.parametrize("wrong", ["", "x", "..", "a.b.c", "\udcff.x.y", "x" * 5000])
def test_a_made_up_device_is_a_stranger(agents: Agents, wrong: str) -> None:
    guess(agents)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD, wrong)


def test_a_device_is_known_for_its_own_agent_only(agents: Agents) -> None:
    guess(agents)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD, agents.device("xiaochen"))


def test_changing_a_part_of_a_token_makes_it_unknown() -> None:
    token = device_token("a_1", "hash")
    owner, number, mac = token.split(".")
    assert is_known_device(token, "a_1", "hash")
    for changed in (f"a_2.{number}.{mac}", f"{owner}.{number[:-1]}x.{mac}", f"{owner}.{number}.{mac[:-1]}"):
        assert not is_known_device(changed, "a_1", "hash")


def test_a_new_password_ends_sessions_and_known_devices(agents: Agents) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    device = agents.device("xiaolin")
    agents.add("xiaolin", "小林", "agent", "another password")
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)
    guess(agents)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", "another password", device)


def test_a_good_device_keeps_its_token(agents: Agents) -> None:
    device = agents.device("xiaolin")
    assert agents.device("xiaolin", device) == device
    assert agents.device("xiaolin", "made.up.token") != "made.up.token"
