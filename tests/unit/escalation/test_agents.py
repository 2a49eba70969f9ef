"""Agents at the door: right password, live session, own token; too many guesses lock for a while."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from conversation.clock import FixedClock
from conversation.errors import Forbidden, NotAuthenticated, YixianError
from escalation import agents as module
from escalation.agents import Agents, WrongPassword
from escalation.store import tables
from escalation.store.agent_store import AgentStore
from tests.databases import MovableDatabase, dump

PASSWORD = "correct horse battery"


@pytest.fixture
def agents(database: MovableDatabase, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Agents:
    """One agent, xiaolin; hashing made cheap, its strength is looked at in a test of its own."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(module.PasswordHasher, "from_parameters", staticmethod(lambda _: cheap))
    found = Agents(AgentStore(database), clock)
    found.add("xiaolin", "小林", "agent", PASSWORD)
    return found


def test_the_right_password_opens_a_session(agents: Agents) -> None:
    cookie, session = agents.log_in("xiaolin", PASSWORD)
    assert (session.agent.name, session.role, session.presence) == ("小林", "agent", "online")
    assert agents.session(cookie) == session, "who logs in is online"


def test_two_logins_are_two_sessions(agents: Agents) -> None:
    one, two = agents.log_in("xiaolin", PASSWORD), agents.log_in("xiaolin", PASSWORD)
    assert one[0] != two[0]
    assert one[1].csrf != two[1].csrf
    agents.log_out(one[1])
    with pytest.raises(NotAuthenticated):
        agents.session(one[0])
    assert agents.session(two[0])


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 100_000])
def test_a_wrong_password_and_a_wrong_name_read_the_same(agents: Agents, password: str) -> None:
    told = []
    for name in ("xiaolin", "nobody", "", "x" * 10_000, "xiaolin' OR '1'='1"):
        with pytest.raises(WrongPassword) as refused:
            agents.log_in(name, password)
        told.append((refused.value.code, refused.value.message, refused.value.status))
    assert len(set(told)) == 1


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_a_name_no_database_keeps_is_a_clear_error(agents: Agents, name: str) -> None:
    with pytest.raises(YixianError) as refused:
        agents.log_in(name, PASSWORD)
    assert refused.value.status < 500


def test_five_wrong_guesses_lock_for_a_quarter_of_an_hour_even_for_the_right_password(
    agents: Agents, clock: FixedClock
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            agents.log_in("xiaolin", "wrong")
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)
    clock.advance(15 * 60 - 1)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)
    clock.advance(1)
    assert agents.log_in("xiaolin", PASSWORD)


def test_a_right_password_in_between_starts_the_count_anew(agents: Agents) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                agents.log_in("xiaolin", "wrong")
        agents.log_in("xiaolin", PASSWORD)


def test_guesses_at_the_same_time_are_all_counted_and_none_undoes_the_lock(
    agents: Agents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All nine look before the first is counted; the fifth locks, the later ones must not unlock."""
    everybody = threading.Barrier(9)
    whole = agents._verify

    def together(password_hash: str, password: str) -> bool:
        everybody.wait()
        return whole(password_hash, password)

    def guess(_: int) -> None:
        with pytest.raises(WrongPassword):
            agents.log_in("xiaolin", "wrong")

    with monkeypatch.context() as patched, ThreadPoolExecutor(9) as threads:
        patched.setattr(agents, "_verify", together)
        list(threads.map(guess, range(9)))
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)


def test_a_locked_agent_keeps_working_in_his_session(agents: Agents) -> None:
    """Guessing from outside must not throw out the agent who serves a customer."""
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPassword):
            agents.log_in("xiaolin", "wrong")
    assert agents.session(cookie)


@pytest.mark.parametrize("cookie", [None, "", "x", "x" * 10_000, "\0", "é"])
def test_no_session_without_its_cookie(agents: Agents, cookie: str | None) -> None:
    agents.log_in("xiaolin", PASSWORD)
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)


def test_an_hour_without_use_ends_a_session_and_use_keeps_it(agents: Agents, clock: FixedClock) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    for _ in range(5):
        clock.advance(59 * 60)
        agents.session(cookie)
    clock.advance(60 * 60)
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)


def test_looking_is_no_use(agents: Agents, clock: FixedClock) -> None:
    """An open page looks every few seconds; that must not keep the session of an agent who went home."""
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    for _ in range(59):
        clock.advance(60)
        agents.session(cookie, used=False)
    clock.advance(60)
    with pytest.raises(NotAuthenticated):
        agents.session(cookie, used=False)


def test_twelve_hours_end_a_session_however_it_is_used(agents: Agents, clock: FixedClock) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    for _ in range(23):
        clock.advance(30 * 60)
        agents.session(cookie)
    clock.advance(30 * 60)
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)


def test_a_disabled_agent_is_out_at_once_and_stays_out(agents: Agents, database: MovableDatabase) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    with database.write() as connection:
        connection.execute(sa.update(tables.agents).values(disabled=True))
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)


def test_a_new_password_ends_the_sessions_of_the_old_one(agents: Agents) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    agents.add("xiaolin", "小林", "agent", "another password")
    with pytest.raises(NotAuthenticated):
        agents.session(cookie)
    with pytest.raises(WrongPassword):
        agents.log_in("xiaolin", PASSWORD)
    assert agents.log_in("xiaolin", "another password")


def test_changing_requests_need_the_sessions_own_token(agents: Agents) -> None:
    _, session = agents.log_in("xiaolin", PASSWORD)
    _, other = agents.log_in("xiaolin", PASSWORD)
    agents.require_csrf(session, session.csrf)
    for wrong in (None, "", "x", other.csrf, session.csrf + "x", session.csrf[:-1], "é"):
        with pytest.raises(Forbidden):
            agents.require_csrf(session, wrong)


@pytest.mark.parametrize("presence", ["online", "busy", "offline"])
def test_presence_is_kept_and_logging_out_goes_offline(
    agents: Agents, database: MovableDatabase, presence: str
) -> None:
    cookie, session = agents.log_in("xiaolin", PASSWORD)
    agents.set_presence(session, presence)
    assert agents.session(cookie).presence == presence
    agents.log_out(session)
    assert dump(database)["agents"][0]["presence"] == "offline"


@pytest.mark.parametrize("wrong", ["", "away", "ONLINE", "online ", "x" * 1000])
def test_any_other_presence_is_refused(agents: Agents, wrong: str) -> None:
    _, session = agents.log_in("xiaolin", PASSWORD)
    with pytest.raises(Forbidden):
        agents.set_presence(session, wrong)


def test_neither_password_nor_cookie_is_in_the_database(agents: Agents, database: MovableDatabase) -> None:
    cookie, _ = agents.log_in("xiaolin", PASSWORD)
    everything = str(dump(database))
    assert PASSWORD not in everything
    assert cookie not in everything


def test_passwords_are_hashed_as_rfc_9106_advises_for_little_memory(
    sqlite: MovableDatabase, clock: FixedClock
) -> None:
    found = Agents(AgentStore(sqlite), clock)
    found.add("xiaolin", "小林", "agent", PASSWORD)
    hashed = str(dump(sqlite)["agents"][0]["password_hash"])
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", hashed)


def test_no_more_than_two_passwords_are_hashed_at_once(
    agents: Agents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logging in must not be a way to stop the machine."""
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def verify(self, *_: Any) -> bool:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return True

    monkeypatch.setattr(agents, "_hasher", Slow())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: agents.log_in("xiaolin", PASSWORD), range(8)))
    assert most <= 2
