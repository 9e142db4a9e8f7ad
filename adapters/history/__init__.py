"""Past messages as events: Telegram Desktop's export and our own JSON lines, read as a stream."""

from adapters.history.detect import History, open_history

__all__ = ["History", "open_history"]
