"""What a configuration defines, by sort and name, and the complaint about a name that is nothing."""

from collections.abc import Collection, Iterable

from rules.language.nodes import ListNode, MapNode, Node, Scalar, scalars
from rules.language.words import short
from rules.nearest import suggest

IMPLICIT_ROLES = frozenset({"staff", "member", "admin"})
"""Roles that need not be set down."""
_TESTERS = IMPLICIT_ROLES | {"newcomer", "moderator", "owner"}
_SECTIONS = {
    "platform": "platforms",
    "group": "groups",
    "role": "roles",
    "window": "windows",
    "ladder": "ladders",
    "calendar": "calendar",
    "topics": "topics",
}
_WITH_IDS = {"rule": ("rules", "onboarding", "schedules"), "schedule": ("schedules",)}
_SECTION_OF = {**_SECTIONS, "rule": "rules", "schedule": "schedules", "copy": "copy", "tester": "roles"}
_NOUNS = {"topics": "list of topics", "copy": "text"}


class Names:
    """All names that a tree defines, whether or not what they stand for is free of faults."""

    def __init__(self, root: MapNode, own_copy: Iterable[str], copy_keys: Collection[str] | None) -> None:
        self.by_sort: dict[str, set[str]] = {}
        for sort, section in _SECTIONS.items():
            entry = root.entries.get(section)
            self.by_sort[sort] = set(entry.value.entries) if entry and isinstance(entry.value, MapNode) else set()
        for sort, sections in _WITH_IDS.items():
            self.by_sort[sort] = {found for section in sections for found in _ids(root, section)}
        self.by_sort["tag"] = _tags(root)
        self.copy_known = copy_keys is not None
        self.by_sort["copy"] = {*own_copy, *(copy_keys or ())}
        self.by_sort["tester"] = self.by_sort["role"] | _TESTERS
        self.by_sort["role"] |= IMPLICIT_ROLES

    def fault(self, sort: str, name: str) -> str | None:
        """What is wrong with a reference, or None."""
        known = self.by_sort.get(sort)
        if known is None or name in known or (sort == "copy" and not self.copy_known):
            return None
        noun = _NOUNS.get(sort, "role" if sort == "tester" else sort)
        there = sorted(known)
        hint = suggest(name, there)
        if not hint and there and sort != "copy":
            hint = f"; there are {', '.join(there[:8])}" + (", ..." if len(there) > 8 else "")
        elif not hint:
            hint = "; no group has tags: yet" if sort == "tag" else f"; write it under {_SECTION_OF[sort]}:"
        return f"there is no {noun} `{short(name)}`{hint}"

    def selector_fault(self, selector: str) -> str | None:
        """What is wrong with a group's name or ``tag:NAME``."""
        if selector.startswith("tag:"):
            return self.fault("tag", selector.removeprefix("tag:").strip())
        if selector in self.by_sort["group"]:
            return None
        if selector in self.by_sort["tag"]:
            return f"there is no group `{short(selector)}`; did you mean `tag:{selector}`?"
        return self.fault("group", selector)


def _ids(root: MapNode, section: str) -> Iterable[str]:
    entry = root.entries.get(section)
    if entry is None or not isinstance(entry.value, ListNode):
        return
    for item in entry.value.items:
        found = item.entries.get("id") if isinstance(item, MapNode) else None
        if found is not None and isinstance(found.value, Scalar):
            yield found.value.text


def _tags(root: MapNode) -> set[str]:
    entry = root.entries.get("groups")
    if entry is None or not isinstance(entry.value, MapNode):
        return set()
    tags: set[str] = set()
    for group in entry.value.entries.values():
        node: Node = group.value
        found = node.entries.get("tags") if isinstance(node, MapNode) else None
        if found is not None:
            tags |= {scalar.text for scalar in scalars(found.value)}
    return tags
