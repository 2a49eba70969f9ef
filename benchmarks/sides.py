"""The ways of running the same model that are compared. Each is a ``Side``: start, say, usage, stop."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from benchmarks.processes import DidNotStart, Started, Usage, usage
from service.launcher import free_port
from service.settings import ROOT
from tests.harness import Customer, Listener, Program

START_SECONDS = 180.0
REPLY_SECONDS = 60.0


@dataclass(frozen=True)
class Subject:
    """What is run: a trained model, the package of its actions, and what the customer says, over and
    over; every text runs one custom action."""

    model: Path
    actions: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The bot's words, and seconds from sending (and, where there is such a moment, from acceptance)."""

    texts: list[str]
    since_sent: float
    since_accepted: float | None = None


class Side(Protocol):
    name: str

    def start(self) -> None:
        """Return when the first customer could be answered."""

    def say(self, conversation: str, text: str) -> Answer: ...

    def usage(self) -> dict[str, Usage]:
        """By process name; descendants are counted with the process that started them."""

    def stop(self) -> None: ...


ENDPOINTS = """\
tracker_store:
  type: SQL
  dialect: sqlite
  db: {folder}/tracker.db
action_endpoint:
  url: http://127.0.0.1:{port}/webhook
"""


class StockRasa:
    """``rasa run`` with its REST channel and SQL tracker store, ``rasa run actions`` beside it."""

    name = "stock Rasa"

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._folder = tempfile.TemporaryDirectory(prefix="bench-stock-")
        self._started: list[Started] = []
        self._http = httpx.Client(timeout=REPLY_SECONDS)
        self._address = ""

    def start(self) -> None:
        folder, port, actions_port = Path(self._folder.name), free_port(), free_port()
        endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
        endpoints.write_text(ENDPOINTS.format(folder=folder, port=actions_port), "utf-8")
        credentials.write_text("rest:\n", "utf-8")
        environment = {"RASA_TELEMETRY_ENABLED": "false", "SANIC_HOST": "127.0.0.1"}
        rasa = [sys.executable, "-m", "rasa", "run"]
        actions = [*rasa, "actions", "--actions", self._subject.actions, "--port", str(actions_port)]
        server = [*rasa, "--model", str(self._subject.model), "--endpoints", str(endpoints)]
        server += ["--credentials", str(credentials), "--interface", "127.0.0.1", "--port", str(port)]
        self._started.append(Started("actions", actions, folder / "actions.log", environment))
        self._started.append(Started("rasa", server, folder / "rasa.log", environment))
        self._address = f"http://127.0.0.1:{port}"
        self._started[1].wait_for(self._address + "/", START_SECONDS)
        self._started[0].wait_for(f"http://127.0.0.1:{actions_port}/health", START_SECONDS)

    def say(self, conversation: str, text: str) -> Answer:
        sent = time.perf_counter()
        body = {"sender": conversation, "message": text}
        answer = self._http.post(self._address + "/webhooks/rest/webhook", json=body).raise_for_status()
        return Answer([one.get("text", "") for one in answer.json()], time.perf_counter() - sent)

    def usage(self) -> dict[str, Usage]:
        return {one.name: usage(one.process.pid) for one in self._started}

    def stop(self) -> None:
        for one in self._started:
            one.stop()
        self._http.close()
        self._folder.cleanup()


class EngineOnly:
    """Our engine in one process, without web, database and queue: what they cost is the difference."""

    name = "engine only"

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._process: subprocess.Popen[str] | None = None
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (closed in stop)

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "benchmarks.engine_only",
            str(self._subject.model),
            self._subject.actions,
        ]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        if self._line() != "ready":
            self._log.seek(0)
            raise DidNotStart(f"{self.name}: {self._log.read()[-1500:]}")

    def say(self, conversation: str, text: str) -> Answer:
        assert self._process is not None
        assert self._process.stdin is not None
        sent = time.perf_counter()
        self._process.stdin.write(json.dumps([conversation, text]) + "\n")
        self._process.stdin.flush()
        return Answer(json.loads(self._line()), time.perf_counter() - sent)

    def usage(self) -> dict[str, Usage]:
        assert self._process is not None
        return {"engine": usage(self._process.pid)}

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@dataclass
class Product:
    """The program as it is run: web, bot worker, Redis, database; guests who send over the app API and
    listen on a WebSocket, as the chat page does."""

    subject: Subject
    name: str = "yixian"
    _folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="bench-product-")
    )
    _program: Program | None = None
    _customers: dict[str, tuple[Customer, Listener]] = field(default_factory=dict)

    def start(self) -> None:
        limits = {"MESSAGE_BURST": "100000", "MESSAGES_PER_SECOND": "100000", "BOT_WORKERS": "1"}
        self._program = Program(Path(self._folder.name), MODELS=str(self.subject.model), **limits)
        self._program.start()

    def say(self, conversation: str, text: str) -> Answer:
        assert self._program is not None
        customer, listener = self._customers.get(conversation) or self._arrival(conversation)
        sent = time.perf_counter()
        seq = customer.say(text)
        accepted = time.perf_counter()
        try:
            event = listener.hear(seq, seconds=REPLY_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"the bot gave up on: {text}") from None
        heard = time.perf_counter()
        return Answer([event["text"] or ""], heard - sent, heard - accepted)

    def _arrival(self, conversation: str) -> tuple[Customer, Listener]:
        assert self._program is not None
        customer = self._program.guest()
        self._customers[conversation] = (customer, Listener(customer))
        return self._customers[conversation]

    def usage(self) -> dict[str, Usage]:
        assert self._program is not None
        running = {name: service.process for name, service in self._program.services.items()}
        return {name: usage(process.pid) for name, process in running.items() if process is not None}

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()
        self._folder.cleanup()
