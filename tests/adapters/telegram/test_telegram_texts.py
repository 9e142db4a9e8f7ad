"""What the bot says, over real HTTP to the simulated Bot API."""

from collections.abc import AsyncIterator

import pytest

from adapters.botapi.state import Chat
from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.telegram.splitting import units
from rules import effects as fx
from rules.text import Text
from rules.values import Button
from tests.adapters.telegram.stage import Stage, stage

MARKUP = "<b>5 < 6 & 7</b> *not bold* _nor this_ `x` [y](z) &amp; \\ {name}"


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    async with stage() as it:
        yield it


def private(on: Stage) -> Chat:
    return on.world.private(on.bot, on.bo)


@pytest.mark.parametrize("words", [MARKUP, "大家好 👩‍👩‍👧‍👦", "a\n\n  b"], ids=["markup", "emoji", "lines"])
async def test_words_are_said_letter_by_letter(on: Stage, words: str) -> None:
    receipt = await on.sender.perform(on.text(words))
    (said,) = on.said()
    assert said.text == words
    assert receipt.message == on.of(said)
    assert receipt.others == ()
    assert not [entity for entity in said.body.get("entities", ()) if entity["type"] in ("bold", "italic", "code")]


async def test_a_long_text_makes_several_messages_with_a_pause_between(on: Stage) -> None:
    words = "\n\n".join(f"{number} " + "好" * 2500 for number in range(3))
    message = on.people.say(on.bo, on.group, "tell me")
    buttons = (Button("More", data="more"),)
    receipt = await on.sender.perform(on.text(words, reply_to=on.of(message), buttons=buttons))
    first, second, third = on.said()
    assert (receipt.message, receipt.others) == (on.of(first), (on.of(second), on.of(third)))
    assert "".join(one.text for one in on.said()).split() == words.replace("\n\n", "").split()
    assert all(units(one.text) <= 4096 for one in on.said())
    assert on.waited == [1.0, 1.0]
    assert ["reply_to_message" in one.body for one in on.said()] == [True, False, False]
    assert ["reply_markup" in one.body for one in on.said()] == [False, False, True]


async def test_the_rest_of_a_long_text_is_waited_for(on: Stage) -> None:
    trouble = iter([True])

    def meanwhile() -> None:
        if next(trouble, False):
            on.server.faults.add("error", method="sendMessage", retry_after=7)

    on.meanwhile = meanwhile
    words = "a" * 5000
    receipt = await on.sender.perform(on.text(words))
    assert on.waited == [1.0, 7.0]
    assert len(receipt.others) == 1
    assert "".join(one.text for one in on.said()) == words


async def test_a_text_of_which_only_the_beginning_was_said_is_not_said_again(on: Stage) -> None:
    on.meanwhile = lambda: on.server.faults.add("error", method="sendMessage", code=400, description="CHAT_RESTRICTED")
    with pytest.raises(OutcomeUnknown, match="only 1 of 2"):
        await on.sender.perform(on.text("a" * 5000))


async def test_an_answer_to_what_is_gone_is_still_said(on: Stage) -> None:
    await on.sender.perform(on.text("as I said", reply_to=f"{on.here}/999"))
    await on.sender.perform(on.text("so I said", reply_to="telegram:-1/999"))
    assert [one.text for one in on.said()] == ["as I said", "so I said"]


async def test_an_answer_is_an_answer(on: Stage) -> None:
    question = on.people.say(on.bo, on.group, "who?")
    await on.sender.perform(on.text("me", reply_to=on.of(question)))
    assert on.said()[0].body["reply_to_message"]["message_id"] == question.id


async def test_addresses_in_notices_show_no_preview_and_those_in_announcements_do(on: Stage) -> None:
    await on.sender.perform(on.text("www.example.com"))
    await on.sender.perform(on.text("www.example.com", announcement=True))
    notice, announcement = on.calls("sendMessage")
    assert notice.args["link_preview_options"] == {"is_disabled": True}
    assert "link_preview_options" not in announcement.params


async def test_silence_is_asked_for_where_it_is_wanted(on: Stage) -> None:
    await on.sender.perform(on.text("shh", silent=True))
    await on.sender.perform(on.text("hear"))
    assert [call.params.get("disable_notification") for call in on.calls("sendMessage")] == [True, None]


@pytest.mark.parametrize(("topic", "thread"), [(None, None), ("", None), ("1", None), ("0", None)])
async def test_general_is_sent_to_without_a_thread(on: Stage, topic: str | None, thread: int | None) -> None:
    await on.sender.perform(on.text("hello", topic=topic))
    assert on.calls("sendMessage")[0].params.get("message_thread_id") == thread


async def test_a_topic_is_spoken_in(on: Stage) -> None:
    forum = on.people.group("Forum", on.ann, forum=True)
    on.people.add_bot_to(forum, on.bot)
    topic = on.people.topic(forum, "Books")
    await on.sender.perform(fx.SendText(on.of(forum), Text(literal="hi"), topic=str(topic.id)))
    assert on.said(forum)[-1].topic == topic.id


