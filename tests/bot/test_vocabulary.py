"""What extensions import from ``bot``, and what that costs."""

import subprocess
import sys

import pytest

import bot
from bot import extensions, vocabulary
from rules.builtin import builtin_steps


def test_every_word_can_be_imported_from_bot() -> None:
    for name in vocabulary.__all__:
        assert getattr(bot, name) is getattr(vocabulary, name)
        assert name in dir(bot)


def test_a_word_that_there_is_not_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="no_such_word"):
        exec("from bot import no_such_word")
    assert not hasattr(bot, "annotations")


@pytest.mark.parametrize(
    "line", ["import bot", "from bot import Action, Adapter, Condition, Detector, Event, SendText"]
)
def test_importing_bot_loads_neither_platforms_nor_a_database(line: str) -> None:
    heavy = "{'telegram', 'aiohttp', 'sqlalchemy', 'alembic', 'apscheduler', 'structlog', 'starlette', 'rich', 'typer'}"
    code = f"import sys; {line}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_built_in_steps_are_registered_like_everybody_else_s() -> None:
    installed, built_in = extensions.steps(), builtin_steps()
    assert {name: installed.conditions[name] for name in built_in.conditions} == built_in.conditions
    assert {name: installed.actions[name] for name in built_in.actions} == built_in.actions
    ours = [
        point.name
        for group in (extensions.CONDITIONS, extensions.ACTIONS)
        for point in extensions.entry_points(group=group)
        if point.dist is not None and point.dist.name == "groupkeeper"
    ]
    assert sorted(ours) == sorted([*built_in.conditions, *built_in.actions])


def test_the_built_in_adapters_are_registered() -> None:
    types = extensions.adapter_types()
    for name in types:
        assert hasattr(types[name], "declared")
    assert {"console", "simulated"} <= set(types)
