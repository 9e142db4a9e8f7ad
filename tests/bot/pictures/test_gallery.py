"""The pictures of waiting messages: what is fetched, how often, for whom one waits, and what becomes of trouble."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from adapters.errors import Rejected
from adapters.simulated import SimulatedAdapter, SimulatedPlatform
from bot.clock import VirtualClock
from bot.pictures.findings import Trouble
from bot.pictures.frames import LARGEST
from bot.pictures.gallery import AGAIN, OF_A_GROUP, Gallery
from bot.pictures.looking import ReadWords
from bot.pictures.wanted import seeing
from rules.actions import Delete
from rules.conditions import Ad, QrCode
from rules.detectors.settings import AdSettings
from rules.events import Event, MessageEdited, MessagePosted
from rules.facts import GroupSettings
from rules.logic import AnyOf
from rules.rulebook import OFF, Rule, Rulebook, assemble
from rules.step import Condition
from rules.values import Elsewhere, File, Forward, Group, Media, MediaKind, Member, Message
from storage import inbox, pictures, schema
from storage.database import Database
from storage.inbox import Waiting
from tests.bot.pictures.making import png_of

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
SAID = "https://example.com/join"


class Platform(SimulatedAdapter):
    """A platform whose files are codes that say their names, and come at once unless they are ``held``."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(SimulatedPlatform("sim", clock.now, frozenset()))
        self.asked: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.refused = False

    async def fetch(self, file: File, most: int) -> bytes:
        assert most == LARGEST
        self.asked.append(file.unique)
        if file.unique in self.held:
            await self.held[file.unique].wait()
        if self.refused:
            raise Rejected("gone")
        return png_of(file.unique)

    def hold(self, *files: str) -> None:
        self.held |= {file: asyncio.Event() for file in files}


