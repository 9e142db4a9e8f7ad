"""What a single source left in its texts (masked digits, NAME and URL tokens, mark-up), and how it is taken out again.

A model would learn it gladly: where only advertisements had their digits masked, a mask is proof. So masks are filled
with made-up digits and names, by a choice that hangs on the text alone, before anything is learned.
"""

import html
import re
from collections.abc import Callable
from random import Random

CITIES = ("北京", "上海", "广州", "深圳", "成都", "武汉", "杭州", "南京", "西安", "大连", "郑州", "长沙")
NAMES = (
    "张伟",
    "王芳",
    "李娜",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "黄丽",
    "周杰",
    "吴敏",
    "华泰",
    "金鼎",
    "万科",
    "新世纪",
)
HOSTS = ("t.cn", "dwz.cn", "www.{}.com", "http://{}.cn", "http://www.{}.com", "m.{}.com")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_ANGLE = re.compile(r"<(#|[A-Za-z]{3,9})>")
_SQUARE = re.compile(r"\[(CURRENCY|USERNAME|LINK|TIME|PHONE|DATE|EMAIL|CARD|图片|表情|动画表情)\]")
_TOKEN = re.compile(r"\b(CELLPHONE|PHONE|DIGIT|PLACE|NAME|URL)([a-z]{0,6})\b")
_CROSSES = re.compile(r"(?<![A-Za-z])x{1,12}(?![A-Za-z])")
_SIGNS = "㐀-鿿　-〿！-｠"
_APART = re.compile(rf"(?<=[{_SIGNS}]) +| +(?=[{_SIGNS}])| (?=[.?:%])|(?<=[.:]) ")
_BREAKS = re.compile(r"<br ?/?>|</?[bi]>")

TOKENISED = frozenset({"sms800k_msglog", "sms800k_zpdesu"})
TOKENS = frozenset({"fbs_sms_zh"})
MARKED_UP = frozenset({"youtube_en", "sms_uci", "nus_en"})


def neutral(text: str, source: str) -> str:
    """The text of a row of that source, its collectors' marks replaced by what could have stood there."""
    chance = Random(f"{source}:{text}")  # noqa: S311 (it hides nothing)
    if source in MARKED_UP:
        text = html.unescape(_BREAKS.sub(" ", text))
    text = _ANGLE.sub(_filled(chance), text)
    text = _SQUARE.sub(_filled(chance), text)
    if source in TOKENS:
        text = _APART.sub("", _TOKEN.sub(_filled(chance), text))
    if source in TOKENISED:
        text = _CROSSES.sub(lambda found: _digits(chance, len(found.group())), _APART.sub("", text))
    return text


def masked(text: str) -> str:
    """The text with its digits masked, as one source has them in advertisements: to see what the mask alone changes."""
    return re.sub(r"\d", "x", text)


def _filled(chance: Random) -> Callable[["re.Match[str]"], str]:
    def fill(found: "re.Match[str]") -> str:
        made = _made(found.group(1).upper(), chance)
        return found.group() if made is None else made

    return fill


def _made(token: str, chance: Random) -> str | None:
    match token:
        case "#" | "DIGIT":
            return _digits(chance, chance.choice((1, 1, 2, 2, 3, 4)))
        case "DECIMAL":
            return f"{_digits(chance, chance.choice((1, 2)))}.{_digits(chance, 2)}"
        case "TIME":
            return f"{chance.randint(1, 12)}:{chance.randint(10, 59)}"
        case "DATE":
            return f"{chance.randint(1, 28)}.{chance.randint(1, 12)}"
        case "CELLPHONE" | "PHONE" | "CARD":
            return "1" + _digits(chance, 10)
        case "CURRENCY":
            return chance.choice(("$", "₽", "€", "руб", "usdt"))
        case "USERNAME":
            return "@" + _word(chance)
        case "EMAIL":
            return f"{_word(chance)}@{_word(chance)}.com"
        case "LINK" | "URL":
            return chance.choice(HOSTS).format(_word(chance)) + chance.choice(("", "/" + _word(chance)))
        case "PLACE":
            return chance.choice(CITIES)
        case "NAME":
            return chance.choice(NAMES)
        case "图片" | "表情" | "动画表情":
            return ""
        case _:
            return None


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _word(chance: Random) -> str:
    return "".join(chance.choices(_LETTERS, k=chance.randint(4, 8)))
