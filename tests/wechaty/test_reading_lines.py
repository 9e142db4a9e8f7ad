"""What WeChat says itself: who took a message back, poked whom, came in, renamed the group. It is nobody's talk."""

from datetime import timedelta

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading import Reader
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.told import Called, Came, Went
from rules.events import MessagePosted
from rules.values import Media, MediaKind, Member
from tests.wechaty.posted import ANN, BO, CY, EVERYBODY, NOW, ROOM, joins_in, message_in, post, read, reader
from tests.wechaty.wechat_xml import appmsg, patted, revoked, told

SYSTEM = Member("wx:system", is_bot=True)
SELF = Contact("wxid_bot", "Bot")
PATTED = "<patMsg><records><record><fromUser>wxid_ann</fromUser></record></records></patMsg>"


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("a", ANN),
        (revoked("a", '"Ann" 撤回了一条消息'), ANN),
        (revoked("a", '"Ann" 撤回了一条消息', sender="wxid_ann"), ANN),
        (revoked("a", '"Ann" has recalled a message.'), SELF),
    ],
)
def test_what_is_taken_back_is_told_with_what_it_said(written: str, author: Contact) -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, "加微信 abc12345", id_="a", author=ANN))
    line = post(Sort.RECALLED, written, id_="b", author=author, own=author is SELF, named=EVERYBODY)
    message = message_in(wx.events(line))
    assert message.media == (Media(MediaKind.RECALL, text="加微信 abc12345"),)
    assert (message.author.id, message.text, message.is_talk) == ("wx:wxid_ann", "", False)
    assert message.reply_to == "wx:r1@chatroom/a"


def test_the_words_of_a_card_that_is_taken_back_are_told_too() -> None:
    wx = reader()
    wx.events(post(Sort.URL, appmsg(5, title="日赚五百", url="https://bad.example/x"), id_="a"))
    assert message_in(wx.events(post(Sort.RECALLED, "a", id_="b"))).media[0].text == "日赚五百"


def test_what_was_never_seen_is_taken_back_without_words() -> None:
    message = read(Sort.RECALLED, revoked("a", '"Bo" 撤回了一条消息'), author=ANN, named=EVERYBODY)
    assert message.media == (Media(MediaKind.RECALL),)
    assert message.author.id == "wx:wxid_bo"


@pytest.mark.parametrize("written", ["你撤回了一条消息", "You recalled a message", revoked("a", "你撤回了一条消息")])
def test_what_the_account_took_back_itself_is_no_event(written: str) -> None:
    assert reader().events(post(Sort.RECALLED, written, author=SELF, own=True)) == []


@pytest.mark.parametrize(
    ("sort", "written", "author"),
    [
        (Sort.RECALLED, patted("wxid_ann", "wxid_bo", '"${wxid_ann}" 拍了拍 "${wxid_bo}"'), BO),
        (Sort.UNKNOWN, '"Ann" 拍了拍 "阿波"', None),
        (Sort.UNKNOWN, '"Ann" 拍了拍 "阿波"', SELF),
        (Sort.UNKNOWN, appmsg(62, title='"Ann" 拍了拍 "阿波"', more=PATTED), SELF),
        (Sort.TEXT, '"Ann" 拍了拍 "阿波"', None),
    ],
)  # fmt: skip
def test_a_poke_is_told_with_who_poked_whom(sort: Sort, written: str, author: Contact | None) -> None:
    message = read(sort, written, author=author, own=author is SELF, named=EVERYBODY)
    assert message.media == (Media(MediaKind.NUDGE, text='"Ann" 拍了拍 "阿波"'),)
    assert message.author.id == "wx:wxid_ann"
    assert not message.is_talk


@pytest.mark.parametrize(
    "written",
    [
        '"Ann" 拍了拍 "Bo" 加微信 abc',
        '"Ann" 撤回了一条消息',
        '"Ann"邀请"Cy"加入了群聊',
        patted("wxid_ann", "wxid_bo", "x"),
    ],
)
def test_nobody_hides_what_they_say_by_writing_it_like_a_line(written: str) -> None:
    (event,) = reader().events(post(Sort.TEXT, written, author=ANN, named=EVERYBODY))
    assert isinstance(event, MessagePosted)
    assert event.message.is_talk
    assert event.message.text == written


