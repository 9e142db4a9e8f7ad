"""The log: for people on a terminal, or one JSON object a line; secrets are struck out whatever their way into it.

Everything logged through structlog or the standard library leaves by one handler on standard error, whose formatter
strikes secrets out of the finished line, tracebacks included. Words of messages are never logged.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from bot.secrets import redact

_WORDS_OF_MEMBERS = ("text", "words", "content")
_QUIET = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "uvicorn": logging.WARNING,
}


def set_up(*, as_json: bool, level: int = logging.INFO, out: TextIO | None = None) -> None:
    """Send every log of this process to ``out`` (standard error)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True) if as_json else _local_time(),
        _without_words,
    ]
    stream = out or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Redacting(shared, as_json=as_json, colors=not as_json and stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Renders a record, then strikes secrets out of the whole line."""

    def __init__(self, shared: list[Processor], *, as_json: bool, colors: bool) -> None:
        drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        if as_json:
            render: list[Processor] = [
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ]
        else:
            plain = structlog.dev.plain_traceback
            render = [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain, pad_event_to=24)]
        super().__init__(foreign_pre_chain=shared, processors=[drop, *render])

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def _without_words(logger: Any, method: str, event: EventDict) -> EventDict:
    for name in _WORDS_OF_MEMBERS:
        event.pop(name, None)
    return event


def _local_time() -> Processor:
    return structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False)
