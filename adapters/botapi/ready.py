"""A small world to begin with: a group with a bot in charge, two people, and a room for staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.botapi.bots import Bot
from adapters.botapi.people import People
from adapters.botapi.state import Chat, Member, User
from adapters.botapi.world import World


@dataclass(frozen=True, slots=True)
class Ready:
    """The world and who is in it."""

    world: World
    people: People
    bot: Bot
    ann: User
    bo: User
    group: Chat
    staff: Chat


def ready_world(now: Callable[[], datetime] | None = None, *, token: str | None = None) -> Ready:
    """Ann owns the group and the staff room, Bo is a member of the group, the bot is an administrator of both.

    ``now`` says the time; without it the world's clock stands. The bot has no updates waiting.
    """
    world = World(now)
    people = People(world)
    bot = world.add_bot("Keeper", username="keeper_bot", token=token)
    ann = world.add_user("Ann", username="ann", language_code="en")
    bo = world.add_user("Bo", username="bo", language_code="en")
    group = world.add_chat("Reading circle")
    staff = world.add_chat("Staff room")
    for chat in (group, staff):
        chat.members[ann.id] = Member(ann, "creator", joined=world.now())
        people.add_bot_to(chat, bot)
    group.members[bo.id] = Member(bo, "member", joined=world.now())
    bot.queue.clear()
    return Ready(world, people, bot, ann, bo, group, staff)
