"""Whether a text stands whose answer was lost, found out over real HTTP from the simulated Bot API."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.botapi import BotApiServer
from adapters.botapi.log import Request
from adapters.botapi.ready import Ready, ready_world
from adapters.botapi.state import Member, Message
from adapters.driver import MemoryIntake
from adapters.errors import OutcomeUnknown, RetryLater
from adapters.protocol import Receipt, Verifies
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from rules import effects as fx
from rules.text import Text
from rules.values import Button

LONG_AFTER = 30.0


class Kept:
    """A group, the adapter that keeps it, and a clock that is moved by hand."""

    def __init__(self, ready: Ready, server: BotApiServer) -> None:
        self.world, self.people, self.bot = ready.world, ready.people, ready.bot
        self.ann, self.bo, self.group = ready.ann, ready.bo, ready.group
        self.server = server
        settings = TelegramSettings(token=ready.bot.token, api=server.url)
        self.adapter = TelegramAdapter(
            "tg",
            settings,
            now=self.world.now,
            clock=lambda: self.world.now().timestamp(),
            sleep=self._sleep,
            chance=lambda: 1.0,
        )
        self.intake = MemoryIntake()

    async def _sleep(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    def text(self, words: str = "Good morning!", **more: Any) -> fx.SendText:
        return fx.SendText(f"tg:{self.group.id}", Text(literal=words), **more)

    async def hear(self, words: str = "hello") -> Message:
        """Bo says something, and the bot is told."""
        said = self.people.say(self.bo, self.group, words)
        await self.adapter.pump(self.intake)
        return said

    async def lose(self, effect: fx.Effect, trouble: Any = "drop_after", method: str = "sendMessage") -> None:
        """The effect is performed, and what became of it is not known."""
        if isinstance(trouble, int):
            self.server.faults.add("error", method=method, code=trouble)
        else:
            self.server.faults.add(trouble, method=method)
        with pytest.raises(OutcomeUnknown):
            await self.adapter.perform(effect)

    async def later(self, seconds: float = LONG_AFTER) -> None:
        self.world.clock.advance(seconds)

    def said(self) -> list[Message]:
        return [one for one in self.group.messages.values() if one.outgoing_of == self.bot.id and not one.service]

    def another_bot(self) -> Any:
        """A bot in the group whose messages ours is not shown."""
        other = self.world.add_bot("Other", username="other_bot")
        self.group.members[other.id] = Member(other.user, "member", joined=self.world.now())
        return other

    def from_another(self, other: Any, words: str = "beep") -> Message:
        return self.world.post(self.group, {"text": words}, sender=other.user, outgoing_of=other)

    def probes(self) -> list[Request]:
        return self.server.log.calls("editMessageText")

    def receipt(self, message: Message) -> Receipt:
        return Receipt(f"tg:{self.group.id}/{message.id}")


@pytest.fixture
async def on() -> AsyncIterator[Kept]:
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        kept = Kept(ready, server)
        await kept.hear()
        try:
            yield kept
        finally:
            await kept.adapter.close()
        assert not [one for one in kept.probes() if one.ok]  # nothing was ever changed by looking


def test_the_adapter_verifies() -> None:
    assert issubclass(TelegramAdapter, Verifies)


@pytest.mark.parametrize("trouble", ["drop_after", "malformed"])
async def test_a_text_whose_answer_was_lost_is_found_where_it_stands(on: Kept, trouble: str) -> None:
    effect = on.text()
    await on.lose(effect, trouble)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


@pytest.mark.parametrize("trouble", ["drop_before", 500, 502])
async def test_a_text_that_was_never_said_is_known_not_to_stand_once_somebody_writes(on: Kept, trouble: Any) -> None:
    effect = on.text()
    await on.lose(effect, trouble)
    await on.later()
    with pytest.raises(RetryLater):
        await on.adapter.verify(effect)
    await on.hear("still quiet here")
    assert await on.adapter.verify(effect) is None
    assert on.said() == []


async def test_a_message_from_about_the_time_of_the_loss_proves_nothing(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect, "drop_before")
    await on.later(9)
    await on.hear()
    with pytest.raises(RetryLater):
        await on.adapter.verify(effect)
    await on.later(9)
    with pytest.raises(RetryLater):  # what is known later is not what was written later
        await on.adapter.verify(effect)


async def test_what_was_written_before_and_is_told_after_proves_nothing(on: Kept) -> None:
    effect = on.text()
    on.people.say(on.bo, on.group, "said before, told after")
    await on.lose(effect, "drop_after")
    await on.later()
    await on.adapter.pump(on.intake)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_our_clock_may_be_slow(on: Kept) -> None:
    ours = on.world.now
    on.adapter._sender._now = lambda: ours() - timedelta(minutes=1)
    await on.hear("so the bot learns how late its clock is")
    effect = on.text()
    await on.lose(effect, "drop_before")
    await on.later(9)
    await on.hear()
    with pytest.raises(RetryLater):
        await on.adapter.verify(effect)
    await on.later(1)
    await on.hear()
    assert await on.adapter.verify(effect) is None


async def test_all_that_makes_a_text_is_looked_for(on: Kept) -> None:
    question = await on.hear("who?")
    effect = on.text(
        "Bo, have a look at https://example.org",
        mentions=(f"tg:{on.bo.id}",),
        mention_names=("Bo",),
        buttons=(Button("Yes", data="yes"),),
        reply_to=f"tg:{on.group.id}/{question.id}",
        silent=True,
    )
    await on.lose(effect)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_a_pinned_text_is_pinned_when_it_was_found(on: Kept) -> None:
    effect = on.text(pin=True)
    await on.lose(effect)
    assert on.group.pinned == []
    await on.adapter.verify(effect)
    assert on.group.pinned == [on.said()[0].id]


async def test_other_bots_messages_are_passed_over(on: Kept) -> None:
    other = on.another_bot()
    on.from_another(other)
    on.from_another(other)
    effect = on.text()
    await on.lose(effect)
    on.from_another(other)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_a_text_behind_messages_that_other_bots_took_back_is_never_said_again(on: Kept) -> None:
    other = on.another_bot()
    gone = [on.from_another(other) for _ in range(5)]
    effect = on.text()
    await on.lose(effect)
    for message in gone:
        on.world.delete(message)
    await on.later()
    with pytest.raises(RetryLater):  # nothing is found at the next numbers, and that means nothing
        await on.adapter.verify(effect)
    await on.hear()
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_members_messages_in_between_are_not_even_tried(on: Kept) -> None:
    effect = on.text()
    await on.hear()
    await on.lose(effect)
    await on.later()
    await on.hear()
    last = await on.hear()
    assert await on.adapter.verify(effect) == on.receipt(*on.said())
    assert {one.params["message_id"] for one in on.probes()} <= {on.said()[0].id}
    assert last.id > on.said()[0].id


async def test_two_texts_in_doubt_at_once_are_left_alone(on: Kept) -> None:
    first, second = on.text("one"), on.text("two")
    await on.lose(first)
    await on.lose(second, "drop_before")
    await on.later()
    await on.hear()
    for effect in (first, second):
        with pytest.raises(OutcomeUnknown):
            await on.adapter.verify(effect)
    assert on.probes() == []


async def test_a_file_in_doubt_leaves_a_text_in_doubt(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect)
    await on.lose(fx.SendDocument(effect.group, "list.csv", "a,b"), method="sendDocument")
    with pytest.raises(OutcomeUnknown):
        await on.adapter.verify(effect)


async def test_a_text_in_doubt_long_ago_is_in_nobodys_way(on: Kept) -> None:
    await on.lose(on.text("one"))
    await on.later()
    await on.hear()
    effect = on.text("two")
    await on.lose(effect)
    assert await on.adapter.verify(effect) == on.receipt(on.said()[1])


async def test_what_was_said_meanwhile_is_known_and_not_touched(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect)
    await on.adapter.perform(on.text("something else"))
    assert await on.adapter.verify(effect) == on.receipt(on.said()[0])
    assert [one.text for one in on.said()] == ["Good morning!", "something else"]


async def test_our_own_later_message_proves_as_much_as_a_members(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect, "drop_before")
    await on.later()
    await on.adapter.perform(on.text("something else"))
    assert await on.adapter.verify(effect) is None


async def test_a_button_that_was_pressed_below_it_does_not_hide_it(on: Kept) -> None:
    effect = on.text(buttons=(Button("Yes", data="yes"),))
    await on.lose(effect)
    on.people.press(on.bo, on.said()[0], "yes")
    await on.later()
    await on.hear()
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_a_text_that_somebody_deleted_meanwhile_does_not_stand(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect)
    on.world.delete(on.said()[0])
    await on.later()
    await on.hear()
    assert await on.adapter.verify(effect) is None


@pytest.mark.parametrize(
    "trouble", [{"kind": "error", "code": 502}, {"kind": "error", "retry_after": 9}, {"kind": "drop_before"}]
)
async def test_trouble_while_looking_is_waited_for(on: Kept, trouble: dict[str, Any]) -> None:
    effect = on.text()
    await on.lose(effect)
    on.server.faults.add(method="editMessageText", **trouble)
    with pytest.raises(RetryLater):
        await on.adapter.verify(effect)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())


async def test_another_refusal_leaves_it_unknown(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect)
    on.server.faults.add("error", method="editMessageText", code=400, description="CHAT_RESTRICTED")
    with pytest.raises(OutcomeUnknown, match=r"(?i)chat_restricted"):
        await on.adapter.verify(effect)


async def test_too_many_messages_of_nobodys_leave_it_unknown(on: Kept) -> None:
    other = on.another_bot()
    effect = on.text()
    await on.lose(effect)
    for _ in range(12):
        on.from_another(other)
    await on.later()
    await on.hear()
    with pytest.raises(OutcomeUnknown):
        await on.adapter.verify(effect)
    assert on.probes() == []


async def test_a_text_in_several_messages_or_with_a_picture_is_not_looked_for(on: Kept) -> None:
    long = on.text("好" * 5000)
    await on.lose(long)
    with pytest.raises(OutcomeUnknown):
        await on.adapter.verify(long)
    pictured = on.text("look", picture=fx.Picture(captcha="ABCD"))
    await on.lose(pictured, method="sendPhoto")
    with pytest.raises(OutcomeUnknown):
        await on.adapter.verify(pictured)
    assert on.probes() == []


async def test_a_basic_group_has_no_numbers_of_its_own(on: Kept) -> None:
    basic = on.world.add_chat("Small", "group")
    basic.members[on.ann.id] = Member(on.ann, "creator", joined=on.world.now())
    on.people.add_bot_to(basic, on.bot)
    on.people.say(on.ann, basic, "hello")
    await on.adapter.pump(on.intake)
    effect = fx.SendText(f"tg:{basic.id}", Text(literal="hello"))
    await on.lose(effect)
    with pytest.raises(OutcomeUnknown):
        await on.adapter.verify(effect)
    assert on.probes() == []


async def test_nothing_is_known_of_what_was_sent_before_a_restart(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect)
    again = Kept.__new__(Kept)
    again.__dict__.update(on.__dict__)
    again.adapter = TelegramAdapter("tg", on.adapter.settings, now=on.world.now)
    try:
        with pytest.raises(OutcomeUnknown):
            await again.adapter.verify(effect)
        await again.lose(first := on.text("the first words of a new process"))
        with pytest.raises(OutcomeUnknown):
            await again.adapter.verify(first)
    finally:
        await again.adapter.close()


async def test_a_text_of_another_program_with_our_token_is_told_of(on: Kept) -> None:
    effect = on.text()
    await on.lose(effect, "drop_before")
    other = on.world.post(on.group, {"text": "by a script"}, sender=on.bot.user, outgoing_of=on.bot)
    with pytest.raises(OutcomeUnknown, match="something else"):
        await on.adapter.verify(effect)
    assert other.text == "Good morning!"
    on.server.log.clear()  # what the end of every other test is not to find there


async def test_odd_updates_are_passed_over(on: Kept) -> None:
    standing = on.adapter._sender.standing
    chat = {"id": on.group.id, "type": "supergroup"}
    odd: list[Any] = [None, 7, [], {"message": 7}, {"message": {"chat": 9}}, {"message": {"chat": {"id": "x"}}}]
    odd += [{"message": {"chat": chat, "message_id": n, "date": d}} for n in ("7", True, -4) for d in ("x", None, 1)]
    odd.append({"message": {"chat": chat, "message_id": 9_999, "date": 10**18}})
    standing.heard(odd, on.bot.id)
    effect = on.text()
    await on.lose(effect)
    assert await on.adapter.verify(effect) == on.receipt(*on.said())
