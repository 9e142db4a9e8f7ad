"""A made-up corpus of talk and advertisements in three languages, for those who have no labelled messages at hand.

It shows that everything runs and what it costs. How good a detector is, it cannot show: it is far too regular, and what
the baselines learn from is much like what they are tried on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tools.detection.data import Row

EACH = 1_800
"""Messages in each language, of which a third advertise."""
TRAINED = 0.6
"""The share of the messages that are learned from."""
_INVISIBLE = "\u200b"


@dataclass(frozen=True, slots=True)
class Language:
    """Sentences with gaps, and what goes into them. Wares in ``late`` are advertised only where nobody learns."""

    talk: Sequence[str]
    ads: Sequence[str]
    words: Mapping[str, Sequence[str]]
    late: Sequence[str]


def made_up(seed: int = 7, each: int = EACH) -> tuple[Row, ...]:
    """The corpus: the same for the same seed, no text twice."""
    return tuple(row for name, language in LANGUAGES.items() for row in _rows(name, language, seed, each))


def _rows(name: str, language: Language, seed: int, each: int) -> Iterator[Row]:
    chance = Random(f"{seed}:{name}")  # noqa: S311 - made-up talk
    known: set[str] = set()
    while len(known) < each:
        ad, split = len(known) % 3 == 0, "train" if chance.random() < TRAINED else "test"
        text = _advert(language, chance, late=split == "test") if ad else _talk(language, chance)
        if text not in known:
            known.add(text)
            yield Row(text, "ad" if ad else "ham", name, f"made_up_{name}", split)


def _talk(language: Language, chance: Random) -> str:
    count = chance.choice((1, 1, 1, 2, 3))
    return " ".join(_filled(chance.choice(language.talk), language, chance) for _ in range(count))


def _advert(language: Language, chance: Random, *, late: bool) -> str:
    wares = language.late if late and chance.random() < 0.5 else language.words["ware"]
    text = _filled(chance.choice(language.ads).replace("{ware}", chance.choice(wares)), language, chance)
    trick = chance.random()
    if trick < 0.1:
        return _INVISIBLE.join(text)
    if trick < 0.2:
        return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    if trick < 0.3:
        return f"{_talk(language, chance)} {text} {_talk(language, chance)}"
    return text


def _filled(sentence: str, language: Language, chance: Random) -> str:
    chosen = {name: chance.choice(words) for name, words in language.words.items()}
    handle = "".join(chance.choices("abcdefghkmnpqrstuvwxyz", k=4)) + str(chance.randint(100, 99_999))
    return sentence.format(**chosen, handle=handle, number=chance.randint(2, 900))


LANGUAGES = {
    "en": Language(
        talk=(
            "{who} and I read {number} pages of {thing} {when}",
            "does anyone know where {thing} is? I need it {when}",
            "I think {thing} was better {when}, but {who} disagrees",
            "good morning! {who} says hello",
            "{when} we meet at {place}, bring {thing}",
            "thanks {who}, that helped a lot",
            "lol no way, {number} people at {place}?",
            "my train is {number} minutes late again, start without me",
            "has {who} paid back the {number} euro for {thing} yet?",
            "here are the photos from {place}: https://photos.example/{handle}",
            "who can lend me {thing} {when}?",
            "the price of {thing} went up to {number}, {who} told me",
        ),
        ads=(
            "{ware}! {offer}, only {when}. Write to @{handle}",
            "Earn {number} dollars a day with {ware}, {offer}. DM me now",
            "{offer} on {ware} >> https://t.me/{handle} << limited places",
            "Need {ware}? {offer}. WhatsApp +44 7700 900{number}",
            "Join our channel for {ware}: t.me/+{handle} {offer}",
            "{ware} from verified sellers, {offer}, contact telegram {handle}",
        ),
        words={
            "who": ("Ann", "Bob", "Cleo", "Dan", "my sister", "the neighbour", "our teacher", "Eve"),
            "thing": ("the blue book", "that film", "the bicycle", "a soup recipe", "the old map", "chapter nine"),
            "when": ("tomorrow", "on Friday", "tonight", "next week", "yesterday", "at noon", "in March"),
            "place": ("the library", "the lake", "Ann's kitchen", "the station", "the school", "the small cafe"),
            "ware": ("crypto signals", "easy online jobs", "cheap loans", "casino bonuses", "followers and likes"),
            "offer": ("100% guaranteed profit", "no risk", "50% off", "free bonus for newcomers", "instant payout"),
        },
        late=("exam certificates", "trading bots", "gift card deals", "private lessons in forex"),
    ),
    "zh": Language(
        talk=(
            "{who}昨天读了{number}页{thing}",
            "有人知道{thing}放在哪里吗，{when}要用",
            "我觉得{thing}还不错，{who}不这么看",
            "早上好，{who}让我问大家好",
            "{when}在{place}见，记得带{thing}",
            "谢谢{who}，帮大忙了",
            "哈哈，{place}有{number}个人，太挤了",
            "地铁晚了{number}分钟，你们先开始吧",
            "{who}把{thing}的{number}块钱还了没有",
            "{place}的照片在这里 https://photos.example/{handle}",
            "谁{when}能借我{thing}",
            "{thing}又涨到{number}块了，{who}说的",
        ),
        ads=(
            "{ware}，{offer}，加微信{handle}",
            "日赚{number}元，{ware}，{offer}，有意私聊",
            "{offer}！{ware}火热进行中，戳 https://t.me/{handle}",
            "需要{ware}的老板联系薇信 {handle}，{offer}",
            "{ware}招代理，{offer}，扣扣{number}{number}",
            "进群领{ware}：t.me/+{handle}，{offer}，名额有限",
        ),
        words={
            "who": ("小安", "阿博", "老陈", "我姐", "邻居", "班主任", "小伊", "楼上的"),
            "thing": ("那本蓝皮书", "这部电影", "自行车", "菜谱", "旧地图", "第九章"),
            "when": ("明天", "周五", "今晚", "下周", "中午", "三月"),
            "place": ("图书馆", "湖边", "小安家", "车站", "学校", "小咖啡馆"),
            "ware": ("兼职刷单", "低息贷款", "百家乐彩金", "粉丝点赞", "虚拟币带单"),
            "offer": ("稳赚不赔", "首单免费", "五折优惠", "新人送红包", "秒到账"),
        },
        late=("代办证件", "发票代开", "棋牌上分", "外汇私教"),
    ),
    "ru": Language(
        talk=(
            "{who} прочитала {number} страниц, а {thing} так и лежит",
            "кто знает, где {thing}? нужно {when}",
            "по-моему {thing} лучше, но {who} не согласна",
            "доброе утро! {who} передаёт привет",
            "{when} встречаемся у {place}, возьмите {thing}",
            "спасибо, {who}, очень помогла",
            "ничего себе, у {place} {number} человек",
            "поезд опаздывает на {number} минут, начинайте без меня",
            "{who} вернула {number} рублей за {thing}?",
            "фото от {place} здесь: https://photos.example/{handle}",
            "кто одолжит {thing} {when}?",
            "{thing} подорожало до {number}, так {who} сказала",
        ),
        ads=(
            "{ware}! {offer}, пишите в лс @{handle}",
            "Заработок от {number} долларов в день: {ware}, {offer}. Пиши +",
            "{offer}: {ware} >> https://t.me/{handle} << места ограничены",
            "Нужны {ware}? {offer}, телеграм {handle}",
            "Подпишись на канал, там {ware}: t.me/+{handle} {offer}",
            "Набираем людей в команду, {ware}, {offer}, писать @{handle}",
        ),
        words={
            "who": ("Аня", "соседка", "моя сестра", "Катя", "учительница", "Ева", "Лена", "тётя Оля"),
            "thing": ("та синяя книга", "это кино", "рецепт супа", "старая карта", "девятая глава", "пальто"),
            "when": ("завтра", "в пятницу", "вечером", "на той неделе", "в полдень", "в марте"),
            "place": ("библиотеки", "озера", "вокзала", "школы", "маленького кафе", "Аниного дома"),
            "ware": ("сигналы по крипте", "удалённая работа", "займы без отказа", "бонусы казино", "подписчики"),
            "offer": ("гарантия прибыли", "без вложений", "скидка 50%", "бонус новичкам", "выплаты сразу"),
        },
        late=("справки и дипломы", "торговые боты", "обмен валюты", "арбитраж"),
    ),
}
