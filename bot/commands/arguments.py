"""What stands behind a command: whom it is about, for how long, and why.

Targets are given by a reply, by ``@mention``, by id (``telegram:123`` or ``123``) or by name; then a duration
(``30m``, ``2 hours``, ``半小时``), then the reason.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.base import called, refused
from rules.durations import format_duration, parse_duration
from rules.events import CommandIssued
from rules.folding import fold
from rules.text import Text, key
from rules.values import Member, Mention
from rules.wording import plain_name

if TYPE_CHECKING:
    from bot.desk import Desk

FOR_EVER = timedelta.max
LONGEST_NAME = 5  # words of a name that are tried
FEWEST_DIGITS = 5  # of a bare id: shorter numbers are more likely a duration without its unit
MOST_TARGETS = 20
MOST_REASON = 500

_BETWEEN = " \t\r\n\xa0\u2005\u2006\u3000,，、;；"  # WeChat ends a mention with U+2005
_WORD = re.compile(rf"[^{_BETWEEN}]+")
_QUOTED = re.compile(r"[\"“「](?P<name>[^\"”」]+)[\"”」]")
_EVER = frozenset({"forever", "permanent", "permanently", "永久", "永远"})
_LATIN = "seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhdw]"
_CHINESE = "秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜"
_HALF = rf"(?:半(?=[{_BETWEEN}]|$))?"  # after the unit: 1小时半; a reason may begin with 半价
_SPANS = rf"(?:\d+\s*(?:(?:{_LATIN})(?![a-z])|个?半?(?:{_CHINESE}){_HALF})\s*)+"
_COMPACT = r"(?:\d+[smhdw])+(?![a-z0-9])"
_IN_WORDS = rf"[半一二两三四五六七八九十]+个?半?(?:{_CHINESE})半?(?=[{_BETWEEN}]|$)"
_LENGTH = re.compile(rf"(?:for\s+)?(?:{_COMPACT}|{_SPANS}|{_IN_WORDS})", re.IGNORECASE)
_UNIT = re.compile(rf"(\d+)\s*({_LATIN})(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """A member a command is about; ``seen`` is them as the message says, where it does."""

    id: str
    name: str
    seen: Member | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A command's arguments, understood. ``duration`` is None where none was given, else maybe ``FOR_EVER``."""

    targets: tuple[Target, ...] = ()
    duration: timedelta | None = None
    reason: str = ""

    def written(self) -> str:
        """The same arguments in a form that needs no mentions and no reply."""
        length = "" if self.duration is None else _length(self.duration)
        return " ".join(part for part in (*(target.id for target in self.targets), length, self.reason) if part)


def parse_order(issued: CommandIssued, desk: "Desk", *, timed: bool = False, named: bool = True) -> Order:
    """The arguments of a command about members. ``timed``: a duration may follow. ``named``: a target must be given.

    Raises ``Refused`` where the target is unknown or missing, or a number stands where a duration should.
    """
    targets, rest = parse_targets(issued, desk)
    if named and not targets:
        raise refused("usage", command=called(issued.name, desk), text=_usage(issued))
    duration = None
    if timed:
        duration, rest = parse_length(rest)
        first = rest.split(maxsplit=1)[0] if rest else ""
        if duration is None and first.isdigit():
            raise refused("bare_number", value=first, text=_usage(issued))
    return Order(targets, duration, rest[:MOST_REASON])


def parse_targets(issued: CommandIssued, desk: "Desk") -> tuple[tuple[Target, ...], str]:
    """The members that a command names, at its beginning or by its reply, and what follows. Raises ``Refused``."""
    targets: list[Target] = []
    rest = issued.args.strip()
    while rest and (found := _explicit(rest, issued, desk)) is not None:
        target, rest = found
        if all(target.id != other.id for other in targets):
            targets.append(target)
        rest = rest.lstrip(_BETWEEN)
    if len(targets) > MOST_TARGETS:
        raise refused("too_many", count=MOST_TARGETS)
    if targets:
        return tuple(targets), rest
    author = issued.message.reply_to_author
    if author is not None:
        return (Target(author.id, plain_name(author.name or author.username or author.id), author),), rest
    if not rest or parse_length(rest)[0] is not None:
        return (), rest
    return _by_name(rest, desk)


