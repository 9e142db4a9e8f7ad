"""What every built-in condition owes: its name, an example that loads, a place among the installed ones."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rules.builtin import builtin_steps
from rules.conditions import CONDITIONS
from rules.events import KINDS
from rules.language import example_blocks, load
from rules.step import Condition

ROOT = Path(__file__).parents[3]
AROUND = """\
windows: {{ ad-time: {{ days: [fri], from: "20:00", to: "21:00" }} }}
roles: {{ moderator: {{ can: [delete] }}, trusted: {{ earn: {{ messages: 30 }} }} }}
ladders: {{ ads: {{ steps: [{{ at: 1, do: delete }}] }} }}
platforms: {{ console: {{ type: console }} }}
groups: {{ g: {{ platform: console, chat: "1", tags: [public] }} }}
rules:
  - id: example
    when: message
    if:
      - {example}
    then: alert
"""


class OneFile:
    """A folder with one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes:
        return self.text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def loaded(cls: type[Condition], example: str) -> Condition:
    kinds = cls.kinds if cls.kinds is not None else frozenset(KINDS)
    if "message" not in kinds:
        text = f'schedules: [{{ id: digest, at: "21:00", post: digest.day, only_if: {{ {example.strip()} }} }}]\n'
        config = load("c.yaml", OneFile(text), builtin_steps(), {}).config
        return _only(config.schedules[0].only_if)
    text = AROUND.format(example=example.strip().replace("\n", "\n        "))
    return _only(load("c.yaml", OneFile(text), builtin_steps(), {}).config.rules[0].if_)


def _only(condition: Condition | None) -> Condition:
    assert condition is not None
    parts = condition.parts()
    return parts[0] if parts else condition


@pytest.mark.parametrize("cls", CONDITIONS, ids=lambda cls: cls.step)
def test_every_example_loads_as_the_condition_it_is_for(cls: type[Condition]) -> None:
    examples = example_blocks(cls)
    assert examples, "no YAML example in the docstring"
    for example in examples:
        condition = loaded(cls, example)
        assert type(condition) is cls
        again = cls.model_validate(condition.model_dump())
        assert again == condition


@pytest.mark.parametrize("cls", CONDITIONS, ids=lambda cls: cls.step)
def test_what_a_condition_works_out_for_itself_leaves_it_equal(cls: type[Condition], room: Any) -> None:
    for example in example_blocks(cls):
        used, fresh = loaded(cls, example), loaded(cls, example)
        event = room.fired() if cls.kinds == frozenset({"schedule"}) else room.message("加微信 https://example.com 7")
        room.holds(used, event)
        room.seen(used, event)
        assert used == fresh
        assert used.model_dump() == fresh.model_dump()


def test_the_installed_conditions_are_the_built_in_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = project["entry-points"]["groupkeeper.conditions"]
    assert installed == {cls.step: f"{cls.__module__}:{cls.__name__}" for cls in CONDITIONS}


def test_no_name_is_taken_twice() -> None:
    names = [cls.step for cls in CONDITIONS]
    assert len(set(names)) == len(names)
    assert not {"all", "any", "none"} & set(names)


def test_every_condition_says_what_it_is_in_its_first_line() -> None:
    for cls in CONDITIONS:
        first = (cls.__doc__ or "").strip().splitlines()[0]
        assert first.endswith("."), cls.step
        assert "This condition" not in first
        if cls.kinds is not None:
            assert cls.kinds <= set(KINDS)
