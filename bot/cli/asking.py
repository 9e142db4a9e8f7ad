"""Asking an operator, in their language: what is not understood is asked again, and what was understood is told."""

import re
from collections.abc import Callable
from typing import TypedDict, Unpack

import typer

from rules.errors import Complaint, Place
from rules.language.saying import said

ASKED = {
    "en": {
        "platform": "Which platform is the group on? ({choices}; WeChat and WeCom are wechaty)",
        "name": "What is the group called?",
        "chat": "Its id on the platform (-100... on Telegram; any name for the console)",
        "timezone": "Its time zone, as an IANA name such as Europe/London",
        "keep": "What shall the bot do? Any of {choices}, or all",
        "staff": "The id of a room for staff, which reports and alerts go to (Enter: none)",
        "shadow": "Begin by watching only, so that rules say what they would do and do nothing? (yes, no)",
        "platform?": "there is no platform `{value}` here; write one of {choices}",
        "puppet?": "there is no puppet `{value}`; write one of {choices}",
        "timezone?": "there is no time zone `{value}`{near}",
        "keep?": "`{value}` is none of {choices}",
        "empty?": "write something",
        "near": "; did you mean {near}?",
        "staff?": "`{value}` is the group itself; name another room, or none",
        "shadow?": "`{value}` is neither yes nor no",
        "understood": "  → {value}",
        "exists": "{file}: is there already; name another file, or move it away",
        "written": "Wrote {file}. Next:",
        "from": "the bot's token, from {giver}",
        "from_TELEGRAM_TOKEN": "the bot's token, from @BotFather",
        "from_WECHATY_TOKEN": "the token that the gateway was started with",
        "doctor": "the token works, and the bot has the rights that it needs",
        "puppet": "What drives the account behind the gateway?\n{listed}\n  Which? (docs/wechat.md compares them)",
        "endpoint": "Where is the Wechaty gateway? Machine and port (gateway:8788 in the composition of deploy/)",
        "topic": "The group's name in WeChat, exactly: this puppet gives the group another id at each login",
        "unknown": "not-known-yet",
        "room": "The group's id in WeChat (Enter: not known yet; the bot tells it when you send /id in the group)",
        "staff_wechat": "A room for staff, best on Telegram, as the code to log the account in with comes there: the "
        "number of a Telegram group (-100...), `telegram` if not known yet, or another WeChat group (Enter: none)",
        "wechat!": "Read docs/wechat.md first: which account, at what risk, and how to start the gateway.",
        "id!": "While it runs, send /id in the group: the bot answers with the id, which belongs into {file} as chat:",
        "telegram_id!": "Bring the Telegram bot into the staff room and send /id there, too.",
        "check": "the file is sound",
        "chat!": "try it out",
        "run": "keep the group",
    },
    "zh-CN": {
        "platform": "群在哪个平台上？（{choices}；微信、企业微信就写“微信”“企业微信”）",
        "name": "群叫什么名字？",
        "chat": "群在平台上的编号（Telegram 是 -100 开头的数字；console 随便写一个）",
        "timezone": "群的时区，例如 北京、香港，或 IANA 名称 Asia/Shanghai",
        "keep": "要机器人做什么？可选 {choices}（欢迎、广告、挑战、日报），全部都要写“全部”",
        "staff": "管理群的编号，报告和提醒会发到那里（没有就直接回车）",
        "shadow": "先只观察吗？规则只说“本来会做什么”，不真正动手（是、否）",
        "platform?": "这里没有平台 `{value}`；请写其中一个：{choices}",
        "puppet?": "没有 puppet `{value}`；请写其中一个：{choices}",
        "timezone?": "没有时区 `{value}`{near}",
        "keep?": "`{value}` 不在可选项里：{choices}",
        "empty?": "请写点什么",
        "near": "；是不是 {near}？",
        "staff?": "`{value}` 就是这个群；请写另一个群，或者不写",
        "shadow?": "`{value}` 不是“是”也不是“否”",
        "understood": "  → {value}",
        "exists": "{file}：文件已经存在；请换个文件名，或先把它移走",
        "written": "已写好 {file}。接下来：",
        "from": "机器人的 token，向 {giver} 取得",
        "from_TELEGRAM_TOKEN": "机器人的 token，向 @BotFather 取得",
        "from_WECHATY_TOKEN": "启动网关时用的 token",
        "doctor": "检查 token 和机器人的权限",
        "puppet": "网关后面用哪个 puppet 登录账号？\n{listed}\n  选哪个？（docs/wechat.zh-CN.md 里有对比）",
        "endpoint": "Wechaty 网关的地址和端口（用 deploy/ 里的容器编排时写 gateway:8788）",
        "topic": "微信里的群名，一字不差：这个 puppet 每次登录群编号都会变，只能靠群名认群",
        "unknown": "还不知道",
        "room": "微信群的编号（还不知道就直接回车：机器人运行时在群里发 /id，它会告诉您）",
        "staff_wechat": "管理群，最好建在 Telegram 上，因为登录二维码会发到那里：写 Telegram 群号（-100 开头），"
        "还不知道群号就写 telegram；也可以写另一个微信群；没有就直接回车",
        "wechat!": "请先读 docs/wechat.zh-CN.md：用哪个号、有什么风险、怎么启动网关。",
        "id!": "运行之后在群里发 /id，机器人会回复群编号，把它写进 {file} 的 chat:",
        "telegram_id!": "把 Telegram 机器人拉进管理群，在那里也发一次 /id。",
        "check": "检查文件",
        "chat!": "试一试",
        "run": "正式开始",
    },
}

