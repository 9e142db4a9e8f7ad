"""Showing things: pictures, files, cards, polls, stickers, albums, and what this world has no word for."""

from typing import Any

from adapters.botapi import content as made
from adapters.botapi.bots import Bot
from adapters.botapi.content import ONE_PIXEL
from adapters.botapi.methods.media import new_album
from adapters.botapi.people.talk import Talk
from adapters.botapi.state import Chat, Json, Message, Poll, User


class Media(Talk):
    """Everything but texts. ``more`` are the arguments of ``say``: reply_to, topic, buttons, extra, ..."""

    def _caption(self, caption: str | None, html: bool) -> Json:
        return {} if caption is None else self._text(caption, html, None, "caption")

    def photo(
        self,
        user: User,
        where: Chat | Bot,
        data: bytes = ONE_PIXEL,
        *,
        caption: str | None = None,
        html: bool = False,
        spoiler: bool = False,
        **more: Any,
    ) -> Message:
        """Show a picture."""
        content = {**made.photo(self.world, data), **self._caption(caption, html)}
        if spoiler:
            content["has_media_spoiler"] = True
        return self._send(user, where, content, "can_send_photos", **more)

    def document(
        self,
        user: User,
        where: Chat | Bot,
        data: bytes = b"%PDF-1.4",
        *,
        name: str = "file.pdf",
        mime: str = "application/pdf",
        caption: str | None = None,
        **more: Any,
    ) -> Message:
        """Give a file."""
        content = {**made.document(self.world, data, name, mime), **self._caption(caption, False)}
        return self._send(user, where, content, "can_send_documents", **more)

    def video(
        self, user: User, where: Chat | Bot, data: bytes = b"video", *, caption: str | None = None, **more: Any
    ) -> Message:
        """Show a video."""
        content = {**made.video(self.world, data), **self._caption(caption, False)}
        return self._send(user, where, content, "can_send_videos", **more)

    def animation(self, user: User, where: Chat | Bot, *, caption: str | None = None, **more: Any) -> Message:
        """Show a GIF."""
        content = {**made.animation(self.world), **self._caption(caption, False)}
        return self._send(user, where, content, "can_send_other_messages", **more)

    def voice(self, user: User, where: Chat | Bot, *, seconds: int = 5, **more: Any) -> Message:
        """Speak."""
        return self._send(user, where, made.voice(self.world, seconds=seconds), "can_send_voice_notes", **more)

    def video_note(self, user: User, where: Chat | Bot, **more: Any) -> Message:
        """Show a round video."""
        return self._send(user, where, made.video_note(self.world), "can_send_video_notes", **more)

    def audio(
        self, user: User, where: Chat | Bot, *, title: str = "Song", performer: str = "Band", **more: Any
    ) -> Message:
        """Play a song."""
        content = made.audio(self.world, title=title, performer=performer)
        return self._send(user, where, content, "can_send_audios", **more)

    def sticker(
        self, user: User, where: Chat | Bot, emoji: str = "👍", *, set_name: str | None = "Thumbs", **more: Any
    ) -> Message:
        """Show a sticker."""
        return self._send(user, where, made.sticker(self.world, emoji, set_name), "can_send_other_messages", **more)

    def contact(
        self,
        user: User,
        where: Chat | Bot,
        phone: str,
        first_name: str,
        *,
        last_name: str | None = None,
        user_id: int | None = None,
        **more: Any,
    ) -> Message:
        """Hand out somebody's card."""
        content = made.contact(phone, first_name, last_name, user_id)
        return self._send(user, where, content, "can_send_messages", **more)

    def location(
        self, user: User, where: Chat | Bot, latitude: float = 52.52, longitude: float = 13.405, **more: Any
    ) -> Message:
        """Show where one is."""
        return self._send(user, where, made.location(latitude, longitude), "can_send_messages", **more)

    def venue(self, user: User, where: Chat | Bot, title: str, address: str, **more: Any) -> Message:
        """Show a place."""
        return self._send(user, where, made.venue(title, address), "can_send_messages", **more)

    def dice(self, user: User, where: Chat | Bot, emoji: str = "🎲", value: int = 4, **more: Any) -> Message:
        """Throw a die."""
        return self._send(user, where, made.dice(emoji, value), "can_send_other_messages", **more)

    def story(self, user: User, where: Chat | Bot, of: Chat | User, number: int = 1, **more: Any) -> Message:
        """Forward a story; no bot can see what is in it."""
        if isinstance(of, User):
            told: Json = {"id": of.id, "type": "private", "first_name": of.first_name}
        else:
            told = of.json
        return self._send(user, where, {"story": {"chat": told, "id": number}}, "can_send_messages", **more)

    def poll(
        self,
        user: User,
        where: Chat | Bot,
        question: str,
        options: list[str],
        *,
        anonymous: bool = True,
        multiple: bool = False,
        description: str | None = None,
        **more: Any,
    ) -> Poll:
        """Ask everybody."""
        extra = {"description": description} if description else {}
        poll = made.new_poll(self.world, question, options, anonymous=anonymous, multiple=multiple, extra=extra)
        poll.message = self._send(user, where, {"poll": poll.json()}, "can_send_polls", **more)
        return poll

    def album(
        self,
        user: User,
        where: Chat | Bot,
        pictures: list[bytes] | int = 3,
        *,
        caption: str | None = None,
        captioned: int = 0,
        html: bool = False,
        **more: Any,
    ) -> list[Message]:
        """Show several pictures as one; only the one numbered ``captioned`` has the caption."""
        data = [ONE_PIXEL] * pictures if isinstance(pictures, int) else pictures
        group = new_album(self.world.number("album"))
        shown = []
        for number, picture in enumerate(data):
            content = {"media_group_id": group, **made.photo(self.world, picture)}
            if number == captioned:
                content.update(self._caption(caption, html))
            shown.append(self._send(user, where, content, "can_send_photos", **more))
        return shown

    def unknown(self, user: User, where: Chat | Bot, content: Json, **more: Any) -> Message:
        """Send what no library knows yet: the fields of ``content`` as they are."""
        return self._send(user, where, dict(content), "can_send_messages", **more)
