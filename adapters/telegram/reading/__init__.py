"""Telegram's updates as events of ours: raw dicts in, without building the library's objects in between."""

from adapters.telegram.reading.bios import with_bios
from adapters.telegram.reading.known import Known
from adapters.telegram.reading.reader import ALLOWED_UPDATES, Reader, Told

__all__ = ["ALLOWED_UPDATES", "Known", "Reader", "Told", "with_bios"]
