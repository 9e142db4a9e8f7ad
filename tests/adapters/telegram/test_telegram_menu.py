"""The menu of commands, by scope and language: set where it is not so already, and not a call more."""

import pytest

from adapters.errors import Rejected
from adapters.protocol import OfferedCommand, OffersCommands
from adapters.telegram.adapter import TelegramAdapter
from adapters.telegram.menu import menus, offer_commands
from adapters.telegram.settings import TelegramSettings
from tests.adapters.telegram.stage import stage

HELP = OfferedCommand("help", {"zh-CN": "看看你能做什么", "en": "what you can do"}, alone=True)
TOP = OfferedCommand("top", {"zh-CN": "看谁最活跃", "en": "who takes part most"})
MUTE = OfferedCommand("mute", {"zh-CN": "禁言", "en": "take a member's voice"}, staff=True)
CHINESE = OfferedCommand("打卡", {"zh-CN": "今日打卡", "en": "check in"})
OURS = (HELP, TOP, CHINESE, MUTE)


def names(scope: str, code: str) -> list[str]:
    (found,) = [listed for where, language, listed in menus(OURS) if (where, language) == (scope, code)]
    return [entry["command"] for entry in found]


def test_members_see_theirs_and_admins_see_all_and_alone_what_can_be_given_alone() -> None:
    assert names("all_group_chats", "") == ["help", "top"]
    assert names("all_chat_administrators", "") == ["help", "top", "mute"]
    assert names("all_private_chats", "") == ["help"]


def test_descriptions_are_in_the_readers_language_else_in_the_groups() -> None:
    said = {code: listed[0]["description"] for scope, code, listed in menus(OURS) if scope == "all_group_chats"}
    assert said == {"": "看看你能做什么", "zh": "看看你能做什么", "en": "what you can do"}


async def test_a_menu_is_set_once_and_again_only_where_it_changed() -> None:
    async with stage() as on:
        adapter = TelegramAdapter("telegram", TelegramSettings(token=on.bot.token, api=on.server.url))
        call = adapter.call
        assert await offer_commands(call, OURS) == 9
        assert await offer_commands(call, OURS) == 0
        assert len(on.calls("setMyCommands")) == 9
        louder = OfferedCommand("help", {**HELP.descriptions, "en": "what can be done"}, alone=True)
        assert await offer_commands(call, (louder, TOP, CHINESE, MUTE)) == 3
        scopes = [request.params["scope"]["type"] for request in on.calls("setMyCommands")[9:]]
        assert scopes == ["all_group_chats", "all_chat_administrators", "all_private_chats"]
        await adapter.close()


async def test_the_adapter_offers_and_says_what_is_wrong() -> None:
    async with stage() as on:
        adapter = TelegramAdapter("telegram", TelegramSettings(token=on.bot.token, api=on.server.url))
        assert isinstance(adapter, OffersCommands)
        await adapter.offer(OURS)
        assert len(on.calls("setMyCommands")) == 9
        nameless = OfferedCommand("x", {"en": "y" * 300})
        with pytest.raises(Rejected, match=r"(?i)bot_command_description_invalid"):
            await adapter.offer([nameless])
        await adapter.close()
