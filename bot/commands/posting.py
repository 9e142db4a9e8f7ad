"""Posting by hand: the day's challenge, a digest, an announcement."""

import re
from typing import TYPE_CHECKING

from bot.commands.acting import ask
from bot.commands.base import Command, Confirmable, answer, decided, refused
from bot.commands.figures import period_of
from bot.commands.places import in_staff_room
from bot.commands.powers import may
from rules.actions.posts import CHALLENGES, entry_for
from rules.changes import Audit, Posted
from rules.decision import Decision
from rules.effects import SendText
from rules.events import CommandIssued
from rules.facts import Facts, GroupSettings
from rules.folding import fold
from rules.posts import digest_text
from rules.step import Outcome, RuleContext
from rules.text import Text, key, say
from rules.wording import excerpt, group_name, listed, wording

if TYPE_CHECKING:
    from bot.desk import Desk

_WHERE = re.compile(r"(?P<text>.*?)\s+(?:in|to|到|发到)\s+(?P<where>\S+)\s*", re.DOTALL | re.IGNORECASE)
_ALL = frozenset({"all", "everywhere", "全部", "所有", "所有群", "全部群"})


class Challenge(Command):
    """Whoever may post puts it up for all; anybody else is told it in a reply."""

    name = "challenge"
    aliases = ("挑战", "今日挑战")

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        text, entry = self._today(issued, facts, desk)
        if not may(issued, facts, desk, "post"):
            return decided(issued, facts, desk, (answer(issued, facts, text),))
        outcomes: list[Outcome] = [
            _announced(facts.settings, text),
            Posted(schedule="/challenge", challenge=entry, day=facts.today),
            Audit(actor=issued.actor.id, act="challenge", reason=excerpt(entry)),
        ]
        outcomes += _told_elsewhere(issued, facts)
        return decided(issued, facts, desk, outcomes)

    def _today(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> tuple[Text, str]:
        """Today's challenge: the one that was announced, else the calendar's."""
        library = desk.setup.rulebook.library
        context = RuleContext("challenge", "", library)
        day = facts.local_now.date()
        if facts.group.challenge and facts.group.challenge_day == facts.today:
            entry = facts.group.challenge
            return wording(entry, issued, facts, context, date=day.isoformat()), entry
        for name, calendar in library.calendars.items():
            if name.startswith(CHALLENGES):
                entry, number = entry_for(calendar, day)
                if entry:
                    return wording(entry, issued, facts, context, date=day.isoformat(), day=number), entry
        raise refused("challenge.none", date=day.isoformat())


class DigestNow(Command):
    name = "digest"
    aliases = ("日报", "周报")
    needs = "post"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        default = "week" if issued.typed == "周报" else "day"
        period = period_of(issued.args, default, "digest")
        text = digest_text(desk.digest(period, facts), period, facts.settings, group_name(issued, facts))
        done = Audit(actor=issued.actor.id, act="digest", reason=period)
        outcomes = (_announced(facts.settings, text), done, *_told_elsewhere(issued, facts))
        return decided(issued, facts, desk, outcomes)


class Announce(Confirmable):
    """To this group, to another one, or after a confirmation to all."""

    name = "announce"
    aliases = ("公告",)
    needs = "post"
    about = "here"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        text, groups = self._parsed(issued, facts, desk)
        if len(groups) > 1:
            names = listed([settings.name or settings.key for settings in groups], facts)
            question = key("commands.announce.ask", count=len(groups), names=names, text=excerpt(text))
            return ask(issued, facts, desk, issued.args, question)
        return self.carry_out(issued, facts, desk)

    def carry_out(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        text, groups = self._parsed(issued, facts, desk)
        outcomes: list[Outcome] = [_announced(settings, say("{text}", text=text)) for settings in groups]
        where = " ".join(settings.key for settings in groups)
        outcomes.append(Audit(actor=issued.actor.id, act="announce", target=where, reason=text))
        if any(settings.chat != issued.group.id for settings in groups):
            names = listed([settings.name or settings.key for settings in groups], facts)
            outcomes.append(answer(issued, facts, key("commands.announce.done", names=names)))
        return decided(issued, facts, desk, outcomes)

    def _parsed(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> tuple[str, tuple[GroupSettings, ...]]:
        text = issued.args.strip()
        here: tuple[GroupSettings, ...] = () if in_staff_room(issued, facts) else (facts.settings,)
        groups = here or (desk.groups if len(desk.groups) == 1 else ())
        match = _WHERE.fullmatch(text)
        if match is not None:
            where = fold(match["where"])
            named = tuple(s for s in desk.groups if where in (fold(s.key), fold(s.name)))
            if where in _ALL:
                text, groups = match["text"], desk.groups
            elif named:
                text, groups = match["text"], named
        if not text.strip():
            raise refused("usage", text=key("commands.announce.usage"))
        if not groups:
            names = " ".join(["all", *(settings.key for settings in desk.groups)])
            raise refused("announce.where", names=names)
        return text.strip(), groups


def _announced(settings: GroupSettings, text: Text) -> SendText:
    return SendText(group=settings.chat, text=text, topic=settings.topic, announcement=True)


def _told_elsewhere(issued: CommandIssued, facts: Facts) -> tuple[Outcome, ...]:
    """A word to whoever posted from another place."""
    if issued.origin is None:
        return ()
    return (answer(issued, facts, key("commands.announce.done", names=group_name(issued, facts))),)
