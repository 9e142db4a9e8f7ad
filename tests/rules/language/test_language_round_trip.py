"""What holds for every input: dumping loses nothing, and whatever is read, a clear error is the worst."""
# ruff: noqa: E501 - a table reads best with one case a line

import contextlib
from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, InstanceOf

from rules import config as c
from rules.builtin import builtin_steps
from rules.durations import Duration
from rules.errors import ConfigError
from rules.language import FileProblem, dump, load
from rules.logic import All, AnyOf, NoneOf
from rules.step import Action, Condition, Steps
from rules.timing import Timing

BUILTIN = builtin_steps()
SECRET = "hunter2"


class OneFile:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, path: str) -> bytes:
        if path != "config.yaml":
            raise FileProblem("there is no such file")
        return self.data

    def glob(self, pattern: str) -> list[str]:
        return []


def reload(text: str) -> c.Config:
    return load("config.yaml", OneFile(text.encode("utf-8", "surrogatepass")), STEPS, {"TOKEN": SECRET}).config


class Long(Condition):
    """Applies to anything, so that it may stand anywhere."""

    step = "long"
    scalar = "characters"
    characters: int


class Holds(Condition):
    """Has a list and texts."""

    step = "holds_any"
    scalar = "of"
    of: tuple[str, ...]
    how: Literal["whole", "part"] = "part"


class Often(Condition):
    """Has no bare value."""

    step = "often"
    messages: int
    within: Duration
    unless: InstanceOf[Condition] | None = None


class Say(Action):
    """Has a bare value, more settings, and steps inside."""

    step = "say"
    scalar = "text"
    text: str = ""
    for_: Duration | None = Field(default=None, alias="for")
    then: tuple[InstanceOf[Action], ...] = ()
    named: dict[str, str] = Field(default_factory=dict)


