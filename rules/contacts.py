"""Contact drops: the ways to get in touch outside the group that a text gives, such as 加微信 or QQ 12345678."""

import re
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

KINDS = ("wechat", "qq", "phone", "telegram", "whatsapp", "email")


class FoundContact(NamedTuple):
    """One contact: its kind, and the words that give it."""

    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


# No pattern of a kind is run on a text that has none of its tokens, nor a run of digits where numbers are the kind's.
_TOKENS = {
    "wechat": "微|威|薇|维|徽|溦|卫星|绿泡泡|wei信|wei 信|wechat|weixin|vx|v x|wx|w x|v信|v 信|v❤|v:|v :|v=|v ="
    "|加v|加 v|加我v|加我 v|加个v|加个 v|+v|+ v|+我v|+个v|➕|♥|❤|\U0001f49a",
    "qq": "扣扣|qq|企鹅|q群|q裙|q:|q号|\U0001f427",
    "telegram": "telegram|tg|t.me/|电报|飞机|飛機|電報|@",
    "whatsapp": "whatsapp|whats app|wa.me|api.whatsapp",
    "email": "@",
    "phone": "\u20e3",
}
_INDEX = ahocorasick_rs.AhoCorasick([token for tokens in _TOKENS.values() for token in tokens.split("|")])
_TOKEN_KINDS = [kind for kind, tokens in _TOKENS.items() for _ in tokens.split("|")]
_NUMBERED = frozenset(("qq", "phone"))
_DIGITS = re.compile(r"[0-9][0-9\s.()-]{4}")
_HAN_NUMBER = re.compile(
    "[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺][零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺0-9]{5,}"
)
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "001234567891234567891")
_DECORATION = re.compile("[\u20e3➕❤♥\U0001f49a\U0001f427]")
_DECORATED = {"\u20e3": "", "➕": "+", "❤": "❤", "♥": "❤", "\U0001f49a": "微信", "\U0001f427": "qq"}

