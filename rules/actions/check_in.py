"""Daily check-ins, with streaks that count the group's own days."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import Field

from rules import changes as c
from rules.capability import Capability
from rules.durations import Duration
from rules.effects import SendText
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import TEXT_EVENTS, Action, Outcome, RuleContext
from rules.text import Param, Text
from rules.wording import BRIEF, filling, topic_of, whole_seconds


class CheckIn(Action):
    """Check the member in for the day: points, a longer streak, a bonus at its milestones.

    ```yaml
    check_in:
      points: 2
      streak_bonus: { "7": 10, "30": 50 }
    ```
    """

    step = "check_in"
    kinds = TEXT_EVENTS
    needs = frozenset({Capability.SEND})
    points: int = Field(default=1, ge=0)
    streak_bonus: Mapping[int, int] = Field(default_factory=dict, description="Extra points on these days in a row.")
    delete_after: Duration | None = Field(default=None, description="Remove the answer after this long.")

    def once(self) -> str:
        return self.step

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject, message, member = subject_of(event), message_of(event), facts.member
        if subject is None:
            return
        today = facts.today
        if member.checkin_day == today:
            words = filling(event, facts, rule, streak=member.streak, score=member.score)
            stands = min(self.delete_after, BRIEF) if self.delete_after else BRIEF
            yield _answer("checkin.already", words, event, facts, message.id if message else None, stands)
            return
        yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
        streak = member.streak + 1 if member.checkin_day == yesterday else 1
        bonus = self.streak_bonus.get(streak, 0)
        earned = self.points + bonus
        yield c.CheckIn(member=subject, day=today, streak=streak, points=earned)
        words = filling(event, facts, rule, streak=streak, points=earned, bonus=bonus, score=member.score + earned)
        name = "checkin.bonus" if bonus else "checkin.done"
        yield _answer(name, words, event, facts, message.id if message else None, self.delete_after)


def _answer(
    name: str, words: dict[str, Param], event: Event, facts: Facts, reply_to: str | None, stands: timedelta | None
) -> SendText:
    return SendText(
        group=event.group.id,
        text=Text(key=name, params=words),
        reply_to=reply_to,
        topic=topic_of(event, facts),
        delete_after=whole_seconds(stands),
    )