def test_a_card_of_a_members_is_never_a_line() -> None:
    written = told('"$a$"邀请"$b$"加入了群聊', a=(("wxid_ann", "Ann"),), b=(("wxid_cy", "Cy"),))
    assert read(Sort.URL, written, author=BO, named=EVERYBODY).media[0].kind is MediaKind.CARD


@pytest.mark.parametrize(
    "written",
    [
        '"Ann"修改群名为“读书会”',
        "收到红包，请在手机上查看",
        "Bo与群里其他人都不是微信朋友关系，请注意隐私安全",
        '"Ann" changed the group name to "Readers"',
        "你已成为新群主",
        '你将"Bo"移出了群聊',
    ],
)
@pytest.mark.parametrize("sort", [Sort.UNKNOWN, Sort.RECALLED])
@pytest.mark.parametrize("author", [None, SELF])
def test_other_lines_are_the_systems(written: str, sort: Sort, author: Contact | None) -> None:
    message = read(sort, written, author=author, own=author is not None)
    assert message.media == (Media(MediaKind.SYSTEM, text=written),)
    assert message.author == SYSTEM


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ('"Ann" 拍了拍 "Bo"', MediaKind.NUDGE),
        ('"Ann" 撤回了一条消息', MediaKind.RECALL),
        ('"Ann" 拍了拍 "Bo" ' + "加微信 abc12345 日赚五百 " * 5, MediaKind.UNKNOWN),
        ("红包到了，加微信 abc12345", MediaKind.UNKNOWN),
        (appmsg(62, title='"Ann" 拍了拍 "Bo" ' + "加微信 abc12345 " * 9), MediaKind.UNKNOWN),
    ],
)
def test_what_a_puppet_does_not_know_of_a_members_is_a_line_where_it_says_nothing_else(
    written: str, kind: MediaKind
) -> None:
    assert read(Sort.UNKNOWN, written, author=ANN).media[0].kind is kind


def test_a_line_of_xml_that_nobody_knows_is_told_by_its_words() -> None:
    about = "<op>0</op><username>wxid_ann</username><template>群待办：读完三体</template>"
    todo = f'<sysmsg type="roomtoolstips"><todo>{about}</todo></sysmsg>'
    assert read(Sort.RECALLED, todo, author=SELF, own=True).media == (Media(MediaKind.SYSTEM, text="群待办：读完三体"),)


def test_what_is_told_by_a_template_is_told_in_words() -> None:
    written = told("$operator$将群主转让给$new$", operator=(("wxid_ann", "Ann"),), new=(("wxid_bo", "Bo"),))
    assert read(Sort.RECALLED, written).media == (Media(MediaKind.SYSTEM, text="Ann将群主转让给Bo"),)


JOINED = [
    ('"Ann"邀请"Cy"加入了群聊', "wx:wxid_ann"),
    ('" Cy"通过扫描"Ann"分享的二维码加入群聊', "wx:wxid_ann"),
    ('"Cy"通过扫描"Ann"分享的二维码加入群聊', "wx:wxid_ann"),
    ("“Ann”邀请“Cy”加入了群聊", "wx:wxid_ann"),
    ('你邀请"Cy"加入了群聊  ', None),
    ('"Cy"通过扫描你分享的二维码加入群聊', None),
    ("Ann invited Cy to the group chat", "wx:wxid_ann"),
    ('"Ann" invited "Cy" to the group chat', "wx:wxid_ann"),
    ('" Cy" joined the group chat via the QR Code shared by "Ann".', "wx:wxid_ann"),
    ('"Cy" joined group chat via the QR code you shared.', None),
    ("You invited Cy to the group chat.", None),
    (told('"$by$"邀请"$names$"加入了群聊', by=(("wxid_ann", "安"),), names=(("wxid_cy", "西"),)), "wx:wxid_ann"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "inviter"), JOINED)
def test_who_comes_in_by_a_line_has_joined(written: str, inviter: str | None) -> None:
    sort = Sort.RECALLED if "<" in written else Sort.UNKNOWN
    events = reader().events(post(sort, written, author=SELF, own=True, named=EVERYBODY))
    assert joins_in(events) == [("wx:wxid_cy", inviter)]
    assert len(events) == 1
    assert events[0].id == f"wx:join:r1@chatroom:wxid_cy:{int(NOW.timestamp())}"


