"""The demo plays what it promises: every item of the day happens, and nothing else is taken away."""

import asyncio
import re
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from adapters.simulated import Act, Entry
from bot.simulation.demo import Demo, run_demo

LANGUAGES = ("en", "zh-CN")
ADVERTISER = {"en": "sim:rick", "zh-CN": "sim:qian"}
OWNER = {"en": "sim:ann", "zh-CN": "sim:anran"}
SPOILER = {"en": "sim:ben", "zh-CN": "sim:bowen"}
BOT = "sim:groupkeeper"


class Played:
    """One day that was played: the demo, what it printed, and its entries."""

    def __init__(self, language: str, folder: Path, seed: int = 7) -> None:
        self.language = language
        out = StringIO()
        self.demo = Demo(language, folder / f"{language}-{seed}.db", seed, Console(file=out, width=100))
        asyncio.run(self.demo.play())
        self.printed = out.getvalue()
        self.entries = self.demo.platform.transcript

    def acts(self, act: Act, by: str | None = None) -> list[Entry]:
        return [entry for entry in self.entries if entry.act is act and by in (None, entry.who)]

    def at(self, wall: str, *, by: str = BOT) -> list[Entry]:
        return [e for e in self.entries if e.who == by and f"{self.demo.settings.local(e.at):%d %H:%M}" == f"09 {wall}"]

    def said(self, wall: str) -> str:
        return "\n".join(entry.text for entry in self.at(wall) if entry.act in (Act.POST, Act.WHISPER))


