"""What stands in a message, worked out at most once per decision however many rules ask."""

from functools import cached_property

from rules.events import Event, MemberJoined, message_of
from rules.folding import fingerprint, fold
from rules.phrases import PhraseIndex
from rules.values import Message


class Reading:
    """The views of one event's text: as written, folded, its phrases, its links. Each is made when first asked for."""

    def __init__(self, event: Event | None = None, phrases: PhraseIndex | None = None) -> None:
        self.message: Message | None = message_of(event) if event is not None else None
        self._event = event
        self._phrases = phrases

    @cached_property
    def text(self) -> str:
        """Every word of the message: text, quote, titles and captions of media, file names, buttons, link texts."""
        message = self.message
        if message is None:
            return self._text_of_joiner()
        if not (message.media or message.quote or message.buttons or message.links):
            return message.text
        parts = [message.text]
        if message.quote:
            parts.append(message.quote)
        for media in message.media:
            parts += [part for part in (media.text, media.file_name, *media.codes) if part]
        for link in message.links:
            if link.text and link.text not in message.text:
                parts.append(link.text)
        parts += [button.text for button in message.buttons]
        return "\n".join(part for part in parts if part)

    @cached_property
    def folded(self) -> str:
        """The folding view of ``text``."""
        return fold(self.text)

    @cached_property
    def phrases(self) -> frozenset[str]:
        """The folded phrases of all rules that stand in the message, found in one pass."""
        return self._phrases.found_in(self.folded) if self._phrases is not None else frozenset()

    @cached_property
    def fingerprint(self) -> int:
        """See ``rules.folding.fingerprint``; of the message's own text."""
        return fingerprint(fold(self.message.text)) if self.message is not None else 0

    def _text_of_joiner(self) -> str:
        if isinstance(self._event, MemberJoined):
            member = self._event.member
            return "\n".join(part for part in (member.name, member.username, member.bio) if part)
        return ""
