"""Figures of the group: who takes part most, what happened."""

from typing import TYPE_CHECKING, Literal

from bot.commands.base import Command, answer, decided, refused
from rules.decision import Decision
from rules.digest import Digest, Ranked
from rules.events import CommandIssued
from rules.facts import Facts
from rules.folding import fold
from rules.posts import leaderboard_text, ranked
from rules.text import Text, key, say
from rules.wording import group_name

if TYPE_CHECKING:
    from bot.desk import Desk

By = Literal["score", "messages", "streak"]

_BY: dict[str, By] = {"messages": "messages", "消息": "messages", "发言": "messages"}
_BY |= {"points": "score", "score": "score", "积分": "score", "streak": "streak", "连续": "streak", "打卡": "streak"}
PERIOD_WORDS = {"day": "day", "today": "day", "今天": "day", "今日": "day", "日": "day", "日报": "day"}
PERIOD_WORDS |= {"week": "week", "本周": "week", "周": "week", "周报": "week"}
PERIOD_WORDS |= {"month": "month", "本月": "month", "月": "month", "月报": "month"}
_ALL = frozenset({"all", "ever", "全部", "总"})


class Top(Command):
    """Messages are counted by period or altogether; points and streaks are as they stand."""

    name = "top"
    aliases = ("排行", "排行榜")

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        board = desk.setup.config.activities.leaderboard
        by: By | None = None
        period = None
        for word in fold(issued.args).split():
            if word in _BY:
                by = _BY[word]
            elif word in PERIOD_WORDS or word in _ALL:
                period = PERIOD_WORDS.get(word, "all")
            else:
                raise refused("usage", text=key("commands.top.usage"))
        if by in ("score", "streak") and period not in (None, "all"):
            raise refused("top.by_period", text=key("commands.top.usage"))
        period = period or ("all" if by else board.period)
        if period == "all":
            text = self._altogether(by or "messages", board.top, desk)
        else:
            text = leaderboard_text(desk.digest(period, facts), period, board.top)
        return decided(issued, facts, desk, (answer(issued, facts, text),))

    def _altogether(self, by: By, limit: int, desk: "Desk") -> Text:
        members = [Ranked(state.id, state.name, getattr(state, by)) for state in desk.top(by, limit)]
        if not members:
            return key("leaderboard.empty")
        return key(f"commands.top.by_{by}", items=ranked(members))


class Stats(Command):
    name = "stats"
    aliases = ("统计",)
    needs = "stats"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        period = period_of(issued.args, "day", "stats")
        text = figures_text(desk.digest(period, facts), period, desk.member_count(), group_name(issued, facts))
        return decided(issued, facts, desk, (answer(issued, facts, text),))


def period_of(args: str, default: str, command: str) -> str:
    """The period that arguments name. Raises ``Refused``."""
    word = fold(args.strip())
    period = PERIOD_WORDS.get(word, "") if word else default
    if not period:
        raise refused("usage", text=key(f"commands.{command}.usage"))
    return period


def figures_text(digest: Digest, period: str, members: int, group: str) -> Text:
    """Figures for staff: more than a digest tells everybody."""
    lines: list[Text] = [
        key(f"commands.stats.title_{period}", group=group),
        key("commands.stats.messages", count=digest.messages, total=digest.active_members),
        key("commands.stats.members", total=members, count=digest.new_members, number=digest.left_members),
        key("commands.stats.order", count=digest.removed_messages),
    ]
    if digest.checkins:
        lines.append(key("digest.checkins", count=digest.checkins))
    if digest.introductions:
        lines.append(key("commands.stats.introductions", count=len(digest.introductions)))
    if digest.unanswered:
        lines.append(key("commands.stats.unanswered", count=len(digest.unanswered)))
    if digest.busiest_hour is not None:
        lines.append(key("digest.busiest", time=f"{digest.busiest_hour:02d}:00"))
    if digest.top:
        lines.append(key("digest.top", items=ranked(digest.top[:5])))
    return say("{items}", items=tuple(lines))
