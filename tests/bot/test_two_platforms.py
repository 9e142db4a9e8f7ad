"""One file on two platforms: the same rules, and what each platform really lets them do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.simulated import Act
from bot.configuration import load_setup
from bot.deliver import Delivering
from bot.simulation.stage import Stage
from rules.decision import Decision
from rules.effects import RenameGroup, SetAnnouncement
from rules.engine import decide
from rules.events import MessagePosted, ScheduleFired
from rules.memory import GroupMemory
from rules.text import Text, say
from rules.values import Group, Member, Message, PlatformRole

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
CONFIG = """\
version: 1
defaults:
  language: zh-CN
  quiet_hours: { from: "23:00", to: "07:00" }
  fallback:
    delete: { remind: rules.no_ads }
    pin: announce
platforms:
  tg: { type: simulated }
  wx: { type: simulated, like: wechat }
groups:
  books: { platform: tg, chat: books, name: 读书 }
  books-wx: { platform: wx, chat: books, name: 读书 }
  second-wx: { platform: wx, chat: second, name: 二群 }
  staff: { platform: tg, chat: staff }
staff: { room: staff, alerts: [sanctions] }
roles:
  keeper: { from_platform_admins: true, can: [everything] }
ladders:
  ads:
    steps:
      - { at: 1, do: [delete] }
      - { at: 2, do: [delete, { mute: 1h }] }
      - { at: 3, do: [delete, ban] }
    fallback: { mute: { warn: 请勿再发广告 }, ban: kick }
rules:
  - { id: ads, name: 广告, when: message, if: { text_has_any: [加微信] }, then: { ladder: ads } }
  - { id: full, when: message, if: { text_is: 二群 }, then: { invite: second-wx }, groups: [books-wx] }
schedules:
  - { id: morning, at: "08:00", groups: [books, books-wx], post: "早上好", pin: true }
  - { id: night, at: "23:30", groups: [books-wx], then: [{ announce: "明天见" }, { rename_group: "读书 · 夜" }] }
