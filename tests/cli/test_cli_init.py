"""``groupkeeper init``: what it writes can be used as it is."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from bot.cli.wizard import FEATURES, Answers, configuration
from bot.configuration import load_setup
from bot.selfcheck import load_tested

SUBSETS = [chosen for count in range(len(FEATURES) + 1) for chosen in itertools.combinations(FEATURES, count)]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("keep", SUBSETS, ids="+".join)
def test_whatever_is_chosen_the_file_passes_its_own_tests(language: str, keep: tuple[str, ...], tmp_path: Path) -> None:
    answers = Answers(language, "console", 'Bo\'s "café" @ 8: #1', "readers", "Asia/Shanghai", keep)
    file = tmp_path / "config.yaml"
    file.write_text(configuration(answers, file.name), encoding="utf-8")
    setup = load_tested(file)
    (book,) = setup.rulebook.groups.values()
    assert book.settings.name == 'Bo\'s "café" @ 8: #1'
    assert book.settings.language == language
    assert str(book.settings.timezone) == "Asia/Shanghai"
    assert {rule.id for rule in setup.config.rules} == ({"ads"} if "ads" in keep else set())
    assert {each.id for each in setup.config.schedules} == {"challenge", "digest"} & set(keep)
    assert bool(setup.config.onboarding) is ("welcome" in keep)
    assert setup.warnings == ()


def test_nothing_is_asked_with_yes_and_nothing_is_overwritten(groupkeeper: Any, tmp_path: Path) -> None:
    first = groupkeeper("init", "--yes")
    assert first.returncode == 0
    written = (tmp_path / "config.yaml").read_text()
    assert groupkeeper("test", "config.yaml").returncode == 0
    again = groupkeeper("init", "--yes", "--language", "zh")
    assert again.returncode == 1
    assert "config.yaml" in again.stderr
    assert (tmp_path / "config.yaml").read_text() == written


def test_questions_come_in_the_language_chosen_and_wrong_answers_are_asked_again(
    groupkeeper: Any, tmp_path: Path
) -> None:
    answers = ["zh", "console", "读书会", "dushu", "Asia/Shanghi", "Asia/Chongqing", "welcome，digest"]
    done = groupkeeper("init", "group.yaml", stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    assert "群叫什么名字" in done.stdout
    assert "Asia/Shanghai" in done.stdout
    setup = load_setup(tmp_path / "group.yaml", {})
    assert setup.config.groups["main"].name == "读书会"
    assert setup.config.defaults.timezone == "Asia/Chongqing"
    assert [each.id for each in setup.config.schedules] == ["digest"]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--timezone", "Asia/Shangai", "Asia/Shanghai"), ("--keep", "adverts", "ads"), ("--platform", "irc", "console")],
)
def test_a_wrong_option_is_refused_with_what_to_write(groupkeeper: Any, option: str, value: str, told: str) -> None:
    done = groupkeeper("init", "--yes", option, value)
    assert done.returncode == 2
    assert value in done.stderr
    assert told in done.stderr
