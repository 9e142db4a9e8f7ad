"""What is said in quiet hours, and what waits for their end.

On every platform the bot says nothing unasked then: what comes by the clock is held back, or dropped. Where it is an
account like a person's it does not answer at night either, and says only what keeps order.
"""

from datetime import datetime, timedelta

from rules.effects import Effect, Lane, SendPrivate, SendText, SetAnnouncement, lane_of
from rules.events import CommandIssued, Event, ScheduleFired
from rules.facts import Facts, GroupSettings, quiet_until
from rules.rulebook import Rulebook
from storage.outbox import Delivery

_TALK = (SendText, SendPrivate, SetAnnouncement)
OWN = "@"
"""How the names of times begin that are no post's: of the gate, where somebody waits who came just now, and of others
that are to be told, late or not."""
LATE = timedelta(minutes=10)
"""What was decided less long ago is said although quiet hours have just begun."""


def is_post(effect: Effect, event: Event) -> bool:
    """Whether the bot says something because a time has come, and not because somebody did something."""
    return isinstance(effect, _TALK) and isinstance(event, ScheduleFired) and not event.name.startswith(OWN)


def held_until(effect: Effect, event: Event, facts: Facts, there: GroupSettings) -> datetime | None:
    """Until when an effect waits; None where it does not. ``there`` are the settings of the group it is for."""
    if is_post(effect, event):
        return quiet_until(facts.settings, facts.now)
    if not there.human or lane_of(effect) is Lane.MODERATION or _keeps_order(effect, event, facts, there):
        return None
    return quiet_until(there, facts.now)


def postponed(delivery: Delivery, book: Rulebook, now: datetime) -> datetime | None:
    """Until when something waits that was to be said before these quiet hours, and could not be; None: it may go."""
    group, decided = book.group(delivery.group), delivery.created_at
    if group is None or decided is None or now - decided < LATE or not isinstance(delivery.effect, _TALK):
        return None
    there = group.settings
    if delivery.group == there.staff_chat or not (there.human or delivery.lane is Lane.ANNOUNCEMENT):
        return None
    until = quiet_until(there, now)
    return None if until == quiet_until(there, decided) else until


def _keeps_order(effect: Effect, event: Event, facts: Facts, there: GroupSettings) -> bool:
    """Whether it is a word on a breach or a measure, for the staff, or by their order."""
    if effect.group == there.staff_chat:
        return True
    if isinstance(event, CommandIssued) and (facts.staff or (event.origin is not None and event.origin.can)):
        return True
    return isinstance(effect, (SendText, SendPrivate)) and effect.notice is not None
