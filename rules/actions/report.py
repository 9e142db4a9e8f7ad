"""The staff's report: what rules did since the last one, and what those that are only watched would have done."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from rules.capability import Capability
from rules.changes import Posted
from rules.effects import SendText
from rules.events import Event
from rules.facts import Facts
from rules.outages import Absence, absences, roughly, stretch_of
from rules.step import Action, Outcome, Remark, RuleContext
from rules.tally import GroupTally, RuleTally
from rules.text import Text, key, say
from rules.wording import local_time

_TROUBLES = ("refused", "uncertain", "parked", "held")


class PostReport(Action):
    """Post the report to the group the rule is for.

    ``rules``, ``groups`` and ``platforms`` are what to call them, by id; ``keys`` is how commands name the groups.

    ```yaml
    post_report:
      rules: { ads: No advertisements }
      groups: { "telegram:-1001": Reading }
      keys: { "telegram:-1001": reading }
      platforms: { telegram: Telegram }
    ```
    """

    step = "post_report"
    needs = frozenset({Capability.SEND})
    kinds = frozenset({"schedule"})
    rules: Mapping[str, str] = Field(default_factory=dict)
    groups: Mapping[str, str] = Field(default_factory=dict)
    keys: Mapping[str, str] = Field(default_factory=dict)
    platforms: Mapping[str, str] = Field(default_factory=dict)

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        tally = facts.tally
        if tally is None:
            yield Remark("post_report: the figures are missing")
            return
        parts = [self._group(part) for part in tally.groups if part.group in self.groups]
        paragraphs: list[Text] = [key("report.title", time=local_time(tally.since, facts))]
        away = tuple(
            line
            for absence in absences(tally.outages, tally.since, tally.until)
            if absence.platform in self.platforms
            for line in self._away(absence, facts)
        )
        if away:
            paragraphs.append(say("{items}", items=away))
        paragraphs += [part for part in parts if part is not None] or [key("report.nothing")]
        yield SendText(group=event.group.id, text=_apart(paragraphs), topic=facts.settings.topic)
        yield Posted(schedule=rule.id)

    def _group(self, part: GroupTally) -> Text | None:
        lines = [self._line(each) for each in part.rules if each.rule in self.rules]
        for name in _TROUBLES:
            count = getattr(part, name)
            if count:
                lines.append(key(f"report.{name}", count=count, chat=self.keys.get(part.group, "")))
        return key("report.group", group=self.groups[part.group], items=tuple(lines)) if lines else None

    def _away(self, absence: Absence, facts: Facts) -> Iterator[Text]:
        """What staff should know of a connection: what was written while it was away, nobody kept an eye on."""
        platform = self.platforms[absence.platform]
        stretch = stretch_of(*absence.longest, facts.settings, facts.now)
        name = "report.away" if absence.times > 1 else "report.away_once"
        yield key(name, platform=platform, count=absence.times, time=roughly(absence.whole), value=stretch)
        if absence.restarted:
            yield key("report.away_restarted")
        if absence.still:
            yield key("report.away_still", platform=platform)

    def _line(self, each: RuleTally) -> Text:
        words: dict[str, Any] = {"rule": self.rules[each.rule], "count": each.times}
        name = "report.would" if each.watched else "report.did"
        if not each.acts:
            return key(f"{name}_noted", **words)
        return key(name, **words, items=_listed(each.acts))


def _listed(acts: Mapping[str, int]) -> Text:
    """Acts with their counts, in a row."""
    parts: dict[str, Any] = {
        f"n{index}": key("report.act", text=key(f"commands.act.{act}"), count=count)
        for index, (act, count) in enumerate(acts.items())
    }
    return Text(literal=" · ".join(f"{{{name}}}" for name in parts), params=parts)


def _apart(paragraphs: Sequence[Text]) -> Text:
    """Texts with an empty line between them."""
    items: list[Text] = []
    for paragraph in paragraphs:
        items += [Text(literal=""), paragraph] if items else [paragraph]
    return Text(literal="{items}", params={"items": tuple(items)})
