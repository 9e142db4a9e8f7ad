"""The tests beside rules: who does what, when, and what counts as done."""

from collections.abc import Mapping
from typing import Any

import pytest

from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.commandline import CommandNames
from rules.compile import compile_rulebook
from rules.language import load
from rules.language.loaded import FileProblem
from rules.selftest import TestResult, run_tests

HEAD = """
defaults: { timezone: Asia/Shanghai%s }
platforms: { main: { type: console } }
groups: { readers: { platform: main, chat: readers } }
roles:
  moderator: { from_platform_admins: true, can: [warn, delete] }
  founder: { members: ["main:ann"] }
  guest: { tagged: [guest] }
  trusted: { earn: { days_in_group: 14, messages: 30, warnings: 0 } }
  newcomer: { earn: { days_in_group: { under: 3 } } }
windows: { ad-time: { days: [fri], from: "20:00", to: "21:00" } }
ladders:
  ads:
    steps:
      - { at: 1, do: [delete, { remind: "no ads, please" }] }
      - { at: 3, do: [{ mute: 1h }] }
rules:
"""


class OneFile:
    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, path: str) -> bytes:
        if path != "group.yaml":
            raise FileProblem("there is no such file")
        return self._text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def results(rules: str, *, defaults: str = "", commands: Mapping[str, str] | None = None) -> list[TestResult]:
    steps = builtin_steps()
    loaded = load("group.yaml", OneFile(HEAD % defaults + rules), steps, {})
    rulebook, _ = compile_rulebook(loaded, {}, {"main": frozenset(Capability)})
    names = CommandNames(commands or {})
    return list(run_tests(rulebook, loaded.config, loaded.places, names, known=tuple(steps.actions)))


def outcome(test: str, *, if_: str = "{ text_has_any: [buy now] }", then: str = "delete", **more: Any) -> TestResult:
    rule = f"  - id: ads\n    when: [message, edit]\n    if: {if_}\n    then: {then}\n    tests:\n      - {test}\n"
    (result,) = results(rule, **more)
    return result


def test_a_test_that_is_met_passes_and_one_that_is_not_says_what_was_done_instead() -> None:
    assert outcome('{ say: "buy now", expect: delete }').passed
    assert outcome('{ say: "hello", expect: nothing }').passed
    failed = outcome('{ say: "buy now", by: newcomer, at: "2026-10-05 10:00", expect: [mute] }')
    assert not failed.passed
    assert failed.got == ("delete",)
    assert str(failed.complaint()) == (
        "group.yaml:23:9: rules.ads.tests[0]: newcomer says “buy now” at 2026-10-05 10:00: "
        "expected mute, but the rule did delete"
    )
    (entry,) = failed.trace
    assert entry["checks"] == [{"condition": "text_has_any", "held": True, "seen": ["buy now"]}]


def test_doing_something_fails_a_test_that_expects_nothing() -> None:
    assert not outcome('{ say: "buy now", expect: nothing }').passed


@pytest.mark.parametrize("mode", ["shadow", '"off"'])
def test_a_rule_that_is_not_enforced_is_tested_as_if_it_were(mode: str) -> None:
    assert outcome('{ say: "buy now", expect: delete }', defaults=f", mode: {mode}").passed


def test_what_a_ladder_does_counts_and_repeats_climb_it() -> None:
    for times, expected in ((1, "[ladder, delete, remind]"), (2, "delete"), (3, "mute")):
        result = outcome(f'{{ say: "buy now", times: {times}, expect: {expected} }}', then="{ ladder: ads }")
        assert result.passed, result.complaint()
    assert not outcome('{ say: "buy now", times: 2, expect: mute }', then="{ ladder: ads }").passed


def test_repeats_are_so_far_apart_as_said() -> None:
    rate = "{ same_person: { messages: 3, within: 1m } }"
    assert outcome('{ say: "hi", times: 3, every: 10s, expect: delete }', if_=rate).passed
    assert outcome('{ say: "hi", times: 3, every: 40s, expect: nothing }', if_=rate).passed


def test_wall_times_are_those_of_the_group() -> None:
    inside = '{ say: "hi", at: "2026-10-09 20:30", expect: delete }'
    outside = '{ say: "hi", at: "2026-10-09 12:30", expect: nothing }'
    assert outcome(inside, if_="{ in_window: ad-time }").passed
    assert outcome(outside, if_="{ in_window: ad-time }").passed
    assert "write a time such as" in outcome('{ say: "hi", at: "Friday", expect: nothing }').complaint().message


@pytest.mark.parametrize("role", ["moderator", "founder", "guest", "trusted", "newcomer", "staff", "member", "admin"])
def test_whoever_a_test_names_holds_that_role(role: str) -> None:
    rule = (
        f"  - id: r\n    when: message\n    applies_to: everyone\n    if: {{ role: {role} }}\n    then: delete\n"
        f'    tests:\n      - {{ say: "hi", by: {role}, expect: delete }}\n'
    )
    (result,) = results(rule)
    assert result.passed, result.complaint()


def test_an_ordinary_member_has_earned_nothing_that_exempts_them() -> None:
    for role in ("trusted", "newcomer", "staff", "founder", "guest"):
        assert outcome('{ say: "hi", by: member, expect: nothing }', if_=f"{{ role: {role} }}").passed


def test_staff_are_exempt_unless_the_rule_binds_everyone() -> None:
    assert outcome('{ say: "buy now", by: staff, expect: nothing }').passed
    assert outcome('{ say: "buy now", by: staff, expect: delete }', defaults=", applies_to: everyone").passed


def test_joins_edits_buttons_media_and_commands_can_be_tested() -> None:
    rules = """
  - { id: j, when: join, if: { name_has_any: [casino] }, then: kick, tests: [{ join: "Big Casino", expect: kick }] }
  - { id: e, when: edit, then: delete, tests: [{ edit: "hi", expect: delete }, { say: "hi", expect: nothing }] }
  - { id: b, when: { button: yes }, then: { send: "ok" }, tests: [{ press: yes, expect: send }] }
  - { id: m, when: message, if: { media: sticker }, then: delete, tests: [{ media: sticker, expect: delete }] }
  - { id: f, when: message, if: forwarded, then: delete, tests: [{ say: "x", forwarded: true, expect: delete }] }
  - { id: c, when: { command: faq }, then: { reply: "see above" }, tests: [{ say: "/faq", expect: reply }] }
"""
    found = results(rules, commands={"faq": "faq"})
    assert [str(one.complaint()) for one in found if not one.passed] == []
    assert len(found) == 7


def test_a_rule_that_an_earlier_one_keeps_from_being_looked_at_did_nothing() -> None:
    rules = """
  - { id: first, when: message, then: { reply: "hi" }, stop: true }
  - { id: second, when: message, then: delete, tests: [{ say: "hi", expect: delete }] }
"""
    (result,) = results(rules)
    assert not result.passed
    assert [entry["outcome"] for entry in result.trace] == ["fired", "not_reached"]


def test_what_another_rule_does_is_not_taken_for_this_one_s() -> None:
    rules = """
  - { id: first, when: message, then: { ladder: ads } }
  - { id: 2nd, when: message, if: { text_is: [never] }, then: { ladder: ads }, tests: [{ say: hi, expect: nothing }] }
"""
    (result,) = results(rules)
    assert result.passed, result.complaint()


def test_an_expectation_that_is_no_action_is_a_slip_with_the_nearest_word() -> None:
    result = outcome('{ say: "hello", expect: delte }')
    assert not result.passed
    assert result.complaint().message.endswith("expect: `delte` is no action; did you mean `delete`?")
