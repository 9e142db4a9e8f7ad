"""Whatever a puppet hands over is read without an exception, and can be kept."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort, sort_of
from adapters.wechaty.reading.markup import words_in
from adapters.wechaty.reading.told import Called
from rules.events import decode, encode
from tests.wechaty.posted import ANN, BO, EVERYBODY, ROOM, post, read, reader
from tests.wechaty.wechat_xml import appmsg, item, money, nested, patted, record, refer, revoked, told

SAMPLES = [
    appmsg(5, title="书", des="好书", url="https://mp.example/x", sender="wxid_ann"),
    appmsg(33, title="书", more="<weappinfo><appid>wx1</appid></weappinfo>"),
    appmsg(53, title="#接龙\n1. Ann", more="<extinfo><solitaire_info><c>1</c></solitaire_info></extinfo>"),
    refer("好", "hello", svrid="1", by="wxid_ann"),
    refer("好", "&lt;msg&gt;&lt;appmsg&gt;&lt;type&gt;57&lt;/type&gt;&lt;/appmsg&gt;&lt;/msg&gt;", number=49),
    record(item("Ann", "hello"), item("Bo", "", more=nested("x", item("Cy", "y")))),
    record(item("Ann", "hello"), cdata=False),
    money(2001, "红包", "<sendertitle>恭喜发财</sendertitle>"),
    revoked("1", '"Ann" 撤回了一条消息'),
    patted("wxid_ann", "wxid_bo", '"${wxid_ann}" 拍了拍 "${wxid_bo}"'),
    told('"$a$"邀请"$b$"加入了群聊', a=(("wxid_ann", "Ann"),), b=(("wxid_cy", "Cy"),)),
    '<msg username="wxid_zed" nickname="Zed" />',
    '<msg><location poiname="书店" label="海淀" /></msg>',
    "「Ann：hello」\n- - - - - - - - -\nyes",
    '"Ann"邀请"Cy"加入了群聊',
    '"Ann" 拍了拍 "Bo"',
    "@Ann\u2005hello @所有人",
]
PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "/>",
            "&",
            "&lt;",
            "]]>",
            "<![CDATA[",
            "<msg>",
            "</msg>",
            "<type>",
            "19",
            "57",
            '"',
            "：",
            "\n",
        ),
        *("<!DOCTYPE a>", "<?xml", "\x00", "\ud83d", "${", "$a$", "「", "」\n- - -\n", "@", "\u2005", "\n", "9" * 30),
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real shape with pieces taken out, doubled, or put in."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(0, 5))):
        at, to = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        text = text[:at] + draw(PIECES | st.just(text[at:to])) + text[draw(st.sampled_from([at, to])) :]
    return text


TEXTS = damaged() | st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join)
NAMES = st.text(max_size=8) | st.sampled_from(["Ann", "\ud800", "", "a\nb", "${x}"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "url"]), inner, max_size=2),
)


def kept(event: Any) -> bool:
    try:
        written = encode(event)
    except UnicodeEncodeError:
        return True  # the inbox cleans what no database could keep
    return bool(decode(written) == event)


@settings(max_examples=800, deadline=None)
@given(
    number=st.integers(-3, 30),
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    author=st.sampled_from([ANN, None, BO, Contact("", "")]),
    room=st.sampled_from([ROOM, None]),
    own=st.booleans(),
    at=st.integers() | st.floats(),
    file_name=NAMES,
    alias=NAMES,
    card=JSON,
)
def test_no_message_whatever_raises(
    number: int,
    texts: list[str],
    author: Contact | None,
    room: Any,
    own: bool,
    at: float,
    file_name: str,
    alias: str,
    card: Any,
) -> None:
    wx = reader()
    for count, text in enumerate(texts):
        given = card if isinstance(card, dict) or card is None else {"title": card}
        told = post(
            sort_of(number),
            text,
            id_=str(count),
            author=author,
            room=room,
            own=own,
            at=at,
            file_name=file_name,
            name=alias,
            named=(*EVERYBODY, Called("wxid_odd", Contact("wxid_odd", alias), alias)),
            card=given,
        )
        for event in wx.events(told):
            assert kept(event)
            assert event.group.id


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_words_are_found_in_anything(text: str) -> None:
    assert isinstance(words_in(text), str)


def in_one_another(times: int, said: str = "") -> str:
    """Lines that hold lines that hold lines, as elements: each of them lies below all that are around it."""
    inside = f"<recordinfo><dataitem><datadesc>{said}</datadesc>"
    lines = inside * times + "</dataitem></recordinfo>" * times
    return appmsg(19, title="x", more=f"<recorditem>{lines}</recorditem>")


def test_long_and_contrived_texts_are_read_in_a_moment() -> None:
    """Each would take minutes where a pattern went back and forth: the guard is the test's own time limit."""
    many = 60_000
    for text in (
        "「" + "a：" * many,
        "「Ann：" + "」\n- " * many,
        '"' + "a" * many + '" 撤回',
        '"a' * many + '邀请"' * 5,
        "@" * many,
        "@a " * many,
        "<![CDATA[" * many,
        "<" * many,
        "<a b='" * many,
        "<msg>" + "<a>" * many,
        "<msg>" + "&lt;" * many + "</msg>",
        "${" * many,
        "wxid_a:\n" * many + "<msg>",
        "「a：" + " " * many,
        "<a ==" + "a" * many,
        "<a b=c" + "\t" * many,
        "<" + "headimg" * many + "-/>x",
        in_one_another(28),
        in_one_another(28, "ad"),
    ):
        for number in (0, 7, 13, 14):
            reader().events(post(sort_of(number), text, named=EVERYBODY))


def test_what_lies_too_deep_in_passed_on_talks_is_read_all_the_same() -> None:
    assert "加微信 abc12345" in str(read(Sort.CHAT_HISTORY, in_one_another(15, "加微信 abc12345")).media[0].text)
    assert "abc12345" in str(read(Sort.TEXT, record(deep(12, "加微信 abc12345"))).media[0].text)


def deep(times: int, said: str) -> str:
    """A line that holds a piece of talk that holds a line, and so on."""
    line = item("Ann", said)
    for _ in range(times):
        line = item("Bo", "", more=nested("x", line))
    return line
