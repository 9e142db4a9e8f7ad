"""The entry gate in the running bot: a real database, a simulated platform, deliveries that are reported or not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import OutcomeUnknown, Rejected
from bot.configuration import load_setup
from rules.values import PlatformRole

CONFIG = """
version: 1
defaults: {{ quiet_hours: {{ from: "{quiet}", to: "07:00", late_posts: drop }} }}
platforms: {{ sim: {{ type: simulated }} }}
groups:
  a: {{ platform: sim, chat: a, name: A }}
  b: {{ platform: sim, chat: b, name: B }}
  staff: {{ platform: sim, chat: staff }}
staff: {{ room: staff, alerts: [refused, sanctions] }}
onboarding:
  - id: newcomers
    groups: [a]
    gate: {gate}
    welcome: {{ batch: 1m, copy: "Welcome, {{names}}!" }}
"""


@pytest.fixture
async def opened(world: Any, tmp_path: Path) -> Callable[..., Any]:
    async def opened(gate: str = "{ wait: 5m }", quiet: str = "23:00") -> Any:
        file = tmp_path / "config.yaml"
        file.write_text(CONFIG.format(gate=gate, quiet=quiet), encoding="utf-8")
        bot = world.bot(load_setup(file, {}))
        bot.sim.add_person("boss", groups=["a", "staff"], role=PlatformRole.ADMIN)
        for name in ("new", "newer", "other"):
            bot.sim.add_person(name)
        return await world._opened.enter_async_context(bot)

    return opened


async def joins(bot: Any, *names: str) -> None:
    for name in names:
        bot.sim.join("a", name)
    await bot.settle()


def standing(bot: Any, chat: str = "a") -> list[Any]:
    """The bot's messages that stand in a group."""
    return [post for post in bot.sim.room(chat).posts.values() if post.by_bot and not post.deleted]


async def presses(bot: Any, who: str, button: int = 0, chat: str = "a") -> None:
    post = next(post for post in reversed(standing(bot, chat)) if post.buttons)
    bot.sim.press(chat, who, post.message.id, post.buttons[button].data)
    await bot.settle()


def can_write(bot: Any, who: str) -> bool:
    seat = bot.sim.seat("a", who)
    return seat.present and not seat.is_muted(bot.clock.now())


async def test_a_newcomer_presses_the_button_and_is_welcomed(opened: Any) -> None:
    bot = await opened()
    await joins(bot, "new")
    assert not can_write(bot, "new")
    (asked,) = standing(bot)
    assert [button.text for button in asked.buttons] == ["👋 I am human"]
    await presses(bot, "other")
    assert bot.acts[-1] == ("answer", "This is for those who have just joined.")
    await presses(bot, "new")
    assert can_write(bot, "new")
    assert standing(bot) == []
    await bot.later(minutes=2)
    assert [post.message.text for post in standing(bot)] == ["Welcome, new!"]
    assert bot.said_in("staff") == []


async def test_who_does_not_answer_waits_for_staff_who_let_them_in_by_a_button(opened: Any) -> None:
    bot = await opened()
    await joins(bot, "new", "newer")
    await bot.later(minutes=7)
    assert [post.message.text for post in standing(bot)] == []
    (told,) = bot.said_in("staff")
    assert "• new (sim:new) has not answered in time" in told
    assert "• newer (sim:newer) has not answered in time" in told
    assert [button.text for button in standing(bot, "staff")[0].buttons] == ["✅ Let all in", "🚪 Send all away"]
    await presses(bot, "boss", 0, "staff")
    assert can_write(bot, "new")
    assert can_write(bot, "newer")
    (card,) = standing(bot, "staff")
    assert "✅ Let in: new, newer · boss, " in card.message.text
    assert card.buttons == ()
    await bot.later(minutes=2)
    assert [post.message.text for post in standing(bot)] == ["Welcome, new, newer!"]


