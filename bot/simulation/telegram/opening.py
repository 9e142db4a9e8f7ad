"""Setting the day up on Telegram: the demo's own configuration with another platform, a server, an adapter."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import yaml

from adapters.botapi import BotApiServer, World
from adapters.settings import checked
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.setup import Setup
from bot.simulation.backdrop import Backdrop
from bot.simulation.labels import Labels
from bot.simulation.story import Script, configuration_of
from bot.simulation.telegram.venue import TelegramVenue
from bot.simulation.telegram.weather import Weather

NAME = "sim"
"""The platform's name in the demo's configuration; it stays, so that everything else in there is as it is written."""


@asynccontextmanager
async def on_telegram(script: Script, folder: Path, weather: Weather | None = None) -> AsyncIterator[Backdrop]:
    """Everything for one playing, with the server up. ``folder`` takes the configuration; ``weather`` brings trouble.

    Whoever waits in here (the adapter before it tries again, the server with a late answer) lets the day's clock go on.
    """
    clock = VirtualClock(script.steps[0].at)
    written = yaml.safe_load(configuration_of(script.language).read_text(encoding="utf-8"))

    async def pause(seconds: float) -> None:
        clock.move_to(clock.now() + timedelta(seconds=seconds))

    server = BotApiServer(World(clock.now), limits=True, sleep=pause)
    venue = TelegramVenue(NAME, script.story, _groups(written), server)
    if weather is not None:
        venue.weather = server.faults = weather
    async with server:
        setup = _setup(written, venue, folder / configuration_of(script.language).name)
        settings = checked(TelegramSettings, setup.config.platforms[NAME].model_extra or {})
        chance = Random(0).random  # noqa: S311 - how long to wait, no secret

        def connect() -> Mapping[str, TelegramAdapter]:
            adapter = TelegramAdapter(
                NAME, settings, now=clock.now, clock=lambda: clock.now().timestamp(), sleep=pause, chance=chance
            )
            return {NAME: adapter}

        remark, summary = "telegram_remark", partial(_summary, server)
        yield Backdrop(script, setup, clock, venue, connect, remark=remark, summary=summary)


def _groups(written: Mapping[str, Any]) -> dict[str, str]:
    """The titles of the groups, by their names in the story."""
    return {group["chat"]: group["name"] for group in written["groups"].values()}


def _setup(written: dict[str, Any], venue: TelegramVenue, file: Path) -> Setup:
    """The configuration as it is written, but for what Telegram numbers: the groups, and who has a role by name."""
    written["platforms"] = {NAME: {"type": "telegram", "token": "${TELEGRAM_TOKEN}", "api": "${TELEGRAM_API}"}}
    for group in written["groups"].values():
        group["chat"] = venue.qualified(group["chat"]).partition(":")[2]
    for role in written["roles"].values():
        if "members" in role:
            role["members"] = [venue.member_id(member.partition(":")[2]) for member in role["members"]]
    file.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_setup(file, {"TELEGRAM_TOKEN": venue.account.token, "TELEGRAM_API": venue.server.url})


def _summary(server: BotApiServer, labels: Labels) -> str:
    """What Telegram saw: requests by method, and the trouble that they met."""
    methods = Counter(request.method for request in server.log)
    met = Counter(
        f"HTTP {request.code}" if request.fault == "error" else labels(f"fault_{request.fault}")
        for request in server.log
        if request.fault is not None
    )
    faults = labels("telegram_list").join(f"{name} {count}" for name, count in met.most_common())
    return labels(
        "telegram_saw",
        count=len(server.log),
        methods=labels("telegram_list").join(f"{name} {count}" for name, count in methods.most_common()),
        faults=faults or labels("telegram_no_faults"),
    )
