"""A seeded random walk: people do everything that they can, in any order, and a bot answers with methods of its own."""

import inspect
import types
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any, Union, get_args, get_origin, get_type_hints

from adapters.botapi import ApiError, Bot, BotApiServer, Chat, Member, Message, NotAllowed, User
from adapters.botapi.people import People
from adapters.botapi.people.talk import Talk
from adapters.botapi.queue import KINDS
from adapters.botapi.ready import ready_world
from adapters.botapi.rights import ALL, MODERATOR, PERMISSIONS
from adapters.botapi.state import InviteLink, Json, Poll

TEXTS = (
    "hello",
    "see https://example.com/x?y=1, or mail me@example.com, @ann #tag +49 30 1234567",
    "/start@keeper_bot now",
    "早上好 😀 看 example.cn 👍🏽",
    "<b>bold <i>both</i></b> <a href='https://example.com/?a=1&amp;b=2'>here</a> <tg-spoiler>hidden</tg-spoiler>",
    "<code>x</code> <pre><code class='language-python'>y</code></pre> <blockquote expandable>z</blockquote>",
    "<a href='tg://user?id=500000001'>Ann</a> <u>u</u> <s>s</s> <tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>",
)
BUTTONS = [[{"text": "Yes", "callback_data": "y"}, {"text": "Site", "url": "https://example.com"}]]
DISHONEST = frozenset({"raw", "unknown"})
"""Verbs whose whole point is to say what the Bot API does not."""
_ORIGIN = {"type": "hidden_user", "date": 1_772_400_000, "sender_user_name": "Somebody"}


