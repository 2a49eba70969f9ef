"""The bot worker: a light parent that watches, and one child that embeds Rasa and runs turns.

``python -m service.worker`` runs until SIGTERM. The child claims turns and runs up to eight of different
conversations at once. Synchronous code cannot be cancelled, so the parent ends a child whose turn is
overdue, gives its turns back at once and starts another; a child that dies by itself likewise.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog

from conversation.errors import YixianError
from service.composition import Core, build_core
from service.logs import configure_logs
from service.settings import WrongSetting, read_settings

#: a turn may take 10 s; a child that has not ended one after this is stuck
STUCK_SECONDS = 13.0
LOAD_SECONDS = 180.0
DRAIN_SECONDS = 12.0

log = structlog.get_logger(__name__)


@dataclass
class Child:
    """One child process: what it told over its pipe, and when each of its turns began."""

    process: BaseProcess
    pipe: Connection
    name: str
    started: float = field(default_factory=time.monotonic)
    ready: bool = False
    turns: dict[str, float] = field(default_factory=dict)

    def stuck(self, now: float) -> bool:
        if not self.ready:
            return now - self.started > LOAD_SECONDS
        return any(now - began > STUCK_SECONDS for began in self.turns.values())


class Parent:
    def __init__(self, core: Core, number: int) -> None:
        self._core = core
        self._number = number
        self._stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        children = [self._start() for _ in range(self._number)]
        while not self._stopping:
            children = [self._watched(child) for child in children]
            time.sleep(0.05)
        self._end(children)
        return 0

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _start(self) -> Child:
        context = multiprocessing.get_context("spawn")  # never fork a process that has threads
        ours, theirs = context.Pipe()
        process = context.Process(target=_child_main, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        assert process.pid is not None
        return Child(process, ours, worker_name(process.pid))

    def _watched(self, child: Child) -> Child:
        self._listen(child)
        alive = child.process.is_alive()
        if alive and not child.stuck(time.monotonic()):
            return child
        log.warning("worker_replaced", worker=child.name, stuck=alive, turns=len(child.turns))
        child.process.kill()
        child.process.join()
        self._give_back(child)
        if not child.ready:
            time.sleep(1.0)  # it cannot even load: do not spin
        return self._start()

    def _listen(self, child: Child) -> None:
        try:
            while child.pipe.poll():
                word, turn_id = child.pipe.recv()
                if word == "ready":
                    child.ready = True
                    print("worker ready", flush=True)
                elif word == "begin":
                    child.turns[turn_id] = time.monotonic()
                else:
                    child.turns.pop(turn_id, None)
        except (EOFError, OSError):
            return

    def _give_back(self, child: Child) -> None:
        try:
            self._core.turns.release_worker(child.name)
        except YixianError:
            return  # the leases run out by themselves

    def _end(self, children: list[Child]) -> None:
        for child in children:
            child.process.terminate()
        deadline = time.monotonic() + DRAIN_SECONDS
        for child in children:
            child.process.join(max(0.0, deadline - time.monotonic()))
            if child.process.is_alive():
                child.process.kill()
                child.process.join()
            self._give_back(child)


def worker_name(pid: int) -> str:
    """What turns are claimed under: which machine, which process."""
    return f"{socket.gethostname()}:{pid}"


def _child_main(pipe: Connection) -> None:
    """Runs in the child; Rasa is imported here and nowhere else in the service."""
    from service.worker_child import run_child

    run_child(pipe, worker_name(os.getpid()))


def main() -> int:
    configure_logs()
    try:
        settings = read_settings(os.environ)
        core = build_core(settings)
    except WrongSetting as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 2
    return Parent(core, max(1, settings.workers)).run()


if __name__ == "__main__":
    sys.exit(main())
