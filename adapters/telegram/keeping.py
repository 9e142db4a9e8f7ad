"""From raw updates to what is kept: read, or put into quarantine; then migrations, and what the bot may do.

Both ways in, polling and the webhook, go through here, so that they cannot come to differ.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
import structlog
from msgspec import Struct

from adapters.protocol import Broken, Intake
from adapters.telegram.reading import Reader, Told, with_bios
from rules.errors import StorageError
from rules.events import Event

log = structlog.get_logger("groupkeeper.telegram")

AskBio = Callable[[int], Awaitable[str | None]]
"""Gives the profile text of a person, by their number; None where it is not to be had."""


class Keeper:
    """Keeps the updates of one bot.

    ``prepare`` is shown the raw ones before they are read; ``moved`` is told of groups with another id (old, new).
    """

    def __init__(
        self,
        reader: Reader,
        *,
        bios: Callable[[], AskBio] | None = None,
        prepare: Callable[[Sequence[Any]], Awaitable[None]] | None = None,
        moved: Callable[[str, str], None] = lambda old, new: None,
    ) -> None:
        self.reader = reader
        self._bios = bios
        self._prepare = prepare
        self._moved = moved

    async def keep(self, intake: Intake, updates: Sequence[Any], source: str | None = None) -> None:
        """Keep a batch, in order; when this returns it may be confirmed. Raises ``StorageError``.

        With ``source`` the id of the last update is kept beside it as the position.
        """
        if self._prepare is not None:
            await self._prepare(updates)
        batch = _Batch()
        for update in updates:
            told = self._read(update)
            if isinstance(told, Broken):
                batch.broken.append(told)
            else:
                if told.migrated is not None:
                    await self._accept(intake, batch, source)
                    await intake.migrated(*told.migrated)
                    self._moved(*told.migrated)
                    batch = _Batch()
                batch.events.extend(told.events)
                if told.standing is not None:
                    batch.standing[told.standing] = None
            number = number_of(update)
            batch.last = batch.last if number is None else number
        await self._accept(intake, batch, source)

    async def keep_unreadable(self, intake: Intake, raw: bytes, error: str) -> None:
        """Put something into quarantine that is not even JSON."""
        words = raw.decode("utf-8", "replace")
        await self._accept(intake, _Batch(broken=[Broken(self._made_up(words), words, error)]), None)

    def _read(self, update: Any) -> Told | Broken:
        if number_of(update) is None:
            return self._broken(update, ValueError("it has no update_id"))
        try:
            return self.reader.read(update)
        except Exception as error:  # noqa: BLE001 - whatever one update is like, it must not keep the others away
            return self._broken(update, error)

    def _broken(self, update: Any, error: Exception) -> Broken:
        raw, number = _as_text(update), number_of(update)
        id_ = self._made_up(raw) if number is None else f"{self.reader.name}:update-{number}"
        why = f"{type(error).__name__}: {error}"
        log.error("update_unreadable", id=id_, error=why, advice="see groupkeeper db quarantine")
        return Broken(id_, raw, why)

    def _made_up(self, raw: str) -> str:
        """The same for the same text, so that what is delivered again is recognised."""
        return f"{self.reader.name}:odd-{hashlib.sha256(raw.encode('utf-8', 'replace')).hexdigest()[:20]}"

    async def _accept(self, intake: Intake, batch: "_Batch", source: str | None) -> None:
        cursor = None if source is None or batch.last is None else (source, str(batch.last))
        if batch.events or batch.broken or cursor is not None:
            await self._accept_together(intake, batch, cursor)
        for group in batch.standing:
            await intake.standing(group)

    async def _accept_together(self, intake: Intake, batch: "_Batch", cursor: tuple[str, str] | None) -> None:
        events: Sequence[Event] = batch.events
        if self._bios is not None:
            events = await with_bios(events, self._bios())
        try:
            await intake.accept(events, cursor, batch.broken)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - an event that cannot be kept must not keep the others away
            await self._accept_singly(intake, events, batch.broken, cursor, error)

    async def _accept_singly(
        self,
        intake: Intake,
        events: Sequence[Event],
        broken: Sequence[Broken],
        cursor: tuple[str, str] | None,
        error: Exception,
    ) -> None:
        log.error("batch_not_kept", adapter=self.reader.name, error=f"{type(error).__name__}: {error}", again="singly")
        aside = list(broken)
        for event in events:
            try:
                await intake.accept([event])
            except StorageError:
                raise
            except Exception as why:  # noqa: BLE001 - this is the one; it is put aside as well as can be
                aside.append(Broken(event.id, repr(event), f"{type(why).__name__}: {why}"))
        await intake.accept([], cursor, aside)


class _Batch(Struct):
    """What is to be kept in one transaction; ``last`` is the id of its last update."""

    events: list[Event] = []
    broken: list[Broken] = []
    standing: dict[str, None] = {}
    last: int | None = None


def number_of(update: Any) -> int | None:
    """The id of an update; None where it has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int else None


def _as_text(update: Any) -> str:
    try:
        return orjson.dumps(update).decode()
    except (orjson.JSONEncodeError, TypeError):
        pass  # half a surrogate pair, or deeper than it goes
    try:
        return json.dumps(update)
    except RecursionError:  # it must not keep the others away even by how it is put aside
        return f'{{"update_id": {json.dumps(number_of(update))}}} (the rest is nested too deeply to be kept)'
