"""``groupkeeper demo``: a day of a simulated group in some seconds, as a transcript."""

import asyncio
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.console import Console
from rich.text import Text

from adapters.simulated import Entry, NotAllowed
from bot.simulation.backdrop import Backdrop, in_memory
from bot.simulation.findings import Findings, look, print_findings
from bot.simulation.labels import Labels, language_of
from bot.simulation.logs import no_logs
from bot.simulation.picture import save_picture
from bot.simulation.reasons import Why, explained
from bot.simulation.stage import Stage
from bot.simulation.story import Beat, Script, read_script
from bot.simulation.transcript import Transcript

PICTURE_WIDTH = 100


def run_demo(
    lang: str = "en",
    *,
    svg: Path | None = None,
    seed: int = 7,
    telegram: bool = False,
    faults: bool = False,
    console: Console | None = None,
) -> int:
    """Play the day and print it; ``svg`` keeps a picture of some chapters. 0, or 2 for a language that there is not.

    ``telegram`` plays it by the Telegram adapter on a simulated Bot API, ``faults`` with trouble at random there.
    """
    console = console or Console(highlight=False)
    try:
        language = language_of(lang)
    except ValueError as error:
        console.print(Text(str(error), style="red"))
        return 2
    picture = Console(record=True, width=PICTURE_WIDTH, file=StringIO(), force_terminal=True, highlight=False)
    with TemporaryDirectory(prefix="groupkeeper-demo-") as folder, no_logs():
        play = partial(Demo, language, Path(folder) / "demo.db", seed, console, picture if svg else None)
        if telegram or faults:
            asyncio.run(_on_telegram(play, read_script(language, seed), Path(folder), seed if faults else None))
        else:
            asyncio.run(play().play())
    if svg is not None:
        options = f"{' --telegram' if telegram or faults else ''}{' --faults' if faults else ''}"
        save_picture(picture, svg, f"groupkeeper demo --lang {lang}{options}")
    return 0


async def _on_telegram(play: Callable[[Backdrop], "Demo"], script: Script, folder: Path, weather: int | None) -> None:
    from bot.simulation.telegram import Weather, on_telegram  # noqa: PLC0415 - telegram is slow to import

    async with on_telegram(script, folder, None if weather is None else Weather(weather)) as backdrop:
        await play(backdrop).play()


class Demo:
    """One playing of the day, in memory unless another ``backdrop`` is given.

    Afterwards ``platform`` holds what happened, ``findings`` what the database knew.
    """

    def __init__(
        self,
        language: str,
        database: Path,
        seed: int,
        console: Console,
        picture: Console | None = None,
        backdrop: Backdrop | None = None,
    ) -> None:
        backdrop = backdrop or in_memory(read_script(language, seed))
        self.story, self.steps = backdrop.script.story, backdrop.script.steps
        self.labels = Labels(language)
        self.stage = Stage(backdrop.setup, f"sqlite:///{database}", backdrop.clock, backdrop.connect)
        self.platform = backdrop.venue
        self.chat = self.platform.qualified(self.story.group)
        self.settings = self.stage.settings(self.chat)
        self.transcript = Transcript([console], self.labels, self.reason, self.stage.settings, main=self.chat)
        self.findings: Findings | None = None
        self._backdrop = backdrop
        self._picture = picture
        self._acts = sum(1 for step in self.steps if step.beat.who or step.beat.joins)
        self._named: dict[str, str] = {}
        self._shown = 0
        self._reasons: dict[str, Why] = {}

    async def play(self) -> None:
        """Play and print the whole day."""
        began = perf_counter()
        self._title()
        async with self.stage:
            for step in self.steps:
                # What falls due on the way is shown at its own time, before a chapter that begins here.
                await self.stage.advance_to(step.at)
                await self._show(shown=step.shown)
                await self._act(step.beat)
                await self._show(shown=step.shown)
            await self.stage.advance_to(self.story.moment(self.story.ends))
            await self._show()
            self.transcript.close()
            await self._ending(began)

    def reason(self, deleted: Entry) -> Why:
        """By which rule a message went, in the operator's words, and what the rule saw in it."""
        return self._reasons.get(deleted.message or "", ("", ""))

    def _title(self) -> None:
        story = self.story
        words = {"title": story.title, "group": self.settings.name, "date": f"{story.day_of:%Y-%m-%d}"}
        self.transcript.print(Text(self.labels("demo_title", **words, zone=story.timezone), style="bold"))
        hint = self.labels("demo_hint", count=self._acts, people=len(story.cast))
        self.transcript.print(Text(hint, style="dim"))
        if self._backdrop.remark:
            self.transcript.print(Text(self.labels(self._backdrop.remark), style="dim"))

    async def _act(self, beat: Beat) -> None:
        if beat.heading is not None:
            self.transcript.close()
            if self._picture is not None:
                self.transcript.consoles[1:] = [self._picture] if beat.pictured else []
            self.transcript.heading(beat.heading)
        if beat.stops:
            await self.stage.stop()
            self.transcript.note(f"■ {self.labels('stopped')}", self.settings.local(self.stage.clock.now()))
        if beat.starts:
            self.transcript.note(f"▶ {self.labels('started')}", self.settings.local(self.stage.clock.now()))
            await self.stage.start()
        for handle in beat.joins:
            self.platform.join(self.story.group, handle)
        if beat.who is not None and beat.says is not None:
            self._say(beat.who, beat)
        await self.stage.settle()

    def _say(self, handle: str, beat: Beat) -> None:
        answered = self._named[beat.to] if beat.to is not None else None
        try:
            message = self.platform.post(self.story.group, handle, beat.says or "", reply_to=answered)
        except NotAllowed:
            return  # the transcript has it
        if beat.name is not None:
            self._named[beat.name] = message

    async def _show(self, *, shown: bool = True) -> None:
        entries = self.platform.transcript[self._shown :]
        self._shown += len(entries)
        if not shown:
            return
        for entry in entries:
            if entry.message in self.stage.reasons and entry.message not in self._reasons:
                self._reasons[entry.message] = await explained(self.stage, entry.group, entry.message)
        self.transcript.show(entries, self.platform)

    async def _ending(self, began: float) -> None:
        now = self.stage.clock.now()
        self.findings = await self.stage.app.database.read(lambda conn: look(conn, self.chat))
        del self.transcript.consoles[1:]
        self.transcript.heading(self.labels("knows"))
        self.transcript.print()
        print_findings(self.findings, self.settings, now, self.labels, self.transcript.consoles[0])
        effects = sum(self.findings.deliveries.values())
        took = self.labels("took", acts=self._acts, effects=effects, seconds=f"{perf_counter() - began:.1f}")
        self.transcript.print()
        self.transcript.print(Text(took, style="dim"))
        if self._backdrop.summary is not None:
            self.transcript.print(Text(self._backdrop.summary(self.labels), style="dim"))
