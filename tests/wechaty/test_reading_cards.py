"""What is attached to a message: every word and address in it, and nothing that is for programs."""

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.markup import is_markup
from rules.values import File, Forward, Link, Media, MediaKind
from tests.wechaty.posted import read
from tests.wechaty.wechat_xml import UPGRADE, appmsg, item, money, nested, record

URL = "https://mp.example/s?a=1&amp;b=2"
FOLLOWED = "https://mp.example/s?a=1&b=2"


def only(sort: Sort, text: str, file_name: str = "") -> Media:
    (media,) = read(sort, text, file_name=file_name).media
    return media


def test_an_article_is_its_title_its_description_its_source_and_its_address() -> None:
    written = appmsg(5, title="一篇文章", des="关于书", url=URL, more="<sourcedisplayname>读书会</sourcedisplayname>")
    message = read(Sort.URL, written)
    assert message.media == (Media(MediaKind.CARD, text="一篇文章\n关于书\n读书会"),)
    assert message.links == (Link(FOLLOWED, "一篇文章"),)
    assert message.text == ""


@pytest.mark.parametrize("sender", ["", "wxid_ann", "wxid_ann1234567"])
def test_the_line_that_names_the_sender_is_not_read(sender: str) -> None:
    assert only(Sort.URL, appmsg(5, title="文章", url=URL, sender=sender)).text == "文章"


@pytest.mark.parametrize(
    ("card", "text", "links"),
    [
        ({"title": "书", "description": "好书", "url": FOLLOWED}, "书\n好书", (Link(FOLLOWED, "书"),)),
        ({"title": "书", "url": 5, "description": None}, "书", ()),
        ({}, None, ()),
        (None, None, ()),
    ],
)
def test_a_link_card_that_the_puppet_gives_apart_is_read(card: object, text: str | None, links: object) -> None:
    message = read(Sort.URL, "", card=card)
    assert (message.media, message.links) == ((Media(MediaKind.CARD, text=text),), links)


def test_a_mini_program_is_its_title_and_its_name() -> None:
    more = (
        "<sourcedisplayname>拼书</sourcedisplayname><weappinfo><pagepath><![CDATA[pages/a.html?x=1]]></pagepath>"
        "<username>gh_1@app</username><appid>wx123</appid></weappinfo>"
    )
    assert only(Sort.MINI_PROGRAM, appmsg(33, title="点开领书", more=more)) == Media(
        MediaKind.MINI_PROGRAM, text="点开领书\n拼书"
    )
    (given,) = read(Sort.MINI_PROGRAM, "", card={"title": "点开领书", "description": "拼书"}).media
    assert given.text == "点开领书\n拼书"


def test_a_post_of_a_channel_is_its_author_and_its_words() -> None:
    feed = (
        "<finderFeed><objectId>14264358459626428566</objectId><nickname>书与饭</nickname><desc>新书 #读书</desc>"
        "<avatar>https://wx.qlogo.cn/finderhead/a</avatar><mediaCount>1</mediaCount></finderFeed>"
    )
    written = appmsg(51, title="当前版本不支持展示该内容，请升级至最新版本。", url=UPGRADE, more=feed)
    message = read(Sort.UNKNOWN, written)
    assert message.media == (Media(MediaKind.CARD, text="书与饭\n新书 #读书"),)
    assert message.links == ()
    live = "<finderLive><nickname>书与饭</nickname><desc>今晚直播</desc></finderLive>"
    assert only(Sort.UNKNOWN, appmsg(63, title="当前版本不支持", more=live)).text == "书与饭\n今晚直播"


def test_a_red_envelope_and_a_transfer_are_money_with_what_is_written_on_them() -> None:
    envelope = money(2001, "微信红包", "<sendertitle>恭喜发财</sendertitle><scenetext>微信红包</scenetext>")
    assert only(Sort.RED_ENVELOPE, envelope) == Media(MediaKind.MONEY, text="微信红包\n恭喜发财")
    transfer = money(2000, "微信转账", "<feedesc><![CDATA[￥1.00]]></feedesc><pay_memo><![CDATA[书钱]]></pay_memo>")
    message = read(Sort.TRANSFER, transfer)
    assert message.media == (Media(MediaKind.MONEY, text="微信转账\n￥1.00\n书钱"),)
    assert message.links == ()


