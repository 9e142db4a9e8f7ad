"""What is known of each connection from one start to the next, and when one was away."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select

from rules.tally import Outage
from storage.moments import micros, moment
from storage.schema import connections, outages
from storage.statements import clean, dialect_of, upsert


class Known(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a connection. ``account`` is who was logged in last.

    ``trouble`` is the kind of news that it suffers from since ``trouble_at``, empty where all is well; nothing is heard
    since ``since``. ``tell_at`` is from when staff are told of it: that it is lost, or of another login code.
    """

    account: str = ""
    trouble: str = ""
    trouble_at: datetime | None = None
    tell_at: datetime | None = None
    since: datetime | None = None


def known(conn: Connection, adapter: str) -> Known:
    """What is known of an adapter's connection."""
    c = connections.c
    query = select(c.account, c.trouble, c.trouble_at, c.tell_at, c.since).where(c.adapter == clean(adapter))
    row = conn.execute(query).one_or_none()
    if row is None:
        return Known()
    return Known(
        account=row[0],
        trouble=row[1],
        trouble_at=moment(row[2]),
        tell_at=moment(row[3]),
        since=moment(row[4]),
    )


def remember(conn: Connection, adapter: str, now: Known) -> None:
    """This is known of it from now on."""
    row = {
        "adapter": clean(adapter),
        "account": clean(now.account),
        "trouble": now.trouble,
        "trouble_at": micros(now.trouble_at),
        "tell_at": micros(now.tell_at),
        "since": micros(now.since),
    }
    conn.execute(upsert(dialect_of(conn), connections), row)


def last_outage(conn: Connection, adapter: str) -> Outage | None:
    """The latest outage that is over."""
    c = outages.c
    query = select(c.since, c.until, c.restarted).where(c.adapter == clean(adapter)).order_by(c.since.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return None if row is None else Outage(adapter, moment(row[0]), moment(row[1]), row[2])


def record(conn: Connection, outage: Outage) -> None:
    """Keep an outage that is over. One that begins before the last one ended goes on from that."""
    if outage.until is None:
        raise ValueError("it is not over yet")
    since, until, restarted = outage.since, outage.until, outage.restarted
    last = last_outage(conn, outage.platform)
    if last is not None and last.until is not None and since <= last.until:
        conn.execute(
            delete(outages).where(outages.c.adapter == clean(outage.platform), outages.c.since == micros(last.since))
        )
        since, until = min(since, last.since), max(until, last.until)
        restarted = restarted or last.restarted
    row = {"adapter": clean(outage.platform), "since": micros(since), "until": micros(until), "restarted": restarted}
    conn.execute(upsert(dialect_of(conn), outages), row)


def between(conn: Connection, since: datetime, until: datetime) -> list[Outage]:
    """All outages that reach into a stretch of time, also those that are not over, in the order in which they began."""
    o, c = outages.c, connections.c
    over = select(o.adapter, o.since, o.until, o.restarted).where(o.until > micros(since), o.since < micros(until))
    found = [Outage(row[0], moment(row[1]), moment(row[2]), row[3]) for row in conn.execute(over)]
    still = select(c.adapter, c.since).where(c.since < micros(until))
    found += [Outage(row[0], moment(row[1])) for row in conn.execute(still)]
    return sorted(found, key=lambda outage: (outage.since, outage.platform))
