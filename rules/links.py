"""The addresses in a message: those the platform marks, and those that only stand in its words."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from publicsuffixlist import PublicSuffixList

from rules.values import Message


class FoundLink(NamedTuple):
    """An address: ``host`` in ASCII, its registrable ``domain``, and what follows the host in ``rest``."""

    host: str
    domain: str
    rest: str

    def __str__(self) -> str:
        return self.host + self.rest


class Address(NamedTuple):
    """An address as an operator lists it: a domain with all below it, and perhaps the beginning of a path."""

    host: str
    path: str = ""

    def covers(self, link: FoundLink) -> bool:
        """Whether a link leads there."""
        if link.host != self.host and not link.host.endswith("." + self.host):
            return False
        path = self.path
        return not path or link.rest == path or link.rest.startswith((path + "/", path + "?", path + "#"))


# A dot with something of a name behind it; the ideographic full stop is what many type (and hide) it with.
_DOT = re.compile(r"[.。][a-z0-9\])]")
_DISGUISED_DOT = re.compile(r"\s?[\[(](?:\.|dot)[\])]\s?")
_SCHEMED = re.compile(
    r"(?<![a-z0-9])([a-z][a-z0-9+-]{1,11})://(?:[^\s/@?#]{0,64}@)?"
    r"((?:[a-z0-9_-]++[.。])*+[a-z0-9_-]++|[^\W_][\w-]{0,62}(?:[.。][\w-]{1,63}){1,8})?(?::\d{1,5})?([/?#][!-~]*)?"
)
# Labels that end in none that an address can end in are taken as well: else each of them would be tried anew.
_BARE = re.compile(
    r"(?<![a-z0-9@._/=-])((?:[a-z0-9][a-z0-9-]*+[.。](?=[a-z0-9]))++)"
    r"(?:([a-z][a-z0-9-]*+)(?!@)(?::\d{1,5})?([/?#][!-~]*)?)?"
)
_LONGEST_HOST = 253
_TRAILING = ".,;:!?)]}>'\"*_~"
_CONTACT_SCHEMES = frozenset({"mailto", "tel", "sms"})

# Endings that mean an address even when nothing else does. All others (``ok.so``, ``readme.md``, ``it.is``) also begin
# a sentence after a forgotten space or end a file's name: they need `www.`, a path, or a name no sentence ends with.
_SURE = frozenset(
    (
        *("com", "net", "org", "cn", "edu", "gov", "info", "biz", "io", "co", "xyz", "top", "vip", "icu", "cyou"),
        *("ltd", "hk", "tw", "jp", "kr", "uk", "de", "fr", "ru", "eu", "cc", "tk", "ml", "ga", "cf", "gq"),
        *("app", "dev", "ai", "shop", "club", "online", "site", "store", "website", "xin", "ren", "tv"),
        *("cloud", "bet", "casino", "porn", "sex", "cam", "click", "buzz", "monster", "ooo", "mobi", "asia"),
    )
)
_FILE_ENDINGS = frozenset({"py", "md", "sh", "rs", "zip", "mov", "pl", "ps", "so"})
_KNOWN_HOSTS = frozenset(
    {"t.me", "telegram.me", "wa.me", "line.me", "youtu.be", "discord.gg", "bit.ly", "goo.gl", "is.gd", "cutt.ly"}
)

_INVITES = tuple(
    Address(host, path)
    for host, path in (
        *(("t.me", "/joinchat"), ("telegram.me", "/joinchat"), ("chat.whatsapp.com", ""), ("discord.gg", "")),
        *(("discord.com", "/invite"), ("qm.qq.com", ""), ("jq.qq.com", ""), ("qun.qq.com", ""), ("u.wechat.com", "")),
        *(("weixin.qq.com", "/g"), ("work.weixin.qq.com", "/gm"), ("line.me", "/ti/g"), ("line.me", "/r/ti/g")),
        *(("signal.group", ""), ("join.skype.com", ""), ("invite.viber.com", "")),
    )
)


def links_in(folded: str, message: Message | None = None) -> tuple[FoundLink, ...]:
    """The links of a message, each once: in its folded text, marked in it, and below its buttons.

    E-mail addresses, file names and numbers are none. Domains are told by the public suffix list.
    """
    found = dict.fromkeys(link for link, _, _ in placed_links(folded))
    if message is not None:
        for link in message.links:
            found.update(dict.fromkeys(address_of(link.url)))
        for button in message.buttons:
            if button.url:
                found.update(dict.fromkeys(address_of(button.url)))
    return tuple(found) if found else ()


def placed_links(folded: str) -> tuple[tuple[FoundLink, int, int], ...]:
    """The links that stand in a folded text, and where; -1 where a disguised dot has moved them."""
    if _DOT.search(folded) is None and "://" not in folded and "dot" not in folded:
        return ()
    return _placed(folded)


@lru_cache(maxsize=32)  # a text is asked about several times while its message is looked at
def _placed(folded: str) -> tuple[tuple[FoundLink, int, int], ...]:
    text = _DISGUISED_DOT.sub(".", folded)
    found = tuple(_collected(text))
    return found if text == folded else tuple((link, -1, -1) for link, _, _ in found)


def address_of(url: str) -> list[FoundLink]:
    """The links in an address that the platform marks; usually one."""
    return [link for link, _, _ in _collected(url.lower())]


def is_invitation(link: FoundLink) -> bool:
    """Whether a link invites into another group or chat."""
    if link.host in ("t.me", "telegram.me") and link.rest.startswith("/+"):
        return True
    return any(address.covers(link) for address in _INVITES)


def parse_address(text: str) -> Address:
    """The address that an operator lists: ``example.com``, ``www.example.com``, ``https://t.me/ourgroup``.

    Raises ``ValueError`` with what to write instead.
    """
    _, scheme, rest = text.strip().lower().rpartition("://")
    host, slash, path = (rest if scheme else text.strip().lower()).partition("/")
    host = host.removeprefix("*.").removeprefix("www.").strip(".")
    if not host or any(sign.isspace() or sign in "@*?,，" for sign in host):
        raise ValueError(f"`{text}` is no domain; write one such as example.com or t.me/ourgroup")
    return Address(_ascii_host(host), (slash + path).rstrip("/"))


def registrable(host: str) -> str:
    """The part of a host that somebody registered (``a.b.co.uk``: ``b.co.uk``), or the host itself."""
    return _registrable(host)


def is_shared(host: str) -> bool:
    """Whether anybody may have an address below a host: an ending such as com or github.io, or t.me."""
    if host in _KNOWN_HOSTS or _known().publicsuffix(host) == host:
        return True
    return "." in host and _suffixes().publicsuffix(host) == host


def covered(link: FoundLink, addresses: Iterable[Address]) -> bool:
    """Whether a link leads to one of these addresses."""
    return any(address.covers(link) for address in addresses)


def _collected(text: str) -> Iterator[tuple[FoundLink, int, int]]:
    rest = text
    if "://" in text:
        for match in _SCHEMED.finditer(text):
            link = _of_scheme(match[1], match[2] or "", match[3] or "")
            if link is not None:
                yield link, *match.span()
        rest = _SCHEMED.sub(_blank, text)
    for match in _BARE.finditer(rest):
        if match[2] is None:
            continue
        host = (match[1] + match[2]).replace("。", ".")
        path = (match[3] or "").rstrip(_TRAILING)
        if _is_address(host, path, odd_dot="。" in match[1]):
            yield _link(host, path), *match.span()


def _blank(match: "re.Match[str]") -> str:
    return " " * (match.end() - match.start())


def _of_scheme(scheme: str, host: str, rest: str) -> FoundLink | None:
    if scheme in _CONTACT_SCHEMES:
        return None
    rest = rest.rstrip(_TRAILING)
    host = host.replace("。", ".").strip("._-")
    if scheme == "tg":
        return FoundLink("t.me", "t.me", "/" + host + rest)
    if scheme not in ("http", "https", "hxxp", "hxxps", "ftp"):
        return FoundLink(scheme, scheme, "//" + host + rest)  # opens an app: weixin://, alipays://
    return _link(host, rest) if host else None


def _link(host: str, rest: str) -> FoundLink:
    host = _ascii_host(host)
    return FoundLink(host, _registrable(host), "" if rest == "/" else rest)


def _is_address(host: str, path: str, *, odd_dot: bool) -> bool:
    if not host.isascii() or not _has_known_ending(host):
        return False
    name, _, ending = host.rpartition(".")
    if ending in _SURE:
        return True
    if odd_dot:  # `ok。so` is two sentences
        return False
    if host.startswith("www.") or host in _KNOWN_HOSTS:
        return True
    if ending in _FILE_ENDINGS:
        return False
    if len(path) > 1 and path[0] == "/":
        return True
    # `bet365.live`: no sentence ends so.
    return len(name) > 4 and "." not in name and any(map(str.isdigit, name)) and any(map(str.isalpha, name))


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    host = host.strip(".")
    if host.isascii() or len(host) > _LONGEST_HOST:
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def read_suffixes() -> None:
    """Read the lists of public suffixes now: it takes a while, and else the first message with a link waits for it."""
    _suffixes()
    _known()


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    if host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=4096)
def _has_known_ending(host: str) -> bool:
    return _known().publicsuffix(host) is not None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _known() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
