"""Sketches: what stays the same between the copies of a message, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.folding import view_of
from rules.detectors.keys import kind_of, picture_hash
from rules.detectors.nearby import ALIKE, NearPictures, NearTexts
from rules.detectors.sketch import Sketch, kept, likeness, sketch_of
from rules.values import Button, Link, Media, MediaKind, Member, Message

AD = "周末兼职招人啦,每天只要两小时,在家就能做,工资当天结清,想来的联系微信 nova5521"


def sketch(text: str, **more: object) -> Sketch:
    message = Message(id="t:-1/1", author=Member(id="t:1"), text=text, **more) if more else None
    return sketch_of(view_of(text), message)


def alike(one: str, other: str) -> float:
    return likeness(sketch(one).grams, sketch(other).grams)


def kinds(text: str, **more: object) -> list[str]:
    return [kind_of(key) for key in sketch(text, **more).keys]


@pytest.mark.parametrize(
    "copy",
    [
        AD.replace(",", "，"),
        AD.replace("nova5521", "nova7788"),
        "🔥🔥 " + AD + " 🔥🔥",
        AD.replace("周末", "週末").replace("联系", "聯繫").replace("结", "結"),
        " ".join(AD),
        AD.replace("微信", "薇信"),
        AD.replace("兼职", "兼直").replace("两小时", "两小十"),  # written by their sound
        "\u200b".join(AD),
        AD[::-1],
        "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in AD),
    ],
)
def test_a_copy_in_other_signs_is_alike(copy: str) -> None:
    assert alike(AD, copy) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AD, "周末大家去爬山吗,我在家闲得要命,想找人一起出去走走,晚上再吃个火锅"),
        ("the meeting is moved to friday at ten", "has anybody seen my blue umbrella in the hall"),
        ("群公告:本周六晚八点有分享会,欢迎大家来听", "群公告:请新来的同学先做一下自我介绍,谢谢配合"),
    ],
)
def test_what_says_something_else_is_not(one: str, other: str) -> None:
    assert alike(one, other) < ALIKE


@pytest.mark.parametrize(
    "text", ["", "+1", "早上好", "哈哈哈哈哈哈哈哈哈哈哈哈", "666666666666", "好好好好好好好好好", "?!"]
)
def test_what_says_too_little_has_nothing_to_be_alike_by(text: str) -> None:
    assert sketch(text).grams == b""
    assert sketch(text).keys == ()


def test_a_short_text_is_known_again_by_its_very_letters() -> None:
    assert sketch("早上好").exact == sketch("早 上 好!").exact
    assert sketch("早上好").exact != sketch("晚上好").exact
    assert sketch("秀 750").exact != sketch("秀 650").exact


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("加微信 nova5521", "contact"),
        ("打 138 1234 5679", "number"),
        ("进群 t.me/nova_club", "link"),
        ("see https://nova-club.example.com/a?b=1", "link"),
        ("ask @nova_helper", "handle"),
        ("write to nova@nova-club.com", "email"),
    ],
)
def test_a_way_to_get_in_touch_is_a_key(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("加微信 nova5521", "想了解的话 vx: nova5521 就行"),
        ("打 138-1234-5679", "电话 +86 13812345679 全天在线"),
        ("t.me/nova_club", "join t.me/nova_club now"),
        ("https://a.nova-club.com/x", "come to nova-club.com/other?utm=3"),
    ],
)
def test_the_same_way_to_get_in_touch_is_the_same_key(one: str, other: str) -> None:
    assert set(sketch(one).keys) & set(sketch(other).keys)


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com",
        "on https://www.youtube.com/ now",
        "see you on 20261005",
        "the code is 482913",
        "88888888",
        "23323323323",
        "12345678",
        "windows11 and rtx4090",
    ],
)
def test_what_everybody_writes_is_no_key(text: str) -> None:
    assert kinds(text) == []


def test_addresses_on_shared_hosts_differ_by_their_paths() -> None:
    assert not set(sketch("https://github.com/a/b").keys) & set(sketch("https://github.com/c/d").keys)
    assert set(sketch("https://github.com/a/b").keys) == set(sketch("look: github.com/a/b").keys)


def test_codes_links_and_buttons_are_keys_without_a_word() -> None:
    photo = Media(MediaKind.PHOTO, codes=("https://u.wechat.com/abc",), looks="f0e1d2c3b4a59687")
    assert kinds("", media=(photo,)) == ["code"]
    assert sketch("", media=(photo,)).pictures == (0xF0E1D2C3B4A59687,)
    named = Media(MediaKind.PHOTO, hash="f0e1d2c3b4a59687")  # by the platform, which says nothing of how it looks
    assert not sketch("", media=(named,))
    assert kinds("", links=(Link("https://nova-club.com/x"),)) == ["link"]
    assert kinds("", buttons=(Button("go", url="https://nova-club.com"),)) == ["link"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "xyz",
        "0" * 16,
        "f" * 16,
        "0000000000000001",
        "f0e1d2c3b4a5968",
        "g" * 16,
        "-0e1d2c3b4a59687",
        "0xe1d2c3b4a59687",
    ],
)
def test_a_hash_that_tells_nothing_is_none(value: str | None) -> None:
    assert picture_hash(value) is None


@given(st.text(max_size=400))
def test_any_text_has_a_sketch_that_packs_and_unpacks(text: str) -> None:
    found = sketch(text)
    assert Sketch.unpacked(found.packed()) == kept(found)
    assert len(found.packed()) <= 175
    assert sketch_of(view_of(text)) == found
    if found.grams:
        assert likeness(found.grams, found.grams) == pytest.approx(1.0)


def test_lone_surrogates_and_ten_thousand_signs_have_sketches() -> None:
    assert sketch("\ud800 abc \udfff 你好你好 defgh").letters
    long = "".join(chr(0x4E00 + i % 4000) for i in range(10_000))
    assert alike(long, long[:8000] + "!" + long[8000:]) >= ALIKE


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x63" + bytes(20), Sketch(9, 1, bytes(64)).packed()[:-1], bytes(200)])
def test_bytes_that_are_no_sketch_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="sketch"):
        Sketch.unpacked(data)


@given(st.binary(min_size=64, max_size=64), st.lists(st.integers(0, 63), max_size=14, unique=True))
def test_near_texts_are_found_again_until_they_are_dropped(grams: bytes, changed: list[int]) -> None:
    index = NearTexts(50)
    index.put(7, grams)
    near = bytes(value ^ 0x55 if i in changed else value for i, value in enumerate(grams))
    spoilt = {i // 4 for i in changed}
    found = dict(index.find(near))
    if len(spoilt) < 16:
        assert found[7] == pytest.approx(likeness(grams, near))
    index.drop(7)
    assert index.find(grams) == []


def test_an_index_of_texts_stays_within_its_tables() -> None:
    index = NearTexts(10)
    for i in range(500):
        index.put(1 + i % 10, bytes((i * 7 + j * (i % 13)) % 256 for j in range(64)))
    assert all(1 <= place <= 10 for place, _ in index.find(bytes((499 * 7 + j * (499 % 13)) % 256 for j in range(64))))
    with pytest.raises(ValueError, match="from 1 to"):
        NearTexts(0)


def test_pictures_that_differ_in_few_bits_are_the_same() -> None:
    index = NearPictures(3)
    index.put(1, 0xF0E1D2C3B4A59687)
    assert index.find(0xF0E1D2C3B4A59687 ^ 0b111111) == [(1, 6)]
    assert index.find(0xF0E1D2C3B4A59687 ^ 0b1111111) == []
    for place in (2, 3, 4):  # the first one gives way
        index.put(place, place << 40 | 0xABCDEF)
    assert index.find(0xF0E1D2C3B4A59687) == []
    index.drop(4)
    assert [place for place, _ in index.find(4 << 40 | 0xABCDEF)] == [2, 3]


@pytest.mark.parametrize(
    "address", ["shop.example", "ahttps://shop.example/x?y=1", "1.2.3.shop.example:80/a", "@lenas_shop"]
)
def test_addresses_are_none_of_the_words_but_numbers_with_dots_are(address: str) -> None:
    words = "版本 {} 已经发布,大家可以在群里领取新的安装包"
    plain = sketch(words.format("a" if address.startswith("a") else ""))
    assert sketch(words.format(address)).exact == plain.exact
    assert sketch(words.format("1.2.3.4")).exact != plain.exact


def test_numbers_with_dots_without_an_end_are_words() -> None:
    assert sketch("1." * 3_000).exact == sketch("7." * 3_000).exact != sketch("1." * 2_999).exact
