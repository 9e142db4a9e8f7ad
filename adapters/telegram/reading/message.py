"""One message of Telegram's as one of ours, with everything in it where an advertisement can hide."""

from datetime import datetime

from adapters.telegram.reading.buttons import buttons_in
from adapters.telegram.reading.forwards import elsewhere, forward_of, preview, story
from adapters.telegram.reading.keys import PLAIN, SERVICE, SILENT
from adapters.telegram.reading.media import KEYS, media_in
from adapters.telegram.reading.people import People
from adapters.telegram.reading.texts import Marked
from adapters.telegram.reading.unknown import words_in
from adapters.telegram.reading.values import Json, mapping, number, words
from rules.values import Elsewhere, Media, MediaKind, Member, Message

_ORDERS = ("/", "／", "@")
"""How a text may begin that is a command."""


def message_of(x: Json, at: datetime, people: People) -> Message | None:
    """The message, or None where it only says that something happened in the chat."""
    chat = x["chat"]
    id_ = f"{people.name}:{chat['id']}/{number(x['message_id'])}"
    author = people.author(x, chat)
    if x.keys() <= PLAIN and type(x.get("text")) is str:
        return Message(id_, author, x["text"], at)
    return _Assembled(x, people).message(id_, author, at)


class _Assembled:
    def __init__(self, x: Json, people: People) -> None:
        self.x = x
        self.people = people
        self.marked = Marked(people.name)

    def message(self, id_: str, author: Member, at: datetime) -> Message | None:
        x, marked = self.x, self.marked
        text = words(x.get("text"))
        marked.add(text, x.get("entities"))
        if caption := words(x.get("caption")):
            marked.add(caption, x.get("caption_entities"))
            text = f"{text}\n{caption}" if text else caption
        extra = x.keys() - PLAIN
        preview(x, marked)
        media = media_in(x, marked) if extra & KEYS else []
        media += self._newer(extra, empty=not text and not media)
        buttons = buttons_in(x["reply_markup"]) if "reply_markup" in x else ()
        if not (text or media or buttons):
            return None
        quote = self._quote()
        reply_to, reply_to_author, other = self._answered()
        bot = x.get("via_bot")
        album, topic = x.get("media_group_id"), x.get("message_thread_id")
        return Message(
            id_,
            author,
            text,
            at,
            reply_to,
            reply_to_author,
            tuple(marked.links),
            tuple(marked.mentions),
            tuple(media),
            None if x.get("is_automatic_forward") is True else forward_of(x, self.people.name),
            quote,
            buttons,
            (words(bot.get("username")) or str(bot.get("id"))) if type(bot) is dict else None,
            str(topic) if topic not in (None, 1) and x.get("is_topic_message") is True else None,
            elsewhere=other,
            marks=tuple(marked.marks),
            album=str(album) if album else None,
            reply_to_text=self._answered_text() if text.lstrip().startswith(_ORDERS) else None,
        )

    def _newer(self, extra: set[str], *, empty: bool) -> list[Media]:
        """What this adapter does not know. It is never taken for nothing."""
        x = self.x
        strange = extra - SILENT - KEYS - SERVICE
        found = []
        for key in sorted(strange):
            told = None if key.endswith("_id") else words_in(x[key], self.marked)
            if told:
                found.append(Media(MediaKind.UNKNOWN, text=told))
        odd = [x[key] for key in ("text", "caption") if type(x.get(key)) in (dict, list)]
        found += [Media(MediaKind.UNKNOWN, text=words_in(value, self.marked)) for value in odd]
        if empty and not found and not (extra & SERVICE):
            found.append(Media(MediaKind.UNKNOWN))
        return found

    def _quote(self) -> str | None:
        quote = self.x.get("quote")
        if type(quote) is not dict:
            return None
        text = words(quote.get("text"))
        self.marked.add(text, quote.get("entities"))
        return text or None

    def _answered_text(self) -> str | None:
        """The words that a command answers: it may be about what was said before the bot came, or is no longer kept."""
        reply = self.x.get("reply_to_message")
        if type(reply) is not dict:
            return None
        return words(reply.get("text")) or words(reply.get("caption")) or None

    def _answered(self) -> tuple[str | None, Member | None, Elsewhere | None]:
        x, people = self.x, self.people
        chat = x["chat"]
        reply = x.get("reply_to_message")
        if type(reply) is dict:
            id_ = number(reply["message_id"])
            is_root = x.get("is_topic_message") is True and id_ == x.get("message_thread_id")
            if is_root or "forum_topic_created" in reply:
                return None, None, None
            author = people.author(reply, chat) if "from" in reply or "sender_chat" in reply else None
            return f"{people.name}:{chat['id']}/{id_}", author, None
        other = x.get("external_reply")
        if type(other) is not dict:
            shown = x.get("reply_to_story")
            return None, None, story(shown, people.name) if type(shown) is dict else None
        there = other.get("chat")
        if type(there) is dict and there.get("id") == chat["id"]:  # of another topic of this group
            user = mapping(other["origin"]).get("sender_user")
            author = people.user(user, chat) if type(user) is dict else None
            return f"{people.name}:{chat['id']}/{number(other['message_id'])}", author, None
        return None, None, elsewhere(other, people.name, self.marked)
