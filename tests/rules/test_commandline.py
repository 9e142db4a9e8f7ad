"""A command is known however it is written, and text that is none stays text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.commandline import CommandNames, expand
from rules.events import CommandIssued, MessagePosted
from rules.values import Group, Member, Message

CANONICAL = {"rules": "rules", "规则": "rules", "帮助": "help", "help": "help", "warn": "warn", "警告": "warn"}
BOTS = frozenset({"groupkeeper_bot", "读书 小助手", "book keeper"})
NAMES = CommandNames(CANONICAL, BOTS, frozenset({"wx"}), frozenset({"规则", "帮助", "help"}))


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/规则", ("rules", "规则", "")),
        ("／规则", ("rules", "规则", "")),
        ("  ／警告 小波  30分钟 ", ("warn", "警告", "小波  30分钟")),
        ("/RULES@GroupKeeper_Bot", ("rules", "RULES", "")),
        ("／规则＠groupkeeper_bot", ("rules", "规则", "")),
        ("/rules@another_bot", None),
        ("@anybody /规则", ("rules", "规则", "")),
        ("@读书 小助手\u2005/规则", ("rules", "规则", "")),
        ("＠读书 小助手\u2005／规则", ("rules", "规则", "")),
        ("@谁 也 不 是\u2005/规则", ("rules", "规则", "")),
        ("@读书 小助手 /规则", ("rules", "规则", "")),
        ("@groupkeeper_bot 规则", ("rules", "规则", "")),
        ("@GroupKeeper_Bot\u2005规则", ("rules", "规则", "")),
        ("＠groupkeeper_bot\u3000规则", ("rules", "规则", "")),
        ("@读书 小助手\u2005规则", ("rules", "规则", "")),
        ("\u2005@读书 小助手\u2005 警告 @小 明\u2005刷屏", ("warn", "警告", "@小 明\u2005刷屏")),
        ("@Book Keeper\u2005警告 小波 http://a/b", ("warn", "警告", "小波 http://a/b")),
        ("@groupkeeper_bot 帮助我们", None),
        ("@groupkeeper_bot 请看规则", None),
        ("@groupkeeper_bot规则", None),
        ("@groupkeeper_bot2 规则", None),
        ("@groupkeeper_bot", None),
        ("@groupkeeper_bot\u2005", None),
        ("@ann 规则", None),
        ("@读书 规则", None),
        ("规则", None),
        ("规则 @groupkeeper_bot", None),
        ("看 /规则", None),
        ("https://example.org/规则", None),
        ("@", None),
        ("", None),
        ("   ", None),
    ],
)
def test_a_command_is_known_in_a_group(text: str, parsed: tuple[str, str, str] | None) -> None:
    assert NAMES.parse(text) == parsed


def test_a_bot_whose_name_is_not_known_yet_is_not_spoken_to_without_a_slash() -> None:
    assert CommandNames(CANONICAL).parse("@groupkeeper_bot 规则") is None
    assert CommandNames(CANONICAL).parse("@groupkeeper_bot /规则") == ("rules", "规则", "")


@given(st.text(max_size=40))
def test_text_without_a_slash_that_speaks_to_no_bot_is_no_command(text: str) -> None:
    if "/" not in text and "／" not in text and not text.strip().startswith(("@", "＠")):
        assert NAMES.parse(text) is None


@given(st.sampled_from(["@groupkeeper_bot ", "@读书 小助手\u2005", "＠book keeper "]), st.text(max_size=30))
def test_what_is_said_to_the_bot_is_a_command_only_if_it_begins_with_the_name_of_one(at: str, said: str) -> None:
    words = said.split(None, 1)
    first = words[0].removeprefix("/").removeprefix("／") if words else ""
    parsed = NAMES.parse(at + said)
    if parsed is not None:
        assert parsed[1].casefold() in CANONICAL
        assert first.startswith(parsed[1])
    if first.casefold() in CANONICAL and "/" not in said and "／" not in said:
        assert parsed is not None


@given(
    st.sampled_from(["", " ", "@ann ", "@读书 小助手\u2005"]),
    st.sampled_from("/／"),
    st.sampled_from(sorted(CANONICAL)),
    st.text(alphabet="ab 你好/@", max_size=20),
)
def test_every_way_to_begin_a_command_leads_to_the_same_one(at: str, slash: str, name: str, args: str) -> None:
    assert NAMES.parse(f"{at}{slash}{name} {args}") == (CANONICAL[name], name, args.strip())


def posted(text: str, group: Group) -> MessagePosted:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    return MessagePosted("1", group, at, Message("m", Member("wx:ann", "Ann"), text, at))


@pytest.mark.parametrize(
    ("text", "chat", "kind", "is_command"),
    [
        ("帮助", "wx:ann", "private", True),
        (" 帮助 ", "wx:ann", "private", True),
        ("帮助我", "wx:ann", "private", False),
        ("帮助 规则", "wx:ann", "private", False),
        ("警告", "wx:ann", "private", False),
        ("/警告", "wx:ann", "private", True),
        ("帮助", "wx:readers", "group", False),
        ("帮助", "tg:ann", "private", False),
        ("/帮助", "tg:ann", "private", True),
    ],
)
def test_alone_with_a_bot_that_is_like_a_person_a_name_by_itself_will_do(
    text: str, chat: str, kind: str, is_command: bool
) -> None:
    event, *commands = expand(posted(text, Group(chat, kind=kind)), NAMES)
    assert [isinstance(each, CommandIssued) for each in commands] == [True] * is_command
    assert isinstance(event, MessagePosted)
    assert (event.message.command is not None) is is_command
