"""What a rule may do in all: by itself, and by the ladders that it climbs."""

from rules.step import Action, Library


def with_ladders(actions: tuple[Action, ...], library: Library) -> tuple[Action, ...]:
    """The actions, and after each that climbs a ladder what its steps do."""
    found: list[Action] = []
    for action in actions:
        found.append(action)
        for kind, name in action.refers():
            if kind == "ladder" and name in library.ladders:
                found += [inner for rung in library.ladders[name].rungs for inner in rung.do]
    return tuple(found)
