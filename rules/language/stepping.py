"""Conditions and actions out of YAML: one name with its settings, looked up in the steps that are known."""

from typing import Any

from rules.errors import Place
from rules.language.build import FAULTY, MOST, Builder
from rules.language.nodes import Entry, ListNode, MapNode, Node, Path, Scalar
from rules.language.plans import Plan, plans, scalar_key
from rules.language.words import kind, short
from rules.logic import All, AnyOf, NoneOf
from rules.nearest import suggest
from rules.step import Action, Condition, Step, Steps

NOTHING = "nothing"
"""What is written for a step that is left out, knowingly."""
_STEPS = frozenset({"condition", "conditions", "action", "actions", "fallback"})
LOGIC: dict[str, type[Condition]] = {"all": All, "any": AnyOf, "none": NoneOf}


class StepBuilder(Builder):
    """A builder that knows the steps. ``origins`` is where each finished step was written."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.conditions: dict[str, type[Condition]] = {**LOGIC, **steps.conditions}
        self.actions: dict[str, type[Action]] = dict(steps.actions)
        self.modifiers = set(plans(Action))
        self.origins: list[tuple[Step, Path, Place, Node]] = []

    def field(self, plan: Plan, entry: Entry, path: Path) -> Any:
        """The value of one field: steps by name, else what any builder makes of it."""
        node, key = entry.value, entry.key
        if plan.sort in _STEPS and isinstance(node, Scalar) and node.empty:
            if plan.optional:
                return None
            self.complain(key.place, path, f"nothing is written after `{key.text}:`")
            return FAULTY
        if plan.sort == "fallback":
            return self._fallback(node, path)
        if plan.sort == "condition":
            return self.condition(node, path)
        if plan.sort == "action":
            return self.action(node, path)
        if plan.sort == "conditions":
            return self._several(node, path, "conditions")
        if plan.sort == "actions":
            return self._several(node, path, "actions")
        return super().field(plan, entry, path)

    def post(self, node: Node, path: Path, key: Scalar) -> None:
        """Look at a schedule's ``post`` as the action that it will be, where there is one of this name."""
        if "post" in self.actions and isinstance(node, Scalar) and not node.empty:
            cls = self.actions["post"]
            scalar = scalar_key(cls)
            settings = MapNode({scalar: Entry(key, node)} if scalar else {}, node.place)
            made = self.settings(cls, settings, path)
            if made is not FAULTY:
                self.origins.append((made, path, key.place, settings))

    def condition(self, node: Node, path: Path) -> Any:
        """One condition; where several are written, all of them must hold."""
        if isinstance(node, Scalar):
            return self._named(node, Entry(node, _nothing(node)), path, "conditions")
        parts = self._several(node, path, "conditions")
        if parts is FAULTY:
            return FAULTY
        if not parts:
            self.complain(node.place, path, "no condition is written here")
            return FAULTY
        return parts[0] if len(parts) == 1 else All(of=parts)

    def action(self, node: Node, path: Path) -> Any:
        """One action: its name with settings, and what goes for every action (``at_most``) beside it."""
        if isinstance(node, Scalar):
            return self._named(node, Entry(node, _nothing(node)), path, "actions")
        if isinstance(node, ListNode):
            self.complain(node.place, path, "a list inside a list; write one action here")
            return FAULTY
        own = {name: entry for name, entry in node.entries.items() if name not in self.modifiers}
        beside = [entry for name, entry in node.entries.items() if name in self.modifiers]
        if not own:
            self.complain(node.place, path, "no action is written here, such as `delete` or `mute: 1h`")
            return FAULTY
        known = [name for name in own if name in self.actions]
        if len(known) > 1:
            names = " and ".join(f"`{name}`" for name in known)
            self.complain(
                own[known[1]].key.place, path, f"{names} are two actions: write each as an item, with its own `- `"
            )
            return FAULTY
        if len(own) > 1 and known:
            return self._stray(own, known[0], path)
        made = [self._named(entry.key, entry, path, "actions", beside) for entry in own.values()]
        return made[0] if len(made) == 1 else FAULTY

    def _fallback(self, node: Node, path: Path) -> Any:
        """What is done instead of steps, by their names; none where `nothing` is written."""
        if not isinstance(node, MapNode):
            self.complain(node.place, path, "write the name of a step here and what is done instead: `delete: warn`")
            return FAULTY
        made: dict[str, Any] = {}
        for name, entry in node.entries.items():
            here = (*path, name)
            if name not in self.actions:
                self.complain(entry.key.place, here, self._unknown(name, "actions"))
                made[name] = FAULTY
            elif _is_empty(entry.value):
                self.complain(entry.key.place, here, f"say what is done instead of `{name}`, or `{name}: nothing`")
                made[name] = FAULTY
            elif isinstance(entry.value, Scalar) and entry.value.text == NOTHING:
                made[name] = ()
            else:
                made[name] = self._several(entry.value, here, "actions")
        for step, at, place, _ in self.origins:
            if at[: len(path)] == path and any(sort == "ladder" for sort, _ in step.refers()):
                why = f"`{step.step}` cannot stand in a fallback, which has none of its own; write what is done instead"
                self.complain(place, at, why)
        return FAULTY if any(steps is FAULTY for steps in made.values()) else made

    def _stray(self, own: dict[str, Entry], name: str, path: Path) -> Any:
        """Complain of what stands beside an action and is none."""
        cls = self.actions[name]
        for other, entry in own.items():
            if other == name:
                continue
            near = suggest(other, self.modifiers)
            if other in plans(cls):
                main = own[name].value
                value = (
                    f"{scalar_key(cls)}: {short(main.text)}, " if isinstance(main, Scalar) and not main.empty else ""
                )
                inside = f"`{name}: {{ {value}{other}: ... }}`"
                why = f"`{other}` is a setting of `{name}`: write {inside}"
            elif near:
                why = f"unknown key `{short(other)}`{near}"
            else:
                why = self._unknown(other, "actions")
            self.complain(entry.key.place, (*path, other), why)
        self._named(own[name].key, own[name], path, "actions")
        return FAULTY

    def _several(self, node: Node, path: Path, sort: str) -> Any:
        """A tuple of steps out of a list, a single step or (conditions) a mapping of several."""
        one = self.condition if sort == "conditions" else self.action
        if isinstance(node, ListNode):
            made = [one(item, (*path, number)) for number, item in enumerate(node.items)]
        elif isinstance(node, MapNode) and sort == "conditions":
            made = [self._named(entry.key, entry, path, sort) for entry in node.entries.values()]
        else:
            made = [one(node, path)]
        return FAULTY if any(step is FAULTY for step in made) else tuple(made)

    def _named(self, name: Scalar, entry: Entry, path: Path, sort: str, beside: list[Entry] | None = None) -> Any:
        """The step of this name."""
        cls: type[Step] | None = self.conditions.get(name.text) if sort == "conditions" else self.actions.get(name.text)
        here = (*path, name.text)
        if cls is None:
            self.complain(name.place, path, self._unknown(name.text, sort))
            return FAULTY
        settings = self._settings(cls, entry, here)
        if settings is None:
            return FAULTY
        for other in beside or ():
            if other.key.text in settings.entries:
                line = settings.entries[other.key.text].key.place.line
                self.complain(other.key.place, path, f"`{other.key.text}` is written twice, first on line {line}")
            settings.entries[other.key.text] = other
        made = self.settings(cls, settings, here, name)
        if made is not FAULTY:
            self.origins.append((made, here, name.place, settings))
        return made

    def _settings(self, cls: type[Step], entry: Entry, path: Path) -> MapNode | None:
        """A step's settings as a mapping: a bare value fills the field that says it all."""
        node, scalar, known = entry.value, scalar_key(cls), plans(cls)
        if isinstance(node, Scalar) and node.empty:
            return MapNode(place=entry.key.place)
        if isinstance(node, MapNode):
            sort = known[scalar].sort if scalar is not None and scalar in known else "plain"
            holds_mappings = sort in ("condition", "conditions", "action", "actions", "map")
            if not (holds_mappings and node.entries and not any(name in known for name in node.entries)):
                return MapNode(dict(node.entries), node.place)
        if scalar is None:
            keys = [name for name in known if name not in self.modifiers]
            write = (
                f"write its settings: {', '.join(f'`{key}: ...`' for key in keys)}" if keys else "it has no settings"
            )
            self.complain(node.place, path, f"`{cls.step}` takes no {kind(node).split()[-1]}; {write}")
            return None
        key = Scalar(scalar, entry.key.place)
        return MapNode({scalar: Entry(key, node)}, node.place)

    def _unknown(self, name: str, sort: str) -> str:
        known = self.conditions if sort == "conditions" else self.actions
        others = self.actions if sort == "conditions" else self.conditions
        for sign in ("：", ":"):
            head = name.partition(sign)[0].strip()
            if sign in name and head in known:
                missing = "a full-width `：`; write" if sign == "：" else "a space is missing after `:`; write"
                return f"{missing} `{head}: ...`"
        noun, other = ("condition", "an action") if sort == "conditions" else ("action", "a condition")
        if name in others:
            return f"`{name}` is {other}, it cannot stand here"
        near = suggest(name, known) if len(self.complaints) < MOST else ""
        return f"unknown step `{short(name)}`{near or f'; there is no {noun} of this name'}"


def _nothing(node: Scalar) -> Scalar:
    return Scalar("", node.place)


def _is_empty(node: Node) -> bool:
    return (isinstance(node, Scalar) and node.empty) or (isinstance(node, ListNode) and not node.items)
