"""Whoever asks for a reload is told what is wrong with the file in their group's language."""

from typing import Any

import pytest

from rules.errors import Complaint, ConfigError, Place

FAULT = Complaint(Place("group.yaml", 12, 9), "there is no ladder `adz`; write it under ladders:", "rules[0].then")


@pytest.mark.parametrize(
    ("language", "told"), [("en", "there is no ladder `adz`"), ("zh-CN", "group.yaml:12:9: rules[0].then: ")]
)
async def test_the_complaints_of_a_refused_reload_are_told_in_the_language_of_the_group(
    world: Any, language: str, told: str
) -> None:
    def load() -> Any:
        raise ConfigError([FAULT])

    bot = await world.start(setup=world.setup(language=language))
    bot.app.in_force.load = load
    bot.app.request_reload("sim:a")
    await bot.settle()
    (said,) = bot.said_in("a")
    assert told in said
    assert ("there is no ladder" in said) is (language == "en")
