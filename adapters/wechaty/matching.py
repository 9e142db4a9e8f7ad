"""Who is who after a login that gave everybody another id. Pure, and rather too careful than wrong.

A member who is taken for another is muted, warned or removed for what they never did; one who is not found again only
loses a history. So two are the same only where nothing else is possible, as far as names can say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct


class Described(Struct, frozen=True, omit_defaults=True):
    """Somebody as the account sees them: their name, its own remark on them, and what they are called by room."""

    name: str = ""
    alias: str = ""
    rooms: Mapping[str, str] = {}


def matched(before: Mapping[str, Described], now: Mapping[str, Described]) -> dict[str, str]:
    """For the keys of ``now`` the keys of ``before`` that are the same people; only those that are certain.

    A remark decides for whoever has one: it is the account's own, and nobody else can write it. All others are known
    again by their name, or by that and what they call themselves in the room, in a room that they were in and are in.
    """
    found = _same(
        ((one.alias, key) for key, one in before.items()),
        ((one.alias, key) for key, one in now.items()),
    )
    left = {key: one for key, one in before.items() if key not in set(found.values())}
    new = {key: one for key, one in now.items() if key not in found}
    return found | {key: was for key, was in _by_names(left, new).items() if not left[was].alias}


def _by_names(before: Mapping[str, Described], now: Mapping[str, Described]) -> dict[str, str]:
    pairs: set[tuple[str, str]] = set()
    for room in sorted({room for one in before.values() for room in one.rooms}):
        was = {key: one for key, one in before.items() if room in one.rooms}
        is_ = {key: one for key, one in now.items() if room in one.rooms}
        pairs.update(_same(_plainly(was), _plainly(is_)).items())
        pairs.update(_same(_fully(was, room), _fully(is_, room)).items())
    once = Counter(key for key, _ in pairs), Counter(was for _, was in pairs)
    return {key: was for key, was in pairs if once[0][key] == 1 and once[1][was] == 1}  # rooms that contradict: nobody


def _plainly(people: Mapping[str, Described]) -> Iterable[tuple[str, str]]:
    return ((one.name, key) for key, one in people.items())


def _fully(people: Mapping[str, Described], room: str) -> Iterable[tuple[str, str]]:
    return (
        (f"{one.name}\n{one.rooms[room]}" if one.name and one.rooms[room] else "", key) for key, one in people.items()
    )


def _same(before: Iterable[tuple[str, str]], now: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those that share a mark which nobody else has, neither before nor now."""
    was, is_ = _gathered(before), _gathered(now)
    return {keys[0]: was[mark][0] for mark, keys in is_.items() if mark and len(keys) == 1 == len(was.get(mark, ()))}


def _gathered(marks: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for mark, key in marks:
        found[mark].append(key)
    return found
