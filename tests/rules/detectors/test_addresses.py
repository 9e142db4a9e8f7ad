"""Addresses in what is learned from: one sign each, by the class of site, and nothing of the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.detectors.addresses import kind_of, without_addresses
from rules.detectors.extract import clues_in
from rules.detectors.features import squeezed, unsqueezed
from rules.detectors.folding import view_of
from rules.detectors.kinds import ClueKind
from rules.detectors.signals import sight_of
from rules.links import address_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("看 https://lanhua.example.com/a/17 吧", "看 http://www.qiuyue.example.org/b?c=5 吧"),
        ("进 t.me/+AbCdEfGhIjKl", "进 https://discord.gg/xyz123"),
        ("写信到 li.lei@lanhua.example.com", "写信到 wang_fang88@qiuyue.example.org"),
        ("问 @lanhua_2003", "问 @qiuyue"),
        ("点 bit.ly/3xYz", "点 https://t.cn/A6x"),
    ],
)
def test_addresses_of_a_class_are_the_same_sign(one: str, other: str) -> None:
    assert squeezed(view_of(one).text) == squeezed(view_of(other).text)


def test_addresses_of_different_classes_are_not() -> None:
    hosts = (
        "lanhua.example.com/a",
        "lanhua.example.xyz/a",
        "bit.ly/a",
        "t.me/lanhua",
        "t.me/+AbCdEfGhIj",
        "taobao.com/a",
    )
    assert len({squeezed(host.lower()) for host in hosts}) == len(hosts)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bilibili.com/video/BV1xx",
        "github.com/a/b",
        "https://www.lib.tsinghua.edu.cn/x",
        "https://nasa.gov/",
    ],
)
def test_a_known_site_says_nothing(url: str) -> None:
    for text, plain in ((f"看 {url} 吧", "看 吧"), (f"{url} 看", "看"), (f"看 {url}", "看"), (url, "")):
        view, other = view_of(text), view_of(plain)
        with_link, without = sight_of(view, clues_in(view)), sight_of(other, clues_in(other))
        assert with_link.indices.tolist() == without.indices.tolist()
        assert tuple(with_link.shape) == tuple(without.shape)


def test_the_class_of_a_site_is_its_clue() -> None:
    for url, kind in (
        ("https://meeting.tencent.com/dm/a", ClueKind.LINK_KNOWN),
        ("https://lanhua.example.com", ClueKind.LINK_OTHER),
        ("https://lanhua.example.top", ClueKind.LINK_CHEAP),
        ("weixin://dl/business", ClueKind.LINK_APP),
        ("http://10.2.3.4/a", ClueKind.LINK_NUMBER),
    ):
        (link,) = address_of(url)
        assert kind_of(link) is kind
        assert kind in {clue.kind for clue in clues_in(view_of(f"去 {url} 看"))}


def test_signs_stand_where_the_address_did() -> None:
    text = "看 https://lanhua.example.com/a 加 @qiuyue 13800138000 吧"
    places = unsqueezed(text)
    assert [text[place] for place in places[:-1]] == list("看 h 加 @ 1 吧")
    assert places[-1] == len(text)


@given(
    st.lists(
        st.sampled_from(
            ["看", " ", "a", "7", "x.example.com", "github.com/a", "@qiuyue", "a@b.example.com", "://", ".", "\n"]
        )
    )
)
def test_every_sign_has_its_place(parts: list[str]) -> None:
    text = "".join(parts)
    places = unsqueezed(text)
    assert len(places) == len(squeezed(text)) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)
    assert without_addresses("明天见") == ("明天见", [])
