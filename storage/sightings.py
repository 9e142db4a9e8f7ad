"""What is kept of who posted which campaign, when people are forgotten, groups move and time passes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, literal, select, update

from storage.keys import group_key, person_key
from storage.moments import micros, moment
from storage.schema import campaign_labels, campaigns, sightings
from storage.statements import chunks


def purge(conn: Connection, before: datetime, chunk: int = 1_000) -> int:
    """Remove at most so many campaigns that were last seen before a moment, with all that belongs to them."""
    c = campaigns.c
    query = select(c.id).where(c.last_seen < micros(before)).order_by(c.last_seen).limit(chunk)
    old = conn.scalars(query).all()
    for part in chunks(old):
        conn.execute(delete(sightings).where(sightings.c.campaign.in_(part)))
        conn.execute(delete(campaign_labels).where(campaign_labels.c.campaign.in_(part)))
        conn.execute(delete(campaigns).where(c.id.in_(part)))
    return len(old)


def forget(conn: Connection, group: str, member: str) -> None:
    """Nobody can tell any more that a member posted anything in the group; the counts stay."""
    s = sightings.c
    theirs = (s.group_key == group_key(conn, group)) & (s.person_key == person_key(conn, member))
    conn.execute(delete(sightings).where(theirs))


def leave_behind(conn: Connection, group: int, former_id: str) -> None:
    """Messages of a group's former id keep it: the same numbers are those of others now."""
    theirs = (campaigns.c.group_key == group) & campaigns.c.message.startswith("/")
    conn.execute(update(campaigns).where(theirs).values(message=literal(former_id) + campaigns.c.message))


def fold(conn: Connection, source: int, into: int) -> None:
    """Two groups become one: their sightings are added up, and of two labels by the same person the later one holds."""
    conn.execute(update(campaigns).where(campaigns.c.group_key == source).values(group_key=into))
    s = sightings.c
    rest = [column for column in sightings.columns if column.name != "group_key"]
    for row in conn.execute(select(*rest).where(s.group_key == source)).mappings().all():
        here = (s.campaign == row["campaign"]) & (s.group_key == into) & (s.person_key == row["person_key"])
        other = conn.execute(select(*rest).where(here)).mappings().one_or_none()
        if other is None:
            continue
        joined = {
            "first_at": min(other["first_at"], row["first_at"]),
            "at": max(other["at"], row["at"]),
            "copies": other["copies"] + row["copies"],
            "newcomer": other["newcomer"] and row["newcomer"],
            "staff": other["staff"] or row["staff"],
            "event": max(other, row, key=lambda sighting: sighting["at"])["event"],
        }
        conn.execute(update(sightings).where(here).values(**joined))
        there = (s.campaign == row["campaign"]) & (s.group_key == source) & (s.person_key == row["person_key"])
        conn.execute(delete(sightings).where(there))
    conn.execute(update(sightings).where(s.group_key == source).values(group_key=into))
    said = campaign_labels.c
    for campaign, by, at in conn.execute(select(said.campaign, said.by, said.at).where(said.group_key == source)).all():
        same = (said.campaign == campaign) & (said.by == by)
        other_at = conn.scalar(select(said.at).where(same, said.group_key == into))
        if other_at is not None:
            loser = into if other_at <= at else source
            conn.execute(delete(campaign_labels).where(same, said.group_key == loser))
    conn.execute(update(campaign_labels).where(said.group_key == source).values(group_key=into))


def of_member(conn: Connection, group: str, member: str) -> list[dict[str, Any]]:
    """What is kept of a member in a group: when they posted something that was known again, and how often."""
    s = sightings.c
    query = (
        select(s.first_at, s.at, s.copies)
        .where(s.group_key == group_key(conn, group), s.person_key == person_key(conn, member))
        .order_by(s.first_at, s.campaign)
    )
    return [{"first": moment(first), "last": moment(last), "copies": n} for first, last, n in conn.execute(query)]
