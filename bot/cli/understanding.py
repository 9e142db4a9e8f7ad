"""What an operator means by an answer to the wizard: in Chinese, by a city's name, or nearly right."""

import re
from functools import cache
from zoneinfo import available_timezones

_FEATURES = {
    "欢迎": "welcome", "迎新": "welcome", "新人": "welcome", "广告": "ads", "防广告": "ads", "ad": "ads",
    "挑战": "challenge", "每日挑战": "challenge", "打卡": "challenge", "日报": "digest", "晚报": "digest",
    "汇总": "digest", "总结": "digest",
}  # fmt: skip
_ALL = frozenset({"all", "everything", "全部", "全都", "都要", "所有"})
_SHANGHAI = "Asia/Shanghai"
_CITIES = {
    **dict.fromkeys(("北京", "上海", "广州", "深圳", "杭州", "成都", "重庆", "中国", "东八区", "北京时间"), _SHANGHAI),
    **dict.fromkeys(("beijing", "asia/beijing", "china", "utc+8", "gmt+8", "utc+08:00", "shenzhen"), _SHANGHAI),
    "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "台湾": "Asia/Taipei", "澳门": "Asia/Macau",
    "新加坡": "Asia/Singapore", "吉隆坡": "Asia/Kuala_Lumpur", "东京": "Asia/Tokyo", "首尔": "Asia/Seoul",
    "曼谷": "Asia/Bangkok", "悉尼": "Australia/Sydney", "墨尔本": "Australia/Melbourne", "伦敦": "Europe/London",
    "巴黎": "Europe/Paris", "柏林": "Europe/Berlin", "纽约": "America/New_York", "多伦多": "America/Toronto",
    "洛杉矶": "America/Los_Angeles", "旧金山": "America/Los_Angeles", "温哥华": "America/Vancouver",
}  # fmt: skip
_YES = frozenset({"yes", "y", "true", "shadow", "是", "是的", "对", "好", "要", "仅观察", "观察"})
_NO = frozenset({"no", "n", "false", "enforce", "否", "不", "不是", "不要", "不用", "执行"})

_WECOM = frozenset({"企业微信", "企微", "wecom", "wework", "wxwork", "workpro", "qywx"})
_PLATFORMS = {
    **dict.fromkeys(("wechat", "weixin", "wx", "微信", "个人微信", "微信群", "wechaty", *_WECOM), "wechaty"),
    **dict.fromkeys(("tg", "telegram", "电报", "纸飞机"), "telegram"),
    **dict.fromkeys(("console", "终端", "控制台"), "console"),
}
_GATEWAY_PORT = 8788


def platform(answer: str) -> str:
    """A platform by the name of its adapter; a word that names none stays as it is."""
    word = answer.strip()
    return _PLATFORMS.get(word.casefold(), word)


def is_wecom(answer: str) -> bool:
    """Whether somebody who named a platform meant WeCom and not personal WeChat."""
    return answer.strip().casefold() in _WECOM


def puppet(answer: str) -> str:
    """A puppet by the name that is written in the configuration; it may have been named by its package."""
    return answer.strip().casefold().removeprefix("wechaty-puppet-")


def endpoint(answer: str) -> str:
    """The gateway's machine and port; its port where none was said."""
    address = re.sub(r"^\w+://", "", answer.strip().replace("：", ":")).rstrip("/")
    return address if not address or ":" in address else f"{address}:{_GATEWAY_PORT}"


def features(answer: str, known: tuple[str, ...]) -> str:
    """What the bot shall do, by the features' own names; a word that is none stays as it is."""
    words = [part for part in re.split(r"[\s,，、;；和]+", answer.strip()) if part]
    if any(word.casefold() in _ALL for word in words):
        return " ".join(known)
    return " ".join(dict.fromkeys(_FEATURES.get(word.casefold(), word) for word in words))


def zone(answer: str) -> str:
    """A time zone by its IANA name; what is none stays as it is."""
    word = answer.strip()
    if word in available_timezones():
        return word
    folded = word.casefold().replace(" ", "_")
    bare = folded.removesuffix("时间").removesuffix("市")
    return _CITIES.get(folded) or _CITIES.get(bare) or _by_city(folded) or word


def yes_or_no(answer: str) -> str:
    """``yes`` or ``no``; what is neither stays as it is."""
    folded = answer.strip().casefold()
    return "yes" if folded in _YES else "no" if folded in _NO else answer


def _by_city(folded: str) -> str | None:
    found = _names().get(folded, set())
    return next(iter(found)) if len(found) == 1 else None


@cache
def _names() -> dict[str, set[str]]:
    """The zones that a whole name, or the name of a city alone, may mean."""
    names: dict[str, set[str]] = {}
    for name in available_timezones():
        names.setdefault(name.casefold(), set()).add(name)
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/")):
            names.setdefault(name.rpartition("/")[2].casefold(), set()).add(name)
    return names
