"""Links and mentions in plain text."""

import pytest

from adapters.entities import links_in, mentions_in


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.com/a?b=1#c.", ["https://example.com/a?b=1#c"]),
        ("(http://example.com)", ["http://example.com"]),
        ("点这里：https://example.com/页，快", ["https://example.com/页"]),
        ("t.me/quickmoney and www.example.org!", ["http://t.me/quickmoney", "http://www.example.org"]),
        ("加我taobao.com看看", ["http://taobao.com"]),
        ("EXAMPLE.COM", ["http://EXAMPLE.COM"]),
        ("write to ann@example.com", []),
        ("version 3.11.7, e.g. this.", []),
        ("no.links.here", []),
        ("nothing", []),
    ],
)
def test_addresses_that_can_be_followed_are_found(text: str, urls: list[str]) -> None:
    assert [link.url for link in links_in(text)] == urls


def test_an_address_without_a_scheme_keeps_what_was_read() -> None:
    (link,) = links_in("see t.me/x")
    assert (link.url, link.text) == ("http://t.me/x", "t.me/x")


def test_people_named_are_found_with_their_ids_where_known() -> None:
    found = mentions_in("请@ann and @小波, not me@home", {"ann": "sim:ann"}.get)
    assert [(mention.text, mention.member) for mention in found] == [("@ann", "sim:ann"), ("@小波", None)]
