"""What of a message speaks for an advertisement: each kind of clue, and ordinary talk that has none."""

import pytest

from rules.detectors.extract import clues_in, name_clues
from rules.detectors.folding import view_of
from rules.values import (
    Button,
    Elsewhere,
    Forward,
    Link,
    Media,
    MediaKind,
    Member,
    Mention,
    Message,
)

ANN = Member(id="telegram:1", name="Ann")


def kinds(text: str) -> set[str]:
    return {str(clue.kind) for clue in clues_in(view_of(text))}


def kinds_of(message: Message) -> set[str]:
    return {str(clue.kind) for clue in clues_in(view_of(message.text), message)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("看看 https://github.com/a/b", "link.known"),
        ("看看 https://somewhere.example.com/a", "link.other"),
        ("登录 haoyun8888.vip", "link.cheap"),
        ("look https://bit.ly/3abcd", "link.shortener"),
        ("进来 https://t.me/+AbCdEf", "link.invite"),
        ("https://discord.gg/abcdef", "link.invite"),
        ("https://t.me/some_channel", "link.telegram"),
        ("https://item.taobao.com/item.htm?id=1", "link.shop"),
        ("weixin://dl/business/?t=abc", "link.app"),
        ("http://203.0.113.7/login", "link.number"),
        ("https://files.example.com/app.apk", "link.program"),
        ("https://example.com/?ref=77", "link.referral"),
        ("https://te1egram.org/login", "link.lookalike"),
        ("https://binance.secure-login.example.com", "link.lookalike"),
        ("https://xn--pple-43d.com", "link.mixed"),
        ("来 example[.]com", "link.disguised"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "link.disguised"),
        ("a.com b.com c.com", "link.many"),
        ("加微信 abc12345", "contact.wechat"),
        ("ⓥⓧ：ａｂｃ12345", "contact.wechat"),
        ("ⓥⓧ：ａｂｃ12345", "contact.disguised"),
        ("佳葳心 ball8866", "contact.wechat"),
        ("佳葳心 ball8866", "contact.disguised"),
        ("嘉叩叩 88123344", "contact.qq"),
        ("加扣扣 一三八零零一三八零", "contact.qq"),
        ("电话 13800138000", "contact.phone"),
        ("看球 微 ball8866", "contact.wechat"),
        ("想看的 Ball8866 快", "contact.code"),
        ("来 8812 3344 看", "contact.code"),
        ("飞机号：@some_seller", "contact.telegram"),
        ("WhatsApp +44 7700 900123", "contact.whatsapp"),
        ("write to sales@example.com", "contact.email"),
        ("@some_seller", "contact.handle"),
        ("只要 99 元", "price.amount"),
        ("日入500+", "price.income"),
        ("earn $300 per day", "price.income"),
        ("от 100$ в день", "price.income"),
        ("全场5折起", "price.discount"),
        ("now 50% off", "price.discount"),
        ("скидка 30%", "price.discount"),
        ("充100送50", "price.rebate"),
        ("有意请私聊我", "call.contact"),
        ("DM me for details", "call.contact"),
        ("пишите в личку", "call.contact"),
        ("check out my channel", "call.profile"),
        ("欢迎加群了解", "call.join"),
        ("join our telegram", "call.join"),
        ("нужны люди", "call.join"),
        ("点击链接查看", "call.click"),
        ("click here", "call.click"),
        ("переходи по ссылке", "call.click"),
        ("长按识别二维码", "call.scan"),
        ("免费领取资料", "call.claim"),
        ("claim your prize", "call.claim"),
        ("名额有限", "call.hurry"),
        ("limited slots available, hurry up", "call.hurry"),
        ("успей занять место", "call.hurry"),
        ("厂家直销", "call.order"),
        ("真人百家乐", "trade.gambling"),
        ("无抵押贷款", "trade.loan"),
        ("同城约炮", "trade.adult"),
        ("泰达币 usdt 换u", "trade.crypto"),
        ("涨停板牛股", "trade.invest"),
        ("招刷单兼职", "trade.job"),
        ("专业办证刻章", "trade.documents"),
        ("代开发票", "trade.invoice"),
        ("cocaine and mdma", "trade.drugs"),
        ("爱马仕高仿", "trade.resale"),
        ("精准引流推广", "trade.traffic"),
        ("казино с фриспинами", "trade.gambling"),
        ("加\u200b微\u200b信\u200b聊", "hidden.invisible"),
        ("Ꮯlick hеrе nоw", "hidden.confusable"),
        ("🔥🔥🔥💰💰", "layout.emoji"),
        ("【某某商城】新品到了", "layout.signed"),
        ("=========\n好消息\n=========", "layout.rules"),
        ("#one #two #three", "layout.hashtags"),
        ("买它买它快来买它。" * 4, "layout.repeated"),
    ],
)
def test_a_text_has_the_clue(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "今天天气不错，我们去吃火锅吧",
        "你那个文件改好了吗？我晚上再看",
        "论文写完了没有",
        "明天几点开会",
        "哈哈哈哈哈哈哈哈",
        "稍微 iphone15 好一点",
        "考了 580 分",
        "rtx4090 太贵了",
        "今天 2026 年了",
        "他说的有道理，我再想想",
        "see you at the station at 5",
        "I will call you when I get home",
        "did you finish the homework for monday",
        "the meeting moved to room 12",
        "haha that was funny",
        "Привет, как дела? Завтра увидимся",
        "Кто-нибудь знает, во сколько начало?",
        "спасибо, посмотрю вечером",
        "",
        " ",
    ],
)
def test_ordinary_talk_has_none(text: str) -> None:
    assert kinds(text) == set()


