"""Ids of rooms that are known by their names: ``topic=`` and the name as people see it."""

import re
from urllib.parse import unquote

TOPIC = "topic="
"""What the id of a room begins with that is known by its name."""


def id_of_topic(topic: str) -> str:
    """The id of a room by its name. A slash separates ids from one another, so it is written as ``%2F``."""
    return TOPIC + re.sub(r"[%/\x00-\x1f\x7f]", lambda found: f"%{ord(found[0]):02X}", topic.strip())


def topic_of(id_: str) -> str:
    """The name in such an id."""
    return unquote(id_.removeprefix(TOPIC)).strip()
