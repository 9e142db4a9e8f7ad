"""Staff hear of a connection's state: login codes, logouts, a link that is away and back. Nothing goes on and on."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from adapters.errors import Rejected, RetryLater
from adapters.protocol import Intake, Manners, News, Receipt
from adapters.simulated import SimulatedAdapter, SimulatedPlatform
from adapters.simulated.kind import SimulatedType
from bot.clock import VirtualClock
from bot.configuration import load_setup
from bot.simulation.stage import Stage, simulated_platforms
from rules.effects import Effect, SendText
from rules.language.saying import phrasebook

START = datetime(2026, 10, 5, 2, tzinfo=UTC)
PNG = b"\x89PNG a login code"
LINK = "https://login.weixin.qq.com/l/abc"
CONFIG = """\
version: 1
defaults: { language: LANGUAGE }
platforms:
  tg: { type: simulated }
  wx: { type: simulated, like: wechat }
groups:
  reading: { platform: wx, chat: reading, name: Reading }
  staff: { platform: tg, chat: staff }
staff: { room: staff, report: { at: "09:30" } }
rules:
  - { id: ads, name: No ads, when: message, if: { text_has_any: [buy now] }, then: warn }
"""


class Linked(SimulatedAdapter):
    """A simulated platform behind a link of which there is news."""

    def __init__(self, platform: SimulatedPlatform, news: list[News], performed: list[Effect]) -> None:
        super().__init__(platform)
        self._news = news
        self._performed = performed

    async def pump(self, intake: Intake) -> int:
        told = 0
        while self._news:
            await intake.news(self._news.pop(0))
            told += 1
        return told + await super().pump(intake)

    async def perform(self, effect: Effect) -> Receipt:
        receipt = await super().perform(effect)
        self._performed.append(effect)
        return receipt


class Scene(Stage):
    """A bot on platforms whose links have news; what staff were told, in order."""

    def __init__(self, folder: Path, config: str) -> None:
        file = folder / "config.yaml"
        file.write_text(config, encoding="utf-8")
        setup = load_setup(file, {})
        clock = VirtualClock(START)
        self.rooms = simulated_platforms(setup, clock)
        self.performed: dict[str, list[Effect]] = {name: [] for name in self.rooms}
        self._waiting: dict[str, list[News]] = {name: [] for name in self.rooms}
        super().__init__(setup, f"sqlite:///{folder / 'bot.db'}", clock, self._linked)

    def _linked(self) -> Mapping[str, Linked]:
        return {
            name: Linked(platform, self._waiting[name], self.performed[name]) for name, platform in self.rooms.items()
        }

    async def news(self, kind: Any, detail: str = "", *, adapter: str = "wx", **more: Any) -> None:
        """The link of an adapter has news at this moment; ``since`` may be given in minutes from the start."""
        if "since" in more:
            more["since"] = START + timedelta(minutes=more["since"])
        self._waiting[adapter].append(News(adapter, kind, self.clock.now(), detail, **more))
        await self.settle()

    async def at(self, minutes: float) -> None:
        """Go on to so many minutes after the start."""
        await self.advance_to(START + timedelta(minutes=minutes))

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def told(self, room: str = "tg:staff") -> list[str]:
        """What was said in the staff room since it was asked for the last time."""
        platform, _, chat = room.partition(":")
        said = [post.message.text for post in self.rooms[platform].room(chat).posts.values() if post.by_bot]
        new = said[self._read :]
        self._read = len(said)
        return new

    _read = 0

    def pictures(self, platform: str = "tg") -> list[bytes]:
        sent = [effect for effect in self.performed[platform] if isinstance(effect, SendText)]
        return [effect.picture.content for effect in sent if effect.picture is not None]


Begin = Callable[..., Any]


@pytest.fixture
async def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    def manners(_self: SimulatedType, settings: Mapping[str, Any]) -> Manners:
        wechat = settings.get("like") == "wechat"
        return Manners("WeChat" if wechat else "Telegram", human=wechat)

    monkeypatch.setattr(SimulatedType, "manners", manners)
    async with AsyncExitStack() as opened:

        async def start(*changes: tuple[str, str], language: str = "en") -> Scene:
            config = CONFIG.replace("LANGUAGE", language)
            for old, new in changes:
                assert old in config
                config = config.replace(old, new)
            return await opened.enter_async_context(Scene(tmp_path, config))

        yield start


async def scans(scene: Scene, minutes: Sequence[int]) -> list[int]:
    """A gateway shows a fresh code at each of these minutes. Those at which staff were shown it."""
    shown = []
    for minute in minutes:
        await scene.at(minute)
        await scene.news("scan", f"{LINK}{minute}", picture=PNG)
        if scene.told():
            shown.append(minute)
    return shown


async def test_a_login_code_comes_as_a_picture_with_what_to_do_and_its_link(begin: Begin) -> None:
    scene = await begin()
    await scene.news("scan", LINK, picture=PNG)
    (told,) = scene.told()
    assert told.splitlines() == [
        "📱 WeChat: the bot has to be logged in. On the phone of its account, open WeChat, scan this code and confirm. "
        "The code is valid for a few minutes.",
        f"The same as a link: {LINK}",
        "Until then the bot sees and does nothing there. If nobody scans this code, a fresh one comes here in about "
        "2 minutes.",
    ]
    assert scene.pictures() == [PNG]


async def test_fresh_codes_are_passed_on_ever_more_rarely_and_at_least_every_hour(begin: Begin) -> None:
    scene = await begin()
    assert await scans(scene, range(260)) == [0, 2, 4, 8, 16, 32, 64, 124, 184, 244]


async def test_a_login_ends_the_codes_and_the_next_need_is_told_at_once(begin: Begin) -> None:
    scene = await begin()
    assert await scans(scene, range(6)) == [0, 2, 4]
    await scene.news("login", "Bot")
    assert scene.told() == ["✅ WeChat: logged in as “Bot”."], "it never was there, so it was not away either"
    assert await scans(scene, [7, 8, 9]) == [7, 9]


async def test_a_restart_brings_the_code_of_then_but_not_at_every_turn(begin: Begin) -> None:
    scene = await begin()
    shown = await scans(scene, range(20))
    assert shown == [0, 2, 4, 8, 16]
    await scene.restart()
    assert await scans(scene, [20, 21, 22]) == [20, 22]
    shown = []
    for minute in range(23, 30):  # it ends whenever it has come up
        await scene.restart()
        shown += await scans(scene, [minute])
    assert shown == [23, 25, 27, 29]


async def test_a_room_without_pictures_gets_the_link_alone(begin: Begin) -> None:
    scene = await begin(("tg: { type: simulated }", "tg: { type: simulated, like: wechat }"))
    await scene.news("scan", LINK, picture=PNG)
    (told,) = scene.told()
    assert told.splitlines()[0].endswith("It is valid for a few minutes:")
    assert told.splitlines()[1] == LINK
    assert scene.pictures() == []


async def test_codes_that_could_not_be_sent_in_time_are_not_sent_late(begin: Begin) -> None:
    scene = await begin()
    for _ in range(20):
        scene.rooms["tg"].fail_next(RetryLater("no network", timedelta(minutes=7)))
    await scans(scene, range(6))
    scene.rooms["tg"].faults.clear()
    await scene.news("login", "Bot")
    await scene.at(60)
    assert scene.told() == ["✅ WeChat: logged in as “Bot”."]
    assert scene.pictures() == []


@pytest.mark.parametrize("kind", ["scan", "logout", "lost", "taken", "refused"])
async def test_what_a_staff_room_on_the_same_connection_cannot_hear_is_an_error_in_the_log(
    begin: Begin, kind: str
) -> None:
    scene = await begin(("staff: { platform: tg", "staff: { platform: wx"))
    with capture_logs() as logs:
        await scene.news(kind, "gone", picture=PNG)
    await scene.at(5)
    assert scene.told("wx:staff") == []
    (line,) = [line for line in logs if line["event"] == "connection"]
    assert (line["log_level"], line["news"], line["detail"]) == ("error", kind, "gone")
    assert "staff room on another platform" in line["advice"]


async def test_a_code_that_staff_are_shown_is_not_in_the_log_where_others_could_log_in_with_it(begin: Begin) -> None:
    scene = await begin()
    with capture_logs() as logs:
        await scene.news("scan", "https://login.example/l/1", picture=PNG)
    (line,) = [line for line in logs if line["event"] == "connection"]
    assert (line["log_level"], line["news"]) == ("warning", "scan")
    assert "login.example" not in str(line)


async def test_why_a_connection_is_away_is_said_in_the_language_of_the_staff(begin: Begin) -> None:
    scene = await begin(language="zh-CN")
    await scene.news("lost", "nothing listens at the gateway's address", since=0)
    await scene.at(3)
    assert "原因：网关的地址上没有程序在监听" in scene.told()[0]


async def test_a_staff_room_on_the_same_connection_hears_that_it_is_back(begin: Begin) -> None:
    scene = await begin(("staff: { platform: tg", "staff: { platform: wx"))
    await scene.news("lost", "reset", since=0)
    await scene.at(10)
    await scene.news("back", since=0)
    (told,) = scene.told("wx:staff")
    assert "It was away for 10 minutes (02:00–02:10)." in told


async def test_a_login_is_told_where_staff_were_told_of_its_end_or_it_is_somebody_else(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.news("login", "Bot")
    await scene.restart()
    await scene.news("login", "Bot")
    assert scene.told() == []
    await scene.at(10)
    await scene.news("logout", "logged out on the phone")
    await scene.at(22)
    await scene.news("login", "Bot")
    logout, login = scene.told()
    assert logout.splitlines() == [
        "🔌 WeChat: the bot's account was logged out at 02:10.",
        "Reason: logged out on the phone",
        "It sees and does nothing there until somebody logs it in again. Please keep its phone at hand: the code to "
        "scan comes here as soon as there is one.",
    ]
    assert login.splitlines() == [
        "✅ WeChat: logged in as “Bot”.",
        "It was away for 12 minutes (02:10–02:22). The bot did not see what was written then, and never will: please "
        "have a look yourselves.",
    ]
    await scene.at(23)
    await scene.news("login", "Somebody")
    (other,) = scene.told()
    assert other.startswith("⚠️ WeChat: logged in as “Somebody”; before, it was “Bot”.")
    await scene.restart()
    await scene.news("login", "Somebody")
    assert scene.told() == []


async def test_the_code_after_a_logout_is_part_of_the_same_absence(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.at(1)
    await scene.news("logout")
    assert await scans(scene, [2, 3, 4]) == [2, 4]
    await scene.news("login", "Bot")
    assert "It was away for 3 minutes (02:01–02:04)." in scene.told()[-1]


async def test_a_link_that_is_back_within_a_minute_is_no_news(begin: Begin) -> None:
    scene = await begin()
    await scene.at(1)
    await scene.news("lost", "reset", since=0.5)
    await scene.at(1.4)
    await scene.news("back", since=0.5)
    await scene.at(30)
    assert scene.told() == []


async def test_a_link_that_stays_away_is_told_after_a_minute_and_so_is_its_return(begin: Begin) -> None:
    scene = await begin()
    await scene.at(10)
    await scene.news("lost", "connection reset", since=9.5)
    await scene.at(10.4)
    await scene.news("lost", "connection refused", since=9.5)
    assert scene.told() == []
    await scene.at(10.5)
    (lost,) = scene.told()
    assert lost.splitlines() == [
        "🔌 WeChat: the connection is lost, nothing has been heard since 02:09.",
        "Reason: connection reset",
        "The bot keeps trying by itself. If it stays away, see whether the gateway runs (platforms: wx). What is "
        "written there meanwhile, the bot never sees.",
    ]
    await scene.at(75.5)
    await scene.news("back", since=9.5)
    (back,) = scene.told()
    assert back.splitlines() == [
        "✅ WeChat: connected again.",
        "It was away for 66 minutes (02:09–03:15). The bot did not see what was written then, and never will: please "
        "have a look yourselves.",
    ]
    await scene.at(80)
    assert scene.told() == []


async def test_a_link_that_goes_on_and_off_is_not_told_every_time(begin: Begin) -> None:
    scene = await begin()
    told = []
    for minute in range(0, 60, 5):
        await scene.at(minute)
        await scene.news("lost", "reset", since=minute)
        await scene.at(minute + 1.5)
        await scene.news("back", since=minute)
        told += [minute] * len(scene.told())
    assert told == [0, 0]
    await scene.at(60)
    await scene.news("lost", "gone for good", since=60)
    await scene.at(67.9)
    assert scene.told() == []
    await scene.at(68)
    (lost,) = scene.told()
    assert "gone for good" in lost, "however often it was away before, a long outage is told"
    await scene.at(80)
    await scene.news("back", since=60)
    (back,) = scene.told()
    assert "It was away for 20 minutes" in back
    await scene.at(200)
    await scene.news("lost", since=200)
    await scene.at(201)
    assert len(scene.told()) == 1, "after a quiet hour it is as the first time"


async def test_a_link_that_was_away_for_moments_only_is_told_after_a_minute_as_ever(begin: Begin) -> None:
    scene = await begin()
    for minute in range(0, 10, 2):
        await scene.at(minute)
        await scene.news("lost", since=minute)
        await scene.at(minute + 0.5)
        await scene.news("back", since=minute)
    await scene.news("lost", since=9.5)
    await scene.at(10.4)
    assert scene.told() == []
    await scene.at(10.5)
    assert len(scene.told()) == 1


async def test_a_link_that_was_found_to_be_away_long_after_is_told_at_once(begin: Begin) -> None:
    scene = await begin()
    await scene.at(5)
    await scene.news("lost", "half open", since=0)
    assert "nothing has been heard since 02:00" in scene.told()[0]


async def test_back_and_login_after_one_outage_are_told_once(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    for first, second in (("login", "back"), ("back", "login")):
        start = (scene.clock.now() - START).total_seconds() / 60
        await scene.news("lost", since=start)
        await scene.at(start + 5)
        scene.told()
        for kind in (first, second):
            await scene.news(kind, "Bot" if kind == "login" else "", **({"since": start} if kind == "back" else {}))
        assert len(scene.told()) == 1, (first, second)


@pytest.mark.parametrize("kind", ["taken", "refused"])
async def test_what_somebody_has_to_mend_is_told_at_once_and_again_after_a_restart(begin: Begin, kind: str) -> None:
    scene = await begin()
    await scene.news(kind, "UNAUTHENTICATED")
    await scene.news(kind, "UNAUTHENTICATED")
    (told,) = scene.told()
    assert "Reason: UNAUTHENTICATED" in told
    assert "platforms: wx" in told
    await scene.restart()
    await scene.at(5)
    await scene.news(kind, "UNAUTHENTICATED")
    assert len(scene.told()) == 1, "whoever restarted it thought that it was mended"
    await scene.news("back")
    assert scene.told()[0].startswith("✅ WeChat: connected again.\nIt was away for 5 minutes")


async def test_a_gateway_that_is_back_with_nobody_logged_in_is_not_said_to_be_connected(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.news("logout")
    assert await scans(scene, range(10)) == [0, 2, 4, 8]
    await scene.news("lost", "gateway restarted", since=9)
    await scene.at(9.5)
    await scene.news("back", since=9)
    await scene.at(11)
    assert scene.told() == []
    assert await scans(scene, [11]) == [11], "the gateway's new code is shown at once"
    await scene.news("lost", "gateway gone", since=11)
    await scene.at(12)
    assert "gateway gone" in scene.told()[0], "that no codes come any more, they are told"
    await scene.at(15)
    await scene.news("back", since=11)
    await scene.news("login", "Bot")
    (told,) = scene.told()
    assert "It was away for 15 minutes (02:00–02:15)." in told


async def test_what_was_taken_while_it_was_lost_is_away_since_it_was_lost(begin: Begin) -> None:
    scene = await begin()
    await scene.at(10)
    await scene.news("taken", since=5)
    await scene.at(12)
    await scene.news("back", since=5)
    assert "It was away for 7 minutes" in scene.told()[-1]


async def test_a_restart_in_the_middle_of_an_outage_is_said(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.news("lost", "reset", since=0)
    await scene.at(3)
    assert len(scene.told()) == 1
    await scene.stop()
    await scene.at(20)
    await scene.start()
    await scene.news("lost", "refused", since=20)
    await scene.at(22)
    assert scene.told() == [], "they know"
    await scene.news("login", "Bot")
    (told,) = scene.told()
    assert told.splitlines()[1:] == [
        "It was away for 22 minutes (02:00–02:22). The bot did not see what was written then, and never will: please "
        "have a look yourselves.",
        "For a part of that, the bot itself was not running.",
    ]
    await scene.news("lost", since=22)
    await scene.at(24)
    await scene.news("back", since=22)
    assert "itself was not running" not in scene.told()[-1]


async def test_a_time_in_which_only_the_bot_was_away_is_no_outage(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.stop()
    await scene.at(60)
    await scene.start()
    await scene.news("login", "Bot")
    await scene.news("back", since=0)
    await scene.restart()
    await scene.at(63)
    await scene.news("back", since=0)
    assert scene.told() == []
    await scene.at(8 * 60)
    assert "WeChat" not in scene.told()[0]


async def test_a_notice_that_waits_for_its_minute_outlives_a_restart(begin: Begin) -> None:
    scene = await begin()
    await scene.news("lost", "reset", since=0)
    await scene.restart()
    await scene.at(0.9)
    assert scene.told() == []
    await scene.at(1)
    assert len(scene.told()) == 1


async def test_two_platforms_with_one_title_are_told_apart(begin: Begin) -> None:
    two = (
        "groups:\n",
        "  wx_2: { type: simulated, like: wechat }\ngroups:\n  garden: { platform: wx_2, chat: garden }\n",
    )
    scene = await begin(two)
    await scene.news("lost", since=0)
    await scene.news("lost", adapter="wx_2", since=0)
    await scene.at(0.5)
    await scene.news("back", since=0)
    await scene.at(3)
    (told,) = scene.told()
    assert told.startswith("🔌 WeChat (wx_2): the connection is lost")
    await scene.news("back", adapter="wx_2", since=0)
    await scene.at(7.5 * 60)
    back, report = scene.told()
    assert back.startswith("✅ WeChat (wx_2): connected again.")
    assert report.splitlines()[2:4] == [
        "• 🔌 WeChat (wx) was not connected for 30 seconds (02:00–02:00); what was written then was not seen.",
        "• 🔌 WeChat (wx_2) was not connected for 3 minutes (02:00–02:03); what was written then was not seen.",
    ]


async def test_the_report_adds_up_the_outages_of_its_time(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    for begins, ends in ((10, 22), (60, 62), (100, 100.05)):
        await scene.at(begins)
        await scene.news("lost", since=begins)
        await scene.at(ends)
        await scene.news("back", since=begins)
    await scene.at(440)
    await scene.news("logout")
    scene.told()
    await scene.at(450)
    (report,) = scene.told()
    assert report.splitlines() == [
        "📋 What the bot did since 2026-10-04 09:30",
        "",
        "• 🔌 WeChat was not connected 3 times, 24 minutes in all, the longest 02:10–02:22; what was written then was "
        "not seen.",
        "• 🔌 WeChat is still not connected.",
        "",
        "Nothing had to be done.",
    ]
    await scene.at(460)
    await scene.news("login", "Bot")
    scene.told()
    await scene.at(450 + 24 * 60)
    (report,) = scene.told()
    assert report.splitlines()[2] == (
        "• 🔌 WeChat was not connected for 10 minutes (2026-10-05 09:30–09:40); what was written then was not seen."
    )


async def test_the_report_says_that_the_bot_was_restarted_in_an_outage(begin: Begin) -> None:
    scene = await begin()
    await scene.news("login", "Bot")
    await scene.news("lost", since=0)
    await scene.stop()
    await scene.at(10)
    await scene.start()
    await scene.news("login", "Bot")
    scene.told()
    await scene.at(450)
    assert scene.told()[-1].splitlines()[2:4] == [
        "• 🔌 WeChat was not connected for 10 minutes (02:00–02:10); what was written then was not seen.",
        "• 🔌 For a part of that, the bot itself was not running.",
    ]


async def test_staff_who_want_to_hear_of_other_things_are_not_told(begin: Begin) -> None:
    scene = await begin(('staff: { room: staff, report: { at: "09:30" }', "staff: { room: staff, alerts: [parked]"))
    await scene.news("logout")
    await scene.news("scan", LINK, picture=PNG)
    await scene.at(90)
    assert scene.told() == []


async def test_a_staff_room_that_refuses_the_notice_is_not_told_of_that(begin: Begin) -> None:
    scene = await begin()
    scene.rooms["tg"].fail_next(Rejected("no picture this size"))
    await scene.news("scan", LINK, picture=PNG)
    await scene.at(1)
    assert scene.told() == []


async def test_news_that_the_database_does_not_take_are_logged_and_all_goes_on(begin: Begin) -> None:
    scene = await begin()
    scene.rooms["wx"].add_person("ann", groups=["reading"])
    database = scene.app.database
    pages = database.write_now(lambda conn: conn.scalar(text("PRAGMA page_count")))
    database.write_now(lambda conn: conn.execute(text(f"PRAGMA max_page_count={pages}")).close())
    with capture_logs() as logs:
        await scene.app.intake.news(News("wx", "scan", START, "x" * 900, picture=PNG * 9000))
    assert [(line["event"], line["log_level"], line["news"]) for line in logs] == [("news_not_told", "error", "scan")]
    assert "disk is full" in logs[0]["error"]
    database.write_now(lambda conn: conn.execute(text("PRAGMA max_page_count=100000")).close())
    await scene.news("scan", LINK, picture=PNG)
    assert len(scene.told()) == 1, "as if it had not been told before"
    scene.rooms["wx"].post("reading", "ann", "buy now")
    await scene.settle()
    assert any(post.by_bot for post in scene.rooms["wx"].room("reading").posts.values())


async def test_news_that_nobody_can_read_do_not_reach_the_adapter_again(begin: Begin) -> None:
    scene = await begin()
    with capture_logs() as logs:
        await scene.app.intake.news(News("wx", "logout", datetime(2026, 10, 5)))  # noqa: DTZ001 - the fault itself
    assert [(line["event"], line["log_level"]) for line in logs] == [("news_not_told", "error")]


@pytest.mark.parametrize("kind", ["scan", "logout", "lost", "taken", "refused"])
async def test_all_of_it_is_said_in_chinese(begin: Begin, kind: str) -> None:
    scene = await begin(language="zh-CN")
    await scene.news("login", "小助手")
    await scene.at(10)
    await scene.news(kind, "原因", picture=PNG)
    await scene.at(22)
    await scene.news("login", "大助手")
    await scene.at(450)
    told = "\n".join(scene.told())
    assert "微信：" in told
    assert "中断了 12 分钟（02:10–02:22）" in told
    assert "登录的账号是“大助手”，之前是“小助手”" in told
    assert "• 🔌 微信中断了 12 分钟（02:10–02:22），这段时间里的消息没有看到。" in told
    assert "WeChat" not in told
    assert "alerts." not in told
    assert "{" not in told


async def test_check_warns_of_a_staff_room_that_goes_silent_with_its_own_platform(begin: Begin) -> None:
    scene = await begin()
    assert scene.setup.warnings == ()
    await scene.stop()
    scene = await begin(("staff: { platform: tg", "staff: { platform: wx"))
    (warning,) = scene.setup.warnings
    assert str(warning) == (
        "config.yaml:8:3: groups.staff: the staff room is on `wx` itself: when that account is logged out, nobody can "
        "be told; a staff room on Telegram is safer"
    )


def test_the_warning_has_its_chinese() -> None:
    chinese = phrasebook("zh-CN")
    assert chinese is not None
    told = chinese.say(
        "the staff room is on `wx` itself: when that account is logged out, nobody can be told; a staff room on "
        "Telegram is safer"
    )
    assert told is not None
    assert "`wx`" in told
