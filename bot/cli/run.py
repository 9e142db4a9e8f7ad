"""``groupkeeper run``: the bot for good, with its signals.

SIGTERM and SIGINT drain: nothing new is taken in, what was taken in is decided and sent. The second one ends the
process at once. SIGHUP reads the configuration again.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from adapters.protocol import Adapter
from bot import extensions
from bot.app import App
from bot.cli.loading import loaded
from bot.clock import SystemClock
from bot.configuration import load_setup
from bot.logs import hide_secrets, set_up
from bot.observer import Observer
from bot.setup import Setup
from rules.verdict import Detector
from storage.database import Database

log = structlog.get_logger("groupkeeper.run")

FORCED = 130


def run_bot(path: Path, *, database: str | None, port: int | None, host: str, json_log: bool) -> int:
    """Run until a signal; 0 after draining."""
    set_up(as_json=json_log)
    setup = loaded(path)
    with Database.open(database or setup.config.storage.database) as opened:
        opened.upgrade()
        asyncio.run(_run(path, setup, opened, port, host))
    return 0


def checked(path: Path) -> Setup:
    """The setup of a file whose tests pass, its secrets kept out of the log. Raises ``ConfigError``."""
    setup = load_setup(path)
    hide_secrets(setup.config, os.environ)
    return setup


async def _run(path: Path, setup: Setup, database: Database, port: int | None, host: str) -> None:
    async with AsyncExitStack() as opened:
        app = App(
            setup,
            database,
            make_adapters(setup),
            SystemClock(),
            load=lambda: checked(path),
            detectors=make_detectors(setup),
            observer=Observer(),
        )
        opened.push_async_callback(app.close)
        _listen(app)
        log.info("running", config=str(path), rulebook=setup.rulebook.version, groups=len(setup.rulebook.groups))
        await app.run()
    log.info("stopped")


def make_adapters(setup: Setup) -> dict[str, Adapter]:
    """An adapter for each platform of the configuration. Raises ``ExtensionError``."""
    return {
        name: extensions.adapter_type(platform.type).make(name, platform.model_extra or {})
        for name, platform in setup.config.platforms.items()
    }


def make_detectors(setup: Setup) -> dict[str, Detector]:
    """The detectors that rules name. Raises ``ExtensionError``."""
    installed = extensions.detectors()
    return {name: installed[name]() for name in sorted(setup.rulebook.detectors) if name in installed}


def _listen(app: App) -> None:
    loop = asyncio.get_running_loop()
    asked = 0

    def stop(name: str) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            log.warning("forced", signal=name)
            os._exit(FORCED)
        log.info("draining", signal=name)
        app.drain()

    def on(number: signal.Signals, act: Callable[[], None]) -> None:
        loop.add_signal_handler(number, act)

    on(signal.SIGTERM, lambda: stop("SIGTERM"))
    on(signal.SIGINT, lambda: stop("SIGINT"))
    on(signal.SIGHUP, app.request_reload)
