"""What is said on WeChat, as the gateway gets it: mentions, parts, pictures, files, links."""

import pytest

from adapters.errors import OutcomeUnknown, Rejected
from rules import effects as fx
from rules.events import MessagePosted
from rules.values import Button
from tests.wechaty.mock_wechat import OTHER_ROOM, ROOM, Gateway
from tests.wechaty.speaker import Speaker, said, words, wx

AT = "\u2005"
PNG = b"\x89PNG\r\n\x1a\n picture"


async def test_a_mention_stands_where_the_text_names_somebody(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        texts = await bot.sent(
            said("Welcome, Ann! Bo helps you.", mentions=(wx("ann"), wx("bo")), mention_names=("Ann", "Bo"))
        )
    assert texts == [(f"Welcome, @Ann{AT}! @Bo{AT}helps you.", ["ann", "bo"])]


async def test_a_mention_uses_what_somebody_is_called_in_the_room(gateway: Gateway) -> None:
    await gateway.alias("ann", "群主小安")
    async with Speaker(gateway) as bot:
        texts = await bot.sent(said("你好 Ann", mentions=(wx("ann"),), mention_names=("Ann",)))
        assert texts == [(f"你好 @群主小安{AT}", ["ann"])]
        await gateway.alias("ann", "安安")
        await gateway.settled()
        elsewhere = fx.SendText(wx(OTHER_ROOM), words("hello"), mentions=(wx("ann"),), mention_names=("Ann",))
        assert (await bot.sent(elsewhere))[-1] == (f"@Ann{AT}hello", ["ann"])


async def test_an_at_sign_that_is_there_is_not_doubled_and_part_of_a_name_is_nobody(gateway: Gateway) -> None:
    await gateway.new_contact("al", "Al", friend=True)
    await gateway.join("al")
    people = {"mentions": (wx("al"),), "mention_names": ("Al",)}
    async with Speaker(gateway) as bot:
        assert (await bot.sent(said("Also @Al knows", **people)))[-1] == (f"Also @Al{AT}knows", ["al"])
        assert (await bot.sent(said("Also this", **people)))[-1] == (f"@Al{AT}Also this", ["al"])


async def test_the_longer_name_is_found_before_the_shorter_one_in_it(gateway: Gateway) -> None:
    await gateway.new_contact("li", "小李", friend=True)
    await gateway.new_contact("lim", "小李明", friend=True)
    async with Speaker(gateway) as bot:
        texts = await bot.sent(
            said("小李明和小李来了", mentions=(wx("li"), wx("lim")), mention_names=("小李", "小李明"))
        )
    assert [text for text, _ in texts] == [f"@小李明{AT}和@小李{AT}来了"]
    assert sorted(texts[0][1]) == ["li", "lim"]


async def test_where_a_mention_does_not_ring_it_is_text(gateway: Gateway) -> None:
    async with Speaker(gateway, puppet="wechat4u") as bot:
        await gateway.say("ann", "good morning")
        await bot.until(lambda: bot.intake.events)
        (posted,) = bot.intake.events
        assert isinstance(posted, MessagePosted)
        greeting = fx.SendText(
            posted.group.id, words("hello Ann"), mentions=(posted.message.author.id,), mention_names=("Ann",)
        )
        assert await bot.sent(greeting) == [(f"hello @Ann{AT}", [])]


async def test_an_answer_mentions_whom_it_answers(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        question = await gateway.say("bo", "when?")
        texts = await bot.sent(said("at eight", reply_to=wx(f"{ROOM}/{question}")))
        assert texts == [(f"@Bo{AT}at eight", ["bo"])]


async def test_an_answer_that_begins_with_their_name_says_it_once(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        question = await gateway.say("bo", "checking in")
        texts = await bot.sent(said("Bo, you have checked in today", reply_to=wx(f"{ROOM}/{question}")))
        assert texts == [(f"@Bo{AT}, you have checked in today", ["bo"])]
        texts = await bot.sent(said("Books for all", reply_to=wx(f"{ROOM}/{question}")))
        assert texts[-1] == (f"@Bo{AT}Books for all", ["bo"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("谢谢Bo，很高兴认识你！", f"谢谢@Bo{AT}，很高兴认识你！"),
        ("✅ Bo 打卡成功：连续第 1 天。", f"✅ @Bo{AT}打卡成功：连续第 1 天。"),
        ("Bo，今天已经打过卡啦！", f"@Bo{AT}今天已经打过卡啦！"),
        ("群规：Bo 也要看。", f"@Bo{AT}群规：Bo 也要看。"),
        ("这是最后一次请大家不要打扰Bo", f"@Bo{AT}这是最后一次请大家不要打扰Bo"),
    ],
)
async def test_an_answer_in_chinese_mentions_once_where_it_calls_them(gateway: Gateway, text: str, shown: str) -> None:
    async with Speaker(gateway) as bot:
        question = await gateway.say("bo", "打卡")
        assert await bot.sent(said(text, reply_to=wx(f"{ROOM}/{question}"))) == [(shown, ["bo"])]


async def test_in_private_nobody_is_mentioned(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        question = await gateway.say("ann", "when?", alone=True)
        answer = fx.SendText(
            wx("ann"),
            words("at eight, Ann"),
            reply_to=wx(f"ann/{question}"),
            mentions=(wx("ann"),),
            mention_names=("Ann",),
        )
        receipt = await bot.perform(answer)
        await gateway.settled()
    assert gateway.private_texts("ann") == ["at eight, Ann"]
    assert receipt.message is not None
    assert receipt.message.startswith("wx:ann/")


async def test_a_long_text_is_said_in_parts_each_with_those_whom_it_names(gateway: Gateway) -> None:
    paragraphs = [f"{number}. " + "读书。" * 300 for number in range(1, 4)]
    text = "\n\n".join([*paragraphs, "谢谢 Bo"])
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(said(text, mentions=(wx("bo"),), mention_names=("Bo",)))
        sent = await bot.calls("messageSendText")
    assert [call.args["text"] for call in sent] == [*paragraphs[:2], f"{paragraphs[2]}\n\n谢谢 @Bo{AT}"]
    assert [call.args["mentions"] for call in sent] == [[], [], ["bo"]]
    assert [receipt.message, *receipt.others] == [wx(f"{ROOM}/{call.result}") for call in sent]
    assert len(bot.pauses) == 2


async def test_a_paragraph_too_long_for_one_message_is_cut_where_a_sentence_ends(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        texts = [text for text, _ in await bot.sent(said("我们在读书，很高兴。" * 400))]
    assert "".join(texts) == "我们在读书，很高兴。" * 400
    assert all(text.endswith("。") for text in texts)


async def test_a_picture_goes_before_its_text_and_both_are_in_the_receipt(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(said("the cover", picture=fx.Picture(PNG)))
        (picture,), (text,) = await bot.calls("messageSendFile"), await bot.calls("messageSendText")
    assert (picture.data, picture.args["file"]["name"]) == (PNG, "picture.png")
    assert picture.number < text.number
    assert [receipt.message, *receipt.others] == [wx(f"{ROOM}/{call.result}") for call in (picture, text)]


async def test_a_captcha_is_drawn(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await bot.perform(said("write what you see", picture=fx.Picture(captcha="7K3M")))
        (picture,) = await bot.calls("messageSendFile")
    assert picture.data.startswith(b"\x89PNG")


async def test_what_buttons_would_do_is_written_below_unless_the_text_says_it(gateway: Gateway) -> None:
    buttons = (
        Button("The list", url="https://books.example/list"),
        Button("Join", data="/join 7"),
        Button("Leave", data="/leave 7"),
    )
    async with Speaker(gateway) as bot:
        texts = await bot.sent(said("Tonight. To join write /join 7", buttons=buttons))
    assert [text for text, _ in texts] == [
        "Tonight. To join write /join 7\nThe list: https://books.example/list\nLeave: /leave 7"
    ]


async def test_what_is_no_sign_is_not_sent(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        texts = await bot.sent(said("\x00a\x07b\ud800c\r\nd\te"))
    assert [text for text, _ in texts] == ["ab\ufffdc\nd\te"]


@pytest.mark.parametrize("text", ["", " \n ", "\x00"])
async def test_an_empty_text_is_refused_in_words(gateway: Gateway, text: str) -> None:
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="the text is empty"):
            await bot.perform(said(text))
        assert await bot.calls("messageSendText") == []


async def test_a_document_keeps_its_name_and_every_byte(gateway: Gateway) -> None:
    content = "\ufeff姓名,次数\r\n小明,3\r\n"
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(fx.SendDocument(wx(ROOM), "统计.csv", content))
        await bot.perform(fx.SendDocument(wx(ROOM), "mine.csv", content, member=wx("ann")))
        one, other = await bot.calls("messageSendFile")
    assert (one.args["to"], one.args["file"]["name"], one.data) == (ROOM, "统计.csv", content.encode())
    assert (other.args["to"], other.args["file"]["name"]) == ("ann", "mine.csv")
    assert receipt.message == wx(f"{ROOM}/{one.result}")


async def test_who_is_no_friend_is_not_written_to(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        with pytest.raises(Rejected, match="no friend"):
            await bot.perform(fx.SendPrivate(wx(ROOM), wx("cy"), words("psst")))
        with pytest.raises(Rejected, match="no friend"):
            await bot.perform(fx.SendDocument(wx(ROOM), "a.csv", "a", member=wx("cy")))
        assert gateway.calls() == []
        await gateway.befriend("cy")
        await bot.perform(fx.SendPrivate(wx(ROOM), wx("cy"), words("psst")))
        await gateway.settled()
    assert gateway.private_texts("cy") == ["psst"]


async def test_a_friend_who_removed_the_account_is_told_in_words_as_well(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("messageSendText", "对方开启了朋友验证，你还不是他（她）朋友")
        with pytest.raises(Rejected, match=r"no friend, or it is blocked .*朋友验证"):
            await bot.perform(fx.SendPrivate(wx(ROOM), wx("ann"), words("psst")))


async def test_a_puppet_that_tells_no_ids_says_it_once(gateway: Gateway) -> None:
    await gateway.no_ids()
    async with Speaker(gateway) as bot:
        receipt = await bot.perform(said("hello", picture=fx.Picture(PNG)))
        await gateway.settled()
    assert (receipt.message, receipt.others) == (None, ())
    assert gateway.texts() == ["hello"]


async def test_the_rest_of_a_text_that_is_refused_is_not_said_twice(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("messageSendText", "too fast")
        with pytest.raises(OutcomeUnknown, match="only 1 of 2 parts"):
            await bot.perform(said("the cover", picture=fx.Picture(PNG)))
        assert len(await bot.calls("messageSendFile")) == 1


async def test_the_rest_of_a_text_is_tried_again_while_nobody_is_logged_in(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("messageSendText", "not logged in", times=2)
        receipt = await bot.perform(said("the cover", picture=fx.Picture(PNG)))
        await gateway.settled()
    assert len(receipt.others) == 1
    assert gateway.texts() == ["the cover"]
    assert [pause for pause in bot.pauses if pause > 10] == [30, 30]


async def test_an_account_that_is_to_be_slower_does_not_try_again_at_once(gateway: Gateway) -> None:
    async with Speaker(gateway) as bot:
        await gateway.fail("messageSendText", "操作过于频繁，请稍后再试")
        with pytest.raises(OutcomeUnknown):
            await bot.perform(said("the cover", picture=fx.Picture(PNG)))
        assert len(await bot.calls("messageSendText")) == 1
