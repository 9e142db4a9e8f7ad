"""What a message is made of besides its words: media, forwards, replies, quotes, buttons, mentions."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from rules.conditions.fields import MESSAGES, Amount, Names
from rules.events import Event
from rules.facts import Facts
from rules.section import listed
from rules.step import Condition
from rules.values import NOT_TALK, Forward, MediaKind, Message, PlatformRole

_MENTION = re.compile(r"(?<![\w.])@\w{2,}")
_YES, _NO = ("any", "true", "yes"), ("false", "no", "none")


def _kinds_or_any(value: Any) -> Any:
    items = listed(value)
    words = [str(item).strip().lower() for item in items]
    if len(words) == 1 and words[0] in _YES:
        return []
    if len(words) == 1 and words[0] in _NO:
        raise ValueError("write any or some kinds here; to ask for the contrary, put the condition under none:")
    return items


MediaKinds = Annotated[
    tuple[MediaKind, ...], BeforeValidator(_kinds_or_any, json_schema_input_type=str | list[str] | bool)
]
ForwardKind = Literal["user", "hidden_user", "chat", "channel"]
ForwardKinds = Annotated[
    tuple[ForwardKind, ...], BeforeValidator(_kinds_or_any, json_schema_input_type=str | list[str] | bool)
]
Style = Literal[
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "custom_emoji",
]
Styles = Annotated[tuple[Style, ...], BeforeValidator(_kinds_or_any, json_schema_input_type=str | list[str] | bool)]
ReplyKind = Literal["bot", "admin", "member", "self"]
ReplyKinds = Annotated[
    tuple[ReplyKind, ...], BeforeValidator(_kinds_or_any, json_schema_input_type=str | list[str] | bool)
]


class HasMedia(Condition):
    """The message carries media: any, or of these kinds (photo, video, voice, document, sticker, card, money, ...).

    `unknown` is what the platform lets no bot look into (such as a story), or what is newer than Groupkeeper.
    What is shown of another chat's message that it answers counts too. `recall` (somebody took a message back), `nudge`
    (拍一拍) and `system` are lines that nobody has said: only a rule that names them here sees them.

    ```yaml
    media: [photo, video]
    ```
    """

    step = "media"
    scalar = "of"
    kinds = MESSAGES

    of: MediaKinds = ()

    def holds(self, event: Event, facts: Facts) -> bool:
        shown = facts.reading.shown
        return bool(shown) and (not self.of or any(media.kind in self.of for media in shown))

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return [media.kind.value for media in facts.reading.shown] or None

    def asks_for_lines(self) -> bool:
        return not NOT_TALK.isdisjoint(self.of)


class _FromElsewhere(Condition):
    """A message that shows where something comes from: from anywhere, or from origins of these kinds."""

    scalar = "of"
    kinds = MESSAGES

    of: ForwardKinds = ()

    def origin(self, message: Message) -> Forward | None:
        """Where it comes from; None where it shows nothing of the kind."""
        raise NotImplementedError

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        origin = self.origin(message) if message is not None else None
        return origin is not None and (not self.of or origin.kind in self.of)

    def seen(self, event: Event, facts: Facts) -> str | None:
        message = facts.reading.message
        origin = self.origin(message) if message is not None else None
        return f"{origin.kind} {origin.name}".strip() if origin is not None else None


class Forwarded(_FromElsewhere):
    """The message was forwarded: from anywhere, or from a user, hidden_user, chat or channel.

    ```yaml
    forwarded: [channel, chat]
    ```
    """

    step = "forwarded"

    def origin(self, message: Message) -> Forward | None:
        return message.forward


class RepliesElsewhere(_FromElsewhere):
    """The message answers one of another chat, which is shown along: of anywhere, or of these kinds.

    The kinds are those of `forwarded`: user, hidden_user, chat, channel.

    ```yaml
    replies_elsewhere: [channel, chat]
    ```
    """

    step = "replies_elsewhere"

    def origin(self, message: Message) -> Forward | None:
        return message.elsewhere.origin if message.elsewhere is not None else None


class Styled(Condition):
    """Words of the message are dressed up: in any way, or in these (spoiler, custom_emoji, blockquote, code, ...).

    ```yaml
    styled: [spoiler, custom_emoji]
    ```
    """

    step = "styled"
    scalar = "of"
    kinds = MESSAGES

    of: Styles = ()

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        if message is None or not message.marks:
            return False
        return not self.of or any(mark in self.of for mark in message.marks)

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        message = facts.reading.message
        return list(message.marks) or None if message is not None else None


class ReplyTo(Condition):
    """The message answers another: anybody's, or that of a bot, a platform admin, another member or its own author.

    ```yaml
    reply_to: bot
    ```
    """

    step = "reply_to"
    scalar = "whom"
    kinds = MESSAGES

    whom: ReplyKinds = ()

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        if message is None or (message.reply_to is None and message.reply_to_author is None):
            return False
        return not self.whom or self._kind(facts) in self.whom

    def seen(self, event: Event, facts: Facts) -> str | None:
        return self._kind(facts)

    def _kind(self, facts: Facts) -> str | None:
        message = facts.reading.message
        author = message.reply_to_author if message is not None else None
        if message is None or author is None:
            return None
        if author.id == message.author.id:
            return "self"
        if author.is_bot:
            return "bot"
        return "member" if author.role is PlatformRole.MEMBER else "admin"


class _Part(Condition):
    scalar = "present"
    kinds = MESSAGES

    present: bool = True


class ViaBot(_Part):
    """The message was made through an inline bot.

    ```yaml
    via_bot: true
    ```
    """

    step = "via_bot"

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        return (message is not None and message.via_bot is not None) is self.present

    def seen(self, event: Event, facts: Facts) -> str | None:
        message = facts.reading.message
        return message.via_bot if message is not None else None


class HasButtons(_Part):
    """The message has buttons below it, as those of bots do.

    ```yaml
    has_buttons: true
    ```
    """

    step = "has_buttons"

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        return (message is not None and bool(message.buttons)) is self.present

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        message = facts.reading.message
        return [button.text for button in message.buttons[:5]] or None if message is not None else None


class HasQuote(_Part):
    """The message quotes words of another.

    ```yaml
    quote: true
    ```
    """

    step = "quote"

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        return (message is not None and bool(message.quote)) is self.present


class Mentions(Amount):
    """The message names at least so many people with @.

    ```yaml
    mentions: 5
    ```
    """

    step = "mentions"
    kinds = MESSAGES

    def holds(self, event: Event, facts: Facts) -> bool:
        return self.fits(self.seen(event, facts))

    def seen(self, event: Event, facts: Facts) -> int:
        message = facts.reading.message
        if message is None:
            return 0
        if message.mentions:
            return len({mention.member or mention.text for mention in message.mentions})
        return len(set(_MENTION.findall(message.text))) if "@" in message.text else 0


class InTopic(Condition):
    """The message stands in one of these topics (by the platform's own id).

    ```yaml
    in_topic: "42"
    ```
    """

    step = "in_topic"
    scalar = "of"
    kinds = MESSAGES

    of: Names

    def holds(self, event: Event, facts: Facts) -> bool:
        message = facts.reading.message
        return message is not None and message.topic in self.of

    def seen(self, event: Event, facts: Facts) -> str | None:
        message = facts.reading.message
        return message.topic if message is not None else None
