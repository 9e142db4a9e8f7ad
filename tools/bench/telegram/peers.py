"""The peers, as their own documentation writes such a bot: delete every message that says ``buy now``.

    python -m tools.bench.telegram.peers ptb|aiogram API [CONCURRENCY]

What is compared, and how it is kept fair:

- python-telegram-bot 22.8 on its default backend (httpx 0.28), ``Application`` with ``run_polling``: one update at a
  time, which is what it does by itself, and 256 at once by ``concurrent_updates(256)``, with a connection for each and
  patience for one, as its page on concurrency advises. No rate limiter and no persistence, which would cost more.
- aiogram 3.31 on its own session (aiohttp 3.14), ``start_polling``: side by side, which is what it does by itself.
- Neither has uvloop, as Groupkeeper has not: what it gains, all would. None of them has a log to write.
- The versions are those of the lock file, on the same Python, server and machine, in turns; only the bot's own process
  counts. Each gets the same updates and makes one call for each, and the table tells the calls that were counted.
- What is done once is over before anything is counted: imports, connections, what ours asks about each group.

The peers keep nothing: what they were handling when they died is lost. Ours has every update, every decision and what
became of it on disk, with ``synchronous=FULL``, and it says why.
"""

import asyncio
import sys

from tools.bench.telegram.server import TOKEN


def run_ptb(api: str, concurrency: int) -> None:
    """python-telegram-bot's ``Application``: one update at a time, or so many at once."""
    from telegram import Update  # noqa: PLC0415 - each peer loads its own library alone
    from telegram.ext import Application, ContextTypes, MessageHandler, filters  # noqa: PLC0415

    async def remove(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and "buy now" in (update.message.text or ""):
            await update.message.delete()

    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot")
    if concurrency > 1:
        builder = builder.concurrent_updates(concurrency).connection_pool_size(concurrency).pool_timeout(120)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, remove))
    application.run_polling(timeout=5)


def run_aiogram(api: str) -> None:
    """aiogram's dispatcher, which handles updates side by side."""
    from aiogram import Bot, Dispatcher  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import Message  # noqa: PLC0415

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def remove(message: Message) -> None:
        if "buy now" in (message.text or ""):
            await message.delete()

    async def poll() -> None:
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
        await dispatcher.start_polling(bot, polling_timeout=5)

    asyncio.run(poll())


if __name__ == "__main__":
    if sys.argv[1] == "ptb":
        run_ptb(sys.argv[2], int(sys.argv[3]))
    else:
        run_aiogram(sys.argv[2])
