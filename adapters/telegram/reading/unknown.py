"""The words inside anything: what is newer than this adapter is read for words and addresses, whatever its shape."""

from typing import Any

from adapters.telegram.reading.texts import Marked

LONGEST = 20_000
"""Characters that are taken out of one thing; more than any message that Telegram takes."""
DEEPEST = 60
"""How deep is looked; Telegram's rich texts go to 16."""
MOST = 20_000
"""Values that are looked at."""

_STYLES = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "marked", "custom_emoji", "blockquote"}
)
_IDS = frozenset(
    {"type", "style", "currency", "language", "language_code", "mime_type", "file_path", "hash", "payload"}
)


def words_in(value: Any, marked: Marked) -> str | None:
    """Every word inside a value, line by line, addresses too; None where there is none.

    Names of kinds and files' ids are left out. Pieces of one line (a rich text's, each with its own marks) are put
    together again without a gap, so that nobody hides a word by making half of it bold.
    """
    found = _Words(marked)
    found.look(value, inline=False, depth=0)
    while found.later:
        aside, depth = found.later.pop(0)
        found.look(aside, inline=False, depth=depth)
    text = "".join(found.parts).strip()
    return text or None


class _Words:
    def __init__(self, marked: Marked) -> None:
        self.parts: list[str] = []
        self.later: list[tuple[Any, int]] = []
        self._marked = marked
        self._room = LONGEST
        self._left = MOST

    def look(self, value: Any, *, inline: bool, depth: int) -> None:
        """Take in a value: as part of the line that stands, or as lines of its own."""
        self._left -= 1
        if depth > DEEPEST or self._left < 0 or self._room <= 0:
            return
        if not inline:
            self._break()
        if type(value) is str:
            self._room -= len(value)
            self.parts.append(value[: self._room + len(value)])
        elif type(value) is list:
            pieces = inline or any(type(item) is str for item in value)
            for item in value:
                self.look(item, inline=pieces, depth=depth + 1)
        elif type(value) is dict:
            self._object(value, inline, depth)
        if not inline:
            self._break()

    def _object(self, value: dict[str, Any], inline: bool, depth: int) -> None:
        kind = value.get("type")
        if kind in _STYLES:
            self._marked.marks[kind] = None
        elif kind in ("channel", "supergroup") and type(name := value.get("username")) is str:
            self._marked.link(f"https://t.me/{name}")
        for key, item in value.items():
            if key in _IDS or key == "id" or key.endswith("_id"):
                continue
            if key == "url":
                self._marked.link(item)
            elif key == "text":
                if not inline:
                    self._break()
                self.look(item, inline=True, depth=depth + 1)
                if not inline:
                    self._break()
            elif inline:
                self.later.append((item, depth + 1))  # it must not break the word in which it stands
            else:
                self.look(item, inline=False, depth=depth + 1)

    def _break(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")
