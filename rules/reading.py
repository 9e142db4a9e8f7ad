"""What stands in a message, worked out at most once per decision however many rules ask."""

import unicodedata

from rules.contacts import FoundContact, contacts_in
from rules.events import Event, JoinRequested, MemberJoined, member_of, message_of
from rules.folding import closed_up, fingerprint, fold
from rules.lazy import lazy
from rules.links import FoundLink, links_in
from rules.phrases import PhraseIndex
from rules.questions import asks
from rules.scripts import emoji, letters, letters_in
from rules.values import Media, Member, Message


class Reading:
    """The views of one event's text: as written, folded, its phrases, its links. Each is made when first asked for."""

    def __init__(self, event: Event | None = None, phrases: PhraseIndex | None = None) -> None:
        self.message: Message | None = message_of(event) if event is not None else None
        self.member: Member | None = member_of(event) if event is not None else None
        self.event = event
        self.index = phrases  # the phrases of all rules; to be set before ``phrases`` is asked for

    @lazy
    def text(self) -> str:
        """Every word of the message: text, quote, titles and captions of media, file names, buttons, link texts.

        So are the names that stand above a forward and above a message of another chat that is answered, with what
        is shown of that. What it quotes of somebody else's that was said here is not its author's, and left out.
        """
        message = self.message
        if message is None:
            return self._text_of_joiner()
        forward, elsewhere = message.forward, message.elsewhere
        if not (message.media or message.quote or message.buttons or message.links or forward or elsewhere):
            return message.text
        parts = [message.text]
        if quote := message.own_quote:
            parts.append(quote)
        if forward is not None:
            parts.append(forward.name)
        if elsewhere is not None:
            parts.append(elsewhere.origin.name)
        for media in self.shown:
            parts += [part for part in (media.text, media.file_name, *media.codes) if part]
        for link in message.links:
            if link.text and link.text not in message.text:
                parts.append(link.text)
        parts += [button.text for button in message.buttons]
        return "\n".join(part for part in parts if part)

    @lazy
    def shown(self) -> tuple[Media, ...]:
        """What is attached to the message, and to the one of another chat that it answers."""
        message = self.message
        if message is None:
            return ()
        return message.media if message.elsewhere is None else message.media + message.elsewhere.media

    @lazy
    def folded(self) -> str:
        """The folding view of ``text``."""
        return fold(self.text)

    @lazy
    def utf8(self) -> bytes:
        """``text`` as the bytes that patterns are matched on."""
        return self.text.encode(errors="replace")

    @lazy
    def folded_utf8(self) -> bytes:
        """``folded`` as the bytes that patterns are matched on."""
        return self.folded.encode(errors="replace")

    @lazy
    def is_plain(self) -> bool:
        """Whether ``text`` is its own folding view."""
        return self.text == self.folded

    @lazy
    def is_composed(self) -> bool:
        """Whether folding joined no letter of ``text`` with marks that follow it."""
        return unicodedata.is_normalized("NFC", self.text)

    @lazy
    def closed_up(self) -> str:
        """``folded`` with Chinese words put together again that were spread; the same object where none were."""
        return closed_up(self.folded)

    @lazy
    def phrases(self) -> frozenset[str]:
        """The folded phrases of all rules that stand in the message, found in one pass."""
        if self.index is None:
            return frozenset()
        found, closed = self.index.found_in(self.folded), self.closed_up
        return found if closed is self.folded else found | self.index.found_in(closed)

    @lazy
    def fingerprint(self) -> int:
        """See ``rules.folding.fingerprint``; of the message's own text, or of its pictures where it has no words."""
        message = self.message
        if message is None:
            return 0
        found = fingerprint(self.said)
        if found or not message.media:
            return found
        return fingerprint("".join(media.hash for media in message.media if media.hash))

    @lazy
    def said(self) -> str:
        """The folding view of the message's own text, without quotes, captions of media and buttons."""
        message = self.message
        if message is None:
            return ""
        return self.folded if self.text == message.text else fold(message.text)

    @lazy
    def is_question(self) -> bool:
        """Whether the message asks something."""
        return asks(self.said)

    @lazy
    def emoji(self) -> tuple[int, float]:
        """How many emoji the message's own text has, and their share of it."""
        return emoji(self.message.text) if self.message is not None else (0, 0.0)

    @lazy
    def letters(self) -> int:
        """How many letters there are in ``text``."""
        return letters(self.text)

    def letters_in(self, script: str) -> int:
        """How many letters in ``text`` are of a script."""
        found = self._scripts.get(script)
        if found is None:
            found = self._scripts[script] = letters_in(script, self.text)
        return found

    @lazy
    def _scripts(self) -> dict[str, int]:
        return {}

    @lazy
    def links(self) -> tuple[FoundLink, ...]:
        """The links in the message, marked or not."""
        return links_in(self.folded, self.message)

    @property
    def domains(self) -> tuple[str, ...]:
        """The registrable domains that the message links to, each once."""
        links = self.links
        return tuple(dict.fromkeys(link.domain for link in links)) if links else ()

    @lazy
    def contacts(self) -> tuple[FoundContact, ...]:
        """The ways to get in touch outside the group that the message gives."""
        return contacts_in(self.closed_up)

    @lazy
    def names(self) -> str:
        """The folding view of the member's name, user name and bio, a line each."""
        member = self.member
        if member is None:
            return ""
        return fold("\n".join(part for part in (member.name, member.username, member.bio) if part))

    def _text_of_joiner(self) -> str:
        event = self.event
        if not isinstance(event, (MemberJoined, JoinRequested)):
            return ""
        member = event.member
        note = event.note if isinstance(event, JoinRequested) else ""
        return "\n".join(part for part in (member.name, member.username, member.bio, note) if part)
