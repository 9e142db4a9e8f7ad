"""The buttons below what the bot says, and what to type where a platform shows none.

What stands behind a button may be 64 bytes long, so groups and members are named there as shortly as commands
understand.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from rules.capability import Capability
from rules.effects import SendPrivate, SendText
from rules.facts import Facts, GroupSettings
from rules.text import Text, key, say
from rules.values import Button

FEWEST_DIGITS = 5
"""Of an id that commands know for one without its platform."""
LONGEST_PLACE = 24
"""Bytes of a group's name in the file that still fit behind a button."""


def button(label: str, data: str) -> Button:
    """A button with a label of ours, ``buttons.<label>``."""
    return Button(label=key(f"buttons.{label}"), data=data)


def appeal_button(facts: Facts, member: str, *, alone: bool = False) -> tuple[Button, ...]:
    """The button by which a member objects, where there is a staff room that it reaches; ``alone`` with the bot."""
    if facts.settings.staff_chat is None or not facts.can(Capability.BUTTONS):
        return ()
    place = f" {place_name(facts.settings)}" if alone else ""
    return (button("appeal", f"/appeal {bare(member)}{place}"),)


def read_button(facts: Facts, *, alone: bool = False) -> tuple[Button, ...]:
    """The button by which a member says that they have read the rules; ``alone`` with the bot."""
    if not facts.can(Capability.BUTTONS):
        return ()
    return (button("read_rules", f"/read {place_name(facts.settings)}" if alone else "/read"),)


def with_buttons(
    sent: SendText | SendPrivate, aloud: tuple[Button, ...], alone: tuple[Button, ...]
) -> SendText | SendPrivate:
    """The same word with buttons below it, ``aloud`` in the group and ``alone`` with the bot."""
    if isinstance(sent, SendText):
        return replace(sent, buttons=(*sent.buttons, *aloud))
    otherwise = sent.otherwise and replace(sent.otherwise, buttons=(*sent.otherwise.buttons, *aloud))
    return replace(sent, buttons=(*sent.buttons, *alone), otherwise=otherwise)


def place_name(settings: GroupSettings) -> str:
    """What a command given elsewhere ends with: the group's name in the file, or its id where that is too long.

    What stands behind a button may be 64 bytes long.
    """
    return settings.key if len(settings.key.encode()) <= LONGEST_PLACE else settings.chat


def bare(member: str) -> str:
    """A member's id as short as commands understand it: a number without its platform."""
    number = member.partition(":")[2]
    return number if len(number) >= FEWEST_DIGITS and number.removeprefix("-").isdecimal() else member


def with_typed(text: Text, buttons: Iterable[Button], facts: Facts) -> Text:
    """The text, with what to type where the staff room shows no buttons."""
    if Capability.BUTTONS in facts.settings.staff_capabilities:
        return text
    lines = tuple(
        say("{text}: {command}", text=one.label or say("{text}", text=one.text), command=one.data)
        for one in buttons
        if one.data is not None
    )
    return say("{items}", items=(text, *lines)) if lines else text
