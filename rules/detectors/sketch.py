"""Sketches: what is kept of a message to know its near copies again, hashes alone and no words."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Protocol

import numpy as np
from msgspec import Struct

from rules.contacts import FoundContact, contacts_in
from rules.detectors.homophones import by_sound
from rules.detectors.hosts import KNOWN, SHOPS, SHORTENERS
from rules.links import FoundLink, links_in
from rules.values import Message

SKETCH_VERSION = 1
SHORTEST = 8
"""Texts of fewer letters are known again only when they are the same."""
SLOTS = 64
MOST_KEYS = 6
MOST_PICTURES = 2
KINDS = ("link", "number", "handle", "contact", "code", "email")
"""The kinds of key that tie messages together whatever their words: a key's lowest three bits say which."""

_LETTERS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]+")
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][!-~]*)?|@[a-z][a-z0-9_]{3,31}")
_TOLD = re.compile(r"[a-z0-9@][a-z0-9_. -]{4}")  # no address, number or name is shorter
_NUMBER = re.compile(r"(?<![a-z0-9])\+?[0-9](?:[ .()-]{0,2}[0-9]){6,14}(?![0-9])")
_HANDLE = re.compile(r"(?<![a-z0-9._+-])@([a-z][a-z0-9_]{4,31})(?![a-z0-9_.])")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{4,}$")
_NO_DIGIT = re.compile(r"[^0-9]+")
_DATE = re.compile(r"(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])")
_FEWEST_SIGNS = 4  # 8888888 and 6666666 are said, not dialled
_FEWEST_LETTERS = 5  # 哈哈哈哈哈哈哈哈 is no text to remember, however long
_FEWEST_BITS = 8  # a picture of one colour is like every other

# Whose addresses everybody gives: there only the whole path tells who is meant, and the front page tells nothing.
_MEETING = "t.me telegram.me wa.me whatsapp.com line.me discord.gg discord.com wechat.com facebook.com instagram.com"
_VIDEO = "tiktok.com douyin.com kuaishou.com xiaohongshu.com xhslink.com twitch.tv rutube.ru weibo.cn mail.ru ok.ru"
_MAKING = "github.io githubusercontent.com gitee.com openai.com chatgpt.com huggingface.co notion.so feishu.cn bing.com"
_SHARED_HOSTS = frozenset((*f"{_MEETING} {_VIDEO} {_MAKING}".split(), *SHORTENERS, *SHOPS, *KNOWN))

_MULTIPLY = np.array(
    [int.from_bytes(blake2b(b"multiply%d" % i, digest_size=4).digest(), "big") | 1 for i in range(SLOTS)], np.uint32
)
_MIX = np.array([int.from_bytes(blake2b(b"mix%d" % i, digest_size=4).digest(), "big") for i in range(SLOTS)], np.uint32)
_STEPS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], np.uint32)
_HAN = 0x2E80  # from here on a sign is a syllable or a word
_MOST_GRAMS = 192  # of a longer text those with the smallest hashes stand for all


class Folded(Protocol):
    """A text as ``rules.detectors.folding`` shows it: what is needed of it here."""

    @property
    def text(self) -> str:
        """The folded text."""
        ...

    @property
    def pinyin(self) -> str:
        """The folded text by its sound."""
        ...

    @property
    def reversed(self) -> str:
        """The folded text turned round, where it reads better so, or ""."""
        ...


