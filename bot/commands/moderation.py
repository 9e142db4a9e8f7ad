"""Keeping order by hand: warn, mute, kick, ban and their undoing. Whoever it concerns is told why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.commands.acting import Act, MemberCommand, check_reach
from bot.commands.arguments import FOR_EVER, Target
from bot.commands.base import Command, answer, called, decided, refused
from bot.commands.letting_in import gone_by_hand, let_in_by_hand
from bot.commands.unable import unable
from rules.buttons import appeal_button
from rules.capability import Capability
from rules.changes import AddWarning, Audit, Forgive, Removed, SetBanned, SetMuted
from rules.decision import Decision
from rules.effects import (
    BanMember,
    DeleteMessage,
    KickMember,
    MuteMember,
    SendPrivate,
    SendText,
    UnbanMember,
    UnmuteMember,
)
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Param, Text, key
from rules.wording import local_time, plain_name, spoken

if TYPE_CHECKING:
    from bot.desk import Desk

MUTE_FOR = timedelta(hours=1)
NOTICE_STANDS = timedelta(hours=12)
"""How long a word on what was done to a member stands in the group: long enough that they see it."""


class Warn(MemberCommand):
    name = "warn"
    aliases = ("警告",)
    needs = "warn"
    settles = False

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        count = len(act.desk.member(target.id).warnings) + 1
        yield AddWarning(member=target.id, by=act.issued.actor.id, reason=act.order.reason)
        yield act.audit(target)
        yield _notice(act, target, key("commands.warn.done", **act.words(target, count=count)))


class ForgiveMember(MemberCommand):
    name = "forgive"
    aliases = ("原谅",)
    needs = "warn"
    severe = False

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        if target.id == act.issued.actor.id:
            raise refused("not_yourself", command=called("forgive", act.desk))
        state = act.desk.member(target.id)
        if not state.warnings and not state.points:
            raise refused("forgive.nothing", name=target.name)
        count = len(state.warnings)
        yield Forgive(member=target.id, by=act.issued.actor.id)
        yield act.audit(target)
        yield _notice(act, target, key("commands.forgive.done", **act.words(target, count=count)))


class Mute(MemberCommand):
    name = "mute"
    aliases = ("禁言",)
    needs = "mute"
    timed = True
    capability = Capability.MUTE

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        length = act.order.duration or MUTE_FOR
        until = _until(length, act.facts)
        yield MuteMember(group=act.issued.group.id, member=target.id, until=until)
        yield SetMuted(member=target.id, until=until)
        yield act.audit(target)
        if until is None:
            yield _notice(act, target, key("commands.mute.done_for_good", **act.words(target)))
            return
        words = act.words(target, duration=spoken(length), until=local_time(until, act.facts))
        yield _notice(act, target, key("commands.mute.done", **words))


class Unmute(MemberCommand):
    name = "unmute"
    aliases = ("解禁", "解除禁言")
    needs = "mute"
    capability = Capability.MUTE
    severe = False

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        if target.id == act.issued.actor.id:
            raise refused("not_yourself", command=called("unmute", act.desk))
        yield UnmuteMember(group=act.issued.group.id, member=target.id)
        yield SetMuted(member=target.id, muted=False)
        yield from let_in_by_hand(act, target)
        yield act.audit(target)
        yield _notice(act, target, key("commands.unmute.done", **act.words(target)))


class Kick(MemberCommand):
    name = "kick"
    aliases = ("踢", "移出")
    needs = "kick"
    capability = Capability.KICK

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        yield from _removed_message(act, target)
        yield KickMember(group=act.issued.group.id, member=target.id)
        yield Removed(member=target.id)
        yield from gone_by_hand(act, target)
        yield act.audit(target)
        yield from _farewell(act, target, "kick", act.words(target))


class Ban(MemberCommand):
    name = "ban"
    aliases = ("封禁", "拉黑")
    needs = "ban"
    timed = True
    capability = Capability.BAN

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        length = act.order.duration
        until = _until(length, act.facts)
        yield from _removed_message(act, target)
        yield BanMember(group=act.issued.group.id, member=target.id, until=until)
        yield SetBanned(member=target.id)
        yield from gone_by_hand(act, target)
        yield act.audit(target)
        if until is None or length is None:
            yield from _farewell(act, target, "ban", act.words(target))
            return
        words = act.words(target, duration=spoken(length), until=local_time(until, act.facts))
        yield from _farewell(act, target, "ban_for", words)


class Unban(MemberCommand):
    name = "unban"
    aliases = ("解封",)
    needs = "ban"
    capability = Capability.BAN
    severe = False

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        yield UnbanMember(group=act.issued.group.id, member=target.id)
        yield SetBanned(member=target.id, banned=False)
        yield act.audit(target)
        text = key("commands.unban.done", **act.words(target))
        if act.issued.origin is None:
            yield answer(act.issued, act.facts, text)


class Delete(Command):
    name = "delete"
    aliases = ("删除", "del")
    needs = "delete"
    about = "here"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        message, author = issued.message.reply_to, issued.message.reply_to_author
        if message is None:
            raise refused("needs_reply", command=called("delete", desk), text=key("commands.delete.usage"))
        if not facts.can(Capability.DELETE):
            raise unable("delete", issued, facts, desk)
        reason = issued.args.strip()
        outcomes: list[Outcome] = [
            DeleteMessage(group=issued.group.id, message=message),
            DeleteMessage(group=issued.group.id, message=issued.message.id),
            Audit(actor=issued.actor.id, act="delete", target=author.id if author else None, reason=reason),
        ]
        if author is not None:
            target = Target(author.id, plain_name(author.name or author.username or author.id), author)
            if author.id != issued.actor.id:
                check_reach_of_delete(issued, facts, desk, target)
            if reason and not author.is_bot and author.id != issued.actor.id:
                text = key("commands.delete.done", name=target.name, reason=reason)
                outcomes.append(_said(issued, facts, text, target))
        return decided(issued, facts, desk, outcomes)


def check_reach_of_delete(issued: CommandIssued, facts: Facts, desk: "Desk", target: Target) -> None:
    """As for other acts, except that the bot's own messages may be taken away."""
    if target.seen is None or not target.seen.is_bot:
        check_reach(issued, facts, desk, target)


