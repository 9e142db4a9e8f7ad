"""Sketches: what is kept of a message to know its near copies again, hashes alone and no words."""

import re
from hashlib import blake2b
from typing import Protocol

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from rules.detectors.homophones import by_sound
from rules.detectors.keys import hashed, keys_in, pictures_of
from rules.values import Message

SKETCH_VERSION = 2
SHORTEST = 8
"""Texts of fewer letters are known again only when they are the same."""
SLOTS = 64
MOST_KEYS = 6
MOST_PICTURES = 2
MOST_MARKS = 8
_LETTERS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]+")
# An address or a handle; or in the group a long row of signs that is none, to be read once and not from each of them.
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]++\.)+[a-z]{2,}(?::\d+)?(?:[/?#][!-~]*)?|@[a-z][a-z0-9_]{3,31}"
    r"|(?=[a-z0-9.-]{32})((?:(?!https?://)[a-z0-9-])++(?:\.(?:(?!https?://)[a-z0-9-])++)*+)"
)
_FEWEST_LETTERS = 5  # 哈哈哈哈哈哈哈哈 is no text to remember, however long
_MULTIPLY = np.array(
    [int.from_bytes(blake2b(b"multiply%d" % i, digest_size=4).digest(), "big") | 1 for i in range(SLOTS)], np.uint32
)
_MIX = np.array([int.from_bytes(blake2b(b"mix%d" % i, digest_size=4).digest(), "big") for i in range(SLOTS)], np.uint32)
# Arrays, not numbers: numpy looks for a number's type each time.
_STEPS = tuple(np.array(step, np.uint32) for step in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D))
_FOLDED = np.array(15, np.uint32)
_MARKED = 45  # bytes, which are 15 Chinese characters: a shorter text is not looked for within others
_HAN = np.array(0x2E80, np.uint32)  # from here on a sign is a syllable or a word
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

    ``letters`` is how long it is; 0 for ``exact`` and nothing for ``grams`` where there is too little to go by. By its
    ``marks`` it is found within a longer text, whose ``runs`` hold them: these are not kept.
    """

    letters: int = 0
    exact: int = 0
    grams: bytes = b""
    keys: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything by which it could be known again."""
        return bool(self.exact or self.keys or self.pictures)

    def packed(self) -> bytes:
        """The sketch without its runs, as at most 175 bytes, mostly some 100; ``unpacked`` reads them."""
        head = bytes((SKETCH_VERSION, len(self.keys) << 4 | len(self.pictures), len(self.marks), bool(self.grams)))
        numbers = (min(self.letters, 0xFFFF).to_bytes(2, "big"), self.exact.to_bytes(8, "big"))
        rest = (value.to_bytes(8, "big") for value in (*self.keys, *self.pictures))
        marks = (mark.to_bytes(4, "big") for mark in self.marks)
        return b"".join((head, *numbers, self.grams, *marks, *rest))

    @classmethod
    def unpacked(cls, data: bytes) -> "Sketch":
        """The sketch that ``packed`` wrote. Raises ``ValueError`` where it was written otherwise."""
        if len(data) < 14 or data[0] != SKETCH_VERSION:
            raise ValueError("no sketch of this version")
        keys, pictures, marks, grams = data[1] >> 4, data[1] & 15, data[2], SLOTS * data[3]
        if len(data) != 14 + grams + 4 * marks + 8 * (keys + pictures):
            raise ValueError("a sketch that is cut off")
        at, end = 14 + grams, 14 + grams + 4 * marks
        rest = tuple(int.from_bytes(data[i : i + 8], "big") for i in range(end, len(data), 8))
        return cls(
            letters=int.from_bytes(data[4:6], "big"),
            exact=int.from_bytes(data[6:14], "big"),
            grams=data[14:at],
            keys=rest[:keys],
            pictures=rest[keys:],
            marks=tuple(int.from_bytes(data[i : i + 4], "big") for i in range(at, end, 4)),
        )


def sketch_of(view: Folded, message: Message | None = None) -> Sketch:
    """The sketch of a message by its folded text and, where ``message`` is given, by what it carries besides."""
    text = view.reversed or view.text
    keys = dict.fromkeys(keys_in(text, message))
    if view.reversed:
        keys |= dict.fromkeys(keys_in(view.text))  # a number may stand the right way round all the same
    words = letters = "".join(_LETTERS.findall(_plain(text)))
    if len(letters) < SHORTEST:
        letters = "".join(_LETTERS.findall(text))  # a price alone is another one than the next
    sounds = ""
    if len(letters) >= SHORTEST:
        sounding = by_sound(text) if view.reversed else view.pinyin
        sounds = words if sounding == text else "".join(_LETTERS.findall(_plain(sounding)))
    tells = len(sounds) >= SHORTEST and len(set(sounds)) >= _FEWEST_LETTERS
    hashes = _hashes(sounds) if tells else None
    runs = _runs(hashes) if hashes is not None and len(sounds.encode("utf-8", "replace")) >= _MARKED else ()
    return Sketch(
        letters=len(letters) if tells else min(len(letters), SHORTEST - 1),
        exact=hashed(letters) if letters else 0,
        grams=_grams(hashes) if hashes is not None else b"",
        keys=tuple(keys)[:MOST_KEYS],
        pictures=pictures_of(message)[:MOST_PICTURES] if message is not None and message.media else (),
        marks=tuple(sorted(set(runs))[:MOST_MARKS]),
        runs=runs,
    )


def kept(sketch: Sketch) -> Sketch:
    """The sketch as it is kept: without its runs."""
    return replace(sketch, runs=()) if sketch.runs else sketch


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
    """The text with what varies between copies made the same: addresses and handles left out, numbers as one sign.

    Only its letters are as they were: there may be more blanks.
    """
    if "." in text or "@" in text:
        text = _ADDRESS.sub(r" \1", text)
    return _DIGITS.sub("0", text)


def _hashes(letters: str) -> NDArray[np.uint32]:
    """The hashes of all runs of three letters, of two from a Chinese one on, in order."""
    signs = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32)
    first = signs[:-2]
    hashes: NDArray[np.uint32] = first * _STEPS[0]
    hashes ^= signs[1:-1] * _STEPS[1]
    third = signs[2:] * _STEPS[2]
    third *= first < _HAN
    hashes += third
    hashes ^= hashes >> _FOLDED
    return hashes


def _grams(hashes: NDArray[np.uint32]) -> bytes:
    """The least of the hashes by 64 ways of hashing them again: 8 bits of each."""
    if len(hashes) > _MOST_GRAMS:
        hashes = np.unique(hashes)[:_MOST_GRAMS]
    least = np.minimum.reduce((hashes[:, None] ^ _MIX) * _MULTIPLY, axis=0)
    least *= _STEPS[0]
    packed: bytes = least.view(np.uint8)[3::4].tobytes()
    return packed


def _runs(hashes: NDArray[np.uint32]) -> tuple[int, ...]:
    """The hashes of what stands three signs apart: each is of a run of five signs or more."""
    runs = hashes[:-3] * _STEPS[1] + hashes[3:]
    return tuple(runs.tolist())
