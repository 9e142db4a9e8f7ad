"""The folding view: what a message says once the ways of hiding it are undone."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.detectors.folding import LONGEST, view_of

SIGNS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("加微信我的人钱女虽弓氵亻又日寸一二三零八十个年群qvxwoOabеосаратЗжβο013 4@$!.-_*~/\\+,，。\n"),
        st.sampled_from("➕💚💰✉📞👥🇻🇽🇨🇳\ufe0f\u20e3\u0301\u0306\u3099\u200b\u202eエロの①ⓥ🅅𝓯ｖ㎏ﬁ\ud83d"),
    ),
    max_size=60,
)

READS = [
    ("加 微 信", "加微信"),
    ("加*微*信", "加微信"),
    ("加.微.信", "加微信"),
    ("v.x", "vx"),
    ("f.r.e.e", "free"),
    ("f r e e", "free"),
    ("З-а-р-а-б-о-т-о-к", "заработок"),
    ("e-a-r-n m-e o-n-l-i-n-e", "earn me online"),
    ("1 3 8 0 0 1 3 8", "13800138"),
    ("ｖｘ１３８", "vx138"),
    ("ⓥⓧ", "vx"),
    ("🅅🅇 🆅🆇", "vx vx"),
    ("𝓯𝓻𝓮𝓮 𝐟𝐫𝐞𝐞", "free free"),
    ("ᴄʀʏᴘᴛᴏ", "crypto"),
    ("🇻🇽", "vx"),
    ("1️⃣3️⃣8️⃣", "138"),
    ("❶③⑧", "138"),
    ("一三八零零一三八", "13800138"),
    ("幺三八〇〇", "13800"),
    ("138OO138", "13800138"),
    ("v\u200bi\u2060a\ufeffgra", "viagra"),
    ("v̷̛̗i̸̢a̶g̷r̵a", "viagra"),
    ("繁體中文", "繁体中文"),
    ("зapaбoтoк нa дoмy", "заработок на дому"),
    ("ѕсаm сrурtо fоr уоu", "scam crypto for you"),
    ("get сор now", "get cop now"),
    ("зараб0ток", "заработок"),
    ("v1agra fr33 ca$h", "viagra free cash"),
    ("弓虽", "强"),
    ("氵又子", "汉子"),
    ("呺码", "号码"),
    ("兼职エ作", "兼职工作"),
    ("➕💚✉", "加微信"),
    ("加\\/信", "加v信"),
    ("+v信", "加v信"),
    ("Earn 💰 daily", "earn money daily"),
    ("и\u0306 か\u3099", "й が"),
    ("\ud800a\udfff", "a"),
]

KEPT = [
    "привет, как дела? it-специалист, vpn для всех",
    "ну а то",
    "h2o mp3 b2b covid19 user_1a2b3c e4f5",
    "abc1def",
    "一个人三三两两",
    "2019一个",
    "一百三十五",
    "第三三中",
    "女子 美女马上来",
    "🇨🇳🇺🇸",
    "太棒了👍👍👍",
    "谢谢❤",
    "see you at 5.30, e.g. at a b-side",
    "か が 한국어",
    "ελληνικά".replace("ά", "α"),
    "冇嘅咗",
    "没有…刚才".replace("…", "..."),
]


@pytest.mark.parametrize(("written", "said"), READS)
def test_a_hidden_text_reads_as_what_it_says(written: str, said: str) -> None:
    assert view_of(written).text == said


@pytest.mark.parametrize("text", KEPT)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert view_of(text).text == text


@given(SIGNS)
@example("о0o0о")
@settings(max_examples=400, deadline=None)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    folded = view_of(text).text

    assert view_of(folded).text == folded


@given(SIGNS)
@settings(max_examples=200, deadline=None)
def test_every_view_can_be_taken_of_any_text(text: str) -> None:
    view = view_of(text)

    view.text.encode()
    view.pinyin.encode()
    assert view.reversed == "" or view.reversed != view.text
    assert all(count > 0 for count in view.tricks.values())


def test_the_middle_of_a_very_long_text_is_left_out() -> None:
    view = view_of("头" + "a" * 20_000 + "尾")

    assert len(view.raw) == LONGEST
    assert view.text[0] == "头"
    assert view.text[-1] == "尾"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("加薇xin", "jia微信"),
        ("加徽芯", "佳微信"),
        ("加vx吧", "加微信吧"),
        ("加 我 wei xin", "加我微信"),
        ("jia wo wei xin", "加我微信"),
        ("zhuan钱", "赚钱"),
        ("扣扣群", "qq群"),
        ("微,信", "微信"),
    ],
)
def test_what_sounds_alike_meets_in_the_second_view(one: str, other: str) -> None:
    assert view_of(one).pinyin == view_of(other).pinyin


def test_what_sounds_different_stays_apart() -> None:
    assert view_of("加微信").pinyin != view_of("加电话").pinyin


@pytest.mark.parametrize("text", ["can you help me", "she can run home", "привет", "12345"])
def test_what_is_not_chinese_sounds_as_it_is_written(text: str) -> None:
    assert view_of(text).pinyin == text


def test_tricks_are_counted() -> None:
    assert dict(view_of("大家好，今天 hello").tricks) in ({}, {"width": 1})
    tricks = view_of("v\u200bx 繁體 ⓥⓧ 加*微*信 一三八零零 зapaбoтoк 弓虽 v1agra").tricks
    assert set(tricks) == {
        "invisible",
        "traditional",
        "circled",
        "spread",
        "digits",
        "confusable",
        "split_glyph",
        "leet",
    }