def _until(length: timedelta | None, facts: Facts) -> datetime | None:
    return None if length is None or length == FOR_EVER else facts.now + length


def _notice(act: Act, target: Target, text: Text) -> SendText:
    said = _said(act.issued, act.facts, text, target)
    buttons = appeal_button(act.facts, target.id) if act.issued.name in ("warn", "mute") else ()
    return replace(said, reply_to=act.issued.message.reply_to, buttons=buttons)


def _said(issued: CommandIssued, facts: Facts, text: Text, pinged: Target | None = None) -> SendText:
    """A word in the group itself, wherever the command was given. No reply: what it is about may be deleted."""
    here = issued.origin is None
    return SendText(
        group=issued.group.id,
        text=text,
        mentions=(pinged.id,) if pinged else (),
        mention_names=(pinged.name,) if pinged else (),
        topic=issued.message.topic if here else facts.settings.topic,
        delete_after=int(NOTICE_STANDS.total_seconds()),
    )


def _removed_message(act: Act, target: Target) -> Iterator[Outcome]:
    """The message that was replied to goes with its author."""
    message = act.issued.message
    author = message.reply_to_author
    is_theirs = author is not None and author.id == target.id
    if message.reply_to is not None and is_theirs and act.issued.origin is None and act.facts.can(Capability.DELETE):
        yield DeleteMessage(group=act.issued.group.id, message=message.reply_to)


def _farewell(act: Act, target: Target, verb: str, words: dict[str, Param]) -> Iterator[Outcome]:
    """Why somebody had to go: to themselves where the platform can, and briefly to those who saw it happen."""
    if act.facts.can(Capability.SEND_PRIVATE):
        text = key(f"commands.{verb}.private", **words)
        buttons = appeal_button(act.facts, target.id, alone=True)
        yield SendPrivate(group=act.issued.group.id, member=target.id, text=text, buttons=buttons)
    yield _said(act.issued, act.facts, key(f"commands.{verb}.done", **words))
