"""Effects as calls to the gateway."""

from adapters.wechaty.sending.sender import Sender

__all__ = ["Sender"]
