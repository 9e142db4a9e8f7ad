"""The gateway of 2021 does what tests of the adapter need of it, on its own wire format."""

import base64
import json
from collections.abc import Callable

import pytest
from grpclib.exceptions import GRPCError

from tests.wechaty.mock_wechat import ROOM, TEXT, Gateway
from tests.wechaty.raw_client import raw_client


async def test_the_old_gateway_tells_of_messages_and_joins(old_gateway: Gateway) -> None:
    async with raw_client(old_gateway) as client:
        assert (await client.next("login"))["contactId"] == "bot"
        said = await old_gateway.say("ann", "hello", mentions=["bot"])
        assert (await client.next("message"))["messageId"] == said
        payload = await client.rpc.message_payload(id=said)
        assert (payload.from_id, payload.room_id, int(payload.type)) == ("ann", ROOM, TEXT)
        assert (payload.text, payload.mention_ids) == ("@Bot\u2005hello", ["bot"])
        await old_gateway.join("cy", by="bo")
        joined = await client.next("room_join")
        assert (joined["inviteeIdList"], joined["inviterId"]) == (["cy"], "bo")


async def test_the_old_gateway_does_what_the_bot_asks(old_gateway: Gateway) -> None:
    async with raw_client(old_gateway) as client:
        sent = await client.rpc.message_send_text(conversation_id=ROOM, text="one", mentonal_ids=["ann"])
        await client.rpc.room_topic(id=ROOM, topic="Reading aloud")
        await client.rpc.room_announce(id=ROOM, text="We meet at eight")
        await client.rpc.room_del(id=ROOM, contact_id="bo")
        await old_gateway.settled()
        assert old_gateway.texts() == ["one"]
        assert old_gateway.calls("messageSendText")[0].result == sent.id
        assert (old_gateway.topic(), old_gateway.announcement()) == ("Reading aloud", "We meet at eight")
        assert old_gateway.members() == ["bot", "ann"]
        await old_gateway.fail("roomDel", "操作过于频繁")
        with pytest.raises(GRPCError, match="操作过于频繁"):
            await client.rpc.room_del(id=ROOM, contact_id="ann")


async def test_the_old_gateway_hands_out_files_and_comes_back_after_a_crash(
    private_gateway: Callable[..., Gateway],
) -> None:
    gateway = private_gateway(old=True)
    await gateway.start()
    async with raw_client(gateway):
        await gateway.kill()
    await gateway.start()
    async with raw_client(gateway) as client:
        large = bytes(range(256)) * 400  # the newer one would hand this out by Download
        picture = await gateway.image("ann", large)
        box = json.loads((await client.rpc.message_file(id=picture)).filebox)
        assert base64.b64decode(box["base64"]) == large
