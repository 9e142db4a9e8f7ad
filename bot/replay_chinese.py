"""What a replay says of the history, in Chinese, by its English: see ``rules.language.saying``."""
# ruff: noqa: E501 - a table reads best with one sentence a line

from functools import cache

from rules.language.saying import Phrasebook

_WORDS = {
    "private chats": "私聊",
    "chats of an unknown type, read as supergroups": "类型不明、按超级群读取的聊天",
    "service messages": "系统消息",
    "joins of nobody known": "不知道是谁的进群",
    "joins or leaves of deleted accounts": "已注销账号的进群或退群",
    "without a date": "没有日期的消息",
}
_SENTENCES = {
    "{chat} is not in the configuration: replayed as `{key}`, the first one configured; choose another with --group": "配置里没有 {chat}：按配置里的第一个群 `{key}` 重放；换一个请用 --group",
    "{chat} is not in the configuration: replayed as `{key}`, the one configured": "配置里没有 {chat}：按配置里唯一的群 `{key}` 重放",
    "{count} messages were edited later; they are read as they stand now": "有 {count} 条消息后来修改过；按现在的样子读取",
    "{count} {what} passed over": "跳过了 {count} 条{what}",
    "{count} of type {kind} passed over": "跳过了 {count} 条类型为 {kind} 的消息",
    "stopped by hand": "手动停止",
    "no chat is `{chat}`; name one with --chat, and with --group whose rules to use: {chats}": "没有叫 `{chat}` 的聊天；请用 --chat 写一个，用 --group 写用哪个群的规则：{chats}",
    "none of its chats is in the configuration; name one with --chat, and with --group whose rules to use: {chats}": "其中没有配置里的聊天；请用 --chat 写一个，用 --group 写用哪个群的规则：{chats}",
    "the configuration has no group whose rules could be replayed; add one under groups:": "配置里没有群，没有规则可以重放；请在 groups: 下面加一个",
    "`{group}` is no group of the configuration; did you mean `{near}`?": "配置里没有 `{group}` 这个群；是不是想写 `{near}`？",
    "`{group}` is no group of the configuration; write one of {groups}": "配置里没有 `{group}` 这个群；请写其中一个：{groups}",
    "{file}: empty; {maybe_how}": "{file}：是空的；{maybe_how}",
    "{file}: a web page, as of an export in HTML; {maybe_how}": "{file}：是网页，像是导出成了 HTML；{maybe_how}",
    "{file}: no history that we know, it begins with `{shown}`; {maybe_how}": "{file}：不是认得的聊天记录，开头是 `{shown}`；{maybe_how}",
    "write our JSON lines, or in Telegram Desktop choose Export chat history and Machine-readable JSON": "请写成我们的 JSON 行格式，或在 Telegram Desktop 里选“导出聊天记录”和“机器可读的 JSON”",
    "{file}: a zip archive; unpack it and name the result.json inside": "{file}：是 zip 压缩包；请解压后写里面的 result.json",
    "{file}: written in UTF-16; save it as UTF-8 and try again": "{file}：是 UTF-16；请另存为 UTF-8 再试",
    "{place}: not written in UTF-8; save the file as UTF-8": "{place}：不是 UTF-8；请另存为 UTF-8",
    "{place}: the file breaks off{after} (byte {byte})": "{place}：文件在这里中断{after}（第 {byte} 字节）",
    "{place}: the file breaks off (byte {byte})": "{place}：文件在这里中断（第 {byte} 字节）",
}


@cache
def notes_in(language: str) -> Phrasebook | None:
    """The phrases of a replay in a language; None for English."""
    return Phrasebook((_SENTENCES,), _WORDS) if language.startswith("zh") else None
