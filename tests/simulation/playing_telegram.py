"""A day of the demo on Telegram, for tests to look at."""

import asyncio
from io import StringIO
from pathlib import Path

from rich.console import Console

from adapters.simulated import Entry
from bot.simulation.demo import Demo
from bot.simulation.logs import no_logs
from bot.simulation.story import read_script
from bot.simulation.telegram import TelegramVenue, Weather, on_telegram

LANGUAGES = ("en", "zh-CN")


class OnTelegram:
    """One day that was played on Telegram: the demo, what it printed, and where."""

    def __init__(self, language: str, folder: Path, seed: int = 7, *, weather: int | None = None) -> None:
        self.language = language
        self.out = StringIO()
        self.weather = None if weather is None else Weather(weather)
        self.database = folder / "day.db"
        folder.mkdir(parents=True, exist_ok=True)
        with no_logs():
            asyncio.run(self._play(folder, seed))
        self.entries: list[Entry] = list(self.venue.transcript)

    async def _play(self, folder: Path, seed: int) -> None:
        script = read_script(self.language, seed)
        async with on_telegram(script, folder, self.weather) as backdrop:
            console = Console(file=self.out, width=100)
            self.demo = Demo(self.language, self.database, seed, console, backdrop=backdrop)
            assert isinstance(backdrop.venue, TelegramVenue)
            self.venue = backdrop.venue
            await self.demo.play()
