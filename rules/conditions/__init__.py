"""The built-in conditions: what a rule can ask of an event."""

from rules.conditions.contact import Contact, InviteLinks, Links, QrCode
from rules.conditions.member import FromSource, Introduced, IsBot, NameHasAny, Role, Tagged
from rules.conditions.rate import Joins, SamePerson, SameText
from rules.conditions.text import TextHasAll, TextHasAny, TextHasWord, TextIs, TextMatches
from rules.conditions.when import Between, Day, InWindow, OnDate
from rules.step import Condition

CONDITIONS: tuple[type[Condition], ...] = (
    *(TextHasAny, TextHasAll, TextHasWord, TextIs, TextMatches),
    *(Links, InviteLinks, Contact, QrCode),
    *(Role, Tagged, NameHasAny, IsBot, Introduced, FromSource),
    *(SamePerson, SameText, Joins),
    *(InWindow, Between, Day, OnDate),
)
"""Every built-in condition."""
