"""Conditions on how much, when, and in what state the group is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from rules.conditions.group import GroupTagged, MessagesSinceLast, MessagesUnder, QuietFor
from rules.conditions.rate import Joins, SamePerson, SameText
from rules.conditions.verdicts import Ad, DetectorSays
from rules.conditions.when import Between, Day, InWindow, OnDate
from rules.folding import fingerprint, fold
from rules.verdict import Reason, Verdict


def test_a_flood_is_one_person_s(room: Any) -> None:
    flood = SamePerson(messages=3, within=timedelta(seconds=30))
    room.note(40, 30, 29, 10)
    room.note(5, 4, 3, 2, 1, member="telegram:8")
    assert room.seen(flood, "hi") == 2
    assert not room.holds(flood, "hi")
    room.note(0)  # this very message
    assert room.holds(flood, "hi")
    assert flood.looks_back() == timedelta(seconds=30)


def test_the_same_text_is_counted_over_members(room: Any) -> None:
    mark = fingerprint(fold("加微信 领资料"))
    condition = SameText(times=3, within=timedelta(minutes=10), members=2)
    room.note(700, fingerprint=mark, member="telegram:9")  # too long ago
    room.note(60, 0, fingerprint=mark)
    assert not room.holds(condition, "加微信，领资料！")
    room.note(0, fingerprint=mark, member="telegram:8")
    assert room.holds(condition, "加微信，领资料！")
    assert room.seen(condition, "加微信，领资料！") == {"times": 3, "members": 2}
    assert not room.holds(condition, "👍")  # says nothing that could be the same


def test_a_raid_is_many_joins(room: Any) -> None:
    raid = Joins(count=3, within=timedelta(minutes=1))
    room.note(61, 50, 1, kind="join")
    assert not room.holds(raid, room.join())
    room.note(0, kind="join")
    assert room.holds(raid, room.join())


@pytest.mark.parametrize(
    ("local", "held"),
    [
        ("2026-10-09 19:59", False),
        ("2026-10-09 20:00", True),
        ("2026-10-09 20:59", True),
        ("2026-10-09 21:00", False),
        ("2026-10-05 20:30", False),
    ],
)
def test_a_window_is_open_on_the_group_s_clock_when_it_was_said(room: Any, local: str, held: bool) -> None:
    room.at = (datetime.fromisoformat(local) - timedelta(hours=8)).replace(tzinfo=UTC)
    assert room.holds(InWindow(of=["ad-time"]), "hi") is held
    assert list(InWindow(of=["ad-time"]).refers()) == [("window", "ad-time")]
    assert str(room.seen(InWindow(of=["ad-time"]), "hi")).endswith(local)


def test_one_open_window_of_several_is_enough(room: Any) -> None:
    room.at = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)  # midnight
    assert room.holds(InWindow(of=["ad-time", "night"]), "hi")


@pytest.mark.parametrize(("hour", "held"), [(22, True), (23, True), (0, True), (6, True), (7, False), (21, False)])
def test_a_stretch_of_the_day_may_go_past_midnight(room: Any, hour: int, held: bool) -> None:
    room.at = datetime(2026, 10, 5, hour, 0, tzinfo=UTC) - timedelta(hours=8)
    condition = Between.model_validate({"from": "22:00", "to": "07:00"})
    assert (condition.from_, condition.to) == (time(22), time(7))
    assert room.holds(condition, "hi") is held


def test_a_day_begins_when_the_group_says(room: Any) -> None:
    room.at = datetime(2026, 10, 8, 18, 0, tzinfo=UTC)  # Friday 2026-10-09, 02:00
    friday, thursday = Day.model_validate({"of": "fri"}), Day.model_validate({"of": ["周四"]})
    assert room.holds(friday, "hi")
    assert room.holds(OnDate.model_validate({"of": "2026-10-09"}), "hi")
    room.day_starts_at = timedelta(hours=4)
    assert room.holds(thursday, "hi")
    assert not room.holds(friday, "hi")
    assert room.holds(OnDate(of=(date(2026, 10, 8),)), "hi")
    with pytest.raises(ValidationError, match="write a date such as"):
        OnDate.model_validate({"of": "9.10.2026"})


def test_messages_are_counted_since_a_schedule_last_posted(room: Any) -> None:
    room.state.messages = 230
    assert room.holds(MessagesSinceLast(messages=200), room.fired("digest"))  # never posted
    room.state.messages_at_post = {"digest": 100, "other": 229}
    assert room.seen(MessagesSinceLast(messages=200), room.fired("digest")) == 130
    assert not room.holds(MessagesSinceLast(messages=200), room.fired("digest"))
    assert room.holds(MessagesSinceLast(messages=130), room.fired("digest"))
    assert room.holds(MessagesUnder(messages=131), room.fired("digest"))
    assert not room.holds(MessagesUnder(messages=130), room.fired("digest"))


def test_quiet_is_counted_from_the_last_message(room: Any) -> None:
    quiet = QuietFor(time=timedelta(hours=6))
    assert not room.holds(quiet, room.fired())  # nothing is known yet
    room.state.first_seen = room.at - timedelta(days=2)
    assert room.holds(quiet, room.fired())
    room.state.last_message_at = room.at - timedelta(hours=6)
    assert room.holds(quiet, room.fired())
    room.state.last_message_at = room.at - timedelta(hours=5, minutes=59)
    assert not room.holds(quiet, room.fired())
    assert room.seen(quiet, room.fired()) == "5h59m"


def test_a_group_is_told_by_its_tags(room: Any) -> None:
    assert room.holds(GroupTagged(of=["reading", "vip"]), "hi")
    assert not room.holds(GroupTagged(of=["vip"]), "hi")


@pytest.mark.parametrize(("said", "score"), [("likely", 0.9), ("certain", 0.99), ("95%", 0.95), ("0.5", 0.5)])
def test_how_sure_a_detector_has_to_be_is_said_in_words_or_figures(room: Any, said: str, score: float) -> None:
    condition = Ad.model_validate({"at_least": said})
    assert not room.holds(condition, "hi")  # no opinion
    room.verdicts["ad"] = Verdict(detector="ad", version="1", score=score)
    assert room.holds(condition, "hi")
    room.verdicts["ad"] = Verdict(detector="ad", version="1", score=score - 0.01)
    assert not room.holds(condition, "hi")


def test_a_detector_is_named_and_its_reasons_are_shown(room: Any) -> None:
    condition = DetectorSays.model_validate({"name": "scam", "at_least": "likely"})
    assert condition.detectors() == {"scam"}
    assert room.seen(condition, "hi") == "no opinion of `scam`"
    reasons = (Reason(kind="word", weight=0.1, detail="免费"), Reason(kind="link", weight=-2.0))
    room.verdicts["scam"] = Verdict(detector="scam", version="1", score=0.97, reasons=reasons)
    assert room.holds(condition, "hi")
    assert room.seen(condition, "hi") == "0.970 [link] [免费]"


@pytest.mark.parametrize("said", ["maybe", "150%", "-1"])
def test_nonsense_about_sureness_is_refused(said: str) -> None:
    with pytest.raises(ValidationError):
        Ad.model_validate({"at_least": said})
