"""What people do, and what a bot hears of it."""

from typing import Any

import pytest

from adapters.botapi import NotAllowed


async def test_privacy_mode_hides_what_is_not_for_the_bot(scene: Any) -> None:
    scene.people.demote(scene.olga, scene.bot, scene.group)
    mine = await scene.do("sendMessage", chat_id=scene.group.id, text="Ask me")
    await scene.updates()
    scene.people.say(scene.bo, scene.group, "just talk")
    scene.people.say(scene.bo, scene.group, "/help")
    scene.people.say(scene.bo, scene.group, "/help@other_bot")
    scene.people.say(scene.bo, scene.group, "hey @keeper_bot")
    scene.people.say(scene.bo, scene.group, "yes", reply_to=scene.group.messages[mine["message_id"]])
    heard = [one["message"]["text"] for one in await scene.updates()]
    assert heard == ["/help", "hey @keeper_bot", "yes"]


async def test_without_privacy_mode_a_member_bot_hears_all(scene: Any) -> None:
    scene.bot.reads_all = True
    scene.people.demote(scene.olga, scene.bot, scene.group)
    await scene.updates()
    scene.people.say(scene.bo, scene.group, "just talk")
    assert await scene.kinds() == ["message"]
    assert (await scene.do("getMe"))["can_read_all_group_messages"] is True


async def test_who_is_not_there_cannot_talk(scene: Any) -> None:
    with pytest.raises(NotAllowed):
        scene.people.say(scene.people.person("Cy"), scene.group, "hello")


async def test_an_anonymous_administrator_speaks_as_the_group(scene: Any) -> None:
    scene.people.be_anonymous(scene.olga, scene.group, title="Boss")
    await scene.updates()
    scene.people.say_anonymously(scene.olga, scene.group, "quiet please")
    (update,) = await scene.updates()
    told = update["message"]
    assert (told["from"]["id"], told["sender_chat"]["id"], told["author_signature"]) == (
        1087968824,
        scene.group.id,
        "Boss",
    )


async def test_a_channel_speaks_in_a_group(scene: Any) -> None:
    shop = scene.people.channel("Shop", username="shop")
    scene.people.say_as_channel(shop, scene.group, "buy")
    (update,) = await scene.updates()
    assert (update["message"]["from"]["id"], update["message"]["sender_chat"]["type"]) == (136817688, "channel")


async def test_a_post_is_forwarded_to_the_linked_group_and_commented_by_strangers(scene: Any) -> None:
    news = scene.people.channel("News", scene.olga)
    scene.people.link_channel(news, scene.group)
    post = scene.people.post(news, "Today: roses", signed=True)
    (update,) = await scene.updates()
    told = update["message"]
    assert told["is_automatic_forward"] is True
    assert (told["from"]["id"], told["sender_chat"]["id"]) == (777000, news.id)
    assert told["forward_origin"]["message_id"] == post.id
    stranger = scene.people.person("Sue")
    comment = scene.people.say(stranger, scene.group, "nice", reply_to=scene.people.automatic_forward_of(post))
    assert comment.body["message_thread_id"] == told["message_id"]
    assert await scene.kinds() == ["message"]
    assert (await scene.do("getChat", chat_id=scene.group.id))["linked_chat_id"] == news.id


async def test_a_bot_in_a_channel_gets_its_posts(scene: Any) -> None:
    news = scene.people.channel("News", scene.olga)
    scene.people.add_bot_to(news, scene.bot, rights={"can_manage_chat", "can_post_messages", "can_delete_messages"})
    await scene.updates()
    post = scene.people.post(news, "one")
    scene.people.edit_post(post, "two")
    first, second = await scene.updates()
    assert first["channel_post"]["text"] == "one"
    assert second["edited_channel_post"]["text"] == "two"
    assert "from" not in await scene.do("sendMessage", chat_id=news.id, text="mine")
    assert await scene.updates() == []


async def test_topics_have_a_thread_and_general_has_none(scene: Any) -> None:
    forum = scene.people.group("Forum", scene.olga, forum=True, members=[scene.bo])
    scene.people.add_bot_to(forum, scene.bot)
    await scene.updates()
    roses = scene.people.topic(forum, "Roses", scene.olga)
    scene.people.say(scene.bo, forum, "in general")
    scene.people.say(scene.bo, forum, "red ones", topic=roses.id)
    created, general, red = [one["message"] for one in await scene.updates()]
    assert created["forum_topic_created"]["name"] == "Roses"
    assert "message_thread_id" not in general
    assert (red["message_thread_id"], red["is_topic_message"]) == (roses.id, True)
    assert red["reply_to_message"]["forum_topic_created"]["name"] == "Roses"
    sent = await scene.do("sendMessage", chat_id=forum.id, message_thread_id=roses.id, text="lovely")
    assert sent["message_thread_id"] == roses.id
    assert await scene.refused("sendMessage", chat_id=forum.id, message_thread_id=1, text="x") == (
        "Bad Request: message thread not found"
    )
    answer = await scene.do(
        "sendMessage", chat_id=forum.id, text="re", reply_parameters={"message_id": red["message_id"]}
    )
    assert answer["message_thread_id"] == roses.id