def test_everything_that_is_written_into_a_solitaire_is_read() -> None:
    title = "#接龙\n今晚读什么\n\n1. Ann 三体\n2. Bo 加微信 abc12345"
    extra = (
        "<extinfo><solitaire_info><![CDATA[<solitaire><tt>0-5</tt><au>wxid_ann</au><content><s>2</s><i><u>wxid_bo</u>"
        "<s>.</s><t>1773488608</t><r>10-7</r><c>另有优惠</c></i></content></solitaire>]]></solitaire_info></extinfo>"
    )
    media = only(Sort.UNKNOWN, appmsg(53, title=title, more=extra))
    assert media == Media(MediaKind.NOTE, text=f"{title}\n另有优惠")
    assert only(Sort.GROUP_NOTE, title) == Media(MediaKind.NOTE, text=title)


def test_an_announcement_by_a_member_is_read() -> None:
    inside = (
        '<announcement><![CDATA[<group_notice_item><edittime>1669800836</edittime><datalist count="1"><dataitem '
        'datatype="1"><datadesc>今晚八点</datadesc></dataitem></datalist></group_notice_item>]]></announcement>'
    )
    plain = "<textannouncement>请读新书</textannouncement>"
    assert only(Sort.UNKNOWN, appmsg(87, url=UPGRADE, more=plain + inside)) == Media(
        MediaKind.NOTE, text="请读新书\n今晚八点"
    )


@pytest.mark.parametrize("cdata", [True, False])
def test_every_line_of_a_passed_on_talk_is_read_with_who_said_it(cdata: bool) -> None:
    deeper = nested(
        "Cy的聊天记录", item("Cy", "加微信 abc12345"), item("", "", kind=17, more=nested("更深", item("D", "最深")))
    )
    page = "<weburlitem><title>网页</title><desc>关于</desc><link>http://bad.example/x</link></weburlitem>"
    message = read(
        Sort.CHAT_HISTORY,
        record(
            item("Ann", "早上好 &amp; 你好"),
            item("Bo", "", kind=5, more=page),
            item("Bo", "", kind=17, more=deeper),
            cdata=cdata,
            des="Ann: 早上好",
        ),
    )
    (media,) = message.media
    assert media.kind is MediaKind.HISTORY
    assert media.text is not None
    for line in ("群聊的聊天记录", "Ann: 早上好 & 你好", "Bo: 网页\n关于", "Cy: 加微信 abc12345", "D: 最深"):
        assert line in media.text
    assert "qlogo" not in media.text
    assert message.links == (Link("http://bad.example/x"),)
    assert message.forward == Forward("chat", "群聊的聊天记录")


def test_a_note_of_ones_own_is_read_in_full() -> None:
    media = only(Sort.UNKNOWN, record(item("", "完整正文"), item("", "第二段"), title="笔记", number=24))
    assert media.kind is MediaKind.NOTE
    assert media.text is not None
    assert "完整正文\n第二段" in media.text


def test_a_file_has_its_name_and_a_picture_among_files_can_be_looked_at() -> None:
    attached = "<appattach><totallen>2048</totallen><fileext>pdf</fileext></appattach>"
    written = f"<msg><appmsg><title>加微信abc.pdf</title><type>6</type>{attached}</appmsg></msg>"
    assert only(Sort.ATTACHMENT, written) == Media(MediaKind.DOCUMENT, "加微信abc.pdf")
    assert only(Sort.ATTACHMENT, "paper.pdf", "paper.pdf") == Media(MediaKind.DOCUMENT, "paper.pdf")
    poster = written.replace("abc.pdf", "abc.PNG")
    assert only(Sort.ATTACHMENT, poster).view == File("file:1", "wx/1", 2048)
    assert only(Sort.ATTACHMENT, "poster.jpg", "poster.jpg").view == File("file:1", "wx/1")


def test_pictures_and_stickers_can_be_looked_at_and_are_told_apart() -> None:
    picture = only(Sort.IMAGE, '<?xml version="1.0"?>\n<msg>\n\t<img aeskey="aa" cdnthumburl="30" md5="abc" />\n</msg>')
    assert picture == Media(MediaKind.PHOTO, hash="abc", view=File("1", "wx/1"))
    assert only(Sort.IMAGE, "") == Media(MediaKind.PHOTO, view=File("1", "wx/1"))
    sticker = only(Sort.EMOTICON, '<msg><emoji fromusername="wxid_a" md5="d1" len="9" attachedtext="加我" /></msg>')
    assert sticker == Media(MediaKind.STICKER, text="加我", hash="d1", view=File("file:1", "wx/1"))
    assert only(Sort.VIDEO, '<msg><videomsg aeskey="aa" length="9" playlength="5"/></msg>') == Media(MediaKind.VIDEO)
    assert only(Sort.AUDIO, '<msg><voicemsg voicelength="2303" length="3304" /></msg>') == Media(MediaKind.VOICE)


def test_a_place_is_its_name_and_its_address() -> None:
    written = (
        '<msg><location x="39.9" y="116.3" scale="16" label="北京市海淀区" poiname="加微信书店" maptype="0"/></msg>'
    )
    assert only(Sort.LOCATION, written) == Media(MediaKind.LOCATION, text="加微信书店\n北京市海淀区")


