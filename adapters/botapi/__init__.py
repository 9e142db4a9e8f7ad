"""A simulator of Telegram's Bot API: a world with people in it, and the real server's HTTP in front.

Nothing here knows a Telegram library; any of them can talk to it. In a test::

    world = World()                                   # a standing clock; World(now=...) follows another
    people = People(world)
    bot = world.add_bot(username="keeper_bot")        # bot.token; reads_all=True turns privacy mode off
    ann, bo = people.person("Ann"), people.person("Bo", username="bo", bio="reader")
    group = people.group("Garden", owner=ann, members=[bo])
    people.add_bot_to(group, bot)                     # administrator; rights={...}, or rights=None for a plain member
    async with BotApiServer(world) as server:         # server.url; limits=True for flood limits
        Bot(bot.token, base_url=server.url + "/bot", base_file_url=server.url + "/file/bot")
        message = people.say(bo, group, "buy <b>now</b>", html=True)
        ...
        assert message.id not in group.messages       # deleted
        assert server.transcript.texts(group) == []

**People act** (all at once, without waiting; ``NotAllowed`` where Telegram would not let them): ``person group
channel link_channel topic invite_link`` begin things; ``join request_to_join approve decline leave start block
unblock add_bot_to remove_bot`` come and go; ``say command edit delete forward pin`` and ``photo document video album
poll sticker voice contact location story dice unknown`` talk (``where`` is a chat, or a bot for its private chat);
``react vote press`` answer, and what ``press`` returns has the ``answer`` that the person saw; ``promote demote
restrict ban remove be_anonymous`` are for staff; ``post say_as_channel say_anonymously`` speak as a channel or the
group; ``migrate rename delete_account raw`` happen.

**What can be asked**: ``chat.messages`` (by id; ``.body`` is the Bot API's JSON, ``.text``), ``world.member(chat,
user)`` (``.status .allowed .until``), ``server.transcript`` (``texts lines private muted banned present status``),
``server.log`` (``calls("sendMessage", chat=group.id)`` with ``.args .ok .error .result .at``), ``bot.queue.waiting``
(updates not yet confirmed), ``bot.commands``, ``bot.webhook``.

**Time** is ``world.now()``; ``world.clock.advance(seconds)`` and ``.set(moment)`` move it: mutes and bans run out,
messages grow too old to delete, buttons go stale. A long poll waits in real seconds for its ``timeout`` or news,
whichever is first; ``server.wake()`` ends it.

**Trouble**: ``server.faults.add("error", code=429, retry_after=30, method="sendMessage", chat=group.id)``,
``add("error", code=403, description="bot was blocked by the user")``, ``add("drop_after", method="deleteMessage")``,
``add("delay", seconds=0.05, times=None)``, ``add("malformed")``, ``add("error", code=502, probability=0.1,
times=None)``; for an update that nobody can parse ``people.raw(bot, {...})``. Chance is seeded:
``server.faults.seed(7)``.

Parts: ``state`` (what there is), ``world`` (how news reaches the bots), ``membership``, ``queue``, ``people/`` (who
acts), ``methods/`` (what bots may ask; one table), ``call`` (reading parameters), ``server``, ``polling``,
``webhooks``.
"""

from adapters.botapi.bots import Bot
from adapters.botapi.errors import ApiError, NotAllowed
from adapters.botapi.faults import Fault, Faults
from adapters.botapi.log import Request, RequestLog
from adapters.botapi.people import People
from adapters.botapi.server import BotApiServer
from adapters.botapi.state import Chat, Member, Message, User
from adapters.botapi.transcript import Transcript
from adapters.botapi.world import World

__all__ = [
    "ApiError",
    "Bot",
    "BotApiServer",
    "Chat",
    "Fault",
    "Faults",
    "Member",
    "Message",
    "NotAllowed",
    "People",
    "Request",
    "RequestLog",
    "Transcript",
    "User",
    "World",
]