class Scene:
    """A gallery over an inbox."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = VirtualClock(NOON)
        self.platform = Platform(self.clock)
        self.woken = 0
        self.news = asyncio.Event()
        self._numbers = iter(range(1, 1_000))
        self._galleries: list[Gallery] = []

    def gallery(self, *conditions: Condition, words: ReadWords | None = None, **more: Any) -> Gallery:
        book = rulebook(*(conditions or (QrCode(),)), **more.pop("settings", {}))
        opened = Gallery(self.database, {"sim": self.platform}, self.clock, lambda: book, self._woken, words, **more)
        self._galleries.append(opened)
        return opened

    async def post(self, *files: str, group: str = "sim:a", kind: Callable[..., Event] = MessagePosted) -> None:
        number = next(self._numbers)
        media = tuple(Media(MediaKind.PHOTO, view=File(f"id-{file}", file)) for file in files)
        message = Message(f"{group}/{number}", Member("sim:bo"), f"number {number}", NOON, media=media)
        event = kind(f"sim:{number}", Group(group), NOON, message)
        await self.database.write(lambda conn: inbox.put(conn, [event], NOON))

    async def rows(self) -> list[Waiting]:
        return await self.database.read(lambda conn: inbox.waiting(conn, 100))

    async def hung(self, gallery: Gallery) -> list[Waiting]:
        """What is ready now, without waiting."""
        return await gallery.hung(await self.rows())

    async def shown(self, gallery: Gallery) -> list[tuple[str, ...]]:
        """The codes of every message, when all have come."""
        while len(ready := await self.hung(gallery)) < len(await self.rows()):
            assert await gallery.arrived()
        return [codes_of(row) for row in ready]

    async def kept(self) -> dict[str, str]:
        query = select(schema.pictures.c.file, schema.pictures.c.findings)
        return await self.database.read(lambda conn: {row.file: row.findings for row in conn.execute(query)})

    async def close(self) -> None:
        for opened in self._galleries:
            await opened.close()

    def _woken(self) -> None:
        self.woken += 1
        self.news.set()


def rulebook(*conditions: Condition, **more: Any) -> Rulebook:
    settings = [GroupSettings(key=key, chat=f"sim:{key}", platform="sim", **more) for key in ("a", "b", "plain")]
    rules = [
        Rule(f"r{number}", "", frozenset({"message", "edit"}), one, (Delete(),), groups=frozenset({"a", "b"}))
        for number, one in enumerate(conditions)
    ]
    return assemble("1", rules, settings)


def codes_of(row: Waiting) -> tuple[str, ...]:
    event = row.event
    assert isinstance(event, (MessagePosted, MessageEdited))
    return tuple(code for media in event.message.media for code in media.codes)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as opened:
        database = opened.enter_context(Database.open(f"sqlite:///{tmp_path / 'bot.db'}"))
        database.upgrade()
        made = Scene(database)
        opened.push_async_callback(made.close)
        yield made


async def test_a_message_shows_what_its_pictures_say_and_how_they_look(scene: Scene) -> None:
    gallery = scene.gallery()
    await scene.post(SAID, "another")
    assert await scene.hung(gallery) == []
    assert gallery.resting == {"sim:a"}
    assert await gallery.arrived()
    assert (gallery.resting, scene.woken) == (frozenset(), 2)
    (row,) = await scene.hung(gallery)
    assert codes_of(row) == (SAID, "another")
    assert all(media.looks for media in _media(row))


async def test_others_go_on_and_a_group_keeps_its_order(scene: Scene) -> None:
    gallery = scene.gallery()
    scene.platform.hold("slow")
    await scene.post()
    await scene.post("slow")
    await scene.post()
    await scene.post(group="sim:b")
    await scene.post("unasked", group="sim:plain")
    assert [row.seq for row in await scene.hung(gallery)] == [1, 4, 5]
    assert [row.seq for row in await scene.hung(gallery)] == [4, 5]  # as long as it rests, nothing of it is taken
    scene.platform.held["slow"].set()
    assert await gallery.arrived()
    assert [row.seq for row in await scene.hung(gallery)] == [1, 2, 3, 4, 5]
    assert scene.platform.asked == ["slow"]


async def test_a_picture_is_fetched_once_for_all_and_known_after_a_restart(scene: Scene) -> None:
    gallery = scene.gallery()
    for group in ("sim:a", "sim:a", "sim:b"):
        await scene.post(SAID, group=group)
    await scene.post(SAID, kind=MessageEdited)
    assert await scene.shown(gallery) == [(SAID,)] * 4
    assert await scene.shown(scene.gallery()) == [(SAID,)] * 4
    assert scene.platform.asked == [SAID]
    assert list(await scene.kept()) == [f"sim:{SAID}"]


async def test_a_flood_in_one_group_keeps_no_other_waiting(scene: Scene) -> None:
    gallery = scene.gallery()
    flood = [f"flood {number}" for number in range(30)]
    scene.platform.hold(*flood)
    for file in flood:
        await scene.post(file)
    await scene.post(SAID, group="sim:b")
    await scene.hung(gallery)
    while not [row for row in await scene.hung(gallery) if row.group == "sim:b"]:
        await scene.news.wait()
    assert len(scene.platform.asked) == OF_A_GROUP + 1
    for event in scene.platform.held.values():
        event.set()
    assert await scene.shown(gallery) == [(file,) for file in flood] + [(SAID,)]


async def test_one_that_does_not_come_in_time_is_done_without_and_asked_for_again_later(scene: Scene) -> None:
    gallery = scene.gallery(patience=0.01)
    scene.platform.hold(SAID)
    await scene.post(SAID)
    assert await scene.shown(gallery) == [()]
    assert Trouble.NOT_IN_TIME.value in (await scene.kept())[f"sim:{SAID}"]
    scene.platform.held.clear()
    assert await scene.shown(gallery) == [()]  # tried again, it shows the same
    scene.clock.move_to(NOON + AGAIN + timedelta(seconds=1))
    assert await scene.shown(scene.gallery()) == [(SAID,)]


@pytest.mark.parametrize("written", ['{"trouble":"of a later version"}', "{", "[]"])
async def test_findings_that_another_version_wrote_are_found_anew(scene: Scene, written: str) -> None:
    await scene.post(SAID)
    await scene.database.write(lambda conn: pictures.keep(conn, {f"sim:{SAID}": written}, NOON))
    assert await scene.shown(scene.gallery()) == [(SAID,)]


async def test_what_the_platform_does_not_give_is_done_without(scene: Scene) -> None:
    scene.platform.refused = True
    await scene.post(SAID)
    assert await scene.shown(scene.gallery()) == [()]
    assert scene.platform.asked == [SAID]


async def test_words_are_read_for_detectors_where_the_group_wants_it(scene: Scene) -> None:
    def words(image: Image.Image) -> str:
        return "加微信 book8899"

    await scene.post(SAID)
    (row,) = await _ready(scene, scene.gallery(QrCode(), words=words))
    assert _media(row)[0].text is None
    unwanted = {"settings": {"ads": AdSettings(reads_pictures=False)}}
    assert not scene.gallery(Ad(), words=words, **unwanted).asked_for
    (row,) = await _ready(scene, scene.gallery(Ad(), words=words))  # it was looked at, but not read
    assert _media(row)[0].text == "加微信 book8899"
    (row,) = await _ready(scene, scene.gallery(Ad()))
    assert _media(row)[0].text == "加微信 book8899"
    assert scene.platform.asked == [SAID, SAID]


async def test_what_reads_words_is_made_ready_where_it_will_be_needed(scene: Scene) -> None:
    seen: list[tuple[int, int]] = []
    ready = threading.Event()

    def words(image: Image.Image) -> str:
        seen.append(image.size)
        ready.set()
        return ""

    scene.gallery(QrCode(), words=words).begin()
    scene.gallery(Ad()).begin()
    assert seen == []
    scene.gallery(Ad(), words=words).begin()
    assert await asyncio.to_thread(ready.wait, 60)
    assert len(seen) == 1


async def test_codes_do_not_wait_behind_words(scene: Scene) -> None:
    done = threading.Event()

    def words(image: Image.Image) -> str:
        done.wait(60)
        return "words"

    try:
        gallery = scene.gallery(Ad(), words=words, patience=2.0)
        for number in range(3):
            await scene.post(f"code {number}")
        assert await scene.shown(gallery) == [(f"code {number}",) for number in range(3)]
        assert all(Trouble.NOT_IN_TIME.value in findings for findings in (await scene.kept()).values())
    finally:
        done.set()


async def test_who_fails_at_a_picture_does_not_hold_its_group_up(scene: Scene) -> None:
    def words(image: Image.Image) -> str:
        raise RuntimeError("out of ink")

    await scene.post(SAID)
    assert await scene.shown(scene.gallery(Ad(), words=words)) == [(SAID,)]
    assert Trouble.BROKEN.value in (await scene.kept())[f"sim:{SAID}"]


def test_a_rule_that_is_off_has_no_picture_looked_at() -> None:
    book = rulebook(QrCode())
    assert dict(seeing(book)) == {"sim:a": False, "sim:b": False}
    assert dict(seeing(book.altered(lambda rule: replace(rule, mode=OFF)))) == {}
    assert dict(seeing(rulebook(AnyOf(of=(Ad(),))))) == {"sim:a": True, "sim:b": True}


async def test_nothing_is_asked_for_where_no_rule_goes_by_it_or_the_platform_gives_nothing(scene: Scene) -> None:
    assert scene.gallery(QrCode()).asked_for
    bare = SimulatedAdapter(SimulatedPlatform("sim", scene.clock.now, frozenset()))
    book = rulebook(QrCode())
    gallery = Gallery(scene.database, {"sim": bare}, scene.clock, lambda: book, lambda: None)
    assert not gallery.asked_for
    await scene.post(SAID)
    assert await scene.hung(gallery) == await scene.rows()


async def test_what_is_shown_of_another_chat_is_looked_at_too(scene: Scene) -> None:
    shown = Media(MediaKind.PHOTO, view=File("id", SAID))
    message = Message("sim:a/1", Member("sim:bo"), elsewhere=Elsewhere(Forward("channel"), (shown,)))
    event = MessagePosted("sim:1", Group("sim:a"), NOON, message)
    await scene.database.write(lambda conn: inbox.put(conn, [event], NOON))
    (row,) = await _ready(scene, scene.gallery())
    found = row.event
    assert isinstance(found, MessagePosted)
    assert found.message.elsewhere is not None
    assert found.message.elsewhere.media[0].codes == (SAID,)


async def test_closing_lets_go_of_what_is_on_its_way(scene: Scene) -> None:
    gallery = scene.gallery()
    scene.platform.hold(SAID)
    await scene.post(SAID)
    await scene.hung(gallery)
    await gallery.close()
    assert await scene.kept() == {}
    scene.platform.held.clear()
    assert await scene.shown(scene.gallery()) == [(SAID,)]


async def _ready(scene: Scene, gallery: Gallery) -> list[Waiting]:
    await scene.shown(gallery)
    return await scene.hung(gallery)


def _media(row: Waiting) -> tuple[Media, ...]:
    event = row.event
    assert isinstance(event, (MessagePosted, MessageEdited))
    return event.message.media
