"""From what a gateway tells to events: pure, once everything that belongs to it has been asked for."""

from adapters.wechaty.reading.reader import Reader

__all__ = ["Reader"]
