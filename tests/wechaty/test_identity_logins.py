"""A puppet that gives everybody another id at each login, before a real gateway: rooms and people stay who they are."""

from pathlib import Path

import pytest

from adapters.errors import Rejected
from adapters.wechaty.identity import Identity
from rules.effects import KickMember
from tests.wechaty.mock_wechat import OTHER_ROOM, ROOM, Gateway
from tests.wechaty.roster_keeper import Keeper

READING = "topic=Reading"
WRITING = "topic=Writing"


def _keeper(gateway: Gateway, folder: Path, *groups: str) -> Keeper:
    return Keeper(gateway, folder, puppet="wechat4u", groups=groups or (READING,))


async def test_people_and_rooms_keep_their_ids_through_a_login(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = await keeper.said("ann")
        assert before.group.id == f"wx:{READING}"
        assert before.message.author.id not in ("wx:ann", "wx:bo")
        await gateway.change_ids()
        after = await keeper.said("ann")
        assert (after.group, after.message.author) == (before.group, before.message.author)
        await keeper.rounds()
        assert (keeper.joined(), keeper.left(), keeper.broken) == ([], [], [])


async def test_ids_stay_when_the_login_is_while_the_bot_is_off(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = (await keeper.said("ann")).message.author
        for _ in range(2):
            await keeper.restart(gateway.change_ids)
            assert (await keeper.said("ann")).message.author == before
        await keeper.restart()  # the same login
        assert (await keeper.said("ann")).message.author == before
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])


async def test_a_member_is_removed_by_the_id_that_they_have_now(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        bo = (await keeper.said("bo")).message.author.id
        await gateway.change_ids()
        await keeper.said("ann")
        await keeper.adapter.perform(KickMember(f"wx:{READING}", bo))
        await gateway.until(lambda: gateway.members() == ["bot", "ann"])
        with pytest.raises(Rejected, match="not found again"):
            await keeper.adapter.perform(KickMember(f"wx:{READING}", "wx:0123456789abcdef"))


async def test_two_of_one_name_are_taken_for_nobody(gateway: Gateway, tmp_path: Path) -> None:
    await gateway.new_contact("ann2", "Ann")
    await gateway.join("ann2", told=False)
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.until(lambda: len(keeper.adapter._roster.record(READING).members) == 4)
        before = {who: (await keeper.said(who)).message.author.id for who in ("ann", "ann2", "bo")}
        assert len(set(before.values())) == 3
        await gateway.change_ids()
        after = {who: (await keeper.said(who)).message.author.id for who in ("ann", "ann2", "bo")}
        assert after["bo"] == before["bo"]
        assert len({*before.values(), after["ann"], after["ann2"]}) == 5
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])  # nobody is greeted who was there all the time


async def test_who_took_the_name_of_one_who_had_left_is_not_them(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        bo = (await keeper.said("bo")).message.author.id
        await gateway.leave("bo", told=False)
        await keeper.until(lambda: keeper.left() == ["Bo"])
        await gateway.new_contact("thief", "Bo")
        await gateway.join("thief")
        thief = (await keeper.said("thief")).message.author.id
        assert thief != bo
        await keeper.until(lambda: keeper.members(READING) == {"Bot", "Ann", "Bo"})
        await gateway.change_ids()
        assert (await keeper.said("thief")).message.author.id == thief


async def test_who_takes_a_name_and_comes_while_connected_is_not_matched(gateway: Gateway, tmp_path: Path) -> None:
    """A connection that is lost is no login: raw ids still say who is new."""
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        bo = (await keeper.said("bo")).message.author.id

        async def meanwhile() -> None:
            await gateway.leave("bo")
            await gateway.new_contact("thief", "Bo")
            await gateway.join("thief")

        await keeper.restart(meanwhile)
        assert (await keeper.said("thief")).message.author.id != bo
        await keeper.until(lambda: keeper.joined() == ["Bo"])
        assert keeper.left() == ["Bo"]


async def test_who_came_while_logged_out_is_greeted_where_nobody_else_is_missing(
    gateway: Gateway, tmp_path: Path
) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")

        async def meanwhile() -> None:
            await gateway.join("cy")
            await gateway.change_ids()

        await keeper.restart(meanwhile)
        await keeper.until(lambda: keeper.joined() == ["Cy"])
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == (["Cy"], [])


async def test_who_changed_their_name_while_logged_out_is_not_greeted(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")

        async def meanwhile() -> None:
            await gateway.rename_contact("bo", "Bo the Great")
            await gateway.change_ids()

        await keeper.restart(meanwhile)
        await keeper.remembers(READING, "Bot", "Ann", "Bo the Great")
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])


