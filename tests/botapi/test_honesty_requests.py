"""What bots ask of the simulator is what the Bot API takes; bots of two other libraries live on it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import telegram
from aiogram import Bot as AiogramBot
from aiogram import Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import ChatMemberUpdatedFilter
from aiogram.filters.chat_member_updated import JOIN_TRANSITION
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, ContextTypes, MessageHandler, filters

from adapters.botapi import BotApiServer
from adapters.botapi.content import ONE_PIXEL
from adapters.botapi.ready import Ready, ready_world
from tests.botapi.honesty import Dishonest, all_valid, valid_request


@dataclass
class Stage:
    """A world and its server."""

    ready: Ready
    server: BotApiServer

    async def until(self, true: Callable[[], bool]) -> None:
        """Until it is true; the time limit of the whole test is the only one."""
        while not true():  # noqa: ASYNC110 - nothing tells when a bot of another library has done something
            await asyncio.sleep(0.005)

    def texts(self) -> list[str]:
        return self.server.transcript.texts(self.ready.group)

    def button(self, text: str) -> None:
        """Bo presses a button of the last message that has one."""
        message = next(m for m in reversed(self.ready.group.messages.values()) if "reply_markup" in m.body)
        self.ready.people.press(self.ready.bo, message, text)

    def answer(self) -> str | None:
        """What the person saw who pressed a button last."""
        (query,) = self.ready.bot.queries.values()
        return query.answer and query.answer.get("text")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    ready = ready_world()
    async with BotApiServer(ready.world) as server:
        yield Stage(ready, server)
    all_valid(server)


async def _play(stage: Stage) -> None:
    """What both bots have to cope with: a greeting, an echo, an advertisement, a button."""
    ready = stage.ready
    cai = ready.world.add_user("Cai", username="cai")
    ready.people.join(cai, ready.group)
    await stage.until(lambda: "Welcome, Cai!" in stage.texts())
    ready.people.say(ready.bo, ready.group, "echo this")
    await stage.until(lambda: "this" in stage.texts())
    stage.button("Thanks")
    await stage.until(lambda: stage.answer() == "You are welcome")
    ready.people.say(cai, ready.group, "BUY NOW at shop.example.com")
    await stage.until(lambda: ready.world.member(ready.group, cai).status == "kicked")
    await stage.until(lambda: not any("BUY" in text for text in stage.texts()))


@asynccontextmanager
async def _aiogram(stage: Stage) -> AsyncIterator[AiogramBot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(stage.server.url))
    async with AiogramBot(stage.ready.bot.token, session, DefaultBotProperties(parse_mode="HTML")) as bot:
        yield bot


def _thanks() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Thanks", callback_data="thanks")]])


async def test_an_aiogram_bot_lives_on_the_simulator(stage: Stage) -> None:
    dispatcher = Dispatcher()

    @dispatcher.chat_member(ChatMemberUpdatedFilter(JOIN_TRANSITION))
    async def greet(event: ChatMemberUpdated) -> None:
        await event.answer(f"Welcome, <b>{event.new_chat_member.user.first_name}</b>!")

    @dispatcher.message(F.text.startswith("echo "))
    async def echo(message: Message) -> None:
        await message.reply((message.text or "")[5:], reply_markup=_thanks())

    @dispatcher.message(F.text.contains("BUY"))
    async def ban(message: Message) -> None:
        await message.delete()
        await message.chat.ban(message.from_user.id if message.from_user else 0)

    @dispatcher.callback_query()
    async def press(query: CallbackQuery) -> None:
        await query.answer("You are welcome")

    async with _aiogram(stage) as bot:
        polling = asyncio.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=5)
        )
        await stage.until(lambda: "chat_member" in stage.ready.bot.queue.allowed)
        await _play(stage)
        stopping = asyncio.create_task(dispatcher.stop_polling())
        stage.server.wake()
        await asyncio.gather(stopping, polling)


async def test_a_python_telegram_bot_lives_on_the_simulator(stage: Stage) -> None:
    async def greet(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        event = update.chat_member
        if event is not None and event.new_chat_member.status == "member":
            await event.chat.send_message(f"Welcome, {event.new_chat_member.user.first_name}!")

    async def hear(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        assert message.text is not None
        if message.text.startswith("echo "):
            button = telegram.InlineKeyboardButton("Thanks", callback_data="thanks")
            await message.reply_text(message.text[5:], reply_markup=telegram.InlineKeyboardMarkup([[button]]))
        elif "BUY" in message.text and message.from_user is not None:
            await message.delete()
            await message.chat.ban_member(message.from_user.id)

    async def press(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("You are welcome")

    url = stage.server.url
    builder = Application.builder().token(stage.ready.bot.token)
    application = builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()
    application.add_handler(ChatMemberHandler(greet, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.TEXT, hear))
    application.add_handler(CallbackQueryHandler(press))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(allowed_updates=telegram.Update.ALL_TYPES, timeout=5)
        await stage.until(lambda: "chat_member" in stage.ready.bot.queue.allowed)
        await _play(stage)
        stage.server.wake()
        await application.updater.stop()
        await application.stop()


async def test_aiogram_reads_every_answer_and_error(stage: Stage) -> None:
    """Uploads, albums, files and refusals, through the types of another library."""
    from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter

    group, bo = stage.ready.group, stage.ready.bo
    async with _aiogram(stage) as bot:
        assert (await bot.me()).username == "keeper_bot"
        sent = await bot.send_photo(group.id, BufferedInputFile(ONE_PIXEL, "one.png"), caption="<i>one</i>")
        assert sent.photo is not None
        assert sent.caption_entities is not None
        downloaded = await bot.download(sent.photo[-1].file_id)
        assert downloaded is not None
        assert downloaded.read() == ONE_PIXEL
        pictures = [InputMediaPhoto(media=BufferedInputFile(ONE_PIXEL, f"{number}.png")) for number in range(3)]
        album = await bot.send_media_group(group.id, pictures)
        assert len({message.media_group_id for message in album}) == 1
        poll = await bot.send_poll(group.id, "Tea?", ["yes", "no"], is_anonymous=False)
        assert (await bot.stop_poll(group.id, poll.message_id)).is_closed
        assert (await bot.get_chat_member(group.id, bo.id)).status == "member"
        assert {one.user.first_name for one in await bot.get_chat_administrators(group.id)} == {"Ann", "Keeper"}
        with pytest.raises(TelegramBadRequest, match="message to delete not found"):
            await bot.delete_message(group.id, 4711)
        with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation"):
            await bot.send_message(bo.id, "hello")
        stage.server.faults.add("error", code=429, retry_after=7)
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(group.id, "hello")
        assert refused.value.retry_after == 7


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("sendMesage", {"chat_id": 1, "text": "x"}, "no method sendMesage"),
        ("sendMessage", {"chat_id": 1}, "text\n.*required"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, "no parameters.*colour"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard": [[{"txt": "y"}]]}'},
            "reply_markup",
        ),
        ("banChatMember", {"chat_id": 1, "user_id": "nobody"}, "user_id"),
    ],
)
def test_what_the_bot_api_does_not_take_is_noticed(method: str, params: dict[str, Any], why: str) -> None:
    with pytest.raises(Dishonest, match=why):
        valid_request(method, params)


def test_parameters_may_be_json_or_text_as_forms_have_it() -> None:
    valid_request("sendMessage", {"chat_id": "-100", "text": "x", "disable_notification": "true"})
    valid_request("getUpdates", {"offset": 1, "allowed_updates": '["message"]'})
    valid_request("sendPoll", {"chat_id": 1, "question": "Q", "options": [{"text": "[a"}, {"text": "b"}]})
    valid_request("sendMessage", {"chat_id": 1, "text": "{name} is no JSON"})
    valid_request("sendMessage", {"chat_id": 1, "text": "[1]"})
