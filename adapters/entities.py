"""Links and mentions in plain text, for platforms that do not mark them up themselves."""

import re
from collections.abc import Callable

from rules.values import Link, Mention

_URL = re.compile(
    r"(?<![A-Za-z0-9_@.-])(?:https?://[^\s<>\"'，。！？；：、）】》」』]+"
    r"|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:com|net|org|info|biz|cn|hk|tw|me|io|co|cc|vip|top|xyz|shop|site|online|club|app|dev|ru|de|uk|eu|example)"
    r"(?![A-Za-z0-9_-])(?:[/?][^\s<>\"'，。！？；：、）】》」』]*)?)",
    re.IGNORECASE,
)
# A mention may follow a Chinese character without a space; after a Latin one it is part of a mail address.
_MENTION = re.compile(r"(?<![A-Za-z0-9_@.])@(\w[\w.-]*)")
_TRAILING = ".,;:!?)]}…"


def links_in(text: str) -> tuple[Link, ...]:
    """The addresses that a reader could follow; one without a scheme gets ``http://``."""
    if "." not in text:
        return ()
    found = []
    for match in _URL.finditer(text):
        shown = match.group().rstrip(_TRAILING)
        bare = "://" not in shown
        found.append(Link(url=f"http://{shown}" if bare else shown, text=shown if bare else None))
    return tuple(found)


def mentions_in(text: str, member_id: Callable[[str], str | None]) -> tuple[Mention, ...]:
    """The people named with ``@``; ``member_id`` finds the id of a name, where it is known."""
    if "@" not in text:
        return ()
    names = [match.group(1).rstrip(".-") for match in _MENTION.finditer(text)]
    return tuple(Mention(text=f"@{name}", member=member_id(name)) for name in names if name)