async def test_a_closed_topic_is_closed_to_members(scene: Any) -> None:
    forum = scene.people.group("Forum", scene.olga, forum=True, members=[scene.bo])
    scene.people.add_bot_to(forum, scene.bot)
    roses = scene.people.topic(forum, "Roses", scene.olga)
    scene.people.close_topic(forum, roses.id, scene.olga)
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, forum, "still?", topic=roses.id)
    assert await scene.refused("sendMessage", chat_id=forum.id, message_thread_id=roses.id, text="x") == (
        "Bad Request: TOPIC_CLOSED"
    )


async def test_a_group_that_is_upgraded_has_another_id(scene: Any) -> None:
    small = scene.people.group("Small", scene.olga, kind="group", members=[scene.bo])
    scene.people.add_bot_to(small, scene.bot)
    await scene.updates()
    new = scene.people.migrate(small)
    first, second = [one["message"] for one in await scene.updates()]
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (small.id, new.id)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new.id, small.id)
    answer = await scene.call("sendMessage", chat_id=small.id, text="where is everybody?")
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert (await scene.do("sendMessage", chat_id=new.id, text="here"))["message_id"] == 2
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, small, "too late")


async def test_forwards_have_four_kinds_of_origin(scene: Any) -> None:
    hidden = scene.people.person("Hid", last_name="Den")
    elsewhere = scene.people.group("Elsewhere", scene.olga, members=[hidden, scene.bo])
    scene.people.hide_forwards(hidden)
    channel = scene.people.channel("News", scene.olga)
    for message in (
        scene.people.say(scene.bo, elsewhere, "open"),
        scene.people.say(hidden, elsewhere, "hidden"),
        scene.people.say_anonymously(scene.olga, elsewhere, "group"),
        scene.people.post(channel, "post"),
    ):
        scene.people.forward(scene.bo, scene.group, message)
    told = [one["message"]["forward_origin"]["type"] for one in await scene.updates()]
    assert told == ["user", "hidden_user", "chat", "channel"]


async def test_where_ads_hide_is_told(scene: Any) -> None:
    channel = scene.people.channel("Shop", username="shop")
    other = scene.people.post(channel, "the real ad")
    first = scene.people.say(scene.bo, scene.group, "roses and thorns")
    scene.people.say(scene.bo, scene.group, "see", reply_to=first, quote="thorns")
    scene.people.say(scene.bo, scene.group, "look", external_reply=scene.people.external_reply(other), quote="real ad")
    inline = scene.people.person("Inline")
    scene.people.say(
        scene.bo, scene.group, "tap", via_bot=inline, buttons=[[{"text": "Win", "url": "https://x.example"}]]
    )
    scene.people.contact(scene.bo, scene.group, "+49123456", "Cheap", last_name="Loans")
    scene.people.story(scene.bo, scene.group, channel)
    scene.people.poll(scene.bo, scene.group, "Rich?", ["yes", "x.example"], description="more at x.example")
    told = [one["message"] for one in await scene.updates()][1:]
    assert told[0]["quote"] == {"text": "thorns", "position": 10, "is_manual": True}
    assert told[1]["external_reply"]["chat"]["id"] == channel.id
    assert told[2]["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://x.example"
    assert told[3]["contact"]["last_name"] == "Loans"
    assert told[4]["story"]["chat"]["id"] == channel.id
    assert told[5]["poll"]["description"] == "more at x.example"


async def test_what_nobody_knows_yet_arrives_as_it_is(scene: Any) -> None:
    scene.people.unknown(scene.bo, scene.group, {"hologram": {"id": 1}})
    (update,) = await scene.do("getUpdates")
    assert update["message"]["hologram"] == {"id": 1}
    scene.people.raw(scene.bot, {"message": 7})
    assert (await scene.do("getUpdates"))[1] == {"update_id": update["update_id"] + 1, "message": 7}


async def test_a_deleted_account_has_no_name(scene: Any) -> None:
    scene.people.delete_account(scene.bo)
    told = await scene.do("getChatMember", chat_id=scene.group.id, user_id=scene.bo.id)
    assert told["user"] == {"id": scene.bo.id, "is_bot": False, "first_name": ""}


async def test_slow_mode_holds_people_back(scene: Any) -> None:
    scene.group.slow_mode = 30
    scene.people.say(scene.bo, scene.group, "one")
    with pytest.raises(NotAllowed):
        scene.people.say(scene.bo, scene.group, "two")
    scene.world.clock.advance(30)
    scene.people.say(scene.bo, scene.group, "three")