class Walk:
    """One walk; ``updates`` are those that the bots were sent, ``done`` counts the verbs and methods that succeeded."""

    def __init__(self, seed: int) -> None:
        ready = ready_world()
        self.random = Random(seed)
        self.world = ready.world
        self.people: People = ready.people
        self.server = BotApiServer(self.world)
        self.updates: list[Json] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.links: list[InviteLink] = []
        self._settle(ready.bot, ready.ann)

    def _settle(self, bot: Bot, ann: User) -> None:
        people = self.people
        other = self.world.add_bot("Helper", username="helper_bot", reads_all=True)
        for each in (bot, other):
            each.queue.allowed = frozenset(KINDS)
        regulars = [people.person(name, username=name.lower()) for name in ("Cai", "Dee", "Eli")]
        people.group("Forum", ann, forum=True, members=regulars)
        people.group("Old days", ann, kind="group", members=regulars)
        self.news = people.channel("News", ann, username="news")
        self.talk = people.group("Talk", ann, members=regulars[:1])
        people.link_channel(self.news, self.talk)
        for chat in tuple(self.world.chats.values()):
            for each in (bot, other):
                people.add_bot_to(chat, each, rights=ALL)
            chat.links["main"] = people.invite_link(chat)
        self.links = [chat.links["main"] for chat in self.world.chats.values()]
        self._take()

    # -- the walk

    def verbs(self) -> list[str]:
        """Everything that people do, but what is dishonest by intention."""
        return sorted(name for name in dir(People) if not name.startswith("_") and name not in DISHONEST)

    async def step(self) -> None:
        """One thing that somebody does, or a bot."""
        if self.random.random() < 0.3:
            await self._ask()
        else:
            self._act(self.random.choice(self.verbs()))
        if self.random.random() < 0.02:  # they are thrown out and demoted again and again
            for chat in list(self.world.chats.values())[:8]:
                self._restore(chat)
        if self.random.random() < 0.05:
            self.world.clock.advance(self.random.choice((1, 60, 4000)))
        self._take()

    def _restore(self, chat: Chat) -> None:
        if chat.migrated_to is None:
            for bot in self.world.bots.values():
                self.people.add_bot_to(chat, bot, rights=ALL)

    def _act(self, verb: str) -> None:
        method = getattr(self.people, verb)
        try:
            positional, named = self._arguments(verb, method)
            named.update(_TOGETHER[verb](self) if verb in _TOGETHER else {})
            found = method(*positional, **named)
        except (NotAllowed, ApiError, ValueError, LookupError) as error:
            self.refused[f"{verb}: {type(error).__name__}"] += 1
            return
        self.done[verb] += 1
        if isinstance(found, InviteLink):
            self.links.append(found)

    async def _ask(self) -> None:
        bot = self.random.choice(list(self.world.bots.values()))
        chat = self._chat()
        try:
            method, params = self.random.choice(_METHODS)(self, chat)
        except LookupError:  # nobody and nothing there yet that it could be about
            return
        known = [one for one in chat.members.values() if one.user.id in self.world.bots_by_id and one.rights]
        if known:
            bot = self.world.bots_by_id[self.random.choice(known).user.id]
        try:
            await self.server.execute(bot, method, {"chat_id": chat.id, **params})
        except ApiError as error:
            self.refused[f"{method}: {error.description}"] += 1
        else:
            self.done[method] += 1

    def _take(self) -> None:
        for bot in self.world.bots.values():
            self.updates.extend(bot.queue.waiting)
            bot.queue.clear()

    # -- what the arguments are

    def _arguments(self, verb: str, method: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
        parameters = dict(inspect.signature(method).parameters)
        kinds = get_type_hints(method)
        if "more" in parameters:
            del parameters["more"]
            for name, one in inspect.signature(Talk._send).parameters.items():
                if one.kind is one.KEYWORD_ONLY:
                    parameters[name], kinds[name] = one, get_type_hints(Talk._send)[name]
        parameters.pop("content", None) if verb in {"external_reply", "post"} else None
        positional: list[Any] = []
        named: dict[str, Any] = {}
        variadic = any(one.kind is one.VAR_POSITIONAL for one in parameters.values())
        for name, parameter in parameters.items():
            if parameter.default is not parameter.empty and self.random.random() < 0.6:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                if self.random.random() < 0.8:
                    positional.append(self._value(verb, name, kinds[name]))
            elif variadic and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                positional.append(self._value(verb, name, kinds[name]))
            else:
                named[name] = self._value(verb, name, kinds[name])
        return positional, named

    def _value(self, verb: str, name: str, kind: Any) -> Any:
        special = _SPECIAL.get((verb, name)) or _SPECIAL.get(("", name))
        if special is not None:
            return special(self)
        origin = get_origin(kind)
        if origin in {Union, types.UnionType}:
            return self._value(verb, name, self.random.choice([one for one in get_args(kind) if one is not type(None)]))
        made = _BY_KIND.get(kind)
        if made is None:
            raise TypeError(f"the walk knows nothing for {verb}({name}: {kind})")
        return made(self)

    def _user(self) -> User:
        users = [one for one in self.world.users.values() if not one.is_bot and one.id != 777000]
        return self.random.choice(users[:6] if self.random.random() < 0.7 else users)

    def _chat(self) -> Chat:
        chats = list(self.world.chats.values())
        return self.random.choice(chats[:8] if self.random.random() < 0.8 else chats)

    def _message(self) -> Message:
        places = [*self.world.chats.values(), *(c for bot in self.world.bots.values() for c in bot.privates.values())]
        filled = [chat for chat in places if chat.messages]
        chat = self.random.choice(filled)
        return self.random.choice(list(chat.messages.values())[-12:])

    def _poll(self) -> Poll:
        return self.random.choice(list(self.world.polls.values()))  # IndexError where there is none yet

    def _owned_chat(self) -> Chat:
        return self.random.choice([one for one in self.world.chats.values() if one.kind != "private"])

    def staff(self) -> User:
        """Somebody who owns a chat."""
        owners = [m.user for chat in self.world.chats.values() for m in chat.members.values() if m.status == "creator"]
        return self.random.choice(owners)

    def bystander(self) -> User:
        """Somebody who owns none."""
        return self.random.choice([one for one in (self._user() for _ in range(40)) if not self._owns(one)])

    def _owns(self, user: User) -> bool:
        return any(chat.members.get(user.id, Member(user)).status == "creator" for chat in self.world.chats.values())

    def button_message(self) -> Message:
        """A message of a bot that has a button."""
        found = [
            message
            for chat in self.world.chats.values()
            for message in chat.messages.values()
            if message.outgoing_of and "reply_markup" in message.body
        ]
        return self.random.choice(found)

    def _post(self) -> Message:
        found = [m for chat in self.world.chats.values() if chat.kind == "channel" for m in chat.messages.values()]
        return self.random.choice(found)

    def own_message(self) -> Json:
        """A text that a person said, with the person."""
        message = next(
            one for one in iter(self._message, None) if "text" in one.body and one.author in self.world.users
        )
        return {"user": self.world.users[message.author], "message": message}

    def waiting(self, name: str) -> Json:
        """Somebody who waits to be let in, with the chat and, as ``name``, its owner."""
        chat = self.random.choice([one for one in self.world.chats.values() if one.requests])
        owner = next(member.user for member in chat.members.values() if member.status == "creator")
        user = self.random.choice(list(chat.requests.values())).user
        return {"chat": chat, "user": user} | ({name: owner} if name else {})

    def some(self, names: Iterable[str]) -> list[str]:
        """A few of these."""
        every = sorted(names)
        return self.random.sample(every, self.random.randint(1, len(every)))


_BY_KIND: dict[Any, Callable[[Walk], Any]] = {
    User: Walk._user,
    Chat: Walk._chat,
    Message: Walk._message,
    Poll: Walk._poll,
    Bot: lambda walk: walk.random.choice(list(walk.world.bots.values())),
    InviteLink: lambda walk: walk.random.choice(walk.links),
    str: lambda walk: walk.random.choice(TEXTS),
    bool: lambda walk: walk.random.random() < 0.5,
    int: lambda walk: walk.random.randint(1, 5),
    float: lambda walk: walk.random.uniform(-80, 80),
    bytes: lambda walk: walk.random.randbytes(20),
    datetime: lambda walk: walk.world.now() + timedelta(seconds=walk.random.choice((-5, 60, 90_000))),
}

_SPECIAL: dict[tuple[str, str], Callable[[Walk], Any]] = {
    ("", "by"): Walk.staff,
    ("", "who"): Walk.bystander,
    ("", "rights"): lambda walk: walk.random.choice((MODERATOR, walk.some(ALL))),
    ("", "allowed"): lambda walk: walk.some(PERMISSIONS),
    ("", "id"): lambda walk: 600_000_000 + walk.world.number("walker"),
    ("", "new_id"): lambda walk: -1_002_500_000_000 - walk.world.number("walker"),
    ("group", "id"): lambda walk: -1_002_600_000_000 - walk.world.number("walker"),
    ("group", "kind"): lambda walk: walk.random.choice(("group", "supergroup")),
    ("group", "forum"): lambda _: False,
    ("group", "members"): lambda walk: [walk._user()],
    ("", "username"): lambda walk: f"name_{walk.world.number('walker')}",
    ("", "first_name"): lambda walk: walk.random.choice(("Fay", "Guo 国", "H")),
    ("", "last_name"): lambda walk: walk.random.choice(("Lee", "广告")),
    ("", "language_code"): lambda walk: walk.random.choice(("en", "zh-hans")),
    ("", "title"): lambda walk: walk.random.choice(("Walkers", "漫步", "T")),
    ("", "topic"): lambda walk: next(iter(walk._chat().topics), None),
    ("close_topic", "topic"): lambda walk: walk.random.choice([t for c in walk.world.chats.values() for t in c.topics]),
    ("reopen_topic", "topic"): lambda walk: walk.random.choice(
        [t for c in walk.world.chats.values() for t in c.topics]
    ),
    ("", "buttons"): lambda _: BUTTONS,
    ("", "extra"): lambda _: {"has_protected_content": True},
    ("", "entities"): lambda _: [{"type": "bold", "offset": 0, "length": 2}],
    ("", "external_reply"): lambda walk: walk.people.external_reply(walk._message()),
    ("", "origin"): lambda _: _ORIGIN,
    ("", "quote"): lambda _: "hel",
    ("", "options"): lambda walk: walk.random.choice((["yes", "no"], ["a", "b", "c"])),
    ("vote", "options"): lambda walk: walk.random.randint(0, 1),
    ("", "emoji"): lambda walk: walk.random.choice(("👍", "🔥", "5368324170671202286")),
    ("dice", "emoji"): lambda _: "🎲",
    ("sticker", "emoji"): lambda _: "👍",
    ("leave", "user"): Walk.bystander,
    ("press", "message"): Walk.button_message,
    ("press", "button"): lambda _: "y",
    ("edit_post", "message"): Walk._post,
    ("automatic_forward_of", "message"): Walk._post,
    ("post", "channel"): lambda walk: walk.news,
    ("say_as_channel", "channel"): lambda walk: walk.news,
    ("link_channel", "channel"): lambda walk: walk.news,
    ("link_channel", "group"): lambda walk: walk.talk,
    ("react_as", "chat"): lambda walk: walk.news,
    ("external_reply", "content"): lambda _: {},
    ("story", "of"): lambda walk: walk.random.choice((walk._user(), walk.news)),
    ("album", "pictures"): lambda _: 2,
    ("delete_account", "user"): lambda walk: walk.world.add_user("Gone"),
    ("", "payload"): lambda _: "from_link",
    ("", "phone"): lambda _: "+49301234567",
    ("find", "text"): lambda _: "hello",
    ("command", "text"): lambda _: "/rules",
    ("remove_bot", "bot"): lambda walk: list(walk.world.bots.values())[1],
}

_TOGETHER: dict[str, Callable[[Walk], Json]] = {
    "edit": Walk.own_message,
    "approve": lambda walk: walk.waiting("by"),
    "decline": lambda walk: walk.waiting("by"),
    "withdraw_request": lambda walk: walk.waiting(""),
}
"""Arguments that have to fit one another."""


def _keyboard(_: Walk, __: Chat) -> tuple[str, Json]:
    return "sendMessage", {"text": "sure?", "reply_markup": {"inline_keyboard": BUTTONS}}


def _of_member(method: str, **more: Any) -> Callable[[Walk, Chat], tuple[str, Json]]:
    return lambda walk, _: (method, {"user_id": walk.bystander().id, **more})


def _of_message(method: str, **more: Any) -> Callable[[Walk, Chat], tuple[str, Json]]:
    return lambda walk, chat: (method, {"message_id": walk.random.choice(list(chat.messages) or [1]), **more})


_METHODS: list[Callable[[Walk, Chat], tuple[str, Json]]] = [
    _keyboard,
    _keyboard,
    lambda _, __: ("sendPoll", {"question": "Tea?", "options": [{"text": "a"}, {"text": "b"}], "is_anonymous": False}),
    lambda _, __: ("setChatTitle", {"title": "Renamed"}),
    lambda _, __: ("createForumTopic", {"name": "Topic"}),
    _of_message("pinChatMessage"),
    _of_message("deleteMessage"),
    _of_message("setMessageReaction", reaction=[{"type": "emoji", "emoji": "👍"}]),
    _of_message("editMessageText", text="edited"),
    _of_message("stopPoll"),
    _of_member("banChatMember"),
    _of_member("unbanChatMember"),
    _of_member("restrictChatMember", permissions={"can_send_messages": False}),
    _of_member("promoteChatMember", can_delete_messages=True),
    _of_member("approveChatJoinRequest"),
    _of_member("declineChatJoinRequest"),
    _of_member("getChatMember"),
    lambda _, __: ("getChat", {}),
    lambda _, __: ("getChatAdministrators", {}),
    lambda _, __: ("createChatInviteLink", {"name": "x", "creates_join_request": True}),
]
