"""The file of learned weights: named arrays and numbers behind a checksum."""

import zlib
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, TypeVar

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rules.errors import GroupkeeperError

MAGIC: Final = b"GKAD"
FORMAT: Final = 1
LARGEST: Final = 64_000_000  # bytes that a file may unpack to
_DIGEST: Final = 16
_PROLOGUE: Final = len(MAGIC) + 1 + _DIGEST + 4
_KINDS: Final = {"i1", "u1", "<i2", "<f2", "<f4"}
Number = TypeVar("Number", bound=np.generic)


class ModelError(GroupkeeperError):
    """Weights that cannot be used, and why."""


class Section(Struct, frozen=True):
    """One array of the file: its name, the kind of its numbers, and its shape."""

    name: str
    kind: str
    shape: tuple[int, ...]


class Header(Struct, frozen=True):
    """What stands in front of the arrays."""

    version: str
    features: str
    sections: tuple[Section, ...]


class Weights(Struct, frozen=True):
    """What a file of weights holds."""

    version: str
    features: str
    arrays: Mapping[str, NDArray[np.generic]]

    def array(self, name: str, kind: type[Number], *shape: int) -> NDArray[Number]:
        """The array of that name; ``ModelError`` where it is missing or not what was expected (-1: any length)."""
        found = self.arrays.get(name)
        if found is None:
            raise ModelError(f"the weights hold no {name!r}")
        fits = len(shape) == found.ndim and all(want in (-1, has) for want, has in zip(shape, found.shape, strict=True))
        if found.dtype != kind or not fits:
            raise ModelError(f"the weights hold a {name!r} of {found.dtype} {found.shape}, not the one expected")
        if found.dtype.kind == "f" and not np.isfinite(found).all():
            raise ModelError(f"the weights hold a {name!r} with numbers that are not finite")
        return found.astype(kind, copy=False)


def packed(version: str, features: str, arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """The arrays as the bytes of a file; the same arrays give the same bytes."""
    little = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    sections = tuple(Section(name, _kind(array), array.shape) for name, array in little.items())
    header = msgspec.json.encode(Header(version, features, sections))
    content = zlib.compress(b"".join(array.tobytes() for array in little.values()), 9)
    body = len(header).to_bytes(4, "little") + header + content
    return MAGIC + bytes([FORMAT]) + blake2b(body, digest_size=_DIGEST).digest() + body


def unpacked(data: bytes) -> Weights:
    """What ``packed`` made; ``ModelError`` for anything else."""
    if len(data) < _PROLOGUE or not data.startswith(MAGIC):
        raise ModelError("this is no file of weights")
    if data[len(MAGIC)] != FORMAT:
        raise ModelError(f"the weights are of format {data[len(MAGIC)]}, and this version reads format {FORMAT}")
    body = data[_PROLOGUE - 4 :]
    if blake2b(body, digest_size=_DIGEST).digest() != data[len(MAGIC) + 1 : _PROLOGUE - 4]:
        raise ModelError("the file of weights is damaged: its checksum does not fit")
    begin = 4 + int.from_bytes(body[:4], "little")
    try:
        header = msgspec.json.decode(body[4:begin], type=Header)
        unzipper = zlib.decompressobj()
        content = unzipper.decompress(body[begin:], LARGEST)
    except (msgspec.DecodeError, UnicodeDecodeError, zlib.error) as problem:
        raise ModelError(f"the file of weights is damaged: {problem}") from problem
    if unzipper.unconsumed_tail:
        raise ModelError(f"the weights take more than {LARGEST:,} bytes")
    return Weights(header.version, header.features, _arrays(header, content))


def _arrays(header: Header, content: bytes) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {}
    begin = 0
    for section in header.sections:
        if section.kind not in _KINDS or any(side < 0 for side in section.shape):
            raise ModelError(f"the weights hold a {section.name!r} of a kind not known: {section.kind}")
        count = int(np.prod(section.shape, dtype=np.int64))
        size = count * np.dtype(section.kind).itemsize
        if begin + size > len(content):
            raise ModelError("the file of weights is damaged: it is shorter than it says")
        array = np.frombuffer(content, section.kind, count, begin).reshape(section.shape)
        arrays[section.name] = array
        begin += size
    if begin != len(content):
        raise ModelError("the file of weights is damaged: it is longer than it says")
    return arrays


def _kind(array: NDArray[np.generic]) -> str:
    kind = array.dtype.str.replace("|", "")
    if kind not in _KINDS:
        raise ValueError(f"an array of {array.dtype} cannot be kept in a file of weights")
    return kind
