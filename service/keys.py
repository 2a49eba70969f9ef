"""Keys: encryption keys of personal data and signing keys of tokens, from files.

In demo mode missing files are made (readable by the owner only); otherwise a missing file is an error
that says what to provide.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connectors.app.signature import Key, check_key
from conversation.cipher import Cipher
from service.settings import Settings, WrongSetting


def load_cipher(settings: Settings) -> Cipher:
    """DATA_KEYS is JSON {"current": 1, "keys": {"1": base64 of 32 bytes}, "hash": base64}."""
    path = settings.data_keys
    if not path.exists():
        _require_demo(settings, "DATA_KEYS", path)
        _write(path, json.dumps({"current": 1, "keys": {"1": _random()}, "hash": _random()}).encode())
    try:
        content = json.loads(path.read_text())
        keys = {int(key_id): base64.b64decode(key) for key_id, key in content["keys"].items()}
        return Cipher(keys, int(content["current"]), base64.b64decode(content["hash"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongSetting(f"密钥文件 {path} 内容无效：{error!r}") from error


def load_own_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that signs guests' tokens (and, in demo mode, demo customers')."""
    path = settings.var / "keys" / "app_token.pem"
    if not path.exists():
        _require_demo(settings, "YIXIAN_VAR", path)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write(path, pem)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WrongSetting(f"密钥文件 {path} 内容无效：{error!r}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongSetting(f"密钥文件 {path} 应为 Ed25519 私钥。")
    return key


def load_app_keys(settings: Settings, own: Ed25519PrivateKey) -> dict[str, Key]:
    """Key id → public key. Our own key speaks for guests only, except in demo mode."""
    keys = {"own": Key(own.public_key(), "EdDSA", customers=settings.demo, guests=True)}
    if settings.app_jwt_public_keys is not None:
        try:
            for key_id, entry in json.loads(settings.app_jwt_public_keys.read_text()).items():
                if key_id in keys:
                    raise ValueError(f"the key id {key_id!r} is ours")
                public = serialization.load_pem_public_key(entry["pem"].encode())
                check_key(public, entry["alg"])
                keys[key_id] = Key(public, entry["alg"], customers=True, guests=False)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm) as error:
            raise WrongSetting(f"APP_JWT_PUBLIC_KEYS 指向的文件无效：{error!r}") from error
    wrong = {key.algorithm for key in keys.values()} - set(settings.app_jwt_algorithms) - {"EdDSA"}
    if wrong:
        raise WrongSetting(f"密钥算法 {sorted(wrong)} 不在 APP_JWT_ALGORITHMS 中。")
    return keys


def _require_demo(settings: Settings, variable: str, path: Path) -> None:
    if not settings.demo:
        raise WrongSetting(f"缺少密钥文件 {path}：请用环境变量 {variable} 指定。")


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write(path: Path, content: bytes) -> None:
    """Atomic and only once, however many start at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
