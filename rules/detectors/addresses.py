"""The addresses in a text as one sign each, by where they lead: no name is learned by heart, and none can be read."""

import re
from typing import Final

from rules.detectors.hosts import CHEAP_ENDINGS, KNOWN, KNOWN_ENDINGS, SHOPS, SHORTENERS
from rules.detectors.kinds import ClueKind
from rules.links import FoundLink, is_invitation, placed_links

_TELEGRAM: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_MAIL: Final = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])")
_HANDLE: Final = re.compile(r"(?<![a-z0-9._+/@-])@[a-z][a-z0-9_]{4,31}(?![a-z0-9_@])")
# Characters of a plane for private use. A known site says nothing.
_SIGNS: Final = {
    ClueKind.LINK_KNOWN: "",
    ClueKind.LINK_OTHER: "\U000f0000",
    ClueKind.LINK_CHEAP: "\U000f0001",
    ClueKind.LINK_SHORTENER: "\U000f0002",
    ClueKind.LINK_INVITE: "\U000f0003",
    ClueKind.LINK_TELEGRAM: "\U000f0004",
    ClueKind.LINK_SHOP: "\U000f0005",
    ClueKind.LINK_APP: "\U000f0006",
    ClueKind.LINK_NUMBER: "\U000f0007",
    ClueKind.CONTACT_EMAIL: "\U000f0008",
    ClueKind.CONTACT_HANDLE: "\U000f0009",
}

Placed = tuple[int, int, str]


def kind_of(link: FoundLink) -> ClueKind:
    """The class of site that a link leads to."""
    if "." not in link.host and ":" not in link.host:
        return ClueKind.LINK_APP
    if is_invitation(link):
        return ClueKind.LINK_INVITE
    if link.host in _TELEGRAM:
        return ClueKind.LINK_TELEGRAM
    if link.domain in SHORTENERS or link.host in SHORTENERS:
        return ClueKind.LINK_SHORTENER
    if link.host.replace(".", "").isdigit():
        return ClueKind.LINK_NUMBER
    if link.domain in SHOPS:
        return ClueKind.LINK_SHOP
    if link.domain in KNOWN or link.host.endswith(KNOWN_ENDINGS):
        return ClueKind.LINK_KNOWN
    if link.domain.rpartition(".")[2] in CHEAP_ENDINGS:
        return ClueKind.LINK_CHEAP
    return ClueKind.LINK_OTHER


def addresses_in(text: str) -> list[Placed]:
    """Where the links, the addresses for mail and the account names of a folded text stand, each with its sign."""
    found = [(start, end, _SIGNS[kind_of(link)]) for link, start, end in placed_links(text) if start >= 0]
    if "@" in text:
        found += [(*mail.span(), _SIGNS[ClueKind.CONTACT_EMAIL]) for mail in _MAIL.finditer(text)]
        found += [(*handle.span(), _SIGNS[ClueKind.CONTACT_HANDLE]) for handle in _HANDLE.finditer(text)]
    return sorted(found) if len(found) > 1 else found


def without_addresses(text: str) -> tuple[str, list[int]]:
    """The text with a sign for each address, and where each character of it stood; the end of the text last.

    The places are left out where nothing was replaced.
    """
    found = addresses_in(text)
    if not found:
        return text, []
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, sign in found:
        if start >= done:
            place = start
            if not sign and start > done and text[start - 1].isspace():  # nor does the space before what says nothing
                place -= 1
            parts += (text[done:place], sign)
            places += range(done, place + len(sign))
            done = end if place or sign or not text[end : end + 1].isspace() else end + 1
    places += range(done, len(text) + 1)
    return "".join([*parts, text[done:]]), places
