"""Events are decided on once, in order, with what the database remembers; one that breaks holds nobody up for long."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import Connection, func, select

from bot.settle import Settler
from rules.actions import CheckIn, Delete, Ladder, Mute, Reply, Tag, Warn
from rules.conditions.rate import SamePerson, SameText
from rules.conditions.record import MessagesSoFar
from rules.conditions.text import TextHasAny
from rules.effects import DeleteMessage
from rules.engine import decide
from rules.events import ButtonPressed, Event, JoinRequested, MemberJoined, MemberLeft, MessageEdited, MessagePosted
from rules.facts import Facts
from rules.memory import GroupMemory, glimpse_of
from rules.recent import Recent
from rules.state import MemberState
from rules.step import Action, LadderSteps, Library, Outcome, RuleContext, Rung
from rules.values import Group, Media, MediaKind, Member, Message
from storage import inbox, schema, states
from storage.inbox import Waiting


class Breaks(Action):
    """Fails on every message that says ``break``."""

    step = "breaks"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if "break" in facts.reading.text:
            raise RuntimeError("broken")
        yield from ()


def flood(world: Any) -> Any:
    mute = Mute.model_validate({"for": "10m", "quietly": True})
    return world.rule("flood", mute, condition=SamePerson(messages=6, within="30s"))


def member(bot: Any, chat: str, person: str) -> MemberState:
    pair = (f"sim:{chat}", f"sim:{person}")
    return bot.app.database.read_now(lambda conn: states.load_members(conn, [pair]))[pair]  # type: ignore[no-any-return]


def rows(conn: Connection) -> list[tuple[str, int, int]]:
    c = schema.inbox.c
    return [tuple(row) for row in conn.execute(select(c.group_id, c.state, c.attempts).order_by(c.seq))]


async def test_an_advert_is_deleted_and_its_author_muted(world: Any) -> None:
    ad = TextHasAny(of=("加微信",))
    mute = Mute.model_validate({"for": "1h"})
    bot = await world.start(world.rule("ads", Delete(), mute, condition=ad))
    (message,) = await bot.says("a", "ann", "加微信 领资料")
    assert bot.sim.room("a").posts[message].deleted
    assert bot.sim.seat("a", "ann").is_muted(bot.clock.now())
    assert member(bot, "a", "ann").muted_until == bot.clock.now() + timedelta(hours=1)
    assert not bot.sim.seat("b", "ann").is_muted(bot.clock.now())


async def test_an_event_that_comes_twice_is_decided_on_once(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard")))
    bot.sim.post("a", "ann", "hi")
    updates = [event for _, event in bot.sim.updates(0)]
    await bot.settle()
    await bot.app.intake.accept([*updates, *updates])
    await bot.app.settle_all()
    assert bot.said_in("a") == ["heard"]
    assert member(bot, "a", "ann").messages == 1


async def test_an_event_that_breaks_is_parked_after_three_tries_and_its_group_goes_on_in_order(world: Any) -> None:
    bot = await world.start(world.rule("breaks", Breaks()), world.rule("echo", Reply(text="heard {name}")))
    for chat, person, text in (
        *(("a", "ann", "one"), ("a", "bo", "break"), ("a", "cy", "two"), ("b", "ann", "three")),
        ("a", "ann", "four"),
    ):
        bot.sim.post(chat, person, text)
    await bot.settle()
    assert bot.said_in("a") == ["heard ann"]
    assert bot.said_in("b") == ["heard ann"]  # other groups are not held up
    await bot.later(minutes=1)
    assert bot.said_in("a") == ["heard ann", "heard cy", "heard ann"]
    assert bot.app.database.read_now(rows) == [
        *(("sim:a", inbox.CLOSED, 0), ("sim:a", inbox.PARKED, 2), ("sim:a", inbox.CLOSED, 0)),
        *(("sim:b", inbox.CLOSED, 0), ("sim:a", inbox.CLOSED, 0)),
    ]
    (told,) = bot.said_in("staff")
    assert "RuntimeError: broken" in told
    assert "A" in told
    await bot.later(minutes=5)
    assert len(bot.said_in("staff")) == 1


async def test_an_event_that_nobody_can_read_is_parked_at_once(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard")))
    bot.sim.post("a", "ann", "hi")
    await bot.app.adapters["sim"].pump(bot.app.intake)
    spoil = schema.inbox.update().values(event='{"type":"telepathy"}')
    bot.app.database.write_now(lambda conn: conn.execute(spoil))
    bot.sim.post("a", "ann", "hello")
    await bot.settle()
    assert bot.said_in("a") == ["heard"]
    assert [state for _, state, _ in bot.app.database.read_now(rows)] == [inbox.PARKED, inbox.CLOSED]
    assert len(bot.said_in("staff")) == 1


async def test_rates_are_counted_on_after_a_restart(world: Any) -> None:
    bot = await world.start(flood(world))
    for number in range(6):
        if number == 3:
            await bot.restart()
        bot.clock.move_to(bot.clock.now() + timedelta(seconds=1))
        await bot.says("a", "ann", f"message {number}")
    assert bot.sim.seat("a", "ann").is_muted(bot.clock.now())


async def test_rates_are_counted_right_after_a_batch_that_failed(world: Any) -> None:
    bot = await world.start(world.rule("breaks", Breaks()), flood(world))
    await bot.says("a", "ann", "1", "2")
    bot.sim.post("a", "ann", "3")
    bot.sim.post("a", "bo", "break")
    await bot.settle()
    await bot.later(seconds=10)
    await bot.says("a", "ann", "4", "5")
    assert not bot.sim.seat("a", "ann").is_muted(bot.clock.now())
    await bot.says("a", "ann", "6")
    assert bot.sim.seat("a", "ann").is_muted(bot.clock.now())


async def test_the_same_picture_counts_as_the_same_also_before_a_restart(world: Any) -> None:
    same = world.rule("same", Delete(), condition=SameText(times=3, within="10m"))
    bot = await world.start(same)
    picture = (Media(kind=MediaKind.PHOTO, hash="p:1234"),)
    posted = [bot.sim.post("a", who, "", media=picture) for who in ("ann", "bo", "cy")]
    await bot.settle()
    assert [bot.sim.room("a").posts[id_].deleted for id_ in posted] == [False, False, True]


async def test_messages_that_come_out_of_order_are_counted_as_after_a_restart(world: Any) -> None:
    now = world.now
    late = [now, now + timedelta(seconds=20), now + timedelta(seconds=1)]
    events = [posted(number, "a", "ann", "hi", at) for number, at in enumerate(late)]
    recent = Recent(timedelta(minutes=1))
    for event in events:
        glimpse = glimpse_of(event)
        assert glimpse is not None
        recent.note(glimpse)
    moment = now + timedelta(seconds=30)
    assert recent.messages_of("sim:ann", moment, timedelta(seconds=15)) == 1
    assert recent.messages_of("sim:ann", moment, timedelta(seconds=30)) == 2
    assert recent.messages_of("sim:ann", moment, timedelta(seconds=31)) == 3


async def test_a_group_that_is_not_configured_is_ignored_and_named_once(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard")))
    bot.sim.add_group("strange")
    bot.sim.add_person("dee", groups=["strange"])
    await bot.says("strange", "dee", "hi", "anybody?")
    await bot.says("strange", "dee", "hello?")
    assert bot.said_in("strange") == []
    assert capsys.readouterr().out.count("unknown_group") == 1


async def test_a_batch_settles_what_a_message_did_to_the_next_one(world: Any) -> None:
    ladder = Library(
        ladders={
            "ads": LadderSteps(
                (Rung(1, (Warn(text="one"),)), Rung(2, (Mute.model_validate({"for": "1h", "quietly": True}),)))
            )
        }
    )
    bot = await world.start(world.rule("ads", Ladder(name="ads"), condition=TextHasAny(of=("ad",))), library=ladder)
    await bot.says("a", "ann", "an ad", "another ad")
    assert bot.sim.seat("a", "ann").is_muted(bot.clock.now())
    assert len(member(bot, "a", "ann").warnings) == 1


async def test_who_asks_to_be_let_in_is_no_member_yet(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard")))
    bot.sim.add_person("dee")
    bot.sim.ask_to_join("a", "dee")
    await bot.settle()
    count = lambda: bot.app.database.read_now(lambda conn: states.member_count(conn, "sim:a"))  # noqa: E731
    assert count() == 0
    bot.sim.join("a", "dee")
    await bot.settle()
    assert count() == 1
    bot.sim.leave("a", "dee")
    await bot.settle()
    assert count() == 0


async def test_who_writes_is_in_the_group_also_where_joins_are_not_seen(world: Any) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard")))
    await bot.says("a", "ann", "hi")
    bot.sim.leave("a", "ann")
    await bot.settle()
    assert member(bot, "a", "ann").left_at is not None
    bot.sim.seat("a", "ann").present = True
    await bot.later(minutes=1)
    await bot.says("a", "ann", "back again")
    assert member(bot, "a", "ann").left_at is None


def posted(number: int, chat: str, person: str, text: str, at: Any) -> MessagePosted:
    author = Member(f"sim:{person}", person)
    return MessagePosted(f"sim:{number}", Group(f"sim:{chat}"), at, Message(f"sim:{chat}/{number}", author, text, at))


def random_events(seed: int, start: Any, count: int = 300) -> list[Event]:
    """People write, edit, join, leave, ask and press, in one group."""
    random = Random(seed)
    texts = ("hello", "an ad, buy now", "buy now", "打卡", "what is this?", "加微信 abc12345", "hi " * 20, "")
    events: list[Event] = []
    at, group = start, Group("sim:a", "A")
    for number in range(count):
        at += timedelta(seconds=random.choice((0, 1, 2, 5, 40, 3600)))
        person = Member(f"sim:p{random.randrange(6)}", f"P{random.randrange(3)}")
        id_ = f"sim:{number}"
        message = Message(f"sim:a/{number if random.random() < 0.9 else number // 2}", person, random.choice(texts), at)
        kind = random.choices(range(6), (60, 5, 10, 5, 3, 3))[0]
        events.append(
            (
                MessagePosted(id_, group, at, message),
                MessageEdited(id_, group, at, message),
                MemberJoined(id_, group, at, person),
                MemberLeft(id_, group, at, person),
                JoinRequested(id_, group, at, person, "let me in"),
                ButtonPressed(id_, group, at, person, "yes"),
            )[kind]
        )
    return events


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_live_and_in_memory_the_same_events_lead_to_the_same_state(world: Any, seed: int) -> None:
    library = Library(
        ladders={
            "ads": LadderSteps(
                (
                    Rung(1, (Delete(), Warn(text="no"))),
                    Rung(3, (Delete(), Mute.model_validate({"for": "1h"}))),
                ),
                timedelta(days=1),
            )
        }
    )
    setup = world.setup(
        world.rule("ads", Ladder(name="ads"), condition=TextHasAny(of=("buy now", "加微信"))),
        world.rule("checkin", CheckIn(points=2, streak_bonus={2: 5}), condition=TextHasAny(of=("打卡",))),
        flood(world),
        world.rule("same", Delete(), condition=SameText(times=2, within="1h"), at_most=None),
        world.rule("new", Tag(tag="fresh"), condition=MessagesSoFar(under=2), mode="shadow"),
        world.rule("greet", Reply(text="hello {name}"), condition=MessagesSoFar(under=1)),
        library=library,
    )
    bot = await world.start(setup=setup)
    events = random_events(seed, world.now)
    settings = setup.rulebook.groups["sim:a"].settings
    memory = GroupMemory("sim:a", setup.rulebook.horizon)
    deleted: list[str] = []
    for event in events:
        for fired in memory.due_before(event.at, settings):
            memory.settle(fired, decide(fired, memory.facts_for(fired, settings), setup.rulebook), settings)
        decision = decide(event, memory.facts_for(event, settings), setup.rulebook)
        deleted += [effect.message for effect in decision.effects if isinstance(effect, DeleteMessage)]
        memory.settle(event, decision, settings)
    random = Random(seed)
    while events:
        size = random.choice((1, 2, 7, 30))
        some, events = events[:size], events[size:]
        bot.clock.move_to(some[-1].at)
        await bot.app.intake.accept(some)
        await bot.app.settle_all()
        if random.random() < 0.2:
            await bot.restart()
    database = bot.app.database
    group = database.read_now(lambda conn: states.load_groups(conn, ["sim:a"]))["sim:a"]
    assert structs.replace(group, copy_turns={}) == memory.group
    pairs = [("sim:a", id_) for id_ in memory.members]
    kept = database.read_now(lambda conn: states.load_members(conn, pairs))
    assert {id_: kept["sim:a", id_] for id_ in memory.members} == memory.members
    assert len(deleted) > 10
    query = select(func.count()).select_from(schema.outbox).where(schema.outbox.c.effect.contains("delete_message"))
    assert database.read_now(lambda conn: conn.scalar(query.where(schema.outbox.c.position < 1000))) == len(deleted)


async def test_a_transaction_that_is_run_twice_counts_once(world: Any) -> None:
    setup = world.setup(flood(world))
    bot = await world.start(setup=setup)
    database = bot.app.database
    events = [posted(number, "a", "ann", "hi", world.now) for number in range(5)]
    database.write_now(lambda conn: inbox.put(conn, events, world.now))
    waiting: list[Waiting] = database.read_now(lambda conn: inbox.waiting(conn, 100))
    settler = Settler(lambda: setup, lambda *_: None)

    def fails(conn: Connection) -> None:
        settler.settle(conn, waiting, world.now)
        raise RuntimeError("the batch around it failed")

    with pytest.raises(RuntimeError):
        database.write_now(fails)
    database.write_now(lambda conn: settler.settle(conn, waiting, world.now))
    settler.committed()
    assert member(bot, "a", "ann").muted_until is None
    assert member(bot, "a", "ann").messages == 5
