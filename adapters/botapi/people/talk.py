"""Saying things."""

from typing import Any

from adapters.botapi.bots import Bot
from adapters.botapi.entities import detect, parse_html, units
from adapters.botapi.errors import NotAllowed
from adapters.botapi.methods.editing import pin
from adapters.botapi.methods.moving import content_of, origin_of
from adapters.botapi.people.base import Hands
from adapters.botapi.state import Chat, Json, Message, User

_HEADS = frozenset({"text", "caption", "entities", "caption_entities"})


class Talk(Hands):
    """Texts, edits, forwards, deletions. ``where`` is a chat, or a bot: then it is said to the bot in private."""

    def say(
        self,
        user: User,
        where: Chat | Bot,
        text: str,
        *,
        html: bool = False,
        reply_to: Message | None = None,
        quote: str | None = None,
        external_reply: Json | None = None,
        via_bot: User | None = None,
        buttons: list[list[Json]] | None = None,
        topic: int | None = None,
        entities: list[Json] | None = None,
        extra: Json | None = None,
    ) -> Message:
        """Say something.

        ``html`` reads the text as Telegram's HTML; ``entities`` are added to those found; ``buttons`` are rows of
        InlineKeyboardButton (people have them by way of ``via_bot``); ``extra`` is laid over the message as it is.
        """
        content = self._text(text, html, entities)
        return self._send(
            user,
            where,
            content,
            "can_send_messages",
            reply_to=reply_to,
            quote=quote,
            external_reply=external_reply,
            via_bot=via_bot,
            buttons=buttons,
            topic=topic,
            extra=extra,
        )

    def _text(self, text: str, html: bool, entities: list[Json] | None, field: str = "text") -> Json:
        plain, marked = parse_html(text) if html else (text, [])
        for entity in marked:
            if entity["type"] == "text_mention":
                entity["user"] = self.world.users[int(entity.pop("user_id"))].json
        content: Json = {field: plain}
        if found := detect(plain, [*marked, *(entities or ())]):
            content["entities" if field == "text" else f"{field}_entities"] = found
        return content

    def _send(
        self,
        user: User,
        where: Chat | Bot,
        content: Json,
        permission: str,
        *,
        reply_to: Message | None = None,
        quote: str | None = None,
        external_reply: Json | None = None,
        via_bot: User | None = None,
        buttons: list[list[Json]] | None = None,
        topic: int | None = None,
        extra: Json | None = None,
    ) -> Message:
        chat = self._place(user, where)
        if topic is None and reply_to is not None:
            topic = self._thread(reply_to)
        self._may_post(user, chat, permission, topic)
        if quote is not None and reply_to is not None:
            at = reply_to.text.find(quote)
            position = units(reply_to.text[:at]) if at > 0 else 0
            content["quote"] = {"text": quote, "position": position, "is_manual": True}
        if external_reply is not None:
            content["external_reply"] = external_reply
            if quote is not None:
                content["quote"] = {"text": quote, "position": 0, "is_manual": True}
        if via_bot is not None:
            content["via_bot"] = via_bot.json
        if buttons is not None:
            content["reply_markup"] = {"inline_keyboard": buttons}
        content.update(extra or {})
        return self.world.post(chat, content, sender=user, topic=topic, reply_to=reply_to)

    def _thread(self, reply_to: Message) -> int | None:
        """The thread that an answer belongs to: its topic, or the comments below a channel's post."""
        if reply_to.topic is not None:
            return reply_to.topic
        return reply_to.id if reply_to.body.get("is_automatic_forward") else None

    def command(self, user: User, where: Chat | Bot, text: str, *, reply_to: Message | None = None) -> Message:
        """Give a command, such as ``/warn spam``."""
        return self.say(user, where, text, reply_to=reply_to)

    def edit(self, user: User, message: Message, text: str, *, html: bool = False, extra: Json | None = None) -> None:
        """Change the text, or the caption, of one's own message."""
        self._own(user, message)
        field = "text" if "text" in message.body else "caption"
        body = {k: v for k, v in message.body.items() if k not in _HEADS}
        body.update(self._text(text, html, None, field))
        body.update(extra or {})
        body["edit_date"] = int(self.world.now().timestamp())
        self.world.replace(message, body)

    def delete(self, user: User, message: Message) -> None:
        """Delete one's own message, or as an administrator anybody's. No bot is told."""
        if message.author != user.id and message.chat.kind != "private":
            self._staff(message.chat, user, "can_delete_messages")
        self.world.delete(message)

    def forward(
        self,
        user: User,
        where: Chat | Bot,
        message: Message | None = None,
        *,
        origin: Json | None = None,
        text: str | None = None,
        topic: int | None = None,
    ) -> Message:
        """Forward a message; or, with ``origin`` (MessageOrigin) and ``text``, one from somewhere outside this world.

        The origin of a message follows from who wrote it: a user, somebody who hides (``hide_forwards``), a chat, or a
        channel.
        """
        if message is None and (origin is None or text is None):
            raise ValueError("a message, or an origin with a text")
        content: Json = content_of(message) if message is not None else {}
        if text is not None:
            content.update(self._text(text, False, None))
        content["forward_origin"] = origin or origin_of(self.world, message) if message else origin
        return self._send(user, where, content, "can_send_messages", topic=topic)

    def hide_forwards(self, user: User) -> None:
        """From now on this person's name in forwards leads nowhere."""
        self.world.hidden_forwards.add(user.id)

    def pin(self, user: User, message: Message) -> None:
        """Pin a message."""
        if "can_pin_messages" not in message.chat.permissions:
            self._staff(message.chat, user, "can_pin_messages")
        pin(self.world, message, user)

    def external_reply(self, message: Message, **content: Any) -> Json:
        """ExternalReplyInfo of a message in another chat, for ``say(external_reply=...)``."""
        told: Json = {"origin": origin_of(self.world, message), **content}
        if message.chat.kind in {"supergroup", "channel"}:
            told.update({"chat": message.chat.json, "message_id": message.id})
        for kind in ("photo", "document", "video", "sticker", "contact", "poll", "location", "story", "voice"):
            if kind in message.body:
                told[kind] = message.body[kind]
        return told

    def find(self, chat: Chat, text: str) -> Message:
        """The last message that contains this text. Raises ``NotAllowed`` where there is none."""
        for message in reversed(chat.messages.values()):
            if text in message.text:
                return message
        raise NotAllowed(f"nobody says {text!r} in {chat.title}")
