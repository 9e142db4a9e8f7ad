"""The nearest right word for a wrong one: misspelt, or written in Chinese."""

import difflib
from collections.abc import Iterable

_CHINESE = {
    "删除": "delete", "撤回": "delete", "禁言": "mute", "踢出": "kick", "踢": "kick", "移出": "kick", "封禁": "ban",
    "拉黑": "ban", "警告": "warn", "提醒": "remind", "回复": "reply", "发送": "send", "私聊": "send_private",
    "置顶": "pin", "标签": "tag", "积分": "points", "通知": "alert", "链接": "links", "角色": "role",
    "包含": "text_has_any", "关键词": "text_has_any", "并且": "all", "或者": "any", "规则": "rules", "群": "groups",
    "群组": "groups", "名称": "name", "时间": "at", "触发": "when", "条件": "if", "动作": "then", "模式": "mode",
    "消息": "message", "加入": "join", "离开": "leave", "编辑": "edit", "执行": "enforce", "试运行": "shadow",
    "关闭": "off", "当": "when", "如果": "if", "那么": "then", "版本": "version", "平台": "platforms",
    "默认": "defaults",
    "成员": "role", "定时": "schedules", "日程": "schedules", "文案": "copy", "文字": "copy", "欢迎": "welcome",
    "日历": "calendar", "话题": "topics", "测试": "tests", "天": "days", "链接到": "links", "联系方式": "contact",
    "时段": "windows", "阶梯": "ladders", "新人": "onboarding", "活动": "activities", "打卡": "checkin",
    "时区": "timezone", "语言": "language", "内容": "post", "发布": "post", "进群": "join", "退群": "leave",
    "仅观察": "shadow", "观察": "shadow", "发言": "message", "修改": "edit", "命令": "command", "按钮": "button",
    "入群申请": "join_request", "定时任务": "schedule", "表情": "reaction", "表情回应": "reaction",
}  # fmt: skip
_LONGEST = 64
"""Longer words are no misspelt names, and comparing them takes long."""


def suggest(word: str, right: Iterable[str]) -> str:
    """``; did you mean `mute`?`` where one of the right words is near, else nothing."""
    near = nearest_word(word, right)
    return f"; did you mean `{near}`?" if near else ""


def nearest_word(word: str, right: Iterable[str]) -> str | None:
    """The right word that a wrong one was meant to be, as far as can be told."""
    if len(word) > _LONGEST:
        return None
    known = list(right)
    chinese = _CHINESE.get(word)
    if chinese in known:
        return chinese
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    by_fold = {name.lower().replace("-", "_"): name for name in known}
    if folded in by_fold:
        return by_fold[folded]
    begun = [name for name in by_fold if name.startswith(f"{folded}_")]  # `answer` is `answer_any`, not `no_answer`
    near = begun if len(begun) == 1 else difflib.get_close_matches(folded, by_fold, 1, 0.7)
    return by_fold[near[0]] if near else None
