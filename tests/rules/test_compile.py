"""From a configuration to the rules in force: where each holds, in which mode, for whom; and what cannot be."""

from collections.abc import Mapping

import pytest

from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.engine import mode_of
from rules.errors import ConfigError
from rules.facts import Facts
from rules.language import FileProblem, load
from rules.logic import All, NoneOf
from rules.rulebook import Rulebook
from rules.state import GroupState, MemberState
from rules.step import Condition
from rules.tally import REPORT

BASE = """\
version: 1
platforms:
  tg: { type: telegram }
  wx: { type: wecom }
groups:
  reading: { platform: tg, chat: "1", tags: [public, books], name: Reading }
  garden: { platform: tg, chat: "2", tags: [public] }
  vip: { platform: wx, chat: "3", tags: [books] }
  staff: { platform: tg, chat: "9" }
staff: { room: staff }
"""
WECHAT = frozenset({Capability.SEND})
EVERYTHING = {"tg": frozenset(Capability), "wx": frozenset(Capability)}


class OneFile:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes:
        if path != "config.yaml":
            raise FileProblem("there is no such file")
        return self.text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def book(text: str, capabilities: Mapping[str, frozenset[Capability]] = EVERYTHING, base: str = BASE) -> Rulebook:
    loaded = load("config.yaml", OneFile(base + text), builtin_steps(), {})
    return compile_rulebook(loaded, {}, capabilities)[0]


def complaints(
    text: str, capabilities: Mapping[str, frozenset[Capability]] = EVERYTHING, base: str = BASE
) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        book(text, capabilities, base)
    return [str(complaint) for complaint in caught.value.complaints]


def one_rule(settings: str, then: str = "delete") -> str:
    return f"rules:\n  - {{ id: r, when: message, then: {then}{settings} }}\n"


def groups_of(rulebook: Rulebook, rule_id: str = "r") -> set[str]:
    rule = rulebook.rule(rule_id)
    assert rule is not None
    return set(rule.groups)


@pytest.mark.parametrize(
    ("selector", "groups"),
    [
        ("", {"reading", "garden", "vip"}),
        (", groups: [reading]", {"reading"}),
        (", groups: [tag:books]", {"reading", "vip"}),
        (", groups: [tag:books, garden]", {"reading", "garden", "vip"}),
        (", groups: [tag:public], except_groups: [tag:books]", {"garden"}),
        (", except_groups: [garden]", {"reading", "vip"}),
        (", groups: [staff]", {"staff"}),
    ],
)
def test_a_rule_is_for_the_groups_it_names(selector: str, groups: set[str]) -> None:
    rulebook = book(one_rule(selector))
    assert groups_of(rulebook) == groups
    held = {each.settings.key for each in rulebook.groups.values() if each.by_kind.get("message")}
    assert held == groups


@pytest.mark.parametrize(
    ("default", "group", "in_group", "own", "mode"),
    [
        ("", "", "", "", "enforce"),
        ("shadow", "", "", "", "shadow"),
        ("shadow", "", "", "enforce", "enforce"),
        ("shadow", "enforce", "", "", "enforce"),
        ("", "shadow", "", "", "shadow"),
        ("", "shadow", "", "enforce", "shadow"),
        ("", "off", "", "enforce", "off"),
        ("", "enforce", "", "shadow", "shadow"),  # what is only watched is not enforced because its group is
        ("", "enforce", "", "off", "off"),
        ("", "shadow", "enforce", "", "enforce"),
        ("", "", "off", "enforce", "off"),
    ],
)
def test_a_rules_mode_in_a_group(default: str, group: str, in_group: str, own: str, mode: str) -> None:
    base = BASE.replace(
        "name: Reading",
        "".join(
            [
                "name: Reading",
                f', mode: "{group}"' if group else "",
                f', rules: {{ r: "{in_group}" }}' if in_group else "",
            ]
        ),
    )
    defaults = f'defaults: {{ mode: "{default}" }}\n' if default else ""
    rulebook = book(defaults + one_rule(f', mode: "{own}"' if own else ""), base=base)
    here = rulebook.groups["tg:1"]
    facts = Facts(None, here.settings, GroupState("tg:1"), MemberState("x"))  # type: ignore[arg-type]
    rule = rulebook.rule("r")
    assert rule is not None
    assert mode_of(rule, facts, here) == mode


@pytest.mark.parametrize(
    ("defaults", "settings", "bound"),
    [
        ("", "", False),
        ("", ", applies_to: everyone", True),
        ("defaults: { applies_to: everyone }\n", "", True),
        ("defaults: { applies_to: everyone }\n", ", applies_to: members", False),
    ],
)
def test_whom_a_rule_binds(defaults: str, settings: str, bound: bool) -> None:
    rule = book(defaults + one_rule(settings)).rule("r")
    assert rule is not None
    assert rule.binds_staff is bound


