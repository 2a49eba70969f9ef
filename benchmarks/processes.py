"""Processes under measurement: started on loopback, watched with their descendants, always stopped."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from service.process import die_with_parent
from service.settings import ROOT


class DidNotStart(RuntimeError):
    """A program under measurement ended or stayed silent; the log's end is in the message."""


@dataclass(frozen=True)
class Usage:
    """Of one process and its descendants: CPU seconds since its start, resident memory in bytes."""

    cpu: float
    memory: int


def usage(pid: int) -> Usage:
    """What the process and all its descendants have used; descendants that ended count as far as they
    were waited for."""
    total, memory = 0.0, 0
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
            memory += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return Usage(total, memory)


class Started:
    """One program started by the benchmark, with its output in a file."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                list(command),
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def wait_for(self, url: str, seconds: float) -> None:
        """Until the address answers 200; DidNotStart if it never does."""
        deadline = time.monotonic() + seconds
        while not answers(url):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{self.name}: {self._log.read_text('utf-8', 'replace')[-1500:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to end, then end it, with everything it started."""
        found = (
            psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        )
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for child in found:
            if child.is_running():
                child.kill()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
