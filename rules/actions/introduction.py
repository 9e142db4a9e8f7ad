"""Self-introductions: storing them, reminding of them in one message a welcome, telling staff of the silent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from pydantic import Field

from rules import changes as c
from rules.capability import Capability
from rules.config import IntroduceSpec
from rules.effects import SendText
from rules.events import Event, ScheduleFired, message_of
from rules.facts import Facts
from rules.introduction import recognise
from rules.quota import Quota
from rules.state import MemberState
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import Text, key
from rules.wording import (
    copy_keys,
    filling,
    gathered,
    listed,
    notice,
    plain_name,
    to_staff,
    topic_of,
    wording,
)

SILENT = "silent"
"""The tag of newcomers who never introduced themselves."""
STANDS = timedelta(hours=12)
"""How long a reminder stands in the group."""
PACE = Quota(5, timedelta(hours=1))
"""Reminders that a group bears; the others wait for the next hour."""
MOST_LISTED = 20
"""Newcomers that staff are told of by name in one message."""
_USE = "introduce/reminders"


class Asked(Struct, frozen=True):
    """The newcomers that one welcome asked, when it did, and which reminder they are to have next: a timer's data."""

    members: tuple[str, ...]
    at: datetime
    number: int = 1


def timer_of(onboarding: str) -> str:
    """The name of the timers that wake the newcomers' next reminders, one timer for each welcome."""
    return f"introduce/{onboarding}"


def first_reminder(spec: IntroduceSpec, onboarding: str, members: Sequence[str], facts: Facts) -> Iterator[c.SetTimer]:
    """The timer of the newcomers who are being asked just now, all together."""
    name = f"{timer_of(onboarding)}#{facts.now.isoformat()}"
    yield from _next_timer(spec, name, Asked(tuple(members), facts.now), facts.now)


class RemindIntroduction(Action):
    """Remind newcomers who were welcomed together of the introduction, in one message; in the end tell staff.

    Who has introduced themselves, left or been banned meanwhile is left out; where nobody is left, nothing is said.

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
        if not isinstance(event, ScheduleFired) or event.data is None:
            return
        asked = msgspec.json.decode(event.data, type=Asked)
        silent = [state for state in map(facts.others, asked.members) if _still_silent(state, asked)]
        if not silent:
            yield Remark("introduction: everybody has introduced themselves or is gone")
            return
        if asked.number > len(self.introduce.remind_after):
            yield from self._give_up(silent, asked, event, facts, rule)
            return
        if not PACE.allows(facts.group.uses.get(_USE, []), facts.now):
            yield Remark("introduction: enough reminders this hour; later")
            yield c.SetTimer(event.schedule, facts.now + PACE.period, data=event.data)
            return
        most = facts.settings.mentions_per_post
        names = gathered([_called(state) for state in silent], most, facts)
        words = wording(self.introduce.remind, event, facts, rule, name=names, names=names, count=asked.number)
        yield replace(
            notice(event, facts, words, stands=STANDS),
            mentions=tuple(state.id for state in silent[:most]),
            mention_names=tuple(_called(state) for state in silent[:most]),
        )
        for state in silent:
            yield c.AskedIntroduction(member=state.id, reminder=True)
        yield c.CountUse(use=_USE, keep=int(PACE.period.total_seconds()))
        following = Asked(tuple(state.id for state in silent), asked.at, asked.number + 1)
        yield from _next_timer(self.introduce, event.schedule, following, facts.now)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.introduce.remind)

    def _give_up(
        self, silent: Sequence[MemberState], asked: Asked, event: Event, facts: Facts, rule: RuleContext
    ) -> Iterator[Outcome]:
        if self.introduce.then == "tag_silent":
            for state in silent:
                yield c.AddTag(member=state.id, tag=SILENT)
        elif self.introduce.then == "alert_staff":
            told = to_staff(facts, _for_staff(silent, asked.number - 1, event, facts, rule))
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


def _still_silent(state: MemberState, asked: Asked) -> bool:
    """Whether an answer to this very question is still awaited; who was forgotten since is asked no more."""
    gone = state.left_at is not None and (state.joined_at is None or state.left_at >= state.joined_at)
    return not gone and not state.banned and state.introduced_at is None and state.asked_introduction_at == asked.at


def _called(state: MemberState) -> str:
    return plain_name(state.name) or plain_name(state.username or "") or state.id.rpartition(":")[2]


def _for_staff(silent: Sequence[MemberState], reminders: int, event: Event, facts: Facts, rule: RuleContext) -> Text:
    if len(silent) == 1:
        words = filling(event, facts, rule, name=_called(silent[0]), member=silent[0].id, count=reminders)
        return key("alerts.silent_newcomer", **words)
    items = [key("alerts.silent_one", name=_called(state), member=state.id) for state in silent[:MOST_LISTED]]
    if len(silent) > MOST_LISTED:
        items.append(key("alerts.silent_more", others=len(silent) - MOST_LISTED))
    words = filling(event, facts, rule, count=len(silent), number=reminders, items=tuple(items))
    return key("alerts.silent_newcomers", **words)


def _next_timer(spec: IntroduceSpec, name: str, asked: Asked, now: datetime) -> Iterator[c.SetTimer]:
    """The timer of the next wake after newcomers were asked; the one after the last reminder is the end."""
    reminders, number = spec.remind_after, asked.number
    if number <= len(reminders):
        due = asked.at + reminders[number - 1]
    elif number == len(reminders) + 1 and spec.then != "nothing":
        # As long again as the last wait was: time to answer the last reminder.
        waits = [timedelta(), *reminders]
        due = asked.at + waits[-1] + (waits[-1] - waits[-2]) if reminders else asked.at + spec.within
    else:
        return
    if due <= now:
        due = now + timedelta(hours=1)
    yield c.SetTimer(name=name, due=due, data=msgspec.json.encode(asked).decode())
