"""``groupkeeper explain``: why what was decided on a message was decided."""

from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection, select

from bot.cli.databases import database_url
from bot.cli.guard import tell
from bot.cli.loading import loaded
from bot.cli.traces import trace_tree
from bot.setup import Setup
from bot.speech import Speech
from rules.decision import read_trace
from storage import schema, traces
from storage.database import Database
from storage.traces import TraceRow


def explain_message(message: str, config: Path | None, database: str | None) -> int:
    """Print the trace that was kept for a message or an event; 1 where there is none."""
    setup = loaded(config, connects=True) if config is not None else None
    url = database or (setup.config.storage.database if setup is not None else database_url(config, database))
    with Database.open(url, create=False) as opened:
        found = opened.read_now(lambda conn: _find(conn, message))
    if found is None:
        tell(f"no trace is kept for `{message}`: is the id right? Traces are kept as long as storage.traces.keep says")
        return 1
    _print(found, setup)
    return 0


def _find(conn: Connection, message: str) -> TraceRow | None:
    """By the event's id, the message's whole id, or its id within whichever group has it."""
    found = traces.of_event(conn, message)
    if found is not None:
        return found
    groups = list(conn.scalars(select(schema.groups.c.id)))
    candidates = [traces.of_message(conn, group, _whole(group, message)) for group in groups]
    return max((row for row in candidates if row is not None), key=lambda row: row.at, default=None)


def _whole(group: str, message: str) -> str:
    return message if message.startswith(f"{group}/") else f"{group}/{message}"


def _print(row: TraceRow, setup: Setup | None) -> None:
    trace = read_trace(row.trace)
    names = {rule.id: rule.name for rule in setup.rulebook.rules} if setup is not None else {}
    book = setup.rulebook.group(row.group) if setup is not None else None
    at = book.settings.local(row.at) if book is not None else row.at
    title = Text.assemble((row.message or row.event, "bold"), f", {at:%Y-%m-%d %H:%M:%S %Z}")
    if trace.get("rulebook"):
        title.append(f", rules {trace['rulebook']}", style="dim")
    console = Console(highlight=False, soft_wrap=True)
    speech = Speech(book.settings.language) if book is not None else None
    console.print(trace_tree(title, trace["rules"], names, trace.get("remarks", ()), speech))
