"""The short way to fingerprint an ASCII text gives what the long way gives."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from rules.folding import fingerprint


@given(st.text(st.characters(max_codepoint=127)))
def test_an_ascii_text_has_the_fingerprint_of_its_letters_and_digits(text: str) -> None:
    letters = "".join(sign for sign in text if sign.isalnum())
    digest = hashlib.blake2b(letters.encode(), digest_size=8).digest()
    assert fingerprint(text) == (int.from_bytes(digest, "big", signed=True) if letters else 0)
