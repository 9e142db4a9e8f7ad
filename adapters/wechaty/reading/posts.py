"""Makes messages of what was posted: who says what, to whom, about what."""

from datetime import datetime

from msgspec.structs import replace

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.body import Body, Line, Person, Quote
from adapters.wechaty.reading.cards import card_body
from adapters.wechaty.reading.kinds import MEDIA, Sort
from adapters.wechaty.reading.lines import with_names
from adapters.wechaty.reading.mentions import Names, may_mention, mentions_in, mentions_of
from adapters.wechaty.reading.quoted import answered, known_as
from adapters.wechaty.reading.roles import member_of
from adapters.wechaty.reading.seen import Seen, as_shown
from adapters.wechaty.reading.told import Called, Posted
from rules.values import File, Group, Media, MediaKind, Member, Mention, Message

AS_FILE = "file:"
"""What the id of a picture begins with that has to be asked for as a file."""

BEGINNING = 500
"""Characters of a quote by which its words are told from what stands in the place of a picture."""


class Posts:
    """``platform`` is the adapter's name. What was said is remembered, to know what is quoted and what is recalled."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._seen = Seen()

    @property
    def nobody(self) -> Member:
        """The author of lines that nobody has written."""
        return Member(f"{self._platform}:system", is_bot=True)

    def said(self, told: Posted, group: Group, at: datetime) -> Message | None:
        """What somebody said; None for what the account itself did, which is only remembered."""
        author = self._author(told)
        body = told.body
        if body.bare:
            said = next((media.text for media in body.media if media.text), "")
            body = card_body(MEDIA[told.sort], told.card, said or "")
        media = self._viewed(body, told.id)
        names = (told.name, told.author.name, told.author.alias) if told.author is not None else ()
        known = known_as(told.id, author, names, body.text, media, body.links)
        message = Message(
            id=f"{group.id}/{told.id}",
            author=author,
            text=body.text,
            at=at,
            links=body.links,
            mentions=self._mentions(told, body.text),
            media=media,
            forward=body.forward,
        )
        if body.quote is not None:
            message = self._answer(message, body.quote, told, group)
        self._seen.add(group.id, known)
        return None if told.own else message

    def _answer(self, message: Message, quote: Quote, told: Posted, group: Group) -> Message:
        """A message with what it quotes."""
        known, words = answered(quote, group.id, self._seen)
        if known is None:
            by, words = self._claimed(quote, told)
            id_, text, said = quote.id, None, False
        else:
            by, id_, text, said = known.author, known.id, known.text or None, as_shown(words) in known.shown
        if known is not None and said and as_shown(words[:BEGINNING]) not in as_shown(known.text):
            words = ""  # what stands in the place of a picture and the like
        elif said and words not in (text or ""):
            text = words  # the same but for its spaces
        theirs = known.links if known is not None and known.author.id != message.author.id else frozenset()
        links = tuple(link for link in quote.links if link.url not in theirs and link not in message.links)
        return replace(
            message,
            links=(*message.links, *links),
            reply_to=f"{group.id}/{id_}" if id_ else None,
            reply_to_author=by,
            reply_to_text=text,
            quote=words or None,
        )

    def _claimed(self, quote: Quote, told: Posted) -> tuple[Member | None, str]:
        """Whose words are quoted that were never seen, and the words. A name that nobody has is one of the words."""
        for name, words in ((quote.author.name, quote.text), *quote.others):
            called = _found(told, Person(quote.author.id, name))
            if called is not None and name in ("", called.alias, called.contact.name, called.contact.alias):
                return member_of(self._platform, called.contact, told.room, called.alias), words
        by, name = self._who(quote.author, told), quote.author.name
        return by, f"{name}：{quote.text}" if name else quote.text

    def line(self, told: Posted, line: Line, group: Group, at: datetime) -> Message:
        """A line of WeChat's own."""
        names = {called.raw: called.alias or called.contact.name for called in told.named}
        text: str | None = with_names(line.text, names) or None
        by, to = self.nobody, ""
        whose: Member | None = None
        if line.kind is MediaKind.NUDGE and line.by is not None:
            by = self._who(line.by, told) or by
        elif line.kind is MediaKind.RECALL:
            known = self._seen.by_id(group.id, line.recalled)
            author = self._author(told) if told.author is not None and not told.own else None
            named = self._who(line.by, told) if line.by is not None else None
            by = named or author or (known.author if known is not None else self.nobody)
            to = f"{group.id}/{line.recalled}" if line.recalled else ""
            whose, text = (known.author, known.text or None) if known is not None else (None, None)
        return Message(
            id=f"{group.id}/{told.id}",
            author=by,
            at=at,
            reply_to=to or None,
            reply_to_author=whose,
            media=(Media(line.kind, text=text),),
        )

    def came(self, told: Posted, line: Line) -> tuple[list[Contact], bool]:
        """Who came in by a line, and whether everybody in it was found."""
        found: dict[str, Contact] = {}
        names, complete = _names(told.named), True
        for person in line.joined:
            people = [_by_id(told, person.id)] if person.id else _by_names(told, person.name, names)
            complete &= None not in people
            found.update((one.contact.id, one.contact) for one in people if one and one.raw != told.account)
        return list(found.values()), complete

    def inviter(self, told: Posted, line: Line) -> Contact | None:
        """Who brought them."""
        called = _found(told, line.by) if line.by is not None else None
        return called.contact if called is not None else None

    def _author(self, told: Posted) -> Member:
        if told.author is None:
            return self.nobody
        member = member_of(self._platform, told.author, told.room, told.name)
        return replace(member, is_bot=True) if told.own else member

    def _who(self, person: Person, told: Posted) -> Member | None:
        called = _found(told, person)
        return member_of(self._platform, called.contact, told.room, called.alias) if called is not None else None

    def _mentions(self, told: Posted, text: str) -> tuple[Mention, ...]:
        if told.mentioned:
            return mentions_of(self._platform, text, [(called.contact, called.alias) for called in told.mentioned])
        found: tuple[Mention, ...] = ()
        if told.sort is Sort.TEXT and may_mention(text):
            found = mentions_in(self._platform, text, _names(told.named) if told.named else None)
        if told.everybody and not found:
            found = (Mention("@所有人"),)
        return found

    def _viewed(self, body: Body, id_: str) -> tuple[Media, ...]:
        if not body.view or not body.media:
            return body.media
        handle = id_ if body.view == "image" else AS_FILE + id_
        first, *others = body.media
        return (replace(first, view=File(handle, f"{self._platform}/{id_}", body.size)), *others)


def _names(people: tuple[Called, ...]) -> Names:
    aliases: dict[str, tuple[str, ...]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for called in people:
        for kept, name in ((aliases, called.alias), (names, called.contact.name)):
            if name:
                kept[name] = (*kept.get(name, ()), called.contact.id)
    return Names(aliases, names)


def _found(told: Posted, person: Person) -> Called | None:
    return _by_id(told, person.id) if person.id else _by_names(told, person.name, _names(told.named))[0]


def _by_id(told: Posted, raw: str) -> Called | None:
    return next((called for called in told.named if called.raw == raw), None)


def _by_names(told: Posted, written: str, names: Names) -> list[Called | None]:
    """Those whose names stand behind one another; None for each that is not known, or not one's alone."""
    by_id = {called.contact.id: called for called in told.named}
    if (only := names.only(written)) is not None:
        return [by_id[only]]
    mark = next((mark for mark in ("、", ", ", "，", ",") if mark in written), None)
    parts = [part.strip() for part in written.split(mark)] if mark is not None else [written.strip()]
    return [by_id[only] if (only := names.only(part)) is not None else None for part in parts]
