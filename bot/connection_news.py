"""Staff are told of the state of each connection, and every outage is kept: one transaction for each piece of news."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from adapters.protocol import News
from bot.connection_policy import Course, course
from bot.notices import MOST_REASON, NOTICE, Notices
from bot.refusals import refusal_in
from bot.setup import Setup
from rules.capability import Capability
from rules.effects import Picture
from rules.facts import GroupSettings
from rules.outages import roughly, stretch_of
from rules.platform_names import platform_names
from rules.text import Param, Text, key, say
from schedules.clock import Clock
from storage import connections, outbox
from storage.connections import Known
from storage.database import Database
from storage.outbox import Delivery

MOST_LINK = 1_000
"""Letters of what a login code says."""
UP = ("login", "back")
HOUR = timedelta(hours=1)

log = structlog.get_logger("groupkeeper.connection")


class ConnectionNews:
    """Tells staff of connections."""

    def __init__(self, database: Database, clock: Clock, setup: Callable[[], Setup], notices: Notices) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup
        self._notices = notices
        self._started = clock.now()
        self._heard: set[str] = set()  # adapters of which there was news since the start
        self._restarted: set[str] = set()  # those that were in trouble at the start, and have been since

    async def tell(self, news: News) -> None:
        """Take in a piece of news. Raises ``StorageError``, and is then as if it had not been told."""
        fresh = news.adapter not in self._heard
        room = self._room()
        setup, now = self._setup(), self._clock.now()

        def work(conn: Connection) -> tuple[Known, Course, bool]:
            before = connections.known(conn, news.adapter)
            restarted = news.adapter in self._restarted or (fresh and before.since is not None)
            hour = connections.between(conn, news.at - HOUR, news.at)
            recent = [each for each in hour if each.platform == news.adapter and each.until is not None]
            found = course(news, before, recent, self._started, fresh=fresh, restarted=restarted)
            if found.known != before:
                connections.remember(conn, news.adapter, found.known)
            if found.outage is not None:
                connections.record(conn, found.outage)
            if found.told or news.kind in UP:
                # The code of a while ago, and that it is lost, say nothing any more, even where they could not be sent.
                outbox.withdraw(conn, f"{NOTICE}{_trouble_id(news.adapter)}", "there is newer news", now)
            if found.told and room is not None and _reaches(room, news):
                outbox.enqueue(conn, self._worded(news, found, room, setup), now)
            return before, found, restarted

        before, found, restarted = await self._database.write(work)
        self._heard.add(news.adapter)
        if restarted:
            self._restarted.add(news.adapter)
        if news.kind in UP:
            self._restarted.discard(news.adapter)
        self._log(news, before, found, room)

    def _room(self) -> GroupSettings | None:
        setup = self._setup()
        chat = self._notices.staff_room(None)
        book = setup.rulebook.group(chat) if chat is not None else None
        return None if book is None else book.settings

    def _log(self, news: News, before: Known, found: Course, room: GroupSettings | None) -> None:
        reaches = room is not None and _reaches(room, news)
        facts = {"adapter": news.adapter, "news": news.kind}
        if news.kind != "scan" or not reaches:  # a login code is for those who run the bot, where they can be shown it
            facts["detail"] = news.detail[:MOST_LINK]
        if news.kind in UP:
            log.info("connection", **facts)
        elif not found.told and before.trouble == news.kind:
            log.debug("connection", **facts)
        elif not reaches:
            advice = "nobody could be told: name a staff room on another platform (staff: room:)"
            log.error("connection", **facts, advice=advice)
        else:
            log.warning("connection", **facts)

    def _worded(self, news: News, found: Course, room: GroupSettings, setup: Setup) -> list[Delivery]:
        names = platform_names(setup.titles, setup.config.platforms, setup.copy, room.language)
        platform = names.get(news.adapter, news.adapter)
        picture = None
        if news.kind == "scan" and news.picture and Capability.SEND_PICTURE in room.capabilities:
            picture = Picture(content=news.picture)
        if news.kind in UP:
            lines = _up(news, found, room, platform, self._clock.now())
        else:
            lines = _down(news, found, room, platform, self._clock.now(), pictured=picture is not None)
        id_ = f"up:{news.adapter}:" if news.kind in UP else _trouble_id(news.adapter)
        return self._notices.notice(
            "connection",
            f"{id_}{news.kind}:{news.at.isoformat()}",
            room.chat,
            say("{items}", items=tuple(lines)),
            picture=picture,
            not_before=found.not_before,
        )


def _trouble_id(adapter: str) -> str:
    return f"trouble:{adapter}:"


def _reaches(room: GroupSettings, news: News) -> bool:
    """Whether the staff room can hear of it: not through the very connection that is away."""
    return news.kind in UP or room.platform != news.adapter


def _down(
    news: News, found: Course, room: GroupSettings, platform: str, now: datetime, *, pictured: bool
) -> list[Text]:
    at = news.at if found.away is None else found.away.since
    words: dict[str, Param] = {
        "platform": platform,
        "name": news.adapter,
        "time": _clock_time(at, room, now),
    }
    if news.kind == "scan":
        words |= {"value": news.detail[:MOST_LINK], "duration": roughly(found.next_code)}
        name = "scan" if pictured else "scan_link"
        lines = [key(f"alerts.connection.{name}", **words)]
        if pictured and news.detail:
            lines.append(key("alerts.connection.link", **words))
        return [*lines, key("alerts.connection.next_code", **words)]
    lines = [key(f"alerts.connection.{news.kind}", **words)]
    if news.detail:
        reason = refusal_in(room.language, news.detail)
        lines.append(key("alerts.connection.reason", reason=reason[:MOST_REASON]))
    return [*lines, key(f"alerts.connection.{news.kind}_advice", **words)]


def _up(news: News, found: Course, room: GroupSettings, platform: str, now: datetime) -> list[Text]:
    words: dict[str, Param] = {"platform": platform, "name": found.known.account, "value": found.former}
    kind = "login" if news.kind == "login" and news.detail else "back"
    lines = [key(f"alerts.connection.{kind}", **words)]
    if found.former and kind == "login":
        lines = [key("alerts.connection.other_account", **words)]
    if found.away is not None and found.away.until is not None:
        span = found.away.since, found.away.until
        time, stretch = roughly(span[1] - span[0]), stretch_of(*span, room, now)
        lines.append(key("alerts.connection.unseen", time=time, value=stretch))
        if found.away.restarted:
            lines.append(key("alerts.connection.restarted"))
    return lines


def _clock_time(at: datetime, room: GroupSettings, now: datetime) -> str:
    local = room.local(at)
    return f"{local:%H:%M}" if local.date() == room.local(now).date() else f"{local:%Y-%m-%d %H:%M}"