def test_several_who_come_at_once_are_told_apart() -> None:
    written = '"Ann"邀请"阿波、Cy"加入了群聊'
    events = reader().events(post(Sort.UNKNOWN, written, author=None, named=EVERYBODY))
    assert joins_in(events) == [("wx:wxid_bo", "wx:wxid_ann"), ("wx:wxid_cy", "wx:wxid_ann")]


def test_the_account_itself_is_no_newcomer() -> None:
    people = [*EVERYBODY, Called("wxid_bot", SELF)]
    written = '"Ann"邀请"Bot、Cy"加入了群聊'
    events = reader().events(post(Sort.UNKNOWN, written, author=None, named=people, account="wxid_bot"))
    assert joins_in(events) == [("wx:wxid_cy", "wx:wxid_ann")]


@pytest.mark.parametrize("name", ["Nobody", "Ann"])
def test_who_is_not_found_by_name_leaves_the_line_as_it_is(name: str) -> None:
    twins = [*EVERYBODY, Called("wxid_ann2", Contact("wxid_ann2", "Ann"))]
    message = read(Sort.UNKNOWN, f'"阿波"邀请"{name}"加入了群聊', author=None, named=twins)
    assert message.media == (Media(MediaKind.SYSTEM, text=f'"阿波"邀请"{name}"加入了群聊'),)


LINE = post(Sort.UNKNOWN, '"Ann"邀请"Cy"加入了群聊', author=None, named=EVERYBODY, id_="line")


def came(seconds: int) -> Came:
    return Came(ROOM, (CY,), ANN, int(NOW.timestamp()) + seconds)


@pytest.mark.parametrize("line_first", [True, False])
def test_a_join_that_is_told_twice_is_one(line_first: bool) -> None:
    wx = reader()
    first, second = (LINE, came(40)) if line_first else (came(-40), LINE)
    assert joins_in(wx.events(first)) == [("wx:wxid_cy", "wx:wxid_ann")]
    assert wx.events(second) == []


def test_who_leaves_and_comes_again_has_joined_again() -> None:
    wx = reader()
    wx.events(came(-100))
    wx.events(Went(ROOM, (CY,), None, int(NOW.timestamp()) - 50))
    assert joins_in(wx.events(LINE)) == [("wx:wxid_cy", "wx:wxid_ann")]


def test_a_join_much_later_is_another() -> None:
    now = NOW
    wx = Reader("wx", lambda: now)
    wx.events(came(0))
    now = NOW + timedelta(minutes=6)
    assert joins_in(wx.events(came(330))) == [("wx:wxid_cy", "wx:wxid_ann")]


def test_lines_of_a_talk_alone_are_no_events() -> None:
    line = post(Sort.UNKNOWN, "你已添加了Bo，现在可以开始聊天了。", author=BO, room=None)
    assert reader().events(line) == []


def test_a_text_by_somebody_unknown_keeps_its_author() -> None:
    message = read(Sort.TEXT, "hello", author=Contact("wxid_gone"))
    assert (message.author.id, message.author.name, message.is_talk) == ("wx:wxid_gone", "", True)


def test_that_somebody_came_in_is_no_members_to_say() -> None:
    message = read(Sort.UNKNOWN, '"Ann"邀请"Cy"加入了群聊', author=BO, named=EVERYBODY)
    assert message.author.id == "wx:wxid_bo"
    assert message.media == (Media(MediaKind.UNKNOWN, text='"Ann"邀请"Cy"加入了群聊'),)


@pytest.mark.parametrize(
    "inside", [{"title": "拍一拍 加微信 abc12345"}, {"title": "拍一拍", "url": "https://casino.example/x"}]
)
def test_a_card_that_calls_itself_a_nudge_is_a_card(inside: dict[str, str]) -> None:
    message = read(Sort.URL, appmsg(62, **inside), author=BO, named=EVERYBODY)
    assert message.is_talk
    assert all(media.kind is not MediaKind.NUDGE for media in message.media)
