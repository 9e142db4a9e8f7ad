"""Cards as puppets give them apart from the message: link cards and mini programs as objects, contacts by their id."""

from typing import Any

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.body import Body
from adapters.wechaty.reading.markup import clean, web_address
from rules.values import Link, Media, MediaKind


def card_body(kind: MediaKind, card: dict[str, Any] | Contact | None, said: str) -> Body:
    """What a card holds; ``said`` is what the message itself says, where the puppet could tell nothing else."""
    if isinstance(card, Contact):
        parts = [card.name, card.alias, card.id if card.id.startswith(("wxid_", "gh_")) else ""]
        return Body(media=(Media(kind, text=_lines(parts)),))
    if card is None:
        return Body(media=(Media(kind, text=said.strip() or None),))
    title, about = _words(card, "title", "name"), _words(card, "description", "desc", "des")
    source = _words(card, "sourceDisplayName", "sourcedisplayname", "appName", "nickname")
    url = web_address(_words(card, "url", "link"))
    links = (Link(url, title or None),) if url else ()
    return Body(media=(Media(kind, text=_lines([title, about, source]) or said.strip() or None),), links=links)


def _words(card: dict[str, Any], *names: str) -> str:
    for name in names:
        if isinstance(found := card.get(name), str) and (said := clean(found)):
            return said
    return ""


def _lines(parts: list[str]) -> str | None:
    return "\n".join(dict.fromkeys(part for part in parts if part)) or None