STEPS = Steps(
    {**BUILTIN.conditions, **{cls.step: cls for cls in (Long, Holds, Often)}}, {**BUILTIN.actions, "say": Say}
)


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="{}\u2028\u2029"), min_size=1, max_size=30
).filter(str.strip)
tricky = st.sampled_from(
    [
        "null",
        "~",
        "no",
        "off",
        "22:30",
        "1e3",
        "“引号”",
        "a，b",
        "- x: y",
        "#tag",
        "@all",
        "id：1",
        " x ",
        "a\nb",
        "\\",
        '"',
        "'",
        "*",
        "<<",
        "0x1F",
        "&a",
        "!b",
        "?",
        "[",
        "mode:off",
        "\t",
    ]
)
texts = words | tricky.filter(lambda text: text.strip() != "")
names = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,10}", fullmatch=True)
phrases = st.lists(texts, min_size=1, max_size=4).map(tuple)
durations = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=900)).map(
    lambda value: timedelta(seconds=int(value.total_seconds()))
)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
conditions: st.SearchStrategy[Any] = st.recursive(
    st.builds(Long, characters=st.integers(1, 9999))
    | st.builds(Holds, of=phrases, how=st.sampled_from(["whole", "part"])),
    lambda inner: (
        st.builds(Often, messages=st.integers(2, 90), within=durations, unless=inner)
        | st.builds(
            lambda kind, of: kind(of=tuple(of)),
            st.sampled_from([All, AnyOf, NoneOf]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=6,
)
actions: st.SearchStrategy[Any] = st.recursive(
    st.builds(Say, text=st.just("") | texts, for_=st.none() | durations, at_most=st.sampled_from([None, "2 per 3h"])),
    lambda inner: st.builds(
        Say, then=st.lists(inner, max_size=2).map(tuple), named=st.dictionaries(texts, texts, max_size=2)
    ),
    max_leaves=3,
)
several = st.lists(actions, min_size=1, max_size=3).map(tuple)
modes = st.none() | st.sampled_from(["enforce", "shadow", "off"])
rules = st.builds(
    c.RuleSpec,
    id=names,
    name=texts,
    when=st.sampled_from(["message", ["edit", "message"], {"command": ["a", "b"]}, {"at": "08:00", "days": ["fri"]}]),
    if_=st.none() | conditions,
    then=several,
    mode=modes,
    stop=st.booleans(),
    at_most=st.none() | st.just("1 per 6h"),
)
schedules = st.builds(
    c.ScheduleSpec,
    id=names,
    when=st.builds(Timing, at=st.lists(clocks, min_size=1, max_size=3).map(tuple), days=st.frozensets(st.integers(0, 6), min_size=1))
    | st.builds(Timing, quiet_for=durations, stop_after_unanswered=st.none() | st.integers(1, 5)),
    then=several,
    pin=st.booleans(),
)  # fmt: skip
copies = st.dictionaries(
    st.from_regex(r"[a-z]{3,6}\.[a-z]{3,6}", fullmatch=True),
    texts | st.lists(texts, min_size=1, max_size=3),
    max_size=3,
)


@st.composite
def configs(draw: st.DrawFn) -> c.Config:
    found = draw(st.lists(rules, max_size=4, unique_by=lambda rule: rule.id))
    taken = {rule.id for rule in found}
    times = draw(
        st.lists(schedules.filter(lambda each: each.id not in taken), max_size=2, unique_by=lambda each: each.id)
    )
    groups = draw(
        st.dictionaries(
            names,
            st.builds(
                c.GroupSpec,
                platform=st.just("tg"),
                chat=texts,
                name=st.just("") | texts,
                day_starts_at=st.none() | st.just("04:30"),
            ),
            max_size=3,
        )
    )
    return c.Config(
        defaults=draw(st.builds(c.Defaults, timezone=st.sampled_from(["UTC", "Asia/Shanghai"]), mode=st.sampled_from(["shadow", "off"]))),
        platforms={"tg": c.Platform.model_validate({"type": "telegram", "more": draw(st.lists(texts, max_size=2))})},
        groups=groups,
        windows=draw(st.dictionaries(texts, st.builds(c.WindowSpec, from_=clocks, to=clocks), max_size=2)),
        ladders=draw(st.dictionaries(names, st.builds(c.LadderSpec, points_expire_after=st.none() | durations, steps=st.builds(c.RungSpec, at=st.integers(1, 9), do=several).map(lambda rung: (rung,))), max_size=2)),
        rules=tuple(found),
        schedules=tuple(times),
        copy_=draw(copies),
        storage=draw(st.builds(c.StorageSpec, member_data=st.builds(c.MemberData, forget_after_leaving=st.none() | durations))),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(configs())
def test_dumping_and_loading_again_loses_nothing(config: c.Config) -> None:
    assert reload(dump(config)) == config


def test_a_dump_holds_names_of_secrets_and_not_secrets() -> None:
    text = (
        'platforms: { tg: { type: x, token: "${TOKEN}", more: ["a${TOKEN}"] } }\nstorage:\n  database: "p://${TOKEN}"\n'
    )
    config = reload(text)
    dumped = dump(config)
    assert SECRET not in dumped
    assert dumped.count("${TOKEN}") == 3
    assert reload(dumped) == config


GOOD = """\
version: 1
platforms: { tg: { type: telegram, token: "${TOKEN}" } }
groups:
  reading: { platform: tg, chat: "-1001", tags: [public] }
rules:
  - id: ads
    name: "“广告”"
    when: message
    if:
      any:
        - text_has_any: [加微信, "私聊：领取"]
        - longer_than: 500
    then: [delete, { mute: 1h, at_most: 1 per 6h }]
schedules:
  - { id: s, at: "08:00", days: weekdays, post: rules.short }
copy:
  a.b: |
    {name}：你好
"""
SLIPS = ["：", "，", "“", '"', "'", "\t", "[", "]", "{", "}", "- ", ": ", "\n", "\n  ", "#", "&a ", "*a", "!", "@", "|", ">", "%", "\n---\n", "\0", "\u3000", "】", "\\", "? ", "<<: ", "\u2028", "\x85", "\ufeff"]  # fmt: skip


def load_or_complain(data: bytes) -> None:
    with contextlib.suppress(ConfigError):
        load("config.yaml", OneFile(data), STEPS, {"TOKEN": SECRET}, copy_keys=())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD)), st.sampled_from(SLIPS), st.integers(0, 6)), min_size=1, max_size=5)
)
def test_a_damaged_file_is_complained_of_or_loaded(damage: list[tuple[int, str, int]]) -> None:
    text = GOOD
    for at, slip, lost in damage:
        text = text[:at] + slip + text[at + lost :]
    load_or_complain(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_anything_at_all_is_complained_of_or_loaded(data: bytes) -> None:
    load_or_complain(data)


def test_the_good_file_is_good() -> None:
    assert reload(GOOD).rules[0].id == "ads"


@pytest.mark.parametrize("name", sorted({**STEPS.conditions, **STEPS.actions}))
def test_every_step_says_what_it_is(name: str) -> None:
    step = STEPS.conditions.get(name) or STEPS.actions[name]
    assert (step.__doc__ or "").strip()
