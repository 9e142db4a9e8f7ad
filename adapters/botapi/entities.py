"""Texts and their entities as the real server makes them: offsets and lengths in UTF-16 code units."""

import re
from html import unescape

from adapters.botapi.errors import bad_request
from adapters.botapi.state import Json

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
_MARKUP = re.compile(r"<[^<]*?>|<|&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_PLAIN = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z])"
    r"|(?P<url>https?://[^\s<>\"'，。！？；：、）】》」』]+|(?<![\w@.])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:com|net|org|info|biz|cn|hk|tw|me|io|co|cc|vip|top|xyz|shop|site|online|club|app|dev|ru|de|uk|eu|example)"
    r"(?![A-Za-z0-9_-])(?:[/?][^\s<>\"'，。！？；：、）】》」』]*)?)"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{2,31})"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d ()-]{7,16}\d)",
    re.IGNORECASE,
)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _entity(kind: str, offset: int, length: int, attributes: dict[str, str]) -> Json:
    found: Json = {"offset": offset, "length": length, "type": kind}
    if kind == "text_link":
        found["url"] = attributes.get("href", "")
        if found["url"].startswith("tg://user?id="):
            return {"offset": offset, "length": length, "type": "text_mention", "user_id": found["url"][13:]}
    elif kind == "custom_emoji":
        found["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif kind == "pre" and "language" in attributes:
        found["language"] = attributes["language"]
    elif kind == "blockquote" and "expandable" in attributes:
        found["type"] = "expandable_blockquote"
    return found


def parse_html(source: str) -> tuple[str, list[Json]]:
    """A text in Telegram's HTML as plain text and its entities.

    Raises the error 400 ``can't parse entities`` as the real server words it. ``text_mention`` has ``user_id`` for the
    caller to put the user in its place.
    """
    if "<" not in source and "&" not in source:
        return source, []
    text: list[str] = []
    at = 0  # in UTF-16 units of the plain text
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    found: list[Json] = []
    position = 0
    for match in _MARKUP.finditer(source):
        if match.start() < position:
            continue
        plain = source[position : match.start()]
        text.append(plain)
        at += units(plain)
        position = match.end()
        shown = match.group()
        if shown[0] == "&":
            text.append(unescape(shown))
            at += units(text[-1])
            continue
        offset = len(source[: match.start()].encode())
        tag = _TAG.match(source, match.start())
        if tag is None:
            raise bad_request(f"can't parse entities: {_no_tag(source, match.start())} at byte offset {offset}")
        position = tag.end()
        name = tag.group(2).lower()
        if tag.group(1):
            _close(name, offset, open_tags, found, at)
            continue
        attributes = {
            m.group(1).lower(): unescape(m.group(2) or m.group(3) or m.group(4) or "")
            for m in _ATTRIBUTE.finditer(tag.group(3))
        }
        if name not in SIMPLE:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise bad_request(f'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        open_tags.append((name, at, attributes))
    if open_tags:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    text.append(source[position:])
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(text), found


def _no_tag(source: str, at: int) -> str:
    """What is wrong with a ``<`` that begins no tag."""
    name = _NAME.match(source, at + 1)
    if name is None or name.end() == len(source):
        return "Unclosed end tag" if source[at + 1 : at + 2] == "/" else "Unclosed start tag"
    return f'Unsupported start tag "{name.group().lower()}"'


def _close(
    name: str, offset: int, open_tags: list[tuple[str, int, dict[str, str]]], found: list[Json], at: int
) -> None:
    if not open_tags:
        raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    opened, start, attributes = open_tags.pop()
    if opened != name:
        raise bad_request(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{opened}>", found "</{name}>"'
        )
    if opened == "code" and open_tags and open_tags[-1][0] == "pre" and open_tags[-1][1] == start:
        if attributes.get("class", "").startswith("language-"):
            open_tags[-1][2]["language"] = attributes["class"][9:]
        return
    if at > start and not (opened == "a" and not attributes.get("href")):
        found.append(_entity(SIMPLE[opened], start, at - start, attributes))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at the ends, as the real server sends texts; entities move along."""
    begun = text.lstrip()
    gone = units(text) - units(begun)
    kept = begun.rstrip()
    if gone == 0 and len(kept) == len(text):
        return text, entities
    end = units(kept)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - gone)
        stop = min(end, entity["offset"] + entity["length"] - gone)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return kept, moved


def detect(text: str, marked: list[Json]) -> list[Json]:
    """All entities: those marked, and the addresses, mentions, commands and hashtags that the server finds itself."""
    if not any(sign in text for sign in "./@#+"):
        return marked
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked
        if entity["type"] in {"text_link", "text_mention", "code", "pre"}
    ]
    found = list(marked)
    for match in _PLAIN.finditer(text):
        shown = match.group()
        if match.lastgroup == "url":
            shown = shown.rstrip(".,;:!?)]}…")
        start = units(text[: match.start()])
        length = units(shown)
        if not any(start < stop and begin < start + length for begin, stop in taken):
            found.append({"offset": start, "length": length, "type": match.lastgroup})
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return found
