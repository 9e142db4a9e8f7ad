"""Keeping the log out of a transcript."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def no_logs() -> Iterator[None]:
    """Nothing below a critical fault is logged in here: what matters stands in the transcript."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
