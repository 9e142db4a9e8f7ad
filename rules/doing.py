"""What a rule does in a group: by itself, by the ladders it climbs, and in the place of what the platform cannot do."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.capability import Capability
from rules.facts import GroupSettings
from rules.rulebook import Rule
from rules.step import Action, Fallback, Library, Remark


@dataclass(frozen=True, slots=True)
class StandIn:
    """What is done for a step that a platform cannot do.

    ``name`` is what `fallback:` calls it, ``rest`` what is left of the step (a post without its pin), ``steps`` what is
    done besides; None where nobody has said what to do instead.
    """

    name: str
    missing: frozenset[Capability]
    steps: tuple[Action, ...] | None
    rest: Action | None = None

    @property
    def done(self) -> tuple[Action, ...]:
        """All that is done."""
        return (*(() if self.rest is None else (self.rest,)), *(self.steps or ()))

    def remark(self, settings: GroupSettings) -> Remark:
        """What the trace says of it."""
        platform = settings.title or "this platform"
        if not self.steps:
            return Remark(f"{self.name}: {platform} cannot do this; left out")
        return Remark(f"{self.name}: {platform} cannot do this; instead: {', '.join(step.step for step in self.steps)}")


@dataclass(frozen=True, slots=True)
class Doing:
    """One step of a rule as it is in a group: done as written, or by another. ``ladder`` is the one it stands in."""

    action: Action
    stand_in: StandIn | None
    ladder: str = ""

    @property
    def done(self) -> tuple[Action, ...]:
        """What is really done."""
        return (self.action,) if self.stand_in is None else self.stand_in.done


def stand_in(action: Action, settings: GroupSettings, fallback: Fallback) -> StandIn | None:
    """What is done for a step in a group whose platform cannot do it; None where it can."""
    missing = action.required() - settings.capabilities
    if not missing:
        return None
    if action.step not in fallback:
        for part, rest in action.without().items():
            if part in fallback:
                if rest.required() <= settings.capabilities:
                    return StandIn(part, missing, fallback[part], rest)
                missing = rest.required() - settings.capabilities  # the part itself is seen to
    return StandIn(action.step, missing, fallback.get(action.step))


def ladders_of(action: Action, library: Library) -> list[str]:
    """The ladders that a step climbs."""
    return [name for kind, name in action.refers() if kind == "ladder" and name in library.ladders]


def rungs(ladder: str, library: Library) -> tuple[Action, ...]:
    """All steps of a ladder."""
    return tuple(action for rung in library.ladders[ladder].rungs for action in rung.do)


def doings(
    actions: tuple[Action, ...],
    fallback: Fallback,
    settings: GroupSettings,
    library: Library,
    climbed: tuple[str, ...] = (),
) -> Iterator[Doing]:
    """The steps of a rule as they are in a group, and after each that climbs a ladder those of the ladder.

    ``climbed`` are the ladders in which they stand, one within the other.
    """
    for action in actions:
        yield Doing(action, stand_in(action, settings, fallback), climbed[-1] if climbed else "")
        for name in ladders_of(action, library):
            if name not in climbed:
                nearer = {**fallback, **library.ladders[name].fallback}
                yield from doings(rungs(name, library), nearer, settings, library, (*climbed, name))


def really_done(
    actions: tuple[Action, ...], fallback: Fallback, settings: GroupSettings, library: Library
) -> tuple[Action, ...]:
    """What a rule may do in a group in all."""
    return tuple(action for doing in doings(actions, fallback, settings, library) for action in doing.done)


class Doings:
    """What rules do in groups. Of groups whose platforms can do the same it is found out once: a file may have many."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[int, frozenset[Capability]], tuple[Rule, tuple[Doing, ...]]] = {}

    def of(self, rule: Rule, settings: GroupSettings) -> tuple[Doing, ...]:
        """The steps of a rule as they are in a group, with those of the ladders that it climbs."""
        key = id(rule), settings.capabilities
        if key not in self._known:
            found = tuple(doings(rule.actions, rule.fallback, settings, self._library))
            self._known[key] = rule, found  # the rule with them: its id is another's once it is gone
        return self._known[key][1]
