"""A channel that writes in a group is no person: a platform can ban it, and nothing less."""

from datetime import timedelta
from typing import Any

from rules.actions import Ban, Mute
from rules.effects import BanMember, MuteMember
from rules.events import ReactionAdded
from rules.values import Member

CHANNEL = Member(id="telegram:-1009", name="Deals", is_chat=True)


def test_a_channel_is_banned_but_never_muted(scene: Any) -> None:
    event = scene.says("buy now", by=CHANNEL)
    muted = scene.do(event, Mute(**{"for": timedelta(hours=1)}))
    assert muted.all(MuteMember) == []
    assert muted.remarks == ("mute: a channel cannot be muted, only banned",)
    assert scene.do(event, Ban()).only(BanMember).member == CHANNEL.id


def test_who_only_reacts_can_be_muted_and_banned(scene: Any) -> None:
    said = scene.says("hi")
    event = ReactionAdded("r", said.group, said.at, said.message.author, said.message.id, ("🔥",))
    assert scene.do(event, Mute(**{"for": timedelta(hours=1)})).only(MuteMember).member == said.message.author.id
    assert scene.do(event, Ban()).only(BanMember).member == said.message.author.id
    assert "reaction" in Mute.kinds
    assert "reaction" in Ban.kinds
