"""Which of the configured groups a rule is for: names and ``tag:NAME``."""

from collections.abc import Iterable, Mapping

from rules.config import Config, GroupSpec, Mode

TAG = "tag:"
_LOUDNESS: tuple[Mode, ...] = ("off", "shadow", "enforce")


def select(config: Config, wanted: Iterable[str], unwanted: Iterable[str] = ()) -> frozenset[str]:
    """The keys of the groups that ``wanted`` names (all but the staff room where it is empty), less ``unwanted``."""
    wanted = tuple(wanted)
    chosen = _named(config.groups, wanted) if wanted else set(config.groups) - {config.staff.room or ""}
    return frozenset(chosen - _named(config.groups, unwanted))


def modes_in_groups(config: Config, rule: str, own: Mode | None = None) -> Mapping[str, Mode]:
    """A rule's mode in the groups that say so: for this very rule, or for all of theirs.

    ``own`` is what the rule itself says. A group's mode takes the place of the default, and is no louder than the
    rule: a rule that is to be watched only is not enforced because its group is.
    """
    found: dict[str, Mode] = {}
    for key, group in config.groups.items():
        mode = group.rules.get(rule)
        if mode is None and group.mode is not None:
            mode = group.mode if own is None else min(own, group.mode, key=_LOUDNESS.index)
        if mode is not None:
            found[key] = mode
    return found


def _named(groups: Mapping[str, GroupSpec], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        if name.startswith(TAG):
            tag = name.removeprefix(TAG)
            found |= {key for key, group in groups.items() if tag in group.tags}
        elif name in groups:
            found.add(name)
    return found
