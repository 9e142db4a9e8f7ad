"""The simulated world: who and what exists, what time it is, and how news reaches the bots. No HTTP, nothing async."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from adapters.botapi.bots import Bot
from adapters.botapi.clock import WorldClock
from adapters.botapi.hearing import hears
from adapters.botapi.queue import UpdateQueue
from adapters.botapi.state import Chat, Json, Member, Message, Poll, StoredFile, User

SERVICE_USER, ANONYMOUS_USER, CHANNEL_USER = 777000, 1087968824, 136817688
OWN_TOPIC = -1  # as the ``topic`` of a new message: it begins one

_SUFFIXES = {"photos": "jpg", "voice": "oga", "stickers": "webp", "videos": "mp4"}


class World:
    """Everything that is true at the moment; methods and people change it, and updates follow from the changes.

    ``now`` says the time (aware, UTC); without it the clock stands until ``clock.advance``.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.clock = WorldClock(now)
        self.users: dict[int, User] = {}
        self.usernames: dict[str, int] = {}
        self.chats: dict[int, Chat] = {}
        self.bots: dict[str, Bot] = {}
        self.bots_by_id: dict[int, Bot] = {}
        self.files: dict[str, StoredFile] = {}
        self.polls: dict[str, Poll] = {}
        self.hidden_forwards: set[int] = set()  # users whose name in forwards is no link to them
        self._numbers: dict[str, int] = {}
        self.add_user("Telegram", id=SERVICE_USER)
        self.add_user("Group", id=ANONYMOUS_USER, username="GroupAnonymousBot", is_bot=True)
        self.add_user("Channel", id=CHANNEL_USER, username="Channel_Bot", is_bot=True)

    def now(self) -> datetime:
        """The time in the world."""
        return self.clock.now()

    def number(self, series: str) -> int:
        """The next number of a series: 1, 2, 3, ..."""
        self._numbers[series] = found = self._numbers.get(series, 0) + 1
        return found

    # -- who exists

    def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - the field's name
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        bio: str | None = None,
        is_bot: bool = False,
        is_premium: bool = False,
    ) -> User:
        """Somebody new."""
        number = 500_000_000 + self.number("user") if id is None else id
        user = User(number, first_name, last_name, username, language_code, bio, is_bot, is_premium)
        self.users[number] = user
        if username:
            self.usernames[username.lower()] = number
        return user

    def add_bot(
        self,
        first_name: str = "Keeper",
        *,
        username: str = "keeper_bot",
        token: str | None = None,
        reads_all: bool = False,
    ) -> Bot:
        """A new bot; ``reads_all`` turns privacy mode off, as @BotFather does."""
        number = int(token.partition(":")[0]) if token else 700_000_000 + self.number("bot")
        user = self.add_user(first_name, id=number, username=username, is_bot=True)
        token = token or f"{number}:SimulatedTokenForTestsAndTheDemo{number % 1000:03d}"
        bot = Bot(user, token, UpdateQueue(100_000_000 + self.number("queue") * 10_000_000, self.now), reads_all)
        self.bots[token] = bot
        self.bots_by_id[number] = bot
        return bot

    def add_chat(self, title: str, kind: str = "supergroup", *, id: int | None = None, **more: object) -> Chat:  # noqa: A002
        """A new chat; ``more`` are fields of ``Chat``."""
        if id is None:
            base = -4_000_000_000 if kind == "group" else -1_002_000_000_000
            id = base - self.number("group" if kind == "group" else "supergroup")  # noqa: A001
        chat = Chat(id, kind, title, **more)  # type: ignore[arg-type]
        self.chats[id] = chat
        if chat.username:
            self.usernames[chat.username.lower()] = id
        return chat

    def private(self, bot: Bot, user: User) -> Chat:
        """The private chat of a bot and a person."""
        chat = bot.privates.get(user.id)
        if chat is None:
            chat = Chat(user.id, "private", user=user, bot=bot.id)
            chat.members[user.id] = Member(user, "member")
            chat.members[bot.id] = Member(bot.user, "member")
            bot.privates[user.id] = chat
        return chat

    def member(self, chat: Chat, user: User) -> Member:
        """Somebody's standing in a chat, as it is now; a stranger's is ``left``."""
        found = chat.members.get(user.id)
        if found is None:
            found = chat.members[user.id] = Member(user)
        elif found.until is not None:
            found.settle(self.now())
        return found

    def bots_in(self, chat: Chat) -> Iterable[tuple[Bot, Member]]:
        """The bots that are in a chat, with their standing."""
        if chat.kind == "private":
            bot = self.bots_by_id[chat.bot or 0]
            return ((bot, chat.members[bot.id]),)
        return [
            (bot, member)
            for bot in self.bots_by_id.values()
            if (member := chat.members.get(bot.id)) is not None and member.present
        ]

    # -- messages

    def post(
        self,
        chat: Chat,
        content: Json,
        *,
        sender: User | None = None,
        sender_chat: Chat | None = None,
        author: int | None = None,
        outgoing_of: Bot | None = None,
        service: bool = False,
        topic: int | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """A new message: it gets its number and date, is kept, and is told to the bots whom it concerns.

        ``author`` is whose it is when that is not ``sender`` (anonymous administrators, channels).
        """
        now = self.now()
        chat.last_id += 1
        number = chat.last_id
        if chat.kind == "private" and chat.bot is not None:  # a bot counts all its private messages together
            owner = self.bots_by_id[chat.bot]
            owner.last_private_id += 1
            number = chat.last_id = owner.last_private_id
        body: Json = {"message_id": number}
        if sender is not None:
            body["from"] = sender.json
        if sender_chat is not None:
            body["sender_chat"] = sender_chat.json
        body["chat"] = chat.json
        body["date"] = int(now.timestamp())
        quoted = reply_to
        if topic == OWN_TOPIC:
            topic = number
        elif topic == 1:
            topic = None  # General is never named
        elif topic is not None and quoted is None:
            quoted = chat.messages.get(topic)  # what is no answer to anybody answers the beginning of its topic
        if topic is not None:
            body["message_thread_id"] = topic
            if topic == number or topic in chat.topics:
                body["is_topic_message"] = True
        if quoted is not None:
            body["reply_to_message"] = quoted.nested()
        body.update(content)
        whose = author or (sender.id if sender else sender_chat.id if sender_chat else chat.id)
        message = Message(number, chat, whose, now, body, service, outgoing_of.id if outgoing_of else None, topic=topic)
        chat.messages[number] = message
        self._tell_message(message, "channel_post" if chat.kind == "channel" else "message", reply_to)
        return message

    def replace(self, message: Message, body: Json, *, quiet: bool = False) -> None:
        """Give a message a new body (an edit); the bots are told unless ``quiet``."""
        message.body = body
        if not quiet:
            kind = "edited_channel_post" if message.chat.kind == "channel" else "edited_message"
            self._tell_message(message, kind, None)

    def _tell_message(self, message: Message, kind: str, reply_to: Message | None) -> None:
        if message.sent.timestamp() < self.now().timestamp() - 86_400 and "edit_date" not in message.body:
            return
        gone = message.body.get("left_chat_member")
        if gone is not None and (removed := self.bots_by_id.get(gone["id"])) is not None:
            removed.queue.put(kind, message.body)  # the last thing that it hears from there
        for bot, standing in self.bots_in(message.chat):
            if hears(bot, standing, message, reply_to, self.bots_by_id):
                bot.queue.put(kind, message.body)

    def serve(self, chat: Chat, content: Json, sender: User | None, **more: Any) -> Message:
        """A service message: somebody joined, something was pinned."""
        by_bot = self.bots_by_id.get(sender.id) if sender is not None else None
        as_channel = chat.kind == "channel"
        return self.post(
            chat,
            content,
            sender=None if as_channel else sender,
            sender_chat=chat if as_channel else None,
            service=True,
            outgoing_of=by_bot,
            **more,
        )

    def store(self, data: bytes, folder: str, *, name: str | None = None, mime: str | None = None) -> StoredFile:
        """Keep bytes as a file; equal bytes have equal unique ids."""
        number = self.number("file")
        unique = sha256(data).hexdigest()[:16]
        suffix = name.rpartition(".")[2] if name and "." in name else _SUFFIXES.get(folder, "dat")
        found = StoredFile(
            f"file-{number}-{unique}", f"u{unique}", f"{folder}/file_{number}.{suffix}", data, name, mime
        )
        self.files[found.id] = found
        return found

    def delete(self, message: Message) -> None:
        """Take a message away. No bot is told, as in the real one."""
        chat = message.chat
        chat.messages.pop(message.id, None)
        message.deleted = self.now()
        if message.id in chat.pinned:
            chat.pinned.remove(message.id)