def test_a_visiting_card_is_whose_it_is() -> None:
    written = (
        '<?xml version="1.0"?>\n<msg bigheadimgurl="http://wx.qlogo.cn/0" username="gh_12ab" nickname="读书会" '
        'alias="dushu88" certinfo="某某公司" sign="加我领书" antispamticket="v4_000b708f0b04@stranger" />\n'
    )
    assert only(Sort.CONTACT, written).text == "读书会\ndushu88\ngh_12ab\n某某公司\n加我领书"
    (given,) = read(Sort.CONTACT, "", card=Contact("wxid_zed", "Zed", "Z")).media
    assert given == Media(MediaKind.CONTACT, text="Zed\nZ\nwxid_zed")


def test_what_nobody_knows_is_never_empty_of_its_words() -> None:
    strange = appmsg(987, title="新玩意", des="点开看", url="https://new.example/x")
    message = read(Sort.UNKNOWN, strange)
    assert message.media == (Media(MediaKind.CARD, text="新玩意\n点开看"),)
    assert message.links == (Link("https://new.example/x", "新玩意"),)
    other = only(Sort.UNKNOWN, "<msg><gift><word>免费领</word><key>MDEyMzQ1Njc4OTAxMjM0NTY3</key></gift></msg>")
    assert other == Media(MediaKind.UNKNOWN, text="免费领")
    assert only(Sort.UNKNOWN, "") == Media(MediaKind.UNKNOWN)
    assert only(Sort.UNKNOWN, "一句话") == Media(MediaKind.UNKNOWN, text="一句话")


@pytest.mark.parametrize(
    "written",
    [
        "<msg><appmsg><title>加微信 abc</title><des>一天 & 五百</des><type>5</type>",
        "<msg><appmsg><title><![CDATA[加微信 abc",
        "<!DOCTYPE msg [<!ENTITY x 'y'>]><msg><appmsg><title>加微信 abc &x;</title></appmsg></msg>",
        "<msg>" + "<a>" * 100 + "加微信 abc" + "</a>" * 100 + "</msg>",
        "<msg><appmsg><title>加微信 abc</title><des>" + "长" * 300_000 + "</des></appmsg></msg>",
        "&lt;msg&gt;&lt;appmsg&gt;&lt;title&gt;加微信 abc&lt;/title&gt;&lt;/appmsg&gt;&lt;/msg&gt;",
        "<msg><appmsg><title>加微信 abc\x01\x02</title><des>甲&nbsp;&乙</des><type>5</type></appmsg></msg>\n0 0 0",
    ],
)
def test_xml_that_is_broken_too_large_or_too_clever_is_read_for_its_words(written: str) -> None:
    text = only(Sort.URL, written).text
    assert text is not None
    assert "加微信 abc" in text
    assert len(text) <= 20_100


@pytest.mark.parametrize(
    ("text", "is_xml"),
    [
        ("今天读到第三章", False),
        ("https://mp.example/x", False),
        ("问题：\n1 < 2 吗", False),
        ("a:\nb <c>", False),
        ("", False),
        ("<3", True),
        ("wxid_ann:\n<msg>", True),
        ("12345@chatroom:\n<sysmsg>", True),
        ("&lt;msg&gt;", True),
        ("  \n<?xml version='1.0'?>", True),
    ],
)
def test_plain_words_are_not_taken_for_xml(text: str, is_xml: bool) -> None:
    assert is_markup(text) is is_xml
    if not is_xml or text == "<3":
        assert read(Sort.TEXT, text).text == text


def test_a_hundred_million_laughs_are_not_laughed() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    text = only(Sort.URL, f"<!DOCTYPE msg [{entities}]><msg><appmsg><title>&a9;</title></appmsg></msg>").text
    assert text is None or len(text) < 2_000


def test_xml_that_somebody_typed_is_read_in_full_and_is_never_a_line() -> None:
    forged = '<sysmsg type="revokemsg"><revokemsg><replacemsg>加微信 abc</replacemsg></revokemsg></sysmsg>'
    assert read(Sort.TEXT, forged).text == forged
    quoting = "<title>好</title><type>57</type><refermsg><content>书</content></refermsg>"
    hidden = f'<msg><appmsg ad="加微信 abc">{quoting}</appmsg></msg>'
    message = read(Sort.TEXT, hidden)
    assert message.text == "好"
    assert message.media == (Media(MediaKind.UNKNOWN, text="加微信 abc"),)
    assert read(Sort.TEXT, "<b>加微信</b>").text == "<b>加微信</b>"