async def test_a_room_that_was_renamed_while_connected_stays_the_room(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        await gateway.rename("Reading aloud")
        assert (await keeper.said("ann")).group.id == f"wx:{READING}"
        await keeper.until(lambda: keeper.adapter._roster.record(READING).topic == "Reading aloud")
        await gateway.change_ids()
        event = await keeper.said("ann")
        assert (event.group.id, event.group.name) == (f"wx:{READING}", "Reading aloud")
        await keeper.restart(gateway.change_ids)
        assert (await keeper.said("ann")).group.id == f"wx:{READING}"
        assert await keeper.findings() == []


async def test_a_room_that_was_renamed_while_away_is_missed(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = (await keeper.said("ann")).message.author

        async def meanwhile() -> None:
            await gateway.rename("Something else")
            await gateway.change_ids()

        await keeper.restart(meanwhile)
        assert (await keeper.said("ann")).group.id.startswith("wx:room-")
        await keeper.until(lambda: f"wx:{READING}" in keeper.examined)
        (finding,) = await keeper.findings()
        assert (finding.code, finding.level, finding.params) == ("wechaty.room_missing", "error", {"name": "Reading"})
        await gateway.rename("Reading")
        await keeper.until(lambda: keeper.examined.count(f"wx:{READING}") == 2)
        assert await keeper.findings() == []
        found = await keeper.said("ann")
        assert (found.group.id, found.message.author) == (f"wx:{READING}", before)
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])


async def test_of_two_rooms_of_one_name_none_is_kept(gateway: Gateway, tmp_path: Path) -> None:
    await gateway.new_room("r3@chatroom", "Reading", ["bot", "ann", "cy"])
    async with _keeper(gateway, tmp_path, READING, WRITING) as keeper:
        assert (await keeper.said("ann")).group.id.startswith("wx:room-")
        assert (await keeper.said("ann", room="r3@chatroom")).group.id.startswith("wx:room-")
        assert (await keeper.said("ann", room=OTHER_ROOM)).group.id == f"wx:{WRITING}"
        (finding,) = await keeper.findings()
        assert (finding.code, finding.group) == ("wechaty.room_twice", f"wx:{READING}")
        with pytest.raises(Rejected):
            await keeper.adapter.perform(KickMember(f"wx:{READING}", f"wx:{keeper.adapter._identity.person('bo')}"))
        await gateway.settled()
        assert gateway.calls("roomDel") == []


async def test_a_room_that_takes_the_name_of_another_while_connected_is_not_it(
    gateway: Gateway, tmp_path: Path
) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        await gateway.rename("Reading", room=OTHER_ROOM)
        await keeper.rounds()
        assert (await keeper.said("ann", room=OTHER_ROOM)).group.id.startswith("wx:room-")
        assert (await keeper.said("ann")).group.id == f"wx:{READING}"


async def test_what_comes_before_it_is_known_who_is_who_waits(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = (await keeper.said("ann")).message.author
        await gateway.slow("roomList", 300, times=2)
        await gateway.change_ids()
        assert (await keeper.said("ann")).message.author == before


async def test_what_was_taken_for_the_same_stays_so_without_anything_in_memory(
    gateway: Gateway, tmp_path: Path
) -> None:
    """Nothing but the database carries ids over a restart."""
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        ann = (await keeper.said("ann")).message.author
        await keeper.restart(gateway.change_ids)
        assert (await keeper.said("ann")).message.author == ann
        await keeper.rounds()
        await keeper.restart()
        assert (await keeper.said("ann")).message.author == ann
        fresh = Identity("wx", stable=False)
        assert fresh.person(gateway.id("ann")) != ann.id.removeprefix("wx:")
        assert gateway.id(ROOM) != ROOM


async def test_rooms_that_the_puppet_cannot_tell_of_hide_no_others(gateway: Gateway, tmp_path: Path) -> None:
    async with _keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = (await keeper.said("ann")).message.author
        await keeper.stop()
        await gateway.change_ids()
        await gateway.fail("roomPayload", times=2)
        await gateway.fail("roomMemberList")
        await keeper.start()
        assert (await keeper.said("ann")).message.author == before


async def test_an_old_gateway_that_does_not_say_who_is_logged_in_is_understood(
    old_gateway: Gateway, tmp_path: Path
) -> None:
    async with _keeper(old_gateway, tmp_path) as keeper:
        await keeper.remembers(READING, "Bot", "Ann", "Bo")
        before = (await keeper.said("ann")).message.author
        await old_gateway.change_ids()
        assert (await keeper.said("ann")).message.author == before
        await keeper.restart()
        assert (await keeper.said("ann")).message.author == before
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])
