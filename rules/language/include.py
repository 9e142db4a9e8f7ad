"""A main file and all it includes as one tree, section by section."""

from collections.abc import Collection
from dataclasses import dataclass, field

from rules.errors import Complaint, Place
from rules.language.compose import compose
from rules.language.decoding import decode
from rules.language.loaded import FileProblem, Files
from rules.language.nodes import Entry, ListNode, MapNode, Scalar, scalars

DEEPEST = 2
"""How far an included file may include others."""
MOST = 500
"""How many files a configuration may have."""


@dataclass
class Tree:
    """All files of a configuration as one. ``first`` is where in a merged list the items of a file begin."""

    root: MapNode
    complaints: list[Complaint] = field(default_factory=list)
    damaged: bool = False
    files: list[str] = field(default_factory=list)
    starts: dict[tuple[str, str], int] = field(default_factory=dict)


def read_tree(path: str, files: Files, keys: Collection[str]) -> Tree:
    """The tree of a main file, everything it includes merged in."""
    tree = Tree(MapNode(place=Place(path, 1, 1)))
    _read(tree, path, files, keys, (), None)
    return tree


def _read(
    tree: Tree, path: str, files: Files, keys: Collection[str], above: tuple[str, ...], by: Scalar | None
) -> None:
    if path in above:
        chain = " > ".join((*above[above.index(path) :], path))
        _complain(tree, by, path, f"includes go round in a circle: {chain}")
        return
    if path in tree.files:
        return
    if len(tree.files) >= MOST:
        _complain(tree, by, path, f"more than {MOST} files; put more into one")
        return
    tree.files.append(path)
    try:
        data = files.read(path)
    except FileProblem as problem:
        _complain(tree, by, path, str(problem))
        tree.damaged = True
        return
    text, fault = decode(data, path)
    if fault is not None:
        tree.complaints.append(fault)
        tree.damaged = True
        return
    node, complaints, damaged = compose(text, path, keys)
    tree.complaints += complaints
    tree.damaged |= damaged
    if node is None or (isinstance(node, Scalar) and node.empty):
        if not complaints and not above:
            tree.complaints.append(Complaint(Place(path), "is empty; `groupkeeper init` writes one to begin with"))
        return
    if not isinstance(node, MapNode):
        why = "a configuration consists of sections such as `rules:`, each at the start of a line"
        tree.complaints.append(Complaint(node.place, why))
        return
    included = node.entries.pop("include", None)
    _merge(tree, node, path)
    if included is None:
        return
    if not above:
        tree.root.entries["include"] = included
    if len(above) >= DEEPEST:
        why = f"files are included {DEEPEST} deep at most; include this from the main file"
        tree.complaints.append(Complaint(included.key.place, why, "include"))
        return
    for pattern in scalars(included.value):
        for name in _matches(tree, pattern, files, (*above, path)):
            _read(tree, name, files, keys, (*above, path), pattern)


def _matches(tree: Tree, pattern: Scalar, files: Files, above: tuple[str, ...]) -> list[str]:
    if pattern.empty:
        return []
    if not any(sign in pattern.text for sign in "*?["):
        return [pattern.text]
    try:
        found = [name for name in files.glob(pattern.text) if name not in above]
    except FileProblem as problem:
        tree.complaints.append(Complaint(pattern.place, str(problem), "include"))
        return []
    if not found:
        tree.complaints.append(Complaint(pattern.place, f"no file matches `{pattern.text}`", "include"))
    return found


def _merge(tree: Tree, node: MapNode, path: str) -> None:
    for name, entry in node.entries.items():
        mine = tree.root.entries.get(name)
        value = entry.value
        if mine is None:
            # A copy of the container: what other files add must not be mistaken for this file's own.
            if isinstance(value, MapNode):
                value = MapNode(dict(value.entries), value.place)
            elif isinstance(value, ListNode):
                value = ListNode(list(value.items), value.place)
            tree.root.entries[name] = Entry(entry.key, value)
            tree.starts[path, name] = 0
        elif isinstance(value, Scalar) and value.empty:
            continue
        elif isinstance(mine.value, Scalar) and mine.value.empty:
            tree.root.entries[name] = entry
        elif isinstance(mine.value, MapNode) and isinstance(value, MapNode):
            _merge_entries(tree, name, mine.value, value)
        elif isinstance(mine.value, ListNode) and isinstance(value, ListNode):
            tree.starts[path, name] = len(mine.value.items)
            mine.value.items += value.items
        elif not (name == "version" and isinstance(value, Scalar) and isinstance(mine.value, Scalar)):
            why = f"`{name}` is written another way at {mine.key.place}; write both as a list, or both with names"
            tree.complaints.append(Complaint(entry.key.place, why, name))


def _merge_entries(tree: Tree, section: str, mine: MapNode, more: MapNode) -> None:
    for key, entry in more.entries.items():
        first = mine.entries.setdefault(key, entry)
        if first is not entry:
            why = f"`{key}` is written twice, first at {first.key.place}"
            tree.complaints.append(Complaint(entry.key.place, why, f"{section}.{key}"))


def _complain(tree: Tree, by: Scalar | None, path: str, message: str) -> None:
    place = by.place if by is not None else Place(path)
    text = f"{path}: {message}" if by is not None else message
    tree.complaints.append(Complaint(place, text, "include" if by is not None else ""))
