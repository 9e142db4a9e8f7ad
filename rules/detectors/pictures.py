"""Pictures and signs that stand for words in the middle of a sentence: ➕💚信, 💰 for money."""

import re
from functools import lru_cache

from rules.detectors.ahead import Ahead
from rules.detectors.stages import Stage, Undo, always

_HAN = "㐀-鿿"
_CHINESE_DRAWN = (
    "💰 钱,💵 钱,💶 钱,💷 钱,💸 钱,🤑 钱,🐧 q,✈ 飞机,🛩 飞机,📱 手机,📲 手机,☎ 电话,📞 电话,"
    "🧧 红包,✉ 信,📧 信,📨 信,💌 信,💚 微,💬 微信,👥 群,👤 人,🏠 房,🏡 房,🚗 车,🚘 车,👩 女,"
    "👧 女,👨 男,👦 男,👀 看,👁 看,🔥 火,💧 水,🥇 金,🏆 奖,🎁 礼,☀ 日,🌞 日,🌙 月,⭐ 星,🌹 花,"
    "🌸 花,🍵 茶,🍷 酒,🍺 酒,📖 书,📚 书,🚪 门,✋ 手,❤ 心,💊 药,⚽ 球,🏀 球,🃏 牌,🎫 票,🎟 票,"
    "🌐 网,⏰ 时,⚡ 快,👍 好,👆 点,🔗 链接,📈 股,💴 元,🀄 中,🀅 发,🎰 赌,🎲 赌,✌ v,💋 吻,🐔 鸡,"
    "🐓 鸡,🐴 马,🐮 牛,🐂 牛,🐉 龙,🐲 龙,🐯 虎,👑 王,🔑 钥匙,🔒 锁,🎮 游戏,🐟 鱼,👌 ok,💳 卡,"
    "🏦 银行,💎 钻,🍚 饭,🖥 电脑,💻 电脑,📷 照片,📸 照片,🎥 视频,📹 视频,🍎 苹果,🈲 禁,🚄 高铁,"
    "🌟 星,🛒 购,📦 包,📩 信,✅ 是,❌ 不"
)
_ENGLISH_DRAWN = (
    "💰 money,💵 cash,🤑 money,💸 money,📱 phone,☎ phone,📞 call,📧 mail,✉ mail,🔥 fire,❤ love,"
    "🔗 link,🏠 home,⏰ time,🎁 gift,🏆 prize,💎 diamond,💳 card,👩 girl"
)
_RUSSIAN_DRAWN = (
    "💰 деньги,💵 доллар,💸 деньги,📱 телефон,☎ телефон,📞 телефон,📧 почта,✉ письмо,❤ любовь,"
    "🔗 ссылка,🏠 дом,⏰ время,🎁 подарок,💳 карта"
)
_CHINESE = dict(pair.split(" ") for pair in _CHINESE_DRAWN.split(","))
_ENGLISH = dict(pair.split(" ") for pair in _ENGLISH_DRAWN.split(","))
_RUSSIAN = dict(pair.split(" ") for pair in _RUSSIAN_DRAWN.split(","))
_NEAR = 24
_HAN_NEAR = re.compile(f"[{_HAN}]")
_WORDLIKE = re.compile(f"[{_HAN}a-zа-я0-9]")
_CLAUSE = re.compile(r"[,.!?:;~\s]")
_CYRILLIC = re.compile("[а-я]")
# What may also end a clause and still be a word of it: 群里有🧧.
_ENDING = frozenset("💴💵💰🧧👥📱📞☎✉📧🐧💚")
_DRAWN = re.compile("[" + "".join(_CHINESE) + "]")
_PICTURE = re.compile("[☀-➿\U0001f004-\U0001faff]")
_PLUS = re.compile(r"\+(?=[vwq微薇威徽扣叩企裙群我维徾溦嶶飞]|tg)")

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_CODES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs "
    "bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cp cr cu cv cw cx cy cz de dg dj dk dm do dz ea "
    "ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy "
    "hk hm hn hr ht hu ic id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la "
    "lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz "
    "na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw "
    "sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz ta tc td tf tg th tj tk tl tm tn to "
    "tr tt tv tw tz ua ug um un us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw"
)
_COUNTRIES = frozenset(_CODES.split())


def _word(text: str) -> Undo:
    """The word for a picture that stands where a word would, in the language that is written near by."""
    han, cyrillic = Ahead(_HAN_NEAR, text), Ahead(_CYRILLIC, text)

    def undo(match: "re.Match[str]") -> str:
        at, picture = match.start(), match.group()
        if not _is_word(text[max(0, at - 2) : at], picture, text[at + 1 : at + 3]):
            return picture
        near = max(0, at - _NEAR), at + _NEAR
        if han.is_within(*near):
            return _CHINESE[picture]
        return (_RUSSIAN if cyrillic.is_within(*near) else _ENGLISH).get(picture, picture)

    return undo


@lru_cache(maxsize=4096)
def _is_word(before: str, picture: str, after: str) -> bool:
    """Whether a picture stands where a word would: with a word or a clause's end on either side."""
    before, after = before.rstrip(" "), after.lstrip(" ")
    if picture in {before[-1:], after[:1]}:
        return False
    begins = not before or _CLAUSE.match(before[-1]) is not None
    ends = picture in _ENDING and (not after or _CLAUSE.match(after[0]) is not None)
    if (begins and ends) or not (begins or _stands_for_word(before[-1])):
        return False
    return ends or (after != "" and _stands_for_word(after[0]))


def _stands_for_word(sign: str) -> bool:
    return _WORDLIKE.match(sign) is not None or sign in _CHINESE


def _letters(match: "re.Match[str]") -> str:
    return _of_flags(match.group())


@lru_cache(maxsize=1024)
def _of_flags(signs: str) -> str:
    """Letters of flags, unless they are flags."""
    run = "".join([chr(ord(sign) - 0x1F1E6 + ord("a")) for sign in signs])
    pairs = [run[at : at + 2] for at in range(0, len(run), 2)]
    return signs if _COUNTRIES.issuperset(pairs) else run


def _has_plus(text: str) -> bool:
    return "+" in text


STAGES = (
    Stage("emoji", _PICTURE.search, _FLAG, always(_letters)),
    Stage("emoji", _PICTURE.search, _DRAWN, _word),
    Stage("emoji", _has_plus, _PLUS, always(lambda match: "加")),
)
