"""The console adapter: events as lines on standard input, effects as lines on standard output.

A line is an event as ``adapters.jsonl`` says, or ``name: words``. With ``json: true`` all that comes out is JSON, one
object a line:

=================================  =====================================================================
``{"ready": true}``                lines are read now
``{"ack": id}``                    the event is on disk; one that was not acknowledged is told again, under
                                   the same id, by whoever drives this: nothing is then lost or done twice
``{"effect": ..., "receipt": id}`` an effect to be carried out, as ``rules.effects`` encodes it
``{"error": words, "line": n}``    a line that is no event
``{"retry": id, "error": words}``  an event that could not be kept (a full disk, say): tell it again later
=================================  =====================================================================
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from adapters.console.lines import LONGEST, Lines, standard_input
from adapters.console.wording import told
from adapters.entities import links_in, mentions_in
from adapters.errors import OutcomeUnknown, Rejected
from adapters.jsonl import parse_line
from adapters.protocol import Intake, Receipt
from rules import effects as fx
from rules.capability import Capability
from rules.errors import StorageError
from rules.events import Event, MessagePosted, message_of
from rules.values import Group, Member, Message

BATCH = 256


class ConsoleSettings(BaseModel):
    """What can be set for a platform of ``type: console``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    json_: bool = Field(default=False, alias="json", description="Speak JSON, one object a line.")
    group: str = Field(default="console", description="The group in which plain lines are said.")


class ConsoleAdapter:
    """Standard input and output as a platform. All capabilities: what an effect means is up to whoever reads it.

    But for deleting many at once: whoever reads the effects is spared a second form of the same.
    """

    capabilities = frozenset(Capability) - {Capability.DELETE_MANY}

    def __init__(
        self,
        name: str,
        now: Callable[[], datetime],
        settings: ConsoleSettings | None = None,
        *,
        lines: Lines | None = None,
        write: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self._now = now
        self._settings = settings or ConsoleSettings()
        self._lines = lines
        self._write = write or _to_stdout
        # Ids made up here must not be those of an earlier run, which the database still knows.
        self._run = f"{now():%Y%m%dT%H%M%S%f}"
        self._made = 0
        self._line = 0

    async def run(self, intake: Intake) -> None:
        """Feed events until the input ends, or nobody reads the output any more."""
        try:
            await self._feed(intake)
        except BrokenPipeError:
            return  # whoever drives this has gone; what was kept is settled all the same

    async def perform(self, effect: fx.Effect) -> Receipt:
        """Tell an effect. Raises ``Rejected`` for a group of another platform."""
        if not effect.group.startswith(f"{self.name}:"):
            raise Rejected(f"{effect.group} is not of {self.name}")
        receipt = None
        if isinstance(effect, (fx.SendText, fx.SendPrivate, fx.SendDocument)):
            self._made += 1
            receipt = f"{effect.group}/bot-{self._run}-{self._made}"
        try:
            if self._settings.json_:
                self._out({"effect": json.loads(fx.encode(effect)), "receipt": receipt})
            else:
                self._write(told(effect))
        except OSError as error:  # the reader has gone in the middle of a line, or before it
            raise OutcomeUnknown(f"standard output: {error.strerror or error}") from error
        return Receipt(receipt)

    async def close(self) -> None:
        """Nothing to let go of: the streams belong to the process."""

    async def _feed(self, intake: Intake) -> None:
        if self._settings.json_:
            self._out({"ready": True})
        lines = self._lines or standard_input()
        async for chunk in lines.chunks():
            for start in range(0, len(chunk), BATCH):
                await self._take(chunk[start : start + BATCH], intake)

    async def _take(self, lines: list[bytes], intake: Intake) -> None:
        events = [event for line in lines if (event := self._event(line)) is not None]
        if not events:
            return
        try:
            await intake.accept(events)
        except StorageError as error:
            for event in events:
                self._refuse(event, str(error))
            return
        if self._settings.json_:
            for event in events:
                self._out({"ack": event.id.removeprefix(f"{self.name}:")})

    def _event(self, raw: bytes) -> Event | None:
        self._line += 1
        line = raw.strip()
        if not line:
            return None
        self._made += 1
        made_up = f"{self._run}-{self._made}"
        try:
            if len(raw) > LONGEST:
                raise ValueError(f"longer than {LONGEST:,} bytes")
            if line.startswith(b"{"):
                return parse_line(line, self.name, self._now(), made_up)
            return self._said(line.decode(), made_up)
        except ValueError as error:  # UnicodeDecodeError is one
            self._complain(str(error))
            return None

    def _said(self, line: str, made_up: str) -> Event:
        name, colon, words = line.partition(":")
        if not colon:
            name, colon, words = line.partition("：")
        name, words = name.strip(), words.strip()
        if not colon or not name or not words or len(name) > 64:
            raise ValueError("write `name: words`, or an event as JSON")
        group = f"{self.name}:{self._settings.group.removeprefix(f'{self.name}:')}"
        author = Member(f"{self.name}:{name.casefold()}", name)
        at = self._now()
        message = Message(
            id=f"{group}/{made_up}",
            author=author,
            text=words,
            at=at,
            links=links_in(words),
            mentions=mentions_in(words, lambda mentioned: f"{self.name}:{mentioned.casefold()}"),
        )
        return MessagePosted(f"{self.name}:{made_up}", Group(group, self._settings.group), at, message)

    def _complain(self, why: str) -> None:
        if self._settings.json_:
            self._out({"error": why, "line": self._line})
        else:
            self._write(f"? line {self._line}: {why}")

    def _refuse(self, event: Event, why: str) -> None:
        if self._settings.json_:
            self._out({"retry": event.id.removeprefix(f"{self.name}:"), "error": why})
            return
        message = message_of(event)
        self._write(f"? not kept, say it again ({why}): {message.text if message is not None else event.id}")

    def _out(self, value: dict[str, Any]) -> None:
        self._write(msgspec.json.encode(value).decode())


def _to_stdout(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