async def test_staff_send_somebody_away_and_let_them_in_after_all(opened: Any) -> None:
    bot = await opened()
    await joins(bot, "new")
    await bot.later(minutes=6)
    await presses(bot, "boss", 1, "staff")
    assert not bot.sim.seat("a", "new").present
    await bot.says("staff", "boss", "/letin sim:new a")
    await joins(bot, "new")
    assert can_write(bot, "new")
    await bot.later(minutes=2)
    assert standing(bot)[-1].message.text == "Welcome, new!"


async def test_sending_several_away_asks_for_a_confirmation(opened: Any) -> None:
    bot = await opened()
    await joins(bot, "new", "newer")
    await bot.later(minutes=7)
    await presses(bot, "boss", 1, "staff")
    assert bot.sim.seat("a", "new").present
    code = re.search(r"/confirm \d+", bot.said_in("staff")[-1])
    assert code is not None
    await bot.says("staff", "boss", code.group())
    assert not bot.sim.seat("a", "new").present
    assert not bot.sim.seat("a", "newer").present


@pytest.mark.parametrize("order", ["/unmute sim:new", "/letin sim:new"])
async def test_who_is_unmuted_by_an_admin_is_let_in(opened: Any, order: str) -> None:
    bot = await opened("{ wait: 5m, no_answer: remove }")
    await joins(bot, "new")
    await bot.says("a", "boss", order)
    assert can_write(bot, "new")
    assert not [post for post in standing(bot) if post.buttons]
    await bot.later(hours=1)
    assert bot.sim.seat("a", "new").present


@pytest.mark.parametrize("trouble", [Rejected("not enough rights to send text messages"), OutcomeUnknown("timed out")])
@pytest.mark.parametrize("after", [False, True])
async def test_a_question_that_was_not_delivered_leads_to_no_removal(opened: Any, trouble: Any, after: bool) -> None:
    bot = await opened("{ wait: 5m, no_answer: remove }")
    bot.sim.seat("a", "new").muted = True  # as the mute will leave it: that goes first, and must not meet the fault
    send = bot.app.adapters["sim"]._send

    def failing(effect: Any, room: Any) -> Any:
        if effect.running:
            if after:
                send(effect, room)
            raise trouble
        return send(effect, room)

    bot.app.adapters["sim"]._send = failing
    await joins(bot, "new")
    await bot.later(days=1)
    assert can_write(bot, "new")
    assert [act for act in bot.acts if act[0] == "kick"] == []
    assert [text for text in bot.said_in("staff") if "could not be shown the question, and was let in" in text]


async def test_a_restart_in_the_middle_loses_nobody(opened: Any) -> None:
    bot = await opened("{ wait: 5m, no_answer: remove }")
    await joins(bot, "new", "newer")
    await bot.later(seconds=20)
    await bot.restart()
    await presses(bot, "new")
    assert can_write(bot, "new")
    await bot.restart()
    await bot.later(minutes=6)
    assert not bot.sim.seat("a", "newer").present
    assert not [post for post in standing(bot) if post.buttons]


async def test_who_pressed_while_the_bot_was_away_is_let_in(opened: Any) -> None:
    bot = await opened("{ wait: 5m, no_answer: remove }")
    await joins(bot, "new")
    (asked,) = standing(bot)
    await bot.stop()
    await bot.later(minutes=2)
    bot.sim.press("a", "new", asked.message.id, asked.buttons[0].data)
    await bot.later(hours=3)
    await bot.start()
    await bot.later(minutes=10)
    assert can_write(bot, "new")


async def test_a_raid_of_two_hundred_gives_a_handful_of_messages_and_removes_nobody_unasked(opened: Any) -> None:
    bot = await opened()
    for number in range(200):
        bot.sim.add_person(f"p{number}")
        bot.sim.join("a", f"p{number}")
        if number % 10 == 9:
            await bot.later(seconds=3)
    assert len([post for post in bot.sim.room("a").posts.values() if post.by_bot]) == 1
    edits = [entry for entry in bot.sim.transcript if entry.act == "edit"]
    assert len(edits) <= 5
    assert "and 19" in standing(bot)[0].message.text
    await presses(bot, "p7")
    await bot.later(minutes=20)
    assert len(bot.said_in("staff")) <= 2
    assert [act for act in bot.acts if act[0] == "kick"] == []
    await bot.says("staff", "boss", "/letin all a")
    assert all(can_write(bot, f"p{number}") for number in range(200))
    assert not [post for post in standing(bot) if post.buttons]


