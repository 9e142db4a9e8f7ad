"""Answering with a tap: reactions, votes, buttons."""

from adapters.botapi.bots import CallbackQuery
from adapters.botapi.errors import NotAllowed
from adapters.botapi.people.base import Hands
from adapters.botapi.reacting import react
from adapters.botapi.state import Chat, Json, Message, Poll, User


class Responses(Hands):
    """Reactions, votes and buttons."""

    def react(self, user: User, message: Message, *emoji: str) -> None:
        """React with these; with none, take one's reactions back. A long number is a custom emoji."""
        chat = message.chat
        member = self.world.member(chat, user)
        if chat.kind != "private" and not member.present and chat.linked is None:
            raise NotAllowed(f"{user.first_name} is not in {chat.title}")
        if member.status == "restricted" and "can_react_to_messages" not in member.allowed:
            raise NotAllowed(f"{user.first_name} may not react in {chat.title}")
        react(self.world, message, user, None, [_reaction(one) for one in emoji])

    def react_as(self, chat: Chat, message: Message, *emoji: str) -> None:
        """React in the name of a channel or group (anonymously)."""
        react(self.world, message, None, chat, [_reaction(one) for one in emoji])

    def vote(self, user: User, poll: Poll | Message, *options: int) -> None:
        """Vote for the options with these numbers; with none, take the vote back.

        The bot whose poll it is hears of it: ``poll``, and where votes are public ``poll_answer``.
        """
        found = self._poll(poll)
        if found.closed or any(not 0 <= number < len(found.options) for number in options):
            raise NotAllowed("the poll is closed, or has no such option")
        if len(options) > 1 and not found.multiple:
            raise NotAllowed("one answer only")
        if options:
            found.votes[user.id] = sorted(options)
        else:
            found.votes.pop(user.id, None)
        if found.message is not None:
            self.world.replace(found.message, {**found.message.body, "poll": found.json()}, quiet=True)
        bot = self.world.bots_by_id.get(found.by_bot or 0)
        if bot is None:
            return
        bot.queue.put("poll", found.json())
        if not found.anonymous:
            chosen = sorted(options)
            answer: Json = {
                "poll_id": found.id,
                "user": user.json,
                "option_ids": chosen,
                "option_persistent_ids": [str(number) for number in chosen],
            }
            bot.queue.put("poll_answer", answer)

    def _poll(self, poll: Poll | Message) -> Poll:
        if isinstance(poll, Poll):
            return poll
        told = poll.body.get("poll")
        if told is None:
            raise NotAllowed("the message is no poll")
        return self.world.polls[told["id"]]

    def press(self, user: User, message: Message, button: str, *, stale: bool = False) -> CallbackQuery:
        """Press the button with this text or data, on a message of a bot; its ``answer`` is what the person sees.

        With ``stale`` the person still sees a message that is gone: the bot is told of an inaccessible one.
        """
        chat = message.chat
        if message.id not in chat.messages and not stale:
            raise NotAllowed("the message is gone")
        if chat.kind not in {"private", "channel"} and not self.world.member(chat, user).present:
            raise NotAllowed(f"{user.first_name} is not in {chat.title}")
        bot = self.world.bots_by_id.get(message.outgoing_of or 0)
        data = _data_of(message, button)
        if bot is None or data is None:
            raise NotAllowed(f"there is no button {button!r}")
        number = str(4_400_000_000_000_000_000 + self.world.number("callback"))
        query = CallbackQuery(number, user, chat, message.id, data, self.world.now())
        bot.queries[number] = query
        shown = message.body if message.id in chat.messages else _inaccessible(message)
        told: Json = {
            "id": number,
            "from": user.json,
            "message": shown,
            "chat_instance": str(7_000_000_000 + abs(chat.id)),
            "data": data,
        }
        bot.queue.put("callback_query", told)
        return query


def _data_of(message: Message, button: str) -> str | None:
    """The data of the button with this text or data."""
    for row in message.body.get("reply_markup", {}).get("inline_keyboard", ()):
        for one in row:
            if "callback_data" in one and button in {one["text"], one["callback_data"]}:
                return str(one["callback_data"])
    return None


def _inaccessible(message: Message) -> Json:
    return {"chat": message.chat.json, "message_id": message.id, "date": 0}


def _reaction(emoji: str) -> Json:
    if emoji.isdigit() and len(emoji) > 10:
        return {"type": "custom_emoji", "custom_emoji_id": emoji}
    return {"type": "emoji", "emoji": emoji}
