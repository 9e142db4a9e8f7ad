"""What follows from news of a connection: what is known of it from then on, and whether staff are told. Pure.

Staff are told what they can do something about, and not more often than is useful. A link that is back within a minute
is no news; nor, where it goes on and off, is one that is back within 2, 4 or 8. A gateway shows a fresh login code
every minute or so: the first is passed on, then those after 2, 4, 8, ... minutes, and later one an hour.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from adapters.protocol import News
from rules.tally import Outage
from storage.connections import Known

PATIENCE = timedelta(minutes=1)
"""How long a link may be away before staff are told: the first time."""
MOST_PATIENCE = timedelta(minutes=8)
"""The same, where it was away again and again in the last hour."""
LOGGED_OUT = ("scan", "logout")
"""Troubles that a login alone ends."""
LEAST = timedelta(seconds=5)
"""An outage shorter than this is none."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
"""Between two login codes that staff are shown."""


class Course(Struct, frozen=True, kw_only=True):
    """What is known now, the outage that ended by it, and whether staff are told: not before ``not_before``.

    ``away``: the time of which they are told that nothing was heard. ``next_code`` is how long it takes at least
    until they are shown another login code. ``former`` is who was logged in before, where that was somebody else.
    """

    known: Known
    outage: Outage | None = None
    told: bool = False
    not_before: datetime | None = None
    away: Outage | None = None
    next_code: timedelta = FIRST_PAUSE
    former: str = ""


def course(
    news: News, known: Known, recent: Sequence[Outage], started: datetime, *, fresh: bool, restarted: bool
) -> Course:
    """What follows.

    ``recent`` are the outages of the last hour that are over; ``fresh``: it is the first news since the bot
    ``started``; ``restarted``: the connection was in trouble when it did.
    """
    match news.kind:
        case "scan":
            return _asked(news, known, fresh=fresh)
        case "lost":
            return _lost(news, known, recent)
        case "logout" | "taken" | "refused":
            now = _troubled(news, known, known.since or news.since or news.at)
            return Course(known=now, told=fresh or known.trouble != news.kind)
        case "back" if known.trouble in LOGGED_OUT:  # the gateway is heard, and nobody is logged in
            return Course(known=replace(known, tell_at=None))
        case "login" | "back":
            return _up(news, known, recent, None if fresh else started, restarted=restarted)


def _troubled(news: News, known: Known, since: datetime | None) -> Known:
    return Known(account=known.account, trouble=news.kind, trouble_at=news.at, since=since)


def _asked(news: News, known: Known, *, fresh: bool) -> Course:
    # Nothing goes unheard of an account that never was there.
    since = known.since or (news.at if known.account else None)
    began = known.trouble_at if known.trouble == "scan" else None
    if began is None or news.at < began or (fresh and news.at >= began + FIRST_PAUSE):  # a clock may be set back
        began, due = news.at, news.at
    else:
        due = known.tell_at or news.at
    if news.at < due:
        return Course(known=known)
    pause = min(max(news.at - began, FIRST_PAUSE), LONGEST_PAUSE)
    now = Known(account=known.account, trouble="scan", trouble_at=began, tell_at=news.at + pause, since=since)
    return Course(known=now, told=True, next_code=pause)


def _lost(news: News, known: Known, recent: Sequence[Outage]) -> Course:
    if known.trouble == "lost":
        return Course(known=known)
    since = news.since or news.at
    due = since + _patience(recent)
    now = known  # nobody is logged in: that it is not heard either changes nothing of that
    if known.trouble not in LOGGED_OUT:
        now = replace(_troubled(news, known, known.since or since), tell_at=due)
    return Course(known=now, told=True, not_before=due, away=Outage(news.adapter, since))


def _patience(recent: Sequence[Outage]) -> timedelta:
    long = sum(1 for outage in recent if outage.until is not None and outage.until - outage.since >= PATIENCE)
    return PATIENCE * min(1 << long, MOST_PATIENCE // PATIENCE)


def _up(news: News, known: Known, recent: Sequence[Outage], heard_from: datetime | None, *, restarted: bool) -> Course:
    account = known.account
    if news.kind == "login" and news.detail:
        account = news.detail
    former = known.account if known.account != account else ""
    since = known.since
    if since is None and news.kind == "back" and news.since is not None and heard_from is not None:
        # That it was lost was not told, or could not be kept. While the bot itself was away, nobody can know.
        since = max(news.since, heard_from)
    outage = None
    if since is not None and news.at - since >= LEAST:
        outage = Outage(news.adapter, since, news.at, restarted)
    away = outage
    over = recent[-1].until if recent else None
    if outage is not None and over is not None and outage.since <= over:
        away = Outage(news.adapter, over, news.at, restarted)  # of the rest they were told
    due = known.tell_at if known.trouble == "lost" else None
    long = away is not None and news.at >= (due or away.since + PATIENCE)
    waited_for = known.trouble not in ("", "lost")
    return Course(
        known=Known(account=account),
        outage=outage,
        told=waited_for or long or (news.kind == "login" and bool(former)),
        away=away if long or waited_for else None,
        former=former,
    )