def test_what_somebody_asked_for_is_done_for_staff_too() -> None:
    rule = book("rules:\n  - { id: r, when: { command: /faq }, then: { reply: see above } }\n").rule("r")
    assert rule is not None
    assert (rule.kinds, rule.names, rule.binds_staff) == ({"command"}, {"faq"}, True)


def test_a_schedule_posts_only_if_and_not_if() -> None:
    rulebook = book(
        'schedules:\n  - { id: s, at: "08:00", post: hello, pin: true,'
        " only_if: { messages_since_last: 20 }, skip_if: { day: [sun] } }\n"
    )
    rule = rulebook.rule("s")
    assert rule is not None
    assert isinstance(rule.condition, All)
    assert [steps(part) for part in rule.condition.of] == [["messages_since_last"], ["none", "day"]]
    assert isinstance(rule.condition.of[1], NoneOf)
    assert (rule.names, rule.binds_staff, rule.actions[0].required()) == (
        {"s"},
        True,
        {Capability.SEND, Capability.PIN},
    )


GATES = ("@gate.time", "@gate.back")
"""The rule that ends what an entry gate began, in every file: the gate may have been taken out of it since."""


def steps(condition: Condition) -> list[str]:
    return [condition.step, *(step for part in condition.parts() for step in steps(part))]


def test_onboarding_and_check_in_come_before_the_rules_and_schedules_after() -> None:
    rulebook = book(
        'schedules:\n  - { id: s, at: "08:00", post: hello }\n'
        + one_rule("")
        + "onboarding:\n  - { id: w, welcome: { batch: 2m }, introduce: {} }\n"
        + "activities: { checkin: { keywords: [打卡] } }\n"
    )
    ids = [rule.id for rule in rulebook.rules if rule.id not in GATES]
    assert ids == ["w", "w.left", "w.greet", "w.introduced", "w.remind", "checkin", "checkin.keyword", "r", "s"]
    assert [rule.id for rule in rulebook.written] == ["r", "s"]
    assert all(rule.binds_staff for rule in rulebook.rules if rule.internal)


def test_a_group_can_leave_an_onboarding_out() -> None:
    base = BASE.replace("name: Reading", 'name: Reading, rules: { w: "off" }')
    rulebook = book("onboarding:\n  - { id: w, welcome: { batch: 2m } }\n", base=base)
    greeting = [rule for rule in rulebook.rules if rule.id not in GATES]
    assert {rule.modes.get("reading") for rule in greeting} == {"off"}
    assert {rule.modes.get("garden") for rule in greeting} == {None}


def test_what_a_platform_cannot_do_is_told_at_the_rules_line_with_what_to_do() -> None:
    (told,) = complaints(one_rule(""), {**EVERYTHING, "wx": WECHAT})
    assert told.startswith("config.yaml:12:")
    for words in ("rule r", "group vip", "cannot delete a member's message", "`delete`", "except_groups: [vip]"):
        assert words in told
    assert book(one_rule(", except_groups: [vip]"), {**EVERYTHING, "wx": WECHAT})


def test_what_a_platform_cannot_do_is_told_of_ladders_too() -> None:
    ladder = "ladders:\n  ads: { steps: [{ at: 1, do: [delete] }, { at: 2, do: [{ mute: 1h }] }] }\n"
    told = complaints(ladder + one_rule("", "{ ladder: ads }"), {**EVERYTHING, "wx": WECHAT})
    assert len(told) == 2
    assert [line.partition(": rule r: ")[0] for line in told] == ["config.yaml:12:32", "config.yaml:12:59"]
    assert "`delete` of ladder ads" in told[0]
    assert "mute a member (`mute` of ladder ads)" in told[1]


def test_an_id_that_another_section_uses_is_refused() -> None:
    (told,) = complaints("activities: { checkin: {} }\nrules:\n  - { id: checkin, when: message, then: delete }\n")
    assert told.startswith("config.yaml:13:")
    assert "`checkin` is taken" in told


def test_two_groups_that_are_one_chat_are_refused() -> None:
    (told,) = complaints(one_rule(""), base=BASE.replace('chat: "2"', 'chat: "1"'))
    assert told.startswith("config.yaml:7:")
    assert "same chat as the group `reading`" in told


def test_the_report_is_posted_in_the_staff_room_whatever_the_mode() -> None:
    base = BASE.replace("room: staff", 'room: staff, report: { at: "09:30" }') + "defaults: { mode: shadow }\n"
    rulebook = book(one_rule(""), base=base)
    rule = rulebook.rule(REPORT)
    assert rule is not None
    assert (rule.groups, rule.mode) == ({"staff"}, "enforce")
    assert [each.id for each in rulebook.groups["tg:9"].by_kind["schedule"] if each.id not in GATES] == [REPORT]


def test_a_report_without_a_staff_room_is_refused() -> None:
    (told,) = complaints("", base=BASE.replace("room: staff", 'report: { at: "09:30" }'))
    assert "staff.report: there is no staff room" in told
