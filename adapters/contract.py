"""What every adapter must do, as tests. An adapter's author runs them over their own platform, or a fake of it:

    import pytest

    pytest.register_assert_rewrite("adapters.contract")  # failures then show the values

    from adapters.contract import AdapterContract, PlatformDriver

    class MyDriver(PlatformDriver):
        ...

    class TestMyAdapter(AdapterContract):
        def make_driver(self) -> PlatformDriver:
            return MyDriver()

Needs pytest and pytest-asyncio (``asyncio_mode = "auto"``), which running Groupkeeper does not.
"""

# ruff: noqa: S101 - these are tests

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from adapters.driver import MemoryIntake, PlatformDriver
from adapters.errors import Rejected, Unsupported
from adapters.protocol import Adapter
from rules import effects as fx
from rules.capability import Capability
from rules.errors import StorageError
from rules.events import Event, MemberJoined, MemberLeft, MessageEdited, MessagePosted, decode, encode
from rules.text import Text

__all__ = ["AdapterContract", "MemoryIntake", "PlatformDriver"]

PATIENCE = 20.0
"""Seconds after which something that should have happened counts as not happening."""

TEXTS = {
    "emoji": "Good morning 👩‍👩‍👧‍👦🏳️‍🌈 👍🏽",
    "chinese": "大家好！我叫小明，来自重庆，喜欢读《红楼梦》。",
    "right-to-left": "مرحبا بكم، שלום לכולם",
    "lines": "first line\n\n  second line\n- third",
    "markup": "<b>5 < 6 & 7</b> *not bold* _nor this_ `x` [y](z) \\ {name}",
    "10,000 characters": "0123456789" * 1000,
}


