"""``groupkeeper simulate telegram``: a Bot API server on this machine, with a group to try a bot in."""

import asyncio
import errno
import re
import shlex
import signal

from adapters.botapi import BotApiServer
from adapters.botapi.control_http import mount_control
from adapters.botapi.ready import Ready, ready_world
from adapters.telegram.settings import TOKEN_SHAPE
from bot.clock import SystemClock
from rules.errors import GroupkeeperError


def is_token(text: str) -> bool:
    """Whether a text has the shape that @BotFather gives to tokens."""
    return re.fullmatch(TOKEN_SHAPE, text) is not None


def simulate_telegram(*, port: int, token: str | None, limits: bool, seed: int) -> int:
    """Serve until SIGINT or SIGTERM; 0 then. Raises ``GroupkeeperError`` where the port is taken."""
    asyncio.run(_serve(port, token, limits, seed))
    return 0


async def _serve(port: int, token: str | None, limits: bool, seed: int) -> None:
    ready = ready_world(SystemClock().now, token=token)
    server = BotApiServer(ready.world, port=port, limits=limits)
    server.faults.seed(seed)
    mount_control(server, ready.people)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        await server.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise GroupkeeperError(f"port {port} is taken: choose another with --port, or 0 for any that is free") from None
    try:
        print(introduction(ready, server.url), flush=True)
        await stopped.wait()
    finally:
        await server.stop()
    print("Stopped.")


def introduction(ready: Ready, url: str) -> str:
    """What a person needs to know to begin."""
    say = f"curl {url}/control/act/say -d " + shlex.quote('{"user": "bo", "where": "Reading circle", "text": "hello"}')
    return f"""\
A simulated Telegram listens on {url} until you press Ctrl-C.

  bot     @{ready.bot.user.username}, token {ready.bot.token}
  group   {ready.group.title}, id {ready.group.id}: the bot is an administrator
  staff   {ready.staff.title}, id {ready.staff.id}: the bot is an administrator
  people  ann owns both, bo is a member of the group

Point Groupkeeper at it with these lines in its configuration (other bots: their setting for the API's address):

  platforms:
    telegram: {{ type: telegram, token: "{ready.bot.token}", api: "{url}" }}
  groups:
    readers: {{ platform: telegram, chat: "{ready.group.id}" }}

Be the people of the group from another terminal:

  {say}
  curl {url}/control/chats/{ready.group.id}/messages
  curl {url}/control/

The last one lists all that you can do. More: docs/bot-api-simulator.md"""
