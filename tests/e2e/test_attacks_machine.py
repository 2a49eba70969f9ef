"""Other people of the same machine: what the program writes and runs is closed to them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import redis

from tests.harness import Program

pytestmark = pytest.mark.model


def test_nobody_else_can_look_into_the_programs_folder(program: Program) -> None:
    assert stat.S_IMODE(program.settings.var.stat().st_mode) == 0o700


def test_redis_obeys_nobody_without_its_password_and_no_command_line_tells_it(program: Program) -> None:
    url = (
        program.services["redis"].environment.get("REDIS_URL")
        or program.services["web"].environment["REDIS_URL"]
    )
    with redis.Redis.from_url(url) as known:
        assert known.ping()
        options = known.connection_pool.connection_kwargs
    with (
        redis.Redis(host=options["host"], port=options["port"]) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    for service in program.services.values():
        assert service.process is not None
        line = Path(f"/proc/{service.process.pid}/cmdline").read_text()
        assert options["password"] not in line
