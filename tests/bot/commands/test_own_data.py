"""/export and /forget: what is kept about people is theirs to have and to erase."""

import csv
import io
import json
from typing import Any

from rules.capability import Capability
from rules.effects import SendDocument


def test_a_member_gets_all_that_is_kept_about_them_alone(room: Any) -> None:
    room.post(room.bo, "my secret poem")
    document, answer = room.type(room.bo, "/export")
    assert isinstance(document, SendDocument)
    assert document.member == room.bo.id
    data = json.loads(document.content)
    assert data["member"] == room.bo.id
    assert "my secret poem" in document.content
    assert "小波" not in document.content
    assert "poem" not in room.words([answer])


def test_the_table_of_members_is_for_who_may_export(room: Any) -> None:
    room.type(room.bo, "/intro =HYPERLINK(evil)")
    assert "for the admins" in room.says(room.bo, "/export members")
    document, _ = room.type(room.sis, "/导出 成员")
    assert document.member == room.sis.id
    rows = list(csv.DictReader(io.StringIO(document.content.removeprefix("\ufeff"))))
    (mine,) = [row for row in rows if row["member"] == room.bo.id]
    assert mine["introduction"].startswith("'=")
    assert room.acts()[0] == (room.sis.id, "export", None, "members")


def test_nothing_private_is_posted_where_the_platform_cannot_send_alone(room: Any) -> None:
    room.rebuild(capabilities=frozenset(Capability) - {Capability.SEND_PRIVATE})
    effects = room.type(room.bo, "/export")
    assert not [effect for effect in effects if isinstance(effect, SendDocument)]


def test_a_member_is_forgotten_after_they_confirm_and_the_log_stays(room: Any) -> None:
    room.type(room.mo, "/warn @bo loud")
    room.type(room.bo, "/intro I am Bo from Xi'an and I read poems")
    asked = room.says(room.bo, "/忘记我")
    assert "cannot be undone" in asked
    assert room.member(room.bo).introduction
    code = asked.split("/confirm ")[1][:4]
    assert "Erased" in room.says(room.bo, f"/confirm {code}")
    state = room.member(room.bo)
    assert (state.introduction, state.profile, state.score) == ("", {}, 0)
    assert room.acts()[-1] == (room.mo.id, "warn", room.bo.id, "loud")
    assert len(state.warnings) == 1


def test_only_the_owner_has_others_forgotten(room: Any) -> None:
    assert "only the owner" in room.says(room.mo, "/forget @bo")
    asked = room.says(room.olga, "/forget @bo")
    assert "known of Bo Chen" in asked
    room.type(room.olga, f"/confirm {asked.split('/confirm ')[1][:4]}")
    assert room.acts()[0] == (room.olga.id, "forget", room.bo.id, "")


def test_a_reply_does_not_make_forget_about_somebody_else(room: Any) -> None:
    poem = room.post(room.bo, "a poem")
    assert "that “Reading” knows of you" in room.says(room.xiaobo, "/forget", reply_to=poem)