@pytest.fixture(scope="module", params=LANGUAGES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(request.param, tmp_path_factory.mktemp("demo"))


def test_the_challenge_is_posted_once_at_eight(played: Played) -> None:
    challenge = played.demo.stage.setup.config.calendar["challenge"].list[0]
    posts = [entry for entry in played.acts(Act.POST, BOT) if entry.text == challenge]
    assert [f"{played.demo.settings.local(post.at):%H:%M}" for post in posts] == ["08:00"]


def test_six_who_join_at_once_are_greeted_once(played: Played) -> None:
    assert len(played.acts(Act.JOIN)) == 7
    (welcome,) = played.at("09:32")
    names = [played.demo.platform.people[entry.who].name for entry in played.acts(Act.JOIN)]
    assert [name in welcome.text for name in names] == [True] * 5 + [False] * 2
    pinged = played.demo.platform.room("reading").posts[welcome.message or ""].notified
    assert len(pinged) == 5


def test_introductions_by_template_and_in_free_words_become_profiles(played: Played) -> None:
    assert played.demo.findings is not None
    introduced = {m.id: m.profile for m in played.demo.findings.members if m.introduced_at is not None}
    template, free = (
        next(h for h, a in played.demo.story.cast.items() if a.name == n)
        for n in (("Grace", "Hugo") if played.language == "en" else ("方舟", "顾北"))
    )
    assert set(introduced) == {f"sim:{template}", f"sim:{free}"}
    assert introduced[f"sim:{template}"]["city"] in ("Leeds", "成都")
    assert introduced[f"sim:{free}"]["name"] in ("Hugo", "顾北")


def test_only_the_two_advertisements_are_deleted_each_with_its_reason(played: Played) -> None:
    deleted = [entry for entry in played.acts(Act.DELETE) if entry.whom != BOT]
    assert [entry.whom for entry in deleted] == [ADVERTISER[played.language]] * 2
    rule = played.demo.stage.setup.rulebook.rule("ads")
    assert rule is not None
    for entry in deleted:
        name, seen = played.demo.reason(entry)
        assert name == rule.name
        assert seen
        assert name in played.printed


def test_the_first_advertisement_is_followed_by_a_reminder_the_second_by_silence(played: Played) -> None:
    copy = played.demo.stage.setup.copy
    reminder = copy.variants("rules.no_ads", played.language)[0]
    assert reminder in played.said("10:12")
    (mute,) = played.acts(Act.MUTE)
    assert mute.whom == ADVERTISER[played.language]
    assert mute.until is not None
    assert (mute.until - mute.at).total_seconds() == 3600
    (refused,) = played.acts(Act.KEPT_OUT)
    assert (refused.who, refused.why) == (ADVERTISER[played.language], "muted")


def test_a_spoiler_is_left_and_its_author_is_reminded_alone(played: Played) -> None:
    (whisper,) = played.acts(Act.WHISPER)
    assert whisper.whom == SPOILER[played.language]
    assert played.demo.stage.setup.copy.variants("rules.no_spoilers", played.language)[0] in whisper.text


def test_why_names_the_rule_and_warn_is_recorded(played: Played) -> None:
    rules = played.demo.stage.setup.rulebook
    spoilers, ads = rules.rule("spoilers"), rules.rule("ads")
    assert spoilers is not None
    assert ads is not None
    assert spoilers.name in played.said("10:24")
    assert ads.name in played.said("20:35")
    assert played.demo.findings is not None
    warned = {member.id: member.warnings for member in played.demo.findings.members if member.warnings}
    assert list(warned) == [SPOILER[played.language]]
    assert warned[SPOILER[played.language]][0].by == OWNER[played.language]


def test_a_welcome_that_was_waiting_survives_the_restart(played: Played) -> None:
    assert played.at("13:02") == played.at("13:03") == played.at("13:04") == []
    (welcome,) = played.at("13:05")
    assert ("Lena" if played.language == "en" else "乐乐") in welcome.text


def test_what_was_said_while_the_bot_was_away_is_known_once(played: Played) -> None:
    assert played.demo.findings is not None
    people_posts = [entry for entry in played.acts(Act.POST) if entry.who != BOT]
    joins = played.acts(Act.JOIN)
    commands = sum(1 for entry in people_posts if entry.text.startswith("/"))
    fires = len(played.demo.findings.fires)
    timers = len([entry for entry in played.acts(Act.POST, BOT) if entry.message and "📚" in entry.text])
    assert played.demo.findings.records["inbox"] == len(people_posts) + len(joins) + commands + fires + timers


def test_the_silence_is_broken_once_after_three_hours(played: Played) -> None:
    topic = played.demo.stage.setup.config.topics["talk"].list[0]
    posts = [entry for entry in played.acts(Act.POST, BOT) if entry.text == topic]
    assert [f"{played.demo.settings.local(post.at):%H:%M}" for post in posts] == ["16:03"]


def test_an_advertisement_inside_the_window_stays(played: Played) -> None:
    (shop,) = [e for e in played.acts(Act.POST) if "/shop" in e.text and e.who != BOT]
    assert not played.demo.platform.room("reading").posts[shop.message or ""].deleted


def test_the_evening_digest_has_the_question_nobody_answered(played: Played) -> None:
    digest = played.said("21:00")
    assert ("Juliet Stevenson" if played.language == "en" else "有声书") in digest


def test_check_ins_of_two_days_make_a_streak(played: Played) -> None:
    assert played.demo.findings is not None
    streaks = sorted(member.streak for member in played.demo.findings.members if member.streak)
    assert streaks == [1, 2, 2, 2]


def test_every_delivery_is_settled(played: Played) -> None:
    assert played.demo.findings is not None
    states = {state for (effect, state) in played.demo.findings.deliveries if effect != "delete_message"}
    refused = played.demo.findings.deliveries.get(("send_private", "failed"), 0)
    assert states <= {"sent", "failed"}
    assert refused == 1  # the advertiser never wrote to the bot, so they were reminded in the group


def test_no_line_is_wider_than_the_terminal(played: Played) -> None:
    assert max(cell_len(line.rstrip()) for line in played.printed.splitlines()) <= 100


def test_the_same_seed_plays_the_same_day_and_another_seed_another(tmp_path: Path) -> None:
    days = [Played("en", tmp_path / str(number), seed) for number, seed in enumerate((7, 7, 8))]
    assert days[0].entries == days[1].entries
    assert days[0].entries != days[2].entries
    assert without_seconds(days[0].printed) == without_seconds(days[1].printed)


def test_another_language_is_refused_with_what_there_is() -> None:
    out = StringIO()
    assert run_demo("fr", console=Console(file=out)) == 2
    assert "en, zh" in out.getvalue()


def test_the_picture_gives_chinese_its_width(tmp_path: Path) -> None:
    file = tmp_path / "demo.svg"
    assert run_demo("zh", svg=file, console=Console(file=StringIO(), width=100)) == 0
    found = re.search(r'textLength="([\d.]+)"[^>]*>六个人一起进群', file.read_text(encoding="utf-8"))
    assert found is not None
    assert float(found[1]) >= 14 * 12.2


def without_seconds(printed: str) -> str:
    return re.sub(r"\d+\.\d s\.", "", printed)
