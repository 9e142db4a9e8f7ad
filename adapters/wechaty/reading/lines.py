"""WeChat's own lines: who took a message back, poked whom, brought whom in, renamed the group, took a red envelope.

They come as XML (``sysmsg``) or as the words that stand in the talk, in the language of the account.
"""

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from adapters.wechaty.reading.body import Line, Person
from adapters.wechaty.reading.markup import clean, words_in, words_of
from rules.values import MediaKind

SHORT = 80
"""Characters of a line that may have come from a member: two names and what one did to the other."""
LONGEST = 2_000
"""Characters of a line that are looked at."""

_RECALLED = (
    re.compile(r'"(?P<by>.+?)" ?撤回了'),
    re.compile(r"(?P<by>[^\n]{1,64}?) ?撤回了(?:一条消息|成员)"),
    re.compile(r'"?(?P<by>[^"\n]{1,64}?)"? (?:has )?(?:recalled|unsent) a message'),
)
_NUDGED = (
    re.compile(r'"(?P<by>[^"\n]+)" ?(?:拍了拍|戳了戳|tickled|nudged)'),
    re.compile(r"(?P<by>[^\n]{1,64}?) ?(?:拍了拍|戳了戳| tickled | nudged )"),
)
_JOINED = (
    re.compile(r'" ?(?P<who>.+)"通过扫描"(?P<by>.+)"分享的二维码加入群聊'),
    re.compile(r'" ?(?P<who>.+)"通过扫描你分享的二维码加入群聊'),
    re.compile(r'"(?P<who>.+)"通过"?(?P<by>[^"]+)"?的邀请加入群聊'),
    re.compile(r'"(?P<by>.+?)"邀请"(?P<who>.+)"加入了群聊'),
    re.compile(r'你邀请"(?P<who>.+)"加入了群聊'),
    re.compile(r'" ?(?P<who>.+)" joined (?:the )?group chat via the QR [Cc]ode shared by "(?P<by>.+)"'),
    re.compile(r'" ?(?P<who>.+)" joined (?:the )?group chat via (?:the QR [Cc]ode you shared|your shared QR [Cc]ode)'),
    re.compile(r'You invited "?(?P<who>.+?)"? to (?:the|a) group chat'),
    re.compile(r'"?(?P<by>[^"]+?)"? invited "?(?P<who>(?!you\b)[^"]+?)"? to (?:the|a) group chat'),
)
_OTHER = re.compile(
    r"修改群名为|移出了?群聊|移出群聊|退出了?群聊|加入了?群聊|成为新群主|转让给|群管理员|群公告|领取了|红包|转账|请注意隐私安全"
    r"|开启了|关闭了|恢复默认|进群|群聊邀请确认|群待办|解散|已在其他设备|以上是打招呼|现在可以开始聊天|安全提示|谨防|诈骗|请勿"
    r"|不支持展示|在手机上查看|发起了(?:语音|视频|位置)|(?:语音|视频)通话|位置共享"
    r"|changed the group name|removed .{1,80} from the group|left the group|group chat|Group Notice|[Rr]ed [Pp]acket"
    r"|opened your|group owner|on your phone|view on phone|Weixin|not a friend",
    re.DOTALL,
)
"""What other lines say. Where a puppet calls something neither text nor card, and these words are in it, it is one."""

_PLACE = re.compile(r"\$\{?([\w@.-]{1,64})\}?\$?", re.ASCII)


def line_in(text: str) -> Line | None:
    """The line that stands in words; None where they are none that is known."""
    line = line_of(text)
    return line if line.kind is not MediaKind.SYSTEM or line.joined or _OTHER.search(line.text) is not None else None


def bare_line(text: str) -> Line | None:
    """The same where a member is named as its author: a line so short that nothing else can stand in it.

    That somebody came in is no member's to say.
    """
    line = line_of(text)
    return line if len(text) <= SHORT and line.kind is not MediaKind.SYSTEM else None


def line_of(text: str) -> Line:
    """The line that words are, which are known to be one."""
    said = text.strip()[:LONGEST]
    plain = said.translate(_QUOTES)
    for pattern in _JOINED:
        if (found := pattern.match(plain)) is not None:
            names = found.groupdict()
            by = Person(name=names["by"].strip()) if names.get("by") else None
            return Line(MediaKind.SYSTEM, said, by, joined=(Person(name=names["who"].strip()),))
    for kind, patterns in ((MediaKind.RECALL, _RECALLED), (MediaKind.NUDGE, _NUDGED)):
        for pattern in patterns:
            if (found := pattern.match(plain)) is not None:
                return Line(kind, said, Person(name=found["by"].strip()) if found["by"] not in _US else None)
    return Line(MediaKind.SYSTEM, said)


_US = ("你", "我", "You", "I")
"""What the account itself is called in its own lines."""
_QUOTES = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"'})


def sysmsg_line(root: Element, written: str) -> Line:
    """The line that such XML is: ``written`` is the same as text."""
    if (revoked := root.find("revokemsg")) is not None:
        said = words_of(revoked, "replacemsg", "content")
        known = line_of(said)
        id_ = words_of(revoked, "newmsgid", "msgid")
        by = known.by if known.kind is MediaKind.RECALL else None
        return Line(MediaKind.RECALL, said, by, recalled=id_)
    if (pat := root.find("pat")) is not None:
        by = Person(words_of(pat, "fromusername"))
        said = words_of(pat, "template") or words_in(written)
        whom = tuple(Person(id_) for id_ in dict.fromkeys(_PLACE.findall(said)) if id_ != by.id)
        return Line(MediaKind.NUDGE, said, by if by.id else None, others=whom)
    template = next(root.iter("content_template"), None)
    if template is not None:
        return _from_template(template)
    return Line(MediaKind.SYSTEM, words_in(written))


def _from_template(element: Element) -> Line:
    template = words_of(element, "template", "plain") or clean(element.text)
    people = {str(link.get("name") or ""): tuple(_linked(link)) for link in element.iter("link")}
    line = line_of(template)
    by = _of_place(line.by, people)
    joined = tuple(one for place in line.joined for one in _all_of_place(place, people))
    return Line(line.kind, _filled(template, people), by, joined=joined)


def _linked(link: Element) -> Iterator[Person]:
    for member in link.iter("member"):
        yield Person(words_of(member, "username"), words_of(member, "nickname"))
    if title := words_of(link, "title", "plain"):
        yield Person(name=title)


def _all_of_place(person: Person, people: Mapping[str, tuple[Person, ...]]) -> tuple[Person, ...]:
    found = _PLACE.fullmatch(person.name)
    return people.get(found[1], ()) if found is not None else (person,)


def _of_place(person: Person | None, people: Mapping[str, tuple[Person, ...]]) -> Person | None:
    if person is None:
        return None
    found = _all_of_place(person, people)
    return found[0] if len(found) == 1 else None


def _filled(template: str, people: Mapping[str, tuple[Person, ...]]) -> str:
    def names(found: re.Match[str]) -> str:
        known = people.get(found[1])
        return "、".join(person.name for person in known) if known else found[0]

    return _PLACE.sub(names, template)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A line in which ``${id}`` is replaced by what somebody is called."""
    return _PLACE.sub(lambda found: names.get(found[1]) or found[0], text) if "${" in text else text
