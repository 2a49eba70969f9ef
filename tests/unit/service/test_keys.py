"""Keys from files: made once and for the owner only in the demo, demanded elsewhere, checked at the start."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.keys import load_app_keys, load_cipher, load_own_key
from service.settings import Settings, WrongSetting, read_settings

Make = Callable[..., Settings]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda **environment: read_settings({"YIXIAN_VAR": str(tmp_path / "var"), **environment}, tmp_path)


def pem(public: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(public.public_bytes(serialization.Encoding.PEM, form).decode())


ED = pem(Ed25519PrivateKey.generate().public_key())
P256 = pem(ec.generate_private_key(ec.SECP256R1()).public_key())
RSA = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())


# encryption keys


def test_the_demo_makes_its_keys_once(make: Make) -> None:
    settings = make()
    sealed = load_cipher(settings).encrypt("13812345678", "p")
    assert load_cipher(settings).decrypt(sealed, "p") == "13812345678"
    assert load_cipher(settings).fingerprint("x") == load_cipher(settings).fingerprint("x")


def test_only_the_owner_can_read_them(make: Make) -> None:
    settings = make()
    load_cipher(settings)
    load_own_key(settings)
    for path in (settings.data_keys, settings.var / "keys" / "app_token.pem"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in settings.data_keys.parent.iterdir()) == ["app_token.pem", "data.json"]


def test_threads_that_start_together_end_with_the_same_keys(make: Make) -> None:
    settings = make()
    with ThreadPoolExecutor(8) as threads:
        prints = set(threads.map(lambda _: load_cipher(settings).fingerprint("x"), range(8)))
    assert len(prints) == 1


def test_production_demands_the_keys_and_says_which(make: Make, tmp_path: Path) -> None:
    settings = make(DEMO="0", DATA_KEYS=str(tmp_path / "none.json"))
    with pytest.raises(WrongSetting, match="DATA_KEYS"):
        load_cipher(settings)
    with pytest.raises(WrongSetting):
        load_own_key(settings)
    assert not (tmp_path / "none.json").exists()


GOOD = {
    "current": 1,
    "keys": {"1": base64.b64encode(b"1" * 32).decode()},
    "hash": base64.b64encode(b"h" * 32).decode(),
}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({**GOOD, "current": 2}),
        json.dumps({**GOOD, "current": "x"}),
        json.dumps({**GOOD, "keys": {}}),
        json.dumps({**GOOD, "keys": []}),
        json.dumps({**GOOD, "keys": {"x": GOOD["hash"]}}),
        json.dumps({**GOOD, "keys": {"1": "!!!"}}),
        json.dumps({**GOOD, "keys": {"1": base64.b64encode(b"short").decode()}}),
        json.dumps({**GOOD, "keys": {"1": None}}),
        json.dumps({**GOOD, "hash": ""}),
        json.dumps({"current": 1, "keys": GOOD["keys"]}),
    ],
)
def test_a_key_file_that_cannot_work_is_refused_at_the_start(
    make: Make, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(WrongSetting, match=r"keys\.json"):
        load_cipher(make(DATA_KEYS=str(path)))


def test_the_error_does_not_show_the_keys(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({**GOOD, "current": 9}))
    with pytest.raises(WrongSetting) as refused:
        load_cipher(make(DATA_KEYS=str(path)))
    assert GOOD["hash"] not in str(refused.value)


# token keys


def test_our_own_key_speaks_for_guests_and_only_in_the_demo_for_customers(make: Make) -> None:
    own = Ed25519PrivateKey.generate()
    assert load_app_keys(make(), own)["own"].customers
    key = load_app_keys(make(DEMO="0"), own)["own"]
    assert (key.customers, key.guests) == (False, True)


def test_a_broken_own_key_is_a_clear_error(make: Make) -> None:
    settings = make()
    load_own_key(settings)
    path = settings.var / "keys" / "app_token.pem"
    path.write_text("not a key")
    with pytest.raises(WrongSetting, match=r"app_token\.pem"):
        load_own_key(settings)
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(other)
    with pytest.raises(WrongSetting, match="Ed25519"):
        load_own_key(settings)


def loaded(make: Make, tmp_path: Path, content: Any, **environment: str) -> dict[str, Any]:
    path = tmp_path / "app_keys.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    settings = make(APP_JWT_PUBLIC_KEYS=str(path), **environment)
    return load_app_keys(settings, Ed25519PrivateKey.generate())


def test_the_banks_keys_speak_for_customers_only(make: Make, tmp_path: Path) -> None:
    keys = loaded(make, tmp_path, {"a": {"pem": ED, "alg": "EdDSA"}, "b": {"pem": P256, "alg": "ES256"}})
    assert [(key.algorithm, key.customers, key.guests) for key in (keys["a"], keys["b"])] == [
        ("EdDSA", True, False),
        ("ES256", True, False),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "{",
        [],
        {"a": "pem"},
        {"a": {"pem": ED}},
        {"a": {"alg": "EdDSA"}},
        {"a": {"pem": "junk", "alg": "EdDSA"}},
        {"a": {"pem": 5, "alg": "EdDSA"}},
        {"a": {"pem": ED, "alg": "none"}},
        {"a": {"pem": ED, "alg": "HS256"}},
        {"a": {"pem": ED, "alg": "XX256"}},
        {"a": {"pem": ED, "alg": None}},
        {"a": {"pem": ED, "alg": "ES256"}},
        {"a": {"pem": RSA, "alg": "EdDSA"}},
        {"own": {"pem": ED, "alg": "EdDSA"}},
    ],
)
def test_keys_that_could_never_check_a_token_are_refused_at_the_start(
    make: Make, tmp_path: Path, content: Any
) -> None:
    with pytest.raises(WrongSetting, match="APP_JWT_PUBLIC_KEYS"):
        loaded(make, tmp_path, content)


def test_an_algorithm_must_be_allowed(make: Make, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="APP_JWT_ALGORITHMS"):
        loaded(make, tmp_path, {"a": {"pem": RSA, "alg": "RS256"}})
    assert loaded(make, tmp_path, {"a": {"pem": RSA, "alg": "RS256"}}, APP_JWT_ALGORITHMS="RS256")["a"]


def test_a_missing_file_of_keys_is_a_clear_error(make: Make, tmp_path: Path) -> None:
    settings = make(APP_JWT_PUBLIC_KEYS=str(tmp_path / "none.json"))
    with pytest.raises(WrongSetting, match="APP_JWT_PUBLIC_KEYS"):
        load_app_keys(settings, Ed25519PrivateKey.generate())
