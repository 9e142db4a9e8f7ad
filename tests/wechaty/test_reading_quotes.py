"""Answers: the words of the answer apart from what it quotes, and which message that was."""

from html import escape

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.seen import A_ROOM
from rules.events import MessagePosted
from rules.reading import Reading
from rules.values import Group, Link, Message
from tests.wechaty.posted import ANN, BO, CY, EVERYBODY, NOW, message_in, post, read, reader
from tests.wechaty.wechat_xml import appmsg, item, record, refer

DASHES = "- - - - - - - - - - - - - - -"


def text_of(message: Message) -> str:
    """What rules and detectors take for the words of its author."""
    return Reading(MessagePosted("wx:1", Group("wx:r1@chatroom"), NOW, message)).text


@pytest.mark.parametrize(
    "written",
    [
        f"「Ann：hello」\n{DASHES}\nyes",
        f"「Ann: hello」\n{DASHES}\nyes",
        "「Ann：hello」\n———————————\nyes",
        "「Ann：hello」\n—————————\nyes\n",
        "「Ann：\nhello」\r\n-----------\r\nyes",
        "「Ann：hello」\n－ － － － － －\nyes",
        '"Ann：\nhello"\n------\nyes',
        "“Ann：hello”\n------\nyes",
        '这是一条引用/回复消息：\n"Ann：\nhello"\n------\nyes',
        refer("yes", "hello"),
        refer("yes", "hello", sender="wxid_bo"),
        refer("yes", "<![CDATA[hello]]>"),
    ],
)
def test_an_answer_is_told_from_what_it_quotes(written: str) -> None:
    sort = Sort.UNKNOWN if "<" in written else Sort.TEXT
    message = read(sort, written, author=BO, named=EVERYBODY)
    assert (message.text, message.quote) == ("yes", "hello")
    assert (message.reply_to, message.reply_to_text) == (None, None)
    assert message.reply_to_author is not None
    assert message.reply_to_author.id == "wx:wxid_ann"


@pytest.mark.parametrize(
    "written", [f"「加微信 abc12345：看」\n{DASHES}\n好", refer("好", "看", name="加微信 abc12345")]
)
def test_a_name_that_nobody_has_is_read_with_the_quote(written: str) -> None:
    sort = Sort.UNKNOWN if "<" in written else Sort.TEXT
    message = read(sort, written, author=BO, named=EVERYBODY)
    assert (message.text, message.quote, message.reply_to_author) == ("好", "加微信 abc12345：看", None)


@pytest.mark.parametrize(
    "written", ["「三体」是本好书", "「Ann」\n- - - -\n你好", "“hello”\nyes", "「Ann：hello」 yes", '"']
)
def test_what_only_looks_like_a_quote_stays_as_it_is(written: str) -> None:
    message = read(Sort.TEXT, written)
    assert (message.text, message.quote) == (written, None)


def test_the_message_that_is_quoted_is_found_by_its_id() -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, "hello", id_="3035572160325032061", author=ANN, name="小安"))
    answer = post(Sort.UNKNOWN, refer("yes", "hello", svrid="3035572160325032061", by="wxid_ann"), id_="2", author=BO)
    message = message_in(wx.events(answer))
    assert message.reply_to == "wx:r1@chatroom/3035572160325032061"
    assert message.reply_to_author is not None
    assert (message.reply_to_author.id, message.reply_to_author.name) == ("wx:wxid_ann", "小安")
    assert message.reply_to_text == "hello"
    assert message.quote == "hello"


@pytest.mark.parametrize("name", ["小安", "Ann"])
def test_the_message_that_is_quoted_is_found_by_name_and_words_the_newest_first(name: str) -> None:
    wx = reader()
    for id_ in ("a", "b"):
        wx.events(post(Sort.TEXT, "hello  there", id_=id_, author=ANN, name="小安"))
    wx.events(post(Sort.TEXT, "hello  there", id_="c", author=CY))
    message = message_in(wx.events(post(Sort.TEXT, f"「{name}：hello there」\n{DASHES}\n/warn", id_="d", author=BO)))
    assert message.reply_to == "wx:r1@chatroom/b"
    assert message.text == "/warn"
    assert message.quote == "hello there"


def test_a_name_with_a_colon_in_it_is_found_too() -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, "hello", id_="a", author=Contact("wxid_dee", "Dee: 读书")))
    message = message_in(wx.events(post(Sort.TEXT, f"「Dee: 读书：hello」\n{DASHES}\nyes", id_="b", author=BO)))
    assert (message.reply_to, message.quote) == ("wx:r1@chatroom/a", "hello")


def test_words_of_another_room_or_another_name_are_not_taken_for_it() -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, "hello", id_="a", author=ANN, room=None))
    wx.events(post(Sort.TEXT, "hello", id_="b", author=CY))
    message = message_in(wx.events(post(Sort.TEXT, f"「Ann：hello」\n{DASHES}\nyes", id_="c", author=BO)))
    assert (message.reply_to, message.reply_to_author, message.quote) == (None, None, "Ann：hello")


def test_only_the_last_messages_of_a_room_are_remembered() -> None:
    wx = reader()
    for number in range(A_ROOM + 1):
        wx.events(post(Sort.TEXT, f"say {number}", id_=f"m{number}", author=ANN))
    found = [
        message_in(wx.events(post(Sort.TEXT, f"「Ann：say {number}」\n{DASHES}\nyes", id_="x", author=BO))).reply_to
        for number in (0, A_ROOM)
    ]
    assert found == [None, f"wx:r1@chatroom/m{A_ROOM}"]


