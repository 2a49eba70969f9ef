"""``python -m service.prepare``, and the launcher by itself: everything a database needs before the first start.

Keys, schema, demo bank, demo agents; each step does only what is missing, so it may run before every start.
Imports what it needs when it runs: the launcher, which stays, shall stay small.
"""

from __future__ import annotations

import os
import sys

from service.settings import Settings, WrongSetting, read_settings


def prepare(settings: Settings) -> None:
    """WrongSetting when keys or the bank are missing outside demo mode, or when an answer is out of form:
    better now, in one sentence, than in every worker."""
    from conversation.clock import SystemClock
    from escalation.agents import Agents
    from escalation.store.agent_store import AgentStore
    from service.composition import build_bank, build_core
    from service.demo import seed_agents, seed_bank
    from service.keys import load_own_key
    from service.store.migrate import upgrade

    check_knowledge()
    core = build_core(settings)
    build_bank(settings, core.clock)
    load_own_key(settings)
    upgrade(core.database)
    if settings.demo:
        seed_bank(settings, SystemClock())
        seed_agents(Agents(AgentStore(core.database), core.clock))
    core.database.dispose()


def check_knowledge() -> None:
    from bot.bank.errors import FigureMissing
    from bot.knowledge.library import BadKnowledge
    from service.composition import load_knowledge

    try:
        load_knowledge()
    except (BadKnowledge, FigureMissing) as error:
        raise WrongSetting(f"知识文件有错：{error}") from error


def main() -> int:
    try:
        prepare(read_settings(os.environ))
    except WrongSetting as error:
        print(f"没有准备好：{error}", file=sys.stderr)
        return 2
    print("数据库已准备好。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
