"""An index of sketches by what they are like: tables of a fixed size, in which the oldest entry gives way."""

import numpy as np
from numpy.typing import NDArray

from rules.detectors.sketch import SLOTS, likeness_of

ALIKE = 0.65
"""From this likeness on, two texts are near copies of one another."""
NEAR_BITS = 6
"""Pictures whose hashes differ in no more bits are the same."""
_BANDS = 16
_WAYS = 4
_PLACE_BITS = 18
_PLACES = (1 << _PLACE_BITS) - 1
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SALTS = np.arange(1, _BANDS + 1, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03)
_ROWS = np.arange(_BANDS)


class NearTexts:
    """Places of texts by their grams. Sixteen bands of four slots are looked up, what is found is compared.

    Two texts that are 65% alike meet in a band in 96 cases of 100, at 75% practically always.
    """

    def __init__(self, places: int) -> None:
        if not 0 < places < _PLACES:
            raise ValueError(f"an index holds from 1 to {_PLACES - 1} texts")
        self._grams = np.zeros((places + 1, SLOTS), np.uint8)
        self._bits = max(8, places.bit_length())
        self._table = np.zeros((_BANDS, 1 << self._bits, _WAYS), np.uint32)  # a tag of 14 bits, then the place
        self._turn = 0

    @property
    def nbytes(self) -> int:
        """The memory that the tables take at most."""
        return self._grams.nbytes + self._table.nbytes

    def put(self, place: int, grams: bytes) -> None:
        """Know the text of this place (from 1) from now on."""
        self._grams[place] = np.frombuffer(grams, np.uint8)
        buckets, tags = self._where(grams)
        entries = self._table[_ROWS, buckets]
        free = entries == 0
        self._turn = (self._turn + 1) % _WAYS
        way = np.where(free.any(axis=1), free.argmax(axis=1), self._turn)
        self._table[_ROWS, buckets, way] = (tags << np.uint32(_PLACE_BITS)) | np.uint32(place)

    def drop(self, place: int) -> None:
        """Know it no longer."""
        buckets, _ = self._where(self._grams[place].tobytes())
        entries = self._table[_ROWS, buckets]
        entries[(entries & np.uint32(_PLACES)) == place] = 0
        self._table[_ROWS, buckets] = entries
        self._grams[place] = 0

    def find(self, grams: bytes) -> list[tuple[int, float]]:
        """The places of texts that are near copies, with their likeness, the likest first."""
        buckets, tags = self._where(grams)
        entries = self._table[_ROWS, buckets]
        met = entries[(entries >> np.uint32(_PLACE_BITS)) == tags[:, None]]
        if not len(met):
            return []
        places = np.array(sorted({int(entry) & _PLACES for entry in met.tolist()} - {0}), np.intp)
        if not len(places):
            return []
        same = (self._grams[places] == np.frombuffer(grams, np.uint8)).sum(axis=1)
        found = [(int(place), likeness_of(int(count))) for place, count in zip(places, same, strict=True)]
        return sorted((item for item in found if item[1] >= ALIKE), key=lambda item: (-item[1], item[0]))

    def _where(self, grams: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        mixed = (np.frombuffer(grams, np.uint32) + _SALTS) * _SPREAD
        mixed ^= mixed >> np.uint64(29)
        mixed *= _SPREAD
        tags = (mixed >> np.uint64(4)).astype(np.uint32) & np.uint32((1 << (32 - _PLACE_BITS)) - 1)
        return mixed >> np.uint64(64 - self._bits), tags


class NearPictures:
    """Places of pictures by their perceptual hashes: all are compared, which for 20,000 takes some 20 us."""

    def __init__(self, most: int) -> None:
        self._hashes = np.zeros(most, np.uint64)
        self._places = np.zeros(most, np.int64)
        self._next = 0
        self._filled = 0

    def put(self, place: int, value: int) -> None:
        """Know the picture from now on; the one that was put first gives way."""
        self._hashes[self._next] = value
        self._places[self._next] = place
        self._next = (self._next + 1) % len(self._hashes)
        self._filled = max(self._filled, self._next or len(self._hashes))

    def drop(self, place: int) -> None:
        """Know none of a place's pictures any longer."""
        self._places[self._places == place] = 0

    def find(self, value: int) -> list[tuple[int, int]]:
        """The places of pictures that are the same, with how many bits differ, the likest first."""
        differ = np.bitwise_count(self._hashes[: self._filled] ^ np.uint64(value))
        near = np.flatnonzero((differ <= NEAR_BITS) & (self._places[: self._filled] != 0))
        return sorted(((int(self._places[i]), int(differ[i])) for i in near), key=lambda item: (item[1], item[0]))
