"""Settings: defaults that run, values that are checked, errors that name the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import WrongSetting, database_url, read_settings


def test_nothing_set_runs_the_demo_beside_the_code(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path)
    assert settings.demo
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'yixian.db'}"
    assert settings.bank_database_url == f"sqlite:///{tmp_path / 'var' / 'bank.db'}"
    assert (settings.redis_url, settings.app_jwt_public_keys) == (None, None)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path) -> None:
    names = [
        "PORT",
        "DEMO",
        "BOT_WORKERS",
        "DATABASE_URL",
        "REDIS_URL",
        "YIXIAN_VAR",
        "MODELS",
        "APP_JWT_ALGORITHMS",
    ]
    assert read_settings(dict.fromkeys(names, ""), tmp_path) == read_settings({}, tmp_path)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("postgres://u:p@h:5432/d", "postgresql+psycopg2://u:p@h:5432/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+psycopg2://u@h/d?sslmode=require"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_the_platforms_spelling_of_a_database_is_understood(given: str, known: str) -> None:
    assert database_url(given) == known


def test_the_demo_bank_lives_with_the_journal_unless_told_otherwise(tmp_path: Path) -> None:
    one = read_settings({"DATABASE_URL": "postgres://h/d"}, tmp_path)
    assert one.bank_database_url == one.database_url == "postgresql+psycopg2://h/d"
    apart = read_settings({"DATABASE_URL": "postgres://h/d", "DEMO_BANK_URL": "sqlite:///b.db"}, tmp_path)
    assert apart.bank_database_url == "sqlite:///b.db"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (name, wrong)
        for name in (
            "PORT",
            "BOT_WORKERS",
            "TURN_PATIENCE_SECONDS",
            "MESSAGE_BURST",
            "MESSAGES_PER_SECOND",
            "METRICS_PORT",
        )
        for wrong in ("x", "-1", "1.5", " 1", "８０", "1e3", "99999999", "0x10")
    ]
    + [("PORT", "0"), ("PORT", "65536"), ("TURN_PATIENCE_SECONDS", "0"), ("MESSAGE_BURST", "0")]
    + [("DEMO", wrong) for wrong in ("yes", "true", "True", "2", " 1")],
)
def test_a_wrong_value_is_refused_by_name(name: str, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting) as refused:
        read_settings({name: wrong}, tmp_path)
    assert name in str(refused.value)
    assert repr(wrong) in str(refused.value)


def test_the_list_of_algorithms_may_have_spaces(tmp_path: Path) -> None:
    assert read_settings({"APP_JWT_ALGORITHMS": "EdDSA, RS256"}, tmp_path).app_jwt_algorithms == (
        "EdDSA",
        "RS256",
    )


def test_settings_stay_as_they_were_read(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        read_settings({}, tmp_path).port = 1  # type: ignore[misc]
