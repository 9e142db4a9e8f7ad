"""Who came and went while nobody listened is found once somebody listens again, before a real gateway."""

from collections.abc import Callable
from pathlib import Path

from structlog.testing import capture_logs

from rules.events import MemberJoined
from tests.wechaty.mock_wechat import OTHER_ROOM, ROOM, Gateway
from tests.wechaty.roster_keeper import Keeper


async def test_who_came_and_went_during_an_outage_is_told_once(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")

        async def meanwhile() -> None:
            await gateway.join("cy")
            await gateway.leave("bo")

        await keeper.away(meanwhile)
        await keeper.remembers(ROOM, "bot", "ann", "cy")
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == (["Cy"], ["Bo"])
        joined = next(event for event in keeper.kept.values() if isinstance(event, MemberJoined))
        assert (joined.group.id, joined.group.name, joined.member.id) == (f"wx:{ROOM}", "Reading", "wx:cy")
        assert not keeper.broken


async def test_who_came_and_went_while_the_bot_was_off_is_told_once(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")

        async def meanwhile() -> None:
            await gateway.join("cy")
            await gateway.leave("bo")

        await keeper.restart(meanwhile)
        await keeper.until(lambda: keeper.joined() and keeper.left())
        await keeper.restart()
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == (["Cy"], ["Bo"])


async def test_a_room_that_is_seen_for_the_first_time_welcomes_nobody(gateway: Gateway, tmp_path: Path) -> None:
    for number in range(60):
        await gateway.new_contact(f"m{number}", f"Member {number}")
        await gateway.join(f"m{number}", told=False)
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.until(lambda: len(keeper.members(ROOM)) == 63)
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])


