"""Bring a database to the current schema: ``python -m service.store.migrate``, and the launcher by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from conversation.store.database import Database
from service.settings import WrongSetting, read_settings

FOLDER = Path(__file__).parent / "migrations"


def configuration(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing; an up-to-date database is left alone."""
    command.upgrade(configuration(database), revision)


def main() -> int:
    try:
        database = Database(read_settings(os.environ).database_url)
    except WrongSetting as error:
        print(f"无法升级：{error}", file=sys.stderr)
        return 2
    upgrade(database)
    database.dispose()
    print("数据库结构已是最新。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
