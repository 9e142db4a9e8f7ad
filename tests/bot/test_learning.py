"""Learning in the group: labels count at once and after a restart, and so does what stands unchallenged."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.commands import Commands, built_in, command_names
from bot.commands.acting import code_of
from bot.configuration import builtin_copy
from bot.detection.learning import BACK, FOLLOWED, TOLD_AT, Learning
from bot.detection.ordinary import LIKELY, SIZE, slot_of
from bot.detection.shipped import shipped_model
from bot.settle import Settled, Settler
from bot.setup import Setup
from rules.actions.messages import Delete
from rules.changes import ForgetMember
from rules.commandline import expand
from rules.conditions.verdicts import Ad
from rules.config import Config
from rules.copy import CopyBook
from rules.detectors.judging import probability
from rules.detectors.looking import examine
from rules.detectors.settings import AdSettings
from rules.effects import SendText
from rules.events import MessagePosted
from rules.facts import GroupSettings
from rules.roles import RoleBook
from rules.rulebook import Rule, assemble
from rules.values import Group, Member, Message
from rules.verdict import Verdict
from storage import history, inbox, migrate, outbox, retention, samples, verdicts
from storage.database import Database
from storage.schema import labels as labels_table
from storage.schema import samples as samples_table

START = datetime(2026, 10, 5, 12, tzinfo=UTC)
AD = "Wholesale birdhouses, write to our agent on the blue messenger today"
NEAR = "Wholesale birdhouses, write to our agent on the blue messenger now"
TALK = "Shall we meet at the library or rather at the tea house on Friday?"
STAFF = "sim:staff"
MODS = tuple(f"sim:mod{number}" for number in range(3))
GROUPS = ("a", "b", "c", "d")


@dataclass
class Lab:
    """Groups a to d with moderators; what is typed is settled and told to the learning, as the running bot does it."""

    url: str
    ads: AdSettings = field(default_factory=AdSettings)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    count: int = 0

    def open(self) -> None:
        self.db = Database.open(self.url)
        self.db.upgrade()
        config = Config.model_validate(
            {
                "platforms": {"sim": {"type": "console"}},
                "groups": {key: {"platform": "sim", "chat": key} for key in (*GROUPS, "staff")},
                "roles": {"mod": {"members": list(MODS), "can": ["everything"]}},
                "staff": {"room": "staff"},
            }
        )
        rule = Rule("ads", "", frozenset({"message"}), Ad(), (Delete(),), groups=frozenset({"a", "b", "c", "d"}))
        settings = [
            GroupSettings(key=key, chat=f"sim:{key}", platform="sim", name=key.upper(), staff_chat=STAFF, ads=self.ads)
            for key in (*GROUPS, "staff")
        ]
        book = assemble("1", (rule,), settings, roles_of=RoleBook(config.roles).roles_of)
        commands = built_in()
        names = command_names(book, ["keeper_bot"], commands)
        self.setup = Setup(book, CopyBook(builtin_copy()), config, commands=names)
        self.settler = Settler(lambda: self.setup, Commands(commands))

    async def begin(self) -> Learning:
        self.learning = Learning(shipped_model())
        await self.learning.begin(self.db, self.clock, lambda: self.setup)
        return self.learning

    async def restart(self) -> Learning:
        self.db.close()
        self.open()
        return await self.begin()

    async def post(self, text: str, *, by: str = "sim:ann", group: str = "a", reply_to: str | None = None) -> str:
        return (await self.posts([text], by=by, group=group, reply_to=reply_to))[0]

    async def posts(
        self,
        texts: Iterable[str],
        *,
        by: str = "sim:ann",
        group: str = "a",
        reply_to: str | None = None,
        scores: Iterable[float] = (),
    ) -> list[str]:
        """Messages, one a second; ``scores`` are what the detector said of them."""
        events = []
        now = self.clock.now()
        for text in texts:
            self.count += 1
            now += timedelta(seconds=1)
            message = Message(
                id=f"sim:{group}/{self.count}",
                author=Member(id=by, name=by),
                text=text,
                at=now,
                reply_to=reply_to,
                reply_to_author=Member(id="sim:ann", name="Ann") if reply_to else None,
            )
            events.append(MessagePosted(id=f"m{self.count}", group=Group(f"sim:{group}"), at=now, message=message))
        self.clock.move_to(now)
        parts = [part for event in events for part in expand(event, self.setup.commands)]
        told = [(event.id, Verdict("ad", "1", score)) for event, score in zip(events, scores, strict=False)]
        await self.db.write(lambda conn: inbox.put(conn, parts, now))
        await self.db.write(lambda conn: verdicts.keep(conn, told, now))
        while rows := await self.db.read(lambda conn: inbox.waiting(conn, 256)):
            settled = await self.db.write(lambda conn, rows=rows: self.settler.settle(conn, rows, now))  # type: ignore[misc]
            self.settler.committed()
            self.learning.settled(settled)
        return [event.message.id for event in events]

    async def later(self, **delta: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**delta))
        await self.learning.keep()

    def logit(self, text: str, group: str = "a") -> float:
        head = self.learning.head(f"sim:{group}")
        assert head is not None
        return head.adjust(examine(shipped_model(), text).look).logit

    def told(self) -> list[str]:
        waiting = self.db.read_now(lambda conn: outbox.waiting(conn, 0, 1_000)).found
        notices = [one for one in waiting if one.event.startswith("notice:")]
        return [one.effect.text.literal or "" for one in notices if isinstance(one.effect, SendText)]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    found = Lab(f"sqlite:///{tmp_path / 'bot.db'}")
    found.open()
    await found.begin()
    yield found
    found.db.close()


def plain(model_says: str) -> float:
    return examine(shipped_model(), model_says).look.logit


async def test_what_was_taught_counts_from_the_next_message_on_and_after_a_restart(lab: Lab) -> None:
    message = await lab.post(AD)
    before = lab.logit(NEAR)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    after = lab.logit(NEAR)
    assert after > before + 1
    assert after > 0
    await lab.restart()
    assert lab.logit(NEAR) == after
    assert lab.logit(AD) == lab.logit(AD)


async def test_another_group_is_not_taught(lab: Lab) -> None:
    message = await lab.post(AD)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    assert lab.logit(AD, "b") == plain(AD)


async def test_what_is_taken_back_counts_no_more(lab: Lab) -> None:
    before = lab.logit(NEAR)
    message = await lab.post(AD)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    await lab.post("/unlearn 1", by=MODS[1])
    assert lab.logit(NEAR) == before


async def test_the_nearest_example_names_the_message_and_who_said_so(lab: Lab) -> None:
    message = await lab.post(AD)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    head = lab.learning.head("sim:a")
    assert head is not None
    nearest = head.adjust(examine(shipped_model(), AD).look).nearest
    assert nearest is not None
    assert (nearest.key, nearest.by, nearest.ad) == (message, MODS[0], True)


async def test_who_is_forgotten_takes_their_samples_along(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.posts(["I am Bo"], by="sim:bo", scores=[0.01])
    await lab.later(hours=2)
    first = lab.learning.head("sim:a")
    await lab.post("/forget", by="sim:ann")
    await lab.post(f"/confirm {code_of(f'm{lab.count}/command')}", by="sim:ann")
    assert await lab.db.read(lambda conn: samples.known_events(conn, "sim:a")) == {"m6"}
    assert lab.learning.head("sim:a") is not first


async def test_messages_count_as_ordinary_once_they_have_stood_for_an_hour(lab: Lab) -> None:
    await lab.posts([TALK, "See you then", "🙂", ""], scores=[0.01, 0.02, 0.0, 0.0])
    await lab.later(minutes=30)
    assert lab.learning.ordinary("sim:a") == 0
    await lab.later(hours=1)
    assert lab.learning.ordinary("sim:a") == 3
    await lab.later(hours=1)
    assert lab.learning.ordinary("sim:a") == 3, "each once"
    assert lab.learning.ordinary("sim:b") == 0
    assert lab.learning.cold("sim:a") == "3/200"


async def test_or_once_fifty_others_followed(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(FOLLOWED + 4)], scores=[0.01] * 54)
    await lab.later(minutes=2)
    assert lab.learning.ordinary("sim:a") == 4


async def test_ads_are_left_out_whoever_took_them_for_such(lab: Lab) -> None:
    _, said, removed, cleared, _ = await lab.posts(
        ["judged", AD, "removed", "cleared", TALK], scores=[0.97, 0.1, 0.1, 0.99, 0.1]
    )
    await lab.post("/spam", by=MODS[0], reply_to=said)
    await lab.post("/delete", by=MODS[0], reply_to=removed)
    await lab.post("/ham", by=MODS[0], reply_to=cleared)
    await lab.later(hours=2)
    assert lab.learning.ordinary("sim:a") == 2, "what was cleared, and the talk"
    come = await lab.db.read(lambda conn: samples.progress(conn, "sim:a"))
    assert come.suspected == 1


async def test_words_that_are_not_kept_for_long_count_by_what_the_detector_said(lab: Lab) -> None:
    await lab.posts([TALK, "judged", ""], scores=[0.01, 0.97, 0.01])
    keep = retention.Keep(text_days=0)
    await lab.db.write(lambda conn: retention.purge(conn, lab.clock.now() + timedelta(seconds=1), keep))
    await lab.later(hours=2)
    assert lab.learning.ordinary("sim:a") == 1
    assert await lab.db.read(lambda conn: samples.known_events(conn, "sim:a")) == set()


async def test_a_group_that_is_given_another_id_is_as_warm_as_before(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.later(hours=2)
    await lab.db.write(lambda conn: migrate.migrate(conn, "sim:a", "sim:b"))
    await lab.restart()
    assert lab.learning.ordinary("sim:b") == 5
    assert lab.learning.cold("sim:b") == "5/200"


async def test_a_head_that_nobody_asks_for_is_let_go_and_made_again_alike(lab: Lab) -> None:
    await lab.post("/spam", by=MODS[0], reply_to=await lab.post(AD))
    before, score = lab.learning.head("sim:a"), lab.logit(AD)
    assert lab.learning.head("sim:a") is before
    await lab.later(days=2)
    assert lab.learning.head("sim:a") is not before
    assert lab.logit(AD) == score


async def test_of_the_heads_that_were_taught_those_asked_for_last_are_kept_and_all_others(lab: Lab) -> None:
    for group in ("a", "b"):
        await lab.post("/spam", by=MODS[0], group=group, reply_to=await lab.post(AD, group=group))
    learning = Learning(shipped_model(), most_heads=1)
    await learning.begin(lab.db, lab.clock, lambda: lab.setup)
    before = [learning.head(f"sim:{group}") for group in "cdab"]
    after = [learning.head(f"sim:{group}") for group in "cdba"]
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, True, False, False]
    assert after[2] is before[3]


async def test_counting_goes_on_where_it_was_after_a_restart(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(10)], scores=[0.01] * 10)
    await lab.later(hours=2)
    await lab.restart()
    assert lab.learning.ordinary("sim:a") == 10
    await lab.posts([f"{TALK} again {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.later(hours=2)
    assert lab.learning.ordinary("sim:a") == 15


async def test_staff_are_told_once_that_a_group_is_watched_and_once_that_it_is_known(lab: Lab) -> None:
    lab.ads = replace(lab.ads, cold_start=60)
    lab.open()
    await lab.begin()
    await lab.posts([AD, *(f"{TALK} {n}" for n in range(TOLD_AT))], scores=[0.97, *([0.01] * TOLD_AT)])
    await lab.later(hours=2)
    await lab.later(hours=2)
    assert lab.told() == [
        "🎓 I am getting to know “A”: 20 of 60 ordinary messages seen. Until then I only watch for advertisements "
        "there and remove none.\nWhat I would have taken for advertisements so far: 1\n• “" + AD + "”"
    ]
    await lab.restart()
    await lab.posts([f"{TALK} more {n}" for n in range(50)], scores=[0.01] * 50)
    await lab.later(hours=2)
    assert lab.learning.cold("sim:a") is None
    await lab.posts(["and on"], scores=[0.01])
    await lab.later(hours=2)
    assert len(lab.told()) == 2
    assert lab.told()[1].startswith("🎓 I know “A” now, from 70 ordinary messages")


async def test_a_group_that_need_not_be_known_first_is_warm_at_once_and_nobody_is_told(lab: Lab) -> None:
    lab.ads = replace(lab.ads, cold_start=0)
    lab.open()
    await lab.begin()
    assert lab.learning.cold("sim:a") is None
    await lab.posts([f"{TALK} {n}" for n in range(30)], scores=[0.01] * 30)
    await lab.later(hours=2)
    assert lab.told() == []


async def test_groups_whose_rules_do_not_ask_are_not_counted(lab: Lab) -> None:
    await lab.posts([TALK], group="staff")
    await lab.later(hours=2)
    assert lab.learning.ordinary(STAFF) == 0


async def test_the_sample_stays_small_and_the_group_long_known_begins_late(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(SIZE + 100)], scores=[0.01] * (SIZE + 100))
    await lab.later(hours=2)
    assert lab.learning.ordinary("sim:a") == SIZE + 100
    found = await lab.db.read(lambda conn: samples.known_events(conn, "sim:a"))
    assert len(found) == SIZE
    assert any(int(event[1:]) > SIZE for event in found), "late ones find their way in"
    assert BACK > SIZE


def test_every_message_has_the_same_chance_of_a_slot() -> None:
    assert [slot_of("g", f"e{n}", n) for n in range(1, SIZE + 1)] == list(range(SIZE))
    kept = [slot_of("g", f"e{n}", 2 * SIZE) for n in range(4_000)]
    share = sum(slot is not None for slot in kept) / len(kept)
    assert 0.45 < share < 0.55
    assert {slot for slot in kept if slot is not None} == set(range(SIZE))


async def test_shared_only_where_the_operator_wants_it_and_two_groups_agree(lab: Lab) -> None:
    lab.ads = replace(lab.ads, shares=True)
    lab.open()
    await lab.begin()
    await lab.post("/spam", by=MODS[0], reply_to=await lab.post(AD, group="a"), group="a")
    assert lab.logit(AD, "d") == plain(AD)
    await lab.post("/spam", by=MODS[0], reply_to=await lab.post(NEAR, group="b"), group="b")
    assert lab.logit(AD, "d") > plain(AD)
    await lab.post("/ham", by=MODS[1], reply_to=await lab.post(AD, group="d"), group="d")
    assert lab.logit(AD, "d") <= 0, "its own staff know better"
    lab.ads = replace(lab.ads, shares=False)
    lab.open()
    await lab.begin()
    assert lab.logit(AD, "c") == plain(AD)


async def test_many_threads_may_ask_while_somebody_teaches(lab: Lab) -> None:
    message = await lab.post(AD)

    async def ask() -> float:
        return await asyncio.to_thread(lab.logit, NEAR)

    asked = [asyncio.create_task(ask()) for _ in range(8)]
    await lab.post("/spam", by=MODS[0], reply_to=message)
    assert len(await asyncio.gather(*asked)) == 8
    assert await ask() > plain(NEAR)


async def test_labels_of_other_features_are_not_used(lab: Lab) -> None:
    message = await lab.post(AD)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    await lab.db.write(lambda conn: conn.execute(labels_table.update().values(features_version="0")))
    await lab.restart()
    assert lab.logit(AD) == plain(AD)


async def test_damaged_features_are_passed_over(lab: Lab) -> None:
    message = await lab.post(AD)
    await lab.post("/spam", by=MODS[0], reply_to=message)
    await lab.db.write(lambda conn: conn.execute(labels_table.update().values(features=b"\x01")))
    await lab.restart()
    assert lab.logit(AD) == plain(AD)


async def test_damaged_samples_are_passed_over(lab: Lab) -> None:
    await lab.post("/spam", by=MODS[0], reply_to=await lab.post(AD))
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.later(hours=2)
    await lab.db.write(lambda conn: conn.execute(samples_table.update().values(features=b"\x01")))
    await lab.restart()
    assert lab.logit(AD) > 2
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.later(hours=2)


async def test_a_group_that_took_in_another_counts_what_that_was_taught(lab: Lab) -> None:
    await lab.post("/spam", by=MODS[0], reply_to=await lab.post(AD))
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.later(hours=2)
    assert lab.logit(AD, "b") == plain(AD)
    assert lab.learning.ordinary("sim:b") == 0
    await lab.db.write(lambda conn: migrate.migrate(conn, "sim:a", "sim:b"))
    await lab.later(minutes=2)
    assert lab.learning.ordinary("sim:b") == 5
    assert lab.logit(AD, "b") > 2


async def test_who_is_forgotten_while_messages_are_counted_leaves_nothing(lab: Lab) -> None:
    await lab.posts([f"{TALK} {n}" for n in range(5)], scores=[0.01] * 5)
    await lab.posts(["I am Bo"], by="sim:bo", scores=[0.01])
    await lab.db.write(lambda conn: history.record(conn, "sim:a", "x", START, [ForgetMember("sim:ann")]))
    await lab.later(hours=2)
    one = samples.Sample(slot=7, at=START, event="m1", features_version="1", features=b"", logit=0.0, member="sim:ann")
    await lab.db.write(lambda conn: samples.put(conn, "sim:a", [one]))  # it was read before, and written after
    lab.learning.settled(Settled(taught={"sim:a"}, forgotten=[("sim:a", "sim:ann")]))
    await lab.later(minutes=2)
    assert await lab.db.read(lambda conn: samples.known_events(conn, "sim:a")) == {"m6"}


async def test_staff_are_not_shown_the_words_of_who_was_forgotten(lab: Lab) -> None:
    await lab.posts(["looks like one"], scores=[0.99])
    await lab.later(hours=2)
    lab.learning.settled(Settled(taught={"sim:a"}, forgotten=[("sim:a", "sim:ann")]))
    await lab.posts([f"{TALK} {n}" for n in range(200)], scores=[0.01] * 200)
    await lab.later(hours=2)
    watched, known = lab.told()
    assert "looks like one" in watched
    assert "looks like one" not in known


async def test_without_a_database_nothing_is_known() -> None:
    learning = Learning(shipped_model())
    await learning.keep()
    assert learning.head("sim:a") is None
    assert learning.cold("sim:a") is None
    assert learning.ordinary("sim:a") == 0


SUBJECTS = ("chapter {}", "the tea house", "our meeting on Friday", "page {} of the novel", "her letters", "the garden")
SAYINGS = ("I liked {} very much", "who will bring {}?", "we could talk about {} later", "sorry, I missed {} today")


def talk(number: int) -> str:
    """Ordinary words, each message somewhat different."""
    saying, subject = SAYINGS[number % len(SAYINGS)], SUBJECTS[number % len(SUBJECTS)]
    return f"{saying.format(subject.format(number))}, number {number}"


async def test_twenty_wrong_labels_of_one_person_do_not_break_it(lab: Lab) -> None:
    ordinary = await lab.posts([talk(n) for n in range(120)], scores=[0.01] * 120)
    await lab.later(hours=2)
    for number in range(4):
        message = await lab.post(f"{AD}, offer {number}")
        await lab.post("/spam", by=MODS[number % 2], reply_to=message)
    taught = lab.logit(f"{NEAR}, offer 9")
    fresh = [talk(n) for n in range(200, 230)]
    for message in ordinary[:20]:
        await lab.post("/spam", by=MODS[2], reply_to=message)
    assert taught > 0
    assert lab.logit(f"{NEAR}, offer 9") > 0
    assert [text for text in fresh if probability(lab.logit(text)) >= LIKELY] == []
    head = lab.learning.head("sim:a")
    assert head is not None
    assert head.doubted == {MODS[2]}
    for by in MODS[:2]:
        for message in ordinary[:20]:
            await lab.post("/spam", by=by, reply_to=message)
    assert [text for text in fresh if probability(lab.logit(text)) >= LIKELY] == fresh, "what all of them say counts"
