"""What an administrator types: prepare the database, add an agent."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from conversation.clock import SystemClock
from conversation.store.database import Database
from escalation.agents import Agents, WrongPassword
from escalation.store.agent_store import AgentStore
from service import add_agent, prepare

PASSWORD = "a long password of an agent"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = f"sqlite:///{tmp_path / 'yixian.db'}"
    monkeypatch.setenv("DATABASE_URL", found)
    monkeypatch.setenv("YIXIAN_VAR", str(tmp_path))
    monkeypatch.delenv("DEMO_BANK_URL", raising=False)
    return found


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_added_agent_can_log_in(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare an empty database, add an agent, log in with the password that was typed."""
    assert prepare.main() == 0
    type_in(monkeypatch, PASSWORD + "\n")
    assert add_agent.main(["xiaowang", "小王", "supervisor"]) == 0
    database = Database(url)
    cookie, session = Agents(AgentStore(database), SystemClock()).log_in("xiaowang", PASSWORD)
    database.dispose()
    assert cookie
    assert (session.agent.name, session.role) == ("小王", "supervisor")


def test_adding_an_agent_again_changes_his_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old password no longer opens anything."""
    prepare.main()
    for password in (PASSWORD, PASSWORD + "!"):
        type_in(monkeypatch, password + "\n")
        add_agent.main(["xiaowang", "小王"])
    database = Database(url)
    agents = Agents(AgentStore(database), SystemClock())
    agents.log_in("xiaowang", PASSWORD + "!")
    with pytest.raises(WrongPassword):
        agents.log_in("xiaowang", PASSWORD)
    database.dispose()


def test_a_short_password_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare.main()
    type_in(monkeypatch, "short\n")
    assert add_agent.main(["xiaowang", "小王"]) == 2
    assert "至少 12 个字符" in capsys.readouterr().err


def test_preparing_twice_changes_nothing(url: str) -> None:
    """It may run before every start; a demo agent's changed password stays."""
    assert prepare.main() == 0
    database = Database(url)
    agents = Agents(AgentStore(database), SystemClock())
    agents.add("xiaolin", "小林", "agent", PASSWORD)
    assert prepare.main() == 0
    assert agents.log_in("xiaolin", PASSWORD)
    database.dispose()


def test_without_keys_production_is_not_prepared(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside the demo no key is made up: the sentence names the variable."""
    monkeypatch.setenv("DEMO", "0")
    assert prepare.main() == 2
    assert "DATA_KEYS" in capsys.readouterr().err
