"""Whoever presses a button is answered, once, and their client stops waiting."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.simulated import Act
from bot.commands import command_names
from rules.actions.talk import Reply
from rules.capability import Capability
from rules.commandline import CommandNames, expand
from rules.effects import AnswerButton
from rules.events import ButtonPressed, CommandIssued, decode, encode
from rules.values import Group, Member
from storage import outbox

_NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


def pressed(data: str, press: str | None = "p1") -> ButtonPressed:
    here = Group("telegram:-100")
    return ButtonPressed("u1", here, _NOW, Member("telegram:7", "Ann"), data, "telegram:-100/5", press)


async def presses(bot: Any, *data: str, chat: str = "a", who: str = "ann") -> list[AnswerButton]:
    for one in data:
        bot.sim.press(chat, who, f"sim:{chat}/1", one)
    await bot.settle()

    def read(conn: Any) -> list[AnswerButton]:
        rows = [outbox.of_event(conn, f"sim:update-{n}{end}") for n in range(1, 50) for end in ("", "/command")]
        return [row.effect for found in rows for row in found if isinstance(row.effect, AnswerButton)]

    return await bot.app.database.read(read)


def test_a_command_behind_a_button_knows_its_press_and_the_press_itself_is_not_answered_twice() -> None:
    press, command = expand(pressed("/help"), CommandNames({"help": "help"}))
    assert isinstance(command, CommandIssued)
    assert (press.press, command.press) == (None, "p1")
    assert decode(encode(command)) == command


def test_a_press_that_is_no_command_keeps_its_press() -> None:
    assert expand(pressed("/nothing"), CommandNames({}))[0].press == "p1"


async def test_a_press_that_nobody_cares_about_ends_the_waiting(world: Any) -> None:
    bot = await world.start()
    assert await presses(bot, "whatever") == [AnswerButton(group="sim:a", press="sim:update-1")]


async def test_a_rule_of_a_button_does_what_it_does_and_the_waiting_ends(world: Any) -> None:
    rule = world.rule("vote", Reply(text="Noted."), kinds=["button"], names=frozenset({"yes"}))
    bot = await world.start(rule)
    assert len(await presses(bot, "yes")) == 1
    assert bot.said_in("a") == ["Noted."]


async def test_a_staff_command_pressed_by_a_member_is_answered_to_them_alone(world: Any) -> None:
    setup = world.setup()
    bot = await world.start(setup=replace(setup, commands=command_names(setup.rulebook)))
    (first, second) = await presses(bot, "/ban sim:bo", "/ban sim:bo")
    assert first.alert
    assert "for the admins" in first.text.literal
    assert second.text == first.text
    assert bot.said_in("a") == []
    assert [entry.act for entry in bot.sim.transcript if entry.who == bot.sim.bot.id] == [Act.ANSWER, Act.ANSWER]


async def test_a_press_alone_with_the_bot_is_answered_though_nothing_is_known_of_who_pressed(world: Any) -> None:
    bot = await world.start()
    bot.sim.write_privately("ann", "hello")
    await bot.settle()
    (answer,) = await presses(bot, "whatever", chat="ann")
    assert (answer.text, answer.group) == (None, "sim:a")


@pytest.mark.parametrize("data", ["whatever", "/help"])
async def test_a_platform_that_shows_nothing_to_who_pressed_is_not_asked_to(world: Any, data: str) -> None:
    able = frozenset(Capability) - {Capability.ANSWER_BUTTONS}
    setup = world.setup(capabilities=able)
    bot = await world.start(setup=replace(setup, commands=command_names(setup.rulebook)))
    assert await presses(bot, data) == []
