"""Speaking as somebody else: a channel, the group itself."""

from adapters.botapi.errors import NotAllowed
from adapters.botapi.methods.moving import origin_of
from adapters.botapi.people.talk import Talk
from adapters.botapi.state import Chat, Json, Message, User
from adapters.botapi.world import ANONYMOUS_USER, CHANNEL_USER, SERVICE_USER


class Channels(Talk):
    """Posts of channels, and messages behind which no person shows."""

    def post(
        self,
        channel: Chat,
        text: str,
        *,
        by: User | None = None,
        html: bool = False,
        signed: bool = False,
        content: Json | None = None,
    ) -> Message:
        """Post in a channel; the linked group gets it as an automatic forward.

        ``content`` are more fields of the message, such as a photo.
        """
        who = by or self._owner(channel)
        self._may_post(who, channel, "can_send_messages", None)
        fields: Json = {**(self._text(text, html, None) if text else {}), **(content or {})}
        told = dict(fields)
        if signed:
            told["author_signature"] = who.first_name
        message = self.world.post(channel, told, sender_chat=channel, author=who.id)
        group = self.world.chats.get(channel.linked or 0)
        if group is not None:
            self._forward_to(group, channel, message, fields)
        return message

    def _forward_to(self, group: Chat, channel: Chat, message: Message, fields: Json) -> Message:
        origin = origin_of(self.world, message)
        return self.world.post(
            group,
            {**fields, "forward_origin": origin, "is_automatic_forward": True},
            sender=self.world.users[SERVICE_USER],
            sender_chat=channel,
        )

    def edit_post(self, message: Message, text: str, *, html: bool = False) -> None:
        """Change a channel's post."""
        body = {k: v for k, v in message.body.items() if k not in {"text", "entities"}}
        body.update(self._text(text, html, None))
        body["edit_date"] = int(self.world.now().timestamp())
        self.world.replace(message, body)

    def automatic_forward_of(self, message: Message) -> Message:
        """The message in the linked group that belongs to a channel's post."""
        group = self.world.chats.get(message.chat.linked or 0)
        for found in reversed(group.messages.values()) if group is not None else ():
            origin = found.body.get("forward_origin", {})
            if found.body.get("is_automatic_forward") and origin.get("message_id") == message.id:
                return found
        raise NotAllowed("the post is not in the linked group")

    def say_as_channel(
        self, channel: Chat, where: Chat, text: str, *, html: bool = False, reply_to: Message | None = None
    ) -> Message:
        """Say something in a group in the name of a channel."""
        if channel.id in where.banned_channels:
            raise NotAllowed(f"{channel.title} is banned from {where.title}")
        if "can_send_messages" not in where.permissions:
            raise NotAllowed(f"nobody may write in {where.title}")
        return self.world.post(
            where,
            self._text(text, html, None),
            sender=self.world.users[CHANNEL_USER],
            sender_chat=channel,
            author=channel.id,
            topic=self._thread(reply_to) if reply_to else None,
            reply_to=reply_to,
        )

    def say_anonymously(
        self, by: User, where: Chat, text: str, *, html: bool = False, reply_to: Message | None = None
    ) -> Message:
        """An administrator says something in the name of the group."""
        member = self.world.member(where, by)
        if member.status not in {"creator", "administrator"}:
            raise NotAllowed(f"{by.first_name} is no administrator of {where.title}")
        content = self._text(text, html, None)
        if member.title:
            content["author_signature"] = member.title
        return self.world.post(
            where,
            content,
            sender=self.world.users[ANONYMOUS_USER],
            sender_chat=where,
            author=where.id,
            topic=self._thread(reply_to) if reply_to else None,
            reply_to=reply_to,
        )