_WECHAT = (
    r"(?:[微威薇维徽溦]\s?[信x❤]|wei\s?信|v\s?[信❤]|(?<![a-z0-9])v\s?x|(?<![a-z0-9])w\s?x(?![a-z])"
    r"|(?<![a-z])(?:wechat|weixin)(?![a-z])|绿泡泡|(?<=[加我])卫星|卫星(?=号|\s?[:=]))"
)
_ID = r"(?:[a-z](?=[a-z_-]{0,19}[0-9_-])[a-z0-9_-]{4,19}|1[3-9](?:[\s-]?\d){9}(?!\d))"
# Letter by letter: `b o o k 8 8 9 9`.
_SPREAD_ID = r"[a-z](?=(?:\s[a-z_-]){0,18}\s[0-9])(?:\s[a-z0-9_-]){5,19}(?![a-z0-9])"
# Who asks whether, or says that it is done, gives nothing: 方便加个微信吗, 我加你微信了; unless a number follows.
_ASKING = (
    r"(?!\s{0,2}(?:的?好友|群|号)?\s{0,2}(?:[过呗]|了(?!解)|[^\n,。!;领送赚免]{0,8}(?:[吗嘛么]|[好行]不|\?))"
    r"(?![^\n]{0,12}[a-z0-9_-]{5}))"
    r"(?!支付|付款|转账|红包|读书|公众号|小程序|步数)"
)
_ADD = (
    r"(?:(?<![不没])加|(?<![a-z0-9])\+|扫|私聊?|联系|add\s|dm\s|my\s)\s{0,2}"
    r"(?:我|你|个|下|一下|您|老师|客服|群主|管理员?)?的?\s{0,2}"
)
_ALONE = "(?![a-z0-9㐀-䶿一-鿿])"
_PATTERNS: dict[str, tuple["re.Pattern[str]", ...]] = {
    "wechat": (
        re.compile(rf"{_WECHAT}\s?(?:号?同(?:手机)?号?|号码?|id|号是|是)?\s?[:=_>~→-]*\s{{0,3}}{_ID}"),
        re.compile(rf"{_WECHAT}\s?(?:号码?|id)?\s?[:=]\s{{0,3}}[a-z][a-z0-9_-]{{5,19}}"),
        re.compile(rf"{_WECHAT}\s?(?:号码?|id|号是|是)?\s?[:=]?\s{{0,3}}{_SPREAD_ID}"),
        re.compile(rf"{_ADD}{_WECHAT}{_ASKING}"),
        re.compile(rf"(?<![a-z0-9])(?:v|(?:(?<![㐀-鿿])|(?<=[加主我服师]))[薇威])\s?[:=]\s{{0,3}}{_ID}"),
        # A bare V or 薇 says little by itself: `加v8` and `添加微量元素` are no contacts.
        re.compile(
            rf"(?:加|(?<![a-z0-9])\+)\s?[我个]?\s?(?:v|[薇微])(?:{_ALONE}|(?=[领拿看进拉备聊咨]|了解)|\s?[:=]?\s?{_ID})"
        ),
        re.compile(r"(?<![a-z])wxid_[a-z0-9]{6,20}"),
        # 微 abc123, 薇 12345678: no word ends so. 稍微, 细微 and their like are words.
        re.compile(
            r"(?<![稍细轻略些显卑甚低入])[微薇威徽溦]\s{0,2}[:=号]?\s{0,2}"
            r"(?:(?=[a-z_-]{0,12}[0-9])[a-z][a-z0-9_-]{4,19}|[0-9]{6,11}(?![0-9]))"
        ),
    ),
    "qq": (
        re.compile(
            r"(?:(?<![a-z])qq?|扣扣|企鹅号?)\s?(?:交流)?(?:群号?|裙|号码?)?\s?(?:是|[:=+-])?\s{0,2}(?:[1-9]\d{4,11}|[1-9]\d{2,5}(?:\s\d{3,5}){1,2}(?:\s\d{1,4})?)(?![\d%:/年月日])"
        ),
        re.compile(r"(?:加|进|入)?(?:群|裙|君羊)(?:号|聊号)?\s?(?:是|[:=])?\s{0,2}[1-9]\d{5,10}(?!\d)"),
        re.compile(rf"{_ADD}(?:qq(?![a-z])|扣扣){_ASKING}"),
    ),
    "phone": (
        re.compile(r"(?<![a-z0-9./=_#-])(?:\+?86[\s-]?)?1[3-9](?:[\s-]?\d){9}(?![\s-]?\d)(?![a-z%.]\w)"),
        re.compile(r"(?<![\w+])\+[1-9](?:[\s().-]{0,2}\d){8,14}(?!\d)"),
    ),
    "telegram": (
        re.compile(
            r"(?:(?<![a-z])(?:dm|pm|tg|telegram|contact|message|msg|text)(?![a-z])|私信|私聊|加我|联系|咨询|飞机号?|飛機|电报群?|電報群?)"
            r"[^\n@\w]{0,4}(?:me|us|him|her|to|at|via|on|我|号|客服|管理员?|一下)?[^\n@\w]{0,4}(?<![a-z0-9._+-])@[a-z][a-z0-9_]{4,31}"
        ),
        re.compile(
            r"(?:(?<![a-z])(?:tg|telegram)(?![a-z])|飞机号?|飛機|电报号?|電報)\s?[:=]\s{0,2}@?[a-z][a-z0-9_]{4,31}"
        ),
        re.compile(r"(?<![a-z0-9.])(?:t|telegram)\.me/(?:\+\w{10,}|joinchat/\w+|[a-z][a-z0-9_]{4,31}(?![a-z0-9_/]))"),
    ),
    "whatsapp": (
        re.compile(r"whats\s?app[^\n\d]{0,20}\+?\d(?:[\s().-]{0,2}\d){6,14}"),
        re.compile(r"(?:wa\.me/|api\.whatsapp\.com/send)\S{0,40}"),
    ),
    "email": (re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])"),),
}


def contacts_in(folded: str) -> tuple[FoundContact, ...]:
    """The contacts that a folded text gives, the first of each kind."""
    return tuple(contact for contact, _, _ in placed_contacts(folded))


@lru_cache(maxsize=32)  # a text is asked about several times while its message is looked at
def placed_contacts(folded: str) -> tuple[tuple[FoundContact, int, int], ...]:
    """The contacts that a folded text gives, the first of each kind, and where they stand; -1 where that was moved."""
    kinds = {_TOKEN_KINDS[token] for token, _, _ in _INDEX.find_matches_as_indexes(folded, overlapping=True)}
    if _DIGITS.search(folded) or _HAN_NUMBER.search(folded):
        kinds |= _NUMBERED
    if not kinds:
        return ()
    text = _plainer(folded)
    found = []
    for kind, patterns in _PATTERNS.items():
        if kind not in kinds:
            continue
        for pattern in patterns:
            if (match := pattern.search(text)) is not None:
                start, end = match.span() if text is folded or text == folded else (-1, -1)
                found.append((FoundContact(kind, match.group().strip()), start, end))
                break
    return tuple(found)


def _plainer(folded: str) -> str:
    """Digits in Chinese and in key caps, and pictures that stand for words, written out."""
    text = _DECORATION.sub(lambda match: _DECORATED[match.group()], folded)
    return _HAN_NUMBER.sub(lambda match: match.group().translate(_HAN_DIGITS), text)
