"""What is done to a member who breaks a rule. Nobody is warned, muted or removed without being told why."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pydantic import Field

from rules.buttons import appeal_button, with_buttons
from rules.capability import Capability
from rules.changes import AddWarning, Removed, SetBanned, SetMuted
from rules.durations import Duration
from rules.effects import BanMember, KickMember, MuteMember, SendPrivate, SendText
from rules.events import Event, judged_before, member_of, message_of, subject_of
from rules.facts import Facts
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import Param, Text, key
from rules.values import PlatformRole
from rules.wording import (
    BRIEF,
    Words,
    copy_keys,
    filling,
    is_key,
    local_time,
    notice,
    spoken,
    tell,
    telling,
    wording,
)

PRESENT = frozenset({"message", "edit", "join", "reaction", "button", "command"})


class Warn(Action):
    """Warn the member, alone where the platform can, else briefly in the group; counted, once a message.

    ```yaml
    warn: "Please do not post the same thing again and again."
    ```
    """

    step = "warn"
    scalar = "text"
    kinds = PRESENT
    needs = frozenset({Capability.SEND})
    text: Words | None = Field(default=None, description="What to say; without it, the rule's name says why.")
    public: bool = Field(default=False, description="Say it in the group even where the member can be told alone.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is None:
            return
        before, by, message = judged_before(event), f"rule:{rule.id}", message_of(event)
        if by in rule.done or any(given.by == by and given.message in before for given in facts.member.warnings):
            yield Remark("warn: they were warned for this message already")
            return
        rule.done.add(by)  # it may stand in the place of another step of the same rule, too
        words = filling(event, facts, rule, count=len(facts.member.warnings) + 1)
        reason: Param = wording(self.text, event, facts, rule) if self.text else words["rule"]
        private = Text(key="warn.private", params={**words, "reason": reason})
        public = Text(key="warn.public", params={**words, "reason": reason})
        written = self.text if self.text and not is_key(self.text) else str(words["rule"])
        yield AddWarning(member=subject, by=by, reason=written, message=message.id if message else "")
        said = notice(event, facts, public) if self.public else tell(event, facts, private, public)
        yield telling(_appealable(said, subject, facts), self.step, subject)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class Sanction(Action):
    """Something that a platform does to a member, and that it refuses to do to its own admins."""

    verb: ClassVar[str]
    reason: Words | None = Field(default=None, description="Why, for the notice; without it, the rule's name.")
    quietly: bool = Field(default=False, description="Without the notice that says why.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        member = member_of(event)
        if member is None:
            return
        if member.role is not PlatformRole.MEMBER:
            yield Remark(f"{self.step}: the platform protects its {member.role.value}s")
            return
        yield from self.measures(member.id, event, facts, rule)

    def measures(self, member: str, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        """What is done to a member who can be sanctioned."""
        raise NotImplementedError

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.reason)

    def words(self, event: Event, facts: Facts, rule: RuleContext, **more: Param) -> dict[str, Param]:
        """What the notice is filled in with: why, and how to object."""
        words = filling(event, facts, rule, **more)
        reason: Param = wording(self.reason, event, facts, rule) if self.reason else words["rule"]
        member = member_of(event)
        can_press = member is not None and bool(appeal_button(facts, member.id))
        return {**words, "reason": reason, "appeal": key("appeal.press" if can_press else "appeal.how", **words)}


class Mute(Sanction):
    """Take the member's voice for some time; a short notice says why, until when, and how to object.

    ```yaml
    mute: 10m
    ```
    """

    step = "mute"
    scalar = "for"
    kinds = PRESENT
    needs = frozenset({Capability.MUTE})
    for_: Duration = Field(alias="for", description="How long, such as 10m, 2h or 7d.")

    def measures(self, member: str, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        person = member_of(event)
        if person is not None and person.is_chat:
            yield Remark("mute: a channel cannot be muted, only banned")
            return
        until = facts.now + self.for_
        standing = facts.member.muted_until
        if standing is not None and standing > until:
            yield Remark("mute: a longer one is in force")
            return
        yield MuteMember(group=event.group.id, member=member, until=until)
        yield SetMuted(member=member, until=until)
        if not self.quietly:
            words = self.words(event, facts, rule, until=local_time(until, facts), duration=spoken(self.for_))
            said = _appealable(notice(event, facts, key("mute.notice", **words)), member, facts)
            yield telling(said, self.step, member)


class Kick(Sanction):
    """Remove the member, who may come back: this is no ban.

    ```yaml
    kick:
    ```
    """

    step = "kick"
    kinds = PRESENT
    needs = frozenset({Capability.KICK})

    def measures(self, member: str, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        yield KickMember(group=event.group.id, member=member)
        yield Removed(member=member)
        if not self.quietly:
            yield telling(_farewell("kick", member, event, facts, self.words(event, facts, rule)), self.step, member)


class Ban(Sanction):
    """Remove the member and keep them out, for some time or until an admin lets them back.

    ```yaml
    ban: 7d
    ```
    """

    step = "ban"
    scalar = "for"
    kinds = PRESENT | {"leave", "join_request"}
    needs = frozenset({Capability.BAN})
    for_: Duration | None = Field(default=None, alias="for", description="How long; without it, until unbanned.")

    def measures(self, member: str, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        until = facts.now + self.for_ if self.for_ is not None else None
        yield BanMember(group=event.group.id, member=member, until=until)
        yield SetBanned(member=member)
        if self.quietly:
            return
        if until is None or self.for_ is None:
            words, verb = self.words(event, facts, rule), "ban"
        else:
            words = self.words(event, facts, rule, until=local_time(until, facts), duration=spoken(self.for_))
            verb = "ban_for"
        yield telling(_farewell(verb, member, event, facts, words), self.step, member)


def _farewell(verb: str, member: str, event: Event, facts: Facts, words: dict[str, Param]) -> SendText | SendPrivate:
    """Why somebody had to go: to themselves where the platform can, and briefly to those who saw it happen.

    The group's own notice mentions nobody: who is gone cannot be pinged.
    """
    aloud = SendText(
        group=event.group.id,
        text=key(f"{verb}.public", **words),
        topic=facts.settings.topic,
        delete_after=int(BRIEF.total_seconds()),
    )
    if not facts.can(Capability.SEND_PRIVATE):
        return aloud  # who is gone does not see what could be pressed here
    said = SendPrivate(group=event.group.id, member=member, text=key(f"{verb}.private", **words), otherwise=aloud)
    return with_buttons(said, (), appeal_button(facts, member, alone=True))


def _appealable(said: SendText | SendPrivate, member: str, facts: Facts) -> SendText | SendPrivate:
    """The notice with a button below it to object by."""
    return with_buttons(said, appeal_button(facts, member), appeal_button(facts, member, alone=True))
