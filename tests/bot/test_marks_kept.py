"""What the database could not take is recorded later, and what is kept while that happens is not forgotten."""

from pathlib import Path

from bot.dispatch.marks import Mark, Marks
from storage.database import Database


async def test_what_is_kept_while_the_rest_is_recorded_is_recorded_the_next_time(tmp_path: Path) -> None:
    recorded: list[str] = []

    def mark(name: str, *, wakes: bool = False) -> Mark:
        return Mark(lambda conn: recorded.append(name), wakes=wakes)

    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        marks = Marks(database, lambda: marks.keep([mark("second")]), lambda: None)
        marks.keep([mark("first", wakes=True)])
        await marks.catch_up()
        assert recorded == ["first"]
        assert not marks.all_written
        await marks.catch_up()
        assert recorded == ["first", "second"]
        assert marks.all_written