class Sketch(Struct, frozen=True):
    """A message's hashes: of its ``exact`` letters, of its ``grams`` (64 bytes by which near copies are alike), of its
    ``keys`` (numbers, handles, addresses, codes: the same whatever the words) and of its ``pictures``.

    ``letters`` is how long it is; 0 for ``exact`` and nothing for ``grams`` where there is too little to go by.
    """

    letters: int = 0
    exact: int = 0
    grams: bytes = b""
    keys: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything by which it could be known again."""
        return bool(self.exact or self.keys or self.pictures)

    def packed(self) -> bytes:
        """The sketch as at most 143 bytes; ``unpacked`` reads them."""
        head = bytes((SKETCH_VERSION, len(self.keys), len(self.pictures), bool(self.grams)))
        numbers = (min(self.letters, 0xFFFF).to_bytes(2, "big"), self.exact.to_bytes(8, "big"))
        rest = (value.to_bytes(8, "big") for value in (*self.keys, *self.pictures))
        return b"".join((head, *numbers, self.grams, *rest))

    @classmethod
    def unpacked(cls, data: bytes) -> "Sketch":
        """The sketch that ``packed`` wrote. Raises ``ValueError`` where it was written otherwise."""
        if len(data) < 14 or data[0] != SKETCH_VERSION:
            raise ValueError("no sketch of this version")
        keys, pictures, grams = data[1], data[2], SLOTS * data[3]
        if len(data) != 14 + grams + 8 * (keys + pictures):
            raise ValueError("a sketch that is cut off")
        at = 14 + grams
        rest = tuple(int.from_bytes(data[i : i + 8], "big") for i in range(at, len(data), 8))
        return cls(
            letters=int.from_bytes(data[4:6], "big"),
            exact=int.from_bytes(data[6:14], "big"),
            grams=data[14:at],
            keys=rest[:keys],
            pictures=rest[keys:],
        )


def sketch_of(view: Folded, message: Message | None = None) -> Sketch:
    """The sketch of a message by its folded text and, where ``message`` is given, by what it carries besides."""
    text = view.reversed or view.text
    keys = dict.fromkeys(_keys(text, message))
    if view.reversed:
        keys |= dict.fromkeys(_keys(view.text, None))  # a number may stand the right way round all the same
    letters = "".join(_LETTERS.findall(_plain(text)))
    if len(letters) < SHORTEST:
        letters = "".join(_LETTERS.findall(text))  # a price alone is another one than the next
    sounds = ""
    if len(letters) >= SHORTEST:
        sounds = "".join(_LETTERS.findall(_plain(by_sound(text) if view.reversed else view.pinyin)))
    tells = len(sounds) >= SHORTEST and len(set(sounds)) >= _FEWEST_LETTERS
    return Sketch(
        letters=len(letters) if tells else min(len(letters), SHORTEST - 1),
        exact=_hash(letters) if letters else 0,
        grams=_grams(sounds) if tells else b"",
        keys=tuple(keys)[:MOST_KEYS],
        pictures=_pictures(message) if message is not None and message.media else (),
    )


def kind_of(key: int) -> str:
    """What kind of key one is: one of ``KINDS``."""
    return KINDS[(key & 7) % len(KINDS)]


def likeness(one: bytes, other: bytes) -> float:
    """How alike two texts are by their grams: the estimated share of what they have in common, from 0 to 1."""
    if not one or not other:
        return 0.0
    same = int(np.count_nonzero(np.frombuffer(one, np.uint8) == np.frombuffer(other, np.uint8)))
    return likeness_of(same)


def likeness_of(same: int) -> float:
    """The likeness of texts of whose slots so many are the same; one in 256 is by chance."""
    return max(0.0, (same / SLOTS - 1 / 256) / (255 / 256))


def _plain(text: str) -> str:
    """The text with what varies between copies made the same: addresses and handles left out, numbers as one sign."""
    if "." in text or "@" in text:
        text = _ADDRESS.sub(" ", text)
    return _DIGITS.sub("0", text)


def _grams(letters: str) -> bytes:
    """The least of the hashes of all runs of three letters (two from a Chinese one on), by 64 ways: 8 bits of each."""
    signs = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32)
    hashes = signs[:-2] * _STEPS[0]
    hashes ^= signs[1:-1] * _STEPS[1]
    hashes += signs[2:] * _STEPS[2] * (signs[:-2] < _HAN)
    hashes ^= hashes >> 15
    if len(hashes) > _MOST_GRAMS:
        hashes = np.unique(hashes)[:_MOST_GRAMS]
    least = np.minimum.reduce((hashes[:, None] ^ _MIX) * _MULTIPLY, axis=0)
    least *= _STEPS[0]
    packed: bytes = least.astype("<u4", copy=False).view(np.uint8)[3::4].tobytes()
    return packed


def _keys(text: str, message: Message | None) -> Iterator[int]:
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


def _pictures(message: Message) -> tuple[int, ...]:
    found = []
    for media in message.media:
        value = picture_hash(media.looks or media.hash)
        if value is not None:
            found.append(value)
    return tuple(dict.fromkeys(found))[:MOST_PICTURES]


def picture_hash(text: str | None) -> int | None:
    """The 64 bits of a perceptual hash written in hexadecimal; None for another hash, and where it tells nothing."""
    if text is None or len(text) != 16:
        return None
    try:
        value = int(text, 16)
    except ValueError:
        return None
    return value if _FEWEST_BITS <= value.bit_count() <= 64 - _FEWEST_BITS else None


def _key(kind: str, words: str) -> int:
    return _hash(kind + ":" + words) & ~7 | KINDS.index(kind)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1
