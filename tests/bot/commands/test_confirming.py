"""What does much at once is confirmed: by the same person, with the code, in time."""

import re
from datetime import timedelta
from typing import Any

from bot.commands.acting import code_of
from rules.effects import KickMember, MuteMember, SendText


def code_in(words: str) -> str:
    found = re.search(r"/confirm (\d{4})", words)
    assert found is not None, words
    return found.group(1)


def test_removing_two_members_waits_for_the_code_of_who_asked(room: Any) -> None:
    asked = room.type(room.mo, "/kick @bo 10005 selling things")
    assert [type(effect) for effect in asked] == [SendText]
    assert "/kick for 2 members: Bo Chen, 小波" in room.words(asked)
    code = code_in(room.words(asked))
    assert "only be confirmed by whoever asked" in room.says(room.mia, f"/confirm {code}", after=timedelta())
    assert room.acts() == []
    done = room.type(room.mo, f"/confirm {code}")
    assert [effect.member for effect in done if isinstance(effect, KickMember)] == [room.bo.id, room.xiaobo.id]
    assert {act[1:] for act in room.acts()} == {
        ("kick", room.bo.id, "selling things"),
        ("kick", room.xiaobo.id, "selling things"),
    }
    assert "nothing to confirm" in room.says(room.mo, f"/confirm {code}")


def test_durations_and_reasons_survive_the_confirmation(room: Any) -> None:
    code = code_in(room.says(room.mo, "/mute @bo, 10005 1h30m loud"))
    done = room.type(room.mo, f"/confirm {code}")
    mutes = [effect for effect in done if isinstance(effect, MuteMember)]
    assert [mute.until for mute in mutes] == [room.now + timedelta(minutes=90)] * 2


def test_a_confirmation_that_comes_too_late_does_nothing(room: Any) -> None:
    code = code_in(room.says(room.mo, "/ban @bo 10005"))
    assert "too long ago" in room.says(room.mo, f"/confirm {code}", after=timedelta(minutes=2))
    assert room.acts() == []


def test_who_lost_their_role_meanwhile_cannot_confirm(room: Any) -> None:
    code = code_in(room.says(room.mo, "/ban @bo 10005"))
    roles = {**room.config["roles"], "moderator": {"members": [room.mia.id], "can": ["ban"]}}
    room.rebuild(config={**room.config, "roles": roles})
    assert "for the admins" in room.says(room.mo, f"/confirm {code}")
    assert room.acts() == []


def test_what_waits_can_be_withdrawn(room: Any) -> None:
    code = code_in(room.says(room.mo, "/ban @bo 10005"))
    assert "Withdrawn: /ban" in room.says(room.mo, "/取消")
    assert "nothing to confirm" in room.says(room.mo, f"/confirm {code}")
    assert "Nothing of yours" in room.says(room.mo, "/cancel")


def test_an_announcement_to_all_is_confirmed_and_one_to_this_group_is_not(room: Any) -> None:
    (posted,) = room.type(room.sis, "/announce Meeting {today} at eight")
    assert posted.group == room.reading
    assert posted.announcement
    assert room.words([posted]) == "Meeting {today} at eight"
    asked = room.type(room.sis, "/公告 今晚八点见 到 全部")
    assert "2 groups (Reading, Garden)" in room.words(asked)
    done = room.type(room.sis, f"/确认 {code_in(room.words(asked))}")
    assert [(effect.group, effect.text.literal) for effect in done if effect.announcement] == [
        (room.reading, "今晚八点见"),
        (room.garden, "今晚八点见"),
    ]
    assert "for the admins" in room.says(room.bo, "/announce hello")


def test_the_code_is_the_same_however_often_the_event_is_decided_on() -> None:
    assert code_of("telegram:1/command") == code_of("telegram:1/command")
    assert code_of("telegram:1/command") != code_of("telegram:2/command")
