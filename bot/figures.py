"""Figures that a scheduled post is made of, read only where a rule in force asks for them."""

from sqlalchemy import Connection

from rules.digest import Digest, stretch
from rules.doing import really_done
from rules.engine import mode_of
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.rulebook import OFF, GroupBook
from rules.step import Library
from rules.tally import REPORT, since_last
from storage.digest import digest
from storage.tally import tally


def add_figures(conn: Connection, event: Event, facts: Facts, book: GroupBook) -> None:
    """Put digests and the staff's tally into the facts of a schedule's event."""
    if not isinstance(event, ScheduleFired):
        return
    now = event.at
    periods = {
        period
        for rule in book.by_kind.get("schedule", ())
        if event.schedule in rule.names and mode_of(rule, facts, book) != OFF
        for action in really_done(rule.actions, rule.fallback, book.settings, Library())
        for period in action.digests()
    }
    digests: dict[str, Digest] = {
        period: digest(conn, event.group.id, *stretch(period, book.settings, now)) for period in periods
    }
    facts.digests = digests
    if event.schedule == REPORT:
        facts.tally = tally(conn, since_last(facts.group, now), now)
