"""Every placeholder that a text may hold, with its meaning. A text with any other is refused when it is loaded."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from rules.copy import PLACEHOLDER

MEANINGS = MappingProxyType(
    {
        "actor": "who gave the command",
        "agenda": "what is on in the group and when, one a line",
        "appeal": "how to object to a decision",
        "bonus": "extra points for a streak",
        "chat": "the group's name in the file, for staff commands",
        "command": "a command to type",
        "commands": "the commands somebody may use, one a line",
        "count": "how many: warnings, messages, people",
        "date": "the day, such as 2026-10-05",
        "day": "the day's number in a series",
        "days": "how many days",
        "duration": "how long, such as 2 hours",
        "fields": "the lines of an introduction that were recognised",
        "group": "the group's name",
        "hours": "how many hours",
        "id": "an id on the platform",
        "introduction": "how to introduce oneself, or what somebody said of themselves",
        "items": "a list, one a line",
        "key": "the group's name in the file",
        "link": "an address",
        "member": "the member's id, for staff commands",
        "message": "the message's id, for staff commands",
        "minutes": "how many minutes",
        "name": "the member's name",
        "names": "several members' names",
        "number": "a number in a list, or of a message held for review",
        "others": "how many people more than those named",
        "place": "the place in a ranking, as a medal or number",
        "platform": "what people call the platform",
        "points": "points given or taken",
        "question": "what was asked",
        "reason": "why it was done",
        "role": "a role's name",
        "right": "a right that the platform gives to admins",
        "rooms": "the groups that an account is in, one a line",
        "rule": "the rule's name",
        "rules": "the group's rules, one a line",
        "score": "the member's points altogether",
        "seconds": "how many seconds",
        "since": "when a stretch of time begins",
        "step": "which step of a ladder was reached",
        "steps": "how many steps the ladder has",
        "streak": "days checked in in a row",
        "tag": "a tag's name",
        "target": "whom a command is about",
        "text": "the words this is about",
        "time": "a time of day",
        "topic": "the topic of the day",
        "total": "how many altogether",
        "until": "when it ends",
        "value": "what the group stands for, or what was entered",
    }
)
KNOWN = frozenset(MEANINGS)

_NAME = re.compile(r"[^\W\d]\w*")


def names_in(template: str) -> Iterator[str]:
    """The placeholders of a template, in order. Braces around anything but a name are just braces."""
    for match in PLACEHOLDER.finditer(template):
        if _NAME.fullmatch(match.group(1)):
            yield match.group(1)


def unknown_in(template: str) -> tuple[str, ...]:
    """The placeholders of a template that nothing fills in."""
    return tuple(dict.fromkeys(name for name in names_in(template) if name not in KNOWN))
