"""Who is mentioned in a text. WeChat writes a mention as words: ``@Ann``, and behind it a space of its own."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from adapters.wechaty.people import Contact
from rules.values import Mention

SEPARATOR = "\u2005"
"""What ends a mention that a telephone writes; programs of desks write an ordinary space."""
MOST = 50
EVERYBODY = "@所有人"
_ALL = re.compile(r"(?:所有人|全体成员|all(?: members)?|everyone)(?=[\s\u2005]|$)", re.IGNORECASE)
_AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]")
_ENDS = re.compile(r"[\s\u2005,，.。!！?？:：;；、]|$")
_UNKNOWN = re.compile(r"[^\u2005\n@]{1,64}(?=\u2005)")


class Names(Struct, frozen=True):
    """What people are called in a room: ``aliases`` they gave themselves there, ``names`` everywhere. Both to ids."""

    aliases: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]

    def only(self, name: str) -> str | None:
        """The one who is called that; None where nobody is, or several are."""
        found = self.aliases.get(name) or self.names.get(name) or ()
        return found[0] if len(found) == 1 else None

    @property
    def longest_first(self) -> list[str]:
        """Every name, the longest first, so that Ann Lee is not taken for Ann."""
        return sorted({*self.aliases, *self.names}, key=len, reverse=True)


def may_mention(text: str) -> bool:
    """Whether anybody may be mentioned: an address for mail mentions nobody."""
    return ("@" in text or "＠" in text) and _AT.search(text) is not None


def mentions_of(platform: str, text: str, told: Sequence[tuple[Contact, str]]) -> tuple[Mention, ...]:
    """Those of whom the puppet says that they are mentioned, with what each is called in the room."""
    found = []
    for contact, alias in told:
        called = [name for name in (alias, contact.name, contact.alias) if name]
        word = next((f"@{name}" for name in called if f"@{name}" in text), f"@{called[0] if called else contact.id}")
        found.append(Mention(word, f"{platform}:{contact.id}"))
    if (everybody := _everybody(text)) is not None:
        found.append(everybody)
    return tuple(found)


def mentions_in(platform: str, text: str, names: Names | None) -> tuple[Mention, ...]:
    """Those who are mentioned by the words alone. Where a name is not known, or is not one's alone, there is no id."""
    found: dict[Mention, None] = {}
    known = names.longest_first if names is not None else []
    for at in _AT.finditer(text):
        if len(found) >= MOST:
            break
        start = at.end()
        if (everybody := _ALL.match(text, start)) is not None:
            found[Mention(f"@{everybody[0]}")] = None
            continue
        name = next(
            (name for name in known if text.startswith(name, start) and _ENDS.match(text, start + len(name))), None
        )
        if name is not None and names is not None:
            only = names.only(name)
            found[Mention(f"@{name}", f"{platform}:{only}" if only else None)] = None
        elif (unknown := _UNKNOWN.match(text, start)) is not None:
            found[Mention(f"@{unknown[0]}")] = None
    return tuple(found)


def _everybody(text: str) -> Mention | None:
    for at in _AT.finditer(text):
        if (found := _ALL.match(text, at.end())) is not None:
            return Mention(f"@{found[0]}")
    return None
