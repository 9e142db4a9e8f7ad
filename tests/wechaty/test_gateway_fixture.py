"""The gateway that tests of the adapter stand on does what it says, seen by a client with nothing of ours in it."""

import asyncio
import base64
import json

import pytest
from grpclib.exceptions import GRPCError

from tests.wechaty.mock_wechat import IMAGE, OTHER_ROOM, RECALLED, ROOM, TEXT, Gateway
from tests.wechaty.raw_client import RawClient, raw_client


async def _send(client: RawClient, to: str, text: str, mentions: list[str] | None = None) -> None:
    await client.rpc.message_send_text(conversation_id=to, text=text, mentonal_ids=mentions or [])


async def test_what_people_say_comes_with_its_author_room_and_mentions(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        assert (await client.next("login"))["contactId"] == "bot"
        said = await gateway.say("ann", "hello", mentions=["bot"])
        event = await client.next("message")
        assert event["messageId"] == said
        payload = await client.rpc.message_payload(id=said)
        assert (payload.from_id, payload.room_id, int(payload.type)) == ("ann", ROOM, TEXT)
        assert payload.text == "@Bot\u2005hello"
        assert payload.mention_ids == ["bot"]
        assert payload.timestamp > 10**12

        alone = await gateway.say("bo", "psst", alone=True, at=1_700_000_000, seconds=True)
        payload = await client.rpc.message_payload(id=alone)
        assert (payload.from_id, payload.to_id, payload.room_id) == ("bo", "bot", "")
        assert payload.timestamp == 1_700_000_000


async def test_what_the_bot_says_is_recorded_until_it_is_recalled(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await _send(client, ROOM, "one", ["ann"])
        await _send(client, ROOM, "two")
        await _send(client, "ann", "just you")
        await gateway.settled()
        assert gateway.texts() == ["one", "two"]
        assert gateway.private_texts("ann") == ["just you"]
        first = gateway.calls("messageSendText")[0]
        assert first.args == {"to": ROOM, "text": "one", "mentions": ["ann"]}
        assert (await client.next("message"))["messageId"] == first.result  # an echo
        assert (await client.rpc.message_recall(id=first.result)).success
        await gateway.settled()
        assert gateway.texts() == ["two"]
        assert gateway.recalled() == [first.result]
        assert not (await client.rpc.message_recall(id="of somebody else")).success


async def test_only_friends_can_be_written_to(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        with pytest.raises(GRPCError, match="not friends"):
            await _send(client, "cy", "hello?")
        await gateway.settled()
        assert gateway.private_texts("cy") == []
        asked = await gateway.friend_request("cy", "let me in")
        assert (await client.next("friendship"))["friendshipId"] == asked
        request = await client.rpc.friendship_payload(id=asked)
        assert (request.contact_id, request.hello, int(request.type)) == ("cy", "let me in", 2)
        await client.rpc.friendship_accept(id=asked)
        accepted = await client.rpc.friendship_payload(id=(await client.next("friendship"))["friendshipId"])
        assert (accepted.contact_id, int(accepted.type)) == ("cy", 1)
        assert (await client.rpc.contact_payload(id="cy")).friend
        await _send(client, "cy", "hello")
        await gateway.settled()
        assert gateway.private_texts("cy") == ["hello"]


async def test_people_come_and_go_and_come_back(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await gateway.join("cy", by="bo")
        joined = await client.next("room_join")
        assert (joined["inviteeIdList"], joined["inviterId"], joined["roomId"]) == (["cy"], "bo", ROOM)
        assert (await client.rpc.room_member_payload(id=ROOM, member_id="cy")).name == "Cy"
        await client.rpc.room_del(id=ROOM, contact_id="cy")
        left = await client.next("room_leave")
        assert (left["removeeIdList"], left["removerId"]) == (["cy"], "bot")
        await gateway.settled()
        assert gateway.members() == ["bot", "ann", "bo"]
        assert list((await client.rpc.room_member_list(id=ROOM)).member_ids) == ["bot", "ann", "bo"]
        await gateway.join("cy")
        await gateway.leave("cy", told=False)
        await gateway.join("cy", told=False)
        await gateway.settled()
        assert gateway.members() == ["bot", "ann", "bo", "cy"]
        await client.rpc.room_add(id=OTHER_ROOM, contact_id="bo")
        await gateway.settled()
        assert gateway.members(OTHER_ROOM) == ["bot", "ann", "bo"]


async def test_only_the_owner_of_a_room_removes(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await gateway.owner("ann")
        with pytest.raises(GRPCError, match="only the room's owner"):
            await client.rpc.room_del(id=ROOM, contact_id="bo")
        await gateway.settled()
        assert gateway.members() == ["bot", "ann", "bo"]
        assert (await client.rpc.room_payload(id=ROOM)).owner_id == "ann"


async def test_cards_and_files_can_be_opened(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        picture = b"\x89PNG" + bytes(100)
        image = await gateway.image("ann", picture)
        assert int((await client.rpc.message_payload(id=image)).type) == IMAGE
        box = json.loads((await client.rpc.message_file(id=image)).filebox)
        assert base64.b64decode(box["base64"]) == picture
        assert json.loads((await client.rpc.message_image(id=image)).filebox)["name"] == "picture.png"
        large = await gateway.image("ann", bytes(100_000))
        assert "uuid" in json.loads((await client.rpc.message_file(id=large)).filebox)  # to be had by Download
        link = await gateway.link("ann", "A sale", "https://shop.example/")
        assert json.loads((await client.rpc.message_url(id=link)).url_link)["url"] == "https://shop.example/"
        program = await gateway.mini_program("ann", "Cut the price", appid="wx1")
        told = json.loads((await client.rpc.message_mini_program(id=program)).mini_program)
        assert told == {"title": "Cut the price", "appid": "wx1"}
        card = await gateway.card("ann", "cy")
        assert (await client.rpc.message_contact(id=card)).id == "cy"
        await gateway.recall(link)
        while (event := await client.next("message"))["messageId"] in (image, large, link, program, card):
            continue
        gone = await client.rpc.message_payload(id=event["messageId"])
        assert (int(gone.type), gone.text) == (RECALLED, link)


async def test_a_file_that_the_bot_sends_keeps_its_bytes(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        box = {
            "type": 1,
            "boxType": 1,
            "name": "code.png",
            "base64": base64.b64encode(b"pixels").decode(),
            "metadata": {},
        }
        await client.rpc.message_send_file(conversation_id="ann", filebox=json.dumps(box))
        await gateway.settled()
        sent = gateway.calls("messageSendFile")[0]
        assert (sent.data, sent.args["file"]["name"], sent.args["file"]["size"]) == (b"pixels", "code.png", 6)


async def test_calls_fail_hang_and_come_late_as_arranged(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await gateway.fail("roomDel", "操作过于频繁")
        with pytest.raises(GRPCError, match="操作过于频繁"):
            await client.rpc.room_del(id=ROOM, contact_id="bo")
        await gateway.settled()
        assert gateway.calls("roomDel")[0].error == "操作过于频繁"
        await client.rpc.room_del(id=ROOM, contact_id="bo")
        await gateway.settled()
        assert gateway.members() == ["bot", "ann"]

        await gateway.hang("messageSendText", delivered=True)
        hanging = asyncio.ensure_future(_send(client, ROOM, "into the void"))
        await gateway.until(lambda: gateway.calls("messageSendText"))
        await client.next("message")  # delivered all the same
        assert not hanging.done()
        await gateway.settled()
        await gateway.settled()
        assert not gateway.calls("messageSendText")[0].done
        assert gateway.texts() == ["into the void"]
        hanging.cancel()

        await gateway.no_ids()
        await gateway.slow("messageSendText", 1)
        await _send(client, ROOM, "late")
        await gateway.settled()
        assert gateway.texts() == ["into the void", "late"]


async def test_a_new_login_changes_every_id(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await client.next("login")
        await gateway.change_ids()
        assert (await client.next("logout"))["contactId"] == "bot"
        assert (await client.next("login"))["contactId"] == gateway.id("bot") != "bot"
        said = await client.rpc.message_payload(id=await gateway.say("ann", "still me"))
        assert (said.from_id, said.room_id) == (gateway.id("ann"), gateway.id(ROOM))
        assert said.from_id != "ann"
        assert (await client.rpc.contact_payload(id=said.from_id)).name == "Ann"
        await gateway.settled()
        assert gateway.members() == ["bot", "ann", "bo"]


async def test_an_invitation_can_be_accepted(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        asked = await gateway.room_invitation("ann", "r9@chatroom", "Chess")
        assert (await client.next("room_invite"))["roomInvitationId"] == asked
        told = await client.rpc.room_invitation_payload(id=asked)
        assert (told.inviter_id, told.topic) == ("ann", "Chess")
        await client.rpc.room_invitation_accept(id=asked)
        await gateway.settled()
        assert gateway.members("r9@chatroom") == ["ann", "bot"]


async def test_login_codes_errors_and_bursts_come_as_events(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await gateway.logout("kicked")
        assert (await client.next("logout"))["data"] == "kicked"
        await gateway.scan(2, "https://login.example/l/1")
        assert (await client.next("scan"))["qrcode"] == "https://login.example/l/1"
        await gateway.login()
        assert (await client.next("login"))["contactId"] == "bot"
        await gateway.error("the phone is offline")
        assert "the phone is offline" in json.dumps(await client.next("error"))
        sent = await gateway.burst("bo", 200)
        assert [(await client.next("message"))["messageId"] for _ in sent] == sent


async def test_a_reset_brings_everything_back(gateway: Gateway) -> None:
    async with raw_client(gateway) as client:
        await gateway.new_contact("dee", "Dee")
        await gateway.join("dee")
        await gateway.fail("messageSendText", times=5)
        await gateway.rename("Reading aloud")
        with pytest.raises(GRPCError):
            await _send(client, ROOM, "no")
    await gateway.reset()
    await gateway.settled()
    assert (gateway.members(), gateway.topic(), gateway.calls()) == (["bot", "ann", "bo"], "Reading", [])
    async with raw_client(gateway) as client:
        await _send(client, ROOM, "yes")
    await gateway.settled()
    assert gateway.texts() == ["yes"]


async def test_an_operation_that_cannot_be_says_why(gateway: Gateway) -> None:
    with pytest.raises(RuntimeError, match="ann is in the room already"):
        await gateway.join("ann")
    with pytest.raises(RuntimeError, match="nobody and no room is called nemo"):
        await gateway.say("nemo", "hello")
