"""The JSON Schema that editors check a configuration against."""

import jsonschema
import pytest
import yaml

from rules.builtin import builtin_steps
from rules.language import example_blocks, schema

STEPS = builtin_steps()
SCHEMA = schema(STEPS)
EXAMPLE = """
version: 1
include: copy/*.yaml
defaults: { timezone: Asia/Shanghai, mode: shadow, day_starts_at: "04:00", quiet_hours: { from: "23:00", to: "08:00" } }
platforms: { tg: { type: telegram, token: "${TOKEN}" } }
groups: { reading: { platform: tg, chat: -1001, tags: [public], rules: { flood: shadow } } }
roles: { new: { earn: { days_in_group: { under: 3 }, messages: 5 } } }
windows: { w: { days: [fri], from: "20:00", to: "21:00" } }
ladders: { ads: { points_expire_after: 30天, steps: [{ at: 1, do: delete }, { at: 2, do: [{ mute: 1h30m }] }] } }
rules:
  - id: flood
    when: message
    if: { same_person: { messages: 6, within: 30s }, none: { in_window: w, role: new } }
    then: [{ mute: 10m }, { remind: rules.flood, at_most: 1 per 6h }, delete]
    tests: [{ say: hello, times: 3, expect: [mute, remind] }]
  - { id: cmd, when: { command: /rules }, then: { send: rules.short } }
  - id: deep
    when: [message, edit]
    if: [{ any: [{ links: any }, { all: [{ longer_than: 5 }] }] }]
    then: { ladder: ads }
schedules:
  - { id: s, at: "08:00", days: daily, post: rules.short }
  - { id: q, when: { quiet_for: 6h, in_window: w }, post: topics.next, stop_after_unanswered: 2 }
copy: { a.b: x, a.c: [x, y], a.d: { en: x } }
staff: { room: reading, report: { at: "09:30" } }
"""
NAMED_RULES = ("flood", "raid", "ads", "night", "newcomers-no-links")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: a date is a text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parsed(text):
    return yaml.load(text, Loader=EditorLoader)


def test_it_is_a_schema_of_the_draft_it_names():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_configuration_that_loads_is_valid(loading):
    text = EXAMPLE.replace("include: copy/*.yaml\n", "")
    loading(text, environ={"TOKEN": "x"})
    assert [error.message for error in VALIDATOR.iter_errors(parsed(EXAMPLE))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mode: shadow", "mode: shade"),
        ("- id: flood", "- ident: flood"),
        ("mute: 10m", "mutee: 10m"),
        ("mute: 10m", "mute: ten minutes"),
        ("{ mute: 10m }", "{ mute: 10m, kick: 1d }"),
        ("messages: 6", "messages: six"),
        ("messages: 6", "mesages: 6"),
        ("in_window: w, role", "in_windw: w, role"),
        ("any: [{ links: any }", "any: [{ link: any }"),
        ("at_most: 1 per 6h", "at_most: 6h"),
        ("when: message", "when: mesage"),
        ("then: { ladder: ads }", "thn: { ladder: ads }"),
        ("platform: tg, ", ""),
        ("quiet_for: 6h", "quiet_fr: 6h"),
        ("days: daily, post", "dayz: daily, post"),
        ("version: 1", "version: 3"),
        ("staff:", "staf:"),
    ],
)
def test_a_mistake_is_invalid(old, new):
    assert EXAMPLE.count(old) >= 1
    assert list(VALIDATOR.iter_errors(parsed(EXAMPLE.replace(old, new, 1))))


@pytest.mark.parametrize("name", sorted(STEPS.conditions))
def test_the_examples_of_a_condition_are_valid_and_load(loading, base, name):
    blocks = example_blocks(STEPS.conditions[name])
    assert blocks
    for block in blocks:
        _check_part("Condition", block)
    kinds = STEPS.conditions[name].kinds
    kind = "message" if kinds is None or "message" in kinds else sorted(kinds)[0]
    _load_rule(loading, base, kind, "if:\n" + _indented(blocks) + "    then: { alert: staff }\n")


@pytest.mark.parametrize("name", sorted(STEPS.actions))
def test_the_examples_of_an_action_are_valid_and_load(loading, base, name):
    blocks = example_blocks(STEPS.actions[name])
    assert blocks
    for block in blocks:
        _check_part("Action", block)
    kinds = STEPS.actions[name].kinds
    kind = "message" if kinds is None or "message" in kinds else sorted(kinds)[0]
    _load_rule(loading, base, kind, "then:\n" + _indented(blocks))


def _check_part(part, block):
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": SCHEMA["$defs"]})
    data = parsed(block)
    for item in data if isinstance(data, list) else [data]:
        assert [error.message for error in validator.iter_errors(item)] == []


def _indented(blocks):
    """Each example as an item of a list."""
    lines = []
    for block in blocks:
        if block.startswith("- "):
            lines += ["      " + line for line in block.splitlines()]
            continue
        first, *rest = block.splitlines()
        lines += ["      - " + first, *("        " + line for line in rest)]
    return "\n".join(lines) + "\n"


def _load_rule(loading, base, kind, body):
    """Examples refer to things; those are defined here."""
    names = "windows: { ad-time: {}, work-hours: {}, w: {} }\nladders: { ads: { steps: [{ at: 1, do: delete }] } }\n"
    names += "roles: { trusted: {}, newcomer: {}, moderator: {}, secretary: {} }\n"
    names += "calendar: { challenge: { list: [x] } }\ntopics: { ideas: { list: [x] } }\n"
    rules = f"rules:\n  - id: r\n    when: {kind}\n    {body}"
    rules += "".join(f"  - {{ id: {rule}, when: message, then: delete }}\n" for rule in NAMED_RULES)
    assert loading(base + names + rules).config.rules[0].id == "r"
