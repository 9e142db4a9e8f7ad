"""What a real gateway gives of all sorts of messages, as the bot takes it in."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import segno

from bot.pictures.looking import look_at
from rules.events import MemberJoined
from rules.values import File, Link, Media, MediaKind, Mention
from tests.wechaty.mock_wechat import (
    CONTACT,
    HISTORY,
    LINK,
    RECALLED,
    ROOM,
    TEXT,
    Gateway,
)
from tests.wechaty.taken_in import TakenIn, taken_in
from tests.wechaty.wechat_xml import appmsg, item, patted, record, refer, revoked

UNKNOWN = 0
DASHES = "- - - - - - - - - - - - - - -"


def poster() -> bytes:
    picture = io.BytesIO()
    segno.make("https://casino.example/join").save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


async def view(wx: TakenIn, id_: str) -> File:
    (media,) = (await wx.message(id_)).media
    assert media.view is not None
    return media.view


@pytest.mark.parametrize("as_file", [False, True])
async def test_a_poster_is_fetched_and_its_code_read(as_file: bool, gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        post = gateway.file if as_file else gateway.image
        id_ = await post("ann", poster(), name="poster.png")
        data = await wx.adapter.fetch(await view(wx, id_), 10_000_000)
    assert data == poster()
    assert look_at(data).codes == ("https://casino.example/join",)


async def test_mentions_are_told_by_the_puppet_or_found_by_name(gateway: Gateway) -> None:
    await gateway.alias("bo", "阿波")
    async with taken_in(gateway) as wx:
        told = await wx.message(await gateway.say("ann", "在吗", mentions=["bot", "bo"]))
        assert told.mentions == (Mention("@Bot", "wx:bot"), Mention("@阿波", "wx:bo"))
        by_name = await wx.message(await gateway.say("ann", "@阿波\u2005@Ann 在吗"))
        assert by_name.mentions == (Mention("@阿波", "wx:bo"), Mention("@Ann", "wx:ann"))
        assert by_name.text == "@阿波\u2005@Ann 在吗"


async def test_a_plain_text_asks_for_nobody_else(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        await wx.message(await gateway.say("ann", "first"))
        before = await gateway.queries()
        await wx.message(await gateway.say("ann", "second, to a@b.example"))
        after = await gateway.queries()
    asked = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    assert asked == {"messagePayload": 1}


async def test_whom_the_whole_room_is_listed_for_is_nobody_in_particular(gateway: Gateway) -> None:
    people = [f"p{number}" for number in range(30)]
    for who in people:
        await gateway.new_contact(who, who.upper())
    await gateway.new_room("r3@chatroom", "Large", ["bot", "ann", *people])
    async with taken_in(gateway) as wx:
        id_ = await gateway.raw("ann", TEXT, text="@所有人 今晚读书", room="r3@chatroom", mentions=[*people, "bot"])
        everybody = await wx.message(id_)
        id_ = await gateway.raw("ann", TEXT, text="看这里", room="r3@chatroom", mentions=people[:25])
        many = await wx.message(id_)
    assert everybody.mentions == (Mention("@所有人"),)
    assert len(many.mentions) == 25


async def test_an_answer_finds_what_it_quotes_also_of_the_bots_own(gateway: Gateway) -> None:
    await gateway.alias("ann", "小安")
    async with taken_in(gateway) as wx:
        asked = await gateway.raw("bot", TEXT, text="今天读什么？")
        said = await gateway.say("ann", "三体")
        await wx.message(said)
        by_words = await wx.message(await gateway.say("bo", f"「小安：三体」\n{DASHES}\n/warn"))
        own = await wx.message(await gateway.say("bo", f"「Bot：今天读什么？」\n{DASHES}\n三体"))
        xml = refer("好", "三体", svrid=said, by="ann", sender="bo")
        by_id = await wx.message(await gateway.raw("bo", UNKNOWN, text=xml))
        unseen = refer("好", "从前的话", svrid="1234567890", by="ann")
        before = await wx.message(await gateway.raw("bo", UNKNOWN, text=unseen))
    assert (by_words.text, by_words.quote, by_words.reply_to) == ("/warn", "三体", f"wx:{ROOM}/{said}")
    assert by_words.reply_to_author is not None
    assert (by_words.reply_to_author.id, by_words.reply_to_author.name) == ("wx:ann", "小安")
    assert own.reply_to == f"wx:{ROOM}/{asked}"
    assert f"wx:{asked}" not in wx.events
    assert (by_id.text, by_id.reply_to) == ("好", f"wx:{ROOM}/{said}")
    assert before.reply_to_author is not None
    assert (before.reply_to_author.name, before.quote) == ("小安", "从前的话")


async def test_cards_are_read_by_the_puppet_or_by_their_xml(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        given = await wx.message(await gateway.link("ann", "一篇文章", "https://mp.example/x", description="关于书"))
        xml = appmsg(5, title="另一篇", url="https://mp.example/y", sender="ann")
        written = await wx.message(await gateway.raw("ann", LINK, text=xml))
        program = await wx.message(await gateway.mini_program("ann", "点开领书", description="拼书"))
        card = await wx.message(await gateway.card("ann", "cy"))
        nothing = await wx.message(await gateway.raw("ann", CONTACT, text=""))
    assert given.media == (Media(MediaKind.CARD, text="一篇文章\n关于书"),)
    assert given.links == (Link("https://mp.example/x", "一篇文章"),)
    assert written.links == (Link("https://mp.example/y", "另一篇"),)
    assert program.media == (Media(MediaKind.MINI_PROGRAM, text="点开领书\n拼书"),)
    assert card.media == (Media(MediaKind.CONTACT, text="Cy"),)
    assert nothing.media == (Media(MediaKind.CONTACT),)


async def test_a_passed_on_talk_is_read(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        message = await wx.message(await gateway.raw("ann", HISTORY, text=record(item("Cy", "加微信 abc12345"))))
    assert message.media[0].text is not None
    assert "Cy: 加微信 abc12345" in message.media[0].text


async def test_what_is_taken_back_is_told_with_its_words(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        said = await gateway.say("ann", "加微信 abc12345")
        await wx.message(said)
        recall = await wx.message(await gateway.recall(said))
        other = await gateway.say("bo", "oops")
        await wx.message(other)
        xml = await wx.message(await gateway.raw("bo", RECALLED, text=revoked(other, '"Bo" 撤回了一条消息')))
    assert recall.media == (Media(MediaKind.RECALL, text="加微信 abc12345"),)
    assert (recall.author.id, recall.reply_to) == ("wx:ann", f"wx:{ROOM}/{said}")
    assert (xml.author.id, xml.media[0].text) == ("wx:bo", "oops")


async def test_lines_are_told_as_lines_though_a_puppet_calls_them_the_bots(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        pat = patted("ann", "bo", '"${ann}" 拍了拍 "${bo}"')
        poke = await wx.message(await gateway.raw("bo", RECALLED, text=pat))
        renamed = await wx.message(await gateway.raw("bot", UNKNOWN, text='"Ann"修改群名为“读书会”'))
        own = await gateway.raw("bot", UNKNOWN, text="")
        await wx.message(await gateway.say("ann", "after"))
    assert poke.media == (Media(MediaKind.NUDGE, text='"Ann" 拍了拍 "Bo"'),)
    assert poke.author.id == "wx:ann"
    assert renamed.media[0].kind is MediaKind.SYSTEM
    assert renamed.author.id == "wx:system"
    assert f"wx:{own}" not in wx.events


async def test_a_join_that_only_a_line_tells_is_a_join(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        await wx.message(await gateway.say("ann", "before"))
        await gateway.join("cy", told=False)
        at = 1_788_500_000
        await gateway.raw("bot", UNKNOWN, text='"Ann"邀请"Cy"加入了群聊', at=at, seconds=True)
        joined = await wx.event(f"wx:join:{ROOM}:cy:{at}")
        await wx.message(await gateway.say("ann", "after"))
    assert isinstance(joined, MemberJoined)
    assert (joined.member.name, joined.inviter.name if joined.inviter else None) == ("Cy", "Ann")
    assert [event.id for event in wx.events.values() if isinstance(event, MemberJoined)] == [joined.id]


async def test_a_join_that_both_tell_is_one(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        await gateway.join("cy")
        await gateway.raw("bot", UNKNOWN, text='"Ann"邀请"Cy"加入了群聊')
        await wx.message(await gateway.say("cy", "hello"))
    assert len([event for event in wx.events.values() if isinstance(event, MemberJoined)]) == 1


async def test_official_accounts_and_wechats_own_are_not_heard_alone(gateway: Gateway) -> None:
    await gateway.new_contact("gh_12ab", "News", friend=True)
    await gateway.new_contact("weixin", "微信团队", friend=True)
    async with taken_in(gateway) as wx:
        unheard = [await gateway.say(who, "read this", alone=True) for who in ("gh_12ab", "weixin")]
        await wx.message(await gateway.say("sam", "hello", alone=True))
    assert [id_ for id_ in unheard if f"wx:{id_}" in wx.events] == []


async def test_people_of_wecom_are_people(gateway: Gateway) -> None:
    await gateway.contact_type("ann", 3)
    await gateway.contact_type("sam", 2)
    async with taken_in(gateway) as wx:
        unheard = await gateway.say("sam", "read this", alone=True)
        alone = await wx.message(await gateway.say("ann", "hello", alone=True))
        together = await wx.message(await gateway.say("ann", "hello"))
    assert (alone.author.is_bot, together.author.is_bot) == (False, False)
    assert f"wx:{unheard}" not in wx.events


async def test_times_are_read_in_seconds_and_in_milliseconds_and_never_ahead(gateway: Gateway) -> None:
    async with taken_in(gateway) as wx:
        at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        for seconds in (True, False):
            message = await wx.message(await gateway.say("ann", "hello", at=at.timestamp(), seconds=seconds))
            assert message.at == at
        ahead = await wx.message(await gateway.say("ann", "hello", at=datetime(2090, 1, 1, tzinfo=UTC).timestamp()))
    assert ahead.at is not None
    assert ahead.at < datetime.now(UTC) + timedelta(minutes=1)  # noqa: TID251 - beside a real gateway