def test_a_clue_stands_where_its_words_are() -> None:
    view = view_of("大家好，加薇信 abc12345，日入500+")
    placed = [clue for clue in clues_in(view) if clue.start >= 0]
    assert {clue.kind for clue in placed} >= {"contact.wechat", "price.income"}
    for clue in placed:
        assert 0 <= clue.start < clue.end <= len(view.text)
        assert clue.detail in view.text[clue.start : clue.end]


def test_a_weak_phrase_is_a_clue_only_beside_another() -> None:
    assert "trade.realty" not in kinds("别墅真大")
    assert "trade.realty" in kinds("别墅真大，点击链接领取")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (
            Message(id="1", author=ANN, text="看", links=(Link(url="https://a.example.com", text="这里"),)),
            "link.hidden",
        ),
        (
            Message(id="1", author=ANN, links=(Link(url="https://a.example.com", text="https://b.example.net"),)),
            "link.masked",
        ),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO, codes=("https://a.example.com/x",)),)), "qr.link"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO, codes=("https://u.wechat.com/x",)),)), "qr.wechat"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO, codes=("wxp://f2f0abc",)),)), "qr.payment"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO, codes=("42",)),)), "qr.other"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO, codes=("https://t.me/+ab12",)),)), "link.invite"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.CONTACT, text="Bob +1 202 555 0143"),)), "contact.card"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.DOCUMENT, file_name="app.APK"),)), "file.program"),
        (
            Message(id="1", author=ANN, media=(Media(MediaKind.DOCUMENT, file_name="加微信abc123领取.txt"),)),
            "file.name",
        ),
        (Message(id="1", author=ANN, media=(Media(MediaKind.PHOTO),)), "media.alone"),
        (Message(id="1", author=ANN, media=(Media(MediaKind.CARD, text="x"),)), "media.card"),
        (Message(id="1", author=ANN, text="x", forward=Forward("channel", "News")), "origin.channel"),
        (Message(id="1", author=ANN, text="x", forward=Forward("hidden_user", "Bob")), "origin.forward"),
        (Message(id="1", author=ANN, text="x", elsewhere=Elsewhere(Forward("channel", "N"))), "origin.elsewhere"),
        (Message(id="1", author=ANN, text="x", quote="y"), "origin.quote"),
        (Message(id="1", author=ANN, text="x", quote="免费领取资料"), "call.claim"),
        (Message(id="1", author=ANN, text="x", via_bot="gif"), "origin.via_bot"),
        (Message(id="1", author=ANN, buttons=(Button("Go", url="https://a.example.com"),)), "button.link"),
        (Message(id="1", author=ANN, buttons=(Button("免费领取", url="https://a.example.com"),)), "call.claim"),
        (Message(id="1", author=ANN, buttons=(Button("a"), Button("b"), Button("c"))), "button.many"),
        (Message(id="1", author=ANN, mentions=tuple(Mention(f"@m{n}") for n in range(6))), "mention.many"),
        (Message(id="1", author=ANN, text="x", marks=("spoiler",)), "mark.spoiler"),
        (Message(id="1", author=ANN, text="x", marks=("custom_emoji",)), "mark.emoji"),
        (Message(id="1", author=Member(id="2", name="加薇信 abc12345"), text="你好"), "name.contact"),
    ],
)
def test_a_message_has_the_clue(message: Message, kind: str) -> None:
    assert kind in kinds_of(message)


def test_words_may_lead_to_a_site_that_everybody_knows() -> None:
    link = Link(url="https://github.com/ann/tool", text="the tool")
    assert kinds_of(Message(id="1", author=ANN, text="see the tool", links=(link,))) == {"link.known"}


def test_a_name_and_a_biography_are_read() -> None:
    told = Member(id="1", name="日入500+ 点击头像", bio="赌场 百家乐 t.me/+abcdef")
    assert {str(clue.kind) for clue in name_clues(told)} >= {"name.trade", "name.link"}
    assert "name.contact" in {str(clue.kind) for clue in name_clues(ANN, note="加微信 abc12345")}
    assert name_clues(ANN) == ()


@pytest.mark.parametrize(
    "member",
    [
        Member(id="1", name="Molly"),
        Member(id="1", name="深圳-张工"),
        Member(id="1", name="𝓐𝓷𝓷𝓪"),
        Member(id="1", name="QQ糖"),
        Member(id="1", name="李雷lilei2024"),
        Member(id="1", name="Дима"),
        Member(id="1", name="Ann", bio="I write at https://annblog.example.com, mail: ann@example.com"),
        Member(id="1", name="Ann", bio="https://github.com/ann"),
    ],
)
def test_an_ordinary_name_and_biography_have_none(member: Member) -> None:
    assert name_clues(member) == ()


def test_in_a_name_every_link_is_one() -> None:
    assert [clue.kind for clue in name_clues(Member(id="1", name="go annblog.example.com"))] == ["name.link"]


def test_the_groups_own_domain_is_imitated_by_others_alone() -> None:
    own = frozenset({"ourforum.example"})
    imitation = clues_in(view_of("https://ourforvm.example/login"), own=own)
    assert "link.lookalike" in {str(clue.kind) for clue in imitation}
    assert "link.lookalike" not in {str(c.kind) for c in clues_in(view_of("https://www.ourforum.example/"), own=own)}


@pytest.mark.parametrize(
    "host",
    [
        "google.fr",
        "www.amazon.co.jp",
        "web.telegram.org",
        "api.github.com",
        "gooseberry.com",
        "docs.python-telegram-bot.org",
    ],
)
def test_an_honest_host_imitates_nobody(host: str) -> None:
    assert "link.lookalike" not in kinds(f"https://{host}/")
