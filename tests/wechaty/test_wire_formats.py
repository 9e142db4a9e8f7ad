"""Every call in the wire formats of 1.x and of 2021: what is asked is understood, what is answered is read."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.calls import Calls
from adapters.wechaty.wire.channel import channel_to
from adapters.wechaty.wire.filebox import INLINE
from adapters.wechaty.wire.messages import (
    InvitationPayload,
    LinkPayload,
    LinkResponse,
    MessagePayload,
    MiniProgramPayload,
    MiniProgramResponse,
    Moment,
)
from tests.wechaty.listener import Listener
from tests.wechaty.mock_wechat import OTHER_ROOM, ROOM, TEXT, Gateway

BOTH = pytest.mark.parametrize("either", ["gateway", "old_gateway"], indirect=True)
NOON = 1_760_011_200
LARGE = 5_000_000


@pytest.fixture
def either(request: pytest.FixtureRequest) -> Gateway:
    found: Gateway = request.getfixturevalue(request.param)
    return found


@asynccontextmanager
async def calls_to(gateway: Gateway, *, patience: float = 20.0) -> AsyncIterator[Calls]:
    settings = WechatySettings(endpoint=gateway.endpoint, token=gateway.token, puppet="mock", tls="off")
    channel = channel_to(settings)
    try:
        yield Calls(channel, settings.token, patience)
    finally:
        channel.close()


@BOTH
async def test_what_is_said_and_done_arrives(either: Gateway) -> None:
    async with calls_to(either) as calls:
        sent = await calls.send_text(ROOM, "hello", ["ann"])
        await calls.announce(ROOM, "We meet at eight")
        await calls.rename(ROOM, "Reading aloud")
        await calls.remove(ROOM, "bo")
        await calls.add(OTHER_ROOM, "bo")
        assert await calls.recall(await calls.send_text(ROOM, "a slip") or "") is True
    await either.settled()
    assert either.texts() == ["hello"]
    said = either.calls("messageSendText")[0]
    assert (said.result, said.args["mentions"]) == (sent, ["ann"])
    assert (either.announcement(), either.topic()) == ("We meet at eight", "Reading aloud")
    assert either.members() == ["bot", "ann"]
    assert either.members(OTHER_ROOM) == ["bot", "ann", "bo"]


@BOTH
async def test_what_is_asked_is_told(either: Gateway) -> None:
    said = await either.say("ann", "hi", mentions=["bot"], at=NOON)
    async with calls_to(either) as calls:
        message = await calls.message(said)
        assert (message.from_id, message.room_id, message.type) == ("ann", ROOM, TEXT)
        assert (message.text, message.mention_ids) == ("@Bot\u2005hi", ["bot"])
        assert message.timestamp == NOON * 1000
        assert (await calls.room(ROOM)).topic == "Reading"
        assert set(await calls.rooms()) == {ROOM, OTHER_ROOM}
        assert set(await calls.members(ROOM)) == {"bot", "ann", "bo"}
        assert (await calls.contact("ann")).name == "Ann"
        await either.alias("ann", "Annie")
        assert (await calls.member(ROOM, "ann")).room_alias == "Annie"


@BOTH
async def test_cards_are_told_alike(either: Gateway) -> None:
    link = await either.link("ann", "Ten books", "https://books.example/", description="to read")
    program = await either.mini_program("ann", "Order lunch", appid="wx123", pagePath="pages/index")
    card = await either.card("ann", "cy")
    async with calls_to(either) as calls:
        told = await calls.link_card(link)
        assert told is not None
        assert (told["title"], told["url"]) == ("Ten books", "https://books.example/")
        told = await calls.mini_program(program)
        assert told is not None
        assert (told["title"], told["appid"], told["pagePath"]) == ("Order lunch", "wx123", "pages/index")
        assert await calls.card_of(card) == "cy"


@BOTH
async def test_requests_are_told_and_answered(either: Gateway) -> None:
    asked = await either.friend_request("cy", "let me in")
    invited = await either.room_invitation("sam", "r9@chatroom", "Elsewhere")
    async with calls_to(either) as calls:
        request = await calls.friendship(asked)
        assert (request.contact_id, request.hello) == ("cy", "let me in")
        invitation = await calls.invitation(invited)
        assert (invitation.inviter_id, invitation.topic) == ("sam", "Elsewhere")
        assert invitation.timestamp > NOON * 1000
        await calls.accept_friend(asked)
        await calls.accept_invitation(invited)
    await either.settled()
    assert "bot" in either.members("r9@chatroom")


@BOTH
async def test_files_go_up_and_down(either: Gateway) -> None:
    data = bytes(range(256)) * 400  # more than travels inside an answer of 1.x
    sent = await either.file("ann", data)
    image = await either.image("ann", data)
    async with calls_to(either) as calls:
        assert await calls.file(sent, LARGE) == data
        assert await calls.file(image, LARGE, picture=True) == data
        with pytest.raises(Rejected, match="larger than 1000 bytes"):
            await calls.file(sent, 1000)
        await calls.send_file(ROOM, "rota.csv", data)
    await either.settled()
    (up,) = either.calls("messageSendFile")
    assert (up.args["file"]["name"], up.data) == ("rota.csv", data)


async def test_a_file_that_is_too_large_for_one_message_goes_up_in_pieces(gateway: Gateway) -> None:
    data = b"groupkeeper" * (LARGE // 11)
    assert len(data) > INLINE
    async with calls_to(gateway) as calls:
        await calls.send_file(ROOM, "large.bin", data)
    await gateway.settled()
    (up,) = gateway.calls("messageSendFile")
    assert up.data == data


async def test_an_old_gateway_says_that_it_cannot_take_a_large_file(old_gateway: Gateway) -> None:
    async with calls_to(old_gateway) as calls:
        with pytest.raises(Rejected, match="cannot do that: it is too old"):
            await calls.send_file(ROOM, "large.bin", b"x" * LARGE)
        await calls.send_text(ROOM, "x")  # and goes on
    await old_gateway.settled()
    assert old_gateway.calls("messageSendFile") == []


@BOTH
async def test_what_the_puppet_says_no_to_is_told_without_its_program(either: Gateway) -> None:
    async with calls_to(either) as calls:
        with pytest.raises(Rejected) as caught:
            await calls.message("gone")
        assert str(caught.value) == "no message gone"
        with pytest.raises(Rejected, match="they are no friend of the account"):
            await calls.send_text("cy", "hello")
        await either.owner("ann")
        with pytest.raises(Rejected, match="neither owns nor keeps the group"):
            await calls.remove(ROOM, "bo")
        with pytest.raises(Rejected, match="4 MiB"):
            await calls.send_text(ROOM, "x" * LARGE)
    await either.settled()
    assert either.members() == ["bot", "ann", "bo"]


@BOTH
async def test_an_effect_that_was_not_answered_may_have_happened_and_a_question_is_asked_again(
    either: Gateway,
) -> None:
    async with calls_to(either, patience=1.0) as calls:
        await calls.alive()
        await either.hang("messageSendText", delivered=True)
        with pytest.raises(OutcomeUnknown, match="did not answer in time"):
            await calls.send_text(ROOM, "did it?")
        await either.hang("contactPayload")
        with pytest.raises(RetryLater, match="did not answer in time"):
            await calls.contact("cy")
    await either.fail("roomDel", "操作过于频繁，请稍后再试")
    async with calls_to(either) as calls:
        with pytest.raises(RetryLater, match="操作过于频繁") as busy:
            await calls.remove(ROOM, "bo")
        assert busy.value.whole_platform
        await either.fail("roomDel", "TimeoutPromise timeout after 15000 ms")
        with pytest.raises(OutcomeUnknown):
            await calls.remove(ROOM, "bo")


async def test_what_never_left_did_not_happen(private_gateway: object) -> None:
    gateway: Gateway = private_gateway()  # type: ignore[operator]
    async with calls_to(gateway) as calls:
        with pytest.raises(RetryLater, match="nothing listens"):
            await calls.send_text(ROOM, "hello?")
    await gateway.start()
    async with calls_to(gateway) as calls:
        await calls.alive()
        await gateway.cut()
        with pytest.raises((RetryLater, OutcomeUnknown)):
            await calls.send_text(ROOM, "at the moment it breaks")
        with pytest.raises(RetryLater, match="lost"):
            await calls.send_text(ROOM, "after")
    await gateway.settled()
    assert gateway.texts() == []  # nothing went out over a connection of its own


async def test_a_token_is_never_repeated(gateway: Gateway) -> None:
    settings = WechatySettings(endpoint=gateway.endpoint, token="not-the-gateways", puppet="mock", tls="off")
    channel = channel_to(settings)
    with pytest.raises(RetryLater) as caught:
        await Calls(channel, settings.token).send_text(ROOM, "hello")
    channel.close()
    assert "not-the-gateways" not in str(caught.value)
    assert "not-the-gateways" not in repr(settings)


async def test_a_bot_on_an_old_gateway_knows_who_it_is_and_hears(old_gateway: Gateway) -> None:
    async with Listener(old_gateway, greeting=1.0) as listener:
        await listener.connected()
        await listener.until(lambda: listener.link.account == "bot")
        said = await old_gateway.say("ann", "hello")
        await listener.until(lambda: listener.messages == [said])
        await old_gateway.cut()
        await listener.until(lambda: listener.told == ["lost", "back"])
        again = await old_gateway.say("ann", "once more")
        await listener.until(lambda: listener.messages == [said, again])
        assert listener.link.account == "bot"


def test_what_gateways_will_say_without_the_old_fields_is_read_too() -> None:
    """1.x calls them deprecated; they may go any day."""
    moment = Moment(seconds=NOON, nanos=250_000_000)
    wire = bytes(MessagePayload(id="m", type=7, text="hi", from_id="ann", new_time=moment))
    assert MessagePayload().parse(wire).timestamp == NOON * 1000 + 250
    of_seconds = Moment(seconds=NOON // 1000, nanos=NOON % 1000 * 1_000_000)
    assert MessagePayload(new_time=of_seconds).timestamp == NOON
    assert MessagePayload().timestamp == 0
    assert InvitationPayload(new_time=moment).timestamp == NOON * 1000 + 250
    link = LinkResponse().parse(bytes(LinkResponse(new=LinkPayload(title="T", url="https://u", thumbnail_url="t"))))
    assert link.card == {"title": "T", "url": "https://u", "thumbnailUrl": "t"}
    program = MiniProgramResponse(new=MiniProgramPayload(title="T", page_path="p", appid="a"))
    assert MiniProgramResponse().parse(bytes(program)).card == {"title": "T", "pagePath": "p", "appid": "a"}
    assert LinkResponse(old=json.dumps({"title": "old"})).card == {"title": "old"}
    assert LinkResponse(old="no json").card is None
    assert LinkResponse().card is None
    odd = MessagePayload().parse(bytes(MessagePayload(id="m", type=99)))
    assert odd.type == 99