async def test_who_asks_to_be_let_in_answers_the_bot_alone(opened: Any) -> None:
    bot = await opened('{ ask: "Who told you?", answer_any: [Ann], wrong: decline, attempts: 2, save: source }')
    bot.sim.people["sim:new"].reachable = True
    bot.sim.ask_to_join("a", "new")
    await bot.settle()
    assert bot.said_in("sim:new")[-1].startswith("Hello new, you would like to join “A”. One question first: Who told")
    bot.sim.write_privately("new", "Bo")
    await bot.settle()
    assert bot.said_in("sim:new")[-1] == "new, that was not the answer. Tries left: 1. Who told you?"
    bot.sim.write_privately("new", "Ann did")
    await bot.settle()
    assert can_write(bot, "new")
    await bot.later(minutes=2)
    assert [post.message.text for post in standing(bot)] == ["Welcome, new!"]
    bot.sim.write_privately("new", "thank you")
    await bot.settle()
    assert bot.sim.seat("a", "new").present


async def test_a_button_pressed_alone_opens_the_door(opened: Any) -> None:
    bot = await opened()
    bot.sim.people["sim:new"].reachable = True
    bot.sim.ask_to_join("a", "new")
    await bot.settle()
    await presses(bot, "new", chat="sim:new")
    assert ("answer", "Thank you, and welcome! You can write now.") in bot.acts
    assert can_write(bot, "new")


async def test_who_cannot_be_reached_is_let_in_and_staff_are_told(opened: Any) -> None:
    bot = await opened("{ no_answer: decline }")
    bot.sim.ask_to_join("a", "new")
    await bot.settle()
    assert can_write(bot, "new")
    (told,) = bot.said_in("staff")
    assert "could not be shown the question, and was let in" in told


async def test_quiet_hours_neither_hold_back_nor_drop_what_the_gate_says(opened: Any) -> None:
    bot = await opened("{ wait: 5m, if_unreachable: hold_for_staff }", quiet="11:00")
    await joins(bot, "new", "newer")
    await bot.later(seconds=20)
    assert "new, newer" in standing(bot)[0].message.text
    await bot.later(minutes=6)
    assert "has not answered in time" in bot.said_in("staff")[0]


async def test_why_tells_how_somebody_came_through_the_gate(opened: Any) -> None:
    bot = await opened("{ wait: 5m }")
    await joins(bot, "new", "newer")
    await presses(bot, "new")
    await bot.later(minutes=7)
    await bot.says("staff", "boss", "/why sim:new a", "/why sim:newer a")
    assert bot.said_in("staff")[-2].endswith("came in at the entry gate. The answer was right.")
    assert bot.said_in("staff")[-1].endswith("waits at the entry gate for an admin. There was no answer in time.")


async def test_who_is_held_can_object_in_private(opened: Any) -> None:
    bot = await opened()
    bot.sim.people["sim:new"].reachable = True
    await joins(bot, "new")
    await bot.later(minutes=6)
    bot.sim.write_privately("new", "/appeal I was in the tube")
    await bot.settle()
    assert "I was in the tube" in bot.said_in("staff")[-1]
    await presses(bot, "boss", 0, "staff")  # undo
    assert can_write(bot, "new")
    await bot.says("a", "new", "thank you")
    assert "thank you" in bot.sim.room("a").texts()


async def test_a_group_that_moves_takes_its_gate_along_but_not_its_messages(opened: Any) -> None:
    bot = await opened()
    await joins(bot, "new")
    bot.sim.migrate("a", "moved")
    await bot.settle()
    bot.sim.post("moved", "boss", "the first one here")  # of the same number as the question there
    await bot.settle()
    await bot.later(minutes=6)
    assert "the first one here" in bot.sim.room("moved").texts()
    assert "has not answered in time" in bot.said_in("staff")[-1]
