"""The example configurations: they pass their own tests, on our side and on the editor's."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.cli.capability_table import capability_table
from bot.configuration import load_setup
from bot.secrets import Forgiving
from bot.selfcheck import results

ROOT = Path(__file__).parents[2]
EXAMPLES = ["config.example.yaml", "config.example.zh-CN.yaml"]
WECHAT = ["config.wechat.example.yaml", "config.wechat.example.zh-CN.yaml"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_loads_without_a_warning_and_passes_its_own_tests(name: str) -> None:
    setup = load_setup(ROOT / name, {})
    assert setup.warnings == ()
    found = list(results(setup))
    assert [str(one.complaint()) for one in found if not one.passed] == []
    assert {one.rule for one in found} >= {"ads", "spoilers", "flood"}


@pytest.mark.parametrize("name", WECHAT)
def test_the_example_with_wechat_passes_its_own_tests_on_both_platforms(name: str) -> None:
    setup = load_setup(ROOT / name, Forgiving({}))  # the tokens are the reader's own
    assert setup.warnings == ()
    found = list(results(setup))
    assert [str(one.complaint()) for one in found if not one.passed] == []
    (ads,) = (row for row in capability_table(setup).rows if row.id == "ads")
    done = [tuple((one.step, one.instead) for one in cell.changed) for cell in ads.cells if cell.mode]
    assert done == [(), (("delete", ("remind",)), ("mute", ("warn", "alert")))]


@pytest.mark.parametrize("name", [*EXAMPLES, *WECHAT])
def test_the_schema_accepts_an_example(name: str) -> None:
    schema = json.loads((ROOT / "docs" / "config.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize("names", [EXAMPLES, WECHAT])
def test_both_languages_keep_the_same_group(names: list[str]) -> None:
    ours, theirs = (load_setup(ROOT / name, Forgiving({})).config for name in names)
    for section in ("rules", "schedules", "onboarding"):
        assert [one.id for one in getattr(ours, section)] == [one.id for one in getattr(theirs, section)]
    for mine, other in zip(ours.rules, theirs.rules, strict=True):
        assert [step.step for step in mine.then] == [step.step for step in other.then]
        assert [test.expect for test in mine.tests] == [test.expect for test in other.tests]
