"""What is kept of a trace says, once it is read, what the trace said."""

from datetime import UTC, datetime

import msgspec

from bot.records import encode_trace
from rules.actions import Delete
from rules.conditions.text import TextHasAny
from rules.decision import read_trace
from rules.engine import decide
from rules.events import MessagePosted
from rules.facts import Facts, GroupSettings
from rules.rulebook import Rule, assemble
from rules.state import GroupState, MemberState
from rules.values import Group, Member, Message

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


def test_a_trace_that_is_kept_in_short_is_read_as_it_was() -> None:
    rules = [
        Rule(
            id=name,
            name="",
            kinds=frozenset({"message"}),
            condition=TextHasAny(of=(phrase,)),
            actions=(Delete(),),
            groups=frozenset({"g"}),
        )
        for name, phrase in (("ads", "buy now"), ("jobs", "part-time"))
    ]
    rulebook = assemble("1", rules, [GroupSettings(key="g", chat="sim:1", platform="sim")])
    for text, held in (("hello", set()), ("buy now", {"ads"})):
        event = MessagePosted("e", Group("sim:1"), NOW, Message("sim:1/1", Member("sim:ann"), text))
        facts = Facts(
            now=NOW,
            settings=rulebook.groups["sim:1"].settings,
            group=GroupState("sim:1"),
            member=MemberState("sim:ann"),
        )
        decision = decide(event, facts, rulebook)
        assert decision.trace is not None
        kept = read_trace(encode_trace(decision.trace))
        assert kept["rules"] == msgspec.json.decode(msgspec.json.encode(list(decision.trace.entries())))
        assert {part["rule"] for part in kept["rules"] if part["outcome"] == "fired"} == held
