"""``groupkeeper run``: the bot for good, with its signals.

SIGTERM and SIGINT drain: nothing new is taken in, what was taken in is decided and sent. The second one ends the
process at once. SIGHUP reads the configuration again.
"""

import asyncio
import gc
import os
import signal
from contextlib import AsyncExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.app import App
from bot.cli.loading import refuse
from bot.clock import SystemClock
from bot.configuration import adapter_of
from bot.logs import set_up
from bot.pictures.words import reader
from bot.secrets import hide_secrets
from bot.selfcheck import load_tested, make_detectors
from bot.setup import Setup
from rules.errors import ConfigError
from storage.database import Database
from storage.sole import sole

if TYPE_CHECKING:
    from bot.metrics import Metrics

log = structlog.get_logger("groupkeeper.run")

ASK_AGAIN = 0.2
"""Seconds after which a bot that was asked to drain is asked again."""
YOUNG = 10_000
"""New objects after which the garbage collector looks through them, where Python itself says 700."""
FORCED = 130
"""The exit code of a process that a second signal ended."""


def run_bot(
    path: Path, *, database: str | None, port: int | None, host: str, json_log: bool, lang: str | None = None
) -> int:
    """Run until a signal; 0 after draining."""
    set_up(as_json=json_log)
    try:
        setup = _loaded(path)
    except ConfigError as error:
        refuse(error, path, lang)
    with Database.open(database or setup.config.storage.database) as opened, sole(opened.file):
        opened.upgrade()
        spare_the_collector()
        asyncio.run(_run(path, setup, opened, port, host))
    return 0


def spare_the_collector() -> None:
    """What is loaded by now stays: to look through all of it again and again took a fifth of the time of an update."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


def _loaded(path: Path) -> Setup:
    """A setup that passes its own tests, its secrets kept out of the log. Raises ``ConfigError``."""
    setup = load_tested(path)
    hide_secrets(setup.config, os.environ)
    return setup


async def _run(path: Path, setup: Setup, database: Database, port: int | None, host: str) -> None:
    clock = SystemClock()
    detectors = make_detectors(setup)

    def load() -> Setup:
        fresh = _loaded(path)
        detectors.update(make_detectors(fresh, detectors))
        return fresh

    async with AsyncExitStack() as opened:
        metrics = _metrics(clock) if port is not None else None
        app = App(
            setup,
            database,
            {name: adapter_of(name, platform) for name, platform in setup.config.platforms.items()},
            clock,
            load=load,
            detectors=detectors,
            observer=metrics,
            words=reader(),
        )
        opened.push_async_callback(app.close)
        if metrics is not None and port is not None:
            from bot.health import served  # noqa: PLC0415 - a web server is only for those who ask for it

            await opened.enter_async_context(served(app, metrics, host, port))
        running = asyncio.create_task(app.run(), name="app")
        _heed_signals(app, running)
        groups = len(setup.rulebook.groups)
        log.info("running", config=str(path), rulebook=setup.rulebook.version, groups=groups, port=port)
        await running
    log.info("stopped")


def _metrics(clock: SystemClock) -> "Metrics":
    from bot.metrics import Metrics  # noqa: PLC0415 - only for those who ask for a port

    return Metrics(clock, version("groupkeeper"))


def _heed_signals(app: App, running: "asyncio.Task[None]") -> None:
    loop = asyncio.get_running_loop()
    draining: list[asyncio.Task[None]] = []

    def stop(name: str) -> None:
        if draining:
            log.warning("forced", signal=name)
            os._exit(FORCED)
        log.info("draining", signal=name)
        draining.append(asyncio.create_task(_drain(app, running)))

    loop.add_signal_handler(signal.SIGTERM, stop, "SIGTERM")
    loop.add_signal_handler(signal.SIGINT, stop, "SIGINT")
    loop.add_signal_handler(signal.SIGHUP, app.request_reload)


async def _drain(app: App, running: "asyncio.Task[None]") -> None:
    """Ask until it has ended: a signal may come before the first adapter runs."""
    while not running.done():
        app.drain()
        await asyncio.wait((running,), timeout=ASK_AGAIN)
