"""Whatever rules ask for and whatever stands in for it: nothing is ever asked of a platform that it cannot do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import actions as a
from rules.capability import Capability
from rules.decision import Decision
from rules.effects import Effect
from rules.engine import decide
from rules.events import Event, MemberJoined, MessageEdited, MessagePosted
from rules.facts import GroupSettings
from rules.memory import GroupMemory
from rules.quota import parse_quota
from rules.rulebook import Rule, Rulebook, assemble
from rules.step import Action, LadderSteps, Library, Rung, Step
from rules.values import Group, Member, Message

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
CHAT, STAFF = "sim:g", "other:staff"
ANYTHING = frozenset(Capability)


def made(cls: type[Step], **fields: object) -> Any:
    return cls.model_validate(fields)


STEPS: Sequence[Action] = [
    *(a.Delete(), a.Pin(), a.Hold(), a.Kick(), a.Ban(), a.Warn(), a.Alert(), a.CheckIn(), a.Announce()),
    a.Reply(text="hello {name}"),
    a.Send(text="look", pin=True),
    a.SendPrivately(text="between us"),
    a.SendPrivately(text="between us", otherwise="to all"),
    a.Remind(of="no ads, please"),
    made(a.Mute, **{"for": "10m"}),
    made(a.Ban, **{"for": "7d"}),
    made(a.Delete, at_most=parse_quota("1 per 1h")),
    *(made(a.AskStaff, whether_to=verb) for verb in ("remove", "ban", "mute")),
    a.Announce(text="tonight at eight"),
    a.NameGroup(to="Group {name}"),
    a.Invite(to="other"),
    made(a.Post, source="Good morning", pin=True),
    made(a.Post, source="Good morning", pin=True, update_for="1h"),
    a.GivePoints(points=2),
]
CLIMB = a.Ladder(name="ads")
NAMES = sorted({step.step for step in STEPS})
fallbacks = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(STEPS), max_size=2).map(tuple), max_size=5)


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    able = draw(st.frozensets(st.sampled_from(sorted(ANYTHING)))) | {Capability.SEND}  # the least of any platform
    group = GroupSettings("g", CHAT, "sim", capabilities=able, staff_chat=STAFF, tells_sanctions=draw(st.booleans()))
    steps = st.sampled_from([*STEPS, CLIMB])
    rules = [
        Rule(
            id=f"r{number}",
            name="",
            kinds=frozenset({"message", "edit", "join"}),
            condition=None,
            actions=tuple(draw(st.lists(steps, min_size=1, max_size=3))),
            mode=draw(st.sampled_from(["enforce", "enforce", "shadow"])),
            groups=frozenset({"g"}),
            fallback=draw(fallbacks),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    rungs = tuple(
        Rung(points, tuple(draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=2)))) for points in (1, 2, 3)
    )
    ladders = {"ads": LadderSteps(rungs, fallback=draw(fallbacks))}
    return assemble("1", rules, [group], Library(ladders=ladders, chats={"g": CHAT, "other": "sim:other"}))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    events: list[Event] = []
    at = START
    for number in range(draw(st.integers(1, 6))):
        at += timedelta(seconds=draw(st.sampled_from([1, 4000])))
        member = Member(f"sim:{draw(st.integers(1, 2))}", "Bo")
        message = Message(f"{CHAT}/{number}", member, draw(st.sampled_from(["hello", ""])), at)
        kind = draw(st.sampled_from(["message", "message", "edit", "join"]))
        if kind == "join":
            events.append(MemberJoined(f"e{number}", Group(CHAT), at, member))
        else:
            cls = MessagePosted if kind == "message" else MessageEdited
            events.append(cls(f"e{number}", Group(CHAT), at, message))
    return events


def played(book: Rulebook, events: Sequence[Event]) -> list[Decision]:
    memory, group = GroupMemory(CHAT, book.horizon), book.groups[CHAT].settings
    decisions = []
    for event in events:
        decisions.append(decide(event, memory.facts_for(event, group), book))
        memory.settle(event, decisions[-1], group)
    return decisions


def asked_of(effect: Effect) -> set[Capability]:
    """What an effect needs of the platform, its pin and what is kept up to date included."""
    asked = {effect.capability}
    if getattr(effect, "pin", False):
        asked.add(Capability.PIN)
    return asked


@settings(max_examples=300)
@given(books(), histories())
def test_nothing_is_asked_of_a_platform_that_it_cannot_do(book: Rulebook, events: list[Event]) -> None:
    able = book.groups[CHAT].settings.capabilities
    for decision in played(book, events):
        assert decision.trace is not None
        asked = [*decision.effects, *(effect for part in decision.trace.rules for effect in part.effects)]
        for effect in asked:
            if effect.group != STAFF:
                assert asked_of(effect) <= able


@settings(max_examples=200)
@given(books(), histories())
def test_whatever_is_not_done_as_written_is_remarked_on(book: Rulebook, events: list[Event]) -> None:
    able = book.groups[CHAT].settings.capabilities
    for decision in played(book, events):
        assert decision.trace is not None
        for part in decision.trace.rules:
            rule = book.rule(part.rule)
            assert rule is not None
            beyond = [step for step in rule.actions if not step.required() <= able and not step.without()]
            for step in beyond if part.outcome in ("fired", "shadow") else ():
                assert any(remark.startswith(f"{step.step}: ") for remark in part.remarks)


@given(books(), histories())
def test_where_a_platform_can_do_everything_fallbacks_change_nothing(book: Rulebook, events: list[Event]) -> None:
    def able(rules: Rulebook, *, fallback: bool) -> Rulebook:
        group = replace(rules.groups[CHAT].settings, capabilities=ANYTHING)
        every = [one if fallback else replace(one, fallback={}) for one in rules.rules]
        return assemble("1", every, [group], rules.library)

    with_them, without = played(able(book, fallback=True), events), played(able(book, fallback=False), events)
    assert [(one.effects, one.changes, one.by) for one in with_them] == [
        (one.effects, one.changes, one.by) for one in without
    ]
