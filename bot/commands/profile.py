"""What members see of themselves and of one another: /me, /intro."""

from typing import TYPE_CHECKING

from bot.commands.acting import actor_name
from bot.commands.base import Command, answer, decided
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.text import Text, key, say
from rules.wording import local_time

if TYPE_CHECKING:
    from bot.desk import Desk


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
