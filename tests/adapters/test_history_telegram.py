"""Telegram Desktop's export, in the shapes that it has had over the years, as events."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.history import History, open_history
from rules.errors import HistoryError
from rules.events import Event, MemberJoined, MemberLeft, MessagePosted
from rules.values import Button, Forward, Link, MediaKind, Member, Mention, Message, PlatformRole

GROUP = "telegram:-1001234567890"


def chat(*messages: dict[str, Any], kind: str = "private_supergroup", number: int = 1234567890) -> dict[str, Any]:
    return {"name": "读书会", "type": kind, "id": number, "messages": list(messages)}


def said(id_: int = 1, text: Any = "hi", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "message",
        "date": "2024-05-01T20:00:00",
        "date_unixtime": str(1714564800 + id_),
        "from": "Ann",
        "from_id": "user5",
        "text": text,
        **more,
    }


def service(action: str, id_: int = 1, **more: Any) -> dict[str, Any]:
    told = {**said(id_, ""), "type": "service", "action": action, "actor": "Ann", "actor_id": "user5", **more}
    del told["from"], told["from_id"]
    return told


def write(folder: Path, told: Any, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    return path


def read(folder: Path, told: Any, **how: Any) -> list[Event]:
    return list(open_history(write(folder, told), **how).events())


def message(folder: Path, **more: Any) -> Message:
    (event,) = read(folder, chat(said(**more)))
    assert isinstance(event, MessagePosted)
    return event.message


def test_a_message_keeps_its_author_time_and_group(tmp_path: Path) -> None:
    (event,) = read(tmp_path, chat(said(7, "你好")))
    assert isinstance(event, MessagePosted)
    assert (event.id, event.group.id, event.group.name) == (f"{GROUP}/7", GROUP, "读书会")
    assert event.at == datetime(2024, 5, 1, 12, 0, 7, tzinfo=UTC)
    assert event.message.author == Member("telegram:5", "Ann")
    assert (event.message.id, event.message.text) == (f"{GROUP}/7", "你好")


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        ("private_supergroup", "telegram:-10077"),
        ("public_supergroup", "telegram:-10077"),
        ("public_channel", "telegram:-10077"),
        ("private_group", "telegram:-77"),
    ],
)
def test_a_chat_has_the_id_that_bots_know_it_by(tmp_path: Path, kind: str, id_: str) -> None:
    (event,) = read(tmp_path, chat(said(), kind=kind, number=77))
    assert event.group.id == id_


def test_marked_up_text_becomes_words_links_and_mentions(tmp_path: Path) -> None:
    text = [
        "see ",
        {"type": "link", "text": "https://a.example/x"},
        " or ",
        {"type": "text_link", "text": "here", "href": "https://b.example"},
        {"type": "bold", "text": " now "},
        {"type": "mention", "text": "@bo"},
        {"type": "mention_name", "text": "小波", "user_id": 9},
        {"type": "custom_emoji", "text": "👍", "document_id": "1.webp"},
        {"type": "newer_than_us", "text": "!"},
    ]
    found = message(tmp_path, text=text)
    assert found.text == "see https://a.example/x or here now @bo小波👍!"
    assert found.links == (Link("https://a.example/x"), Link("https://b.example", "here"))
    assert found.mentions == (Mention("@bo"), Mention("小波", "telegram:9"))


@pytest.mark.parametrize(
    ("more", "kind", "words", "name"),
    [
        ({"photo": "photos/1.jpg"}, MediaKind.PHOTO, None, None),
        ({"file": "stickers/s.webp", "media_type": "sticker", "sticker_emoji": "😀"}, MediaKind.STICKER, "😀", None),
        ({"file": "round.mp4", "media_type": "video_message"}, MediaKind.VIDEO, None, "round.mp4"),
        ({"file": "v.ogg", "media_type": "voice_message"}, MediaKind.VOICE, None, "v.ogg"),
        ({"file": "v.mp4", "media_type": "animation"}, MediaKind.ANIMATION, None, "v.mp4"),
        ({"file": "v.mp4", "media_type": "video_file", "file_name": "领资料.mp4"}, MediaKind.VIDEO, None, "领资料.mp4"),
        (
            {"file": "s.mp3", "media_type": "audio_file", "performer": "A", "title": "B"},
            MediaKind.AUDIO,
            "A B",
            "s.mp3",
        ),
        ({"file": "files/a/book.pdf", "mime_type": "application/pdf"}, MediaKind.DOCUMENT, None, "book.pdf"),
        ({"file": "(File not included. Change data exporting settings to download.)"}, MediaKind.DOCUMENT, None, None),
        ({"file": "x", "media_type": "hologram"}, MediaKind.UNKNOWN, None, "x"),
        (
            {"contact_information": {"first_name": "加", "last_name": "", "phone_number": "+86 1"}},
            MediaKind.CONTACT,
            "加 +86 1",
            None,
        ),
        ({"location_information": {"latitude": 1.5, "longitude": 2.5}}, MediaKind.LOCATION, None, None),
        ({"location_information": None}, MediaKind.LOCATION, None, None),
        ({"place_name": "Café", "address": "Road 1"}, MediaKind.LOCATION, "Café Road 1", None),
        (
            {
                "poll": {
                    "question": "Which?",
                    "answers": [{"text": "A"}, {"text": ["B", {"type": "bold", "text": "!"}]}],
                }
            },
            MediaKind.POLL,
            "Which?\nA\nB!",
            None,
        ),
        ({"invoice_information": {"title": "Course", "description": "9.9"}}, MediaKind.CARD, "Course 9.9", None),
        ({"paid_stars_amount": 5}, MediaKind.UNKNOWN, None, None),
        ({"something_new": {"a": 1}}, MediaKind.UNKNOWN, None, None),
    ],
)
def test_what_is_attached_is_told_with_every_word_it_carries(
    tmp_path: Path, more: dict[str, Any], kind: MediaKind, words: str | None, name: str | None
) -> None:
    (media,) = message(tmp_path, text="", **more).media
    assert (media.kind, media.text, media.file_name) == (kind, words, name)


def test_a_plain_message_has_nothing_attached(tmp_path: Path) -> None:
    found = message(tmp_path, reactions=[{"type": "emoji", "count": 2, "emoji": "👍"}], self_destruct_period_seconds=9)
    assert found.media == ()


@pytest.mark.parametrize(
    ("more", "forward"),
    [
        ({}, None),
        ({"forwarded_from": "Bo"}, Forward("hidden_user", "Bo")),
        ({"forwarded_from": None}, Forward("hidden_user")),
        ({"forwarded_from": "News", "saved_from": "News"}, Forward("channel", "News")),
        ({"forwarded_from": "News", "forwarded_from_id": "channel7"}, Forward("channel", "News", "telegram:-1007")),
        ({"forwarded_from": None, "forwarded_from_id": "user7"}, Forward("user", "", "telegram:7")),
    ],
)
def test_a_forwarded_message_says_where_it_is_from(
    tmp_path: Path, more: dict[str, Any], forward: Forward | None
) -> None:
    assert message(tmp_path, **more).forward == forward


def test_buttons_and_the_bot_it_came_through_are_kept(tmp_path: Path) -> None:
    rows = [
        [
            {"type": "url", "text": "Join", "data": "https://t.example"},
            {"type": "callback", "text": "OK", "dataBase64": "eA"},
        ]
    ]
    found = message(tmp_path, inline_bot_buttons=rows, via_bot="@gif")
    assert found.buttons == (Button("Join", url="https://t.example"), Button("OK", data="eA"))
    assert found.via_bot == "gif"


def test_a_rich_message_is_read_block_by_block(tmp_path: Path) -> None:
    rich = {
        "rtl": False,
        "part": False,
        "blocks": [
            {"type": "heading", "level": 1, "text": {"type": "plain", "text": "Sale"}},
            {
                "type": "paragraph",
                "text": {
                    "type": "concat",
                    "text": [
                        {"type": "plain", "text": "加"},
                        {"type": "bold", "text": {"type": "plain", "text": "微信"}},
                        {"type": "text_link", "href": "https://x.example", "text": {"type": "plain", "text": " go"}},
                    ],
                },
            },
            {"type": "list", "items": [{"content": "text", "text": {"type": "plain", "text": "one"}}]},
        ],
    }
    told = said(rich_message=rich)
    del told["text"]
    (event,) = read(tmp_path, chat(told))
    assert isinstance(event, MessagePosted)
    assert event.message.text == "Sale\n加微信 go\none"
    assert event.message.links == (Link("https://x.example", " go"),)
    assert event.message.media == ()


def test_people_without_a_name_or_account_stay_themselves(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        chat(
            said(1),
            said(2, **{"from": None}),
            said(3, **{"from": None, "from_id": "user6"}),
            said(4, **{"from": "读书会", "from_id": "channel1234567890"}),
            said(5, **{"from": "Old", "from_id": 77}),
        ),
    )
    authors = [event.message.author for event in events if isinstance(event, MessagePosted)]
    assert authors == [
        Member("telegram:5", "Ann"),
        Member("telegram:5", "Ann"),
        Member("telegram:6"),
        Member(GROUP, "读书会", role=PlatformRole.ADMIN),  # an anonymous admin speaks as the group
        Member("telegram:77", "Old"),
    ]


def test_replies_name_the_message_its_author_and_its_topic(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        chat(
            service("topic_created", 10, title="Books"),
            said(11, reply_to_message_id=10, **{"from": "Bo", "from_id": "user6"}),
            said(12, reply_to_message_id=11),
            said(13, reply_to_message_id=2),
            said(14, reply_to_message_id=3, reply_to_peer_id="channel9"),
        ),
    )
    found = [e.message for e in events if isinstance(e, MessagePosted)]
    assert [(m.reply_to, m.topic) for m in found] == [
        (None, "10"),
        (f"{GROUP}/11", "10"),
        (f"{GROUP}/2", None),
        ("telegram:-1009/3", None),
    ]
    assert found[1].reply_to_author == Member("telegram:6", "Bo")
    assert found[2].reply_to_author is None


def test_joins_and_leaves_come_from_service_messages(tmp_path: Path) -> None:
    ann, bo = Member("telegram:5", "Ann"), Member("telegram:6", "Bo")
    events = read(
        tmp_path,
        chat(
            service("create_group", 1, title="x", members=["Ann", None]),
            service("join_group_by_link", 2, actor="Bo", actor_id="user6", inviter="Ann"),
            service("join_group_by_request", 3),
            service("invite_members", 4, members=["Ann"]),
            service("invite_members", 5, members=["Bo", None, "Cy"]),
            service("remove_members", 6, members=["Bo"]),
            service("remove_members", 7, members=["Ann"]),
            service("remove_members", 8, members=["Bo"], actor=None, actor_id=None),
            service("pin_message", 9, message_id=1),
        ),
    )
    got = [
        (e.id.removeprefix(f"{GROUP}/"), e.member, e.inviter if isinstance(e, MemberJoined) else e.remover)
        for e in events
        if isinstance(e, (MemberJoined, MemberLeft))
    ]
    assert got == [
        ("2/join", bo, Member("telegram:Ann", "Ann")),  # not met before: known by the name alone
        ("3/join", ann, None),
        ("4/join/1", ann, None),
        ("5/join/1", bo, ann),
        ("5/join/3", Member("telegram:Cy", "Cy"), ann),
        ("6/leave/1", bo, ann),
        ("7/leave/1", ann, None),
        ("8/leave/1", bo, None),
    ]
    assert len(events) == len(got)


def test_a_service_message_without_anybody_is_passed_over(tmp_path: Path) -> None:
    told = service("join_group_by_link", 2, actor=None, inviter=None)
    del told["actor_id"]
    history = open_history(write(tmp_path, chat(told, service("group_call"), said(3))))
    assert [event.kind for event in history.events()] == ["message"]
    assert history.notes == ["1 joins of nobody known passed over", "1 service messages passed over"]


def test_messages_from_before_a_migration_keep_their_negative_ids(tmp_path: Path) -> None:
    events = read(tmp_path, chat(said(-999999001), service("migrate_from_group", -1, title="x"), said(3)))
    assert [event.id for event in events] == [f"{GROUP}/-999999001", f"{GROUP}/3"]


def test_an_edited_message_is_told_once_and_noted(tmp_path: Path) -> None:
    told = said(1, "now", edited="2024-05-02T00:00:00", edited_unixtime="1714600000")
    history = open_history(write(tmp_path, chat(told)))
    assert [event.kind for event in history.events()] == ["message"]
    assert history.notes == ["1 messages were edited later; they are read as they stand now"]


def test_a_date_without_unix_time_is_local_time(tmp_path: Path) -> None:
    told = said(1)
    del told["date_unixtime"]
    (event,) = read(tmp_path, chat(told), zone=ZoneInfo("Asia/Shanghai"))
    assert event.at == datetime(2024, 5, 1, 12, tzinfo=UTC)
    (event,) = read(tmp_path, chat(told))
    assert event.at == datetime(2024, 5, 1, 20, tzinfo=UTC)


def test_messages_that_could_not_be_exported_are_counted(tmp_path: Path) -> None:
    told = chat({"id": 1, "type": "unsupported"}, said(2), {"id": 3, "type": "message", "date": "soon", "text": ""})
    history = open_history(write(tmp_path, told))
    assert [event.id for event in history.events()] == [f"{GROUP}/2"]
    assert history.notes == [
        "1 messages that Telegram Desktop could not export passed over",
        "1 without id or date passed over",
    ]


def account(*chats: dict[str, Any], left: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "bio": '"]}'},
        "contacts": {"list": [{"first_name": "messages"}]},
        "chats": {"about": "This page lists all chats", "list": list(chats)},
        "left_chats": {"about": "…", "list": list(left)},
    }


def test_a_whole_account_gives_its_groups_one_after_the_other(tmp_path: Path) -> None:
    told = account(
        {"name": "Bo", "type": "personal_chat", "id": 6, "messages": [said(1)]},
        {"type": "saved_messages", "id": 1, "messages": [said(2)]},
        chat(said(3), number=30),
        {"name": "Bot", "type": "bot_chat", "id": 8, "messages": [said(4)]},
        chat(said(5), number=50, kind="private_group"),
        left=(chat(said(6), number=60),),
    )
    history = open_history(write(tmp_path, told))
    assert [event.id for event in history.events()] == ["telegram:-10030/3", "telegram:-50/5", "telegram:-10060/6"]
    assert history.notes == ["3 private chats passed over"]


def test_only_the_chats_that_are_wanted_are_read(tmp_path: Path) -> None:
    told = account(chat(said(3), number=30), chat(said(5), number=50))
    asked: list[tuple[str, bool]] = []

    def wanted(group: Any, whole: bool) -> bool:
        asked.append((group.id, whole))
        return bool(group.id == "telegram:-10050")

    history = open_history(write(tmp_path, told), wanted=wanted)
    assert [event.id for event in history.events()] == ["telegram:-10050/5"]
    assert asked == [("telegram:-10030", True), ("telegram:-10050", True)]
    assert set(history.groups) == {"telegram:-10030", "telegram:-10050"}


def test_control_characters_as_telegram_desktop_writes_them_are_read(tmp_path: Path) -> None:
    written = json.dumps(chat(said(1, "@@"), said(2, "\\x0B stays")), ensure_ascii=False)
    (first, second) = read(tmp_path, written.replace("@@", "a\\x0Bb\\\\x0B\\x1F"))
    assert isinstance(first, MessagePosted)
    assert isinstance(second, MessagePosted)
    assert first.message.text == "a\x0bb\\x0B\x1f"
    assert second.message.text == "\\x0B stays"


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_the_layout_of_the_file_makes_no_difference(tmp_path: Path, indent: int | None) -> None:
    told = json.dumps(chat(*(said(n, 'a "quoted" ]}') for n in range(1, 50))), indent=indent)
    assert [event.id for event in read(tmp_path, told)] == [f"{GROUP}/{n}" for n in range(1, 50)]


def test_a_gzipped_export_and_one_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    told = json.dumps(chat(said(1)))
    (tmp_path / "result.json.gz").write_bytes(gzip.compress(told.encode()))
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + told.encode())
    for name in ("result.json.gz", "bom.json"):
        assert [event.id for event in open_history(tmp_path / name).events()] == [f"{GROUP}/1"]


def test_a_folder_stands_for_the_result_json_in_it(tmp_path: Path) -> None:
    write(tmp_path, chat(said(1)))
    assert len(list(open_history(tmp_path).events())) == 1


def kept(history: History) -> tuple[list[str], str]:
    """The ids of what was read before the fault, and the fault."""
    ids: list[str] = []
    try:
        for event in history.events():
            ids.append(event.id.rpartition("/")[2])  # noqa: PERF401 - what came before the fault is the point
    except HistoryError as fault:
        return ids, str(fault)
    pytest.fail("there was no fault")


def test_an_export_cut_in_the_middle_gives_what_came_before_and_says_where(tmp_path: Path) -> None:
    whole = json.dumps(chat(*(said(n) for n in range(1, 4))), ensure_ascii=False, indent=1)
    for cut in range(whole.index('"messages": [') + 13, len(whole) - 1, 7):
        ids, fault = kept(open_history(write(tmp_path, whole[:cut])))
        assert ids == [str(n) for n in range(1, len(ids) + 1)]
        assert "the file breaks off" in fault
        assert str(tmp_path / "result.json:") in fault
        assert ("after message" in fault) is bool(ids)


def test_a_fault_inside_names_its_line_and_the_message_before(tmp_path: Path) -> None:
    whole = json.dumps(chat(*(said(n, f"text{n}") for n in range(1, 4))), indent=1)
    ids, fault = kept(open_history(write(tmp_path, whole.replace('"text3"', '"text3" oops'))))
    assert ids == ["1", "2"]
    before = whole[: whole.index('"text3"')]
    line, column = before.count("\n") + 1, len(before) - before.rindex("\n") + len('"text3" ')
    assert f"result.json:{line}:{column}: no message after message 2:" in fault


def test_text_that_is_not_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(json.dumps(chat(said(1), said(2, "@@")), indent=1).encode().replace(b"@@", "中".encode("gb18030")))
    ids, fault = kept(open_history(path))
    assert ids == ["1"]
    assert "UTF-8" in fault or "utf-8" in fault


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"<!DOCTYPE html><html>", "Machine-readable JSON"),
        (b"PK\x03\x04...", "unpack"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"[1, 2]", "begins with `[1, 2]`"),
        (b'{\n "a": 1\n}', "neither `messages` nor `chats`"),
        (b'{"messages": [{"id": 1}]}', "a chat without an id"),
        (b'{"name": "x", "type": "private_group", "id": 1, "messages": {"a": 1}}', "should be a list"),
        (b'{"name": "x", "type": "private_group", "id": 1, "messages": [7]}', "no message"),
        (gzip.compress(b'{"type": "private_group", "id": 1, "messages": [' + b" " * 99, mtime=0)[:30], "cut off"),
    ],
)
def test_what_is_no_export_is_refused_with_what_to_do(tmp_path: Path, content: bytes, hint: str) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(content)
    with pytest.raises(HistoryError, match=hint.replace("[", r"\[")) as fault:
        list(open_history(path).events())
    assert str(path) in str(fault.value)


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"nowhere.json: cannot be opened: No such file"):
        open_history(tmp_path / "nowhere.json")
    with pytest.raises(HistoryError, match=r"without a result.json"):
        open_history(tmp_path)
