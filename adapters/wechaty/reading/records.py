"""Pieces of other talks that are passed on as one card: every line in them, however deep they lie in one another."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from adapters.wechaty.reading.body import Body
from adapters.wechaty.reading.markup import attribute, clean, parsed, web_address, words_in, words_of
from rules.values import Forward, Link, Media, MediaKind

DEEPEST = 8
"""How deep cards may lie in one another; what lies deeper is read as words."""
LINES = 500
"""Lines that are read; WeChat lets 100 messages be passed on at once."""
LONGEST = 20_000
_ADDRESSES = frozenset({"link", "url", "weburl", "streamweburl"})
_WORDS = (
    *("datatitle", "datadesc", "weburlitem/title", "weburlitem/desc", "weburlitem/appmsgshareitem/srcdisplayname"),
    *("appbranditem/sourcedisplayname", "finderFeed/nickname", "finderFeed/desc", "streamvideotitle", "musicTitle"),
    *("locitem/poiname", "locitem/label", "carditem/nickname", "productitem/title", "productitem/desc", "tvitem/title"),
    *("refermsgitem/content", "refermsgitem/referdesc", "finderLive/nickname", "finderLive/desc"),
)


def record_of(app: Element, title: str) -> Body:
    """What such a card holds."""
    about = words_of(app, "des")
    item = app.find("recorditem")
    root = None
    if item is not None:
        root = item.find("recordinfo") if len(item) else parsed(item.text or "")
    lines: dict[str, None] = {}
    links: dict[str, None] = {}
    if root is not None:
        for line in _lines(root, links, 0):
            lines[line] = None
            if len(lines) >= LINES:
                break
    elif item is not None:
        lines = dict.fromkeys(words_in(item.text or "").splitlines())
    told = "\n".join(lines)
    head = [part for part in (title, *about.splitlines()) if part and part not in told]
    kept = "\n".join([*dict.fromkeys(head), *([told] if told else [])])[:LONGEST]
    media = Media(MediaKind.HISTORY, text=kept or None)
    return Body(media=(media,), links=tuple(Link(url) for url in links), forward=_origin(root, title))


def _origin(root: Element | None, title: str) -> Forward:
    is_room = words_of(root, "isChatRoom") == "1" or "群聊" in title or "Group Chat" in title
    return Forward("chat" if is_room else "hidden_user", title)


def _lines(root: Element, links: dict[str, None], depth: int) -> Iterator[str]:
    for name in ("title", "desc"):
        if said := words_of(root, name):
            yield from said.splitlines()
    for item in root.findall("datalist/dataitem") or _nearest(root):
        yield from _item(item, links, depth)


def _nearest(root: Element) -> Iterator[Element]:
    """The lines below, but for those in other lines: reading each of these for all around it would never end."""
    for child in root:
        if child.tag == "dataitem":
            yield child
        else:
            yield from _nearest(child)


def _plain(said: str) -> str:
    return words_in(said) if said[:1] == "<" else said


def _item(item: Element, links: dict[str, None], depth: int) -> Iterator[str]:
    name = words_of(item, "sourcename", "datasrcname")
    said = dict.fromkeys(part for path in _WORDS if (part := _plain(words_of(item, path))))
    if label := attribute(item.find("location"), "poiname", "label"):
        said[label] = None
    for element in item.iter():
        if element.tag in _ADDRESSES and (address := web_address(element.text)):
            links[address] = None
    words = "\n".join(said)
    if words or name:
        yield f"{name}: {words}".strip() if name else words
    for written in (item.find("recordxml"), item.find("recordinfo")):
        if written is None:
            continue
        inside = written if written.tag == "recordinfo" else written.find("recordinfo")
        if inside is None:
            inside = parsed(written.text or "")
        if inside is not None and depth < DEEPEST:
            yield from _lines(inside, links, depth + 1)
        else:
            yield from words_in("\n".join(map(clean, written.itertext()))).splitlines()
