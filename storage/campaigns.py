"""The campaign memory on disk: sketches, who posted them where and what was said of them. No words are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select

from rules.detectors.sightings import MOST_LABELS, MOST_POSTERS, Campaign, Label, Poster
from rules.detectors.sketch import Sketch
from storage.keys import group_keys, person_keys, short, whole
from storage.moments import micros, moment
from storage.schema import campaign_labels, campaigns, groups, labels, people, sightings
from storage.statements import chunks, clean, insert, run_many, upsert

_IN_PARTS = {"yield_per": 1_000}  # rows at a time, so that memory is bounded


class Changed(Struct, frozen=True):
    """A campaign to write down, and what of it changed: the posters (group and member), and whether its labels did."""

    campaign: Campaign
    posters: frozenset[tuple[str, str]] = frozenset()
    labels: bool = False


def keep(conn: Connection, changes: Sequence[Changed]) -> None:
    """Write campaigns as they are now. Writing the same again changes nothing."""
    if not changes:
        return
    rows = [(change, poster) for change in changes for poster in change.campaign.posters if _is_new(change, poster)]
    said = [change.campaign for change in changes if change.labels]
    names = {change.campaign.group for change in changes} | {poster.group for _, poster in rows}
    keys = group_keys(conn, names | {label.group for campaign in said for label in campaign.labels}, create=True)
    people_ = person_keys(conn, {poster.member for _, poster in rows}, create=True)
    run_many(conn, _upsert_campaign, [_row(change.campaign, keys) for change in changes])
    run_many(conn, _upsert_sighting, [_sighting(c.campaign.id, p, keys, people_) for c, p in rows])
    for part in chunks([campaign.id for campaign in said]):
        conn.execute(delete(campaign_labels).where(campaign_labels.c.campaign.in_(part)))
    run_many(conn, _insert_label, [_label(c.id, label, keys) for c in said for label in c.labels])


def load(conn: Connection, since: datetime, most: int) -> list[Campaign]:
    """The campaigns that were seen since a moment, at most so many, those seen last at the end.

    Those that somebody said something of come before others where not all can be had. A sketch of another version is
    left out: nothing can be compared with it.
    """
    c = campaigns.c
    seen = c.last_seen >= micros(since)
    said = select(campaign_labels.c.campaign).where(campaign_labels.c.campaign == c.id).exists()
    chosen = select(c.id).where(seen).order_by(said.desc(), c.last_seen.desc(), c.id).limit(most).subquery()
    query = (
        select(c.id, c.sketch, c.first_seen, c.last_seen, groups.c.id, c.message, c.copies, c.ad_keys)
        .join_from(campaigns, chosen, chosen.c.id == c.id)
        .join(groups, groups.c.key == c.group_key)
        .order_by(c.last_seen, c.id)
    )
    posters = _posters(conn, since)
    said_of = _labels(conn, since)
    found = []
    for row in conn.execute(query, execution_options=_IN_PARTS):
        try:
            sketch = Sketch.unpacked(row[1])
        except ValueError:
            continue
        found.append(
            Campaign(
                id=row[0],
                sketch=sketch,
                first=moment(row[2]),
                last=moment(row[3]),
                group=row[4],
                message=None if row[5] is None else whole(row[4], row[5]),
                copies=row[6],
                posters=tuple(posters.get(row[0], ())),
                labels=tuple(said_of.get(row[0], ())[-MOST_LABELS:]),
                ad_keys=_unpacked(row[7]),
            )
        )
    return found


class Taught(Struct, frozen=True):
    """What staff said of a message by its sketch, as it was recorded (``ad`` None: it was taken back)."""

    sketch: bytes
    ad: bool | None
    by: str
    group: str
    at: datetime


def taught(conn: Connection, since: datetime) -> list[Taught]:
    """What staff said or took back since a moment, in order: it is on record before the memory is written."""
    x = labels.c
    query = (
        select(x.sketch, x.ad, x.by, groups.c.id, x.at, x.undone_at)
        .join_from(labels, groups, groups.c.key == x.group_key)
        .where(x.sketch.is_not(None), (x.at >= micros(since)) | (x.undone_at >= micros(since)))
        .order_by(x.id)
    )
    return [
        Taught(bytes(sketch), None if undone_at is not None else ad, by, group, moment(undone_at or at))
        for sketch, ad, by, group, at, undone_at in conn.execute(query)
    ]


def count(conn: Connection) -> int:
    """How many campaigns are kept."""
    return conn.scalar(select(func.count()).select_from(campaigns)) or 0


def _is_new(change: Changed, poster: Poster) -> bool:
    return (poster.group, poster.member) in change.posters


def _upsert_campaign(dialect: str) -> Any:
    return upsert(dialect, campaigns)


def _upsert_sighting(dialect: str) -> Any:
    return upsert(dialect, sightings)


def _insert_label(dialect: str) -> Any:
    return insert(dialect, campaign_labels).on_conflict_do_nothing()


def _row(campaign: Campaign, keys: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "sketch": campaign.sketch.packed(),
        "first_seen": micros(campaign.first),
        "last_seen": micros(campaign.last),
        "group_key": keys[campaign.group],
        "message": short(campaign.group, campaign.message),
        "copies": campaign.copies,
        "ad_keys": b"".join(key.to_bytes(8, "big") for key in campaign.ad_keys),
    }


def _sighting(campaign: int, poster: Poster, keys: Mapping[str, int], people_: Mapping[str, int]) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "group_key": keys[poster.group],
        "person_key": people_[poster.member],
        "first_at": micros(poster.first),
        "at": micros(poster.last),
        "copies": poster.copies,
        "newcomer": poster.newcomer,
        "staff": poster.staff,
        "event": poster.event,
    }


def _label(campaign: int, label: Label, keys: Mapping[str, int]) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "group_key": keys[label.group],
        "by": clean(label.by),
        "ad": label.ad,
        "at": micros(label.at),
        "bot": label.bot,
    }


def _posters(conn: Connection, since: datetime) -> dict[int, list[Poster]]:
    s = sightings.c
    query = (
        select(s.campaign, groups.c.id, people.c.id, s.first_at, s.at, s.copies, s.newcomer, s.staff, s.event)
        .join_from(sightings, campaigns, campaigns.c.id == s.campaign)
        .join(groups, groups.c.key == s.group_key)
        .join(people, people.c.key == s.person_key)
        .where(campaigns.c.last_seen >= micros(since))
        .order_by(s.at, s.group_key, s.person_key)
    )
    found: dict[int, list[Poster]] = {}
    for campaign, group, member, first, last, *more in conn.execute(query, execution_options=_IN_PARTS):
        posters = found.setdefault(campaign, [])
        posters.append(Poster(group, member, moment(first), moment(last), *more))
        if len(posters) > MOST_POSTERS:
            del posters[0]
    return found


def _labels(conn: Connection, since: datetime) -> dict[int, list[Label]]:
    x = campaign_labels.c
    query = (
        select(x.campaign, groups.c.id, x.by, x.ad, x.at, x.bot)
        .join_from(campaign_labels, campaigns, campaigns.c.id == x.campaign)
        .join(groups, groups.c.key == x.group_key)
        .where(campaigns.c.last_seen >= micros(since))
        .order_by(x.at, x.group_key, x.by)
    )
    found: dict[int, list[Label]] = {}
    for campaign, group, by, ad, at, bot in conn.execute(query, execution_options=_IN_PARTS):
        found.setdefault(campaign, []).append(Label(group, by, ad, moment(at), bot))
    return found


def _unpacked(data: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(data[i : i + 8], "big") for i in range(0, len(data) - len(data) % 8, 8))
