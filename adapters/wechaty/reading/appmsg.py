"""What is sent from another program or a shelf of WeChat's: link cards, files, mini programs, channels, notes, money.

They are all one kind of XML, told apart by a number. Clients write every element into each of them, mostly empty; so
what is read goes by what is there, and the number only says what it is.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from adapters.wechaty.reading.body import Body, Line, Person, Quote
from adapters.wechaty.reading.lines import SHORT
from adapters.wechaty.reading.markup import clean, is_markup, parsed, web_address, words_in, words_of
from adapters.wechaty.reading.records import record_of
from rules.values import Link, Media, MediaKind

Open = Callable[[str, int], Body | None]
"""Reads the XML of another message that stands in this one."""

_KINDS = {
    3: MediaKind.CARD,  # music
    4: MediaKind.CARD,  # a video elsewhere
    5: MediaKind.CARD,
    8: MediaKind.STICKER,
    17: MediaKind.LOCATION,
    24: MediaKind.NOTE,
    33: MediaKind.MINI_PROGRAM,
    36: MediaKind.MINI_PROGRAM,
    44: MediaKind.MINI_PROGRAM,
    48: MediaKind.MINI_PROGRAM,
    50: MediaKind.CONTACT,  # a channel's visiting card
    51: MediaKind.CARD,  # a post of a channel
    53: MediaKind.NOTE,  # 接龙
    63: MediaKind.CARD,  # a channel is live
    76: MediaKind.CARD,
    82: MediaKind.CARD,  # goods
    87: MediaKind.NOTE,  # the group's announcement
    88: MediaKind.CARD,
    92: MediaKind.CARD,
    2000: MediaKind.MONEY,
    2001: MediaKind.MONEY,
    2002: MediaKind.MONEY,
    2003: MediaKind.MONEY,
}
_TEXT, _FILE, _FILE_ON_ITS_WAY, _HISTORY, _HISTORY_OLD, _QUOTE, _NUDGE = 1, 6, 74, 19, 40, 57, 62
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")
_OLD_CLIENT = ("当前版本不支持", "当前微信版本不支持", "不支持展示该内容", "Your WeChat version")
"""What clients say in the place of what older ones cannot show."""
_NUDGED = ("拍了拍", "拍一拍", "tickled", "nudged")
_ASIDE = (
    *("des", "sourcedisplayname", "finderFeed/nickname", "finderFeed/desc", "finderLive/nickname", "finderLive/desc"),
    *("findernamecard/nickname", "findernamecard/auth_job", "finderTopic/topic", "liveinfo/nickname", "liveinfo/desc"),
    *("finderShopWindowShare/nickname", "finderLiveProductShare/productTitle", "streamvideo/streamvideotitle"),
    *("streamvideo/streamvideowording", "wcpayinfo/sendertitle", "wcpayinfo/receivertitle", "wcpayinfo/scenetext"),
    *("wcpayinfo/feedesc", "wcpayinfo/pay_memo", "wcpayinfo/receiverdes", "wcpayinfo/senderdes", "textannouncement"),
    *("mmreadershare/itemtitle", "mpshare/title", "statextstr", "datadesc", "emotionpageshared/title"),
    *("emotionpageshared/desc", "productitem/productinfo", "tmplate/title", "messageext", "songlyric"),
)
_ADDRESSES = (
    *("url", "dataurl", "shareurlopen", "shareurloriginal", "streamvideo/streamvideoweburl", "finderFeed/webUrl"),
)


def appmsg_of(root: Element, open_: Open, depth: int = 0) -> Body | None:
    """What such a message carries; None where the XML is none."""
    app = root if root.tag == "appmsg" else next(root.iter("appmsg"), None)
    if app is None:
        return None
    number = _number(app.findtext("type"))
    title = words_of(app, "title")
    if number == _TEXT:
        return Body(text=title, links=tuple(_links(app, title)))
    if number == _QUOTE or (app.find("refermsg/content") is not None and number not in _KINDS):
        return _quoting(app, title, open_, depth)
    if number == _NUDGE and len(title) <= SHORT and any(word in title for word in _NUDGED):
        line = _nudge(app, title)
        if line.by is not None and not any(_links(app, title)):  # else it is a card that says so
            return Body(line=line)
    if number in (_FILE, _FILE_ON_ITS_WAY):
        return _file(app, title)
    if number in (_HISTORY, _HISTORY_OLD):
        return record_of(app, title)
    return _card(app, title, _KINDS.get(number), number)


def _card(app: Element, title: str, kind: MediaKind | None, number: int) -> Body:
    links = tuple(_links(app, title))
    elements = {element.tag: element for element in reversed(app)}  # there are a hundred: looking for each is slow
    said = dict.fromkeys(part for part in (title, *(_said(elements, name) for name in _ASIDE)) if part)
    kept = [part for part in said if not part.startswith(_OLD_CLIENT)]
    record = record_of(app, "") if app.find("recorditem") is not None else None
    if record is not None:
        kept += [media.text for media in record.media if media.text and media.text not in said]
        links += tuple(link for link in record.links if link not in links)
    hidden = [*_solitaire(app), *words_in(app.findtext("announcement") or "").splitlines()]
    kept += [line for line in dict.fromkeys(hidden) if not any(line in part for part in kept)]
    if kind is None and not kept:
        kept = [words_in(app.text or "")]
    if kind is None:
        kind = MediaKind.CARD if links else MediaKind.UNKNOWN
    return Body(media=(Media(kind, text="\n".join(filter(None, kept)) or None),), links=links)


def _solitaire(app: Element) -> Iterator[str]:
    """What each one has written into a 接龙, as far as it is not in the title."""
    written = app.findtext("extinfo/solitaire_info") or ""
    root = parsed(written) if written.strip() else None
    if root is not None:
        yield from (said for entry in root.iter("c") for said in clean(entry.text).splitlines() if said)


def _said(elements: Mapping[str, Element], path: str) -> str:
    head, _, rest = path.partition("/")
    element = elements.get(head)
    return "" if element is None else clean(element.findtext(rest) if rest else element.text)


def _file(app: Element, title: str) -> Body:
    size = _number(app.findtext("appattach/totallen"))
    about = dict.fromkeys(part for name in ("des", "sourcedisplayname") if (part := words_of(app, name)))
    media = Media(MediaKind.DOCUMENT, title or None, "\n".join(about) or None)
    view = "file" if title.lower().endswith(PICTURES) else ""
    return Body(media=(media,), view=view, size=size or None)


def _quoting(app: Element, title: str, open_: Open, depth: int) -> Body:
    refer = app.find("refermsg")
    if refer is None:
        return Body(text=title, links=tuple(_links(app, title)))
    written = refer.findtext("content") or ""
    other = open_(written, depth + 1) if is_markup(written) else None
    if other is not None:
        parts = [other.text, *(part for media in other.media for part in (media.file_name, media.text) if part)]
        said = "\n".join(part for part in parts if part)
        links = other.links
    else:
        said = words_in(written) if is_markup(written) else clean(written)
        links = ()
    said = said or words_of(refer, "title", "referdesc") or ""
    author = Person(_person(refer), words_of(refer, "displayname"))
    quote = Quote(author, said, words_of(refer, "svrid"), links)
    return Body(text=title, links=tuple(_links(app, title)), quote=quote)


def _person(refer: Element) -> str:
    """The id of the author of what is quoted; where it was said in a group, the group's stands in the other place."""
    ids = (words_of(refer, "chatusr"), words_of(refer, "fromusr"))
    return next((id_ for id_ in ids if id_ and "@chatroom" not in id_), "")


def _nudge(app: Element, title: str) -> Line:
    record = app.find("patMsg/records/record")
    by = words_of(record, "fromUser") or words_of(app.find("patinfo"), "fromusername")
    return Line(MediaKind.NUDGE, title, Person(by) if by else None)


def _links(app: Element, title: str) -> Iterator[Link]:
    seen = set()
    for name in _ADDRESSES:
        address = web_address(app.findtext(name))
        if address and address not in seen:
            seen.add(address)
            yield Link(address, title or None)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
