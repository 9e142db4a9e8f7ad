"""Clues from ways to get in touch that lead out of the group."""

import re
from collections.abc import Iterator

from rules.contacts import placed_contacts
from rules.detectors.clues import Clue
from rules.detectors.folding import View
from rules.detectors.kinds import ClueKind

_KINDS = {
    "wechat": ClueKind.CONTACT_WECHAT,
    "qq": ClueKind.CONTACT_QQ,
    "phone": ClueKind.CONTACT_PHONE,
    "telegram": ClueKind.CONTACT_TELEGRAM,
    "whatsapp": ClueKind.CONTACT_WHATSAPP,
    "email": ClueKind.CONTACT_EMAIL,
}
_HANDLE = re.compile(r"(?<![a-z0-9._+/@-])@[a-z][a-z0-9_]{4,31}(?![a-z0-9_.]|@)")


def contact_clues(view: View) -> Iterator[Clue]:
    """The contacts that a text gives, the first of each kind, and whether they were written past a filter."""
    text = view.text
    disguised = False
    for contact, start, end in placed_contacts(text):
        yield Clue(_KINDS[contact.kind], contact.words[:60], start, end)
        if not disguised and start >= 0 and _disguised(view, start, end):
            disguised = True
            yield Clue(ClueKind.CONTACT_DISGUISED, contact.words[:60], start, end)
    if "@" in text and (handle := _HANDLE.search(text)) is not None:
        yield Clue(ClueKind.CONTACT_HANDLE, handle.group(), *handle.span())


def _disguised(view: View, start: int, end: int) -> bool:
    """Whether a contact was written in other signs than plain ones: ⓥ❶③, v一三八, 加-微-信."""
    words = view.text[start:end]
    if words in view.raw or words in view.raw.lower():
        return False
    first, last = view.span(start, end)
    raw = view.raw[first:last].lower()
    return raw.translate(_PLAIN_WIDTH) != words


# Full-width colons, plus signs and digits come from the keyboard, not from a wish to hide.
_PLAIN_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
