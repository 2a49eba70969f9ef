"""The door of the console: passwords are checked in threads of their own, a few at a time.

A check costs tens of megabytes and milliseconds on purpose. In the threads that serve customers, a flood of
logins would hold up every message; here it holds up logins only, and gives way to everything else.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from conversation.errors import Unavailable

AT_ONCE = 2
MOST_INSIDE = 32  #: checked or waiting; who comes then is told to try again
NICENESS = 10  #: added to these threads on Linux, where it is each thread's own

T = TypeVar("T")


class Door:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="door", initializer=_give_way)
        self._inside = 0

    async def through(self, check: Callable[..., T], *arguments: str | None) -> T:
        """What ``check`` returns or raises; Unavailable when too many are waiting."""
        if self._inside >= MOST_INSIDE:
            raise Unavailable("登录的人太多了，请稍等几秒再试。")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, check, *arguments)
        finally:
            self._inside -= 1


def _give_way() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
