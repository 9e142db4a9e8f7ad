"""What is marked up in a text: addresses, people, and how words are dressed up.

Telegram counts offsets in UTF-16 code units, so everything beyond the Basic Multilingual Plane counts for two.
"""

from typing import Any

from adapters.telegram.reading.values import objects, words
from rules.values import Link, Mention

_SAID_BY_THE_WORDS = frozenset({"bot_command", "hashtag", "cashtag", "email", "phone_number"})


class Marked:
    """Collects what is marked up in the texts of one message: ``links``, ``mentions`` and ``marks``."""

    __slots__ = ("links", "marks", "mentions", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.links: list[Link] = []
        self.mentions: list[Mention] = []
        self.marks: dict[str, None] = {}

    def add(self, text: str, entities: Any) -> None:
        """Take in the entities of a text. Broken ones count for what can still be read of them."""
        if not entities:
            return
        cut = _cutter(text)
        for entity in objects(entities):
            kind = words(entity.get("type"))
            if kind in _SAID_BY_THE_WORDS:
                continue
            shown = cut(entity.get("offset"), entity.get("length"))
            if url := words(entity.get("url")):
                self.links.append(Link(url, shown or None))
            elif kind == "url":
                if shown:
                    self.links.append(Link(shown))
            elif kind == "mention":
                if shown:
                    self.mentions.append(Mention(shown))
            elif kind == "text_mention":
                self._named(shown, entity.get("user"))
            elif kind:
                self.marks[kind] = None

    def link(self, url: Any, shown: str | None = None) -> None:
        """Take in an address that stands beside the words."""
        if type(url) is str and url:
            self.links.append(Link(url, shown))

    def _named(self, shown: str, user: Any) -> None:
        id_ = user.get("id") if type(user) is dict else None
        self.mentions.append(Mention(shown, f"{self.name}:{id_}" if type(id_) is int else None))


class _cutter:  # noqa: N801 - called like a function
    """Cuts pieces out of a text by offsets in UTF-16 code units."""

    __slots__ = ("_coded", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        narrow = text.isascii() or max(text) <= "\uffff"
        self._coded = None if narrow else text.encode("utf-16-le", "surrogatepass")

    def __call__(self, offset: Any, length: Any) -> str:
        if type(offset) is not int or type(length) is not int or offset < 0 or length <= 0:
            return ""
        if self._coded is None:
            return self._text[offset : offset + length]
        return self._coded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "ignore")
