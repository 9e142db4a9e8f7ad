"""A door: people come into a group by writing a word to the bot alone, and what the bot's account says to strangers.

What somebody writes there comes to the group as a ``JoinRequested`` whose ``source`` begins with ``@``, as no
invitation link of a platform does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from rules.folding import closed_up, fold, says
from rules.quota import Quota
from rules.section import Section, Strings

BY_WORD, FULL = "@door", "@door.full"
"""The source of a request by a door's word; the other where every group behind it is full."""
FRIEND = "@door.friend"
"""The name of the report that the bot's account has accepted somebody as a friend who said a door's word."""
LONGEST = 100
"""Characters of a message that can ask for a door: what is longer tells of something else."""
ASKED = Quota(3, timedelta(days=1))
"""How often somebody is asked the question of a door, or invited by it."""
TOLD = Quota(3, timedelta(hours=1))
"""How often somebody is told besides how they stand with it."""


class DoorSpec(Section):
    """A way in by a word: who writes it to the bot alone is asked the gate's question, and then invited."""

    keywords: Strings = Field(
        description="Who writes one of these to the bot alone wants to come in: alone, or in a brief message. Chinese "
        "may stand anywhere in it, other words by themselves."
    )
    full_at: int | None = Field(
        default=200,
        ge=2,
        description="With so many members a group is full, and the next of `groups` is taken. A group works best with "
        "60 to 100. Empty: never.",
    )

    @model_validator(mode="after")
    def _has_words(self) -> "DoorSpec":
        if not self.keywords:
            raise ValueError("a door needs `keywords:`, such as [join]")
        blank = next((word for word in self.keywords if not plain(word)), None)
        if blank is not None:
            raise ValueError(f"`{blank}` is no word that somebody could write")
        return self


class ContactsSpec(Section):
    """What the bot's account says to those who turn to it, where it is an account like a person's."""

    accept_friends: Literal["always", "with_keyword", "never"] | None = Field(
        default=None,
        description="Who may be its friend: everybody, who says a door's keyword with the request, or nobody. Empty: "
        "with_keyword where the platform has a door, else never. What is not accepted stays unanswered; staff are "
        "told of it once a day.",
    )
    accept_invitations: Literal["staff", "always", "never"] = Field(
        default="staff",
        description="Whose invitation into a group it accepts: that of members with a role that may do something, "
        "everybody's, or nobody's.",
    )


@dataclass(frozen=True, slots=True)
class Door:
    """The door of an onboarding as it is in force: the keys of its groups, in the order in which they are filled."""

    onboarding: str
    keywords: tuple[str, ...]
    full_at: int | None
    groups: tuple[str, ...]


def door_for(text: str, doors: Iterable[Door]) -> Door | None:
    """The door that a text asks for: by being its word, else by saying the longest of them."""
    whole = plain(text) if len(text) <= LONGEST else ""
    if not whole:
        return None
    said = [(plain(word) == whole, len(word), door) for door in doors for word in door.keywords if says(text, word)]
    return max(said, key=lambda each: each[:2])[2] if said else None


def is_word_of(text: str, doors: Iterable[Door]) -> bool:
    """Whether a text is nothing but a word of a door."""
    whole = plain(text) if len(text) <= LONGEST else ""
    return bool(whole) and any(plain(word) == whole for door in doors for word in door.keywords)


def with_room(door: Door, chats: Mapping[str, str], members: Mapping[str, int]) -> str | None:
    """The chat of the first group that is not full; None where all are. ``chats`` is by key, ``members`` by chat."""
    here = (chats[key] for key in door.groups if key in chats)
    return next((chat for chat in here if door.full_at is None or members.get(chat, 0) < door.full_at), None)


def plain(text: str) -> str:
    """The letters and digits of a text, as words are compared."""
    return "".join(sign for sign in closed_up(fold(text)) if sign.isalnum())
