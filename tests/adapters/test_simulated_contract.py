"""The simulated platform keeps the contract of adapters, with all capabilities and with few."""

from datetime import UTC, datetime

from adapters.contract import AdapterContract, PlatformDriver
from adapters.protocol import Adapter
from adapters.simulated import EVERYTHING, WECHAT_LIKE, NotAllowed, SimulatedAdapter, SimulatedPlatform
from rules.capability import Capability

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


class SimulatedDriver(PlatformDriver):
    def __init__(self, capabilities: frozenset[Capability]) -> None:
        self.platform = SimulatedPlatform("sim", lambda: NOON, capabilities)
        self.room = self.platform.add_group("reading", "Reading")
        self.group = self.room.group.id
        for handle in ("ann", "bo"):
            self.platform.add_person(handle, handle.title(), groups=["reading"])
        self.platform.add_person("cy", "Cy")

    def adapter(self) -> Adapter:
        return SimulatedAdapter(self.platform)

    def now(self) -> datetime:
        return NOON

    def member(self, who: str) -> str:
        return self.platform.qualified(who)

    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        return self.platform.post("reading", who, text, reply_to=reply_to)

    async def bot_texts(self) -> list[str]:
        return [post.message.text for post in self.room.posts.values() if post.by_bot and not post.deleted]

    async def edit(self, message: str, text: str) -> None:
        self.platform.edit("reading", message, text)

    async def join(self, who: str) -> None:
        self.platform.join("reading", who)

    async def leave(self, who: str) -> None:
        self.platform.leave("reading", who)

    async def befriend(self, who: str) -> None:
        self.platform.people[self.member(who)].reachable = True

    async def is_visible(self, message: str) -> bool:
        return not self.room.posts[message].deleted

    async def is_pinned(self, message: str) -> bool:
        return self.room.posts[message].pinned

    async def can_write(self, who: str) -> bool:
        try:
            self.platform.post("reading", who, "may I?")
        except NotAllowed:
            return False
        return True

    async def is_member(self, who: str) -> bool:
        return self.room.seats[self.member(who)].present

    async def may_come_in(self, who: str) -> bool:
        try:
            self.platform.join("reading", who)
        except NotAllowed:
            return False
        return True

    async def private_texts(self, who: str) -> list[str]:
        return self.platform.rooms[self.member(who)].texts()


class TestPlatformWithEverything(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        return SimulatedDriver(EVERYTHING)


class TestPlatformLikeWeChat(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        return SimulatedDriver(WECHAT_LIKE)
