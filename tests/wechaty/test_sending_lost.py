"""Own messages: taken back while that goes, and found again where the answer to them was lost."""

import asyncio
from datetime import timedelta

import pytest

from adapters.errors import OutcomeUnknown, RetryLater, TooLate, Unsupported
from adapters.protocol import Receipt
from adapters.wechaty.sending.echoes import LATE
from rules import effects as fx
from tests.wechaty.mock_wechat import GUARD, ROOM, Gateway
from tests.wechaty.speaker import Speaker, said, wx

PNG = b"\x89PNG\r\n\x1a\n picture"


def deleted(message: str) -> fx.DeleteMessage:
    return fx.DeleteMessage(wx(ROOM), message)


async def standing(bot: Speaker, effect: fx.SendText) -> Receipt | None:
    """What is found out in the end, asked again for as long as the adapter wants it."""
    async with asyncio.timeout(GUARD):
        while True:
            try:
                return await bot.adapter.verify(effect)
            except RetryLater:
                await asyncio.sleep(0.02)


async def test_an_own_message_is_taken_back_once_within_two_minutes(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(said("a passing notice"))
        assert receipt.message is not None
        bot.ahead = timedelta(seconds=115)
        await bot.perform(deleted(receipt.message))
        await bot.perform(deleted(receipt.message))
        assert len(await bot.calls("messageRecall")) == 1
    assert gateway.texts() == []


async def test_an_older_one_is_too_late_and_not_tried(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(said("an old notice"))
        assert receipt.message is not None
        bot.ahead = timedelta(seconds=121)
        with pytest.raises(TooLate):
            await bot.perform(deleted(receipt.message))
        assert await bot.calls("messageRecall") == []


async def test_one_of_an_earlier_process_is_known_by_the_gateway(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        young, old = [(await bot.perform(said(text))).message for text in ("young", "old")]
    assert young is not None
    assert old is not None
    async with Speaker(gateway) as bot:
        await bot.perform(deleted(young))
        bot.ahead = timedelta(minutes=3)
        with pytest.raises(TooLate):
            await bot.perform(deleted(old))
        await gateway.settled()
    assert gateway.texts() == ["old"]


async def test_another_members_message_cannot_be_taken_back(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        message = await gateway.say("bo", "buy now")
        with pytest.raises(Unsupported):
            await bot.perform(deleted(wx(f"{ROOM}/{message}")))
        assert await bot.calls("messageRecall") == []


async def test_a_text_whose_answer_was_lost_is_found_by_its_echo(gateway: Gateway) -> None:
    async with Speaker(gateway, patience=1.0) as bot:
        await gateway.hang("messageSendText", delivered=True)
        effect = said("hello  Ann", mentions=(wx("ann"),), mention_names=("Ann",))
        with pytest.raises(OutcomeUnknown):
            await bot.perform(effect)
        receipt = await standing(bot, effect)
        assert receipt is not None
        assert receipt.message is not None
        await bot.perform(deleted(receipt.message))
        assert [call.args["message"] for call in await bot.calls("messageRecall")] == [
            receipt.message.removeprefix(wx(f"{ROOM}/"))
        ]
        assert len(await bot.calls("messageSendText")) == 1


async def test_a_text_with_a_picture_whose_last_answer_was_lost_has_both_ids(gateway: Gateway) -> None:
    async with Speaker(gateway, patience=1.0) as bot:
        await gateway.hang("messageSendText", delivered=True)
        effect = said("the cover", picture=fx.Picture(PNG))
        with pytest.raises(OutcomeUnknown):
            await bot.perform(effect)
        receipt = await standing(bot, effect)
        (picture,) = await bot.calls("messageSendFile")
        assert receipt is not None
        assert receipt.message == wx(f"{ROOM}/{picture.result}")
        assert len(receipt.others) == 1


async def test_while_no_echo_has_come_nobody_can_say_and_in_time_nobody_will_know(gateway: Gateway) -> None:
    async with Speaker(gateway, patience=0.5) as bot:
        await gateway.hang("messageSendText")
        effect = said("hello")
        with pytest.raises(OutcomeUnknown):
            await bot.perform(effect)
        with pytest.raises(RetryLater):
            await bot.adapter.verify(effect)
        bot.ahead = timedelta(seconds=LATE + 1)
        with pytest.raises(OutcomeUnknown):
            await bot.adapter.verify(effect)


async def test_the_echo_of_the_same_words_that_were_answered_proves_nothing(gateway: Gateway) -> None:
    async with Speaker(gateway, patience=0.5) as bot:
        await gateway.hang("messageSendText")
        lost, again = said("hello"), said("hello")
        with pytest.raises(OutcomeUnknown):
            await bot.perform(lost)
        receipt = await bot.perform(again)
        assert receipt.message is not None
        await gateway.say("ann", "and you?")
        await bot.until(lambda: bot.intake.events)  # the echo was before it
        with pytest.raises(RetryLater):
            await bot.adapter.verify(lost)


async def test_what_was_on_its_way_as_the_gateway_died_is_unknown_and_not_said_again(private_gateway: object) -> None:
    gateway: Gateway = private_gateway()  # type: ignore[operator]
    await gateway.start()
    async with Speaker(gateway) as bot:
        await gateway.hang("messageSendText", delivered=True)
        effect = said("hello")
        going = asyncio.create_task(bot.perform(effect))
        await gateway.until(lambda: gateway.calls("messageSendText"))
        await gateway.kill()
        with pytest.raises(OutcomeUnknown):
            await going
        try:
            receipt = await bot.adapter.verify(effect)
        except OutcomeUnknown:
            receipt = None
        assert receipt is None or receipt.message is not None
        with pytest.raises(RetryLater):
            await bot.perform(said("while it is away"))
