"""The contract suite is no formality: adapters with the faults it is there for do not pass it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import AdapterContract, PlatformDriver
from adapters.driver import MemoryIntake
from adapters.errors import AdapterError
from adapters.protocol import Adapter, Intake, Receipt
from adapters.simulated import SimulatedAdapter, SimulatedPlatform
from rules import effects as fx
from rules.capability import Capability
from rules.events import MessagePosted

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


class Confirms(SimulatedAdapter):
    """Tells the platform that events have arrived before they are kept."""

    async def pump(self, intake: Intake) -> int:
        found = self.platform.updates(0)
        if found:
            self.platform.updates(found[-1][0])
            await intake.accept([event for _, event in found])
        return len(found)


class HearsItself(SimulatedAdapter):
    """Brings its own messages back as events."""

    async def perform(self, effect: fx.Effect) -> Receipt:
        receipt = await super().perform(effect)
        room = self.platform.rooms[effect.group]
        message = room.posts[receipt.message or ""].message
        self.platform._tell(lambda id_: MessagePosted(id_, room.group, NOON, message))
        return receipt


class Shrugs(SimulatedAdapter):
    """Says nothing when something cannot be done."""

    async def perform(self, effect: fx.Effect) -> Receipt:
        try:
            return await super().perform(effect)
        except AdapterError:
            return Receipt()


class Bans(SimulatedAdapter):
    """Takes a kick for a ban."""

    async def perform(self, effect: fx.Effect) -> Receipt:
        if isinstance(effect, fx.KickMember):
            return await super().perform(fx.BanMember(effect.group, effect.member))
        return await super().perform(effect)


class Cuts(SimulatedAdapter):
    """Cuts what is longer than the platform's messages."""

    async def perform(self, effect: fx.Effect) -> Receipt:
        if isinstance(effect, fx.SendText) and effect.text.literal:
            effect = fx.SendText(effect.group, type(effect.text)(literal=effect.text.literal[:4096]))
        return await super().perform(effect)


class Driver(PlatformDriver):
    def __init__(self, kind: type[SimulatedAdapter], capabilities: frozenset[Capability]) -> None:
        self.kind = kind
        self.platform = SimulatedPlatform("sim", lambda: NOON, capabilities)
        self.room = self.platform.add_group("reading")
        self.group = self.room.group.id
        for handle in ("ann", "bo"):
            self.platform.add_person(handle, groups=["reading"])

    def adapter(self) -> Adapter:
        return self.kind(self.platform)

    def now(self) -> datetime:
        return NOON

    def member(self, who: str) -> str:
        return f"sim:{who}"

    async def post(self, who: str, text: str, *, reply_to: str | None = None) -> str:
        return self.platform.post("reading", who, text, reply_to=reply_to)

    async def bot_texts(self) -> list[str]:
        return [post.message.text for post in self.room.posts.values() if post.by_bot]

    async def is_member(self, who: str) -> bool:
        return self.platform.seat("reading", who).present

    async def is_visible(self, message: str) -> bool:
        return not self.room.posts[message].deleted

    async def may_come_in(self, who: str) -> bool:
        return not self.platform.seat("reading", who).banned


class Suite(AdapterContract):
    def make_driver(self) -> PlatformDriver:
        raise NotImplementedError


FAULTS: list[tuple[type[SimulatedAdapter], Callable[..., Any], tuple[object, ...]]] = [
    (Confirms, Suite.test_what_could_not_be_kept_comes_again_under_the_same_id, ()),
    (Confirms, Suite.test_nothing_is_confirmed_while_it_is_being_kept, ()),
    (HearsItself, Suite.test_own_messages_do_not_come_back, ()),
    (Shrugs, Suite.test_what_is_not_declared_is_told_as_unsupported, ()),
    (Shrugs, Suite.test_an_unknown_group_is_told_as_rejected, ()),
    (Bans, Suite.test_a_kicked_member_is_out_and_may_come_back, ()),
    (Cuts, Suite.test_a_text_is_said_letter_by_letter, ("0123456789" * 1000,)),
]


@pytest.mark.parametrize(("kind", "test", "more"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_faulty_adapter_does_not_pass(
    kind: type[SimulatedAdapter],
    test: Callable[..., Any],
    more: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.contract.PATIENCE", 0.2)  # what is lost never comes
    capabilities = frozenset({Capability.SEND, Capability.KICK, Capability.BAN})
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        await test(Suite(), Driver(kind, capabilities - ({Capability.BAN} if kind is Shrugs else set())), *more)


async def test_repeated_events_collapse_in_the_intake_of_the_suite() -> None:
    driver, intake = Driver(SimulatedAdapter, frozenset({Capability.SEND})), MemoryIntake()
    await driver.post("ann", "once")
    await SimulatedAdapter(driver.platform).pump(intake)
    (event,) = intake.events
    await intake.accept([event])
    assert intake.events == [event]
