"""What happens in a test beside a rule, as events."""

from datetime import datetime

from msgspec.structs import replace

from rules import events as ev
from rules.commandline import CommandNames, expand
from rules.config import TestSpec
from rules.facts import GroupSettings
from rules.rulebook import Rule
from rules.testers import Tester
from rules.values import Forward, Group, Media, MediaKind, Mention, Message


def happenings(
    test: TestSpec,
    rule: Rule,
    settings: GroupSettings,
    tester: Tester,
    at: datetime,
    turn: int,
    commands: CommandNames,
) -> tuple[ev.Event, ...]:
    """The events of one turn of a test: one, or two where the message is a command."""
    group, id_ = Group(settings.chat, settings.name), f"test:{turn}"
    if test.join is not None:
        return (ev.MemberJoined(id_, group, at, replace(tester.member, name=test.join)),)
    if test.press is not None:
        return (ev.ButtonPressed(id_, group, at, tester.member, test.press),)
    if test.say is None and test.edit is None and not test.media and rule.kinds == {"schedule"}:
        local = f"{settings.local(at):%Y-%m-%dT%H:%M}"
        name = next(iter(sorted(rule.names)), rule.id)
        return (ev.ScheduleFired(id_, group, at, name, due=at, local=local),)
    message = Message(
        id=f"{settings.chat}/test{turn}",
        author=tester.member,
        text=test.say or test.edit or "",
        at=at,
        media=tuple(_media(kind) for kind in test.media),
        mentions=tuple(Mention(name) for name in test.mentions),
        forward=Forward("channel", "A channel") if test.forwarded else None,
    )
    if test.edit is not None:
        return (ev.MessageEdited(id_, group, at, message),)
    return expand(ev.MessagePosted(id_, group, at, message), commands)


def described(test: TestSpec) -> str:
    """What happens in a test, in few words."""
    does = (("says", test.say), ("edits", test.edit), ("joins as", test.join), ("presses", test.press))
    what = " ".join(f"{verb} “{words}”" for verb, words in does if words is not None) or "posts"
    if test.media:
        what += f" with {', '.join(test.media)}"
    if test.times > 1:
        what += f" {test.times} times"
    return f"{test.by} {what}" + (f" at {test.at}" if test.at else "")


def _media(kind: str) -> Media:
    try:
        return Media(MediaKind(kind))
    except ValueError:
        return Media(MediaKind.UNKNOWN, text=kind)