def test_an_own_message_can_be_quoted_though_it_is_no_event() -> None:
    wx = reader()
    own = Contact("wxid_bot", "Bot")
    assert wx.events(post(Sort.TEXT, "今天读什么？", id_="a", author=own, own=True)) == []
    message = message_in(wx.events(post(Sort.TEXT, f"「Bot：今天读什么？」\n{DASHES}\n三体", id_="b", author=BO)))
    assert message.reply_to == "wx:r1@chatroom/a"
    assert message.reply_to_author is not None
    assert message.reply_to_author.is_bot


def test_who_answers_an_advertisement_has_not_said_it() -> None:
    wx = reader()
    advert = "加微信 abc12345"
    wx.events(post(Sort.TEXT, advert, id_="a", author=ANN))
    for written in (f"「Ann：{advert}」\n{DASHES}\n骗子", refer("骗子", advert, svrid="a", by="wxid_ann")):
        sort = Sort.TEXT if written[0] == "「" else Sort.UNKNOWN
        message = message_in(wx.events(post(sort, written, id_="b", author=BO)))
        assert message.quote == advert
        assert text_of(message) == "骗子"


@pytest.mark.parametrize("svrid", ["a", "987"])
def test_a_quote_that_is_made_up_is_its_authors_own(svrid: str) -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, "hello", id_="a", author=ANN))
    forged = refer("看", "加微信 abc12345", svrid=svrid, by="wxid_ann")
    message = message_in(wx.events(post(Sort.UNKNOWN, forged, id_="b", author=BO)))
    assert "加微信 abc12345" in text_of(message)
    assert message.reply_to == f"wx:r1@chatroom/{svrid}"


def test_the_author_of_what_was_never_seen_is_told_by_the_quote() -> None:
    written = refer("/warn", "hello", svrid="77", by="wxid_cy", name="Cy")
    message = read(Sort.UNKNOWN, written, author=BO, named=[one for one in EVERYBODY if one.raw == "wxid_cy"])
    assert message.reply_to_author is not None
    assert (message.reply_to_author.id, message.reply_to_author.name) == ("wx:wxid_cy", "Cy")


def test_a_quoted_card_is_read_with_its_address() -> None:
    card = appmsg(5, title="日赚五百", des="点开", url="https://bad.example/x")
    message = read(Sort.UNKNOWN, refer("看", escape(card, quote=False), number=49, name=""))
    assert message.quote == "日赚五百\n点开"
    assert message.links == (Link("https://bad.example/x", "日赚五百"),)
    talk = record(item("Cy", "加微信 abc12345"), cdata=False)
    quoted = read(Sort.UNKNOWN, refer("看", escape(talk, quote=False), number=49)).quote
    assert quoted is not None
    assert "Cy: 加微信 abc12345" in quoted


def test_a_card_that_was_seen_is_found_by_its_title_and_its_address_is_not_the_quoters() -> None:
    wx = reader()
    card = appmsg(5, title="一篇文章", des="关于书", url="https://mp.example/x")
    wx.events(post(Sort.URL, card, id_="a", author=ANN))
    by_title = message_in(wx.events(post(Sort.TEXT, f"「Ann：一篇文章」\n{DASHES}\n好", id_="b", author=BO)))
    assert by_title.reply_to == "wx:r1@chatroom/a"
    by_id = refer("好", escape(card, quote=False), number=49, svrid="a", by="wxid_ann")
    message = message_in(wx.events(post(Sort.UNKNOWN, by_id, id_="c", author=BO)))
    assert message.links == ()
    assert text_of(message) == "好"


@pytest.mark.parametrize("title", ["一篇文章", "日赚五百"])
def test_an_address_that_was_not_in_the_card_that_is_quoted_is_the_quoters(title: str) -> None:
    wx = reader()
    wx.events(post(Sort.URL, appmsg(5, title="一篇文章", url="https://mp.example/x"), id_="a", author=ANN))
    forged = escape(appmsg(5, title=title, url="https://bad.example/x"), quote=False)
    written = refer("好", forged, number=49, svrid="a", by="wxid_ann")
    message = message_in(wx.events(post(Sort.UNKNOWN, written, id_="b", author=BO)))
    assert [link.url for link in message.links] == ["https://bad.example/x"]


@pytest.mark.parametrize("shown", ["图片", "[图片]", "[Photo]"])
def test_what_stands_in_the_place_of_a_picture_is_no_quote(shown: str) -> None:
    wx = reader()
    wx.events(post(Sort.IMAGE, "", id_="a", author=ANN))
    message = message_in(wx.events(post(Sort.TEXT, f"「Ann：{shown}」\n{DASHES}\n好看", id_="b", author=BO)))
    assert (message.reply_to, message.quote, message.text) == ("wx:r1@chatroom/a", None, "好看")


def test_an_answer_to_an_answer_quotes_the_answer_alone() -> None:
    inner = escape(refer("first answer", "root"), quote=False)
    assert read(Sort.UNKNOWN, refer("second", inner, number=49, name="")).quote == "first answer"


@pytest.mark.parametrize("svrid", ["", "q"])
def test_nothing_hides_behind_the_beginning_of_a_long_message_of_somebody_else(svrid: str) -> None:
    """Only so much of a message is remembered: what follows after that in a quote has to be theirs, too."""
    long = "好书" * 600
    wx = reader()
    wx.events(post(Sort.TEXT, long, id_="q", author=ANN))
    whole = message_in(wx.events(post(Sort.TEXT, f"「Ann：{long}」\n{DASHES}\n好", author=BO, named=EVERYBODY)))
    assert text_of(whole) == "好"
    written = (
        refer("好", long + "加微信 abc12345", svrid="q") if svrid else f"「Ann：{long}加微信 abc12345」\n{DASHES}\n好"
    )
    sort = Sort.URL if svrid else Sort.TEXT
    assert "abc12345" in text_of(message_in(wx.events(post(sort, written, id_="2", author=BO, named=EVERYBODY))))
