"""A whole group platform in memory: for the simulated group, for trying rules out and for tests."""

from adapters.simulated.adapter import SimulatedAdapter
from adapters.simulated.kind import SIMULATED
from adapters.simulated.platform import EVERYTHING, WECHAT_LIKE, NotAllowed, SimulatedPlatform
from adapters.simulated.record import Act, Entry
from adapters.simulated.room import Person, Post, Room, Seat

__all__ = [
    "EVERYTHING",
    "SIMULATED",
    "WECHAT_LIKE",
    "Act",
    "Entry",
    "NotAllowed",
    "Person",
    "Post",
    "Room",
    "Seat",
    "SimulatedAdapter",
    "SimulatedPlatform",
]
