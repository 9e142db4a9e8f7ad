"""The second opinion of the running bot: who is asked, how often, what is remembered, and who waits for it.

``consider`` is called from the thread in which the detector looks; everything else on the bot's loop. Nothing waits
here: a message that awaits an answer has a timer in the database (``bot.second_look``), and comes back with the answer
or without.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.second_look import bring
from bot.secrets import hide
from bot.settle import Settled
from bot.setup import Setup
from rules.ads import SecondOpinionSpec
from rules.detectors.judging import log_odds, probability, total
from rules.detectors.masking import shown
from rules.detectors.opinion import AWAITED, STEERED, STEERS, Opinion, is_settled, opinion_reason, with_opinion
from rules.detectors.steering import gives_orders, steers
from rules.errors import StorageError
from rules.events import Event, MessageEdited, MessagePosted, first_id
from rules.verdict import Reason, Verdict
from schedules.clock import Clock
from storage import inbox
from storage.database import Database

if TYPE_CHECKING:
    from bot.detection.asking import Asker

REMEMBERED = timedelta(days=1)
MOST = 2_000
"""Answers that are remembered, and questions that may be open."""
LONGEST_PAUSE = timedelta(hours=1)
AT_ONCE = 4
"""Questions that are asked at the same time."""
FAILURES = 5
"""Failures in a row after which nobody is asked"""
PAUSE = timedelta(minutes=5)
"""for so long."""
TOLD_EVERY = timedelta(minutes=10)
ASKED = "second_opinion:asked"
"""The cursor that counts the questions of a day, so that no restart begins anew."""

log = structlog.get_logger("groupkeeper.second_opinion")


class Question(NamedTuple):
    """What would be asked about a message: by ``key`` it is the same as another. ``excuses``: an answer may speak for
    it, which it may not where the text sways a model, or is not seen whole."""

    key: bytes
    text: str
    logit: float
    excuses: bool


class _Known(NamedTuple):
    opinion: Opinion
    at: datetime


class SecondOpinion:
    """Asks a language model about messages that the detector is unsure of. Without it configured, it does nothing."""

    def __init__(self, asker: "Asker | None" = None) -> None:
        self._asker = asker
        self._guard = threading.Lock()
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._open: OrderedDict[str, Question] = OrderedDict()  # by event
        self._waiting: dict[bytes, list[Event]] = {}  # by question, what is to be looked at again
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._day, self._asked = "", 0
        self._failures = 0
        self._not_before: datetime | None = None
        self._told_at: datetime | None = None
        self._untold = 0
        self._wake: Callable[[], object] = lambda: None
        self._database: Database | None = None
        self._clock: Clock
        self._setup: Callable[[], Setup]

    async def begin(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        """Read how much was asked today. From now on it can be asked."""
        asked = await database.read(lambda conn: inbox.cursor(conn, ASKED)) or ""
        day, _, count = asked.partition(" ")
        self._day, self._asked = day, int(count) if count.isdigit() else 0
        self._clock, self._setup, self._database = clock, setup, database

    def wakes(self, wake: Callable[[], object]) -> None:
        """What is to be called when a message can be looked at again."""
        self._wake = wake

    def consider(
        self, event: MessagePosted | MessageEdited, reasons: tuple[Reason, ...], judged: Callable[[], str]
    ) -> tuple[Reason, ...]:
        """What is to be added to the evidence on a message: an opinion that is known, or that one is awaited.

        ``judged`` gives the words that the reasons are about.
        """
        spec = self._spec
        if spec is None:
            return ()
        logit = total(reasons)
        if not spec.from_ <= probability(logit) <= spec.to or is_settled(reasons):
            return ()
        words, whole = shown(judged(), event)
        if not words.strip():
            return ()
        orders = gives_orders(words)
        added = (Reason(STEERS, STEERED),) if orders else ()
        logit += total(added)
        asked = Question(_key(words), words, logit, whole and not orders and not steers(words))
        now = self._clock.now()
        with self._guard:
            known = self._answer(asked.key, now)
            if known is not None:
                return (*added, opinion_reason(known, logit, excuses=asked.excuses))
            if not self._may_ask(spec, now) and asked.key not in self._waiting:
                return added
            self._open[event.id] = asked
            while len(self._open) > MOST:
                self._open.popitem(last=False)
        return (*added, Reason(AWAITED))

    def again(self, event: Event, verdict: Verdict) -> Verdict:
        """The verdict on a message that is looked at again: with the opinion, where there is one by now."""
        with self._guard:
            asked = self._open.pop(first_id(event), None)
            known = self._answer(asked.key, self._clock.now()) if asked is not None else None
        if asked is None or known is None:
            return with_opinion(verdict, None)
        return with_opinion(verdict, opinion_reason(known, log_odds(verdict.score), excuses=asked.excuses))

    def settled(self, settled: Settled) -> None:
        """Ask about the messages that a rule awaits an opinion on."""
        for event in settled.awaited:
            with self._guard:
                asked = self._open.get(first_id(event))
            if asked is None:
                continue  # looked at before a restart: its timer brings it
            waiting = self._waiting.get(asked.key)
            if waiting is not None:
                waiting.append(event)
                continue
            self._waiting[asked.key] = [event]
            task = asyncio.create_task(self._ask(asked), name="second opinion")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def arrived(self) -> bool:
        """Wait for all answers that are on their way; whether there were any."""
        tasks = tuple(self._tasks)
        if tasks:
            await asyncio.wait(tasks)
        return bool(tasks)

    async def close(self) -> None:
        """Wait for nobody any more: what awaits an answer comes back by its timer."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._asker is not None:
            await self._asker.close()

    @property
    def _spec(self) -> SecondOpinionSpec | None:
        return self._setup().config.ads.second_opinion if self._database is not None else None

    def _answer(self, key: bytes, now: datetime) -> Opinion | None:
        known = self._known.get(key)
        if known is None or now - known.at > REMEMBERED:
            return None
        self._known.move_to_end(key)
        return known.opinion

    def _may_ask(self, spec: SecondOpinionSpec, now: datetime) -> bool:
        until = self._not_before
        paused = until is not None and now < until <= now + LONGEST_PAUSE  # longer only where the clock was set back
        spent = self._asked if self._day == _day(now) else 0
        return not paused and spent < spec.at_most

    async def _ask(self, asked: Question) -> None:
        try:
            async with self._slots:
                await self._put_question(asked)
        except StorageError as error:
            log.error("database_trouble", error=str(error))
        finally:
            waiting = self._waiting.pop(asked.key, [])
        await self._look_again(waiting)

    async def _put_question(self, asked: Question) -> None:
        spec, now = self._spec, self._clock.now()
        if spec is None or not self._may_ask(spec, now):
            return
        await self._count(now)
        from bot.detection.asking import Asker, NoAnswer  # noqa: PLC0415 - aiohttp is for those who ask

        self._asker = self._asker or Asker()
        hide(spec.key)
        try:
            opinion = await self._asker.ask(spec, asked.text)
        except NoAnswer as error:
            self._failed(str(error), error.pause)
            return
        self._failures, self._not_before = 0, None
        with self._guard:
            self._known[asked.key] = _Known(opinion, self._clock.now())
            self._known.move_to_end(asked.key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    async def _count(self, now: datetime) -> None:
        """Count a question before it is put: one that the process dies of has been asked too."""
        day = _day(now)
        self._day, self._asked = day, (self._asked if self._day == day else 0) + 1
        if self._database is not None:
            told = f"{day} {self._asked}"
            await self._database.write(lambda conn: inbox.set_cursor(conn, ASKED, told))

    def _failed(self, why: str, pause: timedelta | None) -> None:
        now = self._clock.now()
        self._failures += 1
        if pause is None and self._failures >= FAILURES:
            pause = PAUSE
        if pause is not None:
            self._not_before = now + min(pause, LONGEST_PAUSE)
        self._untold += 1
        if self._told_at is not None and self._told_at <= now < self._told_at + TOLD_EVERY:
            return
        log.warning("no_second_opinion", why=why, failures=self._untold, not_before=str(self._not_before or ""))
        self._told_at, self._untold = now, 0

    async def _look_again(self, events: Iterable[Event]) -> None:
        """Bring messages back. Where that cannot be, their timers do."""
        events, database = list(events), self._database
        if not events or database is None:
            return
        now = self._clock.now()
        try:
            await database.write(lambda conn: bring(conn, events, now))
        except StorageError as error:
            log.error("database_trouble", error=str(error))
        self._wake()


def _day(now: datetime) -> str:
    return now.date().isoformat()


def _key(words: str) -> bytes:
    """By what a text is the same as another: its letters and digits."""
    return blake2b("".join(filter(str.isalnum, words)).encode(), digest_size=16).digest()