PUPPETS = {
    "en": {
        "workpro": "WeCom; hosted, paid; the most able that is still looked after",
        "wxwork": "WeCom; what workpro replaced, for those who still have a token",
        "wechat4u": "a personal account; free; ids change at each login; many accounts are not let in",
        "padlocal": "a personal account; hosted, paid; hardly logs in any more",
        "xp": "a personal account in WeChat for Windows; hears and speaks, and nothing else",
    },
    "zh-CN": {
        "workpro": "企业微信；付费托管；功能最全、还有人维护",
        "wxwork": "企业微信；workpro 的前身，手里还有 token 才用",
        "wechat4u": "个人微信；免费；每次登录编号都变，很多号登不上",
        "padlocal": "个人微信；付费托管；现在很难登录",
        "xp": "个人微信，挂在 Windows 版微信上；只能收发消息",
    },
}
"""A word on each puppet that a group is kept with."""


class Asking(TypedDict, total=False):
    """How a question is asked. ``words``: by another key than its own; ``listed``: what it shows, line by line."""

    choices: tuple[str, ...]
    meant: Callable[[str], str]
    words: str
    listed: str


class Asker:
    """Asks on the terminal what no option said; with ``yes`` it takes what is usual."""

    def __init__(self, language: str, *, yes: bool) -> None:
        self.language = language
        self.words = ASKED[language]
        self.puppets = PUPPETS[language]
        self._yes = yes

    def ask(self, key: str, given: str | None, usual: str, check: Callable[[str], str], **how: Unpack[Asking]) -> str:
        """The answer to a question. Raises ``BadParameter`` where the option that gave it is wrong."""
        meant = how.get("meant", str.strip)
        if given is not None or self._yes:
            value = usual if given is None else meant(given)
            if fault := check(value):
                raise typer.BadParameter(fault, param_hint=f"--{key}")
            return value
        question = self.words[how.get("words", key)]
        question = question.format(choices=", ".join(how.get("choices", ())), listed=how.get("listed", ""))
        while True:
            typed = typer.prompt(question, default=usual, show_default=bool(usual))
            value = meant(typed)
            if fault := check(value):
                typer.echo(fault)
                continue
            if value != typed.strip():
                typer.echo(self.words["understood"].format(value=value))
            return value

    def told(self, complaint: str) -> str:
        """A complaint in the operator's language."""
        return said(Complaint(Place("chat"), complaint), self.language).message

    def among(self, key: str, known: tuple[str, ...]) -> Callable[[str], str]:
        """A check that every word of an answer is a known one."""

        def check(value: str) -> str:
            wrong = next((part for part in parts(value) if part not in known), None)
            return "" if wrong is None else self.words[f"{key}?"].format(value=wrong, choices=", ".join(known))

        return check


def parts(value: str) -> tuple[str, ...]:
    """The words of an answer, each once."""
    return tuple(dict.fromkeys(re.split(r"[\s,，、]+", value.strip())))
