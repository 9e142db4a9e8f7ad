"""What an operator is told before anything runs: the gateway, its token, a login, and the standing in each group."""

import asyncio
from pathlib import Path
from types import MappingProxyType

import pytest

from adapters.driver import MemoryIntake
from adapters.protocol import Finding, Kept
from adapters.wechaty.examining import Account, _who
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.calls import Calls
from adapters.wechaty.wire.channel import channel_to
from bot.configuration import load_setup
from bot.deliver import rendered
from bot.examination import wording
from rules.capability import Capability
from rules.state import GroupState
from tests.wechaty.adapter_beside import adapter_for, adapter_on
from tests.wechaty.false_gateway import FalseGateway
from tests.wechaty.mock_wechat import OTHER_ROOM, ROOM, Gateway
from tests.wechaty.raw_client import raw_client

ADS = ("No ads",)
REMOVES = MappingProxyType({Capability.KICK: ADS, Capability.SEND: ADS})


def kept(room: str = ROOM, needs: object = REMOVES) -> Kept:
    return Kept(f"wx:{room}", "Readers", needs)  # type: ignore[arg-type]


async def finds(gateway: Gateway, *groups: Kept, **given: object) -> dict[str, Finding]:
    adapter = adapter_for(gateway, **given)
    try:
        return {finding.code: finding for finding in await adapter.examine(groups or (kept(),))}
    finally:
        await adapter.close()


async def test_a_bot_that_keeps_its_group_is_told_that_all_is_well(gateway: Gateway) -> None:
    found = await finds(gateway)
    assert {code: each.level for code, each in found.items()} == {"wechaty.account": "ok", "wechaty.group_ok": "ok"}
    assert found["wechaty.account"].params == {"name": "Bot", "id": "bot"}
    assert await gateway.listening() is False  # nothing is held on to


async def test_a_gateway_that_is_not_there_a_wrong_token_and_tls_are_told_apart(gateway: Gateway) -> None:
    (found,) = (await finds(gateway, endpoint="127.0.0.1:9")).values()
    assert (found.code, found.params["reason"]) == ("wechaty.unreachable", "nothing listens at the gateway's address")
    (found,) = (await finds(gateway, token="another-token")).values()
    assert (found.level, found.code) == ("error", "wechaty.token")
    (found,) = (await finds(gateway, tls="wechaty")).values()
    assert found.code == "wechaty.unreachable"
    assert "`tls: off`" in found.params["reason"]


async def test_nobody_being_logged_in_is_told_before_anything_else(gateway: Gateway) -> None:
    await gateway.logout()
    assert set(await finds(gateway)) == {"wechaty.nobody"}


async def test_a_group_without_the_account_is_named(gateway: Gateway) -> None:
    await gateway.leave("bot", room=OTHER_ROOM)
    adapter = adapter_for(gateway)
    found = await adapter.examine([kept(), kept(OTHER_ROOM), kept("never@chatroom")])
    assert [(each.group, each.code) for each in found[1:]] == [
        (f"wx:{ROOM}", "wechaty.group_ok"),
        (f"wx:{OTHER_ROOM}", "wechaty.not_in_room"),
        ("wx:never@chatroom", "wechaty.not_in_room"),
        ("", "wechaty.rooms"),
    ]


async def test_where_a_group_is_missing_those_of_the_account_are_listed_and_the_nearest_name_first(
    gateway: Gateway,
) -> None:
    for number in range(3, 28):
        await gateway.new_room(f"r{number}@chatroom", f"Club {number}", ["bot", "ann"])
    await gateway.new_room("r90@chatroom", "The readers", ["bot", "ann"])
    found = await finds(gateway, kept("never@chatroom"))
    lines = found["wechaty.rooms"].params["rooms"].split("\n")
    assert lines[0] == "r90@chatroom  The readers"
    assert (len(lines), lines[-1], found["wechaty.rooms"].level) == (21, "…", "ok")
    found = await finds(gateway, kept("topic=The reader"), puppet="wechat4u")
    assert found["wechaty.rooms"].params["rooms"].split("\n")[0] == "topic=The readers"
    assert "wechaty.rooms" not in await finds(gateway)


