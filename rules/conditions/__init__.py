"""The built-in conditions: what a rule can ask of an event."""

from rules.conditions.contact import Contact, InviteLinks, Links, QrCode
from rules.conditions.group import GroupTagged, MessagesSinceLast, MessagesUnder, QuietFor
from rules.conditions.introduces import Introduces
from rules.conditions.member import FromSource, Introduced, IsBot, NameHasAny, Role, Tagged
from rules.conditions.message import (
    Forwarded,
    HasButtons,
    HasMedia,
    HasQuote,
    InTopic,
    Mentions,
    RepliesElsewhere,
    ReplyTo,
    Styled,
    ViaBot,
)
from rules.conditions.rate import Joins, SamePerson, SameText
from rules.conditions.record import ActiveDays, InGroupFor, MessagesSoFar, PointsOn, Score, Streak, Warnings
from rules.conditions.shape import CapsShare, EmojiShare, IsQuestion, LinesOver, LongerThan, ScriptShare, ShorterThan
from rules.conditions.text import TextHasAll, TextHasAny, TextHasWord, TextIs, TextMatches
from rules.conditions.verdicts import Ad, DetectorSays
from rules.conditions.when import Between, Day, InWindow, OnDate
from rules.step import Condition

CONDITIONS: tuple[type[Condition], ...] = (
    *(TextHasAny, TextHasAll, TextHasWord, TextIs, TextMatches),
    *(LongerThan, ShorterThan, LinesOver, EmojiShare, CapsShare, ScriptShare, IsQuestion),
    *(Links, InviteLinks, Contact, QrCode),
    *(HasMedia, Forwarded, ReplyTo, RepliesElsewhere, ViaBot, HasButtons, HasQuote, Styled, Mentions, InTopic),
    *(Role, Tagged, NameHasAny, IsBot, Introduced, Introduces, FromSource),
    *(InGroupFor, MessagesSoFar, ActiveDays, Warnings, PointsOn, Score, Streak),
    *(SamePerson, SameText, Joins),
    *(InWindow, Between, Day, OnDate),
    *(GroupTagged, QuietFor, MessagesSinceLast, MessagesUnder),
    *(DetectorSays, Ad),
)
"""Every built-in condition."""
