"""An index of sketches by what they are like: tables of a fixed size, in which the oldest entry gives way."""

from array import array
from struct import Struct

import numpy as np

from rules.detectors.sketch import SLOTS, likeness_of

ALIKE = 0.65
"""From this likeness on, two texts are near copies of one another."""
NEAR_BITS = 6
"""Pictures whose hashes differ in no more bits are the same."""
_BANDS = 16
_PLACE_BITS = 18
_PLACES = (1 << _PLACE_BITS) - 1
_TAG = (1 << (32 - _PLACE_BITS)) - 1
_WORD = 0xFFFFFFFF
_SPREAD = 0x9E3779B1
_FOUR_SLOTS = Struct(f"<{_BANDS}I").unpack


class NearTexts:
    """Places of texts by their grams. Sixteen bands of four slots are looked up, what is found is compared.

    Two texts that are 65% alike meet in a band in 96 cases of 100, at 75% practically always. Plain integers in one
    array: for the few numbers that are looked up they are several times as fast as numpy.
    """

    def __init__(self, places: int) -> None:
        if not 0 < places < _PLACES:
            raise ValueError(f"an index holds from 1 to {_PLACES - 1} texts")
        self._grams = np.zeros((places + 1, SLOTS), np.uint8)
        bits = max(8, places.bit_length() + 1)  # buckets of two
        self._shift = 32 - bits
        self._bands = tuple(band << (bits + 1) for band in range(_BANDS))
        self._table = array("I", bytes(4 * _BANDS << (bits + 1)))  # a tag of 14 bits, then the place
        self._turn = 0
        self._asked: tuple[bytes, list[tuple[int, int]]] = (b"", [])  # what is looked for is often put next

    def put(self, place: int, grams: bytes) -> None:
        """Know the text of this place (from 1) from now on; in a full bucket another gives way."""
        self._grams[place] = np.frombuffer(grams, np.uint8)
        table = self._table
        self._turn ^= 1
        for at, entry in self._where(grams):
            free = at if not table[at] else at + 1 if not table[at + 1] else at + self._turn
            table[free] = entry | place

    def drop(self, place: int) -> None:
        """Know it no longer."""
        for at, entry in self._where(self._grams[place].tobytes()):
            for way in (at, at + 1):
                if self._table[way] == entry | place:
                    self._table[way] = 0
        self._grams[place] = 0

    def find(self, grams: bytes) -> list[tuple[int, float]]:
        """The places of texts that are near copies, with their likeness, the likest first."""
        table = self._table
        met: set[int] = set()
        for at, entry in self._where(grams):
            if entry < (one := table[at]) <= entry | _PLACES:
                met.add(one & _PLACES)
            if entry < (other := table[at + 1]) <= entry | _PLACES:
                met.add(other & _PLACES)
        if not met:
            return []
        places = sorted(met)
        same = np.count_nonzero(self._grams[places] == np.frombuffer(grams, np.uint8), axis=1)
        alike = [(place, likeness_of(count)) for place, count in zip(places, same.tolist(), strict=True)]
        return sorted((item for item in alike if item[1] >= ALIKE), key=lambda item: (-item[1], item[0]))

    def _where(self, grams: bytes) -> list[tuple[int, int]]:
        """For every band where its bucket begins, and its tag."""
        if self._asked[0] is grams:
            return self._asked[1]
        shift = self._shift
        found = [
            (base + ((mixed := number * _SPREAD & _WORD) >> shift << 1), (mixed & _TAG) << _PLACE_BITS)
            for base, number in zip(self._bands, _FOUR_SLOTS(grams), strict=True)
        ]
        self._asked = (grams, found)
        return found


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
