"""Made-up advertisements as pictures of their words, in the fonts that this machine has."""

import io
import random
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

FOLDERS = (Path("/usr/share/fonts"),)
CHINESE = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "wqy-microhei.ttc")
LATIN = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf")

_ZH = (
    ("兼职日结，一天{n}到{m}元", "在家就能做，名额有限", "加微信 {id} 领取任务"),
    ("专业代开发票，点位低", "真票可查验，当天出", "联系QQ {number}"),
    ("高价回收游戏账号", "秒到账，{n}起步", "电报 @{id}"),
    ("股票交流群，每日推荐牛股", "上周收益翻倍，老师免费带", "进群加V：{id}"),
    ("信用贷款，无抵押秒批", "额度{n}00到{m}00", "电话 138{phone}"),
    ("资深玩家带你稳赚不赔", "注册送{n}，提现秒到", "网址 {id}.example.com"),
)
_EN = (
    ("Earn ${n} to ${m} daily from home", "No experience needed", "Message @{id} on Telegram"),
    ("CRYPTO SIGNALS VIP", "Guaranteed profit of {n}% a week", "Join t.me/+{id}"),
    ("Cheap followers and likes", "Order today, pay later", "WhatsApp +44 7700 {phone}"),
    ("Buy verified accounts here", "Best price, fast delivery", "https://{id}.example.com"),
)


class Worded(NamedTuple):
    """A picture and the lines in it."""

    data: bytes
    lines: tuple[str, ...]


def fonts(names: tuple[str, ...]) -> list[Path]:
    """Where those of these fonts are that are installed."""
    return sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.name in names)


def worded(seed: int, quality: int = 60) -> Worded:
    """The advertisement of this number, in Chinese or English. Raises ``IndexError`` where no font for it is there."""
    chance = random.Random(seed)  # noqa: S311 - made-up pictures
    chinese = bool(fonts(CHINESE)) and chance.random() < 0.7
    words = {
        "n": str(chance.randint(20, 500)),
        "m": str(chance.randint(500, 2000)),
        "id": "".join(chance.choices("abcdefghkmnprstuvwxy23456789", k=chance.randint(6, 9))),
        "number": str(chance.randint(10**8, 10**10)),
        "phone": str(chance.randint(10**7, 10**8 - 1)),
    }
    lines = tuple(line.format(**words) for line in chance.choice(_ZH if chinese else _EN))
    path = chance.choice(fonts(CHINESE if chinese else LATIN))
    width = chance.choice((600, 720, 960, 1080, 1280))
    size = int(width * chance.uniform(0.030, 0.060))
    index = 2 if path.name.startswith("Noto") else 0  # the simplified face of the collection
    font = ImageFont.truetype(str(path), size, index=index)
    page = Image.new("RGB", (width, int(width * chance.choice((0.5, 0.75, 1.0, 1.4)))), _light(chance))
    draw = ImageDraw.Draw(page)
    for _ in range(chance.randint(0, 12)):
        x, y = chance.randint(0, width), chance.randint(0, page.height)
        draw.ellipse((x, y, x + chance.randint(10, 300), y + chance.randint(10, 300)), fill=_light(chance))
    ink, at = _dark(chance), int(page.height * chance.uniform(0.05, 0.3))
    for line in lines:
        draw.text((int(width * 0.06), at), line, font=font, fill=ink)
        at += int(size * chance.uniform(1.4, 2.0))
    if chance.random() < 0.3:
        page = Image.eval(page, lambda light: 255 - light)
    written = io.BytesIO()
    page.save(written, "JPEG", quality=quality)
    return Worded(written.getvalue(), lines)


def _light(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(190, 255), chance.randint(190, 255), chance.randint(190, 255)


def _dark(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(0, 90), chance.randint(0, 90), chance.randint(0, 90)
