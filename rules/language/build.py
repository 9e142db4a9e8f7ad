"""A tree into the objects of ``rules.config``: every section by itself, so that one fault does not hide another."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rules.config import ScheduleSpec, Trigger
from rules.errors import Complaint, Place
from rules.events import KINDS
from rules.language.nodes import Entry, ListNode, MapNode, Node, Path, Scalar, nearest, plain, scalars
from rules.language.plans import Plan, plans
from rules.language.words import fits, kind, reword, short
from rules.nearest import nearest_word, suggest
from rules.timing import Timing

M = TypeVar("M", bound=BaseModel)
MOST = 500
"""Complaints that are worth telling at once."""
FAULTY = object()
"""Stands for what could not be built: complained of already."""
_SECRET = (("platforms",), ("storage",))
"""Sections of which nothing that is written is repeated in complaints."""
_NAMED_TRIGGERS = ("command", "button", "schedule")


class Builder:
    """Builds models out of nodes and gathers what is wrong with them. ``built`` is all that came out right, by path."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []
        self.built: dict[Path, Any] = {}
        self.triggers: dict[Path, frozenset[str]] = {}
        """What starts a rule, by the rule's path."""
        self.starts: dict[tuple[str, str], int] = {}
        """Where in a section the items of an included file begin."""

    def complain(self, place: Place, path: Path, message: str) -> None:
        if len(path) > 1 and isinstance(path[1], int):
            start = self.starts.get((place.file, str(path[0])), 0)
            path = (path[0], max(path[1] - start, 0), *path[2:])
        self.complaints.append(Complaint(place, message, show(path)))

    def model(self, cls: type[M], node: Node, path: Path, key: Scalar | None = None) -> Any:
        """A model out of settings, or ``FAULTY``."""
        if not isinstance(node, MapNode):
            self.complain(_where(node, key), path, f"write settings here (`key: value`), not {_what(node, key)}")
            return FAULTY
        if cls is ScheduleSpec:
            posted = node.entries.get("post")
            if posted is not None:
                self.post(posted.value, (*path, "post"), posted.key)
            node, timing = self._schedule(node, path)
            return self.settings(cls, node, path, key, {"when": timing})
        return self.settings(cls, node, path, key)

    def settings(
        self,
        cls: type[M],
        node: MapNode,
        path: Path,
        key: Scalar | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> Any:
        """A model out of its entries and what is given already, or ``FAULTY``."""
        known = plans(cls)
        values: dict[str, Any] = dict(given or {})
        faulty = {name for name, value in values.items() if value is FAULTY}
        for name, entry in node.entries.items():
            plan = known.get(name)
            here = (*path, name)
            if plan is None:
                if cls.model_config.get("extra") == "allow":
                    values[name] = plain(entry.value)
                    continue
                meant = nearest_word(name, known)  # then it is not missing, only misspelt
                faulty.add(meant if meant is not None and meant not in node.entries else "")
                if len(self.complaints) < MOST:
                    self.complain(entry.key.place, here, self.unknown_key(name, known, entry))
                continue
            value = self.field(plan, entry, here)
            if value is FAULTY:
                faulty.add(name)
            if value is not None or plan.optional or plan.sort == "plain":
                values[name] = value
        try:
            made = cls.model_validate(values)
        except ValidationError as error:
            self._complain_of(error, node, path, key, faulty)
            return FAULTY
        if faulty:
            return FAULTY
        self.built[path] = made
        return made

    def unknown_key(self, name: str, known: Iterable[str], entry: Entry) -> str:
        """What to say of a key that is none."""
        keys = list(known)
        near = suggest(name, keys)
        colon = "; there is a full-width `：` in it" if "：" in name else ""
        return f"unknown key `{short(name)}`{colon}{near or f'; write {_listed(keys)}'}"

    def field(self, plan: Plan, entry: Entry, path: Path) -> Any:
        """The value of one field, or ``FAULTY``."""
        node, key = entry.value, entry.key
        if isinstance(node, Scalar) and node.empty and plan.sort not in ("plain", "whole"):
            return None
        if plan.sort == "model":
            return self.model(plan.model, node, path, key)
        if plan.sort == "models":
            return self._models(plan.model, node, path, key)
        if plan.sort == "map":
            return self._map(plan.model, node, path, key)
        if plan.sort == "trigger":
            return self.trigger(node, path, key)
        if plan.sort == "whole" and isinstance(node, Scalar) and node.text.isascii() and node.text.isdigit():
            return int(node.text)
        return plain(node)

    def post(self, node: Node, path: Path, key: Scalar) -> None:
        """Look at what a schedule posts."""

    def trigger(self, node: Node, path: Path, key: Scalar) -> Any:
        """A rule's ``when``: kinds of event, one command, button or schedule, or a time."""
        if not isinstance(node, MapNode):
            self.triggers[path[:-1]] = frozenset(scalar.text for scalar in scalars(node)) & frozenset(KINDS)
            return plain(node)
        first = next(iter(node.entries), "")
        if len(node.entries) == 1 and first in _NAMED_TRIGGERS:
            self.triggers[path[:-1]] = frozenset({first})
            return plain(node)
        self.triggers[path[:-1]] = frozenset({"schedule"})
        timing = self.settings(Timing, node, path, key)
        return FAULTY if timing is FAULTY else Trigger(kinds=frozenset({"schedule"}), timing=timing)

    def _models(self, cls: type[BaseModel], node: Node, path: Path, key: Scalar) -> Any:
        if not isinstance(node, ListNode):
            self.complain(
                _where(node, key), path, f"write a list here, each item beginning with `- `, not {_what(node, key)}"
            )
            return FAULTY
        made = [self.model(cls, item, (*path, number)) for number, item in enumerate(node.items)]
        return FAULTY if FAULTY in made else tuple(made)

    def _map(self, cls: type[BaseModel], node: Node, path: Path, key: Scalar) -> Any:
        if not isinstance(node, MapNode):
            self.complain(_where(node, key), path, f"write names with settings here, not {_what(node, key)}")
            return FAULTY
        made = {name: self.model(cls, e.value, (*path, name), e.key) for name, e in node.entries.items()}
        return FAULTY if FAULTY in made.values() else made

    def _schedule(self, node: MapNode, path: Path) -> tuple[MapNode, Any]:
        """A schedule's own settings, and its timing: written flat, or under ``when``."""
        own, times = plans(ScheduleSpec), plans(Timing)
        timing, rest = MapNode(place=node.place), MapNode(place=node.place)
        when = node.entries.get("when")
        sound = True
        if when is not None:
            if isinstance(when.value, MapNode):
                timing.entries.update(when.value.entries)
            else:
                self.complain(when.value.place, (*path, "when"), "write a time here, such as `{ quiet_for: 6h }`")
                sound = False
        for name, entry in node.entries.items():
            if name == "when":
                continue
            if name in times and name not in own:
                first = timing.entries.get(name)
                if first is not None:
                    why = f"`{name}` is written twice, first on line {first.key.place.line}"
                    self.complain(entry.key.place, (*path, name), why)
                timing.entries[name] = entry
            else:
                rest.entries[name] = entry
        for name in list(rest.entries):
            # Without this, a misspelt `att:` would be told the schedule's own keys only.
            if name not in own and suggest(name, times) and not suggest(name, own):
                entry = rest.entries.pop(name)
                self.complain(entry.key.place, (*path, name), self.unknown_key(name, times, entry))
                sound = False
        if not sound:
            return rest, FAULTY
        return rest, self.settings(Timing, timing, path)

    def _complain_of(
        self, error: ValidationError, node: MapNode, path: Path, key: Scalar | None, faulty: set[str]
    ) -> None:
        by_path: dict[Path, list[tuple[Any, Node, Place]]] = {}
        for part in map(_of_key, error.errors(include_url=False, include_input=False)):
            loc = part["loc"]
            if loc and loc[0] in faulty:
                continue
            found, under, taken = nearest(node, loc)
            if part["type"] == "missing" and taken == len(loc) - 1:
                place = under.place if under is not None else _where(found, key if taken == 0 else None)
                by_path.setdefault((*path, *loc), []).append((part, found, place))
                continue
            place = under.place if under is not None and isinstance(found, Scalar) and found.empty else found.place
            by_path.setdefault((*path, *loc[:taken]), []).append((part, found, place))
        quote = path[:1] not in _SECRET
        for where, parts in by_path.items():
            fitting = [part for part in parts if fits(part[0]["type"], part[1])] or parts
            words = dict.fromkeys(
                f"`{part['loc'][-1]}` is missing here" if part["type"] == "missing" else reword(part, at, quote)
                for part, at, _ in fitting
            )
            self.complain(fitting[0][2], where, " or ".join(words))


def show(path: Path) -> str:
    """A path as text: ``rules[0].then[1].mute.for``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _of_key(part: Any) -> Any:
    """An error; one about a key of a mapping says so."""
    loc = part["loc"]
    if not loc or loc[-1] != "[key]":
        return part
    return {**part, "loc": loc[:-1], "type": "value_error", "ctx": {"error": f"`{loc[-2]}` cannot be a key here"}}


def _where(node: Node, key: Scalar | None) -> Place:
    return key.place if key is not None and isinstance(node, Scalar) and node.empty else node.place


def _what(node: Node, key: Scalar | None) -> str:
    if isinstance(node, Scalar) and not node.empty:
        colon = "：" if "：" in node.text else ""
        return f"`{short(node.text)}`" + (" (its `：` is full-width; write `: `)" if colon else "")
    return kind(node)


def _listed(words: list[str]) -> str:
    if not words:
        return "none"
    more = ", ..." if len(words) > 24 else ""
    return ("one of " if len(words) > 1 else "") + ", ".join(f"`{word}`" for word in words[:24]) + more