@pytest.mark.parametrize(("language", "heading"), [("en", "Groups that the account"), ("zh-CN", "这个账号所在的群")])
def test_the_list_has_a_line_for_each_group(language: str, heading: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("version: 1\n", encoding="utf-8")
    setup = load_setup(tmp_path / "config.yaml", {})
    finding = Finding("ok", "wechaty.rooms", {"rooms": "r1@chatroom  Reading\nr2@chatroom  Club"})
    text = rendered(wording(finding, setup, language), setup, language, "", GroupState(id="")).literal or ""
    first, *rooms = text.splitlines()
    assert (heading in first, rooms) == (True, ["r1@chatroom  Reading", "r2@chatroom  Club"])


async def test_rules_that_remove_need_an_account_that_keeps_the_group(gateway: Gateway) -> None:
    await gateway.owner("ann")
    found = await finds(gateway)
    assert (found["wechaty.no_keeper"].level, found["wechaty.no_keeper"].rules) == ("error", ADS)
    assert "wechaty.group_ok" in await finds(gateway, kept(needs={Capability.SEND: ADS}))


async def test_a_group_known_by_its_name_is_looked_for_by_it(gateway: Gateway) -> None:
    await gateway.new_room("r3@chatroom", "Writing", ["bot", "ann"])
    groups = [kept("topic=Reading"), kept("topic=Writing"), kept("topic=Singing")]
    adapter = adapter_for(gateway, puppet="wechat4u")
    found = await adapter.examine(groups)
    assert [(each.code, each.params.get("name")) for each in found[1:-1]] == [
        ("wechaty.group_ok", None),
        ("wechaty.room_twice", "Writing"),
        ("wechaty.room_missing", "Singing"),
    ]


async def test_a_gateway_that_somebody_uses_is_not_taken_from_them(gateway: Gateway) -> None:
    async with raw_client(gateway) as other:
        found = await finds(gateway)
        assert set(found) == {"wechaty.held", "wechaty.group_ok"}
        said = await gateway.say("ann", "still with the other")
        assert (await other.next("message"))["messageId"] == said


async def test_a_bot_that_runs_looks_through_its_own_connection(gateway: Gateway) -> None:
    async with adapter_on(gateway, MemoryIntake()) as beside:
        await beside.until(lambda: beside.adapter.link.account)
        found = {each.code: each for each in await beside.adapter.examine([kept()])}
        assert set(found) == {"wechaty.account", "wechaty.group_ok"}
        assert beside.adapter.trouble is None


async def test_a_bot_that_has_just_been_started_gives_its_account_the_time_to_log_in(gateway: Gateway) -> None:
    await gateway.logout()
    async with adapter_on(gateway, MemoryIntake()) as beside:
        examining = asyncio.create_task(beside.adapter.examine([kept()]))
        await asyncio.sleep(0.1)
        assert not examining.done()
        await gateway.login()
        assert "wechaty.account" in {each.code for each in await examining}


async def test_an_old_gateway_is_examined_as_far_as_it_says(old_gateway: Gateway) -> None:
    found = await finds(old_gateway)
    assert found["wechaty.group_ok"].level == "ok"
    assert "wechaty.nobody" not in found


async def test_a_gateway_that_does_not_say_who_is_logged_in_is_no_error() -> None:
    async with FalseGateway(greets=False) as gateway:
        calls = Calls(channel := channel_to(settings_for(gateway.endpoint)), "secret")
        try:
            assert await _who(calls) == Account(known=False)
        finally:
            channel.close()


def settings_for(endpoint: str) -> WechatySettings:
    return WechatySettings(endpoint=endpoint, token="secret", puppet="mock", tls="off")