async def test_a_join_that_is_told_is_not_found_as_well(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await gateway.join("cy")
        await keeper.remembers(ROOM, "bot", "ann", "bo", "cy")
        await keeper.rounds()
        await gateway.leave("cy")
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await keeper.rounds()
        await keeper.restart()
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == (["Cy"], ["Cy"])


async def test_a_join_that_was_found_first_is_not_told_as_well(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        came = (await keeper.said("ann")).at.timestamp()
        await gateway.join("cy", told=False)
        await keeper.until(lambda: keeper.joined() == ["Cy"])
        event = {"roomId": ROOM, "inviteeIdList": ["cy"], "inviterId": "ann", "timestamp": int(came * 1000)}
        await gateway.emit("room-join", event)
        await keeper.rounds()
        assert keeper.joined() == ["Cy"]


async def test_a_join_that_is_told_before_the_first_look_is_not_found_as_well(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await keeper.stop()
        await gateway.slow("roomMemberList", 1_000, times=5)
        await keeper.start()
        await gateway.join("cy")
        await keeper.until(lambda: keeper.joined() == ["Cy"])
        keeper.ahead += 10_000
        await keeper.rounds(6)
        assert keeper.joined() == ["Cy"]


async def test_leaves_that_a_puppet_never_tells_are_found(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await gateway.leave("bo", told=False)
        await keeper.until(lambda: keeper.left() == ["Bo"])
        await gateway.join("bo")
        await keeper.until(lambda: keeper.joined() == ["Bo"])
        await gateway.leave("bo", told=False)
        await keeper.until(lambda: keeper.left() == ["Bo", "Bo"])


async def test_a_list_that_comes_back_empty_or_tiny_removes_nobody(
    private_gateway: Callable[..., Gateway], tmp_path: Path
) -> None:
    gateway = private_gateway()
    await gateway.start()
    crowd = [f"m{number}" for number in range(20)]
    for who in crowd:
        await gateway.new_contact(who, who)
        await gateway.join(who, told=False)
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo", *crowd)
        await gateway.kill()
        keeper.held = keeper.clock()
        await gateway.start()  # it knows of three members, as a puppet that is not ready
        await keeper.until(lambda: keeper.adapter._roster.doubted == {ROOM})
        for who in crowd:
            await gateway.new_contact(who, who)
            await gateway.join(who, told=False)
        keeper.held = None
        await keeper.until(lambda: not keeper.adapter._roster.doubted)
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])
        await keeper.remembers(ROOM, "bot", "ann", "bo", *crowd)


async def test_only_the_rooms_that_are_kept_are_looked_at(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await keeper.rounds()
        assert {source for source, _ in keeper.written} == {f"wx:roster:{ROOM}"}
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(OTHER_ROOM, "bot", "ann")


async def test_what_does_not_change_is_not_written_again(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await keeper.rounds()
        await keeper.restart()
        await keeper.rounds()
        assert len(keeper.written) == 1


async def test_a_group_is_examined_when_the_account_comes_into_it(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await gateway.leave("bot", by="ann")
        await keeper.until(lambda: keeper.examined == [f"wx:{ROOM}"])

        await gateway.join("cy", told=False)
        await gateway.join("bot", by="ann")
        await keeper.until(lambda: keeper.examined == [f"wx:{ROOM}"] * 2)
        await keeper.remembers(ROOM, "bot", "ann", "bo", "cy")
        await keeper.rounds()
        assert (keeper.joined(), keeper.left()) == ([], [])


async def test_ten_joins_into_a_large_room_cost_no_hundreds_of_questions(gateway: Gateway, tmp_path: Path) -> None:
    for number in range(200):
        await gateway.new_contact(f"m{number}", f"Member {number}")
        await gateway.join(f"m{number}", told=False)
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.until(lambda: len(keeper.members(ROOM)) == 203)
        before = await gateway.queries()
        for number in range(10):
            await gateway.new_contact(f"new{number}", f"Newcomer {number}")
            await gateway.join(f"new{number}")
        await keeper.until(lambda: len(keeper.joined()) == 10)
        after = await gateway.queries()
        asked = {name: after[name] - before.get(name, 0) for name in after}
        assert asked["contactPayload"] <= 10 + 1
        assert asked.get("roomMemberPayload", 0) == 0


async def test_new_names_of_rooms_and_people_are_in_what_comes_after(gateway: Gateway, tmp_path: Path) -> None:
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        before = await keeper.said("ann")
        assert (before.group.name, before.message.author.name) == ("Reading", "Ann")
        await gateway.rename("Reading aloud")
        await gateway.rename_contact("ann", "Ann the Second")
        after = await keeper.said("ann")
        assert (after.group.name, after.message.author.name) == ("Reading aloud", "Ann the Second")
        await gateway.alias("ann", "Ann of the library")
        assert (await keeper.said("ann")).message.author.name == "Ann of the library"


async def test_a_join_that_could_not_be_kept_before_the_adapter_broke_down_is_found(
    gateway: Gateway, tmp_path: Path
) -> None:
    async with Keeper(gateway, tmp_path, groups=[ROOM]) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        keeper.full = True
        await gateway.join("cy")
        await keeper.remembers(ROOM, "bot", "ann", "bo", "cy")
        await keeper.begin_anew()
        keeper.full = False
        keeper.ahead += 10_000
        await keeper.until(lambda: keeper.joined() == ["Cy"])
        await keeper.rounds()
        assert keeper.joined() == ["Cy"]


async def test_a_newcomer_of_a_members_name_is_not_taken_for_that_member(gateway: Gateway, tmp_path: Path) -> None:
    await gateway.new_contact("bo2", "Bo")
    async with Keeper(gateway, tmp_path) as keeper:
        await keeper.remembers(ROOM, "bot", "ann", "bo")
        await gateway.raw("bot", 0, text='"Ann"邀请"Bo"加入了群聊')  # before the list of members knows
        later = await gateway.say("ann", "welcome")
        await keeper.until(lambda: f"wx:{later}" in keeper.kept)
        await gateway.join("bo2", told=False)
        await keeper.remembers(ROOM, "bot", "ann", "bo", "bo2")
        await keeper.rounds()
        joined = [event.member.id for event in keeper.kept.values() if isinstance(event, MemberJoined)]
        assert joined == ["wx:bo2"]


async def test_a_puppet_that_cannot_list_its_rooms_is_told_of_once(gateway: Gateway, tmp_path: Path) -> None:
    await gateway.fail("roomList", "the puppet could not", times=10)
    with capture_logs() as logged:
        async with Keeper(gateway, tmp_path) as keeper:
            await keeper.remembers(ROOM, "bot", "ann", "bo")
    assert len([line for line in logged if line["event"] == "wechaty_roster_later"]) == 1
