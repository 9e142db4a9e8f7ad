"""Telling staff of those who turned to the bot's account and were not accepted."""

from collections.abc import Iterator, Sequence

from rules import changes as c
from rules import strangers as s
from rules.effects import SendText
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.state import Stranger
from rules.step import Action, Outcome, Remark, RuleContext
from rules.text import Text, key
from rules.wording import excerpt, plain_name


class TellOfStrangers(Action):
    """Tell staff of who asked to be the bot's friend or invited it into a group, and waits: the first of a day at
    once, the others together when the day is over.

    ```yaml
    tell_of_strangers:
    ```
    """

    step = "tell_of_strangers"
    kinds = frozenset({"schedule"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, ScheduleFired):
            return
        waiting = tuple(facts.group.strangers)
        if event.name == s.TIME:
            yield from _told(waiting, facts) if waiting else (Remark("contacts: staff know already"),)
            return
        stranger = s.read_stranger(event.data)
        if any((one.member, one.asks) == (stranger.member, stranger.asks) for one in waiting):
            yield Remark("contacts: they are waiting already")
        elif not waiting and s.TOLD.allows(facts.group.uses.get(s.USE, []), facts.now):
            yield from _told((stranger,), facts)
        elif len(waiting) < s.MOST:
            yield c.NoteStranger(stranger)
            if not waiting:
                yield c.SetTimer(s.TIME, max(facts.group.uses[s.USE]) + s.TOLD.period)


def _told(strangers: Sequence[Stranger], facts: Facts) -> Iterator[Outcome]:
    lines: list[Text] = [_line(one) for one in strangers[: s.LISTED]]
    if len(strangers) > s.LISTED:
        lines.append(key("alerts.silent_more", others=len(strangers) - s.LISTED))
    text = key("alerts.strangers", count=len(strangers), items=tuple(lines))
    yield SendText(group=facts.group.id, text=text, topic=facts.settings.topic)
    yield c.ToldOfStrangers()
    yield c.CountUse(use=s.USE, keep=int(s.TOLD.period.total_seconds()))


def _line(one: Stranger) -> Text:
    return key(f"contacts.{one.asks}", name=plain_name(one.name), text=excerpt(one.note))
