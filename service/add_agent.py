"""``python -m service.add_agent USERNAME NAME [agent|editor|supervisor]``: create an agent, or give one a new password.

The password is asked for, or is the first line of standard input when that is no terminal. It is never an
argument, where other people of the machine could read it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Mapping, Sequence

from conversation.clock import SystemClock
from conversation.store.database import Database
from escalation.agents import Agents
from escalation.rights import RIGHTS
from escalation.store.agent_store import AgentStore
from service.settings import WrongSetting, read_settings

ROLES = tuple(RIGHTS)
MIN_PASSWORD = 12


def add_agent(environment: Mapping[str, str], username: str, name: str, role: str, password: str) -> None:
    """WrongSetting for a password too short to keep anybody out."""
    if len(password) < MIN_PASSWORD:
        raise WrongSetting(f"密码至少 {MIN_PASSWORD} 个字符。")
    database = Database(read_settings(environment).database_url)
    try:
        Agents(AgentStore(database), SystemClock()).add(username, name, role, password)
    finally:
        database.dispose()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m service.add_agent")
    parser.add_argument("username")
    parser.add_argument("name", help="the customer sees it: 坐席 小林")
    parser.add_argument("role", nargs="?", choices=ROLES, default=ROLES[0])
    wanted = parser.parse_args(arguments)
    password = getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        add_agent(os.environ, wanted.username, wanted.name, wanted.role, password)
    except WrongSetting as error:
        print(f"没有添加：{error}", file=sys.stderr)
        return 2
    print(f"坐席 {wanted.name}（{wanted.username}）已可登录。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
