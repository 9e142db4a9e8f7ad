"""What is asked of Telegram: every effect as calls of the Bot API, and what becomes of them."""

from adapters.telegram.sending.sender import Sender

__all__ = ["Sender"]
