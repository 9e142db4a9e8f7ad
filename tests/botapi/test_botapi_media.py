"""Pictures, files, albums, polls: as uploads and as ids."""

import json
from typing import Any

import aiohttp


async def _upload(scene: Any, method: str, files: dict[str, bytes], **params: Any) -> dict[str, Any]:
    form = aiohttp.FormData()
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, data in files.items():
        form.add_field(name, data, filename=f"{name}.png", content_type="image/png")
    async with scene.session.post(f"{scene.server.url}/bot{scene.bot.token}/{method}", data=form) as answer:
        body: dict[str, Any] = await answer.json()
        return body


async def test_a_picture_is_sent_found_and_sent_again_by_its_id(scene: Any) -> None:
    body = await _upload(
        scene, "sendPhoto", {"photo": b"pixels"}, chat_id=scene.group.id, caption="<i>rose</i>", parse_mode="HTML"
    )
    message = body["result"]
    assert (message["caption"], message["caption_entities"][0]["type"]) == ("rose", "italic")
    found = await scene.do("getFile", file_id=message["photo"][-1]["file_id"])
    async with scene.session.get(f"{scene.server.url}/file/bot{scene.bot.token}/{found['file_path']}") as answer:
        assert await answer.read() == b"pixels"
    again = await scene.do("sendPhoto", chat_id=scene.group.id, photo=message["photo"][-1]["file_id"])
    assert again["photo"][-1]["file_unique_id"] == message["photo"][-1]["file_unique_id"]


async def test_files_that_there_are_not(scene: Any) -> None:
    assert await scene.refused("sendPhoto", chat_id=scene.group.id, photo="nonsense") == (
        "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
    )
    assert await scene.refused("sendPhoto", chat_id=scene.group.id) == "Bad Request: there is no photo in the request"
    assert await scene.refused("getFile", file_id="nonsense") == "Bad Request: invalid file_id"
    async with scene.session.get(f"{scene.server.url}/file/bot{scene.bot.token}/photos/none.jpg") as answer:
        assert answer.status == 404


async def test_a_document_keeps_its_name(scene: Any) -> None:
    body = await _upload(scene, "sendDocument", {"document": b"%PDF"}, chat_id=scene.group.id)
    assert body["result"]["document"]["file_name"] == "document.png"


async def test_a_caption_has_1024_units(scene: Any) -> None:
    body = await _upload(scene, "sendPhoto", {"photo": b"x"}, chat_id=scene.group.id, caption="a" * 1025)
    assert body["description"] == "Bad Request: message caption is too long"


async def test_an_album_is_several_messages_of_one_group(scene: Any) -> None:
    media = [{"type": "photo", "media": "attach://a", "caption": "both"}, {"type": "photo", "media": "attach://b"}]
    body = await _upload(scene, "sendMediaGroup", {"a": b"1", "b": b"2"}, chat_id=scene.group.id, media=media)
    first, second = body["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("both", False)


async def test_an_album_of_a_person_has_its_caption_on_one_item(scene: Any) -> None:
    scene.people.album(scene.bo, scene.group, 3, caption="buy at x.example", captioned=2)
    told = [one["message"] for one in await scene.updates()]
    assert len({one["media_group_id"] for one in told}) == 1
    assert ["caption" in one for one in told] == [False, False, True]


async def test_every_kind_of_medium_is_told_in_its_shape(scene: Any) -> None:
    act, bo, group = scene.people, scene.bo, scene.group
    act.photo(bo, group, spoiler=True)
    act.document(bo, group, name="prices.pdf")
    act.video(bo, group)
    act.animation(bo, group)
    act.audio(bo, group)
    act.voice(bo, group)
    act.video_note(bo, group)
    act.sticker(bo, group)
    act.location(bo, group)
    act.venue(bo, group, "Cafe", "Street 1")
    act.dice(bo, group)
    told = [one["message"] for one in await scene.updates()]
    kinds = ["photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker", "location", "venue"]
    assert [kind in one for kind, one in zip([*kinds, "dice"], told, strict=True)] == [True] * 11


async def test_a_public_poll_tells_who_voted_and_is_stopped(scene: Any) -> None:
    sent = await scene.do(
        "sendPoll", chat_id=scene.group.id, question="Roses?", options=["yes", {"text": "no"}], is_anonymous=False
    )
    scene.people.vote(scene.bo, scene.group.messages[sent["message_id"]], 1)
    first, second = await scene.updates()
    assert [one["voter_count"] for one in first["poll"]["options"]] == [0, 1]
    assert (second["poll_answer"]["user"]["id"], second["poll_answer"]["option_ids"]) == (scene.bo.id, [1])
    where = {"chat_id": scene.group.id, "message_id": sent["message_id"]}
    assert (await scene.do("stopPoll", **where))["is_closed"] is True
    assert await scene.refused("stopPoll", **where) == "Bad Request: poll has already been closed"


async def test_a_quiz_needs_its_answer(scene: Any) -> None:
    asked = {"chat_id": scene.group.id, "question": "2+2", "options": ["4", "5"], "type": "quiz"}
    assert await scene.refused("sendPoll", **asked) == "Bad Request: wrong poll correct option identifier specified"
    sent = await scene.do("sendPoll", **asked, correct_option_ids=[0])
    assert sent["poll"]["correct_option_ids"] == [0]
