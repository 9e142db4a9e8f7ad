"""The XML that WeChat writes its messages in: parsed without trust, or else read for the words that stand in it.

Whoever sends a message can write what they like into it. So nothing is expanded, what is too large or too deep is not
parsed, and what cannot be parsed is read word by word instead: nothing here raises.
"""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST = 256 * 1024
"""Characters that are parsed; WeChat itself takes fewer."""
DEEPEST = 64
"""How deep elements may stand in one another."""
LONGEST = 20_000
"""Characters of words that are taken out of one thing."""
LONGEST_NAME = 64
"""Characters of the name of an element or an attribute that any program uses."""
INSIDE = 3
"""How often what stands in an element is looked at as XML again."""

_SENDER = re.compile(r"[^\s<>:]{1,64}:(?:\s|<br ?/>)*(?=<|&lt;)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*)[\s/>]")
_BARE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_TOKEN = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<([^>]*)(?:>|\Z)|([^<]+)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""")
_MACHINE = re.compile(
    r"(?:\w*(?:key|md5|id|size|len|length|token|ticket|version|ver|type|scene|time|flag|count|path|width|height|fmt"
    r"|fileext|username|usr|user|hash|seq|buf|status|signature|nonce|thumburl|iconurl|headurl|headimg\w*|imgurl|cdn\w*)"
    r"|aes\w*|cdn\w*|thumb\w*|avatar|msgsource|lowurl|dataurl|lowdataurl|encryp\w*|pua|action|appversion|sign_?key"
    r"|ticket_?\w*|\w*headimgurl|coverurl|xmlns\w*|encoding|standalone)",
    re.IGNORECASE,
)
"""Names of elements and attributes whose values are for programs, not for people."""
_NOISE = re.compile(r"\d{1,4}|[\w+/=|@:-]{32,}|\[?null\]?", re.ASCII)
_BOILERPLATE = ("support.weixin.qq.com/cgi-bin/mmsupport-bin/", "support.weixin.qq.com/update/")
"""Addresses that clients put into what older clients cannot show."""


def is_markup(text: str) -> bool:
    """Whether a text is XML, perhaps behind the line that names its sender. Plain words are told at once."""
    start = text[:80].lstrip()
    if start[:1] == "<" or start[:4] == "&lt;":
        return True
    return (":\n" in start or ":<br" in start) and _SENDER.match(start) is not None


def inner(text: str) -> str:
    """XML without the line that names its sender."""
    text = text.lstrip()
    sender = _SENDER.match(text)
    return text[sender.end() :] if sender is not None else text


def parsed(text: str) -> Element | None:
    """The root of what is written as XML; None where it is none, too large, too deep, or tries to be clever."""
    if len(text) > MOST:
        return None
    text = _CONTROL.sub("", inner(text))
    if text[:4] == "&lt;":
        text = html.unescape(text)
    root = _ROOT.search(text)
    if root is None or _DOCTYPE.search(text) is not None:
        return None
    end = text.rfind(f"</{root[1]}>")
    text = text[root.start() : end + len(root[1]) + 3] if end >= 0 else text[root.start() :].rstrip()
    for written in (text, _BARE.sub("&amp;", text)):
        try:
            found: Element = fromstring(written, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            continue
        return found if _depth_within(found) else None
    return None


_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def _depth_within(root: Element) -> bool:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return True
    return False


def words_of(element: Element | None, *path: str) -> str:
    """The words in the first of these elements below one that has any."""
    if element is None:
        return ""
    for name in path:
        if found := clean(element.findtext(name)):
            return found
    return ""


def attribute(element: Element | None, *names: str) -> str:
    """The words in the first of these attributes that has any."""
    if element is None:
        return ""
    return next((found for name in names if (found := clean(element.get(name)))), "")


def clean(text: str | None) -> str:
    """Words as people see them: without the marks of escaping that were left, and without the void around them."""
    if not text:
        return ""
    if "&" in text:
        text = html.unescape(text)
    text = text.strip()
    return "" if text == "null" else text[:LONGEST]


def web_address(text: str | None) -> str:
    """An address that people can follow; empty where it is none, or what every client writes."""
    found = clean(text)
    if "://" not in found[:16] or any(part in found[:100] for part in _BOILERPLATE):
        return ""
    return found[:2_000]


def words_in(text: str, depth: int = 0) -> str:
    """Every word inside anything that looks like XML, well-formed or not, a line each, but for what is for programs."""
    found: dict[str, None] = {}
    room = LONGEST
    for line in _lines(inner(text)[:MOST], depth):
        if line not in found:
            room -= len(line)
            if room < 0:
                break
            found[line] = None
    return "\n".join(found)


def _lines(text: str, depth: int) -> Iterator[str]:
    if text[:4] == "&lt;":
        text = html.unescape(text)
    element = ""
    for data, tag, plain in _TOKEN.findall(text):
        if tag:
            element = tag.strip("/ ").partition(" ")[0].partition("\n")[0]
            yield from _attributes(tag)
            continue
        said = clean(data or plain)
        if not said or (said.isascii() and _is_machine(element)):
            continue
        if said[:1] == "<" and depth < INSIDE:
            yield from _lines(said, depth + 1)
        else:
            yield from (line.strip() for line in said.splitlines() if _is_said(line.strip()))


def _attributes(tag: str) -> Iterator[str]:
    if "=" not in tag or tag[:1] in "?!":
        return
    for name, double, single in _ATTRIBUTE.findall(tag):
        said = clean(double or single)
        if not said or (said.isascii() and _is_machine(name)):
            continue
        if (not said.isascii() or name in _SHOWN or " " in said or "://" in said) and _is_said(said):
            yield said


_SHOWN = frozenset({"nickname", "alias", "label", "poiname", "title", "des", "desc", "name", "content", "text", "sign"})


def _is_machine(name: str) -> bool:
    return len(name) <= LONGEST_NAME and _MACHINE.fullmatch(name) is not None


def _is_said(line: str) -> bool:
    if not line or _NOISE.fullmatch(line) is not None:
        return False
    return not any(part in line for part in _BOILERPLATE)
