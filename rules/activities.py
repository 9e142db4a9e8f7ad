"""Activities as rules: the daily check-in, by command or by keyword."""

from collections.abc import Mapping

from rules.actions.check_in import CheckIn
from rules.conditions.text import TextIs
from rules.config import Config
from rules.errors import Place
from rules.rulebook import Rule
from rules.selectors import modes_in_groups, select

CHECK_IN = "checkin"


def activity_rules(config: Config, places: Mapping[str, Place]) -> list[Rule]:
    """The rules of the activities that are configured."""
    spec = config.activities.checkin
    if spec is None:
        return []
    action = CheckIn(points=spec.points, streak_bonus=spec.streak_bonus)
    groups = select(config, ())
    place = places.get("activities.checkin")
    modes = modes_in_groups(config, CHECK_IN)
    command = spec.command.lstrip("/／")
    rules = [
        Rule(
            id=CHECK_IN,
            name="",
            kinds=frozenset({"command"}),
            condition=None,
            actions=(action,),
            names=frozenset({command}),
            groups=groups,
            binds_staff=True,
            place=place,
            modes=modes,
            internal=True,
            made_from=CHECK_IN,
        )
    ]
    if spec.keywords:
        rules.append(
            Rule(
                id=f"{CHECK_IN}.keyword",
                name="",
                kinds=frozenset({"message"}),
                condition=TextIs(of=spec.keywords),
                actions=(action,),
                groups=groups,
                binds_staff=True,
                place=place,
                modes=modes,
                internal=True,
                made_from=CHECK_IN,
            )
        )
    return rules
