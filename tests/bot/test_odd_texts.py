"""Texts that no file or database takes are cleaned where they come in, so that nothing is lost for them."""

from typing import Any

import pytest
from sqlalchemy import text

from rules.actions import Reply
from rules.events import MemberJoined, MessagePosted
from rules.values import Group, Link, Member, Message
from storage import inbox


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("half \ud83d a pair", "half ? a pair"),
        ("a\x00 NUL", "a NUL"),
        ("\U0001f600 你好 שלום", "\U0001f600 你好 שלום"),
    ],
)
async def test_what_members_write_is_kept_whatever_it_is_made_of(world: Any, written: str, kept: str) -> None:
    bot = await world.start(world.rule("echo", Reply(text="heard {name}"), kinds=["message"]))
    author = Member("sim:ann", written, username="ann")
    message = Message("sim:a/9", author, written, world.now, links=(Link(f"http://x.example/{written}"),))
    joined = MemberJoined(f"sim:joined{written}", Group("sim:a", written), world.now, author)
    await bot.app.intake.accept([MessagePosted("sim:odd", Group("sim:a"), world.now, message), joined])
    await bot.settle()
    database = bot.app.database
    logged = database.read_now(lambda conn: conn.execute(text("SELECT text FROM activity")).scalars().all())
    assert logged == [kept, None]
    assert bot.said_in("a") == [f"heard {kept}"]
    assert await bot.says("a", "bo", "and the group goes on")
    await bot.app.intake.accept([joined])
    assert database.read_now(inbox.depth) == 0
