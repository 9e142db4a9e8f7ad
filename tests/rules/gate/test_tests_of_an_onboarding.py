"""The tests beside an onboarding: who comes in and answers, and what the gate is expected to do."""

from pathlib import Path

import pytest

from bot.configuration import load_setup
from bot.selfcheck import results
from rules.language.saying import said

HEAD = """
version: 1
defaults: { mode: shadow }
platforms: { main: { type: console } }
groups: { readers: { platform: main, chat: readers }, staff: { platform: main, chat: staff } }
staff: { room: staff }
"""
CHOICES = '{ required: when_asked, ask: "Legs of a spider?", choices: ["6", "8"], answer_any: ["8"], attempts: 2 }'
WORDS = '{ ask: "Who told you?", answer_any: [Ann] }'
CAPTCHA = "{ challenge: captcha, attempts: 2, wrong: remove }"


def outcome(tmp_path: Path, gate: str, test: str):
    file = tmp_path / "config.yaml"
    text = f"{HEAD}onboarding:\n  - id: newcomers\n    gate: {gate}\n    welcome: {{}}\n    tests: [{test}]\n"
    file.write_text(text, encoding="utf-8")
    (result,) = results(load_setup(file, {}))
    return result


@pytest.mark.parametrize(
    ("gate", "test"),
    [
        ("{}", "{ join: Ann, expect: [mute, ask] }"),
        ("{}", "{ join: Ann, press: I am human, expect: [unmute, let_in, welcome] }"),
        (CHOICES, '{ join: Ann, press: "8", expect: let_in }'),
        (CHOICES, '{ join: Ann, press: "6", times: 2, expect: hold }'),
        (WORDS, "{ join: Ann, say: It was Ann, expect: [delete, let_in] }"),
        (CAPTCHA, "{ join: Ann, press: right, expect: let_in }"),
        (CAPTCHA, "{ join: Ann, press: wrong, times: 2, expect: [kick, remove] }"),
    ],
)
def test_what_the_gate_does_passes(tmp_path, gate, test):
    assert outcome(tmp_path, gate, test).passed


@pytest.mark.parametrize(
    ("test", "passes"),
    [
        ("{ join: Ann, expect: ask }", True),
        ("{ join: Ann, say: It was Bo, expect: [let_in, approve] }", True),
        ("{ join: Ann, say: nobody, times: 2, expect: [remove, decline] }", True),
        ("{ join: Ann, say: nobody, expect: let_in }", False),
        ("{ join: Ann, expect: mute }", False),
    ],
)
def test_a_gate_that_asks_at_its_door_alone_is_tried_there(tmp_path, test, passes):
    file = tmp_path / "config.yaml"
    door = "    door: { keywords: [join] }\n    gate: { ask: Who?, answer_any: [Bo], attempts: 2, wrong: decline }\n"
    head = HEAD.replace("type: console", "type: simulated, like: wechat")
    file.write_text(f"{head}onboarding:\n  - id: newcomers\n{door}    tests: [{test}]\n", encoding="utf-8")
    (result,) = results(load_setup(file, {}))
    assert result.passed is passes


@pytest.mark.parametrize(
    ("gate", "test", "why"),
    [
        (CHOICES, '{ join: Ann, press: "6", expect: let_in }', "expected let_in, but the rule did "),
        (CHOICES, '{ join: Ann, press: "7", expect: let_in }', "expected let_in, but the rule did "),
        (WORDS, "{ join: Ann, say: hello, times: 2, expect: hold }", "expected hold, but the rule did "),
        ("{}", "{ press: x, expect: let_in }", "in an onboarding somebody comes in first: write `join:`"),
        ("{}", "{ join: Ann, edit: x, expect: let_in }", "and `press:` or `say:`, not `edit:`"),
        ("{}", "{ join: Ann, by: newcomer, expect: let_in }", "not `by:`"),
        ("{}", "{ join: Ann, expect: applause }", "`applause` is no action"),
        ("{}", "{ join: Ann, at: tomorrow, expect: ask }", "write a time such as"),
        ("{}", "{ join: Ann, group: staff, expect: ask }", "for no group in which it could be tested"),
    ],
)
def test_what_it_does_not_do_is_complained_of_in_both_languages(tmp_path, gate, test, why):
    result = outcome(tmp_path, gate, test)
    assert not result.passed
    complaint = result.complaint()
    assert why in complaint.message
    assert complaint.path == "onboarding.newcomers.tests[0]"
    assert complaint.place.line == 11
    assert said(complaint, "zh-CN") != complaint


def test_what_another_onboarding_does_is_none_of_its_doing(tmp_path):
    file = tmp_path / "config.yaml"
    new = f"  - id: new\n    gate: {WORDS}\n    tests: [{{ join: Ann, expect: [ask, mute] }}]\n"
    text = f"{HEAD}onboarding:\n{new}  - id: newcomers\n    welcome: {{}}\n"
    file.write_text(text, encoding="utf-8")
    (result,) = results(load_setup(file, {}))
    assert "welcome" not in result.got
