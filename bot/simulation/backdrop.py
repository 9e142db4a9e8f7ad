"""What a day is played with: a script, a configuration, a clock, a place with people, and adapters to reach it by."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.simulated import SimulatedAdapter
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.setup import Setup
from bot.simulation.labels import Labels
from bot.simulation.stage import simulated_platforms
from bot.simulation.story import Script, configuration_of
from bot.simulation.venue import Connect, Venue


@dataclass(frozen=True)
class Backdrop:
    """All that a day needs.

    ``remark`` is the key of what is said of it at the beginning, ``summary`` gives what is said at the end.
    """

    script: Script
    setup: Setup
    clock: VirtualClock
    venue: Venue
    connect: Connect
    remark: str = ""
    summary: Callable[[Labels], str] | None = None


def in_memory(script: Script) -> Backdrop:
    """A platform that is simulated in memory, with the people of the story."""
    setup = load_setup(configuration_of(script.language), {})
    clock = VirtualClock(script.steps[0].at)
    (platform,) = simulated_platforms(setup, clock).values()
    home = script.story.group
    for handle, actor in script.story.cast.items():
        groups = [home] if actor.member else []
        platform.add_person(
            handle, actor.name, reachable=actor.reachable, groups=groups, role=actor.role, username=handle
        )
    return Backdrop(script, setup, clock, platform, lambda: {platform.name: SimulatedAdapter(platform)})
