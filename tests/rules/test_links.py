"""Finding the addresses in a message, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.folding import fold
from rules.links import is_invitation, links_in, parse_address, registrable
from rules.values import Button, Link, Member, Message

NASTY = st.text(st.sampled_from("ab1.。:/@?#[]()-_ 中\nwcomhtps") | st.characters(), max_size=60)


def found(text: str) -> list[str]:
    return [str(link) for link in links_in(fold(text))]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("文章: https://ourblog.example/1", "ourblog.example/1"),
        ("看example.com这个", "example.com"),
        ("看example。com吧", "example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("exa\u200bmple.com", "example.com"),
        ("hxxps://evil.example/a", "evil.example/a"),
        ("example[.]com", "example.com"),
        ("example(dot)com", "example.com"),
        ("www.foo.me", "www.foo.me"),
        ("t.me/+AbCdEf", "t.me/+abcdef"),
        ("tg://resolve?domain=abc", "t.me/resolve?domain=abc"),
        ("https://google.com@evil.com/x", "evil.com/x"),
        ("https://user:pass@h.com:80/x", "h.com/x"),
        ("https://例子.中国/a", "xn--fsqu00a.xn--fiqs8s/a"),
        ("https://example.com这个网站", "example.com"),
        ("http://1.2.3.4/login", "1.2.3.4/login"),
        ("see example.com. And then", "example.com"),
        ("see (example.com)", "example.com"),
        ("bet365.live", "bet365.live"),
        ("HTTPS://EXAMPLE.COM", "example.com"),
    ],
)
def test_a_link_is_found_however_it_is_written(text: str, link: str) -> None:
    assert found(text) == [link]


ORDINARY = [
    *("readme.md", "main.py 跑不通", "报告.zip", "setup.sh", "3.5", "v1.2.3", "v2.0.so", "ok.so 我们走吧", "done.then"),
    *("it.is fine", "hello.world", "e.g.so", "U.S.in", "a@b.com", "first.last@mail.example.co.uk", "foo.com@evil.com"),
    *(
        "今天读完了。不错",
        "ok。so",
        "我说。me too",
        "等等...what",
        "3.14159",
        "http://",
        "://",
        ".com",
        "a..com",
        "node.js",
    ),
    *("2026.10.05", "12.5元", "第3.2节", "Mr.Wang", "Ph.D.", "i64.gt", "self.event.style", "dev-requirements.in"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_file_names_numbers_mail_addresses_and_sentences_are_no_links(text: str) -> None:
    assert found(text) == []


@given(NASTY)
def test_no_text_makes_it_fail(text: str) -> None:
    for link in links_in(fold(text)):
        assert link.host
        assert link.domain
        assert link.host == link.domain or link.host.endswith("." + link.domain)


@given(
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,3}", fullmatch=True),
    st.sampled_from(["com", "co.uk", "com.cn", "github.io"]),
)
def test_a_registrable_domain_is_the_end_of_its_host_and_its_own(name: str, ending: str) -> None:
    host = f"{name}.{ending}"
    domain = registrable(host)
    assert ("." + host).endswith("." + domain)
    assert registrable(domain) == domain
    assert domain.count(".") >= ending.count(".")


def test_marked_links_and_buttons_count_and_each_link_once() -> None:
    message = Message(
        id="1",
        author=Member(id="a"),
        text="看这里 https://a.com/x",
        links=(Link(url="https://a.com/x"), Link(url="https://b.com", text="这里"), Link(url="readme.md")),
        buttons=(Button(text="领取", url="https://c.com/?u=1"), Button(text="ok", data="ok")),
    )
    assert [str(link) for link in links_in(fold(message.text), message)] == ["a.com/x", "b.com", "c.com/?u=1"]


@pytest.mark.parametrize(
    ("listed", "link", "covers"),
    [
        ("ourblog.example", "https://www.ourblog.example/1", True),
        ("www.ourblog.example", "https://ourblog.example", True),
        ("https://ourblog.example/", "http://sub.ourblog.example/x", True),
        ("*.ourblog.example", "https://a.ourblog.example", True),
        ("ourblog.example", "https://notourblog.example", False),
        ("ourblog.example", "https://ourblog.example.evil.com", False),
        ("ourblog.example", "https://ourblog.example@evil.com", False),
        ("t.me/ourgroup", "https://t.me/ourgroup", True),
        ("t.me/ourgroup", "https://t.me/ourgroup/55", True),
        ("t.me/ourgroup", "https://t.me/ourgroup2", False),
        ("t.me/ourgroup", "https://t.me/other", False),
        ("例子.中国", "https://www.例子.中国/a", True),
    ],
)
def test_an_address_covers_what_is_below_it(listed: str, link: str, covers: bool) -> None:
    (only,) = links_in(fold(link))
    assert parse_address(listed).covers(only) is covers


@pytest.mark.parametrize("text", ["", "not a domain", "a,b", "me@example.com", "https://"])
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no domain; write one such as"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "invites"),
    [
        ("t.me/+AbCdEf", True),
        ("https://t.me/joinchat/xyz", True),
        ("https://chat.whatsapp.com/Abc", True),
        ("https://discord.gg/abc", True),
        ("https://qm.qq.com/q/abc", True),
        ("https://weixin.qq.com/g/abc", True),
        ("https://t.me/durov", False),
        ("https://weixin.qq.com/", False),
        ("https://discord.com/developers", False),
    ],
)
def test_an_invitation_is_told_from_another_link(text: str, invites: bool) -> None:
    (link,) = links_in(fold(text))
    assert is_invitation(link) is invites
