"""What can be seen in a chat now: who said what that still stands, who is muted, who is banned."""

from adapters.botapi.bots import Bot
from adapters.botapi.state import Chat, Json, Member, Message, User
from adapters.botapi.world import World


class Transcript:
    """Questions about a world that tests and the demo ask."""

    def __init__(self, world: World) -> None:
        self.world = world

    def messages(self, chat: Chat, *, by: User | Bot | None = None, service: bool = False) -> list[Message]:
        """The messages that stand, in order; service messages only with ``service``."""
        author = None if by is None else by.id
        return [
            one
            for one in chat.messages.values()
            if (service or not one.service) and (author is None or one.author == author)
        ]

    def texts(self, chat: Chat, *, by: User | Bot | None = None) -> list[str]:
        """The texts and captions that stand, in order."""
        return [one.text for one in self.messages(chat, by=by)]

    def private(self, bot: Bot, user: User) -> list[str]:
        """The texts in the private chat of a bot and a person."""
        return self.texts(self.world.private(bot, user))

    def lines(self, chat: Chat) -> list[str]:
        """The chat as one would read it: ``Ann: hello``, service messages in brackets."""
        return [_line(one) for one in chat.messages.values()]

    def muted(self, chat: Chat) -> list[User]:
        """Who is in the chat and may not write."""
        return [
            one.user
            for one in self._standings(chat)
            if one.status == "restricted" and "can_send_messages" not in one.allowed
        ]

    def banned(self, chat: Chat) -> list[User]:
        """Who is banned."""
        return [one.user for one in self._standings(chat) if one.status == "kicked"]

    def present(self, chat: Chat) -> list[User]:
        """Who is in the chat."""
        return [one.user for one in self._standings(chat) if one.present]

    def status(self, chat: Chat, user: User | Bot) -> str:
        """``member``, ``restricted``, ``kicked``, ..."""
        return self.world.member(chat, user.user if isinstance(user, Bot) else user).status

    def _standings(self, chat: Chat) -> list[Member]:
        return [self.world.member(chat, one.user) for one in tuple(chat.members.values())]


def _line(message: Message) -> str:
    body = message.body
    who = body.get("sender_chat", {}).get("title") or body.get("from", {}).get("first_name") or "?"
    if message.service:
        return f"[{who}: {_happened(body)}]"
    kind = next(
        (k for k in ("photo", "document", "video", "sticker", "voice", "poll", "contact", "story") if k in body), ""
    )
    return f"{who}: {' '.join(filter(None, (f'<{kind}>' if kind else '', message.text)))}"


def _happened(body: Json) -> str:
    """What a service message tells, in a few words."""
    by = body.get("from", {}).get("id")
    if come := body.get("new_chat_members"):
        others = [one["first_name"] for one in come if one["id"] != by]
        return f"added {', '.join(others)}" if others else "joined"
    if gone := body.get("left_chat_member"):
        return "left" if gone["id"] == by else f"removed {gone['first_name']}"
    return "pinned a message" if "pinned_message" in body else "service message"
