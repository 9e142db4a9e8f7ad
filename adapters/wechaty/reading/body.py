"""What a message carries, before it is known who is who in it."""

from enum import StrEnum

from msgspec import Struct

from rules.values import Forward, Link, Media, MediaKind


class By(StrEnum):
    """Whom a puppet names as the author. Lines of WeChat's own have none, or the account, where it must name one."""

    MEMBER = "member"
    ACCOUNT = "account"
    NOBODY = "nobody"


class Person(Struct, frozen=True, omit_defaults=True):
    """Somebody named in a message: by id, by the name that stands there, or both."""

    id: str = ""
    name: str = ""


class Quote(Struct, frozen=True, omit_defaults=True):
    """What a message quotes, with the ``links`` in it. ``id`` is the message's, where it is told.

    ``others`` are other ways to tell the author's name from the words, where a colon stands in either.
    """

    author: Person
    text: str
    id: str = ""
    links: tuple[Link, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


class Line(Struct, frozen=True, omit_defaults=True):
    """A line of WeChat's own, by what it tells. ``by`` is who did it.

    ``recalled`` is the id of a message that was taken back, ``joined`` who came in (``by`` brought them). In ``text``,
    ``${id}`` stands for somebody's name; ``others`` are who is named by that alone.
    """

    kind: MediaKind
    text: str
    by: Person | None = None
    recalled: str = ""
    joined: tuple[Person, ...] = ()
    others: tuple[Person, ...] = ()


class Body(Struct, frozen=True, omit_defaults=True):
    """The content of a message: its own words, what is attached, what it quotes, or the line that it is.

    ``view`` is how its picture is had: ``image``, or ``file`` of ``size`` bytes. ``bare`` is whether the puppet has to
    be asked for what stands in its card.
    """

    text: str = ""
    media: tuple[Media, ...] = ()
    links: tuple[Link, ...] = ()
    forward: Forward | None = None
    quote: Quote | None = None
    line: Line | None = None
    view: str = ""
    size: int | None = None
    bare: bool = False

    @property
    def people(self) -> tuple[Person, ...]:
        """Whoever is named in it, but for mentions."""
        found: list[Person] = []
        if self.quote is not None:
            found.append(self.quote.author)
        if self.line is not None:
            found += [*([self.line.by] if self.line.by is not None else []), *self.line.joined, *self.line.others]
        return tuple(found)
