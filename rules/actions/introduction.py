"""Self-introductions: reminding of them, storing them, and telling staff of those that never come."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pydantic import Field

from rules import changes as c
from rules.capability import Capability
from rules.config import IntroduceSpec
from rules.effects import SendText
from rules.events import Event, ScheduleFired, message_of
from rules.facts import Facts
from rules.introduction import recognise
from rules.quota import Quota
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import key
from rules.wording import copy_keys, filling, listed, notice, to_staff, topic_of, wording

SILENT = "silent"
"""The tag of newcomers who never introduced themselves."""
STANDS = timedelta(hours=12)
"""How long a reminder stands in the group."""
PACE = Quota(5, timedelta(hours=1))
"""Reminders that a group bears; the others wait for the next hour."""
_USE = "introduce/reminders"


def timer_of(onboarding: str) -> str:
    """The name of the timer that wakes a newcomer's next reminder."""
    return f"introduce/{onboarding}"


def first_reminder(spec: IntroduceSpec, onboarding: str, member: str, facts: Facts) -> Iterator[c.SetTimer]:
    """The timer of a newcomer who is being asked just now."""
    yield from _next_timer(spec, onboarding, member, 1, facts.now)


class RemindIntroduction(Action):
    """Remind a newcomer of the introduction, once or twice; then tag them silent or tell staff.

    ```yaml
    remind_introduction:
      introduce: { remind_after: [1d, 3d], then: tag_silent }
      onboarding: welcome
    ```
    """

    step = "remind_introduction"
    kinds = frozenset({"schedule"})
    needs = frozenset({Capability.SEND})
    introduce: IntroduceSpec = IntroduceSpec()
    onboarding: str = Field(default="welcome", description="The onboarding's id, which names its timers.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, ScheduleFired) or event.subject is None:
            return
        member = facts.member
        gone = member.banned or (
            member.left_at is not None and (member.joined_at is None or member.left_at >= member.joined_at)
        )
        if gone or member.introduced_at is not None:
            yield Remark("introduction: gone again" if gone else "introduction: done by now")
            return
        number = int(event.data) if event.data and event.data.isdigit() else 1
        if number > len(self.introduce.remind_after):
            yield from self._give_up(event.subject, event, facts, rule)
            return
        if not PACE.allows(facts.group.uses.get(_USE, []), facts.now):
            yield Remark("introduction: enough reminders this hour; later")
            yield c.SetTimer(event.schedule, facts.now + PACE.period, event.subject, str(number))
            return
        words = wording(self.introduce.remind, event, facts, rule, count=number)
        yield notice(event, facts, words, stands=STANDS)
        yield c.AskedIntroduction(member=event.subject, reminder=True)
        yield c.CountUse(use=_USE, keep=int(PACE.period.total_seconds()))
        asked = member.asked_introduction_at or facts.now
        yield from _next_timer(self.introduce, self.onboarding, event.subject, number + 1, asked, facts.now)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.introduce.remind)

    def _give_up(self, subject: str, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if self.introduce.then == "tag_silent":
            yield c.AddTag(member=subject, tag=SILENT)
        elif self.introduce.then == "alert_staff":
            words = filling(event, facts, rule, member=subject, count=facts.member.introduction_reminders)
            told = to_staff(facts, key("alerts.silent_newcomer", **words))
            yield told if told is not None else Remark("introduction: there is no staff room to tell (staff: room)")


class StoreIntroduction(Action):
    """Keep the message as the member's introduction and profile, and thank them.

    ```yaml
    store_introduction:
      introduce: { thanks: intro.thanks }
    ```
    """

    step = "store_introduction"
    kinds = frozenset({"message", "edit"})
    needs = frozenset({Capability.SEND})
    introduce: IntroduceSpec = IntroduceSpec()

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message = message_of(event)
        if message is None:
            return
        spec = self.introduce
        found = recognise(message.text, spec.fields, spec.at_least_fields, spec.free_text)
        fields = dict(found.fields) if found is not None else {}
        yield c.MarkIntroduced(message.author.id, text=message.text.strip(), fields=fields, message=message.id)
        yield c.CancelTimer(name="introduce*", subject=message.author.id)
        if SILENT in facts.member.tags:
            yield c.RemoveTag(member=message.author.id, tag=SILENT)
        if spec.thanks:
            yield SendText(
                group=event.group.id,
                text=wording(spec.thanks, event, facts, rule, fields=listed(list(fields.values()), facts)),
                reply_to=message.id,
                topic=topic_of(event, facts),
            )

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.introduce.thanks)


def _next_timer(
    spec: IntroduceSpec, onboarding: str, member: str, number: int, asked: datetime, now: datetime | None = None
) -> Iterator[c.SetTimer]:
    """The timer of the ``number``-th wake after a newcomer was asked; the one after the last reminder is the end."""
    reminders = spec.remind_after
    if number <= len(reminders):
        due = asked + reminders[number - 1]
    elif number == len(reminders) + 1 and spec.then != "nothing":
        # As long again as the last wait was: time to answer the last reminder.
        waits = [timedelta(), *reminders]
        due = asked + waits[-1] + (waits[-1] - waits[-2]) if reminders else asked + spec.within
    else:
        return
    if now is not None and due <= now:
        due = now + timedelta(hours=1)
    yield c.SetTimer(name=timer_of(onboarding), due=due, subject=member, data=str(number))
