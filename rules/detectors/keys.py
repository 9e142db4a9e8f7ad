"""Keys: what ties messages together whatever their words, such as a number or an address, as hashes."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from rules.contacts import FoundContact, contacts_in
from rules.detectors.hosts import KNOWN, SHOPS, SHORTENERS
from rules.links import FoundLink, links_in
from rules.values import Message

KINDS = ("link", "number", "handle", "contact", "code", "email")
"""The kinds of key that tie messages together whatever their words: a key's lowest three bits say which."""

_TOLD = re.compile(r"[a-z0-9@][a-z0-9_. -]{4}")  # no address, number or name is shorter
_NUMBER = re.compile(r"(?<![a-z0-9])\+?[0-9](?:[ .()-]{0,2}[0-9]){6,14}(?![0-9])")
_HANDLE = re.compile(r"(?<![a-z0-9._+-])@([a-z][a-z0-9_]{4,31})(?![a-z0-9_.])")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{4,}$")
_NO_DIGIT = re.compile(r"[^0-9]+")
_DATE = re.compile(r"(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{16}")
_FEWEST_SIGNS = 4  # 8888888 and 6666666 are said, not dialled
_FEWEST_BITS = 8  # a picture of one colour is like every other

# Whose addresses everybody gives: there only the whole path tells who is meant, and the front page tells nothing.
_MEETING = "t.me telegram.me wa.me whatsapp.com line.me discord.gg discord.com wechat.com facebook.com instagram.com"
_VIDEO = "tiktok.com douyin.com kuaishou.com xiaohongshu.com xhslink.com twitch.tv rutube.ru weibo.cn mail.ru ok.ru"
_MAKING = "github.io githubusercontent.com gitee.com openai.com chatgpt.com huggingface.co notion.so feishu.cn bing.com"
_SHARED_HOSTS = frozenset((*f"{_MEETING} {_VIDEO} {_MAKING}".split(), *SHORTENERS, *SHOPS, *KNOWN))


def kind_of(key: int) -> str:
    """What kind of key one is: one of ``KINDS``."""
    return KINDS[(key & 7) % len(KINDS)]


def keys_in(text: str, message: Message | None = None) -> Iterator[int]:
    """The keys of a folded text and of what its message carries besides, as they come."""
    if message is not None:
        for media in message.media:
            for code in media.codes:
                yield _key("code", code.strip().lower())
    told = _TOLD.search(text) is not None
    if told or (message is not None and (message.links or message.buttons)):
        for link in links_in(text, message):
            if (address := _address(link)) is not None:
                yield _key("link", address)
    if not told:
        return
    for contact in contacts_in(text):
        if (found := _contact(contact)) is not None:
            yield _key(*found)
    for match in _NUMBER.finditer(text):
        if (number := _number(match.group())) is not None:
            yield _key("number", number)
    if "@" in text:
        for match in _HANDLE.finditer(text):
            yield _key("handle", match[1])


def _address(link: FoundLink) -> str | None:
    domain = link.domain
    if domain not in _SHARED_HOSTS and link.host not in _SHARED_HOSTS:
        return domain
    path = link.rest.rstrip("/")
    return domain + path if len(path) > 1 else None


def _contact(contact: FoundContact) -> tuple[str, str] | None:
    if contact.kind == "email":
        return "email", contact.words
    words = contact.words.rpartition("/")[2].rpartition("@")[2].replace(" ", "")
    if (number := _number(words)) is not None:
        return "number", number
    match = _ID.search(words)
    if match is None or contact.kind not in ("wechat", "telegram"):
        return None
    return ("handle" if contact.kind == "telegram" else "contact"), match.group()


def _number(words: str) -> str | None:
    digits = _NO_DIGIT.sub("", words)
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if not 7 <= len(digits) <= 15 or len(set(digits)) < _FEWEST_SIGNS or digits in "01234567890123456789":
        return None
    return None if _DATE.fullmatch(digits) else digits


def pictures_of(message: Message) -> tuple[int, ...]:
    """The hashes of a message's pictures, each once."""
    found = []
    for media in message.media:
        value = picture_hash(media.looks)
        if value is not None:
            found.append(value)
    return tuple(dict.fromkeys(found))


def picture_hash(text: str | None) -> int | None:
    """The 64 bits of a perceptual hash written in hexadecimal; None for another hash, and where it tells nothing."""
    if text is None or _HEXADECIMAL.fullmatch(text) is None:
        return None
    value = int(text, 16)
    return value if _FEWEST_BITS <= value.bit_count() <= 64 - _FEWEST_BITS else None


def _key(kind: str, words: str) -> int:
    return hashed(kind + ":" + words) & ~7 | KINDS.index(kind)


def hashed(text: str) -> int:
    """64 bits that stand for a text; never 0."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1
