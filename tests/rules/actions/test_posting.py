"""What schedules post: calendars, topics, digests, the leaderboard, the rules; budgets and the empty case."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from rules import changes as c
from rules import effects as e
from rules.actions.posts import Post, entry_for
from rules.capability import Capability
from rules.digest import Digest, Quoted, Ranked
from rules.step import CalendarEntries, Library, TopicList

CALENDAR = CalendarEntries(by_date={"2026-10-05": "Read ten pages, {date}.", "2026-10-06": "copy.tuesday"})


def post(scene, source, schedule="challenge", **more):
    return scene.do(scene.fires(schedule, **more), Post(source=source))


def test_the_calendars_entry_of_the_groups_own_day_is_posted(scene):
    scene.setting(topic="42")
    scene.library = Library(calendars={"challenge": CALENDAR})
    done = post(scene, "calendar.challenge")
    sent = done.only(e.SendText)
    assert (sent.announcement, sent.topic) == (True, "42")
    assert done.said == ["Read ten pages, 2026-10-05."]
    assert scene.group.challenge == "Read ten pages, {date}."
    assert scene.group.challenge_day == "2026-10-05"
    assert scene.group.posted["challenge"] == scene.now


def test_the_day_is_that_of_the_groups_wall_clock_when_it_was_due(scene):
    scene.library = Library(calendars={"challenge": CALENDAR})
    scene.copy("copy.tuesday", "Tuesday!")
    due = datetime(2026, 10, 5, 16, 30, tzinfo=UTC)  # 00:30 on Tuesday in Shanghai
    assert post(scene.later(hours=30), "calendar.challenge", due=due).said == ["Tuesday!"]


def test_a_day_without_an_entry_is_told_to_staff_once(scene):
    scene.library = Library(calendars={"challenge": CALENDAR})
    done = post(scene.later(days=7), "calendar.challenge")
    assert done.only(e.SendText).group == "telegram:-200"
    assert "2026-10-12" in done.said[0]
    assert "calendar.challenge" in done.said[0]
    assert done.all(c.Posted) == []
    assert post(scene, "calendar.challenge").effects == ()


def test_a_calendar_may_skip_days(scene):
    scene.library = Library(calendars={"x": CalendarEntries(by_date={}, if_empty="skip")})
    assert post(scene, "calendar.x").effects == ()


def test_a_cycle_goes_round_from_its_start_and_dates_come_first():
    calendar = CalendarEntries(by_date={"2026-10-06": "special"}, cycle=("a", "b", "c"), start="2026-10-05")
    found = [entry_for(calendar, date(2026, 10, 4) + timedelta(days=n)) for n in range(6)]
    assert found == [("", 1), ("a", 1), ("special", 2), ("c", 3), ("a", 4), ("b", 5)]


def test_only_a_challenge_calendar_sets_the_challenge(scene):
    scene.library = Library(calendars={"morning": CALENDAR})
    assert post(scene, "calendar.morning").only(c.Posted).challenge is None


def test_topics_take_turns_and_none_comes_again_too_soon(scene):
    scene.library = Library(topics={"warm": TopicList(("One?", "Two?"), no_repeat=timedelta(days=60))})
    assert [post(scene, "topics.next").said for _ in range(2)] == [["One?"], ["Two?"]]
    used_up = post(scene, "topics.next")
    assert used_up.only(e.SendText).group == "telegram:-200"
    assert post(scene.later(days=60), "topics.warm").said == ["One?"]


def test_a_quiet_post_is_counted_as_one(scene):
    scene.library = Library(topics={"warm": TopicList(("One?",))})
    done = post(scene, "topics.next", schedule="silence", id="quiet:silence:telegram:-100:1:1")
    assert done.only(c.Posted).quiet
    assert scene.group.quiet_fires == {"silence": 1}


def test_the_budget_of_announcements_ends_with_the_groups_day(scene):
    scene.setting(announcements_per_day=2)
    said = [bool(post(scene, "Hello, everyone.").said) for _ in range(3)]
    assert said == [True, True, False]
    assert "2 of 2" in post(scene, "Hello, everyone.").remarks[0]
    assert post(scene.later(days=1), "Hello, everyone.").said == ["Hello, everyone."]


def digest(**more):
    since = datetime(2026, 10, 4, 20, 0, tzinfo=UTC)
    return Digest(since=since, until=since + timedelta(hours=17), **more)


FULL = digest(
    messages=42,
    active_members=7,
    new_members=2,
    checkins=3,
    busiest_hour=21,
    top=tuple(Ranked(f"telegram:{n}", f"N{n}{{name}}", 9 - n) for n in range(1, 7)),
    most_replied=(Quoted("m1", "Ann", "Which translation\nis best? " * 5, 4), Quoted("m2", "Bo", "Me", 1)),
    links=("https://example.org/a",),
    introductions=(Quoted("m3", "Cy", "I am Cy"),),
    unanswered=(Quoted("m4", "Di", "Where do we meet?"),),
)


@pytest.mark.parametrize("period", ["day", "morning", "evening", "yesterday", "week", "month"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_digest_says_what_happened(scene, period, language):
    scene.setting(language=language)
    scene.digests = {period: FULL}
    (text,) = post(scene, f"digest.{period}").said
    for part in (
        "42",
        "7",
        "🥇 N1{name}",
        "🥉",
        "4. N4",
        "Which translation is best?",
        "https://example.org/a",
        "I am Cy",
    ):
        assert part in text
    assert "N6" not in text
    assert "Where do we meet?" in text
    assert "{items}" not in text
    assert "digest." not in text


def test_empty_sections_are_left_out(scene):
    scene.digests = {"day": digest(messages=3, active_members=2)}
    assert post(scene, "digest.day").said == ["🗞 Today in “Reading” (5 October)\n\n💬 3 messages by 2 members"]


def test_a_day_on_which_nothing_happened_is_said_to_be_so(scene):
    scene.digests = {"evening": digest()}
    assert "It was quiet" in post(scene, "digest.evening").said[0]


def test_one_is_not_many(scene):
    scene.digests = {"day": digest(messages=1, active_members=1, new_members=1)}
    text = post(scene, "digest.day").said[0]
    assert "One message\n👋 One new member" in text


def test_the_leaderboard_names_the_most_active(scene):
    scene.digests = {"week": FULL}
    assert post(scene, "leaderboard").said[0].startswith("🏆 Most active this week\n🥇 N1")
    scene.digests = {"day": digest()}
    assert "first place is free" in post(scene, "leaderboard.day").said[0]


def test_a_digest_without_figures_is_a_remark(scene):
    assert post(scene, "digest.week").remarks == ("post: the figures of week are missing",)


@pytest.mark.parametrize(
    ("source", "periods"),
    [
        ("digest.week", {"week"}),
        ("digest.weekly", {"week"}),
        ("leaderboard", {"week"}),
        ("leaderboard.day", {"day"}),
        ("rules.short", set()),
        ("calendar.day", set()),
        ("digest.morning", {"morning"}),
    ],
)
def test_a_post_says_which_figures_it_reads(source, periods):
    assert Post(source=source).digests() == periods


def test_a_post_says_what_it_refers_to():
    found = {
        source: list(Post(source=source).refers())
        for source in (
            "calendar.challenge",
            "topics.warm",
            "topics.next",
            "digest.day",
            "rules.short",
            "news.autumn",
            "Hello, you.",
        )
    }
    assert found == {
        "calendar.challenge": [("calendar", "challenge")],
        "topics.warm": [("topics", "warm")],
        "topics.next": [],
        "digest.day": [],
        "rules.short": [],
        "news.autumn": [("copy", "news.autumn")],
        "Hello, you.": [],
    }


@pytest.mark.parametrize("source", ["digest.dayly", "leaderboard.hour"])
def test_a_period_that_does_not_exist_is_refused_with_those_that_do(source):
    with pytest.raises(ValidationError, match="week"):
        Post(source=source)


def test_the_groups_rules_are_posted_from_their_texts(scene):
    scene.copy("rules.no_ads", "No ads in {group}.").copy("rules.kind", "Be kind.")
    scene.library = Library(house_rules=("rules.no_ads", "rules.kind"))
    assert post(scene, "rules.short").said == ["📌 How we do it in “Reading”:\n1. No ads in Reading.\n2. Be kind."]
    scene.library = Library()
    assert "Be kind to one another" in post(scene, "rules.full").said[0]


BOARD = Post(source="leaderboard.week", pin=True, update_for="7d")


def boarded(scene, *names):
    top = tuple(Ranked(f"telegram:{name}", name, 5) for name in names)
    scene.digests = {"week": Digest(scene.now - timedelta(days=7), scene.now, top=top)}
    return scene.do(scene.fires("board"), BOARD)


def test_a_leaderboard_is_kept_up_to_date_in_one_message_for_a_week(scene):
    first = boarded(scene, "Ann")
    second = boarded(scene.later(days=6), "Bo", "Ann")
    assert first.only(e.SendText).running == second.only(e.SendText).running != ""
    assert second.said[0].endswith("🔄 2026-10-11 10:00")
    third = boarded(scene.later(days=1), "Cy")
    assert third.only(e.SendText).running != first.only(e.SendText).running
    assert third.only(e.SendText).pin


def test_bringing_a_post_up_to_date_is_no_further_announcement(scene):
    scene.setting(announcements_per_day=1)
    assert boarded(scene, "Ann").said
    assert boarded(scene.later(hours=1), "Bo").said
    assert scene.group.announced == 1
    assert post(scene, "rules.short").said == []


def test_a_platform_that_changes_no_message_keeps_none_up_to_date():
    assert Capability.EDIT_OWN in BOARD.required()


def test_below_the_rules_members_can_say_that_they_have_read_them(scene):
    assert [button.data for button in post(scene, "rules.short").only(e.SendText).buttons] == ["/read"]
    assert boarded(scene, "Ann").only(e.SendText).buttons == ()