def parse_length(text: str) -> tuple[timedelta | None, str]:
    """The duration that a text begins with, and what follows. Raises ``Refused`` for none at all or too much."""
    first = _WORD.match(text)
    if first is not None and fold(first.group()) in _EVER:
        return FOR_EVER, text[first.end() :].lstrip(_BETWEEN)
    match = _LENGTH.match(text)
    if match is None:
        return None, text
    plain = _UNIT.sub(lambda unit: unit[1] + unit[2][0].lower(), match[0].lower().removeprefix("for"))
    try:
        length = parse_duration(plain)
    except ValueError:
        length = timedelta()
    if length < timedelta(seconds=1):
        raise refused("bad_duration", value=match[0].strip())
    return length, text[match.end() :].lstrip(_BETWEEN)


def first_word(text: str) -> str:
    """The word that a text begins with, or nothing."""
    word = _WORD.match(text.lstrip(_BETWEEN))
    return word.group() if word else ""


def target_of(state_id: str, desk: "Desk") -> Target:
    """A target by id."""
    state = desk.member(state_id)
    return Target(state_id, plain_name(state.name or state.username or state_id))


def _explicit(rest: str, issued: CommandIssued, desk: "Desk") -> tuple[Target, str] | None:
    """The mention, id or quoted name that a text begins with, and what follows."""
    for mention in sorted(issued.message.mentions, key=lambda mention: -len(mention.text)):
        after = rest.removeprefix(mention.text)
        if mention.text and after != rest and (not after or after[0] in _BETWEEN):
            return _mentioned(mention, desk), after
    word = _WORD.match(rest)
    if word is None:
        return None
    text, after = word.group(), rest[word.end() :]
    if text.startswith(("@", "＠")):
        return _found("@" + text[1:], desk), after
    platform = desk.group.partition(":")[0]
    if text.startswith(f"{platform}:"):
        return target_of(text, desk), after
    number = text.removeprefix("-")  # that of a channel is negative
    if number.isdecimal() and number.isascii() and len(number) >= FEWEST_DIGITS:
        return target_of(f"{platform}:{text}", desk), after
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        return _found(quoted["name"], desk), rest[quoted.end() :]
    return None


def _mentioned(mention: Mention, desk: "Desk") -> Target:
    if mention.member is None:
        return _found(mention.text, desk)
    state = desk.member(mention.member)
    return Target(mention.member, plain_name(state.name or mention.text.removeprefix("@")))


def _found(text: str, desk: "Desk") -> Target:
    """The member with this username (after an @) or name. Raises ``Refused`` where there is none, or several."""
    state = desk.find(text) or (desk.find(text[1:]) if text.startswith("@") else None)
    if state is None:
        raise refused("unknown_member", name=plain_name(text))
    return target_of(state.id, desk)


def _by_name(rest: str, desk: "Desk") -> tuple[tuple[Target, ...], str]:
    """The member whose name a text begins with: the longest name that somebody has."""
    words = list(_WORD.finditer(rest))[:LONGEST_NAME]
    for word in reversed(words):
        state = desk.find(rest[: word.end()])
        if state is not None:
            return (target_of(state.id, desk),), rest[word.end() :].lstrip(_BETWEEN)
    raise refused("unknown_member", name=plain_name(words[0].group() if words else rest))


def _usage(issued: CommandIssued) -> Text:
    return key(f"commands.{issued.name}.usage")


def _length(duration: timedelta) -> str:
    return "forever" if duration == FOR_EVER else format_duration(duration)
