"""The content of a message by the number that a puppet gives it, and by the XML in it where there is some."""

import re
from xml.etree.ElementTree import Element

from adapters.wechaty.reading.appmsg import PICTURES, appmsg_of
from adapters.wechaty.reading.body import Body, By, Line
from adapters.wechaty.reading.kinds import MEDIA, Sort
from adapters.wechaty.reading.lines import bare_line, line_in, line_of, sysmsg_line
from adapters.wechaty.reading.markup import attribute, clean, is_markup, parsed, words_in, words_of
from adapters.wechaty.reading.quotes import may_quote, split_quote
from rules.values import Media, MediaKind

DEEPEST = 4
"""How deep messages may be quoted in one another."""
_ID = re.compile(r"[!-~]{0,128}")
_CARDS = (Sort.URL, Sort.POST, Sort.MINI_PROGRAM, Sort.CONTACT)


def opened(sort: Sort, text: str, file_name: str = "", by: By = By.MEMBER) -> Body:
    """What a message carries. A text without an author is a line of WeChat's own."""
    if not is_markup(text):
        return _plain(sort, text, file_name, by)
    root = parsed(text)
    if sort is Sort.TEXT and by is not By.NOBODY:
        return _typed(root, text)
    if root is None:
        return _unreadable(sort, text, file_name)
    if root.tag == "sysmsg" and (by is not By.MEMBER or sort in (Sort.RECALLED, Sort.UNKNOWN)):
        return Body(line=sysmsg_line(root, text))
    return _of_root(root, sort, file_name) or _unreadable(sort, text, file_name)


def _plain(sort: Sort, text: str, file_name: str, by: By) -> Body:
    if sort is Sort.TEXT:
        if by is By.NOBODY:
            return Body(line=line_of(text))
        return _said(text)
    if sort is Sort.RECALLED:
        taken = line_of(text)
        if taken.kind is MediaKind.SYSTEM and _ID.fullmatch(taken.text) is not None:  # of what was taken back
            taken = Line(MediaKind.RECALL, "", recalled=taken.text)
        return Body(line=taken)
    if sort is Sort.UNKNOWN and text.strip() and (line := _line_by(by, text)) is not None:
        return Body(line=line)
    said = text.strip() or None
    if said == file_name:
        said = None
    picture = sort is Sort.ATTACHMENT and file_name.lower().endswith(PICTURES)
    view = "image" if sort is Sort.IMAGE else "file" if picture or sort is Sort.EMOTICON else ""
    return Body(media=(Media(MEDIA[sort], file_name or None, said),), view=view, bare=sort in _CARDS)


def _line_by(by: By, text: str) -> Line | None:
    """The line that something unknown is. Of a member's it is one only where it says nothing else."""
    if by is By.NOBODY:
        return line_of(text)
    return line_in(text) if by is By.ACCOUNT else bare_line(text)


def _said(text: str) -> Body:
    if may_quote(text) and (found := split_quote(text)) is not None:
        quote, answer = found
        return Body(text=answer, quote=quote)
    return Body(text=text)


def _typed(root: Element | None, text: str) -> Body:
    """XML that came as a text: what a puppet did not take apart, or what somebody typed.

    Everybody in the group sees the latter as it stands. So nothing of it is left out, and it is never a line.
    """
    body = _of_root(root, Sort.TEXT, "") if root is not None and root.tag in ("msg", "appmsg") else None
    if body is None or body.line is not None:
        return Body(text=text)
    read = "\n".join(part for part in _parts(body) if part)
    rest = [line for line in words_in(text).splitlines() if line not in read]
    if rest:
        body_media = (*body.media, Media(MediaKind.UNKNOWN, text="\n".join(rest)))
        return Body(body.text, body_media, body.links, body.forward, body.quote, view=body.view, size=body.size)
    return body


def _parts(body: Body) -> list[str | None]:
    quoted = [body.quote.text, body.quote.author.name] if body.quote is not None else []
    return [body.text, *quoted, *(part for media in body.media for part in (media.text, media.file_name))]


def _unreadable(sort: Sort, text: str, file_name: str) -> Body:
    """What is no XML after all, or too much: its words."""
    said = words_in(text) or None
    if sort is Sort.RECALLED:
        return Body(line=line_of(said or ""))
    picture = sort is Sort.ATTACHMENT and file_name.lower().endswith(PICTURES)
    view = "image" if sort is Sort.IMAGE else "file" if picture or sort is Sort.EMOTICON else ""
    kind = MediaKind.UNKNOWN if sort is Sort.TEXT else MEDIA[sort]
    return Body(media=(Media(kind, file_name or None, said),), view=view, bare=sort in _CARDS and not said)


def _of_root(root: Element, sort: Sort, file_name: str, depth: int = 0) -> Body | None:
    if (body := appmsg_of(root, _inside, depth)) is not None:
        return body
    if root.tag != "msg":
        return None
    found = {child.tag: child for child in root}
    if (place := found.get("location")) is not None:
        said = [attribute(place, "poiname"), attribute(place, "label")]
        return _media(MediaKind.LOCATION, said)
    if root.get("nickname") is not None or root.get("username") is not None:
        return _visiting_card(root)
    if (emoji := found.get("emoji")) is not None:
        said = [attribute(emoji, "attachedtext"), *(words_of(game, "desc") for game in root.iter("gameext"))]
        return _media(MediaKind.STICKER, said, hash_=attribute(emoji, "md5"), view="file")
    if (picture := found.get("img")) is not None:
        return _media(MediaKind.PHOTO, [], hash_=attribute(picture, "md5"), view="image")
    if "videomsg" in found:
        return _media(MediaKind.VIDEO, [])
    if "voicemsg" in found:
        return _media(MediaKind.VOICE, [words_of(root, "voicetrans", "voicemsg/voicetrans")])
    return None


def _visiting_card(root: Element) -> Body:
    id_ = attribute(root, "username")
    said = [
        attribute(root, "nickname"),
        attribute(root, "alias"),
        id_ if id_.startswith(("wxid_", "gh_")) else "",
        attribute(root, "certinfo"),
        attribute(root, "sign"),
    ]
    return _media(MediaKind.CONTACT, said)


def _media(kind: MediaKind, said: list[str], *, hash_: str = "", view: str = "") -> Body:
    text = "\n".join(dict.fromkeys(part for part in said if part)) or None
    return Body(media=(Media(kind, text=text, hash=hash_ or None),), view=view)


def _inside(written: str, depth: int) -> Body | None:
    """The content of a message that another one quotes."""
    root = parsed(written) if depth <= DEEPEST else None
    body = _of_root(root, Sort.UNKNOWN, "", depth) if root is not None else None
    if body is None or body.line is not None:
        return None
    return body if body.quote is None else Body(clean(body.text), body.media, body.links)
