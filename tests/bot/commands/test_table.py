"""The command table: every command is worded in every language, found by one name, and open to known roles."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.commands import Commands, built_in, command_names, commands_markdown
from bot.configuration import builtin_copy
from rules.commandline import CommandNames
from rules.config import Can
from rules.placeholders import unknown_in
from rules.rulebook import assemble

LANGUAGES = ("en", "zh-CN")
SOURCES = Path(__file__).resolve().parents[3] / "bot" / "commands"
COPY = builtin_copy()


@pytest.fixture
def names() -> CommandNames:
    return command_names(assemble("v1", (), ()), ["Keeper_Bot"])


@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_command_has_help_in_every_language(name: str) -> None:
    for part in ("usage", "help"):
        texts = COPY[f"commands.{name}.{part}"]
        assert set(texts) >= set(LANGUAGES)
        assert all(texts[language][0] for language in LANGUAGES)


def test_every_usage_begins_with_a_name_of_its_command(names: CommandNames) -> None:
    for name in built_in():
        for language in LANGUAGES:
            usage = COPY[f"commands.{name}.usage"][language][0]
            first = re.match(r"/[^\s（(]+", usage)
            assert first is not None
            parsed = names.parse(first.group())
            assert parsed is not None, usage
            assert parsed[0] == name


def test_aliases_are_unique_and_every_command_has_a_chinese_one() -> None:
    every = [name for command in built_in().values() for name in (command.name, *command.aliases)]
    assert len({name.casefold() for name in every}) == len(every)
    for command in built_in().values():
        assert any(not alias.isascii() for alias in command.aliases), command.name


def test_what_commands_need_is_something_a_role_can_do() -> None:
    known = set(get_args(Can)) | {None}
    assert {command.needs for command in Commands().commands.values()} <= known


def test_every_text_that_commands_name_is_there_with_known_placeholders_alike_in_all_languages() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    keys = set(re.findall(r'key\(\s*"([a-z_]+\.[\w.]+)"', written))
    keys |= {f"commands.{found}" for found in re.findall(r'refused\(\s*"([\w.]+)"', written)}
    assert len(keys) > 80
    assert sorted(keys - set(COPY)) == []
    for name in (name for name in COPY if name.startswith("commands.")):
        filled = []
        for language in LANGUAGES:
            (text,) = COPY[name][language]
            assert unknown_in(text) == (), (name, language)
            filled.append(set(re.findall(r"\{(\w+)\}", text)))
        assert filled[0] == filled[1], name


def test_commands_are_told_by_alias_full_width_slash_and_our_bots_name(names: CommandNames) -> None:
    assert names.parse("／禁言 小波 30分钟 刷屏") == ("mute", "禁言", "小波 30分钟 刷屏")
    assert names.parse("/MUTE@keeper_bot @bo") == ("mute", "MUTE", "@bo")
    assert names.parse("/mute@other_bot @bo") is None
    assert names.parse("/etc/passwd") is None


def test_the_reference_lists_every_command_in_both_languages() -> None:
    page = commands_markdown(COPY)
    for name in built_in():
        for language in LANGUAGES:
            assert COPY[f"commands.{name}.usage"][language][0].replace("|", "\\|") in page
    assert page == (SOURCES.parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
