"""What members see of themselves and of one another: /me, /intro, /warnings."""

from typing import TYPE_CHECKING

from bot.commands.arguments import parse_targets
from bot.commands.base import Command, actor_name, answer, decided, refused
from bot.commands.powers import may
from bot.commands.reasons import rule_name
from rules.actions.introduction import SILENT
from rules.changes import CancelTimer, MarkIntroduced, RemoveTag
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.introduction import recognise
from rules.step import Outcome
from rules.text import Text, key, say
from rules.wording import excerpt, local_time, plain_name

if TYPE_CHECKING:
    from bot.desk import Desk

LONGEST_INTRODUCTION = 1_000
MOST_WARNINGS = 10


class Me(Command):
    name = "me"
    aliases = ("我", "我的")
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        state = facts.member
        lines: list[Text] = [
            key("commands.me.head", name=actor_name(issued), count=state.messages, days=state.active_days)
        ]
        if state.joined_at is not None or state.first_seen is not None:
            since = state.joined_at or state.first_seen or facts.now
            lines.append(key("commands.me.since", date=f"{facts.settings.local(since):%Y-%m-%d}"))
        if state.score or state.checkins:
            lines.append(key("commands.me.points", score=state.score, streak=state.streak, total=state.checkins))
        if state.profile:
            profile = " · ".join(f"{name}: {value}" for name, value in state.profile.items())
            lines.append(key("commands.me.profile", text=profile))
        if not state.introduced_at:
            lines.append(key("commands.me.not_introduced"))
        if state.warnings:
            lines.append(key("commands.me.warnings", count=len(state.warnings)))
        if state.muted_until is not None and state.muted_until > facts.now:
            lines.append(key("commands.me.muted", until=local_time(state.muted_until, facts)))
        return decided(issued, facts, desk, (answer(issued, facts, say("{items}", items=tuple(lines))),))


class Intro(Command):
    """Shows the introduction of whoever is named or replied to, or keeps the words given as one's own."""

    name = "intro"
    aliases = ("介绍", "自我介绍")

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        words = issued.args.strip()
        named = desk.find(words) if words else None
        if named is not None and named.id != issued.actor.id:
            return decided(issued, facts, desk, (answer(issued, facts, self._shown(named.id, issued, desk)),))
        if words and not words.startswith(("@", "＠")):
            return decided(issued, facts, desk, self._kept(words, issued, facts, desk))
        targets, _ = parse_targets(issued, desk)
        subject = targets[0].id if targets else issued.actor.id
        return decided(issued, facts, desk, (answer(issued, facts, self._shown(subject, issued, desk)),))

    def _shown(self, subject: str, issued: CommandIssued, desk: "Desk") -> Text:
        state = desk.member(subject)
        name = plain_name(state.name or subject)
        if state.introduced_at is None:
            return key("intro.template") if subject == issued.actor.id else key("commands.intro.none", name=name)
        words = excerpt(state.introduction, LONGEST_INTRODUCTION)
        return key("commands.intro.shown", name=name, introduction=words)

    def _kept(self, words: str, issued: CommandIssued, facts: Facts, desk: "Desk") -> tuple[Outcome, ...]:
        if len(words) > LONGEST_INTRODUCTION:
            raise refused("intro.too_long", count=LONGEST_INTRODUCTION)
        found = recognise(words, _labels(desk), at_least=1)
        member = issued.actor.id
        kept = MarkIntroduced(
            member, text=words, fields=dict(found.fields) if found is not None else {}, message=issued.message.id
        )
        forgotten = CancelTimer(name="introduce*", subject=member)
        spoken_of = (RemoveTag(member=member, tag=SILENT),) if SILENT in facts.member.tags else ()
        thanks = answer(issued, facts, key("intro.thanks", name=actor_name(issued)))
        return (kept, forgotten, *spoken_of, thanks)


class Warnings(Command):
    """One's own warnings; for those who may warn, anybody's."""

    name = "warnings"
    aliases = ("警告记录",)
    about = "member"
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        targets, _ = parse_targets(issued, desk)
        subject = targets[0].id if targets else issued.actor.id
        if subject != issued.actor.id and not may(issued, facts, desk, "warn"):
            raise refused("warnings.not_yours")
        return decided(issued, facts, desk, (answer(issued, facts, self._listed(subject, facts, desk)),))

    def _listed(self, subject: str, facts: Facts, desk: "Desk") -> Text:
        state = desk.member(subject)
        name = plain_name(state.name or subject)
        lines: list[Text] = []
        for given in desk.warnings(subject)[-MOST_WARNINGS:]:
            by = given.by.removeprefix("rule:")
            who = rule_name(by, desk) if by != given.by else plain_name(desk.member(by).name or by)
            line = "commands.warnings.forgiven" if given.forgiven_at is not None else "commands.warnings.one"
            lines.append(key(line, time=local_time(given.at, facts), actor=who, reason=given.reason or "–"))
        held: dict[str, int] = {}
        for points in state.points:
            if points.expires is None or points.expires > facts.now:
                held[points.ladder] = held.get(points.ladder, 0) + points.points
        lines += [key("commands.warnings.points", value=ladder, points=count) for ladder, count in held.items()]
        if not lines:
            return key("commands.warnings.none", name=name)
        return key("commands.warnings.list", name=name, count=len(state.warnings), items=tuple(lines))


def _labels(desk: "Desk") -> dict[str, tuple[str, ...]]:
    """The profile fields that the operator asks for, with the labels that name them."""
    found: dict[str, tuple[str, ...]] = {}
    for onboarding in desk.setup.config.onboarding:
        if onboarding.introduce is not None:
            found.update(onboarding.introduce.fields)
    return found
