"""Welcoming newcomers together: who joins within some minutes is greeted in one message, and in a raid by none."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pydantic import Field

from rules import changes as c
from rules.actions.introduction import first_reminder
from rules.capability import Capability
from rules.config import IntroduceSpec, WelcomeSpec
from rules.durations import Duration
from rules.effects import SendText
from rules.events import Event, MemberJoined, MemberLeft
from rules.facts import Facts
from rules.greeting import AGAIN, WELCOMED, greeted_later
from rules.posts import agenda_text, rules_alone
from rules.quota import Quota
from rules.state import Greeting, Welcome
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import Param, Text, key
from rules.wording import (
    copy_keys,
    filling,
    gathered,
    name_of,
    plain_name,
    standing_name,
    to_staff,
    whole_seconds,
    wording,
)

_RAID = Quota(1, timedelta(hours=1))


class QueueWelcome(Action):
    """Let a joiner wait for the next welcome, which greets all who joined within ``batch``.

    ```yaml
    queue_welcome: 2m
    ```
    """

    step = "queue_welcome"
    scalar = "batch"
    kinds = frozenset({"join"})
    batch: Duration = Field(default=timedelta(minutes=2), description="How long others are waited for.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, MemberJoined):
            return
        member = event.member
        if member.is_bot:
            yield Remark("welcome: bots are not welcomed")
            return
        yield from greeted_later(member.id, name_of(event, facts), self.batch, facts)


class UnqueueWelcome(Action):
    """Welcome nobody who has gone again before the batch was due.

    ```yaml
    unqueue_welcome:
    ```
    """

    step = "unqueue_welcome"
    kinds = frozenset({"leave"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if isinstance(event, MemberLeft) and any(w.member == event.member.id for w in facts.group.welcomes):
            yield c.Welcomed(members=(event.member.id,))


class SendWelcome(Action):
    """Greet all who wait for it in one message, ask them to introduce themselves, and set the first reminder.

    In a raid (so many joiners in a batch, or welcomes are paused) everybody is let in silently and staff are told.

    ```yaml
    send_welcome:
      welcome: { max_names: 5 }
      onboarding: welcome
    ```
    """

    step = "send_welcome"
    kinds = frozenset({"schedule"})
    needs = frozenset({Capability.SEND})
    welcome: WelcomeSpec = WelcomeSpec()
    introduce: IntroduceSpec | None = None
    onboarding: str = Field(default="welcome", description="The onboarding's id, which names its timers.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        waiting = facts.group.welcomes
        if not waiting:
            yield Remark("welcome: nobody waits any more")
            return
        yield c.Welcomed(members=tuple(one.member for one in waiting))
        paused = facts.group.welcome_paused_until
        if len(waiting) >= self.welcome.pause_at_joins or (paused is not None and paused > facts.now):
            yield from self._silently(len(waiting), event, facts, rule)
            return
        standing = self._standing(facts)
        yield self._greeting(waiting, standing, event, facts, rule)
        if self.welcome.grow_for is not None:
            yield c.Greeted(names=tuple(plain_name(one.name) for one in waiting), anew=standing is None)
        for one in waiting:
            yield c.CountUse(use=WELCOMED, keep=int(AGAIN.total_seconds()), member=one.member)
            if self.introduce is not None:
                yield c.AskedIntroduction(member=one.member)
        if self.introduce is not None:
            yield from first_reminder(self.introduce, self.onboarding, [one.member for one in waiting], facts)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.welcome.copy_, self.introduce.copy_ if self.introduce else None)

    def required(self) -> frozenset[Capability]:
        return self.needs if self.welcome.grow_for is None else self.needs | {Capability.EDIT_OWN}

    def _standing(self, facts: Facts) -> Greeting | None:
        """The greeting that grows by those who wait, if there is one."""
        standing = facts.group.greeting
        grow_for, stands = self.welcome.grow_for, self.welcome.delete_after
        if standing is None or grow_for is None:
            return None
        return standing if facts.now - standing.at < (min(grow_for, stands) if stands else grow_for) else None

    def _greeting(
        self, waiting: list[Welcome], standing: Greeting | None, event: Event, facts: Facts, rule: RuleContext
    ) -> SendText:
        """The welcome: of those who wait, then of those whom it greeted before, who are named but not pinged again."""
        earlier = list(reversed(standing.names)) if standing is not None else []
        every = [*(plain_name(one.name) for one in waiting), *earlier]
        most = min(self.welcome.max_names, facts.settings.mentions_per_post, len(every))
        count = len(waiting) + (standing.count if standing is not None else 0)
        named = waiting[:most]
        names = gathered([*every, *([""] * (count - len(every)))], most, facts)
        more: dict[str, Param] = {"names": names, "count": count, "others": count - most}
        more |= {"name": names, "value": key("welcome.value")}
        words = filling(event, facts, rule)
        more |= {
            "rules": rules_alone(rule.library.house_rules, words),
            "agenda": agenda_text(rule.library.agenda.get(facts.settings.key, ())),
        }
        text = wording(self.welcome.copy_, event, facts, rule, **more)
        if self.introduce is not None:
            ask = wording(self.introduce.copy_, event, facts, rule, **more)
            text = Text(literal="{items}", params={"items": (text, Text(literal=""), ask)})
        return SendText(
            group=event.group.id,
            text=text,
            mentions=tuple(one.member for one in named),
            mention_names=tuple(plain_name(one.name) for one in named),
            topic=facts.settings.topic,
            delete_after=whole_seconds(self.welcome.delete_after),
            running=self._running(standing.at if standing is not None else facts.now),
            runs_for=(whole_seconds(self.welcome.grow_for) or 0) * 2,
        )

    def _running(self, since: datetime) -> str:
        return "" if self.welcome.grow_for is None else standing_name(f"welcome/{self.onboarding}", since)

    def _silently(self, count: int, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        yield Remark(f"welcome: {count} came at once or welcomes are paused; let in silently")
        use = "welcome/raid"
        if count < self.welcome.pause_at_joins or not _RAID.allows(facts.group.uses.get(use, []), facts.now):
            return
        told = to_staff(facts, key("alerts.raid", **filling(event, facts, rule, count=count)))
        if told is not None:
            yield told
            yield c.CountUse(use=use, keep=int(_RAID.period.total_seconds()))
