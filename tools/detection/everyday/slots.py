"""What the slots of a pattern are filled with: names, links and numbers, all made up."""

import re
from collections.abc import Callable
from random import Random

from rules.detectors.hosts import KNOWN

_SLOT = re.compile(r"\{([a-z]+)\}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SYLLABLES = re.findall("..", "anbecodaelfigohainjokaluminoorpaqirasotiumvawoxiyuzelimatashu")
_ENDINGS = (
    "com",
    "com",
    "com",
    "org",
    "net",
    "cn",
    "com.cn",
    "io",
    "dev",
    "me",
    "ru",
    "de",
    "co.uk",
    "edu",
    "info",
    "fr",
)
_BELOW = ("www.", "www.", "", "", "blog.", "docs.", "m.", "news.", "wiki.", "forum.")
_PATHS = (
    *("", "/", "/post/{d}", "/{w}/{d}", "/{w}-{w}-{w}", "/{y}/{w}-{w}", "/article/{d}.html", "/p/{c}", "/watch?v={c}"),
    *(
        "/s/{c}",
        "/{w}",
        "/{w}/{w}.html",
        "/{w}/{w}#{w}",
        "/item?id={d}",
        "/{y}/{n}/{n}/{w}",
        "/{w}.pdf",
        "/search?q={w}",
    ),
)
_SITES = tuple(sorted(KNOWN))
_COMMON = (
    *("www.bilibili.com/video/BV{c}", "b23.tv/{c}", "mp.weixin.qq.com/s/{c}", "www.zhihu.com/question/{d}"),
    *("meeting.tencent.com/dm/{c}", "docs.qq.com/doc/{c}", "book.douban.com/subject/{d}", "music.163.com/song?id={d}"),
    *("github.com/{w}/{w}/issues/{n}", "en.wikipedia.org/wiki/{w}", "youtu.be/{c}", "www.youtube.com/watch?v={c}"),
    *("pan.baidu.com/s/{c}", "stackoverflow.com/questions/{d}", "habr.com/ru/articles/{d}", "vk.com/wall-{d}"),
    *("docs.google.com/document/d/{c}", "zoom.us/j/{d}", "www.xiaohongshu.com/explore/{c}", "v.douyin.com/{c}"),
)
_NAMES = {
    "zh": ["小明", "李雷", "老王", "张老师", "陈姐", "阿强", "小雨", "王医生", "刘总", "学长", "晓燕", "班长"],
    "en": ["anna", "tom", "mike", "sara", "jake", "mrs-lee", "dan", "olga", "priya", "sam", "lucy", "ben"],
    "ru": ["Аня", "Саша", "Дима", "Ольга", "Марина", "Костя", "Лена", "Паша", "Юля", "Сергей"],
}
_CITIES = {
    "zh": ["北京", "上海", "广州", "深圳", "成都", "武汉", "杭州", "南京", "西安", "长沙", "重庆", "苏州"],
    "en": ["london", "boston", "toronto", "berlin", "dublin", "austin", "sydney", "leeds", "oslo", "chicago"],
    "ru": ["Москва", "Питер", "Казань", "Самара", "Омск", "Тверь", "Уфа", "Пермь", "Минск"],
}
_PLACES = {
    "zh": ["图书馆", "东门", "食堂", "操场", "地铁站", "小区门口", "教学楼", "万达", "火车站", "楼下"],
    "en": ["the library", "the cafe", "the station", "the north gate", "the park", "campus", "the bus stop"],
    "ru": ["метро", "библиотеке", "вокзала", "входа", "парке", "столовой", "остановки"],
}
_BOOKS = {
    "zh": ["三体", "活着", "围城", "红楼梦", "平凡的世界", "百年孤独", "边城", "人类简史", "白夜行", "骆驼祥子"],
    "en": ["dune", "emma", "middlemarch", "the hobbit", "beloved"],
    "ru": ["Идиот", "Обломов", "Мы", "Пикник на обочине", "Дюна"],
}
_JOBS = {
    "zh": ["程序员", "老师", "设计", "会计", "护士", "学生"],
    "en": ["designer", "teacher", "nurse", "writer", "dev"],
    "ru": ["повар"],
}
_TOPICS = ["gardening", "sql indexes", "our trip", "old maps", "sourdough", "running", "type hints"]
_EMOJI = [
    "😂",
    "👍",
    "🎉",
    "❤️",
    "😭",
    "🙏",
    "😅",
    "🤔",
    "🌹",
    "🔥",
    "👏",
    "😊",
    "[捂脸]",
    "[强]",
    "[doge]",
    "✨",
    "🐶",
    "☕",
]
_COURIERS = ("SF", "YT", "JD", "ZTO", "EMS", "", "RR", "LX")


def filled(pattern: str, language: str, chance: Random) -> str:
    """The pattern with something made up in the place of every slot."""
    return _SLOT.sub(lambda found: _SLOTS[found[1]](language, chance), pattern)


def _digits(chance: Random, fewest: int, most: int = 0) -> str:
    count = chance.randint(fewest, most or fewest)
    return chance.choice("123456789") + "".join(chance.choices("0123456789", k=count - 1))


def _word(language: str, chance: Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


def _code(language: str, chance: Random) -> str:
    return "".join(chance.choices(_LETTERS + _LETTERS.upper() + "0123456789", k=chance.randint(5, 12)))


_IN_PATH: dict[str, Callable[[str, Random], str]] = {
    "w": _word,
    "c": _code,
    "d": lambda _, chance: _digits(chance, 2, 9),
    "n": lambda _, chance: _digits(chance, 1, 2),
    "y": lambda _, chance: str(chance.randint(2015, 2027)),
}


def _path(pattern: str, language: str, chance: Random) -> str:
    return _SLOT.sub(lambda found: _IN_PATH[found[1]](language, chance), pattern)


def _scheme(chance: Random) -> str:
    return chance.choice(("https://", "https://", "https://", "http://", ""))


def _known(language: str, chance: Random) -> str:
    if chance.random() < 0.6:
        return _scheme(chance) + _path(chance.choice(_COMMON), language, chance)
    return _scheme(chance) + "www." + chance.choice(_SITES) + _path(chance.choice(_PATHS), language, chance)


def _link(language: str, chance: Random) -> str:
    host = chance.choice(_BELOW) + _word(language, chance) + "." + chance.choice(_ENDINGS)
    scheme = "https://" if host.endswith("example") else _scheme(chance)
    return scheme + host + _path(chance.choice(_PATHS), language, chance)


def _any(language: str, chance: Random) -> str:
    if chance.random() < 0.06:  # people shorten links too
        return chance.choice(("https://t.cn/", "bit.ly/", "https://tinyurl.com/", "https://clck.ru/")) + _code(
            "", chance
        )
    if chance.random() < 0.05:
        return chance.choice(("https://item.taobao.com/item.htm?id=", "https://item.jd.com/", "amzn.to/")) + _digits(
            chance, 6, 9
        )
    return _link(language, chance) if chance.random() < 0.6 else _known(language, chance)


def _grouped(chance: Random) -> str:
    sign = chance.choice((" ", " ", "-", ""))
    return sign.join(_digits(chance, 3) for _ in range(chance.choice((3, 3, 3, 2)))) + chance.choice(("", "", "1"))


def _price(chance: Random) -> str:
    if chance.random() < 0.3:
        return f"{chance.randint(1, 99)}.{chance.choice(('5', '9', '90', '99', '50'))}"
    number = chance.choice((chance.randint(5, 99), chance.randint(10, 99) * 10, chance.randint(10, 90) * 100))
    return str(number)


def _rent(chance: Random) -> str:
    return str(chance.randint(6, 60) * chance.choice((50, 100, 100, 500)))


def _time(language: str, chance: Random) -> str:
    hour = chance.randint(1, 23)
    if language == "zh" and chance.random() < 0.5:
        return chance.choice((f"{hour}点", f"{hour}点半", f"{hour}点{chance.randint(10, 55)}"))
    if language == "en" and chance.random() < 0.5:
        return chance.choice((f"{hour % 12 + 1}pm", f"{hour % 12 + 1}:30 pm", f"{hour % 12 + 1} am"))
    return f"{hour}:{chance.choice(('00', '15', '30', '45'))}"


def _date(language: str, chance: Random) -> str:
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    match language:
        case "zh":
            return chance.choice(
                (f"{month}月{day}日", f"{month}月{day}号", f"2026-{month:02}-{day:02}", f"{month}.{day}")
            )
        case "ru":
            return chance.choice((f"{day}.{month:02}", f"{day} мая", f"{day}.{month:02}.2026", f"{day} числа"))
        case _:
            return chance.choice((f"2026-{month:02}-{day:02}", f"{month}/{day}", f"may {day}", f"the {day}th"))


def _user(language: str, chance: Random) -> str:
    return _word(language, chance) + chance.choice(("", "", "_" + _word(language, chance), _digits(chance, 2, 3)))


def _room(chance: Random) -> str:
    number = _digits(chance, 3, 4)
    return chance.choice((number, number, f"{chance.choice('ABC')}{number}", f"{chance.randint(1, 20)}-{number}"))


def _parcel(chance: Random) -> str:
    return chance.choice(_COURIERS) + _digits(chance, 12, 14)


def _phone(language: str, chance: Random) -> str:
    digits = "1" + chance.choice("3578") + _digits(chance, 9)
    return digits if chance.random() < 0.7 else f"{digits[:3]}{chance.choice(' -')}{digits[3:7]} {digits[7:]}"


def _english_phone(language: str, chance: Random) -> str:
    three, four = _digits(chance, 3), _digits(chance, 4)
    return chance.choice((f"555-{four}", f"({three}) 555-{four}", f"+1 {three} 555 {four}", f"07{_digits(chance, 9)}"))


def _russian_phone(language: str, chance: Random) -> str:
    parts = (f"9{_digits(chance, 2)}", _digits(chance, 3), _digits(chance, 2), _digits(chance, 2))
    return chance.choice(("8{}{}{}{}", "+7 {} {}-{}-{}", "8 {} {} {} {}", "+7{}{}{}{}")).format(*parts)


_SLOTS: dict[str, Callable[[str, Random], str]] = {
    "n": lambda _, chance: str(chance.randint(1, 40)),
    "nn": lambda _, chance: str(chance.randint(40, 200)),
    "d": lambda _, chance: str(chance.randint(0, 9)),
    "price": lambda _, chance: _price(chance),
    "rent": lambda _, chance: _rent(chance),
    "phone": _phone,
    "enphone": _english_phone,
    "ruphone": _russian_phone,
    "tel": lambda _, chance: f"0{_digits(chance, 2, 3)}-{_digits(chance, 7, 8)}",
    "code": lambda _, chance: _digits(chance, 4, 6),
    "meet": lambda _, chance: _grouped(chance),
    "order": lambda _, chance: _digits(chance, 7, 18),
    "parcel": lambda _, chance: _parcel(chance),
    "pick": lambda _, chance: f"{chance.randint(1, 20)}-{chance.randint(1, 9)}-{_digits(chance, 4)}",
    "pass": lambda _, chance: chance.choice(
        (_digits(chance, 6, 8), _code("", chance), chance.choice("0123456789") * chance.randint(4, 8))
    ),
    "room": lambda _, chance: _room(chance),
    "ip": lambda _, chance: f"10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}",
    "fl": lambda _, chance: chance.choice(("BA", "SU", "LH", "CA")) + _digits(chance, 3, 4),
    "known": _known,
    "link": _link,
    "any": _any,
    "mail": lambda language, chance: f"{_user(language, chance)}@{_word(language, chance)}.{chance.choice(_ENDINGS)}",
    "time": _time,
    "date": _date,
    "user": _user,
    "name": lambda language, chance: chance.choice(_NAMES[language]),
    "city": lambda language, chance: chance.choice(_CITIES[language]),
    "place": lambda language, chance: chance.choice(_PLACES[language]),
    "book": lambda language, chance: chance.choice(_BOOKS[language]),
    "job": lambda language, chance: chance.choice(_JOBS[language]),
    "topic": lambda _, chance: chance.choice(_TOPICS),
    "emoji": lambda _, chance: chance.choice(_EMOJI),
}
