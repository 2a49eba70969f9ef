"""The worker's child: loads the model, claims turns, runs them, commits them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection

import structlog

from bot.engine.engine import Engine, TurnFailed, TurnResult, Utterance
from bot.nlu.speaker import is_third_party
from bot.promises.store import PromiseStore
from bot.services import Services, set_services
from bot.turn import Turn
from conversation import hints as topics
from conversation.errors import TurnLost, Unavailable
from conversation.fragments import Piece, pieces
from conversation.state import Claim, Said
from conversation.turning import Outcome
from service.composition import Core, build_bot_services, build_core, build_operations
from service.live import WORK_CHANNEL, Live
from service.logs import configure_logs
from service.operations import Operations
from service.process import die_with_parent
from service.settings import read_settings

AT_ONCE = 8
POLL_SECONDS = 0.25
#: actions that never came back, each holding a thread; then the parent starts a fresh child
MAX_OVERRUNS = 16

log = structlog.get_logger(__name__)


class Runner:
    """Claims and runs until told to stop; then finishes what it has."""

    def __init__(self, core: Core, engine: Engine, live: Live, pipe: Connection, name: str) -> None:
        self._core = core
        self._engine = engine
        self._live = live
        self._pipe = pipe
        self._name = name
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()
        self._live.ring(topics.TURNS)

    async def run(self) -> None:
        with self._live.watch(topics.TURNS) as bell:
            rung = True
            while not self._stopping.is_set():
                more = (rung or await self._has_work()) and await self._claim_one()
                rung = more or bool(await bell.wait(POLL_SECONDS))
                if self._engine.overruns >= MAX_OVERRUNS:
                    log.warning("worker_worn_out", overruns=self._engine.overruns)
                    self.stop()
        if self._running:
            await asyncio.wait(self._running)

    async def _has_work(self) -> bool:
        try:
            return await asyncio.to_thread(self._core.turns.has_work)
        except Unavailable:
            return False

    async def _claim_one(self) -> bool:
        """Start the next turn; whether there was another one behind it."""
        if len(self._running) >= AT_ONCE:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        try:
            claim = await asyncio.to_thread(self._core.turns.claim, self._name)
        except Unavailable:
            return False
        if claim is None:
            return False
        task = asyncio.create_task(self._work(claim))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return claim.more

    async def _work(self, claim: Claim) -> None:
        self._pipe.send(("begin", claim.turn_id))
        try:
            await self._answer(claim)
        except TurnLost:
            log.info("turn_lost", turn=claim.turn_id)
        except Exception as error:
            failures = error.failures if isinstance(error, TurnFailed) else ()
            words = "; ".join(f"{f.action}: {f.error}" for f in failures) or type(error).__name__
            log.warning("turn_failed", turn=claim.turn_id, attempt=claim.attempt, error=words[:500])
            with suppress(Unavailable):
                await asyncio.to_thread(self._core.turns.fail, claim, words)
        finally:
            self._pipe.send(("end", claim.turn_id))

    async def _answer(self, claim: Claim) -> None:
        current: Claim | None = claim
        while current is not None:
            result = await self._engine.run(
                self._turn(current), utterances(pieces(current.said)), current.tracker
            )
            current = await asyncio.to_thread(self._core.turns.commit, current, outcome(result))
            if current is not None:  # it runs again over more messages: the watch starts anew
                self._pipe.send(("begin", claim.turn_id))

    def _turn(self, claim: Claim) -> Turn:
        now = self._core.clock.now()
        return Turn(
            conversation_id=claim.conversation_id,
            turn_id=claim.turn_id,
            channel=claim.channel,
            now=now,
            identity=claim.identity,
            doubted_at=now if somebody_else(claim.said) else claim.doubted_at,
        )


def somebody_else(said: Sequence[Said]) -> bool:
    """One of the turn's messages says that the speaker is not the customer: it holds for all of them,
    also for a question that came before it."""
    return any(one.choice is None and is_third_party(one.text or "") for one in said)


def utterances(found: list[Piece]) -> list[Utterance]:
    """What the customer said, as the engine takes it."""
    return [
        Utterance(text=piece.text)
        if piece.choice is None
        else Utterance(text=piece.text, intent=piece.choice["intent"], entities=piece.choice["entities"])
        for piece in found
    ]


def outcome(result: TurnResult) -> Outcome:
    return Outcome(
        replies=result.replies,
        tracker=result.tracker,
        model_version=result.model_version,
        effects=result.effects,
        answers=result.answers,
        trace=result.trace,
    )


def run_child(pipe: Connection, name: str) -> None:
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configure_logs()
    asyncio.run(_main(pipe, name))


async def _main(pipe: Connection, name: str) -> None:
    settings = read_settings(os.environ)
    core = build_core(settings)
    promises = PromiseStore(core.database)
    operations = build_operations(core)
    services = build_bot_services(settings, core.clock, core.reading, promises)
    take_up(services, operations)
    engine = await Engine.load(settings.models)
    live = Live(settings.redis_url, _no_poll, channel=WORK_CHANNEL)
    runner = Runner(core, engine, live, pipe, name)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, runner.stop)
    async with live.running():
        following = asyncio.create_task(operations.follow(live, lambda: take_up(services, operations)))
        pipe.send(("ready", name))
        try:
            await runner.run()
        finally:
            following.cancel()


def take_up(services: Services, operations: Operations) -> None:
    """From now on actions see what operations staff have in force; a running one keeps what it has."""
    set_services(replace(services, knowledge=operations.library, controls=operations.controls))


async def _no_poll(watched: set[str]) -> set[str]:
    """The runner looks by itself every quarter of a second."""
    return set()
