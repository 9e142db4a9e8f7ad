"""The steps that come with Groupkeeper."""

from rules.actions import ACTIONS
from rules.conditions import CONDITIONS
from rules.step import Steps


def builtin_steps() -> Steps:
    """Every built-in condition and action, by its name."""
    return Steps(
        conditions={condition.step: condition for condition in CONDITIONS},
        actions={action.step: action for action in ACTIONS},
    )
