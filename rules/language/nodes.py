"""A YAML document as a tree in which everything keeps its place and every scalar is the text that was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.errors import Place

Path = tuple[str | int, ...]
NOTHING = frozenset({"", "~", "null"})
"""What is written, unquoted, where nothing is meant."""


@dataclass(slots=True)
class Scalar:
    """A text. ``plain`` is whether it stood without quotes."""

    text: str
    place: Place
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing is written."""
        return self.plain and self.text in NOTHING


@dataclass(slots=True)
class ListNode:
    """A list."""

    items: list["Node"]
    place: Place


@dataclass(slots=True)
class MapNode:
    """Keys with values, in order."""

    entries: dict[str, "Entry"] = field(default_factory=dict)
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(slots=True)
class Entry:
    """One key with its value."""

    key: Scalar
    value: "Node"


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> object:
    """A tree as str, list, dict and None."""
    if isinstance(node, Scalar):
        return None if node.empty else node.text
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {name: plain(entry.value) for name, entry in node.entries.items()}


def scalars(node: Node) -> Iterator[Scalar]:
    """All values in a tree that are texts (keys are not)."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from scalars(item)
    else:
        for entry in node.entries.values():
            yield from scalars(entry.value)


def nearest(root: Node, path: Sequence[str | int]) -> tuple[Node, Scalar | None, int]:
    """The node at a path, or the last one on the way: the node, the key it stands under, how many steps were taken."""
    node, key = root, None
    for taken, part in enumerate(path):
        if isinstance(node, MapNode) and str(part) in node.entries:
            entry = node.entries[str(part)]
            node, key = entry.value, entry.key
        elif isinstance(node, ListNode) and isinstance(part, int) and part < len(node.items):
            node, key = node.items[part], None
        else:
            return node, key, taken
    return node, key, len(path)


def place_of(root: Node, path: Sequence[str | int]) -> Place:
    """Where the value at a path stands; its key's place where nothing is written."""
    node, key, _ = nearest(root, path)
    return key.place if key is not None and isinstance(node, Scalar) and node.empty else node.place
