"""Text into a tree: YAML's own parser, with anchors, tags and doubled keys refused and every scalar kept as text."""

from collections.abc import Collection
from typing import Any

import yaml
from yaml import events as e

from rules.errors import Complaint, Place
from rules.language.lines import Lines
from rules.language.nodes import Entry, ListNode, MapNode, Node, Scalar
from rules.language.recover import recover
from rules.language.slips import mend_slips

DEEPEST = 40
"""How deep lists and settings may be inside one another."""
_ATTEMPTS = 40
_EFFORT = 4_000_000
"""Characters to be read again altogether after faults: a huge file with faults is given up sooner."""
_TEXT_SECTIONS = frozenset({"copy", "topics", "calendar"})
_OUTER = {"“": "”", "‘": "’", "【": "】", "［": "］", "｛": "｝", "「": "」"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Composer:
    """Builds the tree of one document out of the parser's events. Complaints of an attempt that fails are dropped."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.complaints: list[Complaint] = []
        self.root: Node | None = None
        self.stack: list[tuple[MapNode | ListNode, bool]] = []
        self.keys: list[Scalar | None] = []
        self.section = ""

    def run(self) -> None:
        """Raises ``yaml.YAMLError``."""
        documents = 0
        for event in yaml.parse(self.lines.text, Loader=_Loader):
            if isinstance(event, e.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, e.CollectionStartEvent):
                if len(self.stack) >= DEEPEST:
                    self.complain(event, f"nested deeper than {DEEPEST}; write it flatter")
                    return
                flow = bool(event.flow_style)
                place = self.place(event)
                node: MapNode | ListNode
                node = MapNode(place=place) if isinstance(event, e.MappingStartEvent) else ListNode([], place)
                self.refuse_marks(event)
                self.add(node)
                self.stack.append((node, flow))
                self.keys.append(None)
            elif isinstance(event, e.CollectionEndEvent):
                self.stack.pop()
                self.keys.pop()
            elif isinstance(event, e.AliasEvent):
                why = f"YAML aliases (*{event.anchor}) are not used here; write it out, or put the text in quotes"
                self.complain(event, why)
                self.add(Scalar(f"*{event.anchor}", self.place(event)))
            elif isinstance(event, e.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.complain(event, "a second document (---) begins here; one file holds one document")
                    return

    def scalar(self, event: Any) -> None:
        """Add a text. Full-width marks around or in it are complained of, where they are no part of a text."""
        text, is_plain = event.value, not event.style
        place = self.place(event)
        if event.anchor is not None or event.tag is not None:
            self.refuse_marks(event)
        if is_plain and not text.isascii() and self.section not in _TEXT_SECTIONS:
            close = _OUTER.get(text[0])
            if close and text[-1] == close and len(text) > 1 and close not in text[1:-1]:
                self.complaints.append(Complaint(place, _outer_message(text)))
                text = text[1:-1]
            elif self.stack and self.stack[-1][1] and isinstance(self.stack[-1][0], ListNode):
                comma = "，" if "，" in text else "、" if "、" in text else ""
                if comma:
                    why = f"`{comma}` does not part the items of a list: write `, ` between them, or quote the text"
                    at = self.lines.lines[place.line - 1].find(comma) if place.line else -1
                    self.complaints.append(Complaint(self.lines.place(place.line - 1, max(at, 0)), why))
                    for part in text.split(comma):
                        self.add(Scalar(part.strip(" “”"), place, is_plain))
                    return
        self.add(Scalar(text, place, is_plain))

    def add(self, node: Node) -> None:
        """Put a node where it belongs."""
        if not self.stack:
            if self.root is None:
                self.root = node
            return
        parent, _ = self.stack[-1]
        if isinstance(parent, ListNode):
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            if not isinstance(node, Scalar):
                self.complaints.append(
                    Complaint(node.place, "a key must be a word; text with { or [ at its start needs quotes")
                )
                node = Scalar(f"?{len(parent.entries)}", node.place)
            if node.plain and node.text == "<<":
                self.complaints.append(Complaint(node.place, "YAML merge keys (<<) are not used here; write it out"))
            self.keys[-1] = node
            if len(self.stack) == 1:
                self.section = node.text
            return
        self.keys[-1] = None
        first = parent.entries.get(key.text)
        if first is not None:
            why = f"`{key.text}` is written twice, first on line {first.key.place.line}"
            self.complaints.append(Complaint(key.place, why))
            return
        parent.entries[key.text] = Entry(key, node)

    def refuse_marks(self, event: Any) -> None:
        """Anchors and tags have no meaning here, and anchors are how a small file becomes a huge one."""
        if event.anchor is not None:
            why = f"YAML anchors (&{event.anchor}) are not used here; write it out, or put the text in quotes"
            self.complain(event, why)
        if event.tag is not None:
            self.complain(event, f"YAML tags ({event.tag}) are not used here; put text that begins with ! in quotes")

    def place(self, event: Any) -> Place:
        mark = event.start_mark
        return self.lines.place(mark.line, mark.column) if self.lines.moved else _place(self.lines.file, mark)

    def complain(self, event: Any, message: str) -> None:
        self.complaints.append(Complaint(self.place(event), message))


def compose(text: str, file: str, keys: Collection[str]) -> tuple[Node | None, list[Complaint], bool]:
    """The tree of a text, all complaints about its form, and whether parts had to be left out to go on reading.

    ``keys`` are the words of the language, by which a full-width colon is told from one in a text.
    """
    lines = Lines(file, text.split("\n"))
    mend_slips(lines, keys)
    for _ in range(max(2, min(_ATTEMPTS, _EFFORT // (len(text) + 1)))):
        composer = _Composer(lines)
        try:
            composer.run()
        except yaml.MarkedYAMLError as error:
            if not recover(lines, error):
                break
        else:
            return composer.root, [*lines.complaints.values(), *composer.complaints], lines.damaged
    return None, list(lines.complaints.values()), True


def _outer_message(text: str) -> str:
    first, last = text[0], text[-1]
    if first in "“‘「":
        return f'the full-width quotes {first} {last} would be part of the text; write straight quotes: "..."'
    straight = {"【": "[ ]", "［": "[ ]", "｛": "{ }"}[first]
    return f"full-width brackets {first} {last} make no list; write half-width {straight}, or quote the text"


def _place(file: str, mark: Any) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)
