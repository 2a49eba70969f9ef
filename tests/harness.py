"""The real program in a folder of its own: web, worker, Redis as processes, driven over HTTP.

Used by the end-to-end tests, the fault proofs and the benchmark. Everything it starts it stops.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import websockets

from service import launcher
from service.demo import PASSWORD
from service.settings import ROOT, read_settings

PATIENCE = 30.0


class TookTooLong(AssertionError):
    """What was waited for did not happen in time."""


def until(check: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> Any:
    """The first true result of ``check``; TookTooLong after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TookTooLong(what or "not in time")
        time.sleep(0.02)


class Program:
    """All processes of one installation. ``environment`` overrides settings by their variables' names."""

    def __init__(self, var: Path, **environment: str) -> None:
        port = str(launcher.free_port())
        merged = {
            "MODELS": os.environ.get("MODELS") or str(ROOT / "bot" / "models"),
            "YIXIAN_VAR": str(var),
            "PORT": port,
            **environment,
        }
        for name in ("DATABASE_URL", "REDIS_URL", "DEMO_BANK_URL"):
            os.environ.pop(name, None)
        self._environment = merged
        self.settings = read_settings(merged)
        self.address = f"http://127.0.0.1:{port}"
        self.services: dict[str, launcher.Service] = {}
        self.http = httpx.Client(base_url=self.address, timeout=40)

    def start(self, *names: str) -> Program:
        """Prepare the database and start these services (all of them when none is named)."""
        launcher.check_place(self.settings)
        launcher.prepare(self.settings)
        for service in launcher.services(self.settings):
            service.environment = {**service.environment, **self._environment, **_redis(service)}
            self.services[service.name] = service
        for name in names or tuple(self.services):
            self.services[name].start()
        if not names or "web" in names:
            self.wait_for_web()
        if not names or "worker" in names:
            self.wait_for_worker()
        return self

    def wait_for_web(self) -> None:
        until(lambda: launcher.answers(self.address + "/readyz"), 60, "the web process is not ready")

    def wait_for_worker(self, offset: int = 0) -> None:
        log = self.services["worker"].log
        until(lambda: launcher.worker_is_ready(log, offset), 120, f"no worker ready, see {log}")

    def kill(self, name: str) -> None:
        """SIGKILL the service's process (not its children)."""
        process = self.services[name].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self, name: str) -> None:
        service = self.services[name]
        offset = service.log.stat().st_size
        service.start()
        if name == "web":
            self.wait_for_web()
        elif name == "worker":
            self.wait_for_worker(offset)

    def stop(self) -> None:
        deadline = time.monotonic() + 15
        for service in reversed(list(self.services.values())):
            service.stop(deadline)
        self.http.close()

    # people

    def guest(self) -> Customer:
        token = self.http.post("/api/app/v1/guest").raise_for_status().json()["token"]
        return Customer(self, token)

    def customer(self, customer_id: str) -> Customer:
        answer = self.http.post("/api/app/v1/demo/token", json={"customer_id": customer_id})
        return Customer(self, answer.raise_for_status().json()["token"])

    def agent(self, username: str = "xiaolin") -> AgentDesk:
        client = httpx.Client(base_url=self.address, timeout=30)
        body = {"username": username, "password": PASSWORD}
        answer = client.post("/api/desk/v1/login", json=body).raise_for_status().json()
        client.headers["x-csrf-token"] = answer["csrf"]
        return AgentDesk(client, answer["agent"])


def _redis(service: launcher.Service) -> dict[str, str]:
    return {"REDIS_URL": service.environment["REDIS_URL"]} if "REDIS_URL" in service.environment else {}


@dataclass
class Customer:
    """A customer (or guest) with one conversation, talking over the app API."""

    program: Program
    token: str
    id: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    desk: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id:
            self.open()

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/api/app/v1/conversations/{self.id}"

    def open(self) -> None:
        answer = self.program.http.post("/api/app/v1/conversations", headers=self.headers)
        self.id = answer.raise_for_status().json()["id"]

    def post(self, **body: Any) -> httpx.Response:
        body.setdefault("client_msg_id", uuid.uuid4().hex)
        return self.program.http.post(self.path + "/messages", json=body, headers=self.headers)

    def say(self, text: str) -> int:
        """Send and return the message's seq."""
        seq: int = self.post(text=text).raise_for_status().json()["seq"]
        return seq

    def read(self, wait: float = 0) -> list[dict[str, Any]]:
        """What is new; all of it is kept in ``events``."""
        after = self.events[-1]["seq"] if self.events else 0
        parameters = {"after": after, "wait": wait}
        answer = self.program.http.get(self.path + "/events", params=parameters, headers=self.headers)
        found = answer.raise_for_status().json()
        self.desk = found["desk"]
        self.events += found["events"]
        return list(found["events"])

    def hear(self, after: int, sender: str = "bot", seconds: float = PATIENCE) -> dict[str, Any]:
        """The first entry of this sender with seq > after."""

        def look() -> dict[str, Any] | None:
            self.read(wait=0.5)
            return next((e for e in self.events if e["seq"] > after and e["sender"] == sender), None)

        found: dict[str, Any] = until(look, seconds, f"no answer of {sender} after {after}")
        return found

    def ask(self, text: str) -> dict[str, Any]:
        """Say it and wait for the bot's answer."""
        return self.hear(self.say(text))


class Listener(threading.Thread):
    """A customer's WebSocket, as his page holds it: every event arrives in ``events`` when pushed."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(daemon=True)
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self._customer = customer
        self._open = threading.Event()
        self.start()
        self._open.wait(10)

    def run(self) -> None:
        with suppress(websockets.ConnectionClosed, OSError):
            asyncio.run(self._listen())

    async def _listen(self) -> None:
        address = self._customer.program.address.replace("http", "ws")
        async with websockets.connect(f"{address}{self._customer.path}/ws?after=0") as socket:
            await socket.send(json.dumps({"token": self._customer.token}))
            async for text in socket:
                frame = json.loads(text)
                if frame["type"] == "event":
                    self.events.put(frame["event"])
                self._open.set()

    def hear(self, after: int, sender: str = "bot", seconds: float = PATIENCE) -> dict[str, Any]:
        """The first entry of this sender with seq > after."""
        while True:
            event = self.events.get(timeout=seconds)
            if event["seq"] > after and event["sender"] == sender:
                return event


@dataclass
class AgentDesk:
    """An agent at the console's API."""

    http: httpx.Client
    agent: dict[str, Any]
    BASE = "/api/desk/v1"

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(self.BASE + path, json=body)

    def get(self, path: str, **parameters: Any) -> Any:
        return self.http.get(self.BASE + path, params=parameters).raise_for_status().json()

    def claim_next(self) -> dict[str, Any]:
        return dict(self.post("/claim-next").raise_for_status().json()["summary"])

    def reply(self, summary: dict[str, Any], text: str) -> httpx.Response:
        body = {"client_msg_id": uuid.uuid4().hex, "text": text, "epoch": summary["epoch"]}
        return self.post(f"/conversations/{summary['id']}/messages", **body)


@contextmanager
def running(var: Path, *names: str, **environment: str) -> Iterator[Program]:
    program = Program(var, **environment)
    try:
        yield program.start(*names)
    finally:
        program.stop()