copy: { rules.no_ads: { zh-CN: 本群不发广告 } }
"""


class Day(Stage):
    """A day on both platforms, with Bo as a member and Mo as an admin of each."""

    async def says(self, platform: str, text: str, who: str = "bo") -> None:
        self.platforms[platform].post("books", who, text)
        await self.settle()

    async def ads(self, platform: str, count: int) -> None:
        for _ in range(count):
            await self.advance_to(self.clock.now() + timedelta(hours=2))  # nobody is muted any more
            await self.says(platform, "加微信 abc")

    def acts(self, platform: str, chat: str = "books") -> list[tuple[Act, str]]:
        one, group = self.platforms[platform], f"{platform}:{chat}"
        own = [entry for entry in one.transcript if (entry.who, entry.group) == (one.bot.id, group)]
        return [(entry.act, entry.text or entry.whom or "") for entry in own]


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    day = Day(load_setup(file, {}), f"sqlite:///{tmp_path / 'bot.db'}", NOON)
    for platform in day.platforms.values():
        platform.add_person("bo", "小波", groups=["books"])
        platform.add_person("mo", "小莫", groups=["books"], role=PlatformRole.ADMIN)
    async with day:
        yield day


async def test_the_third_advertisement_costs_a_seat_on_both_platforms(day: Day) -> None:
    await day.ads("tg", 3)
    await day.ads("wx", 3)
    telegram, wechat = ([act for act, _ in day.acts(name)] for name in ("tg", "wx"))
    assert [act for act in telegram if act in (Act.MUTE, Act.KICK, Act.BAN)] == [Act.MUTE, Act.BAN]
    assert telegram.count(Act.DELETE) >= 3
    assert wechat == [Act.POST, Act.POST, Act.KICK, Act.POST]
    texts = [text for act, text in day.acts("wx") if act is Act.POST]
    assert "本群不发广告" in texts[0]
    assert "请勿再发广告" in texts[1]
    assert not any("禁言" in text or "封禁" in text or "删除" in text for text in texts)


async def test_why_says_that_something_else_was_done(day: Day) -> None:
    await day.ads("wx", 2)
    advert = [post for post in day.platforms["wx"].room("books").posts.values() if not post.by_bot][-1]
    day.platforms["wx"].post("books", "mo", "/why", reply_to=advert.message.id)
    await day.settle()
    told = day.acts("wx")[-1][1]
    assert "mute：微信做不到；改为：warn" in told
    assert "delete：微信做不到；改为：remind" in told


async def test_staff_are_told_what_they_can_do_there_instead(day: Day) -> None:
    day.platforms["wx"].post("books", "bo", "hello")
    advert = next(iter(day.platforms["wx"].room("books").posts))
    day.platforms["wx"].post("books", "mo", "/mute 1h", reply_to=advert)
    await day.settle()
    assert day.acts("wx")[-1][1] == "/禁言 在这里不起作用：微信不支持这个操作。可以改用：/警告、/踢"
    day.platforms["wx"].post("books", "mo", "/del", reply_to=advert)
    await day.settle()
    assert day.acts("wx")[-1][1].startswith("/删除 在这里不起作用")


async def test_the_morning_post_is_pinned_here_and_stands_in_the_notice_there(day: Day) -> None:
    await day.advance_to(NOON + timedelta(hours=21))
    assert day.acts("tg") == [(Act.POST, "早上好"), (Act.PIN, "")]
    assert (Act.ANNOUNCE, "早上好") in day.acts("wx")
    assert (Act.POST, "早上好") not in day.acts("wx")
    assert day.platforms["wx"].room("books").notice == "早上好"


async def test_a_notice_waits_for_the_end_of_quiet_hours_as_a_post_does(day: Day) -> None:
    await day.advance_to(NOON + timedelta(hours=18))
    assert (Act.ANNOUNCE, "明天见") not in day.acts("wx")
    assert day.platforms["wx"].room("books").group.name == "读书"
    await day.advance_to(NOON + timedelta(hours=19, minutes=1))
    assert {act for act, _ in day.acts("wx")} == {Act.ANNOUNCE, Act.RENAME}
    assert day.platforms["wx"].room("books").group.name == "读书 · 夜"


async def test_a_notice_that_the_night_asks_for_is_held_and_its_words_are_filled_in(day: Day) -> None:
    at = NOON + timedelta(hours=11, minutes=30)
    settings = day.settings("wx:books")
    event = ScheduleFired("s1", Group("wx:books"), at, "night", at)
    facts = GroupMemory("wx:books", timedelta()).facts_for(event, settings)
    notice = SetAnnouncement("wx:books", say("早安，{group}", group="读书"))
    delivering = Delivering(day.setup)
    delivering.add(
        event, Decision((notice, RenameGroup("wx:books", say("{x}\n夜", x="读书"))), by=("night", "night")), facts
    )
    first, then = delivering.deliveries
    assert (first.effect, first.not_before) == (
        replace(notice, text=Text(literal="早安，读书")),
        NOON + timedelta(hours=19),
    )
    assert then.effect == RenameGroup("wx:books", Text(literal="读书 夜"))


async def test_a_member_is_brought_into_another_group(day: Day) -> None:
    await day.says("wx", "二群")
    assert day.acts("wx", "second") == [(Act.INVITE, "wx:bo")]
    assert [person.name for person in day.platforms["wx"].room("second").present()] == ["小波"]


def test_the_same_message_is_decided_on_by_what_each_platform_can_do(day: Day) -> None:
    def decided(chat: str) -> Decision:
        settings = day.settings(chat)
        memory = GroupMemory(chat, day.setup.rulebook.horizon)
        member = Member(f"{settings.platform}:bo", "小波")
        event = MessagePosted("e1", Group(chat), NOON, Message(f"{chat}/1", member, "加微信", NOON))
        return decide(event, memory.facts_for(event, settings), day.setup.rulebook)

    telegram, wechat = decided("tg:books"), decided("wx:books")
    assert [type(effect).__name__ for effect in telegram.effects] == ["DeleteMessage"]
    assert [type(effect).__name__ for effect in wechat.effects] == ["SendPrivate"]
    assert all(effect.capability in day.settings("wx:books").capabilities for effect in wechat.effects)
    assert telegram.fired == wechat.fired == ("ads",)