class AdapterContract(ABC):
    """The contract. ``make_driver`` gives a fresh platform with one group and the people ann and bo in it."""

    @abstractmethod
    def make_driver(self) -> PlatformDriver:
        """A driver of a platform on which nothing has happened yet."""

    @pytest.fixture
    async def driver(self) -> AsyncIterator[PlatformDriver]:
        """The platform, let go of at the end."""
        driver = self.make_driver()
        await driver.open()
        yield driver
        await driver.close()

    # Events

    async def test_a_message_arrives_with_qualified_ids_and_an_aware_time(self, driver: PlatformDriver) -> None:
        message = await driver.post("ann", "hello")
        (event,) = await self._events(driver, 1)
        assert isinstance(event, MessagePosted)
        prefix = f"{driver.adapter().name}:"
        assert event.id.startswith(prefix)
        assert event.group.id == driver.group
        assert driver.group.startswith(prefix)
        assert event.message.id == message
        assert message.startswith(prefix)
        assert event.message.author.id == driver.member("ann")
        assert event.message.text == "hello"
        assert event.at.utcoffset() == timedelta(0)
        assert decode(encode(event)) == event

    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    async def test_what_people_write_arrives_letter_by_letter(self, driver: PlatformDriver, text: str) -> None:
        await driver.post("ann", text)
        (event,) = await self._events(driver, 1)
        assert isinstance(event, MessagePosted)
        assert event.message.text == text

    async def test_messages_of_a_group_arrive_in_order_each_with_its_own_id(self, driver: PlatformDriver) -> None:
        for number in range(30):
            await driver.post("ann" if number % 3 else "bo", f"number {number}")
        events = await self._events(driver, 30)
        assert [e.message.text for e in events if isinstance(e, MessagePosted)] == [f"number {n}" for n in range(30)]
        assert len({event.id for event in events}) == 30

    async def test_an_answer_names_the_message_and_its_author(self, driver: PlatformDriver) -> None:
        question = await driver.post("ann", "who is reading tonight?")
        await driver.post("bo", "me", reply_to=question)
        _, answer = await self._events(driver, 2)
        assert isinstance(answer, MessagePosted)
        assert answer.message.reply_to == question

    async def test_an_edit_names_the_message_it_changes(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.SEE_EDITS)
        message = await driver.post("ann", "hello")
        await driver.edit(message, "hello, all")
        posted, edited = await self._events(driver, 2)
        assert isinstance(edited, MessageEdited)
        assert edited.message.id == message
        assert edited.message.text == "hello, all"
        assert edited.id != posted.id

    async def test_a_join_is_told(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.SEE_JOINS)
        await driver.join("cy")
        (event,) = await self._events(driver, 1)
        assert isinstance(event, MemberJoined)
        assert event.member.id == driver.member("cy")

    async def test_a_leave_is_told(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.SEE_LEAVES)
        await driver.leave("bo")
        (event,) = await self._events(driver, 1)
        assert isinstance(event, MemberLeft)
        assert event.member.id == driver.member("bo")

    async def test_own_messages_do_not_come_back(self, driver: PlatformDriver) -> None:
        intake = MemoryIntake()
        async with self._running(driver.adapter(), intake) as adapter:
            await adapter.perform(fx.SendText(driver.group, _text("I am the bot")))
            await driver.post("ann", "I am not")
            await self._arrive(intake, 1)
        assert [e.message.text for e in intake.events if isinstance(e, MessagePosted)] == ["I am not"]

    # Nothing is lost

    async def test_what_could_not_be_kept_comes_again_under_the_same_id(self, driver: PlatformDriver) -> None:
        self._need_redelivery(driver)
        intake = MemoryIntake(failures=1)
        await driver.post("ann", "do not lose me")
        await self._run_until_failed(driver.adapter(), intake)
        await driver.deliver_again()
        async with self._running(driver.adapter(), intake):
            await self._arrive(intake, 1)
        assert [e.message.text for e in intake.events if isinstance(e, MessagePosted)] == ["do not lose me"]
        first_try = intake.offered[0]
        assert [e.id for e in first_try] == [e.id for e in intake.events]

    async def test_nothing_is_confirmed_while_it_is_being_kept(self, driver: PlatformDriver) -> None:
        self._need_redelivery(driver)
        stuck = MemoryIntake(stuck=True)
        await driver.post("ann", "still on the way")
        async with self._running(driver.adapter(), stuck):
            await asyncio.wait_for(stuck.was_offered.wait(), PATIENCE)
        await driver.deliver_again()
        (event,) = await self._events(driver, 1)
        assert isinstance(event, MessagePosted)
        assert event.message.text == "still on the way"

    async def test_after_a_restart_what_was_kept_is_not_news(self, driver: PlatformDriver) -> None:
        intake = MemoryIntake()
        await driver.post("ann", "first life")
        async with self._running(driver.adapter(), intake):
            await self._arrive(intake, 1)
        await driver.post("bo", "second life")
        async with self._running(driver.adapter(), intake):
            await self._arrive(intake, 2)
        texts = [e.message.text for e in intake.events if isinstance(e, MessagePosted)]
        assert texts == ["first life", "second life"]

    async def test_run_ends_when_cancelled_and_close_may_be_called_twice(self, driver: PlatformDriver) -> None:
        adapter = driver.adapter()
        task = asyncio.create_task(adapter.run(MemoryIntake()))
        await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        assert done, "run() goes on although it was cancelled"
        await adapter.close()
        await adapter.close()

    # Effects

    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    async def test_a_text_is_said_letter_by_letter(self, driver: PlatformDriver, text: str) -> None:
        receipt = await driver.adapter().perform(fx.SendText(driver.group, _text(text)))
        assert receipt.message is not None
        assert receipt.message.startswith(f"{driver.adapter().name}:")
        # A platform's limit may split a long text; nothing of it may be missing.
        assert "".join("".join(await driver.bot_texts()).split()) == "".join(text.split())

    async def test_an_answer_to_a_message_that_is_gone_is_still_said(self, driver: PlatformDriver) -> None:
        effect = fx.SendText(driver.group, _text("as I said"), reply_to=f"{driver.group}/999999")
        await driver.adapter().perform(effect)
        assert await driver.bot_texts() == ["as I said"]

    async def test_a_notice_can_be_pinned_as_it_is_said(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.PIN)
        receipt = await driver.adapter().perform(fx.SendText(driver.group, _text("the rules"), pin=True))
        assert receipt.message is not None
        assert await driver.is_pinned(receipt.message)

    async def test_a_message_is_pinned(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.PIN)
        message = await driver.post("ann", "meeting on Sunday")
        await driver.adapter().perform(fx.PinMessage(driver.group, message))
        assert await driver.is_pinned(message)

    async def test_a_message_is_deleted_and_deleting_it_again_is_fine(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.DELETE)
        message, other = await driver.post("bo", "buy now"), await driver.post("ann", "good book")
        adapter = driver.adapter()
        await adapter.perform(fx.DeleteMessage(driver.group, message))
        await adapter.perform(fx.DeleteMessage(driver.group, message))
        assert not await driver.is_visible(message)
        assert await driver.is_visible(other)

    async def test_an_own_message_is_deleted_by_the_id_of_its_receipt(self, driver: PlatformDriver) -> None:
        if not {Capability.DELETE, Capability.DELETE_OWN} & driver.adapter().capabilities:
            pytest.skip("this platform deletes nothing")
        adapter = driver.adapter()
        receipt = await adapter.perform(fx.SendText(driver.group, _text("a passing notice")))
        assert receipt.message is not None
        await adapter.perform(fx.DeleteMessage(driver.group, receipt.message))
        assert await driver.bot_texts() == []

    async def test_a_member_is_muted_and_given_their_voice_back(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.MUTE)
        adapter, bo = driver.adapter(), driver.member("bo")
        until = driver.now() + timedelta(hours=1)
        await adapter.perform(fx.MuteMember(driver.group, bo, until))
        await adapter.perform(fx.MuteMember(driver.group, bo, until))
        assert not await driver.can_write("bo")
        assert await driver.can_write("ann")
        await adapter.perform(fx.UnmuteMember(driver.group, bo))
        assert await driver.can_write("bo")

    async def test_a_kicked_member_is_out_and_may_come_back(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.KICK)
        await driver.adapter().perform(fx.KickMember(driver.group, driver.member("bo")))
        assert not await driver.is_member("bo")
        assert await driver.is_member("ann")
        assert await driver.may_come_in("bo")

    async def test_a_banned_member_is_kept_out_until_unbanned(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.BAN)
        adapter, bo = driver.adapter(), driver.member("bo")
        await adapter.perform(fx.BanMember(driver.group, bo))
        await adapter.perform(fx.BanMember(driver.group, bo))
        assert not await driver.is_member("bo")
        assert not await driver.may_come_in("bo")
        await adapter.perform(fx.UnbanMember(driver.group, bo))
        assert await driver.may_come_in("bo")

    async def test_what_is_said_to_one_member_is_not_said_in_the_group(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.SEND_PRIVATE)
        await driver.befriend("ann")
        effect = fx.SendPrivate(driver.group, driver.member("ann"), _text("between us"))
        await driver.adapter().perform(effect)
        assert await driver.private_texts("ann") == ["between us"]
        assert await driver.bot_texts() == []

    async def test_who_cannot_be_written_to_is_told_as_rejected(self, driver: PlatformDriver) -> None:
        self._need(driver, Capability.SEND_PRIVATE)
        stranger = driver.stranger()
        if stranger is None:
            pytest.skip("on this platform the bot may write to everybody")
        effect = fx.SendPrivate(driver.group, stranger, _text("hello?"))
        with pytest.raises(Rejected):
            await driver.adapter().perform(effect)

    async def test_an_unknown_group_is_told_as_rejected(self, driver: PlatformDriver) -> None:
        with pytest.raises(Rejected):
            await driver.adapter().perform(fx.SendText(driver.unknown_group(), _text("hello?")))

    async def test_what_is_not_declared_is_told_as_unsupported(self, driver: PlatformDriver) -> None:
        adapter = driver.adapter()
        message = await driver.post("bo", "hello")
        effects = _one_of_each(driver.group, driver.member("bo"), message)
        undeclared = [effect for effect in effects if effect.capability not in adapter.capabilities]
        for effect in undeclared:
            with pytest.raises(Unsupported):
                await adapter.perform(effect)
        assert await driver.is_visible(message)
        assert await driver.is_member("bo")

    # How the tests do it

    async def _events(self, driver: PlatformDriver, count: int) -> Sequence[Event]:
        intake = MemoryIntake()
        async with self._running(driver.adapter(), intake):
            await self._arrive(intake, count)
        assert len(intake.events) == count, intake.events
        return intake.events

    async def _arrive(self, intake: MemoryIntake, count: int) -> None:
        try:
            await asyncio.wait_for(intake.holds(count), PATIENCE)
        except TimeoutError:
            pytest.fail(f"{count} events were expected, these came: {intake.events}")

    @asynccontextmanager
    async def _running(self, adapter: Adapter, intake: MemoryIntake) -> AsyncIterator[Adapter]:
        task = asyncio.create_task(adapter.run(intake))
        try:
            yield adapter
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await adapter.close()

    async def _run_until_failed(self, adapter: Adapter, intake: MemoryIntake) -> None:
        """Whether run() goes on after a failure or ends with it is the adapter's own affair."""
        task = asyncio.create_task(adapter.run(intake))
        await asyncio.wait_for(intake.was_offered.wait(), PATIENCE)
        task.cancel()
        with suppress(asyncio.CancelledError, StorageError):
            await task
        await adapter.close()

    def _need(self, driver: PlatformDriver, capability: Capability) -> None:
        if capability not in driver.adapter().capabilities:
            pytest.skip(f"this platform does not declare {capability}")

    def _need_redelivery(self, driver: PlatformDriver) -> None:
        if not driver.redelivers:
            pytest.skip("this platform delivers once; the adapter's own tests show that it lets nothing go unkept")


def _text(words: str) -> Text:
    return Text(literal=words)


def _one_of_each(group: str, member: str, message: str) -> tuple[fx.Effect, ...]:
    return (
        fx.SendText(group, _text("hello")),
        fx.SendPrivate(group, member, _text("hello")),
        fx.SendDocument(group, "list.csv", "a,b"),
        fx.DeleteMessage(group, message),
        fx.PinMessage(group, message),
        fx.MuteMember(group, member, datetime(2100, 1, 1, tzinfo=UTC)),
        fx.UnmuteMember(group, member),
        fx.KickMember(group, member),
        fx.BanMember(group, member),
        fx.UnbanMember(group, member),
        fx.AnswerJoinRequest(group, member, approve=True),
        fx.SetAnnouncement(group, _text("rules")),
        fx.RenameGroup(group, _text("books")),
        fx.InviteMember(group, member),
    )
