"""The configuration that an operator's answers make, from the template of their language."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")
WECHAT = "wechaty"
_IN_CONTAINER = "/"
"""Before the path of the database where the gateway is called as in the composition of ``deploy/``: it is a volume."""
_BLOCK = re.compile(r"^<<([\w+]+)\n(.*?)^>>\n", re.MULTILINE | re.DOTALL)
_NOTES = {
    "en": {
        "risk": "Tencent forbids this and may ban the account: read docs/wechat.md first, never take your main one.",
        "endpoint": "the gateway's machine and port",
        "token": "the token that the gateway was started with, from the environment",
        "puppet": "what drives the account",
        "tls": "only if the gateway was started without TLS",
        "staff": "for a staff room there: login codes come to it",
        "topic": "the group's name in WeChat: its id changes at each login",
        "room": "its id: send /id in the group while the bot runs",
    },
    "zh-CN": {
        "risk": "腾讯禁止这样用，可能封号：请先读 docs/wechat.zh-CN.md，绝不要用自己的主号。",
        "endpoint": "网关的地址和端口",
        "token": "启动网关时用的 token，从环境变量读取",
        "puppet": "登录这个号的程序",
        "tls": "只有网关关闭了 TLS 才写",
        "staff": "管理群建在这里最好：登录二维码会发到那里",
        "topic": "微信里的群名：这个 puppet 每次登录群编号都变",
        "room": "群编号：机器人运行时，在群里发 /id 就知道",
    },
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator said. ``staff_on`` is the platform of the staff room: the group's own, or a second one."""

    language: str
    platform: str
    name: str
    chat: str
    timezone: str
    keep: tuple[str, ...]
    staff: str = ""
    shadow: bool = False
    endpoint: str = "127.0.0.1:8788"
    puppet: str = ""
    staff_on: str = "main"


def configuration(answers: Answers, file: str) -> str:
    """The configuration that the answers make."""
    wanted = set(answers.keep)
    wanted |= {"posts"} if wanted & {"challenge", "digest"} else set()
    wanted |= {"copy"} if wanted & {"welcome", "ads"} else set()
    wanted |= {"staff"} if answers.staff else {"no_staff"}
    wanted |= {"wechat"} if answers.platform == WECHAT else {"elsewhere"}
    template = (TEMPLATES / f"{answers.language}.yaml").read_text(encoding="utf-8")
    text = _BLOCK.sub(lambda block: block.group(2) if wanted.issuperset(block.group(1).split("+")) else "", template)
    values = {
        "title": " ".join(answers.name.split()),
        "file": file,
        "timezone": answers.timezone,
        "platform": "\n".join(_platforms(answers)),
        "chat": _chat(answers),
        "name": _quoted(answers.name),
        "mode": ("shadow" if answers.shadow else "enforce").ljust(7),
        "database": f"sqlite:///{_IN_CONTAINER if answers.endpoint.startswith('gateway:') else ''}data/groupkeeper.db",
        "staff_on": answers.staff_on,
        "staff": _quoted(answers.staff),
    }
    return re.sub(r"@(\w+)@", lambda match: values[match.group(1)], text)


def token_variables(answers: Answers) -> tuple[str, ...]:
    """The environment variables in which the platforms' tokens are expected."""
    platforms = [answers.platform] if answers.staff_on == "main" else [answers.platform, answers.staff_on]
    return tuple(f"{platform.upper()}_TOKEN" for platform in platforms if platform != "console")


def _platforms(answers: Answers) -> Iterator[str]:
    kind = answers.platform
    if kind == "console":
        yield f"  main: {{ type: console, group: {_quoted(answers.chat)} }}"
    elif kind == WECHAT:
        notes = _NOTES[answers.language]
        yield f"  # {notes['risk']}"
        yield "  main:"
        yield f"    type: {WECHAT}"
        for name, value in (
            ("endpoint", _quoted(answers.endpoint)),
            ("token", '"${WECHATY_TOKEN}"'),
            ("puppet", answers.puppet),
        ):
            yield f"    {name}: {value}".ljust(34) + f" # {notes[name]}"
        yield "    # tls: off".ljust(34) + f" # {notes['tls']}"
        if answers.staff_on != "telegram":
            yield '  # telegram: { type: telegram, token: "${TELEGRAM_TOKEN}" }'.ljust(34) + f"   # {notes['staff']}"
    else:
        yield f'  main: {{ type: {kind}, token: "${{{kind.upper()}_TOKEN}}" }}'
    if answers.staff_on != "main":
        other = answers.staff_on
        yield f'  {other}: {{ type: {other}, token: "${{{other.upper()}_TOKEN}}" }}'


def _chat(answers: Answers) -> str:
    chat = _quoted(answers.chat)
    if answers.platform != WECHAT:
        return chat
    return f"{chat}   # {_NOTES[answers.language]['topic' if answers.chat.startswith('topic=') else 'room']}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
