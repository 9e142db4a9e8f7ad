"""The wizard's questions about a WeChat group: the puppet, its gateway, how the group is known, the staff room."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from adapters.protocol import AdapterType
from adapters.settings import checked
from adapters.wechaty.naming import TOPIC, id_of_topic
from adapters.wechaty.puppets import PUPPETS
from adapters.wechaty.settings import WechatySettings
from bot.cli import understanding
from bot.cli.asking import Asker

_USUAL: Mapping[str, Any] = {"endpoint": "127.0.0.1:8788", "token": "not-asked", "puppet": "mock"}
STAFF_ON_TELEGRAM = "-1009876543210"
"""Stands for a staff room on Telegram whose number is not known yet."""


def missing_packages(kind: AdapterType, asker: Asker) -> str:
    """What has to be installed before a WeChat group can be kept; empty where nothing is missing."""
    try:
        kind.declared(_USUAL)
    except ValueError as error:
        return asker.told(str(error))
    return ""


def ask_puppet(asker: Asker, given: str | None, *, wecom: bool) -> str:
    """What drives the account; who named WeCom is shown those for WeCom alone."""
    shown = {name: words for name, words in asker.puppets.items() if not wecom or PUPPETS[name].title == "WeCom"}
    return asker.ask(
        "puppet",
        given,
        "workpro" if wecom else "wechat4u",
        asker.among("puppet", (*shown, *(name for name in PUPPETS if name not in shown))),
        listed="\n".join(f"  {name:<10}{words}" for name, words in shown.items()),
        meant=understanding.puppet,
    )


def ask_endpoint(asker: Asker, given: str | None) -> str:
    """Where the gateway is."""

    def check(value: str) -> str:
        try:
            checked(WechatySettings, {**_USUAL, "endpoint": value})
        except ValueError as error:
            return asker.told(str(error))
        return ""

    return asker.ask("endpoint", given, _USUAL["endpoint"], check, meant=understanding.endpoint)


def ask_room(asker: Asker, given: str | None, puppet: str, name: str, check: Callable[[str], str]) -> str:
    """The group's id, or its name where ids change; something that stands for an id that is not known yet."""
    if not PUPPETS[puppet].stable_ids:
        return asker.ask("chat", given, id_of_topic(name), check, words="topic", meant=by_name)
    room = asker.ask("chat", given, "", lambda value: check(value) if value else "", words="room")
    return room or asker.words["unknown"]


def ask_staff(asker: Asker, given: str | None, puppet: str, check: Callable[[str], str]) -> str:
    """The staff room: the number of a Telegram group, or another WeChat group; empty: none."""

    def meant(answer: str) -> str:
        word = answer.strip()
        if understanding.platform(word) == "telegram":
            return STAFF_ON_TELEGRAM
        if not word or on_telegram(word) or PUPPETS[puppet].stable_ids:
            return word
        return by_name(word)

    return asker.ask(
        "staff", given, "", lambda value: "" if on_telegram(value) else check(value), words="staff_wechat", meant=meant
    )


def by_name(answer: str) -> str:
    """The id of a group that is known by its name."""
    word = answer.strip()
    return word if not word or word.startswith(TOPIC) else id_of_topic(word)


def on_telegram(room: str) -> bool:
    """Whether this is the number of a group on Telegram; none on WeChat looks like it."""
    return re.fullmatch(r"-\d+", room) is not None
