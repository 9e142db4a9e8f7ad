"""What an operator sees when something goes wrong: one clear line, never a page of code.

Exit codes: 0 fine, 1 complaints (about a configuration, a test, a database, a history), 2 a wrong command line.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperGroup

from rules.errors import GroupkeeperError

COMPLAINTS = 1
INTERRUPTED = 130
DEBUG = "GROUPKEEPER_DEBUG"
"""Set to anything, it lets unexpected faults through with their traceback."""


class Guarded(TyperGroup):
    """Runs commands, and turns what they raise into words and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _let_go_of_stdout()
            raise typer.Exit(COMPLAINTS) from None
        except (typer.TyperException, typer.Exit, typer.Abort):
            raise
        except Exception as error:
            expected = [each for each in _leaves(error) if isinstance(each, GroupkeeperError)]
            if not expected and os.environ.get(DEBUG):
                raise
            for words in dict.fromkeys(map(str, expected)) or (_kept(error),):
                tell(words)
            raise typer.Exit(COMPLAINTS) from None
        return result


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group of errors; a single one is its own."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def tell(message: str) -> None:
    """Say one line on standard error."""
    with suppress(OSError):
        print(f"groupkeeper: {message}", file=sys.stderr)


def _kept(error: Exception) -> str:
    """Keep the details of an unexpected fault in a file; what to tell of it."""
    from bot.secrets import redact  # noqa: PLC0415 - only where it is needed

    what = redact(f"{type(error).__name__}: {error}".splitlines()[0])
    details = redact("".join(traceback.format_exception(error)))
    try:
        handle, path = tempfile.mkstemp(prefix="groupkeeper-fault-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(details)
    except OSError:
        return f"unexpected fault: {what}; run it again with {DEBUG}=1 for the details"
    return f"unexpected fault: {what}; the details are in {path}. Please report it."


def _let_go_of_stdout() -> None:
    """The reader has gone: nothing more is to be written, at exit either."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
