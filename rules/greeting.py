"""Who came in waits for the welcome, which greets all who come within some minutes."""

from collections.abc import Iterator
from datetime import timedelta

from rules import changes as c
from rules.facts import Facts
from rules.step import Outcome, Remark

TIMER = "welcome"
"""The timer that ends a batch."""
AGAIN = timedelta(days=30)
"""Nobody is welcomed twice within this time, however often they come and go."""
WELCOMED = "welcomed"
"""What is counted of each welcome."""


def greeted_later(member: str, name: str, batch: timedelta, facts: Facts) -> Iterator[Outcome]:
    """Let somebody wait for the next welcome."""
    if any(at > facts.now - AGAIN for at in facts.others(member).uses.get(WELCOMED, ())):
        yield Remark("welcome: this member was welcomed not long ago")
        return
    due = facts.group.welcome_due
    if due is None or due <= facts.now:
        due = facts.now + batch
        yield c.SetTimer(name=TIMER, due=due)
    yield c.QueueWelcome(member=member, name=name, due=due)
