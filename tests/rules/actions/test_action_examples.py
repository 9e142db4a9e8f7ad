"""Every action: its example loads, it is registered as plug-ins are, and its texts exist."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rules.actions import ACTIONS, INTERNAL
from rules.copy import PLACEHOLDER
from rules.placeholders import KNOWN, names_in
from rules.step import Action

ROOT = Path(__file__).parents[3]
LOCALES = ROOT / "bot" / "locales"
_EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def examples(action: type[Action]) -> Iterator[dict[str, object]]:
    doc = re.sub(r"^    ", "", action.__doc__ or "", flags=re.MULTILINE)
    for found in _EXAMPLE.findall(doc):
        yield yaml.load(found, Loader=yaml.BaseLoader)


def built(action: type[Action], value: object) -> Action:
    if value in (None, ""):
        return action.model_validate({})
    if isinstance(value, dict):
        return action.model_validate(value)
    assert action.scalar is not None
    return action.model_validate({action.scalar: value})


@pytest.mark.parametrize("action", ACTIONS + INTERNAL)
def test_every_action_has_an_example_that_loads_and_dumps_to_itself(action):
    found = list(examples(action))
    assert found
    for example in found:
        assert list(example) == [action.step]
        step = built(action, example[action.step])
        assert built(action, step.model_dump(by_alias=True)) == step
        assert all(len(pair) == 2 for pair in step.refers())
        assert step.required() >= frozenset()


def test_no_two_actions_have_one_name():
    names = [action.step for action in ACTIONS + INTERNAL]
    assert len(names) == len(set(names))


def test_actions_are_registered_as_plug_ins_are():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    registered = project["entry-points"]["groupkeeper.actions"]
    assert registered == {action.step: f"{action.__module__}:{action.__name__}" for action in ACTIONS}


def locale(name: str) -> dict[str, list[str]]:
    raw = yaml.safe_load((LOCALES / f"{name}.yaml").read_text(encoding="utf-8"))
    return {key: value if isinstance(value, list) else [value] for key, value in raw.items()}


def placeholders(variants: list[str]) -> set[str]:
    return {name for variant in variants for name in PLACEHOLDER.findall(variant)}


def test_both_languages_have_the_same_texts_with_the_same_placeholders():
    english, chinese = locale("en"), locale("zh-CN")
    assert set(english) == set(chinese)
    assert {key for key in english if placeholders(english[key]) != placeholders(chinese[key])} == set()


@pytest.mark.parametrize("name", ["en", "zh-CN"])
def test_every_placeholder_of_the_built_in_texts_is_known(name):
    texts = [variant for variants in locale(name).values() for variant in variants]
    assert all(isinstance(text, str) and text.strip() for text in texts)
    assert {used for text in texts for used in PLACEHOLDER.findall(text)} <= KNOWN
    assert list(names_in("{name} {} {a b} {x}")) == ["name", "x"]


@pytest.mark.parametrize("name", ["en", "zh-CN"])
def test_no_sentence_begins_right_behind_a_reason_that_may_be_the_name_of_a_rule(name):
    notices = {key: text for key, texts in locale(name).items() for text in texts if key.startswith(("warn.", "kick."))}
    assert "warn.private" in notices
    assert [key for key, text in notices.items() if re.search(r"\{reason\} ?\w", text)] == []


def test_no_key_of_the_built_in_texts_is_written_twice():
    for path in LOCALES.glob("*.yaml"):
        keys = re.findall(r"^([\w.-]+):", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert sorted(keys) == sorted(set(keys)), path.name


def test_every_text_that_the_rules_say_is_written():
    said = set()
    for path in [*(ROOT / "rules").rglob("*.py"), *(ROOT / "bot").glob("*.py")]:
        said |= set(re.findall(r'(?:\bkey\(|key=)\s*"([a-z_]+(?:\.[\w-]+)+)"', path.read_text(encoding="utf-8")))
    assert "mute.notice" in said
    assert said <= set(locale("en"))