@pytest.mark.parametrize(("topic", "why"), [("77", "no such topic"), ("books", "is no topic")])
async def test_a_topic_that_is_not_there_is_named(on: Stage, topic: str, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        await on.sender.perform(on.text("hello", topic=topic))


async def test_people_without_a_user_name_are_pinged_by_the_names_in_the_text(on: Stage) -> None:
    words = "Welcome, Also and Al 😀, and Al!"
    other = on.world.add_user("Al")
    people = (on.of(on.bo), on.of(on.ann), on.of(other))
    await on.sender.perform(on.text(words, mentions=people, mention_names=("Al", "Al 😀", "Also")))
    (said,) = on.said()
    assert said.text == words
    assert [(mark["offset"], mark["length"], mark["user"]["id"]) for mark in said.body["entities"]] == [
        (9, 4, other.id),
        (18, 5, on.ann.id),
        (29, 2, on.bo.id),
    ]


async def test_who_is_not_named_is_pinged_by_an_unseen_sign(on: Stage) -> None:
    await on.sender.perform(on.text("Good morning", mentions=(on.of(on.bo), on.of(on.ann))))
    (said,) = on.said()
    assert said.text == "\u200b\u200bGood morning"
    assert [(mark["offset"], mark["length"], mark["user"]["id"]) for mark in said.body["entities"]] == [
        (0, 1, on.bo.id),
        (1, 1, on.ann.id),
    ]


async def test_names_are_found_in_the_part_in_which_they_stand(on: Stage) -> None:
    words = "a" * 4000 + "\n\n" + "b" * 200 + " Bo"
    await on.sender.perform(on.text(words, mentions=(on.of(on.bo),), mention_names=("Bo",)))
    first, second = on.said()
    assert "entities" not in first.body
    assert [(mark["type"], mark["offset"]) for mark in second.body["entities"]] == [("text_mention", 201)]


async def test_what_is_said_is_pinned_without_ringing_twice(on: Stage) -> None:
    receipt = await on.sender.perform(on.text("the rules", pin=True))
    assert [f"{on.here}/{number}" for number in on.group.pinned] == [receipt.message]
    assert on.calls("pinChatMessage")[0].params["disable_notification"] is True


async def test_what_cannot_be_pinned_is_said_all_the_same(on: Stage) -> None:
    on.people.add_bot_to(on.group, on.bot, rights=("can_delete_messages",))
    receipt = await on.sender.perform(on.text("the rules", pin=True))
    assert receipt.message == on.of(on.said()[0])
    assert on.group.pinned == []


async def test_buttons_stand_in_rows_that_can_be_read(on: Stage) -> None:
    labels = ["Undo", "Keep muted", "It was no ad", "Why?"]
    await on.sender.perform(on.text("muted", buttons=tuple(Button(label, data=f"/{label}") for label in labels)))
    rows = on.said()[0].body["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [["Undo", "Keep muted"], ["It was no ad", "Why?"]]


async def test_a_command_too_long_for_a_button_can_be_copied(on: Stage) -> None:
    command = "/forgive telegram:7777777777 读书会与植物观察小组和春天"
    assert len(command.encode()) > 64
    await on.sender.perform(
        on.text("muted", buttons=(Button("Forgive", data=command), Button("x", url="https://x.example")))
    )
    ((copied, link),) = on.said()[0].body["reply_markup"]["inline_keyboard"]
    assert copied == {"text": "Forgive", "copy_text": {"text": command}}
    assert link == {"text": "x", "url": "https://x.example"}


async def test_a_picture_stands_above_its_words(on: Stage) -> None:
    picture = fx.Picture(captcha="K7MPX")
    receipt = await on.sender.perform(
        on.text("Which letters, Bo?", picture=picture, mentions=(on.of(on.bo),), mention_names=("Bo",))
    )
    (said,) = on.said()
    assert said.body["caption"] == "Which letters, Bo?"
    assert said.body["caption_entities"][0]["type"] == "text_mention"
    kept = on.world.files[said.body["photo"][-1]["file_id"]]
    assert kept.data.startswith(b"\x89PNG")
    assert receipt.message == on.of(said)


async def test_bytes_are_sent_as_they_are(on: Stage) -> None:
    content = b"\xff\xd8 a photograph"
    await on.sender.perform(on.text("", picture=fx.Picture(content=content)))
    (said,) = on.said()
    assert on.world.files[said.body["photo"][-1]["file_id"]].data == content
    assert "caption" not in said.body


async def test_words_too_long_for_a_picture_follow_it(on: Stage) -> None:
    words = "a" * 1100
    receipt = await on.sender.perform(
        on.text(words, picture=fx.Picture(captcha="AB"), buttons=(Button("ok", data="ok"),))
    )
    picture, text = on.said()
    assert "caption" not in picture.body
    assert text.text == words
    assert "reply_markup" in text.body
    assert (receipt.message, receipt.others) == (on.of(picture), (on.of(text),))


async def test_something_is_said_to_one_member_alone(on: Stage) -> None:
    on.people.start(on.bo, on.bot)
    effect = fx.SendPrivate(on.here, on.of(on.bo), Text(literal="between us"), buttons=(Button("ok", data="ok"),))
    receipt = await on.sender.perform(effect)
    (said,) = on.said(private(on))
    assert said.text == "between us"
    assert receipt.message == f"telegram:{on.bo.id}/{said.id}"
    assert on.said() == []


async def test_who_never_wrote_to_the_bot_cannot_be_written_to(on: Stage) -> None:
    with pytest.raises(Rejected, match="never wrote to the bot"):
        await on.sender.perform(fx.SendPrivate(on.here, on.of(on.bo), Text(literal="hello?")))


async def test_who_blocked_the_bot_is_named(on: Stage) -> None:
    on.people.start(on.bo, on.bot)
    on.people.block(on.bo, on.bot)
    with pytest.raises(Rejected, match="has blocked the bot"):
        await on.sender.perform(fx.SendPrivate(on.here, on.of(on.bo), Text(literal="hello?")))


async def test_a_channel_cannot_be_written_to(on: Stage) -> None:
    with pytest.raises(Rejected, match="channel"):
        await on.sender.perform(fx.SendPrivate(on.here, "telegram:-1005", Text(literal="hello?")))


@pytest.mark.parametrize("alone", [True, False])
async def test_a_document_is_sent(on: Stage, alone: bool) -> None:
    on.people.start(on.bo, on.bot)
    effect = fx.SendDocument(on.here, "成员.csv", "name\n小明", on.of(on.bo) if alone else None)
    receipt = await on.sender.perform(effect)
    (said,) = on.said(private(on) if alone else None)
    kept = on.world.files[said.body["document"]["file_id"]]
    assert (kept.data.decode(), kept.name) == ("name\n小明", "成员.csv")
    assert receipt.message is not None


async def test_what_was_said_is_changed_and_changing_nothing_is_done(on: Stage) -> None:
    receipt = await on.sender.perform(on.text("Welcome, Ann"))
    assert receipt.message is not None
    edit = fx.EditText(
        on.here, receipt.message, Text(literal="Welcome, Ann, Bo"), mentions=(on.of(on.bo),), mention_names=("Bo",)
    )
    assert await on.sender.perform(edit) == receipt
    assert await on.sender.perform(edit) == receipt
    (said,) = on.said()
    assert said.text == "Welcome, Ann, Bo"
    assert said.body["entities"][0]["user"]["id"] == on.bo.id


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
async def test_the_words_below_a_picture_are_changed(on: Stage, told: bool) -> None:
    receipt = await on.sender.perform(on.text("one", picture=fx.Picture(captcha="AB")))
    assert receipt.message is not None
    await on.sender.perform(fx.EditText(on.here, receipt.message, Text(literal="two"), pictured=told))
    assert on.said()[0].body["caption"] == "two"


async def test_an_edit_too_long_for_one_message_is_cut(on: Stage) -> None:
    receipt = await on.sender.perform(on.text("short"))
    assert receipt.message is not None
    await on.sender.perform(fx.EditText(on.here, receipt.message, Text(literal="word " * 2000)))
    (said,) = on.said()
    assert said.text.endswith("word…")
    assert units(said.text) <= 4096


async def test_what_is_gone_cannot_be_changed(on: Stage) -> None:
    with pytest.raises(Rejected, match="is gone"):
        await on.sender.perform(fx.EditText(on.here, f"{on.here}/999", Text(literal="two")))


async def test_nothing_to_say_is_rejected_without_asking_telegram(on: Stage) -> None:
    with pytest.raises(Rejected, match="empty"):
        await on.sender.perform(on.text(" \n"))
    assert on.calls() == []


async def test_another_platforms_group_is_rejected(on: Stage) -> None:
    with pytest.raises(Rejected, match="not of the platform"):
        await on.sender.perform(fx.SendText("console:-1", Text(literal="hello")))
    assert on.calls() == []


async def test_an_unknown_group_is_rejected(on: Stage) -> None:
    with pytest.raises(Rejected, match="no such person or group"):
        await on.sender.perform(fx.SendText("telegram:-1009999", Text(literal="hello")))


async def test_a_removed_bot_is_told_what_to_tap(on: Stage) -> None:
    on.people.remove_bot(on.group, on.bot)
    with pytest.raises(Rejected, match="removed from this group; open the group"):
        await on.sender.perform(on.text("hello"))


async def test_a_group_that_moved_is_told_of_and_reached_at_its_new_number(on: Stage) -> None:
    old = on.people.group("Small", on.ann, kind="group")
    on.people.add_bot_to(old, on.bot)
    before = on.people.say(on.ann, old, "hello")
    new = on.people.migrate(old)
    effect = fx.SendText(on.of(old), Text(literal="hello"), reply_to=on.of(before))
    with pytest.raises(RetryLater):
        await on.sender.perform(effect)
    assert on.migrations == [(on.of(old), on.of(new))]
    receipt = await on.sender.perform(effect)
    assert receipt.message == on.of(on.said(new)[-1])
    with pytest.raises(Rejected, match="before the group became a supergroup"):
        await on.sender.perform(fx.DeleteMessage(on.of(old), on.of(before)))
    assert len(on.migrations) == 1
