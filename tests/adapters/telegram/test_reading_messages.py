"""What a message of Telegram's says, wherever in it that stands, reaches our message."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import Update

from adapters.telegram.reading import ALLOWED_UPDATES, Known, Reader, Told
from rules.events import ButtonPressed, JoinRequested, MessageEdited, MessagePosted, ReactionAdded
from rules.values import Button, File, Link, Media, MediaKind, Mention, Message, PlatformRole

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))
AD, URL = "加微信 book8899", "https://casino.example/win"
GROUP = "tg:-1001234567890"


def update(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return found


def told(name: str, reader: Reader | None = None) -> Told:
    return (reader or Reader("tg", 42)).read(update(name))


def message(name: str) -> Message:
    (event,) = told(name).events
    assert isinstance(event, (MessagePosted, MessageEdited))
    return event.message


@pytest.mark.parametrize("name", NAMES)
def test_fixtures_have_the_real_shape(name: str) -> None:
    assert Update.model_validate(update(name)).event_type in ALLOWED_UPDATES


def test_a_text_has_its_place_its_author_and_its_time() -> None:
    (event,) = told("text").events
    assert isinstance(event, MessagePosted)
    assert event.group.id == GROUP
    assert event.group.name == "Reading room"
    assert event.id == f"tg:update-{update('text')['update_id']}"
    assert event.message.id == f"{GROUP}/{update('text')['message']['message_id']}"
    assert (event.message.author.id, event.message.author.name) == ("tg:258319", "Ann Lee")
    assert event.message.author.username == "ann_lee"
    assert event.at.isoformat() == "2026-01-31T22:53:20+00:00"
    assert event.message.at == event.at
    assert event.message.text == f"{AD} 领资料"


LARGE = Media(MediaKind.PHOTO, hash="AQADlarge", view=File("AgACAgUAAxAQADlarge", "AQADlarge", 120_000))
STICKER = Media(
    MediaKind.STICKER, text="💰 jia_weixin_8899_by_stickers", view=File("BQACAgUAAxAgADst", "AgADst", 2_048)
)


def test_a_caption_is_the_text_and_a_photo_is_known_again_by_its_largest_size() -> None:
    found = message("caption")
    assert found.text == f"看 {AD}"
    assert found.media == (LARGE,)
    assert found.marks == ("bold",)


def test_an_address_behind_words_is_a_link_with_the_words_shown() -> None:
    assert message("text_link").links == (Link(URL, "here"),)


def test_offsets_behind_emoji_and_rare_characters_count_utf_16_units() -> None:
    found = message("url_after_emoji")
    assert found.links == (Link(URL),)
    assert found.mentions == (Mention("@ann_lee"), Mention("Bo", "tg:258320"))


def test_how_words_are_dressed_up_is_told() -> None:
    found = message("dressed_up")
    assert found.marks == ("spoiler", "custom_emoji", "blockquote", "code")
    assert found.text.startswith(AD)


@pytest.mark.parametrize("name", ["button_url", "button_web_app", "button_login"])
def test_a_button_that_leads_away_has_its_address(name: str) -> None:
    assert message(name).buttons == (Button("打开", url=URL),)


def test_what_a_button_puts_into_the_clipboard_or_the_keyboard_is_among_its_words() -> None:
    assert message("button_copy").buttons == (Button(f"复制 {AD}"),)
    shared, chosen, pressed = message("button_inline").buttons
    assert (shared.text, chosen.text) == (f"分享 {AD}", f"选 {AD}")
    assert pressed == Button("按", data="vote:1")


def test_the_bot_through_which_a_message_was_made_is_told() -> None:
    assert message("button_url").via_bot == "deals_bot"


def test_a_quote_is_told_with_the_addresses_in_it_and_what_is_answered() -> None:
    found = message("quote")
    assert found.quote == f"{AD} here"
    assert found.links == (Link(URL, "here"),)
    assert found.reply_to == f"{GROUP}/5"
    assert found.reply_to_author is not None
    assert found.reply_to_author.id == "tg:258320"


def test_an_answer_to_a_message_of_another_chat_says_where_that_stands_and_what_is_shown_of_it() -> None:
    found = message("external_reply")
    assert found.reply_to is None
    assert found.elsewhere is not None
    assert found.elsewhere.origin.kind == "channel"
    assert AD in found.elsewhere.origin.name
    assert found.elsewhere.media == (LARGE,)
    assert found.quote == f"领取 {AD}"
    assert [link.url for link in found.links] == ["https://t.me/casino_deals"]
    poll = message("external_reply_poll")
    assert poll.elsewhere is not None
    assert poll.elsewhere.origin.kind == "hidden_user"
    assert AD in (poll.elsewhere.media[0].text or "")
    assert poll.elsewhere.media[1] == Media(MediaKind.UNKNOWN, text="日结")
    assert poll.links == (Link(URL),)


def test_an_answer_to_another_topic_of_the_same_group_is_an_ordinary_answer() -> None:
    found = message("external_reply_here")
    assert found.elsewhere is None
    assert found.reply_to == f"{GROUP}/70"
    assert found.reply_to_author is not None
    assert found.reply_to_author.id == "tg:258320"


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        ("user", "tg:258320"),
        ("hidden_user", None),
        ("chat", "tg:-1005554443332"),
        ("channel", "tg:-1009876543210"),
    ],
)
def test_a_forward_says_where_it_comes_from(kind: str, id_: str | None) -> None:
    forward = message(f"forward_{kind}").forward
    assert forward is not None
    assert (forward.kind, forward.id) == (kind, id_)
    assert AD in forward.name


def test_a_forward_as_older_servers_tell_it_is_one() -> None:
    base = update("text")
    reader = Reader("tg", 42)

    def forward(**fields: Any) -> Any:
        (event,) = reader.read({**base, "message": {**base["message"], **fields}}).events
        assert isinstance(event, MessagePosted)
        assert event.message.forward is not None
        return event.message.forward.kind, event.message.forward.name

    channel = {"id": -1009, "type": "channel", "title": "Deals"}
    assert forward(forward_from_chat=channel, forward_date=1) == ("channel", "Deals")
    assert forward(forward_from={"id": 5, "is_bot": False, "first_name": "Cy"}, forward_date=1) == ("user", "Cy")
    assert forward(forward_sender_name="Cy", forward_date=1) == ("hidden_user", "Cy")


def test_a_channel_that_speaks_is_its_own_author() -> None:
    author = message("sender_channel").author
    assert author.id == "tg:-1009876543210"
    assert author.is_chat
    assert author.role is PlatformRole.MEMBER
    assert AD in author.name


def test_an_admin_who_speaks_as_the_group_is_the_group() -> None:
    author = message("sender_anonymous_admin").author
    assert (author.id, author.name, author.role) == (GROUP, "Head librarian", PlatformRole.GROUP)
    assert author.is_chat


def test_what_the_linked_channel_posts_is_the_groups_own_and_no_forward() -> None:
    reader = Reader("tg", 42)
    (event,) = told("sender_linked_channel", reader).events
    assert isinstance(event, MessagePosted)
    assert (event.message.author.id, event.message.author.role) == ("tg:-1002223334445", PlatformRole.GROUP)
    assert event.message.forward is None
    later = update("sender_channel")
    later["message"]["sender_chat"]["id"] = -1002223334445
    (said,) = reader.read(later).events
    assert isinstance(said, MessagePosted)
    assert said.message.author.role is PlatformRole.GROUP


@pytest.mark.parametrize("stand_in", [1087968824, 777000, 136817688])
def test_telegrams_stand_ins_are_never_a_person(stand_in: int) -> None:
    raw = update("text")
    raw["message"]["from"]["id"] = stand_in
    (event,) = Reader("tg", 42).read(raw).events
    assert isinstance(event, MessagePosted)
    assert (event.message.author.id, event.message.author.role) == (GROUP, PlatformRole.GROUP)


WORDED = {
    "contact_card": MediaKind.CONTACT,
    "poll_question": MediaKind.POLL,
    "poll_option": MediaKind.POLL,
    "poll_description": MediaKind.POLL,
    "audio_title": MediaKind.AUDIO,
    "venue": MediaKind.LOCATION,
    "game": MediaKind.CARD,
    "invoice": MediaKind.CARD,
    "giveaway": MediaKind.CARD,
    "checklist": MediaKind.CARD,
    "gift": MediaKind.CARD,
    "rich_message": MediaKind.UNKNOWN,
    "newer_than_us": MediaKind.UNKNOWN,
}


@pytest.mark.parametrize(("name", "kind"), WORDED.items())
def test_what_is_attached_has_its_kind_and_every_word_of_it(name: str, kind: MediaKind) -> None:
    first = message(name).media[0]
    assert first.kind is kind
    assert AD in (first.text or "")


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("file_name", Media(MediaKind.DOCUMENT, f"{AD}.apk", hash="AgADdoc")),
        ("video", Media(MediaKind.VIDEO, "加微信.mp4", hash="AgADvid")),
        ("animation", Media(MediaKind.ANIMATION, "加微信.gif", hash="AgADani")),
        ("voice", Media(MediaKind.VOICE)),
        ("video_note", Media(MediaKind.VIDEO)),
        ("live_photo", Media(MediaKind.PHOTO, hash="AgADlive")),
        ("sticker", STICKER),
        ("dice", Media(MediaKind.STICKER, text="🎰")),
        ("location", Media(MediaKind.LOCATION)),
        ("story", Media(MediaKind.UNKNOWN)),
        ("newer_and_wordless", Media(MediaKind.UNKNOWN)),
    ],
)
def test_one_thing_attached_is_told_as_one(name: str, media: Media) -> None:
    assert message(name).media == (media,)


def test_paid_media_are_told_one_by_one_and_what_only_payers_see_is_unknown() -> None:
    assert [media.kind for media in message("paid_media").media] == [MediaKind.PHOTO, MediaKind.UNKNOWN]


@pytest.mark.parametrize(
    "name", ["poll_explanation", "poll_description", "checklist", "rich_message", "newer_than_us", "link_preview"]
)
def test_addresses_beside_the_text_are_links(name: str) -> None:
    assert URL in [link.url for link in message(name).links]


def test_words_of_a_card_and_of_a_quiz_are_told() -> None:
    assert URL in (message("contact_card").media[0].text or "")
    assert "see here" in (message("poll_explanation").media[0].text or "")
    assert [media.kind for media in message("poll_description").media] == [MediaKind.POLL, MediaKind.PHOTO]


def test_parts_of_an_album_carry_its_name() -> None:
    assert message("album_photo").album == message("album_video").album == "13500001"


def test_an_edit_is_a_new_look_at_the_same_message() -> None:
    (event,) = told("edit").events
    assert isinstance(event, MessageEdited)
    assert event.message.id == f"{GROUP}/{update('edit')['edited_message']['message_id']}"
    assert event.at.timestamp() == update("edit")["edited_message"]["edit_date"]


def test_a_message_in_a_topic_names_it_and_the_topics_beginning_is_not_answered() -> None:
    assert (message("topic").topic, message("topic").reply_to) == ("9", None)
    assert (message("topic_reply").topic, message("topic_reply").reply_to) == ("9", f"{GROUP}/10")
    assert message("topic_general").topic is None


def test_who_was_never_seen_and_comments_on_a_post_just_writes_a_message() -> None:
    found = message("comment_on_post")
    assert found.author.id == "tg:258320"
    assert found.topic is None
    assert found.reply_to == f"{GROUP}/30"
    assert found.reply_to_author is not None
    assert found.reply_to_author.role is PlatformRole.GROUP


def test_a_talk_with_one_person_is_private() -> None:
    (event,) = told("private").events
    assert (event.group.kind, event.group.id) == ("private", "tg:258319")


def test_a_command_for_another_bot_is_left_as_it_was_written() -> None:
    assert message("other_bots_command").text == "/help@other_bot"


@pytest.mark.parametrize(
    "name", ["own", "pinned", "poll_answer", "live_location_moves", "reaction_taken_back", "button_pressed_inline"]
)
def test_what_says_nothing_to_us_makes_no_event(name: str) -> None:
    assert told(name) == Told()


def test_admins_are_known_once_somebody_told_of_them() -> None:
    known = Known()
    reader = Reader("tg", 42, known=known)
    known.admins(-1001234567890, {258319: PlatformRole.OWNER})
    (event,) = told("text", reader).events
    assert isinstance(event, MessagePosted)
    assert event.message.author.role is PlatformRole.OWNER
    known.admins(-1001234567890, {})
    assert told("promoted", reader) == Told()
    (event,) = told("text", reader).events
    assert isinstance(event, MessagePosted)
    assert event.message.author.role is PlatformRole.ADMIN


def test_reactions_are_those_that_were_not_there_before() -> None:
    (event,) = told("reaction").events
    assert isinstance(event, ReactionAdded)
    assert event.reactions == ("🔥", "5368324170671202286", "paid")
    assert event.message == f"{GROUP}/50"
    assert AD in event.member.name
    (other,) = told("reaction_of_channel").events
    assert isinstance(other, ReactionAdded)
    assert other.member.is_chat
    assert other.member.id == "tg:-1009876543210"


def test_who_asks_to_come_in_is_told_with_their_profile_and_the_link() -> None:
    (event,) = told("join_request").events
    assert isinstance(event, JoinRequested)
    assert event.member.bio == AD
    assert event.source == "poster"


@pytest.mark.parametrize("name", ["button_pressed", "button_pressed_old"])
def test_the_press_of_a_button_can_be_answered_and_is_of_now(name: str) -> None:
    moment = message("text").at
    assert moment is not None
    (event,) = Reader("tg", 42, now=lambda: moment).read(update(name)).events
    assert isinstance(event, ButtonPressed)
    assert event.press == update(name)["callback_query"]["id"]
    assert (event.data, event.message, event.at) == ("gate:ok", f"{GROUP}/50", moment)


def test_what_the_bot_may_do_is_told_as_changed_for_groups_alone() -> None:
    assert told("bot_promoted") == Told(standing=GROUP)
    assert told("bot_blocked") == Told()


def test_a_group_that_moved_is_told_once_and_again_if_the_update_comes_again() -> None:
    reader = Reader("tg", 42)
    moved = Told(migrated=("tg:-4001", GROUP))
    assert told("migrated_to", reader) == moved
    assert told("migrated_from", reader) == Told()
    assert told("migrated_to", reader) == moved
    assert told("migrated_from") == moved


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "url", "offset": 500, "length": 5},
        {"type": "url", "offset": -3, "length": 5},
        {"type": "url", "offset": 0, "length": 0},
        {"type": "url"},
        {"type": "mention", "offset": "0", "length": None},
        {"type": "text_mention", "offset": 0, "length": 2, "user": 5},
        {"type": None, "offset": 0, "length": 2},
        {"type": "text_link", "offset": 1, "length": 1, "url": 5},
        "url",
    ],
)
def test_broken_entities_cost_nobody_the_rest(entity: Any) -> None:
    raw = update("text_link")
    raw["message"]["entities"].insert(0, entity)
    (event,) = Reader("tg", 42).read(raw).events
    assert isinstance(event, MessagePosted)
    assert event.message.links == (Link(URL, "here"),)


def test_an_entity_that_cuts_an_emoji_in_two_is_read_as_far_as_it_goes() -> None:
    raw = update("text_link")
    raw["message"] |= {"text": "😀a", "entities": [{"type": "text_link", "offset": 1, "length": 2, "url": URL}]}
    (event,) = Reader("tg", 42).read(raw).events
    assert isinstance(event, MessagePosted)
    assert event.message.links == (Link(URL, "a"),)


def test_what_is_newer_is_read_to_a_limit_however_deep_and_long() -> None:
    deep: Any = AD
    for _ in range(5000):
        deep = {"more": [deep]}
    for content in (deep, {"text": "x" * 1_000_000}, [{"a": "y"}] * 200_000):
        raw = update("text")
        raw["message"]["hologram"] = content
        (event,) = Reader("tg", 42).read(raw).events
        assert isinstance(event, MessagePosted)
        assert sum(len(media.text or "") for media in event.message.media) <= 40_000
