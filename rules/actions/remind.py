"""Reminding a member of the one rule they broke: once in a while, alone where possible, never at length."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pydantic import Field

from rules.buttons import read_button, with_buttons
from rules.capability import Capability
from rules.changes import CountUse
from rules.durations import Duration
from rules.events import Event, subject_of
from rules.facts import Facts
from rules.quota import Quota
from rules.step import MEMBER_EVENTS, Action, Outcome, Remark, RuleContext
from rules.text import key
from rules.wording import BRIEF, Words, copy_keys, filling, tell, telling, wording

ONCE = Quota(1, timedelta(hours=1))
"""How often a member is reminded of one rule where the file does not say."""


class Remind(Action):
    """Remind the member of one rule: alone where the platform can, else in the group, where it deletes itself.

    Nobody is reminded of the same rule twice within an hour, unless ``at_most`` says otherwise.

    ```yaml
    remind: rules.no_ads
    ```
    """

    step = "remind"
    scalar = "of"
    kinds = MEMBER_EVENTS - {"leave", "join_request"}
    needs = frozenset({Capability.SEND})
    of: Words = Field(description="The rule's text, by name (rules.no_ads) or as written.")
    otherwise: Words | None = Field(default=None, description="What to say in the group where nobody is told alone.")
    delete_after: Duration = Field(default=BRIEF, description="How long it stands in the group.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is None:
            return
        if self.at_most is None:
            use = f"remind/{self.of}"
            if not ONCE.allows(facts.member.uses.get(use, []), facts.now):
                yield Remark(f"remind: {self.of} was said to this member within the hour")
                return
            yield CountUse(use=use, keep=int(ONCE.period.total_seconds()), member=subject)
        gist = wording(self.of, event, facts, rule)
        words = filling(event, facts, rule, text=gist)
        aloud = wording(self.otherwise, event, facts, rule) if self.otherwise else None
        public = aloud or key("remind.public", **words)
        said = tell(event, facts, key("remind.private", **words), public, self.delete_after)
        said = with_buttons(said, read_button(facts), read_button(facts, alone=True))
        yield telling(said, self.step, subject, gist, aloud or gist)

    def once(self) -> str:
        return f"remind {self.of}"

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.of, self.otherwise)
