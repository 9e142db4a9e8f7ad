"""A simulated Telegram as a place where a day is played."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.botapi import BotApiServer, Chat, NotAllowed, People, User
from adapters.botapi.state import Member as Standing
from adapters.botapi.state import Message
from adapters.simulated import Act, Entry, Person
from adapters.simulated import NotAllowed as NotAllowedHere
from bot.simulation.story import Actor, Story
from bot.simulation.telegram.record import Record
from bot.simulation.telegram.weather import Weather
from rules.values import Button, Member, PlatformRole


class TelegramVenue:
    """The people of a story in the world of a Bot API ``server``; ids are ``<name>:<Telegram's number>``.

    See ``bot.simulation.venue.Venue``. ``groups`` are titles by the story's names; who owns the story's group owns all.
    """

    def __init__(self, name: str, story: Story, groups: Mapping[str, str], server: BotApiServer) -> None:
        self.name = name
        self.server = server
        self.world = server.world
        self.hands = People(self.world)
        self.account = self.world.add_bot("Groupkeeper", username="groupkeeper_bot")
        self.chats = {chat: self.world.add_chat(title) for chat, title in groups.items()}
        self.users: dict[str, User] = {}
        self.people: dict[str, Person] = {}
        for handle, actor in story.cast.items():
            self._add(handle, actor, story.group)
        for chat in self.chats.values():
            self.hands.add_bot_to(chat, self.account)
        self.account.queue.clear()  # it was put in charge long ago
        bot = self._id(self.account.id)
        self.bot = Member(bot, "Groupkeeper", self.account.user.username, is_bot=True, role=PlatformRole.ADMIN)
        self.weather: Weather | None = None
        self._acts = 0
        self._record = Record(name, bot, self.qualified(story.group), self.server.log)

    @property
    def transcript(self) -> Sequence[Entry]:
        """All that happened: what people did as they did it, what the bot did as the server has carried it out."""
        self._record.catch_up()
        return self._record.entries

    def qualified(self, bare: str) -> str:
        """The qualified id of a group, by its name in the story."""
        return self._id(self.chats[bare].id)

    def member_id(self, handle: str) -> str:
        """The qualified id of somebody, by their handle in the story."""
        return self._id(self.users[handle].id)

    def buttons(self, group: str, message: str) -> tuple[Button, ...]:
        """What can be pressed below a message."""
        found = self.message(message)
        rows = found.body.get("reply_markup", {}).get("inline_keyboard", ()) if found is not None else ()
        return tuple(Button(one["text"], one.get("callback_data", "")) for row in rows for one in row)

    def post(self, chat: str, handle: str, text: str, *, reply_to: str | None = None) -> str:
        """Somebody writes a message; its id."""
        where, user = self.chats[chat], self.users[handle]
        answered = self.message(reply_to) if reply_to is not None else None
        self._act()
        try:
            message = self.hands.say(user, where, text, reply_to=answered)
        except NotAllowed as error:
            raise self._kept_out(where, user, text) from error
        id_ = f"{self._id(where.id)}/{message.id}"
        self._note(Act.POST, where, user, text=text, message=id_, reply_to=reply_to)
        return id_

    def join(self, chat: str, handle: str) -> None:
        """Somebody comes in."""
        where, user = self.chats[chat], self.users[handle]
        self._act()
        try:
            self.hands.join(user, where)
        except NotAllowed as error:
            self._note(Act.KEPT_OUT, where, user, why="banned")
            raise NotAllowedHere(str(error)) from error
        self._note(Act.JOIN, where, user)

    def _add(self, handle: str, actor: Actor, home: str) -> None:
        user = self.users[handle] = self.world.add_user(actor.name, username=handle)
        id_ = self._id(user.id)
        self.people[id_] = Person(id_, actor.name, handle, reachable=actor.reachable)
        if actor.reachable:
            self.account.started_by.add(user.id)
        owner = actor.role is PlatformRole.OWNER
        for name, chat in self.chats.items():
            if owner or (actor.member and name == home):
                status = "creator" if owner else "administrator" if actor.role is PlatformRole.ADMIN else "member"
                chat.members[user.id] = Standing(user, status, joined=self.world.now())

    def _act(self) -> None:
        self._acts += 1
        if self.weather is not None:
            self.weather.act(self.hands, self.account, self._acts, self.world.now())

    def _kept_out(self, where: Chat, user: User, text: str) -> NotAllowedHere:
        standing = self.world.member(where, user)
        why = "muted" if standing.present else "not a member"
        self._note(Act.KEPT_OUT, where, user, text=text, why=why, until=standing.until)
        return NotAllowedHere(f"{user.first_name} cannot write in {where.title}: {why}")

    def _note(self, act: Act, where: Chat, user: User, **details: Any) -> None:
        self._record.catch_up()
        self._record.add(Entry(self.world.now(), act, self._id(where.id), self._id(user.id), **details))

    def message(self, id_: str) -> Message | None:
        """The message with this qualified id; None where it is gone."""
        chat, _, number = id_.rpartition("/")
        bare = int(chat.partition(":")[2])
        found = self.world.chats.get(bare) or self.account.privates.get(bare)
        return found.messages.get(int(number)) if found is not None else None

    def _id(self, number: int) -> str:
        return f"{self.name}:{number}"
