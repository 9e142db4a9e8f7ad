"""What a person types in a chat: an order to the simulation, or words to be said."""

import re
from dataclasses import dataclass

from rules.durations import parse_duration
from rules.values import PlatformRole

_ALIASES = {
    "as": ("as", "扮演"),
    "join": ("join", "加入", "进群"),
    "leave": ("leave", "离开", "退群"),
    "role": ("role", "角色"),
    "in": ("in", "去"),
    "reply": ("reply", "回复"),
    "edit": ("edit", "修改"),
    "press": ("press", "按"),
    "private": ("private", "私聊"),
    "at": ("at", "时间"),
    "why": ("why", "为什么"),
    "who": ("who", "people", "成员"),
    "state": ("state", "数据"),
    "restart": ("restart", "重启"),
    "say": ("say", "说"),
    "help": ("help", "帮助", "?"),
    "quit": ("quit", "exit", "退出"),
}
_ORDERS = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_ROLES = {
    **{role.value: role for role in PlatformRole},
    "成员": PlatformRole.MEMBER,
    "管理员": PlatformRole.ADMIN,
    "群主": PlatformRole.OWNER,
}
_NAME = r"[^\s/:]\S{0,63}"
_SHAPES = {
    "as": re.compile(rf"({_NAME})"),
    "join": re.compile(rf"({_NAME}(?:\s+{_NAME})*)"),
    "leave": re.compile(rf"({_NAME})?"),
    "role": re.compile(rf"({_NAME})\s+({'|'.join(_ROLES)})"),
    "in": re.compile(rf"({_NAME})"),
    "reply": re.compile(r"(\d+)\s+(.+)", re.DOTALL),
    "edit": re.compile(r"(\d+)\s+(.+)", re.DOTALL),
    "press": re.compile(r"(\d+)(?:\s+(\d+))?"),
    "private": re.compile(r"(.+)", re.DOTALL),
    "at": re.compile(r"((?:\d{4}-\d{2}-\d{2}\s+)?\d{1,2}[:：]\d{2})"),
    "why": re.compile(r"(\d+)?"),
    "say": re.compile(r"(.+)", re.DOTALL),
}
_NOTHING = re.compile("")
_LATER = re.compile(r"\+\s*(\S+)")
_ANSWER = re.compile(r">\s*(\d+)\s+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its name, and what it is about. ``say`` is what anything that is no order becomes."""

    name: str
    parts: tuple[str, ...] = ()


def parse_order(line: str) -> Order:
    """The order that a line gives. A line that only begins like one (`as if!`) is said: it must have the full shape."""
    line = line.strip()
    later = _LATER.fullmatch(line)
    if later is not None:
        try:
            parse_duration(later[1])
        except ValueError:
            return Order("say", (line,))
        return Order("later", (later[1],))
    answer = _ANSWER.fullmatch(line)
    if answer is not None:
        return Order("reply", (answer[1], answer[2]))
    word, _, rest = line.partition(" ")
    name = _ORDERS.get(word.casefold())
    if name is not None:
        shape = _SHAPES.get(name, _NOTHING).fullmatch(rest.strip())
        if shape is not None:
            return Order(name, tuple(part for part in shape.groups() if part is not None))
    return Order("say", (line,))


def role_named(word: str) -> PlatformRole:
    """The role that a word of the order ``role`` means."""
    return _ROLES[word]
