"""Clues from addresses: where they lead, and whether they pretend to lead elsewhere."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from rules.detectors.addresses import kind_of
from rules.detectors.clues import Clue
from rules.detectors.folding import View, view_of
from rules.detectors.hosts import BRANDS, CHEAP_ENDINGS, KNOWN, LURES, SHOPS
from rules.detectors.kinds import ClueKind
from rules.links import FoundLink, address_of, placed_links, registrable
from rules.values import Message

_PROGRAMS = (".apk", ".exe", ".msi", ".scr", ".bat", ".ipa", ".dmg", ".jar", ".mobileconfig")
_REFERRALS = ("ref=", "start=", "invite", "/register", "/reg?", "/signup", "aff", "/r/", "promo", "code=", "utm_")
_MOST = 20  # links that are looked at
_MANY = 3
_SHORTEST_BRAND = 6
_LONGEST_NAME = 40
_LONGEST_LABEL = 63


def link_clues(view: View, message: Message | None, own: frozenset[str] = frozenset()) -> Iterator[Clue]:
    """What the links of a message say; ``own`` are the domains of the group, which others may imitate."""
    seen: set[FoundLink] = set()
    for link, start, end in islice(placed_links(view.text), _MOST):
        if link not in seen:
            seen.add(link)
            yield from _of(link, own, start, end)
            if start < 0 or _disguised(view, start, end):
                yield Clue(ClueKind.LINK_DISGUISED, str(link)[:100], start, end)
    if message is not None:
        yield from _marked(message, seen, own)
    if len({link.domain for link in seen}) >= _MANY:
        yield Clue(ClueKind.LINK_MANY, str(len(seen)))


def address_clues(url: str) -> Iterator[Clue]:
    """What an address says that stands in no text: a button's, a code's."""
    for link in address_of(url)[:_MOST]:
        yield from _of(link, frozenset(), -1, -1)


def _marked(message: Message, seen: set[FoundLink], own: frozenset[str]) -> Iterator[Clue]:
    for marked in message.links[:_MOST]:
        for link in address_of(marked.url):
            if marked.text:
                yield from _masked(link, marked.text)
            if link not in seen:
                seen.add(link)
                yield from _of(link, own, -1, -1)
    for button in message.buttons[:_MOST]:
        if button.url:
            for link in address_of(button.url):
                if link not in seen:
                    seen.add(link)
                    yield from _of(link, own, -1, -1)


def _masked(link: FoundLink, words: str) -> Iterator[Clue]:
    if link.domain in KNOWN:
        return
    shown = list(placed_links(view_of(words[:200]).text))
    if not shown:
        yield Clue(ClueKind.LINK_HIDDEN, str(link)[:100])
    elif all(other.domain != link.domain for other, _, _ in shown):
        yield Clue(ClueKind.LINK_MASKED, f"{shown[0][0].host} → {link.host}"[:100])


def _of(link: FoundLink, own: frozenset[str], start: int, end: int) -> Iterator[Clue]:
    words = str(link)[:100]
    for kind in _kinds(link):
        yield Clue(kind, words, start, end)
    imitated = _imitated(link.host, link.domain, own)
    if imitated:
        yield Clue(ClueKind.LINK_LOOKALIKE, f"{link.host} ~ {imitated}"[:100], start, end)


def _kinds(link: FoundLink) -> Iterator[ClueKind]:
    if "." not in link.host and ":" not in link.host:
        yield ClueKind.LINK_APP
        return
    if link.rest and (path := link.rest.partition("?")[0]).endswith(_PROGRAMS) and path:
        yield ClueKind.LINK_PROGRAM
    if _mixed(link.host):
        yield ClueKind.LINK_MIXED
    kind = kind_of(link)
    yield kind
    if kind is not ClueKind.LINK_KNOWN and any(sign in link.rest for sign in _REFERRALS):
        yield ClueKind.LINK_REFERRAL


def _disguised(view: View, start: int, end: int) -> bool:
    """Whether an address was written in another way than it reads: ｅｘａｍｐｌｅ。ｃｏｍ."""
    if view.raw.isascii():
        return False
    words = view.text[start:end]
    if words in view.raw or words in view.raw.lower():
        return False
    first, last = view.span(start, end)
    return view.raw[first:last].lower().strip() != words


@lru_cache(maxsize=4096)
def _mixed(host: str) -> bool:
    """Whether a name in punycode mixes letters of two scripts: аpple with a Cyrillic а."""
    if "xn--" not in host:
        return False
    for label in host.split("."):
        if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
            continue
        try:
            name = label.encode("ascii").decode("idna")
        except (UnicodeError, ValueError):
            return True
        latin = any("a" <= sign <= "z" for sign in name)
        other = any("\u0370" <= sign <= "\u052f" for sign in name)
        if (latin and other) or (other and view_of(name).text.isascii()):
            return True
    return False


@lru_cache(maxsize=4096)
def _imitated(host: str, domain: str, own: frozenset[str]) -> str:
    """The name that a host imitates, or ""."""
    name = _spoken(domain.partition(".")[0])
    below = host.removesuffix(domain).strip(".")
    if domain in KNOWN or domain in SHOPS or len(name) > _LONGEST_NAME:
        return ""
    for brand, domains in BRANDS.items():
        if domain in domains:
            return ""
        if _elsewhere(domain, brand):
            return ""
        if len(brand) >= _SHORTEST_BRAND and _one_off(name, brand):
            return domains[0]
        if below and domains[0] in below + ".":
            return domains[0]
        parts = _parts(host.removesuffix("." + domain.partition(".")[2]))
        if brand in parts and (parts & LURES or domain.rpartition(".")[2] in CHEAP_ENDINGS):
            return domains[0]
    for mine in own:
        if domain == registrable(mine):
            return ""
    for mine in own:
        kept = registrable(mine).partition(".")[0]
        if _one_off(name, kept) or (len(kept) >= _SHORTEST_BRAND and name == kept):
            return mine
    return ""


def _elsewhere(domain: str, brand: str) -> bool:
    """Whether a domain is the brand itself under a country's ending: google.fr, amazon.co.jp."""
    name, _, ending = domain.partition(".")
    return name == brand and len(ending.rpartition(".")[2]) == 2 and ending not in CHEAP_ENDINGS


def _parts(host: str) -> frozenset[str]:
    """The words between the dots and hyphens of a host."""
    return frozenset(host.replace("-", ".").split("."))


def _spoken(label: str) -> str:
    """A label as it looks: xn--pple-43d as apple."""
    if len(label) > _LONGEST_LABEL:
        return label
    if label.startswith("xn--"):
        try:
            label = label.encode("ascii").decode("idna")
        except (UnicodeError, ValueError):
            return label
        return view_of(label).text
    return label.replace("0", "o").replace("1", "l").replace("rn", "m").replace("vv", "w")


def _one_off(name: str, brand: str) -> bool:
    """Whether two names differ by one letter more, fewer, other or swapped, or only in how they were spelt."""
    if len(brand) < _SHORTEST_BRAND or abs(len(name) - len(brand)) > 1:
        return False
    if name == brand:
        return True
    same = 0
    while same < min(len(name), len(brand)) and name[same] == brand[same]:
        same += 1
    rest, other = name[same:], brand[same:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[2:] == other[2:] and rest[:2] == other[1::-1])
    )
