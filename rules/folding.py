"""The folding view of a text: what it says once the ways of writing it differently are taken away."""

import hashlib
import unicodedata

_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)),
    ]
)


def fold(text: str) -> str:
    """Compatibility forms unified, case folded, invisible characters and variation selectors dropped."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()


def fingerprint(folded: str) -> int:
    """64 bits that are the same for texts that differ only in spaces and punctuation; 0 for a text without letters."""
    letters = "".join(filter(str.isalnum, folded))
    if not letters:
        return 0
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest(), "big", signed=True)
