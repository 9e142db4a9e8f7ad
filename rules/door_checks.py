"""What stands in the way of doors: found when a file is loaded, so that nobody writes a word to which nothing answers."""
# ruff: noqa: E501 - a sentence is easier to find whole

from collections.abc import Iterator, Mapping

from rules.actions.door import NEEDED
from rules.beyond import WORDS
from rules.config import Config
from rules.doors import Door, plain
from rules.errors import Complaint, Place
from rules.facts import GroupSettings
from rules.gate_checks import platform_and_group
from rules.onboarding import doors_of


def door_complaints(
    config: Config, settings: Mapping[str, GroupSettings], places: Mapping[str, Place]
) -> Iterator[Complaint]:
    """Every complaint about doors: words that two of them have, and platforms on which nobody comes in by one."""
    taken: dict[tuple[str, str], Door] = {}
    for door in doors_of(config):
        place = places.get(f"{door.onboarding}.door") or Place("config")
        path = f"onboarding.{door.onboarding}.door"
        for key in door.groups:
            can = settings[key].capabilities
            missing = next((each for each in NEEDED if each not in can), None)
            if missing is not None:
                why = f"{platform_and_group(settings[key])} cannot {WORDS[missing]}, which a door needs; take {key} out of its groups:"
                yield Complaint(place, why, path)
        for platform in sorted({settings[key].platform for key in door.groups}):
            for word in door.keywords:
                other = taken.setdefault((platform, plain(word)), door)
                if other is not door:
                    why = f"`{word}` is the keyword of `{other.onboarding}` already, on the same platform; choose another, or put the groups into one onboarding"
                    yield Complaint(place, why, path)
