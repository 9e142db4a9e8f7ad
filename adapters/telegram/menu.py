"""Telegram's menu of commands: set by scope and language, and only where it is not so already.

A command there consists of Latin letters, digits and ``_``: Chinese names work when they are typed, and only the
descriptions are in Chinese.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.protocol import OfferedCommand
from adapters.telegram.calls import Call

MOST = 100
_NAME = re.compile(r"[a-z0-9_]{1,32}")


async def offer_commands(call: Call, commands: Sequence[OfferedCommand]) -> int:
    """Put commands into the menus; how many lists had to be changed. Raises ``telegram.error.TelegramError``."""
    changed = 0
    for scope, language, listed in menus(commands):
        where: dict[str, Any] = {"scope": {"type": scope}, "language_code": language or None}
        if await call("getMyCommands", where) != listed:
            await call("setMyCommands", {**where, "commands": listed})
            changed += 1
    return changed


def menus(commands: Sequence[OfferedCommand]) -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    """Each list to be shown, with its scope and the two-letter code of its language (empty: for all others)."""
    fit = [command for command in commands if _NAME.fullmatch(command.name)]
    by_scope = {
        "all_group_chats": [command for command in fit if not command.staff],
        "all_chat_administrators": fit,
        "all_private_chats": [command for command in fit if command.alone and not command.staff],
    }
    for scope, shown in by_scope.items():
        languages = dict.fromkeys(language for command in shown for language in command.descriptions)
        for code in ("", *dict.fromkeys(language.partition("-")[0] for language in languages)):
            yield scope, code, [_entry(command, code) for command in shown][:MOST]


def _entry(command: OfferedCommand, code: str) -> dict[str, str]:
    said = command.descriptions
    in_language = (text for language, text in said.items() if language.partition("-")[0] == code)
    return {"command": command.name, "description": next(in_language, next(iter(said.values()), "")) or command.name}
