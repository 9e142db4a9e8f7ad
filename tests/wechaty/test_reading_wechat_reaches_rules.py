"""An advertisement that WeChat hands over, wherever it hides, makes the rules fire that an operator would write."""

from html import escape

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.told import Posted
from rules.detectors.extract import clues_in
from rules.detectors.looking import text_of, view_of
from rules.engine import decide
from rules.events import MessagePosted
from rules.facts import Facts
from rules.recent import Recent
from rules.rulebook import Rulebook
from rules.state import GroupState, MemberState
from tests.rulebooks import rulebook_of
from tests.wechaty.posted import ANN, post, reader
from tests.wechaty.wechat_xml import appmsg, item, money, nested, patted, record, refer, revoked

AD = "加微信 dushu12345 领红包"
BAD = "https://casino.example/x"
CONFIG = """
platforms: { wx: { type: console } }
groups: { readers: { platform: wx, chat: "r1@chatroom" } }
rules:
  - { id: words, when: message, if: { text_has_any: [加微信] }, then: { tag: seen } }
  - { id: links, when: message, if: { links: { from: [casino.example] } }, then: { tag: seen } }
  - { id: names, when: [message, join], if: { name_has_any: [加微信] }, then: { tag: seen } }
  - { id: forwards, when: message, if: { forwarded: any }, then: { tag: seen } }
  - { id: unknown, when: message, if: { media: unknown }, then: { tag: seen } }
  - { id: recalled, when: message, if: { all: [media: recall, text_has_any: [加微信]] }, then: { tag: seen } }
"""
CARD = appmsg(5, title=AD, url=BAD)
ITEM = item("Cy", AD)
PLACES: dict[str, tuple[Posted, str]] = {
    "text": (post(Sort.TEXT, f"{AD} {BAD}"), "words links"),
    "name": (post(Sort.TEXT, "大家好", author=Contact("wxid_x", AD)), "names"),
    "name in the room": (post(Sort.TEXT, "大家好", name=AD), "names"),
    "quote as text": (post(Sort.TEXT, f"「Bo：{AD}」\n- - - - - - -\n看"), "words"),
    "quote as xml": (post(Sort.UNKNOWN, refer("看", AD, svrid="9")), "words"),
    "quoted card": (post(Sort.UNKNOWN, refer("看", escape(CARD, quote=False), number=49)), "words links"),
    "quoted talk": (post(Sort.UNKNOWN, refer("看", escape(record(ITEM, cdata=False)), number=49)), "words"),
    "name of whom is quoted": (post(Sort.TEXT, f"「{AD}：hello」\n- - - - - - -\n看"), "words"),
    "answer to a quote": (post(Sort.TEXT, f"「Bo：hello」\n- - - - - - -\n{AD}"), "words"),
    "title of an article": (post(Sort.URL, CARD), "words links"),
    "description of an article": (post(Sort.URL, appmsg(5, title="书", des=AD)), "words"),
    "source of an article": (
        post(Sort.URL, appmsg(5, title="书", more=f"<sourcedisplayname>{AD}</sourcedisplayname>")),
        "words",
    ),
    "card given apart": (post(Sort.URL, "", card={"title": "书", "description": AD, "url": BAD}), "words links"),
    "music": (post(Sort.UNKNOWN, appmsg(3, title="歌", des=AD, url=BAD)), "words links"),
    "mini program": (post(Sort.MINI_PROGRAM, appmsg(33, title=AD)), "words"),
    "mini program given apart": (post(Sort.MINI_PROGRAM, "", card={"title": "书", "description": AD}), "words"),
    "post of a channel": (
        post(Sort.UNKNOWN, appmsg(51, title="当前版本不支持", more=f"<finderFeed><desc>{AD}</desc></finderFeed>")),
        "words",
    ),
    "name of a channel": (
        post(Sort.UNKNOWN, appmsg(50, more=f"<findernamecard><nickname>{AD}</nickname></findernamecard>")),
        "words",
    ),
    "visiting card": (post(Sort.CONTACT, f'<msg username="wxid_z" nickname="{AD}" />'), "words"),
    "sign of a visiting card": (post(Sort.CONTACT, f'<msg nickname="Zed" sign="{AD}" />'), "words"),
    "visiting card given apart": (post(Sort.CONTACT, "", card=Contact("wxid_z", AD)), "words"),
    "solitaire": (post(Sort.GROUP_NOTE, f"#接龙\n1. Ann 三体\n2. {AD}"), "words"),
    "solitaire as xml": (post(Sort.UNKNOWN, appmsg(53, title=f"#接龙\n1. Ann\n2. {AD}")), "words"),
    "note": (post(Sort.UNKNOWN, record(item("", AD), number=24)), "words"),
    "announcement": (
        post(Sort.UNKNOWN, appmsg(87, more=f"<textannouncement>{AD}</textannouncement>")),
        "words",
    ),
    "line of a talk": (post(Sort.CHAT_HISTORY, record(ITEM)), "words forwards"),
    "name in a talk": (post(Sort.CHAT_HISTORY, record(item(AD, "hello"))), "words forwards"),
    "talk within a talk": (
        post(Sort.CHAT_HISTORY, record(item("Bo", "", more=nested("x", item("", "", more=nested("y", ITEM)))))),
        "words forwards",
    ),
    "address in a talk": (
        post(Sort.CHAT_HISTORY, record(item("Bo", "", more=f"<weburlitem><link>{BAD}</link></weburlitem>"))),
        "links forwards",
    ),
    "red envelope": (post(Sort.RED_ENVELOPE, money(2001, "微信红包", f"<sendertitle>{AD}</sendertitle>")), "words"),
    "transfer": (post(Sort.TRANSFER, money(2000, "微信转账", f"<pay_memo>{AD}</pay_memo>")), "words"),
    "file": (post(Sort.ATTACHMENT, f"{AD}.pdf", file_name=f"{AD}.pdf"), "words"),
    "file as xml": (post(Sort.ATTACHMENT, appmsg(6, title=f"{AD}.pdf")), "words"),
    "place": (post(Sort.LOCATION, f'<msg><location poiname="{AD}" label="海淀" /></msg>'), "words"),
    "sticker": (post(Sort.EMOTICON, f'<msg><emoji md5="d" attachedtext="{AD}" /></msg>'), "words"),
    "something new": (post(Sort.UNKNOWN, f"<msg><gift><word>{AD}</word></gift></msg>"), "words unknown"),
    "new sort of card": (post(Sort(0), appmsg(999, title=AD, url=BAD)), "words links"),
    "broken xml": (post(Sort.URL, f"<msg><appmsg><title>{AD}</title><url>{BAD}</url>"), "words links"),
    "attribute of typed xml": (
        post(Sort.TEXT, f'<msg><appmsg ad="{AD}"><title>好</title><type>5</type></appmsg></msg>'),
        "words unknown",
    ),
    "typed like a poke": (post(Sort.TEXT, f'"Ann" 拍了拍 "Bo" {AD}'), "words"),
    "typed like a recall": (post(Sort.TEXT, revoked("1", AD)), "words"),
    "no advertisement: a poke": (post(Sort.RECALLED, patted("wxid_ann", "wxid_bo", f"Ann 拍了拍 Bo {AD}")), ""),
    "no advertisement: a line": (post(Sort.UNKNOWN, f'"Ann"修改群名为“{AD}”', author=None), ""),
    "no advertisement: a red envelope": (post(Sort.RED_ENVELOPE, money(2001, "微信红包", "")), ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return rulebook_of(CONFIG)


def fired(event: MessagePosted, rulebook: Rulebook) -> str:
    book = rulebook.group("wx:r1@chatroom")
    assert book is not None
    facts = Facts(
        now=event.at,
        settings=book.settings,
        group=GroupState(id=event.group.id),
        member=MemberState(id=event.message.author.id),
        recent=Recent(rulebook.horizon),
    )
    return " ".join(rule for rule in decide(event, facts, rulebook).fired if not rule.startswith("@"))


@pytest.mark.parametrize("place", PLACES)
def test_an_advertisement_in_wechat_is_seen_wherever_it_hides(place: str, rulebook: Rulebook) -> None:
    told, rules = PLACES[place]
    (event,) = reader().events(told)
    assert isinstance(event, MessagePosted)
    assert fired(event, rulebook) == rules


@pytest.mark.parametrize("place", [place for place, (_, rules) in PLACES.items() if "words" in rules.split()])
def test_the_detector_sees_a_contact_wherever_it_hides(place: str) -> None:
    (event,) = reader().events(PLACES[place][0])
    assert isinstance(event, MessagePosted)
    clues = clues_in(view_of(text_of(event)), event.message)
    assert any(clue.kind.startswith("contact.") for clue in clues), clues


def test_an_advertisement_that_was_taken_back_can_be_asked_for(rulebook: Rulebook) -> None:
    wx = reader()
    wx.events(post(Sort.TEXT, AD, id_="a", author=ANN))
    (event,) = wx.events(post(Sort.RECALLED, "a", id_="b", author=ANN))
    assert isinstance(event, MessagePosted)
    assert fired(event, rulebook) == "recalled"
