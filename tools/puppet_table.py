"""The table of puppets in docs/wechat.md and docs/wechat.zh-CN.md: what each of them declares that it can do."""

from collections.abc import Iterator, Mapping
from typing import Literal

from adapters.wechaty.puppets import PUPPETS, Puppet
from rules.capability import Capability

Language = Literal["en", "zh-CN"]

BEGIN, END = "<!-- puppets: written by `make docs` -->", "<!-- /puppets -->"

ROWS: Mapping[Capability, tuple[str, str]] = {
    Capability.SEND: ("write in the group", "在群里发消息"),
    Capability.SEND_PRIVATE: ("write to one person alone", "私聊某个人"),
    Capability.SEND_PICTURE: ("send pictures", "发图片"),
    Capability.SEND_DOCUMENT: ("send files", "发文件"),
    Capability.MENTION: ("@ a member so that the phone rings", "@ 成员，对方会收到提醒"),
    Capability.KICK: ("remove a member (who may come back)", "移出成员（之后还能再进群）"),
    Capability.ANNOUNCE: ("set the group's notice", "发群公告"),
    Capability.RENAME: ("rename the group", "改群名"),
    Capability.INVITE: ("bring people into the group", "拉人进群"),
    Capability.JOIN_REQUESTS: ("accept friend requests", "通过好友申请"),
    Capability.DELETE_OWN: ("recall its own messages", "撤回自己发的消息"),
    Capability.SEE_JOINS: ("notice who comes", "看到谁进群"),
    Capability.SEE_LEAVES: ("notice who goes", "看到谁退群"),
    Capability.SEE_EDITS: ("notice changed messages", "看到消息被修改"),
    Capability.SEE_REACTIONS: ("notice reactions", "看到表情回应"),
    Capability.MUTE: ("mute a member", "禁言成员"),
    Capability.DELETE: ("delete another's message", "删除别人的消息"),
    Capability.DELETE_MANY: ("delete several at once", "一次删除多条"),
    Capability.BAN: ("ban for good", "永久封禁"),
    Capability.PIN: ("pin messages", "置顶消息"),
    Capability.EDIT_OWN: ("change its own messages", "修改自己发的消息"),
    Capability.BUTTONS: ("show buttons", "显示按钮"),
    Capability.ANSWER_BUTTONS: ("answer a press on a button", "回应按钮的点击"),
}
"""Every capability in words: English, Chinese."""

_HEAD = {"en": "it can", "zh-CN": "能做什么"}
_ACCOUNT = {"en": "account", "zh-CN": "账号类型"}
_NONE = {"en": "none of them can", "zh-CN": "都做不到的"}
_IDS = {"en": "ids stay the same at a new login", "zh-CN": "重新登录后，群和人的编号不变"}
_AT = {"en": "text only", "zh-CN": "只是文字"}
_MARKS = {"en": (": ", ", ", "."), "zh-CN": ("：", "、", "。")}
_TITLES = {"en": {"WeChat": "WeChat", "WeCom": "WeCom"}, "zh-CN": {"WeChat": "个人微信", "WeCom": "企业微信"}}


def puppets() -> Mapping[str, Puppet]:
    """The puppets of the table: those that drive an account."""
    return {name: puppet for name, puppet in PUPPETS.items() if name != "mock"}


def puppet_table(language: Language) -> str:
    """The table, in Markdown."""
    return "\n".join(_lines(language))


def with_table(page: str, language: Language) -> str:
    """A page whose block between the marks is written anew. Raises ``ValueError`` where it has no such block."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no block between {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{puppet_table(language)}\n\n{END}{after}"


def _lines(language: Language) -> Iterator[str]:
    every = puppets()
    which = ("en", "zh-CN").index(language)
    yield _row(_HEAD[language], (f"`{name}`" for name in every))
    yield "|---|" + ":-:|" * len(every)
    yield _row(_ACCOUNT[language], (_TITLES[language][puppet.title] for puppet in every.values()))
    for capability, words in ROWS.items():
        if any(capability in puppet.capabilities for puppet in every.values()):
            yield _row(words[which], (_cell(puppet, capability, language) for puppet in every.values()))
    yield _row(_IDS[language], ("✓" if puppet.stable_ids else "–" for puppet in every.values()))
    able = frozenset[Capability]().union(*(puppet.capabilities for puppet in every.values()))
    colon, comma, stop = _MARKS[language]
    yield ""
    never = comma.join(words[which] for capability, words in ROWS.items() if capability not in able)
    yield f"**{_NONE[language]}**{colon}{never}{stop}"


def _row(head: str, cells: Iterator[str]) -> str:
    return f"| {head} | {' | '.join(cells)} |"


def _cell(puppet: Puppet, capability: Capability, language: Language) -> str:
    if capability is Capability.MENTION and not puppet.pings:
        return _AT[language]
    return "✓" if capability in puppet.capabilities else "–"
