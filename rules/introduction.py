"""Recognising a self-introduction: the filled-in template, or free text such as 大家好，我是小李，来自上海，做后端.

The template is known by its labels. Free text is known by what it says of its writer: a name, a place, an occupation,
interests, hopes; one of these alone is an ordinary message. Only what a clause *begins* with counts, so that talk about
others (欢迎喜欢阅读的朋友) is not taken for talk about oneself.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rules.folding import fold
from rules.free_text import said_of_oneself

LONGEST = 3000
"""Characters of the longest message that can be an introduction."""
LONGEST_VALUE = 200
"""Characters of a field that are kept."""

LABELS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("昵称", "姓名", "名字", "称呼", "网名", "怎么称呼", "花名", "名称"),
        *("name", "my name", "nickname", "nick", "call me"),
    ),
    "city": (
        *("城市", "所在城市", "所在地", "坐标", "地区", "来自", "常驻", "居住地", "家乡", "base"),
        *("city", "my city", "location", "based in", "from", "where i live", "country", "place"),
    ),
    "job": (
        *("职业", "工作", "行业", "岗位", "身份", "专业", "做什么", "从事"),
        *("job", "occupation", "profession", "work", "what i do", "role", "studies"),
    ),
    "interests": (
        *("兴趣", "爱好", "兴趣爱好", "喜欢", "擅长", "特长"),
        *("interests", "interest", "hobbies", "hobby", "likes", "i like", "into"),
    ),
    "expecting": (
        *("期待", "期望", "希望", "想在群里", "入群目的", "加群目的", "入群原因", "目标"),
        *("what i hope to find here", "expecting", "expectations", "looking for", "goal", "goals", "here for", "hope"),
    ),
}
"""The labels that are known without the file saying so, by profile field."""

# Labels of other forms: job offers, events, sales. With one of these it is no introduction.
_FOREIGN = re.compile(
    r"(?:^|[\n,，;；\s【])(?:薪资|工资|薪酬|待遇|招聘|职位|价格|售价|原价|时间|地点|报名|日期|主讲|截止|费用|"
    r"salary|pay|price|date|time|when|where|venue|deadline|apply|fee|rsvp)[】]?\s*[:：]",
    re.IGNORECASE,
)
_BULLET = r"(?:(?:\d{1,2}|[一二三四五六七八九])\s*[.、)）．:：]\s*|[-•*·▪️●○✅➡️#]+\s*)"
_VALUE_END = re.compile(r"[\s,，;；。|｜/]+$")


@dataclass(frozen=True, slots=True)
class Introduction:
    """What somebody said of themselves: the message's text, and the profile fields recognised in it."""

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)


def recognise(
    text: str, fields: Mapping[str, Sequence[str]] | None = None, at_least: int = 2, free_text: bool = True
) -> Introduction | None:
    """The introduction that a message is, or None.

    ``fields`` gives further profile fields with the labels that name them, or further labels of the known ones.
    ``at_least`` is how many fields of the template must be filled in; ``free_text`` is whether one without the
    template counts too.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    labels = _labels(fields or {})
    filled = _template(text, labels)
    if len(filled) >= min(at_least, len(labels)) and not _foreign(text, labels):
        return Introduction(text, filled)
    if free_text and len(filled) < 2:
        said = said_of_oneself(text)
        if said is not None:
            return Introduction(text, {**{name: value[:LONGEST_VALUE] for name, value in said.items()}, **filled})
    return None


def _labels(fields: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = dict.fromkeys((*LABELS, *fields))
    return tuple((name, (*fields.get(name, ()), *LABELS.get(name, ()), name)) for name in names)


def _foreign(text: str, labels: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether a label of some other form stands in the text, and is not one that the file asks for."""
    own = {fold(label) for _, known in labels for label in known}
    return any(fold(found.group(0)).strip("\n,;:[]【】 ") not in own for found in _FOREIGN.finditer(text))


def _template(text: str, labels: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    """The fields that are filled in, each with its value."""
    by_label, marked, bare = _patterns(labels)
    found: dict[str, str] = {}
    marks = list(marked.finditer(text))
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        value = text[mark.end() : end].split("\n", maxsplit=1)[0]
        _keep(found, by_label[_plain(mark.group("label"))], value)
    if found:
        return found
    # `1. 城市 上海`: without a colon, only where every line but a greeting is of this form.
    lines = [line for line in text.splitlines() if line.strip()]
    hits = [bare.fullmatch(line.strip()) for line in lines]
    if sum(hit is not None for hit in hits) >= max(2, len(lines) - 1):
        for hit in hits:
            if hit is not None:
                _keep(found, by_label[_plain(hit.group("label"))], hit.group("value"))
    return found


def _keep(found: dict[str, str], name: str, value: str) -> None:
    value = _VALUE_END.sub("", value.strip()).strip(" _＿…|｜-–—")
    if value and name not in found:
        found[name] = value[:LONGEST_VALUE]


def _plain(label: str) -> str:
    return " ".join(fold(label).split())


@lru_cache(maxsize=32)
def _patterns(
    labels: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """For these labels: the field of each label, what opens a field with a colon, and a line without one."""
    by_label: dict[str, str] = {}
    for name, known in labels:
        for label in known:
            by_label.setdefault(_plain(label), name)
    either = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in sorted(by_label, key=len, reverse=True))
    marked = re.compile(
        rf"(?:^|(?<=[\n,，;；。|｜、\s])){_BULLET}?(?=[【\[（(]?(?P<label>{either})(?:[】\]）)]|\s*[:：=]))"
        rf"[【\[（(]?(?:{either})[】\]）)]?\s*[:：=]?[ \t]*",
        re.IGNORECASE,
    )
    bare = re.compile(rf"{_BULLET}?(?P<label>{either})[ \t]+(?P<value>\S.{{0,80}})", re.IGNORECASE)
    return by_label, marked, bare
