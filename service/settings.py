"""Settings: the only reader of the environment. Frozen once read; every error names the variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(ValueError):
    """A variable of the environment has a value the program cannot use."""


@dataclass(frozen=True)
class Settings:
    """``var`` holds what the program writes: embedded database, keys, logs. ``redis_url`` None: hints
    stay inside each process and everything falls back to polling."""

    var: Path
    database_url: str
    bank_database_url: str
    redis_url: str | None
    host: str
    port: int
    metrics_host: str
    metrics_port: int
    demo: bool
    workers: int
    models: Path
    app_jwt_algorithms: tuple[str, ...]
    app_jwt_public_keys: Path | None  #: JSON: key id → PEM of the bank's app
    data_keys: Path  #: JSON of the encryption keys; made on first start in demo mode only
    turn_patience_seconds: int
    message_burst: int
    message_rate: float
    bank_url: str | None  #: the bank's own systems; None: the demo bank
    bank_token: str


def read_settings(environment: Mapping[str, str], root: Path = ROOT) -> Settings:
    """Raises WrongSetting."""
    var = Path(environment.get("YIXIAN_VAR") or root / "var")
    keys = environment.get("APP_JWT_PUBLIC_KEYS")
    return Settings(
        var=var,
        database_url=database_url(environment.get("DATABASE_URL") or f"sqlite:///{var / 'yixian.db'}"),
        bank_database_url=database_url(
            environment.get("DEMO_BANK_URL")
            or environment.get("DATABASE_URL")
            or f"sqlite:///{var / 'bank.db'}"
        ),
        redis_url=environment.get("REDIS_URL") or None,
        host=environment.get("HOST") or "127.0.0.1",
        port=_integer(environment, "PORT", 8000, 1, 65535),
        metrics_host=environment.get("METRICS_HOST") or "127.0.0.1",
        metrics_port=_integer(environment, "METRICS_PORT", 0, 0, 65535),
        demo=_truth(environment, "DEMO", True),
        workers=_integer(environment, "BOT_WORKERS", 1, 0, 64),
        models=Path(environment.get("MODELS") or root / "bot" / "models"),
        app_jwt_algorithms=tuple(
            name.strip() for name in (environment.get("APP_JWT_ALGORITHMS") or "EdDSA,ES256").split(",")
        ),
        app_jwt_public_keys=Path(keys) if keys else None,
        data_keys=Path(environment.get("DATA_KEYS") or var / "keys" / "data.json"),
        turn_patience_seconds=_integer(environment, "TURN_PATIENCE_SECONDS", 30, 1, 3600),
        message_burst=_integer(environment, "MESSAGE_BURST", 40, 1, 100000),
        message_rate=float(_integer(environment, "MESSAGES_PER_SECOND", 4, 1, 100000)),
        bank_url=environment.get("BANK_URL") or None,
        bank_token=environment.get("BANK_TOKEN") or "",
    )


def database_url(url: str) -> str:
    """Names SQLAlchemy knows; platforms write postgres://."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url[len(prefix) :]
    return url


def _integer(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    written = environment.get(name)
    if not written:
        return default
    if not written.isascii() or not written.isdigit() or not low <= int(written) <= high:
        raise WrongSetting(f"环境变量 {name}={written!r} 无效：应为 {low} 到 {high} 的整数。")
    return int(written)


def _truth(environment: Mapping[str, str], name: str, default: bool) -> bool:
    written = environment.get(name)
    if written in (None, ""):
        return default
    if written not in ("0", "1"):
        raise WrongSetting(f"环境变量 {name}={written!r} 无效：应为 0 或 1。")
    return written == "1"
