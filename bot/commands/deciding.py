"""What staff make of a decision on a member: take it back, let it stand, or say that it was no advertisement."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from bot.commands.arguments import target_of
from bot.commands.base import Command, actor_name, answer, called, decided, refused
from bot.commands.labelling import Lesson, lesson
from bot.commands.places import named_group
from bot.commands.settling import case_number, closed, outcome_words
from rules.capability import Capability
from rules.cases import is_about_ads
from rules.changes import Audit, SetBanned, SetMuted, TakeBack
from rules.decision import Decision
from rules.effects import Effect, InviteMember, SendPrivate, SendText, UnbanMember, UnmuteMember
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Text, key, say
from rules.wording import BRIEF, group_name

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.cases import Case

_POINTS = frozenset({"add_points", "add_warning"})


class Deciding(Command):
    """A decision on one case: by its number, or as a reply to the message it is about."""

    needs = "review"
    outcome: ClassVar[str]

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        if not issued.args.strip() and issued.message.reply_to is not None:
            case = desk.case_told_in(issued.group.id, issued.message.reply_to)
            if case is None:  # it is about something, and that is none of the decisions that wait
                raise refused("cases.usage", command=called(self.name, desk))
            return case.group, f"#{case.number}"
        number = case_number(issued.args)
        if number is None or len(issued.args.split()) > 1:
            return None
        found = [settings.chat for settings in desk.groups if desk.case(number, settings.chat) is not None]
        if not found:
            raise refused("cases.unknown", number=number)
        return (found[0], f"#{number}") if len(found) == 1 else None

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        case = self._case(issued, desk)
        if case.outcome is not None:
            name = target_of(case.by or "", desk).name
            raise refused("cases.decided", number=case.number, name=name, text=outcome_words(case.outcome, desk))
        outcomes: list[Outcome] = [
            *self.consequences(case, issued, facts, desk),
            *closed(case, self.outcome, issued, facts, desk),
        ]
        done = key(f"commands.{self.name}.done", number=case.number, name=target_of(case.member, desk).name)
        learned = self.lesson(case, issued, facts, desk)
        if learned is not None:
            done = say("{items}", items=(done, learned.told))
            if learned.label is not None:
                outcomes.append(learned.label)
        outcomes.append(answer(issued, facts, done, brief=True))
        return decided(issued, facts, desk, outcomes)

    def consequences(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        """What follows, and what the member is told."""
        raise NotImplementedError

    def lesson(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Lesson | None:
        """What the detection of advertisements learns from it."""
        return None

    def _case(self, issued: CommandIssued, desk: "Desk") -> "Case":
        number = case_number(issued.args)
        elsewhere, _ = named_group(issued.args, desk.groups)
        is_strange = issued.origin is not None and len(issued.args.split()) > 1  # such as a group that is kept no more
        found = None
        if number is not None and (is_strange or elsewhere not in (None, desk.book.settings)):
            raise refused("cases.usage", command=called(self.name, desk))
        if number is not None:
            found = desk.case(number)
        elif issued.args.strip():
            raise refused("cases.usage", command=called(self.name, desk))
        elif issued.message.reply_to is not None:
            found = desk.case_about(issued.message.reply_to)
        else:
            waiting = desk.undecided()
            if len(waiting) > 1:
                names = ", ".join(str(case.number) for case in waiting)
                raise refused("cases.which", command=called(self.name, desk), names=names)
            found = waiting[0] if waiting else None
        if found is None:
            raise refused("cases.unknown", number=number if number is not None else "–")
        return found


class Undo(Deciding):
    name = "undo"
    aliases = ("撤销",)
    outcome = "undone"

    def consequences(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        yield from taken_back(case, issued.actor.id, facts, desk)
        yield Audit(actor=issued.actor.id, act="undo", target=case.member)
        invited = _is_to_come_back(case, facts, desk)
        if invited:
            yield InviteMember(group=case.group, member=case.member)
        words = "cases.undone.invited" if invited else "cases.undone.private"
        yield from told(case, key(words, **case_words(case, issued, facts, desk)), facts, desk)

    def lesson(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Lesson | None:
        """An appeal that was granted says that the message was none; to take back for any other reason says nothing."""
        if case.appealed_at is None or not is_about_ads(desk.setup.rulebook.rule(case.rule)):
            return None
        return no_ad(case, issued, facts, desk)


class Keep(Deciding):
    name = "keep"
    aliases = ("维持",)
    outcome = "kept"

    def consequences(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        yield Audit(actor=issued.actor.id, act="keep", target=case.member)
        if case.appealed_at is not None:
            yield from told(case, key("cases.kept.private", **case_words(case, issued, facts, desk)), facts, desk)


class NoAd(Undo):
    """As undo; and it is noted what the rules took for an advertisement, to be learnt from."""

    name = "noad"
    aliases = ("不是广告",)
    outcome = "no_ad"

    def consequences(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        yield from super().consequences(case, issued, facts, desk)
        yield Audit(actor=issued.actor.id, act="no_ad", target=case.member, reason=case.message or case.event)

    def lesson(self, case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Lesson | None:
        return no_ad(case, issued, facts, desk)


def no_ad(case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> Lesson | None:
    """What is learned from the message of a case being no advertisement."""
    if case.message is None:
        return None
    words = desk.words_of(case.message)
    return lesson(issued, facts, desk, ad=False, words=words, message=case.message, member=case.member)


def taken_back(case: "Case", by: str, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
    """What is done to undo a decision, as far as it still holds. A message that was removed cannot be brought back.

    What was decided again later holds by that decision, until that is undone.
    """
    state, group, again = desk.member(case.member), case.group, desk.decided_since(case)
    if "ban_member" in case.acts and "ban_member" not in again and state.banned and facts.can(Capability.BAN):
        yield UnbanMember(group=group, member=case.member)
        yield SetBanned(member=case.member, banned=False)
    is_muted = _is_muted(state.muted_until, facts) and "mute_member" not in again
    if "mute_member" in case.acts and is_muted and facts.can(Capability.MUTE):
        yield UnmuteMember(group=group, member=case.member)
        yield SetMuted(member=case.member, muted=False)
    if not _POINTS.isdisjoint(case.acts):
        yield TakeBack(member=case.member, at=case.at, by=by, event=case.event, message=case.message or "")


def told(case: "Case", text: Text, facts: Facts, desk: "Desk") -> Iterator[Effect]:
    """A word to the member: alone where the platform can, else briefly in the group, if they can read it there."""
    aloud = SendText(
        group=case.group,
        text=text,
        mentions=(case.member,),
        mention_names=(target_of(case.member, desk).name,),
        topic=facts.settings.topic,
        delete_after=int(BRIEF.total_seconds()),
    )
    gone = "kick_member" in case.acts or "ban_member" in case.acts
    if facts.can(Capability.SEND_PRIVATE):
        yield SendPrivate(group=case.group, member=case.member, text=text, otherwise=None if gone else aloud)
    elif not gone:
        yield aloud


def _is_to_come_back(case: "Case", facts: Facts, desk: "Desk") -> bool:
    """Whether somebody was removed, and is not kept out by what was decided later."""
    is_out = "kick_member" in case.acts and not {"kick_member", "ban_member"} & set(desk.decided_since(case))
    return is_out and facts.can(Capability.INVITE)


def _is_muted(until: datetime | None, facts: Facts) -> bool:
    return until is not None and until > facts.now


def case_words(case: "Case", issued: CommandIssued, facts: Facts, desk: "Desk") -> dict[str, str]:
    """What a word to the member of a case may hold."""
    return {"name": target_of(case.member, desk).name, "actor": actor_name(issued), "group": group_name(issued, facts)}
