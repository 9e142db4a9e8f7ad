"""Why a platform refused something, in Chinese, by its English: see ``rules.language.saying``."""
# ruff: noqa: E501 - a table reads best with one sentence a line

from functools import cache

from bot.refusals_on_wechat import SENTENCES as ON_WECHAT
from rules.language.saying import Phrasebook

_WORDS = {
    "Delete messages": "删除消息",
    "Ban users": "封禁用户",
    "Pin messages": "置顶消息",
    "Invite users via link": "通过链接邀请用户",
}
_SENTENCES = {
    "the bot lacks the right “{what}” in this group: open the group, tap its name, “Edit”, “Administrators”, the bot, and switch “{what_too}” on": "机器人在这个群里缺少权限“{what}”：打开群，点群名，“编辑”，“管理员”，选机器人，打开“{what_too}”",
    "Telegram does not let the bot delete this message: it is older than 48 hours, or {why}": "Telegram 不让机器人删除这条消息：它已超过 48 小时，或者{why}",
    "the bot may not write this in the group ({said})": "机器人不能在群里发这样的内容（{said}）",
    "the bot was removed from this group; open the group, tap its name, “Add”, choose the bot": "机器人被移出了这个群；打开群，点群名，“添加”，选机器人",
    "the bot is not in this group; open the group, tap its name, “Add”, choose the bot": "机器人不在这个群里；打开群，点群名，“添加”，选机器人",
    "this person has blocked the bot": "对方拉黑了机器人",
    "this person never wrote to the bot, so it may not write to them": "对方从没给机器人发过消息，机器人不能主动私聊",
    "this person's account was deleted": "对方的账号已注销",
    "this is a bot, and bots cannot write to one another": "对方也是机器人，机器人之间不能私聊",
    "this group no longer exists": "这个群已不存在",
    "the bot may not write in this group; look at its restrictions under “Permissions”": "机器人不能在这个群里发言；请看“权限”里对它的限制",
    "Telegram has restricted this group": "Telegram 限制了这个群",
    "Telegram knows no such person or group": "Telegram 没有这个人或这个群",
    "this member is an admin, and a bot cannot act on admins": "这位成员是管理员，机器人不能处理管理员",
    "this member owns the group": "这位成员是群主",
    "that would be the bot itself": "那是机器人自己",
    "this works in a supergroup only; “Edit”, “Chat history for new members”, “Visible” makes one": "这只在超级群里有效；“编辑”，“新成员可见历史记录”选“可见”，就成了超级群",
    "the topic is closed": "这个话题已关闭",
    "the topic was deleted": "这个话题已删除",
    "there is no such topic in this group": "这个群里没有这个话题",
    "the message is gone, so it cannot be changed": "消息已不在，改不了",
    "Telegram lets nobody change this message any more": "这条消息 Telegram 已不让修改",
    "the message is gone, so it cannot be pinned": "消息已不在，置顶不了",
    "this person is in too many groups to be let in": "对方加的群太多，进不来",
    "there is nothing to say: the text is empty": "没有可说的：文字是空的",
    "a button carries more than Telegram takes": "按钮带的内容超过了 Telegram 的限制",
    "a button leads to an address that Telegram does not take": "按钮的网址 Telegram 不接受",
    "{id} is not of the platform {platform}": "{id} 不是平台 {platform} 的",
    "{id} is no number that Telegram gives": "{id} 不是 Telegram 的编号",
    "{id} is no message": "{id} 不是消息",
    "the message is from before the group became a supergroup: no bot can reach it any more": "这条消息是群升级为超级群以前的，机器人已够不到",
    "a channel cannot be muted for a time, only banned until somebody lifts it": "频道不能限时禁言，只能封禁到有人解封",
    "a channel cannot be banned for a time, only until somebody lifts it": "频道不能限时封禁，只能封禁到有人解封",
    "a channel is no member, so it cannot be removed; it can be banned": "频道不是成员，移不出去；可以封禁",
    "a channel cannot be written to": "不能给频道发私聊",
    "this is the channel that the group belongs to: it is never acted on": "这是本群关联的频道，从不处理",
    "this is the group itself (an anonymous admin): it is never acted on": "这是群本身（匿名管理员），从不处理",
    "this account only stands in for admins and channels: it is never acted on": "这个账号只是管理员或频道的代称，从不处理",
    "“{topic}” is no topic: write its number, which ends the link to it": "“{topic}”不是话题：请写它的编号，就是话题链接末尾的数字",
    "only {said} of {parts} parts of the text were said: {maybe_why}": "文字分 {parts} 段，只发出 {said} 段：{maybe_why}",
    "the group has the number {id} now": "这个群的编号现在是 {id}",
    "there is no connection": "没有网络连接",
    "the platform's answer was lost; it was not said, and when that was known it was too late to repeat it": "平台的回复丢失了；这条没有发出，等确认时已经太晚，不再补发",
    "Telegram does not take the bot's token": "Telegram 不认机器人的 token",
    "this Bot API server is too old for that": "这个 Bot API 服务器版本太旧，做不到",
    "Telegram cannot do this: {effect}": "Telegram 做不到：{effect}",
}


@cache
def _book(language: str) -> Phrasebook | None:
    return Phrasebook((_SENTENCES, ON_WECHAT), _WORDS) if language.startswith("zh") else None


def refusal_in(language: str, why: str) -> str:
    """Why something was refused, in a language where it is known how to say it there."""
    book = _book(language)
    return (book.say(why) if book is not None else None) or why
