"""Another look at a message, once an opinion on it is there: kept as a timer, so that nothing is forgotten with it.

When it is due the message comes into the inbox again, for the rules that awaited the opinion. Whoever has the opinion
before that puts it there at once; by its id it is the same, and settled once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from rules.changes import CancelTimer, SetTimer
from rules.config import Config
from rules.decision import Decision
from rules.events import Event, decode, encode, once_more
from storage import inbox, timers
from storage.timers import Timer

PREFIX = "again/"
"""How the names of such timers begin."""
WAIT = timedelta(seconds=10)
"""How long is waited where the configuration does not say."""

log = structlog.get_logger("groupkeeper.second_look")


def wanted(event: Event, decision: Decision) -> Event | None:
    """The event by which the rules that await an opinion look again; None where none does."""
    awaiting = decision.awaiting if decision.trace is not None else ()
    return once_more(event, awaiting) if awaiting else None


def timer_of(again: Event, now: datetime, config: Config) -> SetTimer:
    """The timer that brings it, at the latest when nobody waits any longer."""
    spec = config.ads.second_opinion
    return SetTimer(PREFIX + again.id, now + (spec.wait if spec else WAIT), data=encode(again).decode())


def bring(conn: Connection, events: Sequence[Event], now: datetime) -> None:
    """Put events into the inbox before their timers do, which are then of no use any more."""
    inbox.put(conn, events, now)
    for event in events:
        timers.cancel(conn, event.group.id, CancelTimer(PREFIX + event.id))


def is_another_look(timer: Timer) -> bool:
    """Whether a timer is one of these, and none that a rule knows of."""
    return timer.name.startswith(PREFIX)


def brought_by(timer: Timer) -> Event | None:
    """The event that a timer brings; None where another version wrote it."""
    try:
        return decode(timer.data or "")
    except msgspec.MsgspecError as error:
        log.warning("second_look_lost", timer=timer.name, error=type(error).__name__)
        return None
