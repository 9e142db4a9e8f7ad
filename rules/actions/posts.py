"""Posting to the group by the clock: the calendar's entry, a digest, the next topic, the rules, or any text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from rules.buttons import read_button
from rules.capability import Capability
from rules.changes import CountUse, Posted, StartRunning
from rules.digest import PERIODS
from rules.durations import Duration
from rules.effects import SendText
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.posts import digest_text, house_rules_text, leaderboard_text
from rules.quota import Quota
from rules.step import Action, CalendarEntries, Outcome, Remark, RuleContext
from rules.text import Text, key
from rules.wording import Words, copy_keys, filling, group_name, is_key, standing_name, to_staff, wording

CHALLENGES = ("challenge", "挑战")
"""A calendar whose name begins so holds the day's challenge, which /challenge repeats."""
_COMPLAIN = Quota(1, timedelta(hours=20))
_RULES = ("rules.short", "rules.full")
_BOARDS = ("day", "week", "month")
_SAME = {"daily": "day", "weekly": "week", "monthly": "month", "next_topic": "next"}


def _source(value: str) -> str:
    head, dot, name = value.partition(".")
    if not is_key(value) and not (dot and head in ("calendar", "topics", "digest", "leaderboard") and " " not in value):
        return value
    name = _SAME.get(name, name)
    if head == "digest" and name not in PERIODS:
        raise ValueError(f"`{value}` is no digest; write digest.{', digest.'.join(PERIODS)}")
    if head == "leaderboard" and name not in _BOARDS:
        raise ValueError(f"`{value}` is no leaderboard; write leaderboard.{', leaderboard.'.join(_BOARDS)}")
    return f"{head}.{name}"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to post: the words, the topic it uses up, the challenge it announces."""

    text: Text
    topic: str | None = None
    challenge: str | None = None


class Post(Action):
    """Post to the group: calendar.NAME, topics.NAME or topics.next, digest.PERIOD, leaderboard, rules.short, or a text.

    ```yaml
    post:
      source: calendar.challenge
      pin: true
    ```
    """

    step = "post"
    scalar = "source"
    needs = frozenset({Capability.SEND})
    source: Annotated[Words, AfterValidator(_source)] = Field(description="What to post.")
    pin: bool = Field(default=False, description="Pin it to the top of the group.")
    silent: bool = Field(default=False, description="Without a sound on members' phones.")
    update_for: Duration | None = Field(
        default=None, description="For this long, change the last post instead of posting anew."
    )

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        schedule = event.schedule if isinstance(event, ScheduleFired) else rule.id
        name = f"post/{schedule}"
        since = facts.group.running.get(name) if self.update_for is not None else None
        updates = since is not None and self.update_for is not None and facts.now - since < self.update_for
        most = facts.settings.announcements_per_day
        announced = facts.group.announced if facts.group.announced_day == facts.today else 0
        if most is not None and announced >= most and not updates:
            yield Remark(f"post: {announced} of {most} announcements were made today (announce_budget)")
            return
        found = self._find(event, facts, rule)
        if not isinstance(found, Found):
            yield from found
            return
        text = found.text
        if self.update_for is not None:
            updated = key("post.updated", time=f"{facts.local_now:%Y-%m-%d %H:%M}")
            text = Text(literal="{items}", params={"items": (text, updated)})
            if not updates:
                yield StartRunning(name)
        yield SendText(
            group=event.group.id,
            text=text,
            topic=facts.settings.topic,
            buttons=read_button(facts) if self.source in _RULES else (),
            silent=self.silent,
            pin=self.pin,
            announcement=True,
            running="" if self.update_for is None else standing_name(name, since if updates and since else facts.now),
            runs_for=0 if self.update_for is None else int(self.update_for.total_seconds()) * 2,
        )
        yield Posted(
            schedule=schedule,
            topic=found.topic,
            challenge=found.challenge,
            day="" if updates else facts.today,  # what is only brought up to date is no announcement
            quiet=event.id.startswith("quiet:"),
        )

    def without(self) -> Mapping[str, Action]:
        return {"pin": self.model_copy(update={"pin": False})} if self.pin else {}

    def required(self) -> frozenset[Capability]:
        pinning = {Capability.PIN} if self.pin else set()
        return self.needs | pinning | ({Capability.EDIT_OWN} if self.update_for is not None else set())

    def digests(self) -> frozenset[str]:
        head, _, name = self.source.partition(".")
        if self.source == "leaderboard":
            return frozenset({"week"})
        return frozenset({name}) if head in ("digest", "leaderboard") and is_key(self.source) else frozenset()

    def refers(self) -> Iterable[tuple[str, str]]:
        head, dot, name = self.source.partition(".")
        if dot and head in ("calendar", "topics") and " " not in self.source:
            return [] if self.source == "topics.next" else [(head, name)]
        if self.digests() or self.source in _RULES:
            return []
        return copy_keys(self.source)

    def _find(self, event: Event, facts: Facts, rule: RuleContext) -> "Found | Iterator[Outcome]":
        head, _, name = self.source.partition(".")
        if head == "calendar" and name in rule.library.calendars:
            return self._entry(name, rule.library.calendars[name], event, facts, rule)
        if head == "topics" and (name in rule.library.topics or name == "next"):
            return self._topic(name, event, facts, rule)
        if self.source in _RULES:
            words = filling(event, facts, rule)
            return Found(house_rules_text(rule.library.house_rules, name, words))
        for period in self.digests():
            digest = facts.digests.get(period)
            if digest is None:
                return iter([Remark(f"post: the figures of {period} are missing")])
            if head == "leaderboard":
                return Found(leaderboard_text(digest, period))
            return Found(digest_text(digest, period, facts.settings, group_name(event, facts)))
        return Found(wording(self.source, event, facts, rule))

    def _entry(
        self, name: str, calendar: CalendarEntries, event: Event, facts: Facts, rule: RuleContext
    ) -> "Found | Iterator[Outcome]":
        day = _day_of(event, facts)
        entry, number = entry_for(calendar, day)
        if not entry:
            if calendar.if_empty == "skip":
                return iter([Remark(f"post: calendar {name} has nothing for {day}")])
            return self._complain("alerts.calendar_empty", f"calendar.{name}", day, event, facts, rule)
        challenge = entry if name.startswith(CHALLENGES) else None
        return Found(wording(entry, event, facts, rule, date=day.isoformat(), day=number), challenge=challenge)

    def _topic(self, name: str, event: Event, facts: Facts, rule: RuleContext) -> "Found | Iterator[Outcome]":
        lists = rule.library.topics
        chosen = [lists[name]] if name in lists else list(lists.values())
        used = facts.group.topics_used
        for topics in chosen:
            free = [
                topic for topic in topics.topics if topic not in used or facts.now - used[topic] >= topics.no_repeat
            ]
            if free:
                # Never used ones first, in the order of the list; then the one whose turn was longest ago.
                topic = min(free, key=lambda topic: used[topic].timestamp() if topic in used else float("-inf"))
                return Found(wording(topic, event, facts, rule), topic=topic)
        return self._complain("alerts.topics_used_up", self.source, _day_of(event, facts), event, facts, rule)

    def _complain(
        self, text: str, what: str, day: date, event: Event, facts: Facts, rule: RuleContext
    ) -> Iterator[Outcome]:
        """Tell staff that there is nothing to post, once a day."""
        yield Remark(f"post: nothing to post in {what}")
        use = f"complain/{what}"
        if not _COMPLAIN.allows(facts.group.uses.get(use, []), facts.now):
            return
        told = to_staff(facts, key(text, **filling(event, facts, rule, value=what, date=day.isoformat())))
        if told is not None:
            yield told
            yield CountUse(use=use, keep=int(_COMPLAIN.period.total_seconds()))


def entry_for(calendar: CalendarEntries, day: date) -> tuple[str, int]:
    """A calendar's entry for a day, and the day's number in its series (from 1); an empty text where there is none."""
    written = calendar.by_date.get(day.isoformat(), "")
    start = date.fromisoformat(calendar.start) if calendar.start else None
    number = (day - start).days + 1 if start else day.toordinal()
    if written or not calendar.cycle or number < 1:
        return written, max(number if start else 1, 1)
    place = (number - 1) % len(calendar.cycle)
    return calendar.cycle[place], number if start else place + 1


def _day_of(event: Event, facts: Facts) -> date:
    """The day on the group's wall calendar that a post is for: the day it was due, however late it is."""
    if isinstance(event, ScheduleFired):
        if event.local:
            return date.fromisoformat(event.local[:10])
        return facts.settings.local(event.due).date()
    return facts.local_now.date()
